"""Seconds to the first scored frame: from the start of `inspector scan`, and from *Analyse* in the window."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from inspector.engine.resources import resource
from inspector.engine.selftest import CLIP

_RUNS = 5

# The scan with a clock in its parent process, where the answers of the engine process arrive.
_SCAN = """
import os, sys, time
from inspector.engine.process import protocol
read = protocol.unpack_answer
def timed(body):
    answer = read(body)
    if isinstance(answer, protocol.BatchDone) and any(score.logit is not None for score in answer.scores):
        print(time.time() - float(sys.argv[1]), flush=True)
        os._exit(0)
    return answer
protocol.unpack_answer = timed
from inspector.__main__ import main
main(["scan", sys.argv[2], "--out", sys.argv[3]])
"""

# A window that is idle for two seconds, opens the clip, and analyses it some seconds after its first picture.
_WINDOW = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from inspector.engine.process.protocol import BatchDone
from inspector.ui import app
from inspector.ui.window.main_window import MainWindow
path, wait, begun = Path(sys.argv[1]), float(sys.argv[2]), {}
def start(window):
    window.controller.engine.answered.connect(finish)
    window.controller.opener.opened.connect(
        lambda *_: QTimer.singleShot(round(wait * 1000), window, lambda: analyse(window)))
    window.controller.open_path(path)
def analyse(window):
    begun["at"] = time.perf_counter()
    window.controller.analyses.analyse()
def finish(answer):
    if not isinstance(answer, BatchDone) or all(score.logit is None for score in answer.scores):
        return
    print(time.perf_counter() - begun["at"], flush=True)
    QApplication.closeAllWindows()
    QApplication.quit()
def look():
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
    QTimer.singleShot(2000 if windows else 20, lambda: start(windows[0]) if windows else look())
QTimer.singleShot(0, look)
app.run(["--private"])
"""


def _seconds(code: str, *arguments: str) -> float:
    command = [sys.executable, "-P", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def _row(times: list[float]) -> dict[str, float]:
    return {"median_s": round(statistics.median(times), 2), "worst_s": round(max(times), 2)}


def first_number() -> dict[str, object]:
    """Medians of five runs with the demo clip: the scan, and the window right after opening and ten seconds later."""
    clip = str(resource(CLIP))
    scan, at_once, later = list[float](), list[float](), list[float]()
    for _ in range(_RUNS):
        with tempfile.TemporaryDirectory() as out:
            scan.append(_seconds(_SCAN, str(time.time()), clip, str(Path(out, "out"))))
        at_once.append(_seconds(_WINDOW, clip, "0"))
        later.append(_seconds(_WINDOW, clip, "10"))
    return {
        "scan_from_start_of_process": _row(scan),
        "window_right_after_opening": _row(at_once),
        "window_10_s_after_opening": _row(later),
        "load": os.getloadavg()[0],
    }
