"""A full disk ends a scan: it is said once, and what is finished is kept."""

import errno
import json
import os
import sqlite3
from pathlib import Path

import pytest

from inspector.domain.case import CaseInfo
from inspector.domain.errors import InspectorError, OutputError
from inspector.domain.settings import Settings
from inspector.engine import faults
from inspector.engine.atomic import is_full_disk
from inspector.engine.codec import from_json
from inspector.engine.process import cluster_scan
from inspector.engine.process import scan as scanning
from inspector.engine.process.clip_scan import DISK_FULL, ENDS_HERE
from inspector.engine.process.cluster_scan import RemoteScan
from inspector.engine.process.scan import _writing, scan
from inspector.engine.process.scanned import ScannedClip
from tests.disk import full_disk
from tests.engine.process.test_scan_folders import Engine, Silent, clip_at, engine, run

__all__ = ["engine"]  # the fixture


def test_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(InspectorError, match=r"summary\.json cannot be written .*No space left on device.*free some"):
        run([clip_at(tmp_path / "a.mp4")], tmp_path / "out")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.undo()
    monkeypatch.setattr(scanning, "EngineProcess", Engine)
    monkeypatch.setattr(scanning, "_model", lambda _settings: ("m", "made up 1"))
    path = clip_at(tmp_path / "b.mp4", b"b")
    (tmp_path / "full").mkdir()
    monkeypatch.setattr(Path, "mkdir", lambda path, **kw: refuse() if path.name.startswith("b-") else None)
    (clip,) = run([path], tmp_path / "full").clips
    assert "No space left on device" in clip.reason


def test_a_full_disk_ends_the_scan_and_is_said_once(tmp_path: Path, engine: type[Engine]):
    paths = [clip_at(tmp_path / f"{n}.mp4", b"x" * (n + 1)) for n in range(4)]
    engine.full_from = 1
    first, second, *others = scan(paths, tmp_path / "out", Settings(), CaseInfo(), 1, Silent()).clips
    assert first.status == "analysed"
    assert second.reason == "report: no room. The disk is full, so the scan ends here."
    assert {clip.reason for clip in others} == {DISK_FULL}
    assert len(engine.asked) == 2
    assert len(json.loads((tmp_path / "out" / "summary.json").read_text())["clips"]) == 4
    engine.full_from = 99
    assert [clip.status for clip in run(paths, tmp_path / "out").clips] == ["analysed"] * 4


def test_a_full_disk_ends_the_work_of_a_worker(tmp_path: Path, engine: type[Engine], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster_scan, "EngineProcess", engine)
    paths = [clip_at(tmp_path / f"{n}.mp4", b"x" * (n + 1)) for n in range(3)]
    (tmp_path / "out").mkdir()
    engine.full_from = 0
    remote = RemoteScan(tmp_path / "out", Settings(), CaseInfo(), "m", None, "json")
    found = from_json(remote(paths), list[ScannedClip])
    assert [clip.reason.endswith(ENDS_HERE) for clip in found] == [True, False, False]
    assert {clip.reason for clip in found[1:]} == {DISK_FULL}


def test_what_lies_behind_an_error_says_whether_a_disk_is_full(tmp_path: Path):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert is_full_disk(faults.describe(full, "writing"))
    with pytest.raises(OutputError) as raised, _writing(tmp_path / "a"):
        raise full
    assert is_full_disk(raised.value)
    assert not is_full_disk(faults.describe(OSError(errno.EACCES, "no"), "writing"))
    assert not is_full_disk(InspectorError("The disk is full."))
    with sqlite3.connect(tmp_path / "a.db") as db:
        db.execute("PRAGMA max_page_count = 2")
        db.execute("CREATE TABLE t (x)")
        with pytest.raises(sqlite3.OperationalError) as refused:
            db.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert is_full_disk(refused.value)
