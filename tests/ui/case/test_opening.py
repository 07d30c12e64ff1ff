"""A clip that takes long to hash says how far it is, and another one can be opened meanwhile."""

import time

from inspector.engine import percent
from inspector.ui.case import opening
from inspector.ui.session import Session
from tests.clips import make_clip
from tests.ui.conftest import wait_shown


def test_the_percentage_is_on_the_card(make_window, face_clip, qtbot, monkeypatch):
    monkeypatch.setattr(percent, "_SECONDS", -1.0)
    said = []
    set_opened_percent = Session.set_opened_percent

    def noted(session, value):
        set_opened_percent(session, value)
        said.append(session.busy)

    monkeypatch.setattr(Session, "set_opened_percent", noted)
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
    qtbot.waitUntil(lambda: bool(begun), timeout=20_000)
    window.controller.open_path(face_clip)
    wait_shown(qtbot, window, 0)
    assert window.session.clip.path == str(face_clip)
    assert not window.message_bar.text, "the first one was given up silently"
