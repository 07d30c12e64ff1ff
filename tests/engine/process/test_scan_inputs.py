"""Which files of the given paths a scan analyses; everything else is named with its reason."""

import os
from pathlib import Path

import pytest

from inspector.domain.errors import OutputError
from inspector.engine.process.scan_inputs import (
    EMPTY,
    FOLDER_LINK,
    LEADS_OUT,
    NOT_A_FILE,
    NOT_MEDIA,
    OWN_OUTPUT,
    find_inputs,
)


def test_folders_give_their_clips_and_name_what_they_left_out(tmp_path: Path):
    for name in ("b.MP4", "a.jpg", "notes.txt", ".hidden.mp4", "deep/c.webm", "named.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    named = tmp_path / "in" / "named.txt"
    found = find_inputs([tmp_path / "in", named, tmp_path / "gone.mp4", tmp_path / "in"])
    assert [p.name for p in found.wanted] == ["a.jpg", "b.MP4", "c.webm", "named.txt", "gone.mp4"]
    assert {(u.path.name, u.reason) for u in found.left_out} == {
        ("notes.txt", NOT_MEDIA), (".hidden.mp4", NOT_MEDIA), ("named.txt", NOT_MEDIA)
    }  # fmt: skip
    assert not found.unreadable


def test_broken_links_pipes_and_linked_folders_are_named(tmp_path: Path):
    folder, elsewhere = tmp_path / "in", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "x.mp4").touch()
    (folder / "gone.mp4").symlink_to(tmp_path / "missing.mp4")
    (folder / "linked.mp4").symlink_to(elsewhere / "x.mp4")
    (folder / "store").mkdir()
    (folder / "store" / "y.mp4").touch()
    (folder / "y.mp4").symlink_to("store/y.mp4")
    (folder / "hosts.mp4").symlink_to("/proc/self/environ")
    (folder / "more").symlink_to(elsewhere)
    (folder / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to(tmp_path / "missing.txt")
    os.mkfifo(folder / "pipe.mp4")
    found = find_inputs([folder])
    assert [p.name for p in found.wanted] == ["y.mp4", "y.mp4"]
    broken, *outside = found.unreadable
    assert broken.path.name == "gone.mp4"
    assert [(each.path.name, each.reason.endswith(LEADS_OUT)) for each in outside] == [
        ("hosts.mp4", True), ("linked.mp4", True),
    ], "a stranger's folder must not bring a file of the examiner's into a report"  # fmt: skip
    assert find_inputs([folder / "linked.mp4"]).wanted == [folder / "linked.mp4"], "who names it means it"
    (tmp_path / "way").symlink_to(folder)
    assert len(find_inputs([tmp_path / "way"]).wanted) == 2, "the folder itself may be a link"
    assert "link to a file that is missing" in broken.reason
    assert {u.path.name: u.reason for u in found.left_out if u.path.name != "gone.txt"} == {
        "more": FOLDER_LINK, "loop": FOLDER_LINK, "pipe.mp4": NOT_A_FILE
    }  # fmt: skip
    assert "gone.txt" in {u.path.name for u in found.left_out}


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Tests may run as root, who can list every folder: the refusal is made up."""
    (tmp_path / "in" / "locked").mkdir(parents=True)
    (tmp_path / "in" / "a.mp4").touch()
    listed = Path.iterdir

    def refuse(path: Path):
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    found = find_inputs([tmp_path / "in"])
    assert [p.name for p in found.wanted] == ["a.mp4"]
    (locked,) = found.unreadable
    assert "locked cannot be listed (Permission denied)" in locked.reason


def test_reports_below_the_scanned_folder_are_no_evidence(tmp_path: Path):
    out = tmp_path / "in" / "reports"
    (out / "clip-0123" / "figures").mkdir(parents=True)
    (out / "clip-0123" / "figures" / "frame.png").touch()
    (tmp_path / "in" / "a.mp4").touch()
    for way in (out, tmp_path / "in" / ".." / "in" / "reports"):
        found = find_inputs([tmp_path / "in"], way)
        assert [p.name for p in found.wanted] == ["a.mp4"]
        assert [(u.path, u.reason) for u in found.left_out] == [(out, OWN_OUTPUT)]
    beside = find_inputs([*(tmp_path / "in").iterdir()], out)
    assert [p.name for p in beside.wanted] == ["a.mp4"], "a shell's pattern names the output folder too"
    assert [u.reason for u in beside.left_out] == [OWN_OUTPUT]


def test_a_name_that_is_too_long_is_left_to_the_sentence_of_opening_it():
    path = Path("x" * 300 + ".mp4")
    assert find_inputs([path]).wanted == [path]


def test_a_link_that_leads_back_to_itself_is_not_one_to_a_missing_file(tmp_path: Path):
    (tmp_path / "a.mp4").symlink_to("a.mp4")
    (broken,) = find_inputs([tmp_path]).unreadable
    assert "(it is a link that leads back to itself)" in broken.reason


def test_a_scanned_folder_cannot_be_the_output_folder(tmp_path: Path):
    """Nothing of it would be analysed, and the scan said that it held no clip."""
    (tmp_path / "a.mp4").touch()
    with pytest.raises(OutputError, match="cannot be the output folder; choose another one with --out"):
        find_inputs([tmp_path], tmp_path)
    assert find_inputs([tmp_path / "a.mp4"], tmp_path).wanted == [tmp_path / "a.mp4"]


def test_a_folder_without_a_clip_is_an_input_that_failed(tmp_path: Path):
    """A wrong name of a folder must not pass for a scan that found nothing."""
    empty, out = tmp_path / "in" / "empty", tmp_path / "in" / "out"
    for folder in (empty, out):
        folder.mkdir(parents=True)
    (tmp_path / "in" / "notes.txt").touch()
    found = find_inputs([tmp_path / "in", empty, out], out)
    assert [unused.reason for unused in found.unreadable] == [f"{tmp_path / 'in'} {EMPTY}", f"{empty} {EMPTY}"]
    (tmp_path / "in" / "a.mp4").touch()
    assert not find_inputs([tmp_path / "in"]).unreadable, "the empty one below is not named"


def test_a_file_that_is_named_in_two_ways_is_one_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.mp4", "b.mp4"):
        Path(name).touch()
    wanted = find_inputs([Path("a.mp4"), tmp_path, tmp_path / "a.mp4"]).wanted
    assert wanted == [Path("a.mp4"), tmp_path / "b.mp4"], "in the order in which they are named first"
