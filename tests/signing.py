"""Files with Content Credentials: signed by C2PA's own library with certificates that the test makes."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

CAPTURED = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_NOW = datetime.datetime.now(datetime.UTC)
_DAY = datetime.timedelta(days=1)
_KEYS = dict.fromkeys(
    ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
    False,
)


@dataclass(frozen=True)
class Signer:
    """A certificate with its key, and the root that vouches for it; both as the library takes them."""

    leaf: x509.Certificate
    root: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def chain(self) -> str:
        return pem(self.leaf) + pem(self.root)

    def library_signer(self, *, as_if: x509.Certificate | None = None) -> c2pa.Signer:
        """The library's signer; `as_if` replaces the certificate in what is signed (see `expired`)."""
        old, new = (cert.public_bytes(serialization.Encoding.DER) for cert in (self.leaf, as_if or self.leaf))

        def sign(data: bytes) -> bytes:
            der = self.key.sign(data.replace(old, new), ec.ECDSA(hashes.SHA256()))
            r, s = utils.decode_dss_signature(der)
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")

        return c2pa.Signer.from_callback(sign, c2pa.C2paSigningAlg.ES256, self.chain, None)


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


@cache
def make_signer(name: str = "Test Camera", ocsp_url: str = "") -> Signer:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Test Root", "Test Root", root_key, root_key, (_NOW - 900 * _DAY, _NOW + 900 * _DAY))
    leaf = _certificate(name, "Test Root", key, root_key, (_NOW - 9 * _DAY, _NOW + 90 * _DAY), ocsp_url)
    return Signer(leaf, root, key)


def _certificate(name, issuer, key, issuer_key, valid, ocsp_url="") -> x509.Certificate:
    is_root, public = key is issuer_key, issuer_key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(0x1234567890ABCDEF)
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(is_root, None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not is_root, key_cert_sign=is_root, crl_sign=is_root, **_KEYS),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    if not is_root:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    if ocsp_url:
        location = x509.AccessDescription(
            x509.AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp_url)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([location]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "DE"), (NameOID.ORGANIZATION_NAME, "Test Press"), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def picture(kind: str = "JPEG", side: int = 64) -> bytes:
    stream = io.BytesIO()
    Image.radial_gradient("L").resize((side, side)).convert("RGB").save(stream, kind)
    return stream.getvalue()


def manifest(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    listed = list(actions) or [{"action": "c2pa.created", "digitalSourceType": CAPTURED}]
    return {
        "title": "picture",
        "claim_generator_info": [{"name": "Test Recorder", "version": "1.0"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": listed}}],
        **more,
    }


@cache
def _signing_context() -> c2pa.Context:
    # Some of the files are meant to fail their validation, and none may be fetched.
    off = {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False}
    return c2pa.Context.from_dict({"verify": off, "builder": {"thumbnail": {"enabled": True}}})


def sign(
    source: bytes,
    content: dict[str, Any] | None = None,
    *,
    mime: str = "image/jpeg",
    signer: Signer | None = None,
    parent: bytes | None = None,
    remote_url: str = "",
    is_embedded: bool = True,
    as_if: x509.Certificate | None = None,
) -> bytes:
    """The file with Content Credentials. `parent` is made its ingredient of the relationship parentOf."""
    builder = c2pa.Builder(content or manifest(), _signing_context())
    if remote_url:
        builder.set_remote_url(remote_url)
    if not is_embedded:
        builder.set_no_embed()
    if parent is not None:
        about = {"title": "parent", "relationship": "parentOf", "instance_id": "parent"}
        builder.add_ingredient(about, mime, io.BytesIO(parent))
    out = io.BytesIO()
    builder.sign((signer or make_signer()).library_signer(as_if=as_if), mime, io.BytesIO(source), out)
    return out.getvalue()


def opened(*more: dict[str, Any]) -> dict[str, Any]:
    """A manifest that says that its parent was opened, and then edited."""
    return manifest({"action": "c2pa.opened", "parameters": {"ingredientIds": ["parent"]}}, *more)


def sign_expired(source: bytes, mime: str = "image/png") -> tuple[bytes, Signer]:
    """A file signed with a certificate that is over, and its signer.

    The library refuses to sign with one, so a valid certificate is swapped for an expired one of the same length, in
    what is signed and then in the file.
    """
    der = serialization.Encoding.DER
    while True:
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = _certificate("Test Root", "Test Root", root_key, root_key, (_NOW - 900 * _DAY, _NOW + 900 * _DAY))
        leaf = _certificate("Old Camera", "Test Root", key, root_key, (_NOW - 9 * _DAY, _NOW + 90 * _DAY))
        old = _certificate("Old Camera", "Test Root", key, root_key, (_NOW - 90 * _DAY, _NOW - 9 * _DAY))
        if len(leaf.public_bytes(der)) == len(old.public_bytes(der)):
            break
    signer = Signer(leaf, root, key)
    data = sign(source, mime=mime, signer=signer, as_if=old)
    assert data.count(leaf.public_bytes(der)) == 1
    return data.replace(leaf.public_bytes(der), old.public_bytes(der)), signer
