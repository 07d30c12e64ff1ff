"""What is drawn over the picture: pure functions `render(painter, scene, view)` in one ordered table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QLinearGradient, QPainter, QPen

from inspector.domain.arrays import Floats, Image, Indices, Points
from inspector.domain.faces import Abstention, Face
from inspector.domain.geometry import Box
from inspector.domain.mesh import CONTOURS, MESH
from inspector.domain.scores import CamMap
from inspector.engine.analysis import cam_text
from inspector.ui.state import OverlayOptions
from inspector.ui.widgets.qimage import wrap_bgra
from inspector.ui.widgets.theme import picture_track_colour

_HEAT_SIDE = 96  # the map is drawn at this many points a side, then scaled by Qt
# Points of matplotlib's "inferno" (CC0, Smith and van der Walt 2015): even steps of lightness, readable in grey.
_INFERNO = np.array(
    [
        (0, 0, 4),
        (40, 11, 84),
        (101, 21, 110),
        (159, 42, 99),
        (212, 72, 66),
        (245, 125, 21),
        (250, 193, 39),
        (252, 255, 164),
    ],
    dtype=np.float64,
)
_COVERED_FROM = 0.25  # below this share of the scale the picture shows through ever more, at zero entirely
_LABEL_GROUND = QColor(0, 0, 0, 190)
_MESH_OPACITY = 0.5
_SUBPIXELS = 3  # bits of a pixel's fraction that the mesh is drawn to
_ROOM = 3  # pixels around the outermost landmarks, for the thickness of lines and dots
_LEVELS = 4096
_LEGEND_WIDTH = 380.0  # of Qt's pixels, where there is room

# layer uint8 (H, W, 4) BGRA; points float64 (n, 2), x and y in the layer's pixels; screen pixels per pixel of Qt's
_Draw = Callable[[Image, Floats, float], None]


@dataclass(frozen=True, slots=True)
class FaceMark:
    """One face of the frame with what the detector said of it: a probability, a reason for none, or neither yet."""

    track_id: int
    face: Face
    probability: float | None
    abstention: Abstention | None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that overlays of one frame can show; all of one pts."""

    marks: tuple[FaceMark, ...]
    cam: CamMap | None
    no_cam_text: str  # why there is no heat map (yet)
    selected_track: int | None
    options: OverlayOptions


@dataclass(frozen=True, slots=True)
class View:
    """Where the picture lies in the widget: scale (widget px per picture px), offset, and the widget's area."""

    scale: float
    x: float
    y: float
    area: QRectF
    font: QFont

    def rect(self, box: Box) -> QRectF:
        """A box of the picture in widget pixels."""
        return QRectF(
            self.x + box.x * self.scale, self.y + box.y * self.scale, box.width * self.scale, box.height * self.scale
        )

    def points(self, points: Points) -> Floats:
        """float (n, 2 or more) picture pixels to float64 (n, 2) widget pixels."""
        return points[:, :2].astype(np.float64) * self.scale + (self.x, self.y)


def heat_colours(strength: Floats, opacity: float) -> Image:
    """uint8 (..., 4) premultiplied BGRA of strengths 0..1: a faint map is faint in colour and in cover."""
    at = np.clip(strength, 0.0, 1.0)
    stops = np.linspace(0.0, 1.0, len(_INFERNO))
    rgb = np.stack([np.interp(at, stops, _INFERNO[:, channel]) for channel in (2, 1, 0)], axis=-1)
    alpha = opacity * np.minimum(at / _COVERED_FROM, 1.0)
    return np.concatenate([rgb * alpha[..., None], alpha[..., None] * 255.0], axis=-1).round().astype(np.uint8)


@lru_cache(maxsize=4)
def _heat_table(opacity: float) -> npt.NDArray[np.uint32]:
    """The colours of _LEVELS strengths from 0 to 1: a look-up takes a tenth of the time of reckoning each point."""
    return np.ascontiguousarray(heat_colours(np.linspace(0.0, 1.0, _LEVELS), opacity)).view(np.uint32)[:, 0]


@lru_cache(maxsize=8)
def heat_image(cam: CamMap, opacity: float) -> QImage:
    """The map against its track's one scale, as an image; negative values (evidence against) are not drawn."""
    import cv2  # here, since the window opens before OpenCV is loaded; when there is a frame to draw on, it is

    strength = np.zeros((2, 2), np.float32)
    if cam_text.has_scale(cam):
        grown = cv2.resize(cam.values, (_HEAT_SIDE, _HEAT_SIDE), interpolation=cv2.INTER_LINEAR)
        strength = np.clip(grown / cam.reference, 0.0, 1.0)
    pixels = _heat_table(opacity)[(strength * (_LEVELS - 1)).round().astype(np.intp)]
    return wrap_bgra(pixels).copy()


