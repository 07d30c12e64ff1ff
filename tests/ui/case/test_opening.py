"""A clip that takes long to hash says how far it is, and another one can be opened meanwhile."""

import time
from pathlib import Path
from threading import Event

from inspector.engine import percent
from inspector.engine.activity import Stage
from inspector.ui.case import opening
from inspector.ui.player import viewer
from inspector.ui.player.players import PLAYERS
from inspector.ui.session import Session
from inspector.ui.state import Task
from tests.clips import make_clip
from tests.ui.case.test_exhibit_list import rows, with_case, with_clips
from tests.ui.conftest import wait_shown


def test_the_percentage_is_on_the_card(make_window, face_clip, qtbot, monkeypatch):
    monkeypatch.setattr(percent, "_SECONDS", -1.0)
    said = []
    set_busy_percent = Session.set_busy_percent

    def noted(session, *values):
        set_busy_percent(session, *values)
        said.append(session.busy)

    monkeypatch.setattr(Session, "set_busy_percent", noted)
    window = make_window(face_clip)
    wait_shown(qtbot, window, 0)
    assert said[-1] == f"Opening {face_clip.name} and computing its SHA-256 … 100 %"
    assert window.session.busy == ""


def test_another_file_is_opened_at_once(make_window, face_clip, qtbot, monkeypatch, tmp_path):
    """A sparse file of terabytes would hold the window's only thread for files for hours."""
    large = make_clip(tmp_path / "large.mp4")
    hash_file, begun = opening.hash_file, []

    def slow(path, is_wanted, tell=None):
        if path == large:
            begun.append(path)
            while is_wanted():
                time.sleep(0.01)
        return hash_file(path, is_wanted, tell)

    monkeypatch.setattr(opening, "hash_file", slow)
    window = make_window(large)
    qtbot.waitUntil(lambda: bool(begun))
    window.controller.open_path(face_clip)
    wait_shown(qtbot, window, 0)
    assert window.session.clip.path == str(face_clip)
    assert not window.message_bar.text, "the first one was given up silently"


def test_a_clip_opened_while_another_is_indexed_takes_neither_its_text_nor_its_case_file(
    make_window, face_clip, qtbot, monkeypatch, tmp_path
):
    slow, begun, go_on = make_clip(tmp_path / "slow.mp4"), Event(), Event()

    class Frames(viewer.RemoteFrames):
        def __init__(self, clip, *values):
            if clip.path == str(slow):
                begun.set()
                assert go_on.wait(20)
            super().__init__(clip, *values)

    monkeypatch.setattr(viewer, "RemoteFrames", Frames)
    window, seen, read = make_window(slow), [], []
    session, store = window.session, window.controller.case_store
    session.clip_changed.connect(lambda _: seen.append((session.clip.path, session.case_path, session.busy)))
    store.evidence_opened.connect(read.append)
    qtbot.waitUntil(begun.is_set)
    window.controller.open_path(face_clip)
    qtbot.waitUntil(lambda: bool(read) and read[-1].clip.path == str(face_clip))
    assert session.busy.startswith(f"Opening {face_clip.name}")
    go_on.set()
    wait_shown(qtbot, window, 0)
    qtbot.waitUntil(lambda: session.clip.path == str(face_clip))
    assert session.busy == ""
    case_of = {path: case_path for path, case_path, _ in seen}
    assert list(case_of) == [str(slow), str(face_clip)]
    assert case_of[str(slow)].stem == opening.hash_file(slow)[:16], "not that of the other clip"
    assert Path(case_of[str(face_clip)]).stem == opening.hash_file(face_clip)[:16]
    assert seen[0][2].startswith(f"Opening {face_clip.name}"), "it is still being opened"


def test_the_index_of_a_clip_that_is_opened_has_a_percentage(make_window, face_clip, qtbot):
    window = make_window()
    session, store = window.session, window.controller.case_store
    session.set_busy(Task.OPENING, "Opening a.mp4 …")
    store.opening_path = face_clip
    PLAYERS.told(face_clip, Stage.INDEX, 12)
    qtbot.waitUntil(lambda: session.busy == f"Opening {face_clip.name} and reading its index … 12 %")
    PLAYERS.told(face_clip.with_name("other.mp4"), Stage.INDEX, 50)
    PLAYERS.told(face_clip, Stage.HASH, 60)
    qtbot.wait(50)
    assert session.busy.endswith("12 %"), "of another file, and of what is told elsewhere"
    session.end_busy(Task.OPENING)


def test_files_that_are_added_and_those_of_a_case_say_how_far_they_are_hashed(
    make_window, qtbot, three, tmp_path, monkeypatch
):
    monkeypatch.setattr(percent, "_SECONDS", -1.0)
    window, said = make_window(), []
    window.session.busy_changed.connect(said.append)
    with_clips(qtbot, window, three / "a.mp4", three / "b.mp4")
    assert "Computing the SHA-256 of a.mp4, file 1 of 2 … 100 %" in said
    assert "Computing the SHA-256 of b.mp4, file 2 of 2 … 100 %" in said
    with_case(qtbot, window, tmp_path / "case")
    said.clear()
    window.controller.exhibits.check(rows(window)[1])
    qtbot.waitUntil(lambda: said[-1:] == [""])
    assert said == ["Comparing the SHA-256 of b.mp4 … 100 %", ""]
