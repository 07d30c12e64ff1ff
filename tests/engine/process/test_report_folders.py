"""Which folder a scan gives to a file."""

import errno
import os
import re
import sys
from pathlib import Path

import pytest

from inspector.domain.settings import Settings
from inspector.engine.case import imports
from inspector.engine.case.case_file import CaseFile
from inspector.engine.installation import key_path
from inspector.engine.process import report_folders
from inspector.engine.process.report_folders import FolderLock, ReportFolders
from tests.engine.case.test_case_file import CLIP


def test_a_folder_in_which_a_scan_was_killed_before_its_analysis_began_is_used_again(tmp_path: Path):
    """As when a worker of a cluster dies: else it would stay, and the clip's report would be in one with a number."""
    clip, sha256 = tmp_path / "clip.mp4", "ab" * 32
    former = ReportFolders(tmp_path, Settings(), "m")
    first = former.claim(clip, sha256)
    CaseFile.open(first.case_path).close()
    former.release(first)
    again = ReportFolders(tmp_path, Settings(), "m")
    assert again.claim(clip, sha256).path == first.path
    assert again.claim(tmp_path / "copy" / "clip.mp4", sha256).path != first.path, "it is given once"


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
@pytest.mark.parametrize("has_begun", [False, True])
def test_a_folder_in_which_another_scan_is_at_work_is_not_taken(has_begun: bool, tmp_path: Path):
    """Two scans with the same clip and the same folder would write into one case file."""
    clip = tmp_path / CLIP.path
    one = ReportFolders(tmp_path, Settings(), "m")
    first = one.claim(clip, CLIP.sha256)
    with CaseFile.open(first.case_path) as case:
        if has_begun:
            case.sign(case.begin(CLIP, Settings(), "m"))
    other = ReportFolders(tmp_path, Settings(), "m")
    second = other.claim(clip, CLIP.sha256)
    assert second.path.name == f"{first.path.name}-2"
    one.release(first)
    assert ReportFolders(tmp_path, Settings(), "m").claim(clip, CLIP.sha256).path == first.path


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_what_another_scan_has_just_removed_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Between looking into a folder and holding it."""
    one = ReportFolders(tmp_path, Settings(), "m")
    first = one.claim(tmp_path / "clip.mp4", "ab" * 32)
    CaseFile.open(first.case_path).close()
    one.release(first)

    def held(folder: Path) -> FolderLock:
        (folder / "case.inspector").unlink(missing_ok=True)
        return FolderLock(folder)

    monkeypatch.setattr(report_folders, "FolderLock", held)
    assert ReportFolders(tmp_path, Settings(), "m").claim(tmp_path / "clip.mp4", "ab" * 32).path != first.path


@pytest.mark.parametrize(
    ("key", "remark"),
    [
        (
            None,
            "a-1.* is kept, and the file analysed again .*: the analysis there was made by another installation, or ",
        ),
        (b"", "a-1.* is kept, and the file analysed in a new folder: .*installation.key is not the key that signs"),
    ],
)
def test_an_analysis_that_is_made_again_because_of_the_key_is_said(
    key: bytes | None, remark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The report went into a folder with a number without a word."""
    clip = tmp_path / CLIP.path
    former = ReportFolders(tmp_path, Settings(), "m")
    first = former.claim(clip, CLIP.sha256)
    assert not first.remark
    with CaseFile.open(first.case_path) as case:
        case.sign(case.begin(CLIP, Settings(), "m"))
    former.release(first)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if key is not None:
        key_path().parent.mkdir(parents=True)
        key_path().write_bytes(key)
    monkeypatch.setattr(imports, "_admitted", {})  # another process
    assert not ReportFolders(tmp_path, Settings(every=2), "m").claim(clip, CLIP.sha256).remark or key == b""
    second = ReportFolders(tmp_path, Settings(), "m").claim(clip, CLIP.sha256)
    assert second.path != first.path
    assert re.search(remark, second.remark)


def test_a_folder_of_somebody_else_that_may_not_be_looked_into_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """As of two examiners who scan into one folder, each with a umask of 077."""
    clip, exists = tmp_path / "clip.mp4", Path.exists
    theirs = ReportFolders(tmp_path, Settings(), "m").claim(clip, "ab" * 32)

    def refused(path: Path) -> bool:
        if path.parent == theirs.path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return exists(path)

    monkeypatch.setattr(Path, "exists", refused)
    mine = ReportFolders(tmp_path, Settings(), "m")
    assert mine.likely(clip) is None
    assert mine.claim(clip, "ab" * 32).path.name == f"{theirs.path.name}-2"
