"""The entry point: `inspector [CLIP]` opens the window and ends with it; unexpected errors are shown and logged."""

import sys
from types import ModuleType
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from inspector.__main__ import main
from inspector.ui import app
from inspector.ui.session import Session
from inspector.ui.window.main_window import MainWindow


def when(is_so, then, tries=600):
    """Run `then` from the event loop as soon as a condition holds; after a time limit, close all windows."""

    def look():
        nonlocal tries
        tries -= 1
        if is_so():
            then()
        elif tries:
            QTimer.singleShot(50, look)
        else:
            QApplication.closeAllWindows()

    QTimer.singleShot(0, look)


def windows():
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]


def test_main_opens_the_clip_and_ends_with_the_window(qapp, face_clip, monkeypatch):
    monkeypatch.setattr(
        "inspector.ui.engine.client.engine_command", lambda: [sys.executable, "-m", "tests.ui.fake_engine"]
    )
    seen = []

    def close():
        seen.append(windows()[0].session.clip.path)
        windows()[0].close()

    when(lambda: windows() and windows()[0].session.shown is not None, close)
    assert main([str(face_clip)]) == 0
    assert seen == [str(face_clip)]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_or_a_library_of_the_system_no_window_opens_and_one_sentence_says_why(monkeypatch, capsys):
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setitem(sys.modules, "inspector.ui.app", None)  # its import fails
    with pytest.raises(ImportError):
        main([])
    missing = ModuleType("inspector.ui.app")
    failing = Mock(side_effect=ImportError("libEGL.so.1: cannot open shared object file"))
    monkeypatch.setattr(missing, "__getattr__", failing, raising=False)
    monkeypatch.setitem(sys.modules, "inspector.ui.app", missing)
    assert main([]) == 1
    assert "a system library is missing (libEGL.so.1" in capsys.readouterr().err
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 1
    assert "there is no display" in capsys.readouterr().err


def test_an_unexpected_error_is_shown_and_logged_and_nothing_is_sent(qtbot, own_log, capsys):
    session, messages = Session(), []
    session.notice_posted.connect(messages.append)
    reporter = app.FaultReporter(session)
    before = sys.excepthook
    reporter.install()
    try:
        sys.excepthook(RuntimeError, RuntimeError("the moon fell"), None)
        qtbot.waitUntil(lambda: bool(messages))
    finally:
        reporter.remove()
    assert sys.excepthook is before
    assert "the moon fell" in messages[0].text
    assert messages[0].is_problem
    assert "the moon fell" in own_log.read_text()
    assert "the moon fell" in capsys.readouterr().err
