"""Which folder a scan gives to a file."""

import sys
from pathlib import Path

import pytest

from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
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
