"""Where a picture lies in its widget, and text drawn over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from inspector.domain.arrays import Floats, Points
from inspector.domain.geometry import Box

LABEL_BACKGROUND = QColor(0, 0, 0, 190)


@dataclass(frozen=True, slots=True)
class View:
    """The transform from picture to widget: widget pixels per picture pixel, and offset; and the widget's area."""

    scale: float
    x: float
    y: float
    area: QRectF
    font: QFont

    @property
    def line(self) -> float:
        """The height of a label with the space to the next, in widget pixels."""
        return QFontMetricsF(self.font).height() + 4

    def rect(self, box: Box) -> QRectF:
        """A box of the picture, in widget pixels."""
        return QRectF(
            self.x + box.x * self.scale, self.y + box.y * self.scale, box.width * self.scale, box.height * self.scale
        )

    def points(self, points: Points) -> Floats:
        """Picture pixels, float (n, 2 or more), as widget pixels, float64 (n, 2)."""
        return points[:, :2].astype(np.float64) * self.scale + (self.x, self.y)


def label_rect(view: View, at: QPointF, text: str) -> QRectF:
    """The background of a label with its lower left corner at `at`, moved into the view's area."""
    metrics = QFontMetricsF(view.font)
    size = QRectF(0, 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 2)
    left = min(max(at.x(), view.area.left() + 2), max(view.area.right() - size.width() - 2, view.area.left() + 2))
    top = min(max(at.y() - size.height(), view.area.top() + 2), view.area.bottom() - size.height() - 2)
    return QRectF(left, top, size.width(), size.height())


def free_label_rect(view: View, box: QRectF, text: str, taken: Sequence[QRectF], lines: int = 12) -> QRectF:
    """The background of a box's label that covers none of the others: above the box, below it, or further up or down.

    Where there is no such place within so many lines, inside the box, else above it.
    """
    above = label_rect(view, QPointF(box.left(), box.top() - 4), text)
    below = label_rect(view, QPointF(box.left(), box.bottom() + 4 + above.height()), text)
    step = above.height() + 2
    # All places lie in one column: among many faces few of the others do.
    column = QRectF(above.left(), view.area.top(), above.width(), view.area.height())
    near = [other for other in taken if other.intersects(column)]

    def is_free(place: QRectF) -> bool:
        return view.area.contains(place) and not any(place.intersects(other) for other in near)

    outside = (
        start.translated(0, way * line * step) for line in range(lines) for start, way in ((above, -1), (below, 1))
    )
    inside = (above.translated(0, above.height() + 8 + line * step) for line in range(lines))
    return next((place for place in (*outside, *inside) if is_free(place)), above)


def draw_label(painter: QPainter, view: View, at: QPointF, text: str, colour: QColor) -> None:
    """Draw text on a dark background with its lower left corner at `at`, moved into the view's area."""
    draw_label_in(painter, view, label_rect(view, at, text), text, colour)


def draw_label_in(painter: QPainter, view: View, background: QRectF, text: str, colour: QColor) -> None:
    """Draw text on a dark background."""
    painter.fillRect(background, LABEL_BACKGROUND)
    painter.setFont(view.font)
    painter.setPen(colour)
    painter.drawText(background, Qt.AlignmentFlag.AlignCenter, text)


def draw_caption(painter: QPainter, view: View, text: str, line: int = 0) -> None:
    """Draw a caption in the upper left corner of the picture; `line` counts lines downwards."""
    height = QFontMetricsF(view.font).height() + 4
    at = QPointF(view.area.left() + 8, view.area.top() + 8 + height * (line + 1))
    draw_label(painter, view, at, text, QColor("#ffffff"))
