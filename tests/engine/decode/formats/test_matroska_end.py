"""Whether the last block that was read is the last one of a Matroska file, or what follows it is damaged."""

from pathlib import Path

import pytest

from inspector.engine.decode.formats.matroska_clusters import is_read_to_end

HEADER = bytes.fromhex("1a45dfa380")
UNKNOWN_SIZE = bytes.fromhex("1853806701ffffffffffffff 1f43b67501ffffffffffffff e78100")
VOID = bytes.fromhex("ec211170") + b"\1" * 0x11170
INFO = bytes.fromhex("1549a9668e 4d8084") + b"abcd" + bytes.fromhex("574184") + b"abcd"
GROUP = bytes.fromhex("a040d0 a1a0 81000080") + b"\7" * 28 + bytes.fromhex("75a140a9 a640a6 ee8101 a5409f") + b"\7" * 20


def block(size: int, header: str) -> bytes:
    return bytes.fromhex(header) + bytes.fromhex("81000080") + b"\7" * (size - 4)


BLOCK, SLICES = block(300, "a3412c"), bytes.fromhex("8e88e886cc8101cb8100")


def written(path: Path, header: str, size: int, rest: bytes, segment: bytes = UNKNOWN_SIZE) -> int:
    """Write a file with a block of so many bytes and return where its content begins."""
    path.write_bytes(HEADER + segment + block(size, header) + rest)
    return len(HEADER + segment) + len(bytes.fromhex(header))


@pytest.mark.parametrize(
    "rest",
    [b"", bytes(100_000), VOID, VOID + INFO, INFO, GROUP, BLOCK[:100], SLICES + INFO, BLOCK * 300],
)
def test_whole_elements_and_what_breaks_off_with_the_file_are_no_damage(tmp_path: Path, rest: bytes) -> None:
    assert is_read_to_end(tmp_path / "a.mkv", written(tmp_path / "a.mkv", "a3412c", 300, rest))


@pytest.mark.parametrize("size", [0xA385, 0xA1FE])
def test_the_size_of_a_block_may_look_like_a_header(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.mkv"
    assert is_read_to_end(path, written(path, "a3" + (0x200000 | size).to_bytes(3, "big").hex(), size, INFO))


def test_what_lies_behind_the_segment_is_no_damage(tmp_path: Path) -> None:
    path, declared = tmp_path / "a.mkv", bytes.fromhex("185380674138 1f43b6754132 e78100")
    assert is_read_to_end(path, written(path, "a3412c", 300, b"signed by a program" * 5, declared))


@pytest.mark.parametrize("rest", [b"\7" * 100, b"\xec\x83" + b"\7" * 100, GROUP[:3] + b"\7" * 40, b"\7" * 100 + VOID])
def test_other_bytes_behind_the_block_are_damage(tmp_path: Path, rest: bytes) -> None:
    assert not is_read_to_end(tmp_path / "a.mkv", written(tmp_path / "a.mkv", "a3412c", 300, rest))
