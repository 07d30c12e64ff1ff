"""Curves and areas of a lane, painted from pyramids in screen pixels, and only in the exposed part."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF, QTransform, qRgba
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from inspector.domain.arrays import Floats
from inspector.ui.timeline.lanes.curves import Pyramid, joined, runs
from inspector.ui.widgets.qimage import wrap_indexed

_MARGIN = 3  # columns beside the exposed part, so that line joins look the same


class LaneItem(pg.GraphicsObject):  # type: ignore[misc]
    """An item that fills the visible part of a lane, and paints only what Qt reports as exposed."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        """The visible range, in the lane's own units."""
        return QRectF(self.viewRect()) if self.getViewBox() is not None else QRectF()

    def viewTransformChanged(self) -> None:
        """The bounding rectangle is the visible range, so it changes with it."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def columns_of(self, painter: QPainter, option: QStyleOptionGraphicsItem) -> tuple[int, int, QTransform]:
        """The first exposed pixel column, their number, and the transform to pixels; resets the painter to pixels."""
        transform = painter.worldTransform()
        area = transform.mapRect(self.boundingRect() & option.exposedRect)
        painter.resetTransform()
        left = floor(area.left()) - _MARGIN
        return left, max(ceil(area.right()) + _MARGIN - left, 0), transform


class AreaItem(LaneItem):
    """The area between two series at the same times: a curve's spread, or a waveform."""

    def __init__(self, colour: QColor, thickness: float = 0.0) -> None:
        super().__init__()
        self._colour, self._thickness = colour, thickness
        self.lower, self.upper = Pyramid(), Pyramid()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill the exposed part."""
        left, count, transform = self.columns_of(painter, option)
        start, end = _seconds_at(transform, left), _seconds_at(transform, left + count)
        if not count or not len(self.lower):
            return
        if self.lower.is_crowded(start, end, count):
            columns = round(count * painter.device().devicePixelRatioF())
            low, _ = self.lower.columns(start, end, columns)
            _, high = self.upper.columns(start, end, columns)
            _stamp(painter, left, transform, (low, high), self._thickness, self._colour)
            return
        seconds, low = self.lower.points(start, end)
        _, high = self.upper.points(start, end)
        _fill(painter, transform, seconds, (low, high), self._thickness, self._colour)


class CurveItem(LaneItem):
    """One curve: a line through its points or, where there are more points than columns, the range of each column."""

    def __init__(self, colour: QColor, width: float) -> None:
        super().__init__()
        self._colour, self._width = colour, width
        self.pyramid = Pyramid()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the exposed part."""
        left, count, transform = self.columns_of(painter, option)
        start, end = _seconds_at(transform, left), _seconds_at(transform, left + count)
        if not count or not len(self.pyramid):
            return
        if self.pyramid.is_crowded(start, end, count):
            columns = round(count * painter.device().devicePixelRatioF())
            covered = joined(*self.pyramid.columns(start, end, columns))
            _stamp(painter, left, transform, covered, self._width, self._colour)
            return
        seconds, values = self.pyramid.points(start, end)
        pen = QPen(self._colour, self._width)
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        x, y = seconds * transform.m11() + transform.dx(), values * transform.m22() + transform.dy()
        painter.setBrush(QBrush(self._colour))
        for first, last in runs(np.isfinite(y)):
            if last - first == 1:  # that of a clip of one picture lies at the edge, and half of it is seen
                painter.drawEllipse(_polygon(x[first:last], y[first:last]).first(), self._width, self._width)
            else:
                painter.drawPolyline(_polygon(x[first:last], y[first:last]))


class PointsItem(LaneItem):
    """Few values over time: points joined by a line; where they would run into each other, the line alone."""

    _RADIUS, _LEAST_APART = 2.5, 4.0  # pixels

    def __init__(self, colour: QColor) -> None:
        super().__init__()
        self._colour = colour
        self.seconds: Floats = np.zeros(0)
        self.values: Floats = np.zeros(0)

    def set_points(self, seconds: Floats, values: Floats) -> None:
        """Draw these values, float64 (n,), at these rising times."""
        self.seconds, self.values = seconds, values
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the exposed part."""
        left, count, transform = self.columns_of(painter, option)
        ends = _seconds_at(transform, left), _seconds_at(transform, left + count)
        first, last = np.searchsorted(self.seconds, ends)
        part = slice(max(int(first) - 1, 0), int(last) + 1)
        x = self.seconds[part] * transform.m11() + transform.dx()
        y = self.values[part] * transform.m22() + transform.dy()
        if not len(x):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, 1.5))
        painter.drawPolyline(_polygon(x, y))
        if len(x) * self._LEAST_APART <= max(count, 1):
            painter.setBrush(QBrush(self._colour))
            for across, down in zip(x.tolist(), y.tolist(), strict=True):
                painter.drawEllipse(QPointF(across, down), self._RADIUS, self._RADIUS)


def _seconds_at(transform: QTransform, column: float) -> float:
    return (column - transform.dx()) / transform.m11()


def _stamp(
    painter: QPainter, left: int, transform: QTransform, covered: tuple[Floats, Floats], width: float, colour: QColor
) -> None:
    """Fill pixel columns from `left` on between their (lowest, highest) values, at least `width` pixels high.

    It paints an image of how much of each pixel is covered, which takes a tenth of the time of a polygon in Qt.
    """
    ratio = painter.device().devicePixelRatioF()
    scale, shift, thick = transform.m22() * ratio, transform.dy() * ratio, width * ratio / 2
    known = np.isfinite(covered[0]) & np.isfinite(covered[1])
    if not known.any():
        return
    top = np.where(known, covered[1] * scale + shift - thick, np.inf).astype(np.float32)
    bottom = np.where(known, covered[0] * scale + shift + thick, -np.inf).astype(np.float32)
    first = max(floor(top.min()), 0)
    last = min(ceil(bottom.max()), round(painter.device().height() * ratio))
    if last <= first:
        return
    rows = np.arange(first, last, dtype=np.float32)[:, None]
    share = np.clip(np.minimum(rows + 1, bottom) - np.maximum(rows, top), 0, 1)
    levels = np.ascontiguousarray(share * 255, dtype=np.uint8)
    image = wrap_indexed(levels, _shades(colour.rgba()))
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(left, first / ratio), image)


@lru_cache(maxsize=64)
def _shades(colour: int) -> list[int]:
    """256 shades of an ARGB colour, from transparent to its own opacity."""
    red, green, blue, alpha = (colour >> shift & 255 for shift in (16, 8, 0, 24))
    return [qRgba(red, green, blue, level * alpha // 255) for level in range(256)]


def _fill(
    painter: QPainter,
    transform: QTransform,
    seconds: Floats,
    between: tuple[Floats, Floats],
    width: float,
    colour: QColor,
) -> None:
    """Fill between two series at the same times, at least `width` pixels high."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour))
    x = seconds * transform.m11() + transform.dx()
    bottom, top = (values * transform.m22() + transform.dy() for values in between)
    for first, last in runs(np.isfinite(top) & np.isfinite(bottom)):
        part = slice(first, last)
        across = np.concatenate([x[part], x[part][::-1]])
        painter.drawPolygon(_polygon(across, np.concatenate([top[part] - width / 2, bottom[part][::-1] + width / 2])))


def _polygon(x: Floats, y: Floats) -> QPolygonF:
    """A polygon from coordinates without a Python loop."""
    polygon = pg.functions.create_qpolygonf(len(x))
    memory = pg.functions.ndarray_from_qpolygonf(polygon)
    memory[:, 0], memory[:, 1] = x, y
    return polygon  # type: ignore[no-any-return]