def render_heat_map(painter: QPainter, scene: Scene, view: View) -> None:
    """The heat map over its crop, and the scale it is drawn against."""
    if not scene.options.heat_map:
        return
    if scene.cam is None:
        at = QPointF(view.area.left() + 10, view.area.bottom() - 12)
        _label(painter, view, at, scene.no_cam_text, QColor("#d8d8d8"))
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    target = view.rect(scene.cam.crop)
    painter.drawImage(target, heat_image(scene.cam, round(scene.options.opacity, 2)))
    painter.setPen(QPen(QColor(255, 255, 255, 110), 1, Qt.PenStyle.DotLine))
    painter.drawRect(target)
    _scale_bar(painter, scene.cam, scene.options.opacity, view)


def legend_text(cam: CamMap) -> tuple[str, str]:
    """What stands above and below the scale: whose map it is, and in brief what the deletion check came to."""
    here = "empty here" if cam_text.is_empty(cam) else f"up to {cam_text.largest(cam):.3g} here"
    found = cam_text.outcome(cam)
    check = "" if found is None else f"Deletion check: {found.brief}"
    network = cam_text.network_of(cam.layer)
    whose = f"track {cam.track_id}, network {network}" if network else f"track {cam.track_id}"
    return f"Heat map of {whose} ({cam.method}), {here}", check


def _scale_bar(painter: QPainter, cam: CamMap, opacity: float, view: View) -> None:
    """What the colours mean, from nothing to the track's scale, within the area that the picture has."""
    metrics = QFontMetricsF(view.font)
    line, width = metrics.height(), min(view.area.width() - 36, _LEGEND_WIDTH)
    if width < 2 * line:
        return
    title, check = legend_text(cam)
    high = (3 if check else 2) * line + 20
    ground = QRectF(view.area.left() + 10, view.area.bottom() - high - 10, width + 16, high)
    painter.fillRect(ground, _LABEL_GROUND)
    painter.setPen(QColor("#e6e6e6"))
    painter.setFont(view.font)

    def draw_text(top: float, text: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(ground.left() + 8, top, width, line), align, text)

    draw_text(ground.top() + 4, title)
    bar = QRectF(ground.left() + 8, ground.top() + line + 8, width, 8)
    painter.fillRect(bar, QColor("#777777"))
    painter.fillRect(bar, QBrush(_scale_gradient(bar, opacity)))
    draw_text(bar.bottom() + 1, "0")
    draw_text(bar.bottom() + 1, cam_text.scale_text(cam), Qt.AlignmentFlag.AlignRight)
    draw_text(bar.bottom() + 1 + line, check)


def _scale_gradient(bar: QRectF, opacity: float) -> QLinearGradient:
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for at, colour in zip(np.linspace(0, 1, len(_INFERNO)), _INFERNO, strict=True):
        red, green, blue = (int(channel) for channel in colour)
        alpha = round(255 * opacity * min(at / _COVERED_FROM, 1.0))
        gradient.setColorAt(float(at), QColor(red, green, blue, alpha))
    return gradient


def render_landmarks(painter: QPainter, scene: Scene, view: View) -> None:
    """Each face's landmarks as points, contours or mesh, in its track's colour."""
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
    """Round dots, each the pixels whose middle lies in its circle; Qt takes five times as long, point by point."""
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

    _lay(painter, points, view, dots)


def _draw_contours(painter: QPainter, points: Floats, colour: QColor) -> None:
    ends = np.concatenate([points[CONTOURS[:, 0]], points[CONTOURS[:, 1]]], axis=1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.3))
    painter.drawLines([QLineF(*row) for row in ends.tolist()])


@cache
def _mesh_strips() -> tuple[Indices, list[slice]]:
    """The mesh as lines through many points each: the points' numbers in turn, and the part of them for each line.

    Each edge is in one line. OpenCV takes as long to be handed a line as to draw some twenty edges, so fewer and
    longer lines are drawn four times as fast.
    """
    left: dict[int, list[int]] = {}
    for start, end in MESH.tolist():
        left.setdefault(start, []).append(end)
        left.setdefault(end, []).append(start)
    found: list[list[int]] = []
    # A line that begins at a point with an odd number of edges ends at another: begin at those while there are any.
    for start in sorted(left, key=lambda point: len(left[point]) % 2 == 0):
        while left[start]:
            line = [start]
            while left[line[-1]]:
                following = left[line[-1]].pop()
                left[following].remove(line[-1])
                line.append(following)
            found.append(line)
    ends = np.cumsum([0, *map(len, found)]).tolist()
    return np.concatenate(found).astype(np.intp), [slice(*part) for part in pairwise(ends)]


