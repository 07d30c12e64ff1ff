"""Face landmarks over the picture, as points, contours or mesh."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.domain.arrays import Floats, Image, Indices
from inspector.domain.mesh import CONTOURS, MESH
from inspector.ui.picture.scene import Scene
from inspector.ui.picture.view import View
from inspector.ui.widgets.qimage import wrap_bgra
from inspector.ui.widgets.theme import picture_track_colour

_MESH_OPACITY = 0.5
_SUBPIXELS = 3  # bits of a pixel's fraction to which the mesh is drawn
_MARGIN = 3  # pixels around the outermost landmarks, for the width of lines and dots

# Arguments: layer uint8 (H, W, 4) BGRA; points float64 (n, 2) in the layer's pixels; screen pixels per widget pixel.
_Draw = Callable[[Image, Floats, float], None]


def render_landmarks(painter: QPainter, scene: Scene, view: View) -> None:
    """Draw each face's landmarks as points, contours or mesh, in its track's colour."""
    style = scene.options.landmarks
    if style == "off":
        return
    for mark in scene.marks:
        if mark.face.landmarks is None:
            continue
        points, colour = view.points(mark.face.landmarks.points), picture_track_colour(mark.track_id)
        if style == "points":
            _draw_points(painter, points, colour, view)
        elif style == "contours":
            _draw_contours(painter, points, colour)
        else:
            _draw_mesh(painter, points, colour, view)


def _draw_points(painter: QPainter, points: Floats, colour: QColor, view: View) -> None:
    """Draw round dots: all pixels whose centre lies within a circle. Qt takes five times as long."""
    size = min(max(1.6 * view.scale, 1.6), 5.0)

    def dots(layer: Image, at: Floats, ratio: float) -> None:
        radius = size * ratio / 2
        reach = np.arange(-math.ceil(radius), math.ceil(radius) + 1)
        x, y = (np.floor(at[:, axis]).astype(np.intp)[:, None] + reach for axis in (0, 1))
        near_x, near_y = ((pixel + 0.5 - at[:, axis, None]) ** 2 for axis, pixel in enumerate((x, y)))
        row, down, across = np.nonzero(near_y[:, :, None] + near_x[:, None, :] <= radius**2)
        rows, columns = y[row, down], x[row, across]
        is_inside = (rows >= 0) & (rows < layer.shape[0]) & (columns >= 0) & (columns < layer.shape[1])
        layer[rows[is_inside], columns[is_inside]] = _bgra(colour)

    _draw_layer(painter, points, view, dots)


def _draw_contours(painter: QPainter, points: Floats, colour: QColor) -> None:
    ends = np.concatenate([points[CONTOURS[:, 0]], points[CONTOURS[:, 1]]], axis=1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.3))
    painter.drawLines([QLineF(*row) for row in ends.tolist()])


@cache
def _mesh_strips() -> tuple[Indices, list[slice]]:
    """The mesh as a few long lines: the indices of all their points, and the slice of each line.

    Each edge belongs to one line. Passing a line to OpenCV takes as long as drawing some twenty edges, so a few long
    lines are drawn four times as fast as many short ones.
    """
    remaining: dict[int, list[int]] = {}
    for start, end in MESH.tolist():
        remaining.setdefault(start, []).append(end)
        remaining.setdefault(end, []).append(start)
    found: list[list[int]] = []
    # A line that begins at a point with an odd number of edges ends at another such point, so these come first.
    for start in sorted(remaining, key=lambda point: len(remaining[point]) % 2 == 0):
        while remaining[start]:
            line = [start]
            while remaining[line[-1]]:
                following = remaining[line[-1]].pop()
                remaining[following].remove(line[-1])
                line.append(following)
            found.append(line)
    ends = np.cumsum([0, *map(len, found)]).tolist()
    return np.concatenate(found).astype(np.intp), [slice(*part) for part in pairwise(ends)]


def _draw_mesh(painter: QPainter, points: Floats, colour: QColor, view: View) -> None:
    """Draw the mesh with OpenCV: Qt takes 8 to 15 ms for its 1,322 lines, and they get brighter where they cross."""
    import cv2  # imported here because the window opens before OpenCV is loaded

    def lines(layer: Image, at: Floats, ratio: float) -> None:
        order, parts = _mesh_strips()
        ends = (at * (1 << _SUBPIXELS)).round().astype(np.int32)[order]
        width = max(round(ratio), 1)
        cv2.polylines(layer, [ends[part] for part in parts], False, _bgra(colour), width, cv2.LINE_8, _SUBPIXELS)

    painter.setOpacity(_MESH_OPACITY)
    _draw_layer(painter, points, view, lines)
    painter.setOpacity(1.0)


def _bgra(colour: QColor) -> tuple[int, int, int, int]:
    return colour.blue(), colour.green(), colour.red(), 255


def _draw_layer(painter: QPainter, points: Floats, view: View, draw: _Draw) -> None:
    """Let `draw` paint into an empty layer around the points, and draw the visible part of that layer.

    The layer is in screen pixels, so that nothing is resampled.
    """
    ratio = painter.device().devicePixelRatioF()
    seen = np.array([[view.area.left(), view.area.top()], [view.area.right(), view.area.bottom()]]) * ratio
    at = points * ratio
    left, top = np.floor(np.maximum(at.min(axis=0) - _MARGIN * ratio, seen[0])).astype(int).tolist()
    right, bottom = np.ceil(np.minimum(at.max(axis=0) + _MARGIN * ratio, seen[1])).astype(int).tolist()
    if right <= left or bottom <= top:
        return
    layer = np.zeros((bottom - top, right - left, 4), np.uint8)
    draw(layer, at - (left, top), ratio)
    image = wrap_bgra(layer)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(left / ratio, top / ratio), image)
