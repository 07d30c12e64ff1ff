"""Hostile files: bounded memory and work, a sentence for each, and the rest is read all the same."""

import io
import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest
from PIL import Image

from inspector.domain.credentials import CredentialStatus
from inspector.engine.provenance.credentials import read_credentials
from inspector.engine.provenance.describe import describe_file
from inspector.engine.provenance.structure import walk
from inspector.engine.provenance.structure.stills import read_xmp
from tests.engine.provenance.structure.test_structure import FTYP, box, file, read  # noqa: F401 - a fixture
from tests.signing import picture

MOST_BYTES = 40 << 20  # of memory, for any file


def nested(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = struct.pack(">I", 8 + len(content)) + b"moov" + content
    return content


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


EBML = bytes.fromhex("1a45dfa3") + b"\x80" + bytes.fromhex("18538067")
HOSTILE: dict[str, tuple[bytes, str]] = {
    "10^9 edits": (
        FTYP + box("moov", box("trak", box("edts", box("elst", struct.pack(">II", 0, 10**9) + bytes(36))))),
        "says that it has 1000000000 entries, and has room for 3",
    ),
    "10^9 samples": (
        FTYP
        + box(
            "moov", box("trak", box("mdia", box("minf", box("stbl", box("stsz", struct.pack(">III", 0, 0, 10**9))))))
        ),
        "says that it has 1000000000 entries, and has room for 0",
    ),
    "nested 10,000 deep": (FTYP + nested(10_000), f"nested more than {walk.DEEPEST} deep"),
    "6,000 boxes": (FTYP + box("moov", box("free") * 6_000), "more than 5000 parts"),
    "a box of 2^62 bytes": (FTYP + struct.pack(">I4sQ", 1, b"mdat", 1 << 62), "more than there are"),
    "a header too short": (FTYP + box("moov", box("mvhd", b"\1")), "shorter than its content"),
    "elements in elements": (EBML + b"\x01" + (60_000).to_bytes(7, "big") + bytes.fromhex("aeff") * 30_000, "deep"),
    "lists in lists": (b"RIFF\xff\xff\xff\x7f" + b"AVI LIST\xff\xff\xff\x7f" * 4000, "more than there are"),
    "a chunk of 4 GB": (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 0xFFFFFFF0) + b"IDAT" + bytes(9),
        "more than there are",
    ),
    "a JPEG that breaks off": (picture()[:400], "breaks off at byte"),
    "packets out of step": ((b"\x47\x40\0\x10" + bytes(184)) * 5 + bytes(500), "out of step"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_costs_little_and_is_one_sentence(file, monkeypatch, name) -> None:  # noqa: F811
    monkeypatch.setattr(walk, "_MOST_STEPS", 5000)
    data, sentence = HOSTILE[name]
    tracemalloc.start()
    try:
        found = read(file, data)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    assert any(sentence in problem for problem in found.problems), found.problems
    assert len(found.elements) <= 2000
    assert all(len(problem) < 400 for problem in found.problems)


def test_size_zero_ends_where_the_file_does(file) -> None:  # noqa: F811
    found = read(file, FTYP + struct.pack(">I4s", 0, b"mdat") + bytes(500))
    assert [(element.kind, element.size) for element in found.elements] == [("ftyp", 24), ("mdat", 508)]
    assert read(file, FTYP + box("moov", box("udta", bytes(4)))).problems == ()


def test_values_are_cut_off_and_control_characters_escaped(file) -> None:  # noqa: F811
    text = "<img src=x>\x1b[2J\u202e\n".encode() + b"A" * 10_000_000
    found = read(file, FTYP + box("moov", box("udta", box("\xa9too", b"\0\0\0\0" + text))))
    (value,) = [tag.value for tag in found.tags if tag.name == "encoder"]
    assert value.startswith("<img src=x>\\x1b[2J\\u202e\\n")
    assert len(value) < 500
    stored = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "\x07" + "B" * 60_000
    Image.new("RGB", (8, 8)).save(stored, "JPEG", exif=exif)
    (value,) = [tag.value for tag in read(file, stored.getvalue()).tags if tag.name == "model"]
    assert value.startswith("\\x07B")
    assert len(value) < 500


def test_a_packed_text_is_not_unpacked_to_its_end(file) -> None:  # noqa: F811
    bomb = zlib.compress(bytes(50_000_000), 9)
    tracemalloc.start()
    try:
        read(file, b"\x89PNG\r\n\x1a\n" + chunk(b"zTXt", b"key\0\0" + bomb) + chunk(b"IEND", b""))
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_xmp_with_entities_without_end_is_not_expanded(file) -> None:  # noqa: F811
    entity = b'<!ENTITY a "aaaaaaaaaa">' + b'<!ENTITY b "&a;&a;&a;&a;&a;&a;">' * 50
    xmp = b"<!DOCTYPE x [" + entity + b']><x xmp:CreatorTool="&b;">' + b" xmp:" * 150_000
    stored = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stored, "PNG")
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    found = read(file, stored.getvalue()[:33] + text + stored.getvalue()[33:])
    assert ("XMP", "CreatorTool", "&b;") in {(tag.group, tag.name, tag.value) for tag in found.tags}


@pytest.mark.parametrize(
    "xmp", [b"a" * 1_000_000, (b"a" * 39 + b":") * 25_000, b":Make " + b" " * 1_000_000], ids=["a", "a:", "spaces"]
)
def test_xmp_that_looks_like_names_without_end_takes_no_time(xmp: bytes) -> None:
    found = walk.Walk(io.BytesIO(), 0)
    found.xmp = xmp
    began = time.thread_time()
    read_xmp(found)
    assert time.thread_time() - began < 1, "it took 7 s"
    assert not found.tags


def test_tags_at_which_pillow_stumbles_are_the_files_fault(file) -> None:  # noqa: F811
    data = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", 4) + b"\x1c\x02\x05\0"
    jpeg = picture()
    file.write_bytes(jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(data) + 2) + data + jpeg[2:])
    found = describe_file(file).structure
    assert found.problems == ("Its EXIF or IPTC tags could not be read.",), "and not an error of the program"
    assert "APP13" in [element.kind for element in found.elements]


def test_manifests_of_100_mb_are_not_read(file: Path) -> None:  # noqa: F811
    head = picture("PNG")
    with file.open("wb") as into:
        into.write(head[:33] + struct.pack(">I", 100_000_000) + b"caBX")
        into.seek(100_000_000 + 4, io.SEEK_CUR)  # sparse
        into.write(head[33:])
    facts = describe_file(file)
    assert facts.credentials.status == CredentialStatus.UNREADABLE
    assert "they take 100 MB, and more than 32 MB are not read" in facts.credentials.sentence
    assert [element.kind for element in facts.structure.elements] == ["IHDR", "caBX", "IDAT", "IEND"]


@pytest.mark.parametrize("junk", [b"\xff\xd8\xff\xeb\xff\xffJP" + bytes(40), FTYP + box("uuid", bytes(16))])
def test_junk_is_no_credential_and_no_crash(file, junk) -> None:  # noqa: F811
    file.write_bytes(junk)
    assert read_credentials(file).status in (CredentialStatus.NONE, CredentialStatus.UNREADABLE)


def test_what_cannot_be_opened_is_a_sentence(tmp_path) -> None:
    facts = describe_file(tmp_path / "missing.mp4")
    assert "missing.mp4 does not exist" in facts.structure.problems[0]
    assert facts.credentials.status == CredentialStatus.UNREADABLE
