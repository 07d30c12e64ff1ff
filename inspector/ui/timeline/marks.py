"""The marks on the ruler, each kind with its own shape: gaps, seams, key frames, shots, notes, bookmarks, range."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from inspector.domain.arrays import Floats
from inspector.ui.timeline.lanes.curve_items import LaneItem
from inspector.ui.timeline.lanes.curves import covered_columns
from inspector.ui.timeline.lanes.lane_items import GAP_PATTERN
from inspector.ui.widgets.language import tr_marked
from inspector.ui.widgets.theme import Theme

_CLOSEST_KEYS = 5.0  # pixels: key frames that lie closer together are not drawn
_MARGIN = 8


class Mark(StrEnum):
    """The kinds of marks in the order in which they are painted; the value is the text of the legend."""

    GAP = "gap: no picture"
    SEAM = "seam: time stamps not continuous"
    KEY = "key frame"
    SHOT = "shot begins"
    NOTE = "note"
    BOOKMARK = "bookmark"
    RANGE = "in and out"


class MarksItem(LaneItem):
    """Marks [start, end] in seconds by kind; for a mark without length, both are the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._starts = {kind: np.empty(0) for kind in Mark}
        self._ends = {kind: np.empty(0) for kind in Mark}
        self._texts: dict[Mark, list[str]] = {kind: [] for kind in Mark}

    def set_marks(self, kind: Mark, starts: Floats, ends: Floats | None = None, texts: list[str] | None = None) -> None:
        """Replace all marks of a kind: float64 (n,) seconds, ascending, and a tooltip for each."""
        self._starts[kind], self._ends[kind] = starts, starts if ends is None else ends
        self._texts[kind] = texts or []
        self.update()

    def starts(self, kind: Mark) -> Floats:
        """The starts of the marks of a kind, float64 (n,) seconds."""
        return self._starts[kind]

    def text_at(self, seconds: float, reach: float) -> list[str]:
        """The tooltips of the marks that contain a time or lie within `reach` seconds of it."""
        found = []
        for kind in (Mark.GAP, Mark.SEAM, Mark.SHOT, Mark.NOTE, Mark.BOOKMARK):
            hit = (self._starts[kind] - reach <= seconds) & (seconds <= self._ends[kind] + reach)
            texts = self._texts[kind]
            found += [texts[row] if texts else tr_marked(kind.value) for row in np.flatnonzero(hit)[:4]]
        return found

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the exposed part; of crowded marks, one per pixel column."""
        left, count, transform = self.columns_of(painter, option)
        area = transform.mapRect(self.boundingRect())
        left, count = left - _MARGIN, count + 2 * _MARGIN
        scale, start = transform.m11(), (left - transform.dx()) / transform.m11()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for kind in Mark:
            starts, ends = self._starts[kind], self._ends[kind]
            near = (ends >= start) & (starts <= start + count / scale)
            starts, ends = starts[near], ends[near]
            if not len(starts) or (kind is Mark.KEY and len(starts) * _CLOSEST_KEYS > count):
                continue
            if len(starts) > count:
                starts = start + np.flatnonzero(covered_columns(starts, ends, start, 1 / scale, count)) / scale
                ends = starts
            for first, last in zip(starts * scale + transform.dx(), ends * scale + transform.dx(), strict=True):
                draw_mark(painter, kind, QRectF(first, area.top(), last - first, area.height()), self.theme)


def draw_mark(painter: QPainter, kind: Mark, at: QRectF, theme: Theme) -> None:
    """Draw one mark over the height of `at`, on its left edge or along its width; the legend uses it too."""
    left, right, top, bottom = at.left(), at.right(), at.top(), at.bottom()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if kind is Mark.GAP:
        gap = QRectF(left, top, max(at.width(), 2.0), at.height())
        painter.fillRect(gap, QBrush(QColor(theme.problem), GAP_PATTERN))
    elif kind is Mark.SEAM:
        painter.setPen(QPen(QColor(theme.problem), 2))
        painter.drawLine(QPointF(left, top), QPointF(left, bottom))
        _draw_shape(painter, theme.problem, [(left - 4, bottom), (left + 4, bottom), (left, bottom - 6)])
    elif kind is Mark.KEY:
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(QPointF(left, bottom - 4), QPointF(left, bottom))
    elif kind is Mark.SHOT:
        painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(left, top), QPointF(left, bottom))
        _draw_shape(painter, theme.text, [(left - 3, top), (left + 3, top), (left, top + 4)])
    elif kind is Mark.NOTE:
        middle = at.center().y()
        if right > left:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawLine(QPointF(left, middle), QPointF(right, middle))
            painter.drawLine(QPointF(right, middle - 4), QPointF(right, middle + 4))
        painter.fillRect(QRectF(left - 4, middle - 4, 8, 8), QColor(theme.accent))
        painter.fillRect(QRectF(left - 2, middle - 2, 4, 1), QColor(theme.plot))
        painter.fillRect(QRectF(left - 2, middle + 1, 4, 1), QColor(theme.plot))
    elif kind is Mark.BOOKMARK:
        _draw_shape(painter, theme.accent, [(left - 4, top + 1), (left + 4, top + 1), (left + 4, top + 12),
                                            (left, top + 8), (left - 4, top + 12)])  # fmt: skip
    else:
        _draw_brackets(painter, at, theme)


def _draw_brackets(painter: QPainter, at: QRectF, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.playhead), 2))
    for x, inward in ((at.left(), 4), (at.right(), -4)):
        painter.drawLine(QPointF(x, at.top()), QPointF(x, at.bottom()))
        for y in (at.top() + 1, at.bottom() - 1):
            painter.drawLine(QPointF(x, y), QPointF(x + inward, y))


def _draw_shape(painter: QPainter, colour: str, points: list[tuple[float, float]]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
