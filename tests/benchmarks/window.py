"""Time from the start of the process to a window that is painted."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

# What `inspector` does for a window (inspector/__main__.py), with a clock after the first paint.
_CHILD = """
import gc, json, resource, sys, time
from inspector import cli
gc.disable()
from inspector.ui import app
make = app.make_window
def make_window(**options):
    window = make(**options)
    window.first_shown.connect(note)
    return window
def note():
    used = resource.getrusage(resource.RUSAGE_SELF)
    modules = [name for name in ("torch", "mediapipe", "cv2", "pyqtgraph") if name in sys.modules]
    print(json.dumps([time.time() - float(sys.argv[1]), used.ru_utime + used.ru_stime, modules]), flush=True)
    app.QApplication.closeAllWindows()
    app.QApplication.quit()
app.make_window = make_window
app.run([])
"""


def opening(runs: int = 9) -> dict[str, object]:
    """Median of several starts by the clock and in processor time; and whether slow libraries were imported."""
    found = []
    for _ in range(runs):
        command = [sys.executable, "-P", "-c", _CHILD, str(time.time())]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    seconds, processor, modules = zip(*found, strict=True)
    return {
        "median_s": round(statistics.median(seconds), 2),
        "worst_s": round(max(seconds), 2),
        "processor_s": round(statistics.median(processor), 2),
        "imports": sorted({name for each in modules for name in each}),
        "load": os.getloadavg()[0],
    }
