"""Single pixels: drawing a picture so that they can be counted, the pixel under a point, and pixel values."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from inspector.ui.picture.view import View
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.theme import mono_font

CELL_FROM = 40.0  # widget pixels per picture pixel from which three numbers fit into each
_VALUE_PT = 7.5


def paint_image(painter: QPainter, image: QImage, view: View, device_ratio: float) -> None:
    """Draw the visible part of a picture: averaged when shrunk, with sharp pixels from 1:1 on."""
    whole = QRectF(0, 0, image.width(), image.height())
    if view.scale * device_ratio < 1.0:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(_target(whole, view), image, whole)
        return
    # Whole pixels only, so that those at the edge are not scaled differently.
    visible = _visible(view).intersected(whole)
    if not visible.isEmpty():
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(_target(visible, view), image, visible)


def paint_problem(painter: QPainter, area: QRectF, problem: str) -> None:
    """Draw the reason why there is no picture."""
    paint_sentence(painter, area, tr("No picture at this point: {problem}", problem=shown(problem)) if problem else "")


def paint_sentence(painter: QPainter, area: QRectF, text: str) -> None:
    """Draw a sentence in place of a picture."""
    painter.setPen(Qt.GlobalColor.lightGray)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def pixel_at(size: QSize, view: View, point: QPointF) -> tuple[int, int] | None:
    """The pixel (x, y) under a point of the widget, or None outside the picture."""
    x, y = math.floor((point.x() - view.x) / view.scale), math.floor((point.y() - view.y) / view.scale)
    return (x, y) if 0 <= x < size.width() and 0 <= y < size.height() else None


def rgb_text(image: QImage, pixel: tuple[int, int]) -> str:
    """ "12 34 56": red, green and blue, 0 to 255."""
    colour = image.pixelColor(*pixel)
    return f"{colour.red()} {colour.green()} {colour.blue()}"


def paint_values(painter: QPainter, image: QImage, view: View) -> None:
    """Draw red, green and blue of each visible pixel in its cell."""
    painter.setFont(mono_font(_VALUE_PT))
    visible = _visible(view).intersected(QRectF(0, 0, image.width(), image.height())).toRect()
    for y in range(visible.top(), visible.bottom() + 1):
        for x in range(visible.left(), visible.right() + 1):
            colour = image.pixelColor(x, y)
            # Rec. 601 luma decides whether black or white text is easier to read on it.
            luma = 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()
            painter.setPen(QColor("black") if luma > 128 else QColor("white"))
            text = f"{colour.red()}\n{colour.green()}\n{colour.blue()}"
            painter.drawText(_target(QRectF(x, y, 1, 1), view), Qt.AlignmentFlag.AlignCenter, text)


def _visible(view: View) -> QRectF:
    """The rectangle of the pixels that the widget's area touches, in whole pixels."""
    left, top = (view.area.left() - view.x) / view.scale, (view.area.top() - view.y) / view.scale
    right, bottom = (view.area.right() - view.x) / view.scale, (view.area.bottom() - view.y) / view.scale
    return QRectF(QPointF(math.floor(left), math.floor(top)), QPointF(math.ceil(right), math.ceil(bottom)))


def _target(part: QRectF, view: View) -> QRectF:
    return QRectF(
        view.x + part.x() * view.scale,
        view.y + part.y() * view.scale,
        part.width() * view.scale,
        part.height() * view.scale,
    )
