"""Which folder a scan gives to a file."""

from pathlib import Path

from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
from inspector.engine.process.report_folders import ReportFolders


def test_a_folder_in_which_a_scan_was_killed_before_its_analysis_began_is_used_again(tmp_path: Path):
    """As when a worker of a cluster dies: else it would stay, and the clip's report would be in one with a number."""
    clip, sha256 = tmp_path / "clip.mp4", "ab" * 32
    first = ReportFolders(tmp_path, Settings(), "m").claim(clip, sha256)
    CaseFile.open(first.case_path).close()
    again = ReportFolders(tmp_path, Settings(), "m")
    assert again.claim(clip, sha256).path == first.path
    assert again.claim(tmp_path / "copy" / "clip.mp4", sha256).path != first.path, "it is given once"
