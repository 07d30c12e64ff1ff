"""The program is ended from outside: what was computed is kept, and no process and no temporary file stays.

Each time a file dialog is open over a window that analyses and has a note which is not added yet.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import inspector
from inspector.engine.case.case_file import CaseFile
from tests.e2e.conftest import SIGNALS

PROGRAM = Path(inspector.__file__).resolve().parents[1]
USER = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from inspector.engine.process.confine import access
from inspector.ui.engine import client
from tests.e2e.script import run_through
from tests.ui.conftest import FAKE_ENGINE

def user(window):
    session = window.session
    yield lambda: session.shown is not None
    window.controller.annotator.add_note("R. Roe", "seen", None)
    yield lambda: bool(session.notes) and window.book["analyse"].isEnabled()
    window.book["analyse"].trigger()
    yield lambda: session.job is not None and session.job.frames_done > 0
    window.notes._text.setPlainText("not added")
    QTimer.singleShot(0, window.files.open_with_dialog)
    yield lambda: isinstance(QApplication.activeModalWidget(), QFileDialog)
    print("ready", window.controller.engine.process_id, flush=True)
    yield lambda: False

access.VARIABLE_PREFIXES += ("FAKE_ENGINE_",)
client.engine_command = lambda: FAKE_ENGINE
sys.exit(run_through(sys.argv[1:], user))
"""

pytestmark = pytest.mark.usefixtures("default_signals")


class Started:
    """The program at work, in a home of its own."""

    def __init__(self, folder: Path, clip: Path, *options: str) -> None:
        self.home, self.temporary = folder / "home", folder / "temporary"
        for each in (self.home, self.temporary):
            each.mkdir()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "COV"))}
        environment |= {"HOME": str(self.home), "TMPDIR": str(self.temporary), "PYTHONPATH": str(PROGRAM)}
        environment |= {"QT_QPA_PLATFORM": "offscreen", "FAKE_ENGINE_SLEEP_MS": "500"}
        command = [sys.executable, "-c", USER, *options, str(clip)]
        self.process = subprocess.Popen(
            command, env=environment, cwd=PROGRAM, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        ready = next((line for line in self.process.stdout if line.startswith("ready")), None)
        assert ready is not None, self.process.communicate()[1]
        self.engine = int(ready.split()[1])

    def end(self, number: signal.Signals) -> str:
        """Send a signal, and return what was printed when all processes have ended."""
        self.process.send_signal(number)
        _, printed = self.process.communicate(timeout=60)
        while Path(f"/proc/{self.engine}").exists():
            time.sleep(0.05)
        return printed

    def files(self) -> list[Path]:
        """Every file that was written."""
        return [path for root in (self.home, self.temporary) for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_that_ends_the_program_closes_it(face_clip, tmp_path, number):
    started = Started(tmp_path, face_clip)
    printed = started.end(number)
    assert started.process.returncode == 0
    assert "Traceback" not in printed
    assert list(started.temporary.iterdir()) == []
    (path,) = started.home.rglob("*.inspector")
    assert not list(path.parent.glob(f"{path.name}-*")), "no transaction is left open"
    with CaseFile.open(path, create=False) as case:
        assert [note.text for note in case.annotations.notes()] == ["seen"]
        assert len(list(case.read(1).frames())) >= 8


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_private_session_that_is_ended_leaves_no_file(face_clip, tmp_path, number):
    started = Started(tmp_path, face_clip, "--private")
    assert list(started.temporary.rglob("*.inspector"))
    started.end(number)
    while started.files():
        time.sleep(0.05)
    assert started.process.returncode == (0 if number == signal.SIGTERM else -number)


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_a_signal_that_is_ignored_stays_so(face_clip, tmp_path):
    """As of a program that was started with nohup."""
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        started = Started(tmp_path, face_clip)
    finally:
        signal.signal(signal.SIGHUP, former)
    status = Path(f"/proc/{started.process.pid}/status").read_text()
    ignored = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigIgn"))
    started.end(signal.SIGTERM)
    assert ignored & 1 << (signal.SIGHUP - 1)
