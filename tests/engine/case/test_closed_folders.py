"""What the system refuses is said in its words: root, as whom most tests run, may do everything."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.domain.errors import CaseError
from inspector.engine.case import database
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import is_case_path


def test_a_case_that_may_not_be_opened_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """SQLite says only that it is unable to open it."""
    path = tmp_path / "a.inspector"
    CaseFile.open(path).close()

    def refused(*_: object) -> None:
        with closing(sqlite3.connect(tmp_path / "not there" / "a")) as db:
            db.execute("SELECT 1 FROM t")

    monkeypatch.setattr(database, "connect", refused)
    monkeypatch.setattr(os, "access", lambda wanted, _mode: wanted != path)
    with pytest.raises(CaseError, match=r"a\.inspector cannot be opened as a case file \(Permission denied\)"):
        CaseFile.open(path)
    monkeypatch.undo()
    with CaseFile.open(path) as case:
        path.rename(tmp_path / "moved")
        tmp_path.rename(tmp_path.with_name("gone"))
        with pytest.raises(CaseError, match=r"cannot be written \(No such file or directory\)"):
            case.log("a", "b")


def test_a_clip_that_may_not_be_looked_at_is_no_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whoever opens it says why; this raised an error about the case file."""

    def refused(path: object, **_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", refused)
        is_case = is_case_path(tmp_path / "closed" / "a.mp4")
    assert not is_case
