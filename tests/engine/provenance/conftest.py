"""One folder of signed files for all tests, and a reader that trusts the signers a test names."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.domain.credentials import Credentials
from inspector.engine.provenance import credentials as reading
from inspector.engine.provenance.trust import TrustLists
from tests.signing import Signer, pem


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Read the credentials of some bytes, with a trust list of the signers' roots."""

    def read(data: bytes, *trusted: Signer) -> Credentials:
        lists = TrustLists("".join(pem(signer.root) for signer in trusted), "list of the test" if trusted else "")
        monkeypatch.setattr(reading, "trust_lists", lambda: lists)
        path = tmp_path / "file.bin"
        path.write_bytes(data)
        return reading.read_credentials(path)

    return read
