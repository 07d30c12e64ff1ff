"""Time stamps of a manifest (RFC 3161), carried as files: the request goes to an authority, its answer comes back.

Nothing here uses a network: somebody carries the files.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerifierBuilder, decode_timestamp_response
from rfc3161_client import VerificationError as StampError

from inspector.domain.errors import OutputError, VerificationError
from inspector.engine import atomic
from inspector.engine.seal.manifest import MANIFEST, QUERY, STAMP, read_file

_MOST_BYTES = 1 << 20


def write_request(folder: Path) -> Path:
    """Write the request for a time stamp of the manifest in `folder`. Raises VerificationError, OutputError."""
    builder = TimestampRequestBuilder().data(read_file(folder / MANIFEST))
    request = builder.hash_algorithm(HashAlgorithm.SHA256).cert_request(cert_request=True).nonce(nonce=True).build()
    return _write(folder / QUERY, request.as_bytes())


def take_answer(folder: Path, answer: Path) -> datetime:
    """Put an authority's answer beside the manifest, if it is about that manifest, and return its time.

    Who signed it is not checked here but by `check_stamp`. Raises VerificationError, OutputError.
    """
    data = read_file(answer, _MOST_BYTES)
    try:
        moment = _about(folder, data)
    except VerificationError as error:
        raise VerificationError(
            f"{answer} is no answer to the request of this report ({error}); take the authority's answer to it."
        ) from error
    _write(folder / STAMP, data)
    return moment


def check_stamp(folder: Path, authority: Path | None) -> datetime:
    """The time of the manifest's time stamp.

    `authority` has the certificates of the authority as PEM, its root among them; without it only the hash is compared.
    Raises VerificationError if the stamp is about another manifest, or not by that authority.
    """
    data = read_file(folder / STAMP, _MOST_BYTES)
    moment = _about(folder, data)
    if authority is None:
        return moment
    try:
        certificates = x509.load_pem_x509_certificates(read_file(authority, _MOST_BYTES))
        roots = [each.issuer == each.subject for each in certificates]  # parses the names, which may raise
    except ValueError as error:
        raise VerificationError(f"{authority} holds no certificate in PEM form; ask the authority for it.") from error
    builder = VerifierBuilder()
    for certificate, is_root in zip(certificates, roots, strict=True):
        add = builder.add_root_certificate if is_root else builder.add_intermediate_certificate
        builder = add(certificate)
    try:
        builder.build().verify_message(decode_timestamp_response(data), read_file(folder / MANIFEST))
    except (StampError, ValueError) as error:
        raise VerificationError(f"the time stamp is not by the authority in {authority.name} ({error})") from error
    return moment


def _about(folder: Path, data: bytes) -> datetime:
    """The time of a response, if it is about the manifest in `folder`."""
    try:
        info = decode_timestamp_response(data).tst_info
        stamped, moment = info.message_imprint.message, info.gen_time
    except ValueError as error:
        raise VerificationError(f"the file is no time stamp, or not in strict DER form ({error})") from error
    manifest = read_file(folder / MANIFEST)
    if stamped not in [hashlib.new(name, manifest).digest() for name in ("sha256", "sha384", "sha512")]:
        raise VerificationError("the time stamp is about another manifest than this one")
    return moment


def _write(path: Path, data: bytes) -> Path:
    try:
        atomic.write_bytes(path, data)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror}); check the permissions and the free space there."
        ) from error
    return path
