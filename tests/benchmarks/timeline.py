"""How long the timeline takes to paint, against the clip's length: three tracks of scores, 30 a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from PySide6.QtWidgets import QApplication

from inspector.domain.clip import Clip, Colour
from inspector.domain.faces import Abstention
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.ui import app
from inspector.ui.session import Session
from inspector.ui.state import OpenedClip, Shown
from inspector.ui.timeline.lanes.lane_stack import LaneStack
from inspector.ui.timeline.timeline import Timeline

RATE = 30
LENGTHS = {"1 min": 60, "10 min": 600, "2 h": 7200}
TRACKS = 3
_RUNS = 25


def make_clip(frames: int) -> Clip:
    """The facts of a clip without a file: nothing is decoded here."""
    base = Fraction(1, RATE)
    return Clip("none.mp4", "0" * 64, 1, "mp4", "h264", "yuv420p", 1920, 1080, 1920, 1080, 0, Fraction(1), Colour(),
                base, 0, frames, frames, Fraction(RATE), False, False, False)  # fmt: skip


def score(track: int, pts: int, rng: np.random.Generator) -> FaceScore:
    """A noisy score that rises and falls every 40 s, with some frames that were not scored."""
    box = Box(100.0 * track, 100.0, 200.0, 200.0)
    if rng.random() < 0.05:
        reason = (Abstention.PROFILE, Abstention.TOO_BLURRED)[pts // 90 % 2]
        return FaceScore(track, pts, None, None, None, reason, box)
    value = 0.5 + 0.35 * np.sin(2 * np.pi * pts / RATE / 40 + track) + rng.normal(0, 0.06)
    return FaceScore(track, pts, None, 0.0, float(np.clip(value, 0, 1)), None, box)


def _taken_ms(action: Callable[[int], object], runs: int = _RUNS) -> dict[str, float]:
    """Medians and the 95th percentile of the wall clock and of the UI thread's processor time."""
    clock, work = [], []
    for run in range(runs):
        start, worked = time.perf_counter(), time.thread_time()
        action(run)
        clock.append(1000 * (time.perf_counter() - start))
        work.append(1000 * (time.thread_time() - worked))
    return {
        "clock_ms": round(float(np.median(clock)), 2),
        "work_ms": round(float(np.median(work)), 2),
        "work_p95_ms": round(float(np.percentile(work, 95)), 2),
    }


def _first_fill(session: Session, stack: LaneStack) -> dict[str, float]:
    """The window's processor time until all scores are drawn: in total, and the longest turn of the event loop."""
    turns = []
    is_drawn = [False]
    link = stack.drawn.connect(lambda: is_drawn.__setitem__(0, True))
    actions: list[Callable[[], object]] = [lambda: session.add_scores((), ())]
    while actions or not is_drawn[0]:
        worked = time.thread_time()
        (actions.pop() if actions else QApplication.processEvents)()
        turns.append(1000 * (time.thread_time() - worked))
    for _ in range(3):  # the rest of the painting
        worked = time.thread_time()
        QApplication.processEvents()
        turns.append(1000 * (time.thread_time() - worked))
    stack.drawn.disconnect(link)
    return {"work_ms": round(sum(turns), 2), "longest_turn_ms": round(max(turns), 2)}


def one_length(seconds: int) -> dict[str, object]:
    """Paint times of one timeline of 1366 x 300 px, zoomed out to the whole clip."""
    frames = seconds * RATE
    clip, rng = make_clip(frames), np.random.default_rng(seconds)
    session = Session()
    timeline = Timeline(session)
    timeline.resize(1366, 300)
    timeline.show()
    is_key = np.arange(frames) % 250 == 0
    session.set_clip(OpenedClip(clip, np.arange(frames, dtype=np.int64), is_key), None)
    session.board.add(score(track, pts, rng) for track in range(1, TRACKS + 1) for pts in range(frames - 900))
    QApplication.processEvents()
    stack = timeline.stack
    filled = _first_fill(session, stack)

    def play(run: int) -> None:
        session.set_shown(Shown(clip, run * 20, run * 20, None, None))
        QApplication.processEvents()

    def zoom(run: int) -> None:
        timeline.zoom(0.8 if run < _RUNS // 2 else 1.25)
        stack.viewport().repaint()

    def grow(run: int) -> None:
        first = frames - 900 + 32 * run
        session.board.add(score(track, pts, rng) for track in range(1, TRACKS + 1) for pts in range(first, first + 32))
        stack.draw()

    found: dict[str, object] = {
        "points_per_track": frames,
        "first_fill": filled,
        "paint_whole": _taken_ms(lambda _run: stack.viewport().repaint()),
        "move_playhead": _taken_ms(play),
        "zoom_and_paint": _taken_ms(zoom),
        "32_more_frames_each": _taken_ms(grow),
    }
    timeline.stop()
    timeline.close()
    timeline.deleteLater()
    return found


def against_length() -> dict[str, object]:
    """Paint times for each length; a frame of 60 a second is 16.7 ms."""
    app.make_application()
    return {name: one_length(seconds) for name, seconds in LENGTHS.items()}
