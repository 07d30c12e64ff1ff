"""The lane of the selected track's blinks: a bar from where the lids close to where they are open again."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from inspector.domain.arrays import Floats, PtsArray
from inspector.domain.clip import Clip
from inspector.engine.faces.blinks import SLOWEST_RATE, can_detect_blinks, find_blinks
from inspector.ui.timeline.lanes.curve_items import LaneItem
from inspector.ui.timeline.lanes.curves import clip_seconds, covered_columns, runs
from inspector.ui.timeline.lanes.lane import Lane
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
        self.starts: PtsArray = np.empty(0, np.int64)
        self.ends: PtsArray = np.empty(0, np.int64)
        self._spans: list[str] = []  # the text of each blink
        self._sum = ""
        self.show_value(None)

    def set_ratios(self, pts: PtsArray, ratios: Floats, clip: Clip) -> None:
        """Find and draw the blinks in eye aspect ratios float64 (n,), NaN where a frame has none, at pts int64 (n,)."""
        known = np.isfinite(ratios)
        pts, ratios = pts[known], ratios[known]
        seconds = clip_seconds(clip, pts)
        if not can_detect_blinks(seconds):
            self.starts, self.ends, self._spans = pts[:0], pts[:0], []
            self.bars.set_bars(seconds[:0], seconds[:0])
            self._sum = f"not counted: under {SLOWEST_RATE:.0f} frames/s" if len(pts) else ""
            self.show_value(None)
            return
        found = find_blinks(seconds, ratios)
        self.starts, self.ends = pts[found.first], pts[found.last]
        starts, ends = seconds[found.first], seconds[found.last]
        self.bars.set_bars(starts, ends)
        self._spans = [
            f"{1000 * length:.0f} ms, {frames} frames"
            for length, frames in zip(ends - starts, found.last - found.first, strict=True)
        ]
        length = float(seconds[-1] - seconds[0])
        rate = f" · {60 * len(found) / length:.1f}/min" if length >= _RATE_FROM_SECONDS else ""
        self._sum = f"{len(found)} in {length:.1f} s{rate}"
        self.show_value(None)

    def _at(self, pts: int | None) -> int | None:
        """The row of the blink that contains a frame."""
        row = -1 if pts is None else int(np.searchsorted(self.starts, pts, side="right")) - 1
        return row if row >= 0 and pts is not None and pts < self.ends[row] else None

    def show_value(self, pts: int | None) -> None:
        """Show in the label how many blinks there are or, during a blink, its number."""
        row = self._at(pts)
        below = self._sum if row is None else f"number {row + 1} of {len(self.starts)}"
        self.label.set_text(self.name.capitalize(), below, self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The number of blinks, and the blink that contains the frame."""
        row = self._at(pts)
        lines = [f"Blinks of the selected track: {self._sum}"]
        if row is not None:
            span = f"from pts {self.starts[row]} up to {self.ends[row]}"
            lines.append(f"blink {row + 1} of {len(self.starts)}: {self._spans[row]}, {span}")
        return [*lines, "an observation on landmarks, not part of the score"]
