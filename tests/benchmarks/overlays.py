"""What overlays and filters cost per 1080p frame, in the window's own code without a screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from inspector.domain.arrays import Points
from inspector.domain.faces import Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.scores import CamMap
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.filters import filters
from inspector.engine.filters.table import FILTERS, default_step
from inspector.ui.picture.overlays import paint_overlays
from inspector.ui.picture.scene import FaceMark, Scene
from inspector.ui.picture.view import View
from inspector.ui.state import OverlayOptions
from tests.clips import moving_portrait

WIDTH, HEIGHT = 1920, 1080
_RUNS = 60
_FACE_HEIGHT = 420.0


def _milliseconds(make: Callable[[], Callable[[], object]], runs: int = _RUNS) -> dict[str, float]:
    """Times of the function that `make` returns; `make` is called for each run, so that caches are empty.

    Both this thread's processor time and the wall clock: on a busy machine the clock includes waiting for a core.
    """
    clock, cpu = [], []
    for _ in range(runs):
        work = make()
        start, used = time.perf_counter(), time.thread_time()
        work()
        clock.append(1000 * (time.perf_counter() - start))
        cpu.append(1000 * (time.thread_time() - used))
    return {
        "cpu_median_ms": round(float(np.median(cpu)), 2),
        "cpu_p95_ms": round(float(np.percentile(cpu, 95)), 2),
        "clock_median_ms": round(float(np.median(clock)), 2),
    }


@cache
def _portrait_points() -> Points:
    """The landmarks of the tests' portrait as float32 (478, 3), about their middle, for a face 420 px high."""
    with FaceFinder() as finder:
        found = finder.find(moving_portrait((640, 480))(0), 0)[0]
    assert found.landmarks is not None
    points = found.landmarks.points
    bounds = found.landmarks.bounds
    middle = np.array([*bounds.centre, 0.0], dtype=np.float32)
    return ((points - middle) * np.float32(_FACE_HEIGHT / bounds.height)).astype(np.float32)


def _face(track: int, faces: int) -> FaceMark:
    x, y, side = WIDTH * track / (faces + 1), HEIGHT / 2, _FACE_HEIGHT
    points = _portrait_points() + np.array([x, y, 0.0], dtype=np.float32)
    box = Box(x - side / 2, y - side / 2, side, side)
    return FaceMark(track, Face(0, box, LandmarkSet(points), 0.9), 0.5, None)


def _scene(faces: int, options: OverlayOptions) -> Scene:
    marks = tuple(_face(track, faces) for track in range(1, faces + 1))
    values = np.random.default_rng(0).random((7, 7), dtype=np.float32)
    cam = CamMap(1, 0, marks[0].face.box.expanded(1.3), values, 1.0, "layer", "GradCAM", 1.0, 0.2)
    return Scene(marks, cam if options.heat_map else None, "", 1, options)


def _painting(faces: int, options: OverlayOptions) -> Callable[[], Callable[[], object]]:
    canvas = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, WIDTH, HEIGHT), QFont())

    def make() -> Callable[[], object]:
        scene = _scene(faces, options)

        def paint() -> None:
            painter = QPainter(canvas)
            paint_overlays(painter, scene, view)
            painter.end()

        return paint

    return make


def overlays() -> dict[str, object]:
    """Each overlay alone and all together, for one face and for four, of 420 px."""
    application = QApplication.instance() or QApplication([])
    kinds = {
        "boxes": OverlayOptions(),
        "heat map": OverlayOptions(heat_map=True, boxes=False),
        "points": OverlayOptions(boxes=False, landmarks="points"),
        "contours": OverlayOptions(boxes=False, landmarks="contours"),
        "mesh": OverlayOptions(boxes=False, landmarks="mesh"),
        "all with mesh": OverlayOptions(heat_map=True, landmarks="mesh"),
    }
    found = {
        f"{name}, {faces} face{'s' * (faces > 1)}": _milliseconds(_painting(faces, options))
        for name, options in kinds.items()
        for faces in (1, 4)
    }
    del application
    return dict(found)


def filter_times() -> dict[str, object]:
    """Each filter with its default parameters on a 1080p frame; they run beside the UI thread."""
    rng = np.random.default_rng(1)
    small = rng.integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), dtype=np.uint8)
    image = np.ascontiguousarray(np.kron(small, np.ones((8, 8, 1), np.uint8)))
    previous = np.roll(image, 3, axis=1)

    def filtering(name: str) -> Callable[[], Callable[[], object]]:
        chain = (default_step(name),)
        return lambda: lambda: filters.apply(chain, image, previous)

    return {name: _milliseconds(filtering(name), 12) for name in FILTERS}
