"""The whole clip in one strip, with what is in sight below as a window on it that can be dragged and widened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from inspector.domain.arrays import Floats
from inspector.ui.timeline.lanes.curves import LONGEST_JOIN_SECONDS, Pyramid, runs
from inspector.ui.timeline.lanes.lane_items import AXIS_WIDTH, GAP_PATTERN, LABEL_WIDTH, SPACING
from inspector.ui.widgets.theme import DARK, Theme, ui_font

_HEIGHT = 28
_GRIP = 5  # pixels about an edge of the viewport that take hold of it
_SEGMENT_HEIGHT = 4
LEFT = 4 + LABEL_WIDTH + SPACING + AXIS_WIDTH  # where the lanes' plots begin

Spans = Sequence[tuple[float, float]]


class Overview(QWidget):
    """Draws the strongest smoothed probability of all tracks; `moved` asks for another range in seconds."""

    moved = Signal(object, object)  # float, float

    def __init__(self, right_margin: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self.setAccessibleName("Overview of the whole clip")
        self.setFixedHeight(_HEIGHT)
        self.setMouseTracking(True)
        self._right = 6 + right_margin
        self._theme = DARK
        self._end = 1.0
        self._curves: list[Pyramid] = []
        self._segments: Spans = ()
        self._gaps: Spans = ()
        self._view = (0.0, 1.0)
        self._playhead = 0.0
        self._drawn: QPixmap | None = None
        self._held: tuple[str, float] | None = None  # what is dragged, and how far from its start

    def set_theme(self, theme: Theme) -> None:
        """Take on a theme's colours."""
        self._theme = theme
        self._renew()

    def set_content(self, end: float, curves: Sequence[Pyramid], segments: Spans, gaps: Spans) -> None:
        """Where the clip ends, the tracks' smoothed curves, segments and gaps, all in seconds."""
        self._end, self._curves, self._segments, self._gaps = end, list(curves), segments, gaps
        self._renew()

    def set_view(self, start: float, end: float) -> None:
        """What is in sight in the lanes."""
        self._view = start, end
        self.update()

    @property
    def view(self) -> tuple[float, float]:
        """What is marked as in sight, in seconds."""
        return self._view

    def set_playhead(self, seconds: float) -> None:
        """Where the frame on the screen is; only the columns that change are painted."""
        for at in (self._playhead, seconds):
            self.update(round(self._x(at)) - 2, 0, 5, _HEIGHT)
        self._playhead = seconds

    def _renew(self) -> None:
        self._drawn = None
        self.update()

    # --- where things are --------------------------------------------------------------------------------------------

    def _room(self) -> float:
        return max(self.width() - LEFT - self._right, 1)

    def _x(self, seconds: float) -> float:
        return LEFT + seconds / self._end * self._room()

    def _seconds(self, x: float) -> float:
        return (x - LEFT) / self._room() * self._end

    def seconds_at(self, x: float) -> float | None:
        """The time at a place across, in pixels; None beside the strip."""
        return self._seconds(x) if LEFT <= x <= LEFT + self._room() else None

    def viewport_rect(self) -> QRectF:
        """The window on the strip, in pixels."""
        left, right = self._x(self._view[0]), self._x(self._view[1])
        return QRectF(left, 1, max(right - left, 4.0), _HEIGHT - 2)

    # --- painting ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew."""
        super().resizeEvent(event)
        self._renew()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The strip from store, and over it viewport and playhead."""
        if self._drawn is None:
            ratio = self.devicePixelRatioF()
            self._drawn = QPixmap(self.size() * ratio)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(QColor(self._theme.plot))
            with QPainter(self._drawn) as inner:
                self._draw_strip(inner)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        window = self.viewport_rect()
        shade = QColor(self._theme.plot)
        shade.setAlpha(150)
        painter.fillRect(QRectF(LEFT, 0, window.left() - LEFT, _HEIGHT), shade)
        painter.fillRect(QRectF(window.right(), 0, LEFT + self._room() - window.right(), _HEIGHT), shade)
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
        painter.drawText(QRectF(4, 0, LABEL_WIDTH, _HEIGHT), Qt.AlignmentFlag.AlignVCenter, "Whole clip")
        strip = QRectF(LEFT, 1, self._room(), _HEIGHT - 2)
        painter.fillRect(strip, QColor(theme.field))
        self._draw_strongest(painter)
        for start, end in self._segments:
            width = max(self._x(end) - self._x(start), 2.0)
            painter.fillRect(QRectF(self._x(start), 1, width, _SEGMENT_HEIGHT), QColor(theme.notable))
        for start, end in self._gaps:
            stretch = QRectF(self._x(start), 1, max(self._x(end) - self._x(start), 2.0), _HEIGHT - 2)
            painter.fillRect(stretch, QBrush(QColor(theme.problem), GAP_PATTERN))

    def _draw_strongest(self, painter: QPainter) -> None:
        count = int(self._room())
        strongest = np.full(count, np.nan)
        for curve in self._curves:
            if len(curve):
                longest = int(LONGEST_JOIN_SECONDS / self._end * count) + 1
                strongest = np.fmax(strongest, _filled(curve.columns(0.0, self._end, count)[1], longest))
        floor = _HEIGHT - 2.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.text), 1))
        fill = QColor(self._theme.muted)
        fill.setAlpha(110)
        painter.setBrush(fill)
        for first, last in runs(np.isfinite(strongest)):
            heights = floor - strongest[first:last] * (floor - _SEGMENT_HEIGHT - 3)
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
        """Take hold of the viewport; beside it, bring it here first."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        part, at, (start, end) = self._part_at(x), self._seconds(x), self._view
        if part == "outside":
            part, start = "window", at - (end - start) / 2
            self._move(start)
            start = self._view[0]
        self._held = part, at - start

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held."""
        x = event.position().x()
        if self._held is None:
            edge = self._part_at(x) in ("start", "end")
            self.setCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor)
            return
        part, offset = self._held
        at = min(max(self._seconds(x), 0.0), self._end)
        if part == "window":
            self._move(self._seconds(x) - offset)
        elif part == "start":
            self.moved.emit(min(at, self._view[1]), self._view[1])
        else:
            self.moved.emit(self._view[0], max(at, self._view[0]))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The whole clip."""
        self.moved.emit(0.0, self._end)

    def _move(self, start: float) -> None:
        length = self._view[1] - self._view[0]
        start = min(max(start, 0.0), max(self._end - length, 0.0))
        self.moved.emit(start, start + length)


def _filled(columns: Floats, longest: int) -> Floats:
    """Columns without a point take the value of the one before, for holes of at most `longest` columns."""
    known = np.flatnonzero(np.isfinite(columns))
    if not len(known):
        return columns
    at = np.arange(len(columns))
    before = known[np.maximum(np.searchsorted(known, at, side="right") - 1, 0)]
    is_inside = (at >= known[0]) & (at <= known[-1]) & (at - before <= longest)
    return np.where(is_inside, columns[before], np.nan)
