"""Fixtures: windows with the fake engine and their own folders. A Qt warning or a leaked thread fails the test."""

import gc
import io
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QStandardPaths, QTranslator, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.ui import app
from inspector.ui.dialogs.cover_dialog import CoverDialog
from inspector.ui.player.players import PLAYERS
from tests.clips import code_picture, make_clip
from tests.thread_player import ThreadChild
from tests.ui.engine import forks
from tests.ui.engine.forks import FORKS
from tests.ui.fake_engine import STRONG

# The log and the key in the user's own folder, as the settings are, and working files in the system's temporary one.
OWN = {"faults.py", "installation.py", "work_folder.py"}
WINDOW = f"{os.sep}inspector{os.sep}ui{os.sep}"
FAKE_ENGINE = [sys.executable, "-I", "-S", forks.__file__]


@pytest.fixture(scope="session")
def qapp_cls():
    return QApplication


class PatientBot(QtBot):
    """Waits for what must happen as long as a busy machine may need; with the 5 s of pytest-qt, tests time the machine.

    `timeout` is in milliseconds, and a shorter one than the default is refused.
    """

    LEAST = 60_000

    def waitUntil(self, callback, *, timeout=LEAST):
        assert timeout >= self.LEAST
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=LEAST):
        assert timeout >= self.LEAST
        return super().waitSignal(signal, timeout=timeout)

    def waitExposed(self, widget):
        return super().waitExposed(widget, timeout=self.LEAST)

    @staticmethod
    def mouseDClick(*args, **kwargs):
        """A whole double click: that of Qt's tests ends with the button held down."""
        QtBot.mouseDClick(*args, **kwargs)
        QtBot.mouseRelease(*args, **kwargs)


@pytest.fixture
def qtbot(qapp, request):
    yield PatientBot(request)
    held = QApplication.mouseButtons()
    assert not held, f"{held} would be held down in the tests that follow in this process"


@pytest.fixture(autouse=True, scope="session")
def forks_of_the_fake_engine():
    """A process that has loaded what the fake engine needs, and forks one for each window."""
    if sys.platform != "linux":
        yield
        return
    with tempfile.TemporaryDirectory(prefix="forks-") as folder:  # the path of a socket may have a hundred characters
        os.environ[FORKS] = str(Path(folder) / "socket")
        command = [sys.executable, "-m", "tests.ui.engine.forks", "serve"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True):
            yield
        del os.environ[FORKS]


@pytest.fixture
def engine_process(monkeypatch):
    """The fake engine is the very process that the window starts, for tests that stop it by a signal."""
    monkeypatch.delenv(FORKS, raising=False)


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Settings and case files in the test's own folder."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    QStandardPaths.setTestModeEnabled(False)


@pytest.fixture(autouse=True)
def no_qt_warnings():
    """Fail a test in which Qt logs a message."""
    messages = []
    former = qInstallMessageHandler(lambda kind, context, text: messages.append(text))
    yield
    qInstallMessageHandler(former)
    assert not [text for text in messages if "propagateSizeHints" not in text]


@pytest.fixture
def work_of_a_thread():
    """The test itself does what a thread of the window does, such as reading a file."""


@pytest.fixture(autouse=True)
def no_disk_on_the_ui_thread(request, monkeypatch, tmp_path_factory):
    """Fail a test in which code of the window has the UI thread look at a disk: on a dead share it would never end.

    The program's own files do not count; `glance`, or a thread of its own, is for the others.
    """
    if "work_of_a_thread" in request.fixturenames:
        yield
        return
    own, found = str(tmp_path_factory.getbasetemp()), []

    def noticed(look):
        def looks(path, *args, **options):
            if threading.current_thread() is threading.main_thread() and str(path).startswith(own):
                frames = [frame.f_code.co_filename for frame, _line in traceback.walk_stack(None)]
                is_own = any(Path(name).name in OWN for name in frames)
                if not is_own and (of_window := [name for name in frames if WINDOW in name]):
                    found.append(f"{of_window[0]} {look.__name__} {path}")
            return look(path, *args, **options)

        return looks

    for name in ("stat", "lstat", "scandir", "listdir", "mkdir", "open", "unlink", "rmdir", "readlink"):
        monkeypatch.setattr(os, name, noticed(getattr(os, name)))
    monkeypatch.setattr(io, "open", noticed(io.open))
    monkeypatch.setattr(sqlite3, "connect", noticed(sqlite3.connect))
    yield
    assert not found


