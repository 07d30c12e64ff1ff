"""Curves and areas of a lane, painted from pyramids in screen pixels, and only where the screen is to be renewed."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from inspector.ui.curves import Floats, Pyramid, joined, runs

_MARGIN = 3  # columns beside what is to be renewed, so that joints are drawn the same


class LaneItem(pg.GraphicsObject):  # type: ignore[misc]
    """What fills a lane from edge to edge; told by Qt which part of it is to be renewed."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        """All that is in sight, in the lane's own units."""
        return QRectF(self.viewRect()) if self.getViewBox() is not None else QRectF()

    def viewTransformChanged(self) -> None:
        """The area in sight is the item's own."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def columns_of(self, painter: QPainter, option: QStyleOptionGraphicsItem) -> tuple[int, int, QTransform]:
        """First pixel column to renew, how many, and the transform to pixels; the painter is left in pixels."""
        transform = painter.worldTransform()
        area = transform.mapRect(self.boundingRect() & option.exposedRect)
        painter.resetTransform()
        left = floor(area.left()) - _MARGIN
        return left, ceil(area.right()) + _MARGIN - left, transform


class AreaItem(LaneItem):
    """The area between two series over the same seconds: a curve's spread, or a waveform."""

    def __init__(self, colour: QColor, thickness: float = 0.0) -> None:
        super().__init__()
        self._colour, self._thickness = colour, thickness
        self.lower, self.upper = Pyramid(), Pyramid()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill what is to be renewed."""
        left, count, transform = self.columns_of(painter, option)
        if count <= 0 or not len(self.lower):
            return
        start, end = _seconds_at(transform, left), _seconds_at(transform, left + count)
        if self.lower.is_crowded(start, end, count):
            low, _ = self.lower.columns(start, end, count)
            _, high = self.upper.columns(start, end, count)
            x = left + np.arange(count) + 0.5
        else:
            seconds, low = self.lower.points(start, end)
            _, high = self.upper.points(start, end)
            x = seconds * transform.m11() + transform.dx()
        _fill(painter, x, *_to_pixels(transform, low, high), self._thickness, self._colour)


class CurveItem(LaneItem):
    """One curve: a line through its points, or, where they crowd, all that it covers in each pixel column."""

    def __init__(self, colour: QColor, width: float) -> None:
        super().__init__()
        self._colour, self._width = colour, width
        self.pyramid = Pyramid()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw what is to be renewed."""
        left, count, transform = self.columns_of(painter, option)
        if count <= 0 or not len(self.pyramid):
            return
        start, end = _seconds_at(transform, left), _seconds_at(transform, left + count)
        if self.pyramid.is_crowded(start, end, count):
            low, high = joined(*self.pyramid.columns(start, end, count))
            x = left + np.arange(count) + 0.5
            _fill(painter, x, *_to_pixels(transform, low, high), self._width, self._colour)
            return
        seconds, values = self.pyramid.points(start, end)
        pen = QPen(self._colour, self._width)
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        x, y = seconds * transform.m11() + transform.dx(), values * transform.m22() + transform.dy()
        for first, last in runs(np.isfinite(y)):
            if last - first == 1:
                painter.drawPoint(_polygon(x[first:last], y[first:last]).first())
            else:
                painter.drawPolyline(_polygon(x[first:last], y[first:last]))


def _seconds_at(transform: QTransform, column: float) -> float:
    return (column - transform.dx()) / transform.m11()


def _to_pixels(transform: QTransform, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Upper and lower edge in pixels; the screen's y points down."""
    return high * transform.m22() + transform.dy(), low * transform.m22() + transform.dy()


def _fill(painter: QPainter, x: Floats, top: Floats, bottom: Floats, thickness: float, colour: QColor) -> None:
    """Fill between two edges, at least `thickness` pixels high."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour))
    for first, last in runs(np.isfinite(top) & np.isfinite(bottom)):
        part = slice(first, last)
        # A lone column has no width as a polygon: it gets its own pixel.
        across = np.array([x[first] - 0.5, x[first] + 0.5]) if last - first == 1 else x[part]
        upper = np.broadcast_to(top[part], across.shape) - thickness / 2
        lower = np.broadcast_to(bottom[part], across.shape) + thickness / 2
        painter.drawPolygon(_polygon(np.concatenate([across, across[::-1]]), np.concatenate([upper, lower[::-1]])))


def _polygon(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> QPolygonF:
    """A polygon from coordinates without a Python loop."""
    polygon = pg.functions.create_qpolygonf(len(x))
    memory = pg.functions.ndarray_from_qpolygonf(polygon)
    memory[:, 0], memory[:, 1] = x, y
    return polygon  # type: ignore[no-any-return]
