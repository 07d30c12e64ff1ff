"""A case of several exhibits: saved whole or not at all, moved with its clips, never believed without the hash."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.domain.analysis import Conclusion
from inspector.domain.case import Case, CaseExhibit, CaseInfo, FileStatus
from inspector.domain.errors import CaseError, ClipError
from inspector.engine import faults
from inspector.engine.case import case_folder
from inspector.engine.case.case_entry import outcome_of, point_to, reconcile
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import CASE_JSON, look_for, new_exhibit, noted_path, open_case, save_case
from inspector.engine.report.case_export import Entry, report_folder_names, write_case_report
from inspector.engine.seal.manifest import MANIFEST, read_manifest
from tests.engine.case.test_case_file import CLIP

AT = "2026-11-21T05:00:00+00:00"


def made(folder: Path, *clips: Path) -> Case:
    """A saved case with those clips."""
    case = Case("Harbour", created_at=AT)
    for clip in clips:
        sha256, size = case_folder.read_evidence(clip)
        exhibit = new_exhibit(folder, case, clip, sha256, size, AT)
        case = Case("Harbour", created_at=AT, exhibits=(*case.exhibits, exhibit))
    case_folder.create_case(folder, case)
    return case


@pytest.fixture
def clips(tmp_path):
    """Two files that pass for clips, beside the case's folder."""
    paths = [tmp_path / "work" / name for name in ("a.mp4", "b.mp4")]
    paths[0].parent.mkdir()
    for number, path in enumerate(paths):
        path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes([number]) * 500)
    return paths


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "work" / "case"


def test_what_is_saved_comes_back(folder, clips):
    case = made(folder, *clips)
    opened = open_case(folder)
    assert opened.case == case
    assert [e.label for e in case.exhibits] == ["1", "2"]
    assert [e.path for e in case.exhibits] == ["../a.mp4", "../b.mp4"]
    assert open_case(folder / CASE_JSON) == opened


def test_a_save_that_was_killed_leaves_the_last_one_and_is_swept_up(folder, clips):
    case = made(folder, clips[0])
    opened = open_case(folder)
    half = (folder / CASE_JSON).read_bytes()[:40]
    (folder / ".case.json.x1.partial").write_bytes(half)
    assert open_case(folder) == opened
    save_case(folder, Case("Port", exhibits=case.exhibits), opened.stamp)
    assert open_case(folder).case.name == "Port"
    assert [path.name for path in folder.iterdir()] == [CASE_JSON]


def test_a_full_disk_leaves_the_last_save(folder, clips, monkeypatch):
    made(folder, clips[0])
    opened = open_case(folder)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CaseError, match="No space left"):
        save_case(folder, Case("Port"), opened.stamp)
    assert open_case(folder) == opened
    assert [path.name for path in folder.iterdir()] == [CASE_JSON]


def test_another_windows_change_is_not_written_over(folder, clips):
    made(folder, clips[0])
    stamp = open_case(folder).stamp
    save_case(folder, Case("theirs"), stamp)
    with pytest.raises(CaseError, match="changed by another"):
        save_case(folder, Case("ours"), stamp)
    assert open_case(folder).case.name == "theirs"


def test_no_case_is_made_over_another(folder, clips):
    made(folder, clips[0])
    with pytest.raises(CaseError, match="a case already"):
        case_folder.create_case(folder, Case())


def test_a_moved_folder_finds_its_clips(tmp_path, folder, clips):
    case = made(folder, *clips)
    moved = tmp_path / "elsewhere"
    shutil.move(tmp_path / "work", moved)
    for exhibit, name in zip(case.exhibits, ("a.mp4", "b.mp4"), strict=True):
        found = look_for(moved / "case", exhibit)
        assert (found.path, found.file_status, found.sentence) == (moved / name, FileStatus.FOUND, "")


def test_far_clips_are_absolute_with_a_guess_that_survives_a_move(tmp_path):
    far, folder = tmp_path / "usb" / "clips" / "c.mp4", tmp_path / "usb" / "cases" / "x" / "case"
    far.parent.mkdir(parents=True)
    far.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(500))
    case = made(folder, far)
    assert case.exhibits[0].path == str(far)
    shutil.move(tmp_path / "usb", tmp_path / "stick")
    found = look_for(tmp_path / "stick" / "cases" / "x" / "case", case.exhibits[0])
    assert found.path == tmp_path / "stick" / "clips" / "c.mp4"
    assert found.file_status is FileStatus.FOUND


