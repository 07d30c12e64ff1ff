"""What is painted behind and over a lane's curves: segments, abstentions, the selection and the inconclusive range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from inspector.domain.arrays import Floats
from inspector.domain.faces import Abstention
from inspector.ui.series import ABSTENTIONS
from inspector.ui.timeline.lanes.curve_items import LaneItem
from inspector.ui.timeline.lanes.curves import covered_columns, runs
from inspector.ui.widgets.theme import Theme, faded

GAP_PATTERN = Qt.BrushStyle.DiagCrossPattern
# Each reason has its own pattern, so that it is recognised without colour.
PATTERNS = {
    Abstention.NO_FACE: Qt.BrushStyle.Dense6Pattern,
    Abstention.TOO_SMALL: Qt.BrushStyle.HorPattern,
    Abstention.TOO_BLURRED: Qt.BrushStyle.Dense4Pattern,
    Abstention.PROFILE: Qt.BrushStyle.BDiagPattern,
    Abstention.OCCLUDED: Qt.BrushStyle.FDiagPattern,
    Abstention.DECODE_ERROR: Qt.BrushStyle.DiagCrossPattern,
}
_REASONS_ON_DARK = {
    Abstention.NO_FACE: "#9a9a9a",
    Abstention.TOO_SMALL: "#7fb6ff",
    Abstention.TOO_BLURRED: "#b79ae6",
    Abstention.PROFILE: "#4cc8c0",
    Abstention.OCCLUDED: "#d8c94a",
    Abstention.DECODE_ERROR: "#f07a70",
}
_REASONS_ON_LIGHT = {
    Abstention.NO_FACE: "#6a6a6e",
    Abstention.TOO_SMALL: "#2a64b8",
    Abstention.TOO_BLURRED: "#6a45b0",
    Abstention.PROFILE: "#00706a",
    Abstention.OCCLUDED: "#7a6a00",
    Abstention.DECODE_ERROR: "#b3261e",
}


def abstention_brush(theme: Theme, reason: Abstention) -> QBrush:
    """A reason's pattern in its colour."""
    colours = _REASONS_ON_LIGHT if theme.name == "light" else _REASONS_ON_DARK
    return QBrush(QColor(colours[reason]), PATTERNS[reason])


@dataclass(frozen=True, slots=True)
class Band:
    """A time range [start, end) in seconds, its colour, and the text of its tooltip."""

    start: float
    end: float
    colour: str
    text: str


class BandItem(LaneItem):
    """A few bands over a lane's full height, each with a bar along the top so that it is not known by colour alone."""

    def __init__(self) -> None:
        super().__init__()
        self.bands: list[Band] = []

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Replace all bands."""
        self.bands = sorted(bands, key=lambda band: band.start)
        self.update()

    def at(self, seconds: float) -> list[Band]:
        """The bands that contain a time."""
        return [band for band in self.bands if band.start <= seconds < band.end]

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the bands within the exposed columns."""
        left, count, transform = self.columns_of(painter, option)
        area = transform.mapRect(self.boundingRect())
        for band in self.bands:
            first, last = (transform.m11() * at + transform.dx() for at in (band.start, band.end))
            if last >= left and first <= left + count:
                rect = QRectF(first, area.top(), max(last - first, 1.0), area.height())
                painter.fillRect(rect, faded(band.colour, 56))
                painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 3), QColor(band.colour))


class AbstentionItem(LaneItem):
    """The times at which a track was not scored, each reason in its colour and pattern; any number of runs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.starts: Floats = np.empty(0)
        self.ends: Floats = np.empty(0)
        self.codes: npt.NDArray[np.uint8] = np.empty(0, np.uint8)

    def set_runs(self, starts: Floats, ends: Floats, codes: npt.NDArray[np.uint8]) -> None:
        """Replace all runs: seconds [start, end), ascending and disjoint, and indices into ABSTENTIONS."""
        self.starts, self.ends, self.codes = starts, ends, codes
        self.update()

    def at(self, seconds: float) -> Abstention | None:
        """The reason at a time, or None if the track was scored there."""
        row = int(np.searchsorted(self.starts, seconds, side="right")) - 1
        return ABSTENTIONS[self.codes[row]] if row >= 0 and seconds < self.ends[row] else None

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the exposed columns reason by reason, at most one rectangle per pixel column."""
        left, count, transform = self.columns_of(painter, option)
        if count <= 0 or not len(self.starts):
            return
        area = transform.mapRect(self.boundingRect())
        start = (left - transform.dx()) / transform.m11()
        first = int(np.searchsorted(self.ends, start))
        last = int(np.searchsorted(self.starts, start + count / transform.m11()))
        codes = self.codes[first:last]
        painter.setPen(Qt.PenStyle.NoPen)
        for code in np.unique(codes):
            chosen = codes == code
            starts, ends = self.starts[first:last][chosen], self.ends[first:last][chosen]
            brush = abstention_brush(self._theme, ABSTENTIONS[code])
            columns = runs(covered_columns(starts, ends, start, 1 / transform.m11(), count))
            rects = [QRectF(left + low, area.top(), high - low, area.height()) for low, high in columns]
            for fill in (QBrush(faded(brush.color(), 36)), brush):
                painter.setBrush(fill)
                painter.drawRects(rects)


class SpanItem(LaneItem):
    """Over everything else: dims what lies outside the in and out points, and highlights the selection."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setZValue(40)
        self._dim, self._fill, self._edge = faded(theme.plot, 150), faded(theme.accent, 60), QColor(theme.accent)
        self.range: tuple[float, float] | None = None
        self.selection: tuple[float, float] | None = None

    def set_spans(self, in_out: tuple[float, float] | None, selection: tuple[float, float] | None) -> None:
        """Show the range between in and out and the selection, in seconds; None where there is none."""
        if (in_out, selection) != (self.range, self.selection):
            self.range, self.selection = in_out, selection
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw both, in the lane's own units."""
        area = self.boundingRect()
        if self.range is not None:
            low, high = self.range
            painter.fillRect(_between(area, area.left(), min(low, area.right())), self._dim)
            painter.fillRect(_between(area, max(high, area.left()), area.right()), self._dim)
        if self.selection is not None:
            painter.fillRect(_between(area, *self.selection), self._fill)
            painter.setPen(QPen(self._edge, 0))
            for at in self.selection:
                painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))


def _between(area: QRectF, start: float, end: float) -> QRectF:
    return QRectF(start, area.top(), max(end - start, 0.0), area.height())


class LevelBand(LaneItem):
    """The range of probabilities that counts as inconclusive, dotted across the whole lane."""

    def __init__(self, low: float, high: float, colour: str) -> None:
        super().__init__()
        self._low, self._high, self._colour = low, high, faded(colour, 70)

    def boundingRect(self) -> QRectF:
        """The band over the visible time, in the lane's own units."""
        view = super().boundingRect()
        return QRectF(view.left(), self._low, view.width(), self._high - self._low)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the exposed part."""
        rect = painter.worldTransform().mapRect(self.boundingRect() & option.exposedRect)
        painter.resetTransform()
        painter.fillRect(rect, QBrush(self._colour, Qt.BrushStyle.Dense6Pattern))
