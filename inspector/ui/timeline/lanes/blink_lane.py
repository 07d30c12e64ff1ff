"""The lane of the selected track's blinks: a bar from where the lids close to where they are open again."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from inspector.domain.arrays import Floats, PtsArray
from inspector.engine.faces.blinks import NO_BLINKS, SLOWEST_RATE, TrackBlinks
from inspector.ui.timeline.lanes.curve_items import LaneItem
from inspector.ui.timeline.lanes.curves import covered_columns, runs
from inspector.ui.timeline.lanes.lane import Lane, Table
from inspector.ui.widgets.language import capital, plural, tr, tr_marked
from inspector.ui.widgets.theme import Theme

BLINKS = "blinks"

_RATE_FROM_SECONDS = 10.0  # a shorter track gives no meaningful rate per minute
_MARGIN = 0.2  # of the lane's height, above and below the bars


class BarItem(LaneItem):
    """Any number of bars [start, end) in seconds, each at least one pixel wide."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = QColor(colour)
        self.starts: Floats = np.empty(0)
        self.ends: Floats = np.empty(0)

    def set_bars(self, starts: Floats, ends: Floats) -> None:
        """Replace all bars: float64 (n,) seconds, ascending and disjoint."""
        self.starts, self.ends = starts, ends
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the exposed part, at most one bar per pixel column."""
        left, count, transform = self.columns_of(painter, option)
        if count <= 0 or not len(self.starts):
            return
        area = transform.mapRect(self.boundingRect())
        start, per_column = (left - transform.dx()) / transform.m11(), 1 / transform.m11()
        first = int(np.searchsorted(self.ends, start))
        last = int(np.searchsorted(self.starts, start + count * per_column))
        columns = covered_columns(self.starts[first:last], self.ends[first:last], start, per_column, count)
        top, height = area.top() + _MARGIN * area.height(), (1 - 2 * _MARGIN) * area.height()
        for low, high in runs(columns):
            painter.fillRect(QRectF(left + low, top, high - low, height), self._colour)


class BlinkLane(Lane):
    """Blinks, in a neutral colour: an observation that is never part of the score.

    `starts` and `ends` are the pts of the half-open bars, int64 (n,).
    """

    def __init__(self, layout: Any, row: int, theme: Theme, height: int) -> None:
        super().__init__(layout, row, theme, height, BLINKS)
        self.bars = BarItem(theme.text)
        self.plot.addItem(self.bars, ignoreBounds=True)
        self.view.setYRange(0.0, 1.0, padding=0)
        self.plot.getAxis("left").setTicks([[]])
        self._blinks = NO_BLINKS
        self._sum = ""
        self.show_value(None)

    @property
    def starts(self) -> PtsArray:
        """The pts where the bars begin."""
        return self._blinks.starts

    @property
    def ends(self) -> PtsArray:
        """The pts where the bars end."""
        return self._blinks.ends

    def set_blinks(self, blinks: TrackBlinks) -> None:
        """Draw the blinks of a track."""
        self._blinks = blinks
        self.bars.set_bars(blinks.start_seconds, blinks.end_seconds)
        if not blinks.is_detectable:
            self._sum = tr("not counted: under {rate:.0f} frames/s", rate=SLOWEST_RATE) if blinks.is_measured else ""
        else:
            length = blinks.length
            rate = f" · {60 * len(blinks) / length:.1f}/min" if length >= _RATE_FROM_SECONDS else ""
            self._sum = tr("{count} in {seconds:.1f} s", count=len(blinks), seconds=length) + rate
        self.show_value(None)

    def _span(self, row: int) -> str:
        blinks = self._blinks
        return plural(
            "{duration:.0f} ms, %n frames",
            "{duration:.0f} ms, %n frame",
            int(blinks.frames[row]),
            duration=1000 * (blinks.end_seconds[row] - blinks.start_seconds[row]),
        )

    def _at(self, pts: int | None) -> int | None:
        """The row of the blink that contains a frame."""
        row = -1 if pts is None else int(np.searchsorted(self.starts, pts, side="right")) - 1
        return row if row >= 0 and pts is not None and pts < self.ends[row] else None

    def show_value(self, pts: int | None) -> None:
        """Show in the label how many blinks there are or, during a blink, its number."""
        row = self._at(pts)
        below = self._sum if row is None else tr("number {row} of {count}", row=row + 1, count=len(self.starts))
        self.label.set_text(capital(tr_marked(self.name)), below, self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The number of blinks, and the blink that contains the frame."""
        row = self._at(pts)
        lines = [tr("Blinks of the selected track: {sum}", sum=self._sum)]
        if row is not None:
            span = tr("from pts {start} up to {end}", start=self.starts[row], end=self.ends[row])
            lines.append(
                tr(
                    "blink {row} of {count}: {length}, {span}",
                    row=row + 1,
                    count=len(self.starts),
                    length=self._span(row),
                    span=span,
                )
            )
        return [*lines, tr("an observation on landmarks, not part of the score")]

    def table(self) -> Table:
        """Where each blink begins and ends."""
        seconds = {"start seconds": self.bars.starts, "end seconds": self.bars.ends}
        return {"start pts": self.starts, "end pts": self.ends, **seconds}