def test_an_altered_clip_is_another_file_and_a_lost_one_is_missing(folder, clips):
    case = made(folder, *clips)
    data = bytearray(clips[0].read_bytes())
    data[-1] ^= 1
    clips[0].write_bytes(data)
    clips[1].unlink()
    other, missing = (look_for(folder, exhibit) for exhibit in case.exhibits)
    assert other.file_status is FileStatus.OTHER
    assert "another file than exhibit 1" in other.sentence
    assert missing.file_status is FileStatus.MISSING
    assert "b.mp4 is missing" in missing.sentence


def test_an_altered_clip_does_not_hide_the_original_in_the_folder(folder, clips):
    case = made(folder, clips[0])
    shutil.copy(clips[0], folder / "a.mp4")
    clips[0].write_bytes(b"x" * clips[0].stat().st_size)
    assert look_for(folder, case.exhibits[0]).path == folder / "a.mp4"


def test_what_is_no_clip_is_not_taken_in(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("no clip")
    with pytest.raises(ClipError, match="holds text"):
        case_folder.read_evidence(text)


def test_odd_names_of_clips_come_back(folder, clips):
    odd = clips[0].with_name("👨\u200d👩 a\nb.mp4")
    clips[0].rename(odd)
    case = made(folder, odd)
    assert open_case(folder).case == case
    assert look_for(folder, case.exhibits[0]).file_status is FileStatus.FOUND


def test_a_name_that_no_json_can_hold_is_refused(clips):
    bad = clips[0].with_name("a\udcff.mp4")
    clips[0].rename(bad)
    with pytest.raises(ClipError, match="not valid UTF-8"):
        case_folder.read_evidence(bad)


def test_what_could_not_be_read_again_is_not_written(folder, clips):
    made(folder, clips[0])
    opened = open_case(folder)
    with pytest.raises(CaseError, match="cannot be printed"):
        save_case(folder, Case("a\u202eb"), opened.stamp)
    assert open_case(folder) == opened


def test_labels_go_on_from_the_highest_number(folder, clips):
    exhibits = tuple(CaseExhibit(n, label, "x", "0" * 64, 1, f"{n}.inspector") for n, label in ((3, "7"), (9, "A-2")))
    new = new_exhibit(folder, Case(exhibits=exhibits), clips[0], "1" * 64, 5, AT)
    assert (new.exhibit_id, new.label, new.analysis_file) == (10, "8", "1111111111111111.inspector")


def test_two_clips_whose_hashes_begin_alike_do_not_share_an_analysis(folder, clips):
    first = new_exhibit(folder, Case(), clips[0], "1" * 64, 5, AT)
    second = new_exhibit(folder, Case(exhibits=(first,)), clips[1], "1" * 63 + "2", 5, AT)
    assert second.analysis_file != first.analysis_file
    assert case_folder.is_plain_name(second.analysis_file)


def change(folder, **changes):
    """Rewrite the first exhibit of a case.json, as a stranger may."""
    stored = json.loads((folder / CASE_JSON).read_text())
    stored["case"]["exhibits"][0].update(changes)
    (folder / CASE_JSON).write_text(json.dumps(stored))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("analysis_file", "../../evil.inspector", "no plain name"),
        ("analysis_file", "/etc/evil.inspector", "no plain name"),
        ("analysis_file", "C:evil.inspector", "no plain name"),
        ("analysis_file", "con.inspector", "no plain name"),
        ("analysis_file", "case.json", "no plain name"),
        ("analysis_file", ".hidden.inspector", "no plain name"),
        ("analysis_file", "a\\b.inspector", "no plain name"),
        ("path", "//server/share/a.mp4", "path is"),
        ("path", "\\\\server\\share\\a.mp4", "path is"),
        ("path", "a\u0000b", "path is"),
        ("guess", "//server/share", "path is"),
        ("sha256", "12", "SHA-256"),
        ("sha256", None, "damaged"),
        ("size_bytes", -1, "SHA-256 or size"),
        ("label", "x" * 600, "too long"),
        ("label", "1\u202egnp", "cannot be printed"),
        ("exhibit_id", 2, "share a number"),
    ],
)
def test_a_strangers_list_is_refused_in_one_sentence(folder, clips, field, value, words):
    made(folder, *clips)
    change(folder, **{field: value})
    with pytest.raises(CaseError, match=words) as refused:
        open_case(folder)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"schema": "other/1"}', b"[" * 100_000])
