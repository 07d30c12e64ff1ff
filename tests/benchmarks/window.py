"""Time from the start of the process to a window that is on the screen."""

from __future__ import annotations

import json
import subprocess
import sys

_CHILD = """
import json, sys, time
start = time.perf_counter()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from inspector.ui import app
shown = []
def look():
    tops = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.width() > 300]
    if tops:
        shown.append(time.perf_counter() - start)
        QApplication.closeAllWindows()
        QApplication.quit()
    else:
        QTimer.singleShot(1, look)
QTimer.singleShot(0, look)
app.run([])
print(json.dumps({"seconds": shown[0], "torch": "torch" in sys.modules, "mediapipe": "mediapipe" in sys.modules}))
"""


def opening(runs: int = 5) -> dict[str, object]:
    """Median of several starts, interpreter start not counted; and whether torch or mediapipe were imported."""
    found = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", _CHILD], capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    seconds = sorted(f["seconds"] for f in found)
    return {
        "median_s": round(seconds[len(seconds) // 2], 2),
        "worst_s": round(seconds[-1], 2),
        "imports_torch": any(f["torch"] for f in found),
        "imports_mediapipe": any(f["mediapipe"] for f in found),
    }
