"""Signatures and time stamps of a manifest, checked with the program and, where it is there, with openssl."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from inspector.__main__ import main
from inspector.domain.errors import OutputError, VerificationError
from inspector.engine.report.verify import Checked, Means, Status, verify
from inspector.engine.seal.keys import create_key, fingerprint, load_key, public_pem, sign_manifest
from inspector.engine.seal.manifest import KEY, MANIFEST, QUERY, SIGNATURE, STAMP, write_manifest
from inspector.engine.seal.stamp import check_stamp, take_answer, write_request

PASSPHRASE = b"correct horse"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")

_TSA = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_digest = sha256
ess_cert_id_alg = sha256
[ext]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[req]
distinguished_name = name
[name]
"""


def openssl(folder: Path, *words: str) -> str:
    ran = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a time stamp authority of the tests' own, made with openssl."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(_TSA.format(folder=folder))
    new = ("req", "-config", "tsa.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256")
    openssl(folder, *new, "-x509", "-subj", "/CN=Root", "-days", "30", "-keyout", "root.key", "-out", "root.pem",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
            "-addext", "subjectKeyIdentifier=hash")  # fmt: skip
    openssl(folder, *new, "-subj", "/CN=Time stamps", "-keyout", "tsa.key", "-out", "tsa.csr")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
            "-days", "30", "-sha256", "-extfile", "tsa.cnf", "-extensions", "ext", "-out", "tsa.pem")  # fmt: skip
    return folder


def answered(authority: Path, query: Path) -> Path:
    """The authority's answer to a request."""
    answer = authority / "answer.tsr"
    openssl(authority, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", str(query), "-out", str(answer))
    return answer


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "examiner.key"
    create_key(path, PASSPHRASE)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "report"
    path.mkdir()
    (path / "report.pdf").write_bytes(b"%PDF")
    write_manifest(path, ["report.pdf"])
    return path


def check(folder: Path, subject: str, means: Means = Means()) -> Checked:  # noqa: B008 frozen
    (report,) = verify(folder, means)
    return next(c for c in report.checks if c.subject.startswith(subject))


def test_a_key_is_encrypted_and_for_its_owner_only(key_file: Path):
    assert b"ENCRYPTED" in key_file.read_bytes()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert len(fingerprint(public_pem(load_key(key_file, PASSPHRASE)))) == 64
    for wrong in (b"wrong horse", b""):
        with pytest.raises(VerificationError, match="wrong passphrase"):
            load_key(key_file, wrong)
    with pytest.raises(OutputError, match="exists already"):
        create_key(key_file, PASSPHRASE)
    with pytest.raises(VerificationError, match="too short"):
        create_key(key_file.with_name("other"), b"short")


def test_a_key_of_another_kind_is_refused(tmp_path: Path):
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "key").write_bytes(other)
    with pytest.raises(VerificationError, match="not an Ed25519 key"):
        load_key(tmp_path / "key", b"")


def test_a_signature_holds_until_a_byte_changes(folder: Path, key_file: Path):
    key = load_key(key_file, PASSPHRASE)
    assert check(folder, "signature").status is Status.UNCHECKED
    sign_manifest(folder, key)
    named = fingerprint(public_pem(key))
    assert check(folder, "signature", Means(fingerprint=named.upper())).status is Status.HOLDS
    assert check(folder, "signature", Means(fingerprint="ab" * 32)).status is Status.CHANGED
    for name in (MANIFEST, SIGNATURE, KEY):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:30] + bytes([data[30] ^ 1]) + data[31:])
        if name != MANIFEST:  # a changed digit of its hash is another problem, found before
            assert check(folder, "signature").status is Status.CHANGED
        assert main(["verify", str(folder)]) == 1
        (folder / name).write_bytes(data)
    (folder / SIGNATURE).unlink()
    assert check(folder, "signature", Means(fingerprint=named)).status is Status.MISSING


@needs_openssl
def test_the_commands_of_the_text_agree(folder: Path, key_file: Path, authority: Path):
    key = load_key(key_file, PASSPHRASE)
    sign_manifest(folder, key)
    wanted = ("-verify", "-pubin", "-inkey", KEY, "-rawin", "-in", MANIFEST, "-sigfile", SIGNATURE)
    assert "Verified Successfully" in openssl(folder, "pkeyutl", *wanted)
    take_answer(folder, answered(authority, write_request(folder)))
    roots = str(authority / "root.pem")
    assert "Verification: OK" in openssl(folder, "ts", "-verify", "-data", MANIFEST, "-in", STAMP, "-CAfile", roots), (
        "as VERIFY.txt says"
    )


@needs_openssl
def test_a_time_stamp_is_about_this_manifest_and_by_this_authority(folder: Path, authority: Path, tmp_path: Path):
    root = Means(authority=authority / "root.pem")
    assert check(folder, "time stamp", root).status is Status.MISSING
    answer = answered(authority, write_request(folder))
    take_answer(folder, answer)
    assert check(folder, "time stamp").status is Status.UNCHECKED
    held = check(folder, "time stamp", root)
    assert held.status is Status.HOLDS
    assert f"{check_stamp(folder, root.authority):%Y-%m-%d %H:%M:%S} UTC" == held.detail
    assert check(folder, "time stamp", Means(authority=authority / "tsa.pem")).status is Status.CHANGED
    data = (folder / STAMP).read_bytes()
    (folder / STAMP).write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])
    assert check(folder, "time stamp", root).status is Status.CHANGED
    (folder / "report.pdf").write_bytes(b"%PDF of later")
    write_manifest(folder, ["report.pdf"])
    with pytest.raises(VerificationError, match="another manifest"):
        take_answer(folder, answer)
    (tmp_path / "none").write_bytes(b"\x30\x03no")
    with pytest.raises(VerificationError, match=r"none is no answer to the request of this report .*no time stamp"):
        take_answer(folder, tmp_path / "none")


def test_the_commands_take_the_passphrase_from_a_descriptor_or_the_environment(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    key = str(tmp_path / "my.key")
    read, write = os.pipe()
    os.write(write, PASSPHRASE + b"\n")
    os.close(write)
    assert main(["key", "create", key, "--passphrase-fd", str(read)]) == 0
    shown = capsys.readouterr().out.split("Fingerprint (SHA-256 of the public key): ")[1][:64]
    monkeypatch.setenv("INSPECTOR_PASSPHRASE", PASSPHRASE.decode())
    assert main(["seal", str(folder), "--key", key]) == 0
    assert "INSPECTOR_PASSPHRASE" not in os.environ, "an engine process would inherit it"
    assert main(["verify", str(folder), "--fingerprint", shown]) == 0
    assert main(["stamp", str(folder)]) == 0
    assert (folder / QUERY).stat().st_size > 40
    (folder / "report.pdf").write_bytes(b"%PDF2")
    monkeypatch.setenv("INSPECTOR_PASSPHRASE", PASSPHRASE.decode())
    assert main(["seal", str(folder), "--key", key]) == 1, "what is not as written is not signed"
