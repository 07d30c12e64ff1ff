"""Tables of HEIF files that say that they hold more than they have room for."""

import struct
import time
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.engine.decode.formats.heif import Heif, Item, read_heif


def box(kind: bytes, *content: bytes) -> bytes:
    inner = b"".join(content)
    return struct.pack(">I4s", 8 + len(inner), kind) + inner


FULL = bytes(4)  # version and flags
ITEM = box(b"infe", b"\2\0\0\0", struct.pack(">HH4s", 1, 0, b"hvc1"), b"\0")
INFOS = box(b"iinf", FULL, struct.pack(">H", 1), ITEM)
LIES = {
    "references": box(b"iref", FULL, *[box(b"dimg", struct.pack(">HH", 1, 65535))] * 9000),
    "associations": box(
        b"iprp", box(b"ipco"), *[box(b"ipma", FULL, struct.pack(">I", 4096))] * 9000, box(b"free", b"\xff" * 2_000_000)
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_entries_behind_the_end_of_a_table_are_not_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.heic"
    path.write_bytes(box(b"ftyp", b"heic", FULL, b"mif1") + box(b"meta", FULL, INFOS, LIES[name]))
    began = time.thread_time()
    found = read_heif(path)
    assert time.thread_time() - began < 2, "it did not end in 25 s"
    assert [item.item_id for item in found.items] == [1]


def test_grids_of_grids_are_not_followed_without_end() -> None:
    """Sixteen megabytes of references kept the program busy for half a second for each of 256 pictures."""
    tile = Item(100, "hvc1")
    grids = [Item(number, "grid", parts=tuple(range(101))) for number in range(100)]
    assert Heif(0, [*grids, tile]).coded_as(grids[0]) == set()
    assert Heif(0, [*grids, tile]).coded_as(replace(grids[0], parts=(100,) * 48)) == {"hvc1"}
