"""The examiner's key: an Ed25519 key in an encrypted PKCS#8 file, which signs the manifest of a report."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from inspector.domain.errors import OutputError, VerificationError
from inspector.engine import atomic
from inspector.engine.seal.manifest import KEY, MANIFEST, SIGNATURE, read_file

LEAST_PASSPHRASE = 8
_MOST_BYTES = 64 * 1024


def create_key(path: Path, passphrase: bytes) -> Ed25519PrivateKey:
    """Make a key and write it, encrypted, to a file that only its owner can read. An existing file stays.

    Raises VerificationError for a short passphrase, and OutputError.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise VerificationError(f"The passphrase is too short; take at least {LEAST_PASSPHRASE} characters.")
    if path.exists():
        raise OutputError(f"{path} exists already and may be a key in use; choose another name.")
    key = Ed25519PrivateKey.generate()
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    try:
        with atomic.replacing(path) as draft:
            draft.chmod(0o600)
            draft.write_bytes(data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}); choose another place for the key.") from error
    return key


def load_key(path: Path, passphrase: bytes) -> Ed25519PrivateKey:
    """The key in a PKCS#8 PEM file. Raises VerificationError."""
    try:
        key = serialization.load_pem_private_key(read_file(path, _MOST_BYTES), passphrase or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise VerificationError(f"{path} cannot be opened as a key: wrong passphrase, or no PKCS#8 PEM.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise VerificationError(f"{path} is not an Ed25519 key; make one with inspector key create.")
    return key


def public_pem(key: Ed25519PrivateKey) -> str:
    """The public key as PEM."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def fingerprint(pem: str | bytes) -> str:
    """SHA-256 of the public key's DER form, as lower-case hex. Raises VerificationError for no Ed25519 public key."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(_public(pem).public_bytes(serialization.Encoding.DER, form)).hexdigest()


def sign_manifest(folder: Path, key: Ed25519PrivateKey) -> tuple[Path, Path]:
    """Sign a report's manifest, and write signature and public key beside it. Raises OutputError, VerificationError."""
    signature = key.sign(read_file(folder / MANIFEST))
    files = {folder / SIGNATURE: signature, folder / KEY: public_pem(key).encode()}
    try:
        atomic.write_all(files)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written to ({error.strerror}); check its permissions and the free space there."
        ) from error
    return folder / SIGNATURE, folder / KEY


def check_signature(folder: Path) -> str:
    """Check the manifest against its signature and return the key's fingerprint. Raises VerificationError."""
    pem = read_file(folder / KEY, _MOST_BYTES)
    try:
        _public(pem).verify(read_file(folder / SIGNATURE, _MOST_BYTES), read_file(folder / MANIFEST))
    except InvalidSignature:
        raise VerificationError("the signature is not of this manifest by the key in examiner.pem") from None
    return fingerprint(pem)


def _public(pem: str | bytes) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode() if isinstance(pem, str) else pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise VerificationError("the public key is no PEM file") from error
    if not isinstance(key, Ed25519PublicKey):
        raise VerificationError("the public key is not an Ed25519 key")
    return key
