"""Two examiners decide on copies of one case file; the merged file has both, and says where they disagree."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.__main__ import main
from inspector.domain.case import CaseInfo, Decision, FaceName, Note, Review, disagreements
from inspector.domain.errors import CaseError
from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.imports import read_chain
from inspector.engine.case.merge import merge
from tests.engine.case.test_case_file import AT, CLIP, batch
from tests.engine.case.test_imports import tampered
from tests.engine.report.conftest import build

FINDING = "track 1 | manipulation indicated | 0-80"


def short(path: Path) -> str:
    """What a log names: a whole path would name the user in every report."""
    return f"{path.parent.name}/{path.name}"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A case file with a note and a decision of R. Roe, and a copy with what J. Doe added."""
    first, second = tmp_path / "a.inspector", tmp_path / "b.inspector"
    with CaseFile.open(first) as case:
        number = case.begin(CLIP, Settings(), "m")
        case.append(number, batch(), {})
        case.finish(number, replace(build(4, 1).analysis, clip=CLIP))
        case.sign(number)
        case.set_case_info(CaseInfo(examiner="R. Roe"))
        case.annotations.put(Note(0, "R. Roe", AT, "the mouth", 40))
        case.annotations.put(Review(0, FINDING, Decision.ACCEPTED, "soft edges", "R. Roe", AT))
    shutil.copyfile(first, second)
    with CaseFile.open(second) as case:
        case.set_case_info(CaseInfo(examiner="J. Doe"))
        case.annotations.put(Note(0, "J. Doe", AT, "the mouth is compressed", 40))
        case.annotations.put(Review(0, FINDING, Decision.REJECTED, "compression", "J. Doe", AT))
    return first, second


def test_a_decision_that_another_writes_in_the_first_examiner_s_name_is_told_and_logged(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Page one would have "the examiner agrees" from somebody else."""
    out, other = tmp_path / "c.inspector", "track 2 | inconclusive | 0-80"
    with CaseFile.open(files[1]) as case:
        case.annotations.put(Review(0, other, Decision.ACCEPTED, "", "R. Roe", AT))
    assert main(["merge", *map(str, files), "--out", str(out)]) == 0
    asked = f"Only in {files[1]}, so ask whether this was written by R. Roe: accepted: "
    assert [line for line in capsys.readouterr().out.splitlines() if "R. Roe:" in line and asked in line]
    with CaseFile.open(out, create=False) as case:
        told = [entry for entry in case.audit() if entry.action == "merged in the name of the first examiner"]
        assert len(told) == 1
        assert len(case.annotations.reviews()) == 3


def test_both_are_kept_side_by_side_with_their_disagreement(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    before = [path.read_bytes() for path in files]
    out = tmp_path / "c.inspector"
    assert main(["merge", *map(str, files), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "2 notes, bookmarks, pictures and decisions added" in said
    assert f"disagree on {FINDING}: accepted by R. Roe, rejected by J. Doe" in said
    assert [path.read_bytes() for path in files] == before
    with CaseFile.open(out, create=False) as case:
        assert [note.author for note in case.annotations.notes()] == ["R. Roe", "J. Doe"]
        assert [(r.author, r.decision) for r in case.annotations.reviews()] == [
            ("R. Roe", Decision.ACCEPTED), ("J. Doe", Decision.REJECTED),
        ]  # fmt: skip
        assert case.read(1).imported() == "", "its analysis is still this installation's"
        assert f"{short(files[1])}, of J. Doe" in [entry.detail for entry in case.audit()]
    assert read_chain(out)[0] == []
    assert main(["merge", *map(str, files), "--out", str(out)]) == 1, "an existing file stays"


def test_another_decision_under_the_same_name_is_left_out_and_logged(files: tuple[Path, Path], tmp_path: Path):
    with CaseFile.open(files[1]) as case:
        case.annotations.put(Review(0, FINDING, Decision.REJECTED, "changed my mind", "R. Roe", AT))
    merged = merge(*files, tmp_path / "c.inspector")
    assert merged.left_out == (f"R. Roe decided otherwise in {short(files[1])}: rejected: {FINDING} (changed my mind)",)
    with CaseFile.open(tmp_path / "c.inspector", create=False) as case:
        assert "review left out" in [entry.action for entry in case.audit()]


def test_what_was_changed_behind_the_log_is_not_made_good(files: tuple[Path, Path], tmp_path: Path):
    tampered(files[1], "UPDATE notes SET text = 'authentic' WHERE author = 'J. Doe'")
    merge(*files, tmp_path / "c.inspector")
    assert read_chain(tmp_path / "c.inspector")[0] == [
        f"in {short(files[1])}, note 2 was changed without an entry in the log"
    ]


def test_files_about_other_evidence_and_none_are_refused(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    other = tmp_path / "other.inspector"
    with CaseFile.open(other) as case:
        case.begin(replace(CLIP, sha256="2" * 64), Settings(), "m")
    for second in (other, tmp_path / "gone.inspector"):
        assert main(["merge", str(files[0]), str(second), "--out", str(tmp_path / "c.inspector")]) == 1
        assert not (tmp_path / "c.inspector").exists()
    assert f"{files[0]} and {other} are about different evidence" in capsys.readouterr().err


def test_a_folder_that_is_missing_is_named_without_the_draft_in_it(files: tuple[Path, Path], tmp_path: Path):
    with pytest.raises(CaseError, match=r"copied to \S+gone \(No such file or directory\); free some space there, or"):
        merge(*files, tmp_path / "gone" / "c.inspector")


def test_a_file_that_is_no_case_file_is_named_by_its_own_path(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    other = tmp_path / "text.inspector"
    other.write_text("no case")
    assert main(["merge", str(files[0]), str(other), "--out", str(tmp_path / "c.inspector")]) == 1
    assert capsys.readouterr().err.startswith(f"inspector: {other} ")


def test_those_who_agree_do_not_disagree():
    agreed = Review(1, FINDING, Decision.ACCEPTED, "", "R. Roe", AT)
    assert disagreements((agreed, replace(agreed, author="J. Doe", reason="also"))) == ()
    assert disagreements((agreed, replace(agreed, finding="track 2", decision=Decision.REJECTED))) == ()


def test_a_face_keeps_the_first_examiners_name(files: tuple[Path, Path], tmp_path: Path):
    for path, name, author in zip(files, ("minister", "an actor"), ("R. Roe", "J. Doe"), strict=True):
        with CaseFile.open(path) as case:
            case.annotations.put(FaceName(0, AT, 1, name, author, AT))
    merged = merge(*files, tmp_path / "c.inspector")
    assert merged.left_out == (f"J. Doe has another name in {short(files[1])}: Face 1: an actor",)
    with CaseFile.open(tmp_path / "c.inspector", create=False) as case:
        assert [name.name for name in case.annotations.names()] == ["minister"]
