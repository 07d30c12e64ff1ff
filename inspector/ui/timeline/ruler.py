"""The top of the timeline: the time axis and the marks. All lanes share its visible range."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from inspector.ui.timeline.lanes.lane_view import LaneView, TimeAxis
from inspector.ui.timeline.lanes.plots import AXIS_WIDTH, LABEL_WIDTH, SPACING, make_plot, playhead_line
from inspector.ui.timeline.marks import MarksItem
from inspector.ui.widgets.language import keep_left_to_right, tr
from inspector.ui.widgets.theme import DARK, Theme

_HEIGHT = 40
_AXIS_HEIGHT = 22


class Ruler(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """The time axis over the marks; a click or a drag seeks."""

    sought = Signal(object)  # float: seconds

    def __init__(self, right_margin: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.ci.setSpacing(SPACING)
        keep_left_to_right(self.ci)
        self.ci.setContentsMargins(4, 0, 6 + right_margin, 0)
        self.ci.layout.setColumnFixedWidth(0, LABEL_WIDTH)
        self.ci.layout.setColumnStretchFactor(1, 1)
        self.setAccessibleName(tr("Time ruler"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # it handles no keys
        self.view = LaneView(drag_selects=False)
        self.view.sought.connect(self.sought)
        plot = make_plot(self, viewBox=self.view, axisItems={"top": TimeAxis("top")})
        plot.hideButtons()
        plot.hideAxis("bottom")
        plot.showAxis("top")
        self._left, self._top = plot.getAxis("left"), plot.getAxis("top")
        self._left.setWidth(AXIS_WIDTH)
        self._left.setStyle(showValues=False, tickLength=0)
        self._top.setHeight(_AXIS_HEIGHT)
        self.addItem(plot, 0, 1)
        self.view.setYRange(0, 1, padding=0)
        self.marks = MarksItem(DARK)
        self.playhead = playhead_line("#ffffff")
        for item in (self.marks, self.playhead):
            plot.addItem(item, ignoreBounds=True)
        self.ci.setGeometry(QRectF(self.rect()))

    def set_theme(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self.setBackground(theme.plot)
        self._left.setPen(pg.mkPen(theme.plot))
        self._top.setPen(pg.mkPen(theme.grid))
        self._top.setTextPen(pg.mkPen(theme.muted))
        self.marks.theme = theme
        self.marks.update()
        self.playhead.setPen(pg.mkPen(theme.playhead))

    def set_duration(self, end: float, shortest: float) -> None:
        """Set where the clip ends, and the shortest range that can be zoomed to, in seconds."""
        self.view.setLimits(xMin=0.0, xMax=end, minXRange=min(shortest, end))
