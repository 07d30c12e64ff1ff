"""Certificates and answers of time stamp authorities that a stranger made: one sentence each, whatever is in them."""

import datetime
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from inspector.domain.errors import VerificationError
from inspector.engine.seal import stamp
from inspector.engine.seal.keys import check_signature
from inspector.engine.seal.manifest import KEY, MANIFEST, SIGNATURE, STAMP, write_manifest
from inspector.engine.seal.stamp import check_stamp, take_answer
from tests.signing import make_signer, pem
from tools.fuzz_decode import mutate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    write_manifest(tmp_path, ["report.pdf"])
    (tmp_path / STAMP).write_bytes(b"an answer")
    return tmp_path


def as_pem(der: bytes) -> str:
    import base64

    body = base64.encodebytes(der).decode()
    return f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"


def test_names_that_are_no_text_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stamp, "_about", lambda _folder, _data: datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))
    der = make_signer().root.public_bytes(serialization.Encoding.DER)
    (folder / "tsa.pem").write_text(as_pem(der.replace(b"Test Root", b"Test\xff\xfe\xfd\xfc\xfb")))
    with pytest.raises(VerificationError, match="holds no certificate in PEM form"):
        check_stamp(folder, folder / "tsa.pem")
    (folder / "tsa.pem").write_text(pem(make_signer().root))
    with pytest.raises(VerificationError, match="the time stamp is not by the authority"):
        check_stamp(folder, folder / "tsa.pem")


def test_damaged_certificates_and_answers_are_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stamp, "_about", lambda _folder, _data: datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))
    der, rng = make_signer().root.public_bytes(serialization.Encoding.DER), np.random.default_rng(5)
    for _ in range(150):
        (folder / "tsa.pem").write_text(as_pem(mutate(der, der, rng)[1]))
        with pytest.raises(VerificationError):
            check_stamp(folder, folder / "tsa.pem")


def test_an_answer_of_nested_parts_or_of_any_bytes_is_one_sentence(folder: Path):
    rng = np.random.default_rng(6)
    nested = b""
    for _ in range(30_000):
        nested = (b"0\x84" + len(nested).to_bytes(4, "big") + nested)[-900_000:]
    for data in (b"", b"0\x80" * 500_000, nested, b"0\x84\xff\xff\xff\xff", *(rng.bytes(300) for _ in range(50))):
        (folder / "answer.tsr").write_bytes(data)
        with pytest.raises(VerificationError, match="is no time stamp"):
            take_answer(folder, folder / "answer.tsr")
    assert (folder / STAMP).read_bytes() == b"an answer"


def test_a_key_of_another_kind_is_one_sentence(folder: Path):
    key = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 - what a stranger may send
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    (folder / KEY).write_bytes(key.public_bytes(serialization.Encoding.PEM, form))
    (folder / SIGNATURE).write_bytes(bytes(64))
    with pytest.raises(VerificationError, match="is not an Ed25519 key"):
        check_signature(folder)
    assert (folder / MANIFEST).exists()