@pytest.fixture(autouse=True)
def language_of_the_next_test(qapp):
    """A test that shows another language leaves English to the next one."""
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)


@pytest.fixture(autouse=True)
def player_threads(nothing_left, monkeypatch):
    """The player's server is a thread of this process, except in the tests of its process."""
    monkeypatch.setattr(PLAYERS, "start_child", ThreadChild)
    yield
    PLAYERS.close()


@pytest.fixture(autouse=True)
def nothing_left(qapp):
    """Fail a test that leaves a thread or a top-level widget behind."""
    threads, widgets = set(threading.enumerate()), set(QApplication.topLevelWidgets())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()  # pyqtgraph's plots hold on to their menus until then
    end = time.monotonic() + 5
    while (left := [t for t in threading.enumerate() if t not in threads and counts(t)]) and time.monotonic() < end:
        qapp.processEvents()
        time.sleep(0.01)
    assert not left
    assert not [w for w in QApplication.topLevelWidgets() if w not in widgets]


def counts(thread):
    """Whether a thread is alive; Qt's threads appear as dummies, which stay listed after they have ended."""
    return thread.is_alive() and not isinstance(thread, threading._DummyThread)


@pytest.fixture
def make_window(qapp, qtbot):
    """Open windows; they are closed with their threads and processes at the end of the test."""
    app.make_application()
    windows = []

    def make(path=None, engine=FAKE_ENGINE):
        if not windows:
            qapp.setStyleSheet("")  # a window is built in half the time without one, as it is when the program starts
        window = app.make_window(path, engine)
        windows.append(window)
        window.resize(1366, 768)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in windows:
        # Unsaved changes refuse the first close; deleting an open window would abort the process.
        assert window.close() or window.close()
        window.deleteLater()
    qapp.processEvents()


@pytest.fixture
def opened(make_window, face_clip, qtbot):
    """A window that shows the first frame of the portrait clip."""
    window = make_window(face_clip)
    wait_shown(qtbot, window, 0)
    return window


@pytest.fixture
def active(opened, qtbot):
    """The same window with the focus in the picture, so that it gets keys."""
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.player.setFocus()
    return opened


@pytest.fixture
def analysed(opened, qtbot):
    """The same window after an analysis by the fake engine."""
    analyse(qtbot, opened)
    return opened


def wait_shown(qtbot, window, index):
    """Wait until the frame with this index is on the screen."""
    qtbot.waitUntil(lambda: window.session.shown is not None and window.session.shown.index == index)


def analyse(qtbot, window):
    """Analyse and wait until the case file was read back."""
    window.book["analyse"].trigger()
    qtbot.waitUntil(lambda: window.session.analysis is not None)
    qtbot.waitUntil(lambda: bool(window.session.faces))
    wait_signals(qtbot, window)
    wait_rows(window)


def export(window):
    """Write a report with the cover as it is."""
    window.book["export"].trigger()
    window.findChild(CoverDialog).go_on.click()


def wait_signals(qtbot, window):
    """Wait until the signals of the selected track are read from the case file."""
    session = window.session
    qtbot.waitUntil(lambda: session.signals is not None and session.signals.track_id == session.selected_track)


def strong_lane(window):
    """The timeline's lane of the fake engine's strong track, which is the second one."""
    return window.timeline.stack.tracks[STRONG]


def wait_rows(window):
    """Wait until the timeline has all its rows and has drawn them, in several iterations of the event loop."""
    while not window.timeline.stack.is_drawn:
        QCoreApplication.processEvents()


@pytest.fixture(scope="session")
def three(tmp_path_factory):
    """A clip, a shorter clip, and a broken file with the header of a clip."""
    folder = tmp_path_factory.mktemp("three")
    make_clip(folder / "a.mp4", frames=16, picture=code_picture)
    make_clip(folder / "b.mp4", frames=12, picture=code_picture)
    (folder / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\1" * 900)
    return folder
