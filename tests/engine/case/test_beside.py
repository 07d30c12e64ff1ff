"""What lies beside a stranger's case file, which SQLite replays before any query: it does no harm.

And files that are larger than they look, or large.
"""

import os
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inspector.domain.errors import CaseError
from inspector.engine.case import imports
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.database import settle
from inspector.engine.case.imports import admit, read_chain
from tests.engine.case.test_imports import made_case, origin


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made_case(tmp_path / "a.inspector")
    return tmp_path / "a.inspector"


def journal(case: bytes, further: Path) -> bytes:
    """A rollback journal that SQLite replays, of a transaction over several files; see its file format, 3.0."""
    page, pages = case[:4096], len(case) // 4096
    magic, name = bytes.fromhex("d9d505f920a163d7"), os.fsencode(further)
    header = magic + struct.pack(">5I", 1, 1, pages, 512, len(page))
    checksum = 1 + sum(page[at] for at in range(len(page) - 200, 0, -200))
    end = struct.pack(">I", 0x40000000 // len(page) + 1) + name + struct.pack(">2I", len(name), sum(name)) + magic
    return header.ljust(512, b"\0") + struct.pack(">I", 1) + page + struct.pack(">I", checksum) + end


HALF = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute(f"PRAGMA cache_size = {sys.argv[2]}")
db.execute("BEGIN IMMEDIATE")
for size in range(9):
    db.execute("UPDATE info SET body = ?", ("x" * 5000 * size,))
os._exit(9)
"""


def test_a_journal_deletes_no_other_file(path: Path):
    """SQLite removes the further journal that it names, whatever file that is, as soon as the case file is read."""
    victim, beside = path.with_name("work.txt"), path.with_name("a.inspector-journal")
    victim.write_text("the examiner's work of a month")
    beside.write_bytes(journal(path.read_bytes(), victim))
    for read in (admit, CaseFile.open, read_chain):
        with pytest.raises(CaseError, match="makes SQLite delete another file"):
            read(path)
        assert victim.exists()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("SELECT * FROM notes")
    assert not victim.exists(), "the attack is none"


@pytest.mark.parametrize("cached", [1, 1000])
def test_what_a_killed_process_left_half_written_is_undone(path: Path, cached: int):
    """Without much of a cache the file itself is half written, and a copy of it without its journal is damaged."""
    before = path.read_bytes()
    subprocess.run([sys.executable, "-c", HALF, str(path), str(cached)], check=False)
    beside = path.with_name("a.inspector-journal")
    assert beside.exists()
    assert (path.read_bytes() != before) == (cached == 1)
    settle(path)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with closing(sqlite3.connect(path)) as raw, closing(sqlite3.connect(":memory:")) as former:
        former.deserialize(before)
        assert list(raw.iterdump()) == list(former.iterdump())


def test_a_file_beside_which_nothing_lies_is_not_touched(path: Path):
    before = path.stat()
    settle(path)
    settle(path.with_name("missing.inspector"))
    assert path.stat() == before


@pytest.mark.parametrize("suffix", ["-journal", "-wal", "-shm"])
def test_nothing_else_than_files_lies_beside(path: Path, suffix: str):
    os.mkfifo(path.with_name(path.name + suffix))  # SQLite would wait for ever for somebody who writes to it
    for read in (admit, CaseFile.open, read_chain):
        with pytest.raises(CaseError, match="is a link, pipe or folder"):
            read(path)


def test_a_sparse_file_is_not_copied(path: Path):
    os.truncate(path, 8 << 40)
    with pytest.raises(CaseError, match="larger than 16 GiB"):
        read_chain(path)


def test_rows_that_share_their_pages_do_not_multiply(path: Path):
    """A file of some megabytes would else hold gigabytes of rows, in memory and on the disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'analyses'").fetchone()
        raw.execute("UPDATE analyses SET mac = x'00', result = json_quote(?)", ("x" * 998_000,))
    data = bytearray(path.read_bytes())
    start = (root - 1) * 4096
    (at,) = struct.unpack_from(">H", data, start + 8)
    cell = bytes(data[start + at : start + 4096])
    assert data[start + 3 : start + 5] == b"\0\1"
    assert len(cell) * 3 < 4000
    for number in (1, 2, 3):
        copied = cell[:3] + bytes([number]) + cell[4:]
        place = 4096 - number * len(cell)
        data[start + place : start + place + len(cell)] = copied
        struct.pack_into(">H", data, start + 8 + 2 * (number - 1), place)
    struct.pack_into(">HH", data, start + 3, 3, place)
    path.write_bytes(data)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*), sum(length(result)) FROM analyses").fetchone() == (3, 2_994_006)
    with pytest.raises(CaseError, match="holds more than it is large"):
        admit(path)


def test_a_large_file_on_a_slow_disk_is_read_to_its_end(path: Path, monkeypatch: pytest.MonkeyPatch):
    with CaseFile.open(path) as case:
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.executemany("INSERT INTO gaps VALUES (1, ?, ?, 'damaged')", [(pts, pts) for pts in range(60_000)])
        case.sign(1)
    monkeypatch.setattr(imports, "_PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(imports, "_SLOWEST_BYTES", 1 << 60)
    with pytest.raises(CaseError, match="interrupted"):
        admit(path)
    monkeypatch.setattr(imports, "_SLOWEST_BYTES", 1 << 10)
    admit(path)
    assert origin(path) == ""


def test_a_file_that_another_process_imports_at_the_same_time_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "b.inspector"
    made_case(path, is_signed=False)
    at_work = path.with_name(".b.inspector.x.import")
    at_work.mkdir()
    import_ = imports._import

    def second(path: Path, is_wanted: Callable[[], bool]) -> None:
        import_(path, is_wanted)
        raise CaseError("b.inspector was changed while it was imported")

    monkeypatch.setattr(imports, "_import", second)
    admit(path)
    assert "b.inspector, SHA-256" in origin(path)
    assert at_work.exists()