def test_what_is_no_case_is_refused(folder, data):
    folder.mkdir(parents=True)
    (folder / CASE_JSON).write_bytes(data)
    with pytest.raises(CaseError):
        open_case(folder)


def test_a_huge_list_is_not_read(folder, monkeypatch):
    folder.mkdir(parents=True)
    monkeypatch.setattr(case_folder, "MOST_BYTES", 1 << 20)
    (folder / CASE_JSON).write_bytes(b" " * ((1 << 20) + 1))
    with pytest.raises(CaseError, match="larger than"):
        open_case(folder)


def test_a_folder_without_a_case_says_so(tmp_path):
    with pytest.raises(CaseError, match=r"holds no case\.json"):
        open_case(tmp_path)


@pytest.mark.parametrize("suffix", ["", "-journal", "-wal"])
def test_links_that_lead_writing_elsewhere_are_refused(tmp_path, folder, clips, suffix):
    case = made(folder, clips[0])
    (folder / (case.exhibits[0].analysis_file + suffix)).symlink_to(tmp_path / "victim")
    with pytest.raises(CaseError, match="leads out of"):
        open_case(folder)
    assert not (tmp_path / "victim").exists()


def test_a_linked_list_is_replaced_not_followed(tmp_path, folder, clips):
    made(folder, clips[0])
    outside = tmp_path / "outside.json"
    shutil.move(folder / CASE_JSON, outside)
    (folder / CASE_JSON).symlink_to(outside)
    before, opened = outside.read_bytes(), open_case(folder)
    save_case(folder, Case("Port"), opened.stamp)
    assert outside.read_bytes() == before
    assert not (folder / CASE_JSON).is_symlink()


def test_place_is_relative_below_and_beside(tmp_path):
    folder = tmp_path / "work" / "case"
    assert noted_path(folder, folder / "in" / "a.mp4") == ("in/a.mp4", "")
    assert noted_path(folder, tmp_path / "work" / "clips" / "a.mp4") == ("../clips/a.mp4", "")
    assert noted_path(folder, tmp_path / "a.mp4") == (str(tmp_path / "a.mp4"), "../../a.mp4")


# --- the case files of the exhibits ----------------------------------------------------------------------------------


@pytest.fixture
def exhibit():
    return CaseExhibit(1, "K-7", "../a.mp4", CLIP.sha256, 1, "a.inspector")


def begun(path: Path) -> None:
    with CaseFile.open(path) as kept:
        kept.begin(CLIP, case_settings(), "m")


def case_settings():
    from inspector.domain.settings import Settings

    return Settings()


def finish(path: Path, conclusion: str) -> None:
    """Store a result as far as the list reads it."""
    with CaseFile.open(path) as kept, kept.database.transaction() as db:
        result = {"summary": {"conclusion": conclusion}, "clip": {"path": CLIP.path}, "mean": 0.1 + 0.2}
        db.execute("UPDATE analyses SET result = ?", (json.dumps(result),))


def test_outcomes_are_read_and_those_of_other_clips_refused(tmp_path):
    path = tmp_path / "a.inspector"
    assert not outcome_of(path, CLIP.sha256).is_begun
    assert not path.exists()
    begun(path)
    assert outcome_of(path, CLIP.sha256).conclusion is None
    assert outcome_of(path, CLIP.sha256).is_begun
    finish(path, "inconclusive")
    assert outcome_of(path, CLIP.sha256).conclusion is Conclusion.INCONCLUSIVE
    with pytest.raises(CaseError, match="another clip"):
        outcome_of(path, "2" * 64)
    finish(path, "authentic")
    with pytest.raises(CaseError, match="damaged"):
        outcome_of(path, CLIP.sha256)


