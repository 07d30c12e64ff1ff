"""Whoever gets a report sees what was changed in it, and nothing of it leads the check elsewhere."""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.__main__ import main
from inspector.domain.case import Case
from inspector.domain.errors import VerificationError
from inspector.engine.decode.evidence import hash_file
from inspector.engine.report.case_export import Entry, write_case_report
from inspector.engine.report.verify import CheckedReport, Means, Status, verify
from inspector.engine.report.writer import write_report
from inspector.engine.seal.manifest import MANIFEST, read_manifest, write_manifest
from tests.engine.report.conftest import build

UNSEALED = {f"signature of {MANIFEST}": Status.UNCHECKED, f"time stamp of {MANIFEST}": Status.UNCHECKED}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evidence") / "suspect clip.mp4"
    path.write_bytes(b"the evidence")
    return path


@pytest.fixture(scope="module")
def files(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a report about `evidence`."""
    material, folder = build(10, 1), tmp_path_factory.mktemp("report")
    clip = replace(material.analysis.clip, sha256=hash_file(evidence))
    write_report(replace(material, analysis=replace(material.analysis, clip=clip)), folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    (tmp_path / "report" / "figures").mkdir(parents=True)
    for name, data in files.items():
        (tmp_path / "report" / name).write_bytes(data)
    return tmp_path / "report"


def checked(folder: Path, means: Means = Means()) -> CheckedReport:  # noqa: B008 frozen
    (report,) = verify(folder, means)
    return report


def found(report: CheckedReport) -> dict[str, Status]:
    return {check.subject: check.status for check in report.checks}


def test_a_report_as_written_holds(folder: Path, evidence: Path, files: dict[str, bytes]):
    report = checked(folder / "report.json", Means(evidence))
    assert report.holds
    assert found(report) == dict.fromkeys({*files, "evidence"} - {MANIFEST}, Status.HOLDS) | UNSEALED
    assert main(["verify", str(folder), "--evidence", str(evidence.parent)]) == 0


def test_one_changed_byte_in_each_file_is_found(folder: Path, files: dict[str, bytes]):
    kinds = {Path(name).suffix for name in files}
    assert kinds == {".pdf", ".json", ".csv", ".png", ".txt", ".sha256"}
    for name, data in files.items():
        changed = data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
        (folder / name).write_bytes(changed)
        if name == MANIFEST:  # the byte may be in a hash or in a name
            assert main(["verify", str(folder)]) == 1
        else:
            report = checked(folder)
            assert not report.holds
            assert [c.subject for c in report.checks if c.status is Status.CHANGED] == [name]
        (folder / name).write_bytes(data)


def test_missing_added_and_replaced_files_are_named(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "frames.csv").unlink()
    (folder / "extra\x1b[2J.txt").write_text("not ours")
    (folder / "signals.csv").unlink()
    os.mkfifo(folder / "signals.csv")
    states = found(checked(folder))
    assert states["frames.csv"] is Status.MISSING
    assert states["extra\x1b[2J.txt"] is Status.UNCHECKED
    assert states["signals.csv"] is Status.CHANGED
    assert states["evidence"] is Status.UNCHECKED
    assert main(["verify", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert f"NOT everything holds:\n{folder}: frames.csv: missing" in said, "whatever the length of the tables"


def test_what_was_not_checked_is_said_beside_the_verdict(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "report-final.pdf").write_bytes(b"%PDF forged")
    assert main(["verify", str(folder)]) == 0
    *_, unchecked, verdict = capsys.readouterr().out.splitlines()
    assert unchecked == (f"NOT checked: report-final.pdf, evidence, signature of {MANIFEST}, time stamp of {MANIFEST}.")
    assert verdict == "All that was checked holds."


@pytest.mark.parametrize("name", ["report.json", "report.pdf"])
def test_a_report_that_its_manifest_does_not_name_does_not_hold(folder: Path, evidence: Path, name: str):
    """Without a line for report.json nothing would be compared with the evidence, and all would hold."""
    write_manifest(folder, set(read_manifest(folder / MANIFEST)) - {name})
    assert found(checked(folder))[name] is Status.CHANGED
    assert main(["verify", str(folder), "--evidence", str(evidence)]) == 1


def test_a_name_adds_no_line_to_the_table(folder: Path, capsys: pytest.CaptureFixture[str]):
    folder = folder.rename(folder.with_name("r\nAll that was checked holds."))
    (folder / "x\nAll that was checked holds.").touch()
    main(["verify", str(folder)])
    lines = [line.strip() for line in capsys.readouterr().out.split("\n")]
    assert lines.count("All that was checked holds.") == 1


def test_other_evidence_does_not_hold(folder: Path, evidence: Path, tmp_path: Path):
    other = tmp_path / "other.mp4"
    other.write_bytes(b"The evidence")
    assert found(checked(folder, Means(other)))["evidence"] is Status.CHANGED
    (tmp_path / "empty").mkdir()
    assert found(checked(folder, Means(tmp_path / "empty")))["evidence"] is Status.MISSING


@pytest.mark.parametrize("forgery", ["{}", ""])
def test_evidence_that_no_report_names_does_not_pass(folder: Path, evidence: Path, forgery: str):
    """Whoever names evidence asks about it: exit code 0 would be an answer."""
    (folder / "report.json").write_text(forgery)
    names = set(read_manifest(folder / MANIFEST))
    if not forgery:
        (folder / "report.json").unlink()
        names -= {"report.json"}
    write_manifest(folder, names)
    assert checked(folder).holds
    wrong = [check for report in verify(folder, Means(evidence)) for check in report.wrong]
    assert [(check.subject, check.status) for check in wrong] == [("evidence", Status.MISSING)]


def test_all_reports_of_a_case_are_checked(folder: Path, files: dict[str, bytes]):
    case = folder.parent
    write_case_report(case, Case("Harbour"), [Entry("1", "a.mp4", "1" * 64, 5, "inconclusive", "report")])
    whole, one = verify(case, Means())
    assert (whole.folder, one.folder) == (case, folder)
    assert whole.holds
    assert one.holds
    listed = {"VERIFY.txt", "case-summary.json", "index.html", *(f"report/{n}" for n in files)}
    assert found(whole) == dict.fromkeys(listed, Status.HOLDS) | UNSEALED
    for name in sorted(listed):
        data = (case / name).read_bytes()
        (case / name).write_bytes(data[:-5] + bytes([data[-5] ^ 1]) + data[-4:])
        assert found(verify(case, Means())[0])[name] is Status.CHANGED
        (case / name).write_bytes(data)


def test_a_file_that_the_manifest_does_not_name_is_not_the_report(folder: Path):
    (folder / "report-final.pdf").write_bytes(b"%PDF forged")
    with pytest.raises(VerificationError, match="is no part of the report beside it"):
        verify(folder / "report-final.pdf", Means())
    assert main(["verify", str(folder / "report-final.pdf")]) == 1
    assert checked(folder / "report.pdf").holds


def test_a_genuine_report_below_does_not_stand_for_one_without_manifest(folder: Path):
    (folder.parent / "report.pdf").write_bytes(b"%PDF forged")
    without, below = verify(folder.parent, Means())
    assert below.holds
    assert found(without) == {f"{MANIFEST} of report.pdf": Status.MISSING}
    assert main(["verify", str(folder.parent)]) == 1


def test_a_linked_folder_is_no_part_of_a_report(folder: Path, tmp_path: Path):
    (folder / "figures").rename(tmp_path / "elsewhere")
    (folder / "figures").symlink_to(tmp_path / "elsewhere")
    states = found(checked(folder))
    assert {status for name, status in states.items() if name.startswith("figures/")} == {Status.CHANGED}
    assert states["figures"] is Status.UNCHECKED


@pytest.fixture
def deep(folder: Path) -> Iterator[None]:
    """A file in 600 folders within each other, and recursion that ends before that. Removed at once: pytest cannot."""
    path = folder / "figures"
    for _ in range(600):
        path /= "d"
        path.mkdir()
    (path / "hidden.txt").write_text("not ours")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(500)
    yield
    sys.setrecursionlimit(limit)
    shutil.rmtree(folder / "figures" / "d")


@pytest.mark.usefixtures("deep")
def test_folders_within_each_other_are_walked_to_the_end(folder: Path):
    report = checked(folder, Means(folder.parent))
    assert [check.subject[-10:] for check in report.checks if check.subject.startswith("figures/d")] == ["hidden.txt"]
    assert found(report)["evidence"] is Status.MISSING, "there is none in the folder, however deep"


@pytest.mark.parametrize("name", [MANIFEST, f"{MANIFEST}.sig", f"{MANIFEST}.tsr", "examiner.pem", "report.json"])
def test_a_pipe_is_not_waited_for(folder: Path, name: str):
    for each in {f"{MANIFEST}.sig", "examiner.pem"} - {name}:
        (folder / each).write_bytes(b"x")
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    assert main(["verify", str(folder)]) == 1


@pytest.mark.parametrize("fingerprint", ["none", "ab" * 31, "SHA-256 " + "ab" * 32])
def test_what_is_no_fingerprint_is_not_ignored(folder: Path, fingerprint: str):
    with pytest.raises(VerificationError, match="is no fingerprint"):
        verify(folder, Means(fingerprint=fingerprint))


def test_a_folder_without_a_report_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(VerificationError, match="holds no MANIFEST"):
        verify(tmp_path, Means())
    assert main(["verify", str(tmp_path / "gone")]) == 1
    assert "gone does not exist" in capsys.readouterr().err


def refuse_listing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Have the system refuse to list a folder, as it does to everybody but its owner and root."""
    scandir = os.scandir

    def refused(path: str) -> object:
        if Path(path) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)


def test_a_report_in_a_folder_that_cannot_be_listed_does_not_pass_unseen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (folder.parent / "other").mkdir()
    refuse_listing(monkeypatch, folder.parent / "other")
    assert main(["verify", str(folder.parent)]) == 1
    assert "other/: missing (it cannot be listed (Permission denied))" in capsys.readouterr().out


def test_a_report_that_cannot_be_listed_is_not_called_none(folder: Path, monkeypatch: pytest.MonkeyPatch):
    refuse_listing(monkeypatch, folder)
    with pytest.raises(VerificationError, match=r"cannot be listed \(Permission denied\); ask for permission"):
        verify(folder, Means())


def test_a_report_behind_a_closed_folder_is_not_called_missing(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(path: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "lstat", refused)
    with pytest.raises(VerificationError, match=r"cannot be read \(Permission denied\); check the path and"):
        verify(folder, Means())