def _draw_mesh(painter: QPainter, points: Floats, colour: QColor, view: View) -> None:
    """1,322 translucent lines one by one take Qt 8 to 15 ms, and come out brighter where they meet."""
    import cv2  # see heat_image

    def lines(layer: Image, at: Floats, ratio: float) -> None:
        order, parts = _mesh_strips()
        ends = (at * (1 << _SUBPIXELS)).round().astype(np.int32)[order]
        width = max(round(ratio), 1)
        cv2.polylines(layer, [ends[part] for part in parts], False, _bgra(colour), width, cv2.LINE_8, _SUBPIXELS)

    painter.setOpacity(_MESH_OPACITY)
    _lay(painter, points, view, lines)
    painter.setOpacity(1.0)


def _bgra(colour: QColor) -> tuple[int, int, int, int]:
    return colour.blue(), colour.green(), colour.red(), 255


def _lay(painter: QPainter, points: Floats, view: View, draw: _Draw) -> None:
    """Lay what `draw` puts into an empty layer about the points over the picture, as far as that is in sight.

    In the format that Qt copies by itself; for other ones it waits for other threads.
    """
    ratio = painter.device().devicePixelRatioF()
    seen = np.array([[view.area.left(), view.area.top()], [view.area.right(), view.area.bottom()]]) * ratio
    at = points * ratio
    left, top = np.floor(np.maximum(at.min(axis=0) - _ROOM * ratio, seen[0])).astype(int).tolist()
    right, bottom = np.ceil(np.minimum(at.max(axis=0) + _ROOM * ratio, seen[1])).astype(int).tolist()
    if right <= left or bottom <= top:
        return
    layer = np.zeros((bottom - top, right - left, 4), np.uint8)
    draw(layer, at - (left, top), ratio)
    image = wrap_bgra(layer)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(left / ratio, top / ratio), image)


def render_boxes(painter: QPainter, scene: Scene, view: View) -> None:
    """Each face's box with its track and its frame probability, or why there is none; abstentions are dashed."""
    if not scene.options.boxes:
        return
    for mark in scene.marks:
        colour = picture_track_colour(mark.track_id)
        width = 2.2 if mark.track_id == scene.selected_track else 1.2
        style = Qt.PenStyle.DashLine if mark.abstention is not None else Qt.PenStyle.SolidLine
        rect = view.rect(mark.face.box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 140), width + 2))
        painter.drawRect(rect)
        painter.setPen(QPen(colour, width, style))
        painter.drawRect(rect)
        _label(painter, view, QPointF(rect.left(), rect.top() - 4), mark_text(mark), colour)


def mark_text(mark: FaceMark) -> str:
    """What stands at a face's box."""
    if mark.abstention is not None:
        return f"Track {mark.track_id} · not scored: {mark.abstention.value}"
    if mark.probability is not None:
        return f"Track {mark.track_id} · frame probability {mark.probability:.2f}"
    return f"Track {mark.track_id}"


def _label(painter: QPainter, view: View, at: QPointF, text: str, colour: QColor) -> None:
    """Words on a dark ground whose lower left corner is at `at`, pushed into the widget's area."""
    metrics = QFontMetricsF(view.font)
    size = QRectF(0, 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 2)
    left = min(max(at.x(), view.area.left() + 2), max(view.area.right() - size.width() - 2, view.area.left() + 2))
    top = min(max(at.y() - size.height(), view.area.top() + 2), view.area.bottom() - size.height() - 2)
    ground = QRectF(left, top, size.width(), size.height())
    painter.fillRect(ground, _LABEL_GROUND)
    painter.setFont(view.font)
    painter.setPen(colour)
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)


def caption(painter: QPainter, view: View, text: str, line: int = 0) -> None:
    """What the picture is or what was done to it, in its upper left corner; `line` counts downwards."""
    height = QFontMetricsF(view.font).height() + 4
    at = QPointF(view.area.left() + 8, view.area.top() + 8 + height * (line + 1))
    _label(painter, view, at, text, QColor("#ffffff"))


Render = Callable[[QPainter, Scene, View], None]

# Painted in this order, the first at the bottom.
OVERLAYS: tuple[tuple[str, Render], ...] = (
    ("heat map", render_heat_map),
    ("landmarks", render_landmarks),
    ("boxes", render_boxes),
)
