"""The window end to end, through `main()`: open, analyse, step, seek, explain, bookmark, note, report, reopen."""

import json
import os
import signal
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest

from inspector.domain.settings import Settings
from inspector.engine.codec import to_json
from inspector.ui import app, preferences
from inspector.ui.dialogs.cover_dialog import CoverDialog
from inspector.ui.preferences import Preferences
from inspector.ui.widgets import file_dialogs as dialogs
from tests.e2e.script import run_through
from tests.fakes import make_bundle
from tests.ui.conftest import FAKE_ENGINE, no_qt_warnings, nothing_left, own_folders, qapp_cls  # noqa: F401


@pytest.fixture(autouse=True)
def not_the_first_start(qapp):
    """The sheet of limits, which a first start shows, has its own test."""
    app.make_application()
    QSettings().setValue("was_used", "yes")


@pytest.fixture
def stand_in(monkeypatch):
    """Use the stand-in for the engine process."""
    monkeypatch.setattr("inspector.ui.engine.client.engine_command", lambda: FAKE_ENGINE)


def a_whole_day(folder, monkeypatch, seen):
    """What an examiner does with a clip, from opening it to its report."""

    def user(window):
        session, book = window.session, window.book
        yield lambda: session.shown is not None and session.shown.index == 0
        book["analyse"].trigger()
        yield lambda: session.analysis is not None and session.job is None
        for _ in range(3):
            book["frame_on"].trigger()
        yield lambda: session.shown.index == 3
        book["frame_back"].trigger()
        yield lambda: session.shown.index == 2
        book["go_to"].trigger()
        QTest.keyClicks(window.transport._goto, "30")
        window.transport._goto.returnPressed.emit()
        yield lambda: session.shown.index == 30
        track = session.board.track_ids[0]
        window.controller.show_frame(track, session.shown.pts)
        pts = session.shown.pts
        yield lambda: session.cam_at(track, pts) is not None
        book["bookmark"].trigger()
        yield lambda: len(session.bookmarks) == 1
        window.side.setCurrentWidget(window.notes)
        QTest.keyClicks(window.notes._text, "The edge of the jaw flickers.")
        window.notes._on_frame.click()
        yield lambda: len(session.notes) == 1
        monkeypatch.setattr(dialogs, "ask_for_report_folder", lambda *_: folder)
        book["export"].trigger()
        window.findChild(CoverDialog).go_on.click()
        yield lambda: "The report is in" in window.message_bar.text
        seen["scored"] = {track: len(series) for track, series in session.board.tracks.items()}
        seen["sha256"] = session.clip.sha256

    return user


def the_day_after(seen):
    """The same clip, opened again: all is there, and no analysis is made."""

    def user(window):
        session = window.session
        yield lambda: session.analysis is not None and bool(session.notes)
        assert session.job is None
        assert {track: len(series) for track, series in session.board.tracks.items()} == seen["scored"]
        assert [note.text for note in session.notes] == ["The edge of the jaw flickers."]
        assert session.notes[0].author == session.case_info.examiner == "A. Examiner"
        assert len(session.bookmarks) == 1
        assert session.clip.sha256 == seen["sha256"]
        window.controller.seek_pts(session.bookmarks[0].pts)
        yield lambda: session.shown.index == 30

    return user


def test_from_opening_to_the_report_and_again_the_day_after(stand_in, face_clip, tmp_path, monkeypatch):
    preferences.save(QSettings(), Preferences(examiner="A. Examiner", organisation="The Paper"))
    seen, folder = {}, tmp_path / "report"
    assert run_through([str(face_clip)], a_whole_day(folder, monkeypatch, seen)) == 0
    assert seen["scored"] == {3: 48, 7: 48}, "the tracks of the fake engine"
    assert (folder / "report.json").is_file()
    assert run_through([str(face_clip)], the_day_after(seen)) == 0


def test_the_same_with_the_engine_itself(face_clip, tmp_path, monkeypatch):
    settings = replace(Settings(), model=str(make_bundle(tmp_path / "bundle")), device="cpu", every=2)
    QSettings().setValue("settings", to_json(settings).decode())
    preferences.save(QSettings(), Preferences(examiner="A. Examiner"))
    seen, folder = {}, tmp_path / "report"
    assert run_through([str(face_clip)], a_whole_day(folder, monkeypatch, seen)) == 0
    assert seen["scored"] == {1: 24}
    report = json.loads((folder / "report.json").read_text())
    assert report["clip"]["sha256"] == seen["sha256"]
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert run_through([str(face_clip)], the_day_after(seen)) == 0


def test_a_killed_engine_costs_the_window_nothing(stand_in, face_clip, monkeypatch):
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "200")

    def user(window):
        session = window.session
        yield lambda: session.shown is not None
        window.book["analyse"].trigger()
        yield lambda: session.job is not None and session.job.frames_done > 0
        os.kill(window.controller.engine.process_id, signal.SIGKILL)
        yield lambda: "SIGKILL" in window.message_bar.text
        assert session.board.tracks
        monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "0")
        window.message_bar._button.click()
        yield lambda: session.analysis is not None
        assert {track: len(series) for track, series in session.board.tracks.items()} == {3: 48, 7: 48}

    assert run_through([str(face_clip)], user) == 0


def test_the_first_start_shows_the_limits_once(stand_in):
    QSettings().remove("was_used")
    sheets = []

    def user(window):
        from inspector.ui.dialogs.help_sheet import LimitsSheet

        yield lambda: True
        QTest.qWait(200)
        sheets.append(window.findChild(LimitsSheet) is not None)

    for _ in range(2):
        assert run_through([], user) == 0
    assert sheets == [True, False]


def test_a_clip_that_is_none_leaves_an_empty_window_that_says_why(stand_in, tmp_path):
    path = tmp_path / "none.mp4"
    path.write_bytes(b"no clip")

    def user(window):
        yield lambda: "none.mp4" in window.message_bar.text
        assert window.session.clip is None
        assert window._stack.currentWidget() is window.empty_state

    assert run_through([str(path)], user) == 0


def test_python_that_is_asked_for_a_window_ends_with_it():
    import subprocess

    code = (
        "import sys; from PySide6.QtCore import QTimer; from inspector.ui import app; a = app.make_application();"
        "QTimer.singleShot(1500, a.closeAllWindows); from inspector.__main__ import main; sys.exit(main([]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "QThread" not in done.stderr