def test_reconciling_fills_the_cover_and_keeps_what_the_examiner_wrote(tmp_path, exhibit):
    with CaseFile.open(tmp_path / "a.inspector") as kept:
        kept.set_case_info(CaseInfo(examiner="A. Roe", exhibit="old"))
        reconcile(kept, exhibit, Path("a.mp4"), Case("Harbour", examiner="B. Doe", organisation="Desk"))
        found = kept.case_info()
        assert found == CaseInfo("Harbour", "A. Roe", "Desk", "K-7", found.created_at)
        assert found.created_at, "the date of creation stays"


def test_a_moved_clip_is_noted_in_its_analyses_once(tmp_path):
    path = tmp_path / "a.inspector"
    begun(path)
    finish(path, "inconclusive")
    with CaseFile.open(path) as kept:
        for _ in range(2):
            point_to(kept, CLIP.sha256, tmp_path / "new.mp4")
        point_to(kept, "2" * 64, Path("other.mp4"))
        assert kept.read(1).clip().path == str(tmp_path / "new.mp4")
        ((result,),) = kept.database.rows("SELECT result FROM analyses")
        assert json.loads(result) == {
            "summary": {"conclusion": "inconclusive"}, "clip": {"path": str(tmp_path / "new.mp4")}, "mean": 0.1 + 0.2,
        }  # fmt: skip
        assert [e.action for e in kept.audit()].count("evidence found at another path") == 1


def test_an_analysis_is_copied_whole_and_never_over_another(tmp_path):
    source, target = tmp_path / "a.inspector", tmp_path / "b.inspector"
    begun(source)
    (tmp_path / ".b.inspector.x1.partial").write_bytes(b"left by a kill")
    case_folder.copy_analysis(source, target)
    assert outcome_of(target, CLIP.sha256).is_begun
    finish(source, "inconclusive")
    case_folder.copy_analysis(source, target)
    assert outcome_of(target, CLIP.sha256).conclusion is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.inspector", "b.inspector"]


@pytest.mark.skipif(os.name != "posix", reason="limits are of POSIX")
def test_a_copy_that_the_disk_does_not_take_leaves_nothing_and_names_its_folder(tmp_path):
    import resource

    source, folder = tmp_path / f"{CLIP.sha256}.inspector", tmp_path / "case"
    begun(source)
    with closing(sqlite3.connect(source)) as db, db:
        db.execute("CREATE TABLE more AS SELECT zeroblob(4000000)")  # more than SQLite keeps in memory
    folder.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9000, hard))
    try:
        with pytest.raises(CaseError) as caught:
            case_folder.copy_analysis(source, folder / source.name)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(folder) in str(caught.value)
    assert CLIP.sha256 not in str(caught.value)
    assert not list(folder.iterdir())


# --- the export ------------------------------------------------------------------------------------------------------


def test_the_export_lists_all_and_hashes_what_lies_there(tmp_path):
    folder = tmp_path / "out"
    (folder / "1_a").mkdir(parents=True)
    (folder / "1_a" / "report.pdf").write_bytes(b"%PDF")
    entries = [
        Entry("1", "a.mp4", "1" * 64, 5, "inconclusive", "1_a"),
        Entry("<2>", "b & c.mp4", "2" * 64, 5, "", "", f"It ended. {faults.record_text('A line of the log.')}"),
    ]
    write_case_report(folder, Case("<Harbour>"), entries)
    summary = json.loads((folder / "case-summary.json").read_text())
    assert [e["folder"] for e in summary["exhibits"]] == ["1_a", ""]
    assert summary["exhibits"][1]["reason"] == "It ended.", "whose computer it was is nobody's business"
    page = (folder / "index.html").read_text()
    assert "&lt;Harbour&gt;" in page
    assert "b &amp; c.mp4" in page
    assert "<2>" not in page
    assert set(read_manifest(folder / MANIFEST)) == {"1_a/report.pdf", "VERIFY.txt", "case-summary.json", "index.html"}


def test_report_folders_are_plain_and_different():
    exhibits = [CaseExhibit(n, label, path, "", 0, "") for n, (label, path) in enumerate(
        [("1", "../a b.mp4"), ("1", "a b.mkv"), ("../x", "y.mp4"), ("", "…")])]  # fmt: skip
    names = report_folder_names(exhibits)
    assert names == ["1_a_b", "1_a_b-2", "x_y", "exhibit"]
