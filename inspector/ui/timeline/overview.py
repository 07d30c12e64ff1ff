"""The whole clip in one strip, with a frame around the range that the lanes show, which can be dragged and resized."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from inspector.domain.arrays import Floats
from inspector.ui.timeline.lanes.curves import LONGEST_JOIN_SECONDS, Pyramid, runs
from inspector.ui.timeline.lanes.lane_items import GAP_PATTERN
from inspector.ui.timeline.lanes.plots import LABEL_INDENT, LABEL_WIDTH, LEFT
from inspector.ui.widgets.language import keep_left_to_right, tr
from inspector.ui.widgets.theme import DARK, Theme, faded, ui_font

_HEIGHT = 28
_GRIP = 5  # pixels on each side of an edge of the viewport in which it can be dragged
_SEGMENT_HEIGHT = 4

Spans = Sequence[tuple[float, float]]
Segments = Sequence[tuple[float, float, bool]]  # start, end, and whether manipulation of its track is indicated


class Overview(QWidget):
    """Draws the highest moving mean of all tracks; `moved` asks for another visible range in seconds."""

    moved = Signal(object, object)  # float, float

    def __init__(self, right_margin: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self.setAccessibleName(tr("Overview of the whole clip"))
        self.setFixedHeight(_HEIGHT)
        self.setMouseTracking(True)
        self._right = 6 + right_margin
        self._theme = DARK
        self._end = 1.0
        self._curves: list[Pyramid] = []
        self._segments: Segments = ()
        self._gaps: Spans = ()
        self._view = (0.0, 1.0)
        self._playhead = 0.0
        self._drawn: QPixmap | None = None
        self._dragged: tuple[str, float] | None = None  # the part, and the distance from its start in seconds

    def set_theme(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self._theme = theme
        self._redraw()

    def set_content(self, end: float, curves: Sequence[Pyramid], segments: Segments, gaps: Spans) -> None:
        """Show the clip's length, the tracks' moving means, the segments and the gaps; all times in seconds."""
        self._end, self._curves, self._segments, self._gaps = end, list(curves), segments, gaps
        self._redraw()

    def set_view(self, start: float, end: float) -> None:
        """Mark the range that the lanes show, in seconds."""
        self._view = start, end
        self.update()

    @property
    def view(self) -> tuple[float, float]:
        """The marked range in seconds."""
        return self._view

    def set_playhead(self, seconds: float) -> None:
        """Move the playhead; only the columns that change are painted."""
        for at in (self._playhead, seconds):
            self.update(round(self._x(at)) - 2, 0, 5, _HEIGHT)
        self._playhead = seconds

    def _redraw(self) -> None:
        self._drawn = None
        self.update()

    # --- geometry ----------------------------------------------------------------------------------------------------

    def _plot_width(self) -> float:
        return max(self.width() - LEFT - self._right, 1)

    def _x(self, seconds: float) -> float:
        return LEFT + seconds / self._end * self._plot_width()

    def _seconds(self, x: float) -> float:
        return (x - LEFT) / self._plot_width() * self._end

    def seconds_at(self, x: float) -> float | None:
        """The time at an x coordinate in pixels; None beside the strip."""
        return self._seconds(x) if LEFT <= x <= LEFT + self._plot_width() else None

    def viewport_rect(self) -> QRectF:
        """The frame around the visible range, in pixels."""
        left, right = self._x(self._view[0]), self._x(self._view[1])
        return QRectF(left, 1, max(right - left, 4.0), _HEIGHT - 2)

    # --- painting ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the strip for the new width."""
        super().resizeEvent(event)
        self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cached strip, and the viewport and the playhead over it."""
        if self._drawn is None:
            ratio = self.devicePixelRatioF()
            self._drawn = QPixmap(self.size() * ratio)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(QColor(self._theme.plot))
            with QPainter(self._drawn) as inner:
                keep_left_to_right(inner)
                self._draw_strip(inner)
        painter = QPainter(self)
        keep_left_to_right(painter)
        painter.drawPixmap(0, 0, self._drawn)
        window = self.viewport_rect()
        shade = faded(self._theme.plot, 150)
        painter.fillRect(QRectF(LEFT, 0, window.left() - LEFT, _HEIGHT), shade)
        painter.fillRect(QRectF(window.right(), 0, LEFT + self._plot_width() - window.right(), _HEIGHT), shade)
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        painter.drawRect(window)
        painter.setPen(QPen(QColor(self._theme.playhead), 1))
        x = self._x(self._playhead)
        painter.drawLine(QPointF(x, 0), QPointF(x, _HEIGHT))
        painter.end()

    def _draw_strip(self, painter: QPainter) -> None:
        theme = self._theme
        painter.setFont(ui_font())
        painter.setPen(QColor(theme.muted))
        painter.drawText(
            QRectF(LABEL_INDENT, 0, LABEL_WIDTH - LABEL_INDENT, _HEIGHT),
            Qt.AlignmentFlag.AlignVCenter,
            tr("Whole clip"),
        )
        strip = QRectF(LEFT, 1, self._plot_width(), _HEIGHT - 2)
        painter.fillRect(strip, QColor(theme.field))
        self._draw_curve(painter)
        for start, end, is_indicated in sorted(self._segments, key=lambda segment: segment[2]):
            width = max(self._x(end) - self._x(start), 2.0)
            colour = QColor(theme.notable if is_indicated else theme.muted)
            painter.fillRect(QRectF(self._x(start), 1, width, _SEGMENT_HEIGHT), colour)
        for start, end in self._gaps:
            gap = QRectF(self._x(start), 1, max(self._x(end) - self._x(start), 2.0), _HEIGHT - 2)
            painter.fillRect(gap, QBrush(QColor(theme.problem), GAP_PATTERN))

    def _draw_curve(self, painter: QPainter) -> None:
        count = int(self._plot_width())
        highest = np.full(count, np.nan)
        for curve in self._curves:
            if len(curve):
                longest = int(LONGEST_JOIN_SECONDS / self._end * count) + 1
                highest = np.fmax(highest, _filled(curve.columns(0.0, self._end, count)[1], longest))
        floor = _HEIGHT - 2.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.text), 1))
        painter.setBrush(faded(self._theme.muted, 110))
        for first, last in runs(np.isfinite(highest)):
            heights = floor - highest[first:last] * (floor - _SEGMENT_HEIGHT - 3)
            line = [QPointF(LEFT + first + n + 0.5, y) for n, y in enumerate(heights)]
            painter.drawPolygon(QPolygonF([QPointF(line[0].x(), floor), *line, QPointF(line[-1].x(), floor)]))

    # --- the mouse ---------------------------------------------------------------------------------------------------

    def _part_at(self, x: float) -> str:
        window = self.viewport_rect()
        if abs(x - window.left()) <= _GRIP and window.width() > 3 * _GRIP:
            return "start"
        if abs(x - window.right()) <= _GRIP and window.width() > 3 * _GRIP:
            return "end"
        return "window" if window.left() <= x <= window.right() else "outside"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag the viewport; a press outside it moves it here first."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        part, at, (start, end) = self._part_at(x), self._seconds(x), self._view
        if part == "outside":
            part, start = "window", at - (end - start) / 2
            self._move(start)
            start = self._view[0]
        self._dragged = part, at - start

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the viewport or one of its edges."""
        x = event.position().x()
        if self._dragged is None:
            edge = self._part_at(x) in ("start", "end")
            self.setCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor)
            return
        part, offset = self._dragged
        at = min(max(self._seconds(x), 0.0), self._end)
        if part == "window":
            self._move(self._seconds(x) - offset)
        elif part == "start":
            self.moved.emit(min(at, self._view[1]), self._view[1])
        else:
            self.moved.emit(self._view[0], max(at, self._view[0]))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole clip."""
        self.moved.emit(0.0, self._end)

    def _move(self, start: float) -> None:
        length = self._view[1] - self._view[0]
        start = min(max(start, 0.0), max(self._end - length, 0.0))
        self.moved.emit(start, start + length)


def _filled(columns: Floats, longest: int) -> Floats:
    """Fill gaps of at most `longest` columns with the value before them; float64 (n,) in and out."""
    known = np.flatnonzero(np.isfinite(columns))
    if not len(known):
        return columns
    at = np.arange(len(columns))
    before = known[np.maximum(np.searchsorted(known, at, side="right") - 1, 0)]
    is_inside = (at >= known[0]) & (at <= known[-1]) & (at - before <= longest)
    return np.where(is_inside, columns[before], np.nan)
