"""The heat map over the picture: its colours, its scale and its legend."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QLinearGradient, QPainter, QPen

from inspector.domain.arrays import Floats, Image
from inspector.domain.scores import CamMap
from inspector.engine.analysis import cam_text
from inspector.ui.picture.scene import Scene
from inspector.ui.picture.view import LABEL_BACKGROUND, View, draw_label
from inspector.ui.widgets.engine_text import face_label, shown
from inspector.ui.widgets.language import tr, tr_marked
from inspector.ui.widgets.qimage import wrap_bgra

_SIDE = 96  # the map is coloured at this many points per side, then scaled by Qt
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
_COVERED_FROM = 0.25  # below this share of the scale the picture shows through, down to zero, where it shows fully
_LEVELS = 4096
_LEGEND_WIDTH = 380.0  # widget pixels, if there is enough room


def heat_colours(strength: Floats, opacity: float, *, is_grey: bool = False) -> Image:
    """Premultiplied BGRA, uint8 (..., 4), of strengths 0..1: the weaker, the darker and the more transparent.

    A map that failed its deletion check `is_grey`, and half as opaque.
    """
    at = np.clip(strength, 0.0, 1.0)
    stops = np.linspace(0.0, 1.0, len(_INFERNO))
    rgb = np.stack([np.interp(at, stops, _INFERNO[:, channel]) for channel in (2, 1, 0)], axis=-1)
    if is_grey:
        rgb, opacity = np.repeat(255.0 * at[..., None], 3, axis=-1), opacity / 2
    alpha = opacity * np.minimum(at / _COVERED_FROM, 1.0)
    return np.concatenate([rgb * alpha[..., None], alpha[..., None] * 255.0], axis=-1).round().astype(np.uint8)


@lru_cache(maxsize=4)
def _heat_table(opacity: float, is_grey: bool) -> npt.NDArray[np.uint32]:
    """The colours of _LEVELS strengths from 0 to 1; looking them up takes a tenth of the time of computing them."""
    return np.ascontiguousarray(heat_colours(np.linspace(0.0, 1.0, _LEVELS), opacity, is_grey=is_grey)).view(np.uint32)[
        :, 0
    ]


@lru_cache(maxsize=8)
def heat_image(cam: CamMap, opacity: float) -> QImage:
    """The map on its track's scale, as an image; negative values (evidence against manipulation) are not drawn."""
    import cv2  # imported here because the window opens before OpenCV is loaded

    strength = np.zeros((2, 2), np.float32)
    if cam_text.has_scale(cam):
        resized = cv2.resize(cam.values, (_SIDE, _SIDE), interpolation=cv2.INTER_LINEAR)
        strength = np.clip(resized / cam.reference, 0.0, 1.0)
    pixels = _heat_table(opacity, cam_text.is_unexplained(cam))[(strength * (_LEVELS - 1)).round().astype(np.intp)]
    return wrap_bgra(pixels).copy()


def render_heat_map(painter: QPainter, scene: Scene, view: View) -> None:
    """Draw the heat map over its crop, and its colour scale; or why there is no heat map."""
    if not scene.options.heat_map:
        return
    if scene.cam is None:
        at = QPointF(view.area.left() + 10, view.area.bottom() - 12)
        draw_label(painter, view, at, scene.no_cam_text, QColor("#d8d8d8"))
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    target = view.rect(scene.cam.crop)
    painter.drawImage(target, heat_image(scene.cam, round(scene.options.opacity, 2)))
    painter.setPen(QPen(QColor(255, 255, 255, 110), 1, Qt.PenStyle.DotLine))
    painter.drawRect(target)
    draw_scale(painter, scene, view)


def legend_text(cam: CamMap, name: str = "") -> tuple[str, str]:
    """The lines above and below the colour scale: which map it is, and the result of its deletion check."""
    here = tr("empty here") if cam_text.is_empty(cam) else tr("up to {largest:.3g} here", largest=cam_text.largest(cam))
    found = cam_text.outcome(cam)
    check = "" if found is None else tr("Deletion check: {result}", result=tr_marked(found.brief))
    if cam_text.is_unexplained(cam):
        check = tr_marked(cam_text.NOT_EXPLAINED)
    network = cam_text.network_of(cam.layer)
    name = name or face_label(cam.track_id)
    source = tr("{name}, network {network}", name=name, network=network) if network else name
    return tr("Heat map of {source} ({method}), {here}", source=source, method=cam.method, here=here), check


def scale_area(scene: Scene, view: View) -> QRectF:
    """Where the colour scale with its texts lies, in widget pixels; empty without a heat map or room for it."""
    line = QFontMetricsF(view.font).height()
    width = min(view.area.width() - 36, _LEGEND_WIDTH)
    if not scene.options.heat_map or scene.cam is None or width < 2 * line:
        return QRectF()
    high = (3 if legend_text(scene.cam, scene.cam_name)[1] else 2) * line + 20
    return QRectF(view.area.left() + 10, view.area.bottom() - high - 10, width + 16, high)


def draw_scale(painter: QPainter, scene: Scene, view: View) -> float:
    """Draw the scene's colour scale from zero to the track's scale, in the lower left corner of the view's area.

    Returns its upper edge in widget pixels.
    """
    cam, opacity = scene.cam, scene.options.opacity
    background = scale_area(scene, view)
    if cam is None or background.isEmpty():
        return view.area.bottom()
    title, check = legend_text(cam, scene.cam_name)
    metrics = QFontMetricsF(view.font)
    line, width = metrics.height(), background.width() - 16
    painter.fillRect(background, LABEL_BACKGROUND)
    painter.setPen(QColor("#e6e6e6"))
    painter.setFont(view.font)

    def write(top: float, text: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(background.left() + 8, top, width, line), align, text)

    write(background.top() + 4, title)
    bar = QRectF(background.left() + 8, background.top() + line + 8, width, 8)
    painter.fillRect(bar, QColor("#777777"))
    if not cam_text.is_unexplained(cam):
        painter.fillRect(bar, QBrush(_scale_gradient(bar, opacity)))
    write(bar.bottom() + 1, "0")
    write(bar.bottom() + 1, shown(cam_text.scale_text(cam)), Qt.AlignmentFlag.AlignRight)
    write(bar.bottom() + 1 + line, check)
    return background.top()


def _scale_gradient(bar: QRectF, opacity: float) -> QLinearGradient:
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for at, colour in zip(np.linspace(0, 1, len(_INFERNO)), _INFERNO, strict=True):
        red, green, blue = (int(channel) for channel in colour)
        alpha = round(255 * opacity * min(at / _COVERED_FROM, 1.0))
        gradient.setColorAt(float(at), QColor(red, green, blue, alpha))
    return gradient
