"""The base of all lanes: one row of the timeline."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg

from inspector.domain.arrays import Floats, PtsArray
from inspector.ui.timeline.lanes.lane_items import SpanItem
from inspector.ui.timeline.lanes.lane_label import LaneLabel
from inspector.ui.timeline.lanes.lane_view import LaneView
from inspector.ui.timeline.lanes.plots import AXIS_WIDTH, make_plot, playhead_line
from inspector.ui.widgets.theme import Theme

Table = dict[str, Floats | PtsArray | list[str]]
"""The columns of a CSV file by name, all of one length; NaN is an empty cell."""


class Lane:
    """One row of the timeline: a label at the left, a plot at the right, and the playhead across it."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, name: str) -> None:
        self.theme, self.name = theme, name
        self.view = LaneView()
        self.label = LaneLabel(theme)
        layout.addItem(self.label, row, 0)
        self.plot = make_plot(layout, viewBox=self.view)
        layout.addItem(self.plot, row, 1)
        self.plot.hideButtons()
        self.plot.hideAxis("bottom")
        axis = self.plot.getAxis("left")
        axis.setWidth(AXIS_WIDTH)
        axis.setStyle(tickLength=-3, maxTickLevel=0)
        axis.setPen(pg.mkPen(theme.grid))
        axis.setTextPen(pg.mkPen(theme.muted))
        self.spans = SpanItem(theme)
        self.playhead = playhead_line(theme.playhead)
        for item in (self.spans, self.playhead):
            self.plot.addItem(item, ignoreBounds=True)
        self.set_height(height)

    def set_height(self, height: int) -> None:
        """Set the row's height in pixels."""
        self.height = height
        self.plot.setFixedHeight(height)

    def set_limits(self, end: float, shortest: float) -> None:
        """Set where the clip ends, and the shortest range that can be zoomed to, in seconds."""
        self.view.setLimits(xMin=0.0, xMax=end, minXRange=min(shortest, end))

    def show_value(self, pts: int | None) -> None:
        """Show in the label the value of the frame at `pts`."""
        raise NotImplementedError

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The lines of the hover card at a time; `pts` is the frame on the screen at that time."""
        raise NotImplementedError

    def table(self) -> Table:
        """What the lane shows, as a table; without rows while nothing is drawn."""
        raise NotImplementedError
