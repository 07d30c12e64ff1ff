"""How long the window's thread is blocked while an analysis runs and the clip plays."""

from __future__ import annotations

import numpy as np

from inspector.ui import app
from tests.benchmarks.clips import one_face
from tests.benchmarks.engine import Result
from tests.benchmarks.player import idle, until
from tests.watchdog import Watchdog

_LONGEST_SECONDS = 240.0


def while_analysing() -> Result:
    """The whole window with its engine on a 720p clip: the analysis runs while the clip plays in a loop.

    `late` is how late the watchdog's ticks were, without the time for which the machine gave the thread no core;
    `worked` is the thread's processor time between two ticks.
    """
    path = one_face(1280, 720, 30, 120)
    application, window = app.make_application(), app.make_window(path)
    window.resize(1680, 980)
    window.show()
    until(application, lambda: window.session.shown is not None, 60)
    opened = window.session.opened
    assert opened is not None
    window.ensure_timeline()
    idle(application, 1.0)
    with Watchdog() as watchdog:
        window.book["analyse"].trigger()
        window.session.set_range(int(opened.pts[0]), int(opened.pts[-1]))
        window.book["play"].trigger()
        until(application, lambda: window.session.analysis is not None, _LONGEST_SECONDS)
        window.controller.pause()
        idle(application, 0.5)
    window.close()
    return {"late": spread(watchdog.late()), "worked": spread(watchdog.worked()), "ticks": len(watchdog.ticks)}


def spread(seconds: list[float]) -> dict[str, float]:
    """The 99th percentile and the longest of times, in milliseconds, and how many are over 50."""
    times = 1000 * np.array(seconds)
    return {
        "p99_ms": round(float(np.percentile(times, 99)), 1),
        "longest_ms": round(float(times.max()), 1),
        "over_50_ms": int((times > 50).sum()),
    }
