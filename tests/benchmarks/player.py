"""The player's speed in jumps, steps and playback, each beside plain PyAV on the same clip in the same run."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Condition

import av
import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from inspector.domain.clip import Gap
from inspector.engine.decode.decoder import open_clip
from inspector.engine.player.prefetch_thread import CACHE_BYTES, PrefetchThread
from inspector.ui import app
from inspector.ui.player.players import PLAYERS
from inspector.ui.player.remote_frames import RemoteFrames
from inspector.ui.widgets.qimage import to_qimage
from tests.benchmarks.clips import one_face
from tests.benchmarks.engine import Result, milliseconds, plain_decode

_JUMPS, _FRAMES, _RATE = 20, 500, 30
_SILENT_ENGINE = [sys.executable, "-c", "import sys; sys.stdin.read()"]
SPEEDS = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0, -1.0, -2.0, -8.0)


def jumps() -> Result:
    """Jumps in 1080p clips with 250-frame GOPs at two bit rates, one step back after each, and 40 more after some.

    Before each jump the clip is at its start, and nothing near the target is decoded. The reference is the time that
    PyAV takes to seek to the previous key frame and to decode forward to the same frame as RGB.
    """
    return {f"crf_{crf}": _jumps(one_face(1920, 1080, _RATE, _FRAMES, crf=crf)) for crf in (23, 18)}


def _jumps(path: Path) -> Result:
    clip = open_clip(path)
    draw = random.Random(0)
    ours, floors, steps, walks = [], [], [], []
    for number, index in enumerate(draw.choices(range(50, _FRAMES), k=_JUMPS)):
        prefetch = RemoteFrames(clip, Condition(), lambda index: None, lambda error: None)
        _look(prefetch, 0)
        time.sleep(0.2)  # until it has decoded what it keeps ready there
        ours.append(_timed(partial(_look, prefetch, index)))
        steps.append(_timed(partial(_look, prefetch, index - 1)))
        for back in range(2, 42 if number % 4 == 0 else 2):
            walks.append(_timed(partial(_look, prefetch, index - back)))
            time.sleep(0.02)  # as a held key repeats
        pts = int(prefetch.pts[index])
        prefetch.close()
        floors.append(_timed(partial(_plain_jump, path, pts)))
    PLAYERS.close()
    return {
        "megabits_a_second": round(path.stat().st_size * 8e-6 * _RATE / _FRAMES, 1),
        "random_seek": milliseconds(ours),
        "plain_pyav_seek": milliseconds(floors),
        "share_of_plain_pyav_p95": round(float(np.percentile(ours, 95) / np.percentile(floors, 95)), 2),
        "cold_step_back": milliseconds(steps),
        "forty_steps_back_behind_it": milliseconds(walks),
    }


def _look(frames: RemoteFrames, index: int) -> QImage | None:
    """Do what the viewer does for one frame, up to the image to paint."""
    frames.aim(index)
    frame = frames.fetch(index, lambda: False)
    assert frame is not None
    return None if isinstance(frame, Gap) else to_qimage(frame.image)


def _plain_jump(path: Path, pts: int) -> None:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        container.seek(pts, stream=stream)
        frame = next(f for f in container.decode(stream) if f.pts is not None and f.pts >= pts)
        frame.to_ndarray(format="rgb24")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def steps() -> Result:
    """Steps within a decoded GOP in the window: the time from the key press to the new picture, and to paint it.

    The reference is the time that PyAV takes to convert one decoded picture to RGB.
    """
    path = one_face(1920, 1080, 30, 500)
    application, window = app.make_application(), app.make_window(path, _SILENT_ENGINE)
    window.resize(1680, 980)
    window.show()
    until(application, lambda: window.session.shown is not None)
    found: dict[str, list[float]] = {"one_on": [], "one_back": []}
    window.controller.seek_index(150)
    until(application, lambda: _shown(window) == 150)
    idle(application, 3.0)
    for name, by, count in (("one_back", -1, 60), ("one_on", 1, 60)):
        for _ in range(count):
            at = _shown(window)
            start = time.perf_counter()
            window.controller.step(by)
            until(application, lambda wanted=at + by: _shown(window) == wanted)  # type: ignore[misc]
            found[name].append(time.perf_counter() - start)
            idle(application, 0.03)
    paints = [_timed(window.frame_view.repaint) for _ in range(40)]
    window.close()
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        floor = [_timed(lambda: frame.to_ndarray(format="rgb24")) for _ in range(40)]
    return {
        **{name: milliseconds(times) for name, times in found.items()},
        "paint_in_window": milliseconds(paints),
        "plain_pyav_convert": milliseconds(floor),
    }


def playing() -> Result:
    """A 1080p30 clip in the window at each speed: frames shown per second, and frames that were dropped."""
    path = one_face(1920, 1080, 30, 500)
    application, window = app.make_application(), app.make_window(path, _SILENT_ENGINE)
    window.resize(1680, 980)
    window.show()
    until(application, lambda: window.session.shown is not None)
    found: dict[str, object] = {}
    for speed in SPEEDS:
        found[f"{speed:g}x"] = _play(application, window, speed)
    window.close()
    frames, seconds = plain_decode(path)
    return {**found, "plain_pyav_frames_per_s": round(frames / seconds, 1)}


def _play(application: QApplication, window: app.MainWindow, speed: float, longest: float = 8.0) -> Result:
    first = 0 if speed > 0 else 499
    window.controller.seek_index(first)
    until(application, lambda: _shown(window) == first)
    idle(application, 1.0)
    viewer = window.controller.viewer
    shown, dropped, painted = viewer.frames_shown, viewer.frames_dropped, [0]
    link = window.session.shown_changed.connect(lambda _shown: painted.__setitem__(0, painted[0] + 1))
    start, cpu = time.perf_counter(), time.process_time()
    window.controller.set_speed(speed)
    window.controller.toggle_play()
    until(application, lambda: not window.session.playback.is_playing or time.perf_counter() - start > longest, 60)
    window.controller.pause()
    seconds = time.perf_counter() - start
    window.session.shown_changed.disconnect(link)
    covered = abs(_shown(window) - first) / 30
    return {
        "dropped": viewer.frames_dropped - dropped,
        "decoded_and_shown": viewer.frames_shown - shown,
        "on_the_screen": painted[0],
        "speed_reached": round(covered / seconds, 2),
        "cores_used_by_the_window": round((time.process_time() - cpu) / seconds, 2),
    }


def _shown(window: app.MainWindow) -> int:
    return -1 if window.session.shown is None else window.session.shown.index


def until(application: QApplication, is_so: Callable[[], bool], longest: float = 30.0) -> None:
    """Run the window until a condition is true. Raises TimeoutError."""
    end = time.perf_counter() + longest
    waker = QTimer(interval=1)
    waker.start()
    while not is_so():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not reach the expected state in time")
        application.processEvents()
        time.sleep(0.0005)
    waker.stop()


def idle(application: QApplication, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        application.processEvents()
        time.sleep(0.001)


def cache() -> Result:
    """The most memory that decoded pictures took on the way through a 1080p clip, and its limit."""
    prefetch = PrefetchThread(open_clip(one_face(1920, 1080, 30, 300)), Condition(), lambda index: None)
    prefetch.start()
    most = 0
    for index in range(0, len(prefetch), 3):
        prefetch.aim(index)
        prefetch.fetch(index, lambda: False)
        most = max(most, prefetch._cache.bytes)
    prefetch.close()
    return {"limit_mb": CACHE_BYTES >> 20, "most_mb": most >> 20}
