"""The trust lists: certificates of those who vouch for signers, as PEM files in resources/trust."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from inspector.engine.resources import resource

FOLDER = "trust"
_MOST_BYTES = 16 << 20
_BEGIN = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class TrustLists:
    """All installed lists as one PEM text, and a line that names each file; both are empty if none is installed."""

    pem: str = ""
    text: str = ""


def trust_lists() -> TrustLists:
    """Read the trust lists; a file that is too large, unreadable or without a certificate is named as not used.

    A list states its date in its file's name, for example c2pa-2026-08-05.pem.
    """
    pems, names = [], []
    for path in sorted(resource(FOLDER).glob("*.pem")):
        try:
            data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
            pem = data.decode("ascii")
        except (OSError, UnicodeDecodeError):
            data, pem = b"", ""
        count = data.count(_BEGIN)
        if not count:
            names.append(f"{path.name} (no certificates: not used)")
            continue
        pems.append(pem)
        plural = "certificate" if count == 1 else "certificates"
        names.append(f"{path.name} ({count} {plural}, SHA-256 {hashlib.sha256(data).hexdigest()[:12]}…)")
    return TrustLists("\n".join(pems), "; ".join(names))
