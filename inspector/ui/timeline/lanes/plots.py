"""pyqtgraph as the timeline uses it: plots without a menu left behind, lines across a lane, column widths."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPen
from PySide6.QtWidgets import QWidget

from inspector.ui.widgets.language import keep_left_to_right

# All widths are in pixels. Ruler, overview and filmstrip use the same ones, so that they line up with the lanes.
LABEL_WIDTH = 124
LABEL_INDENT = 10  # of texts in it
AXIS_WIDTH = 42
SPACING = 4
LEFT = 4 + LABEL_WIDTH + SPACING + AXIS_WIDTH  # where the plots begin


def make_plot(owner: QWidget, **options: Any) -> Any:
    """A PlotItem whose menu belongs to `owner`; without an owner the menu would outlive the window."""
    plot = pg.PlotItem(**options)
    keep_left_to_right(plot)
    plot.ctrlMenu.setParent(owner, plot.ctrlMenu.windowFlags())
    return plot


def drop_menu(plot: Any) -> None:
    """Delete the menu of a plot that was removed from its widget."""
    plot.ctrlMenu.deleteLater()


def playhead_line(colour: str) -> Any:
    """The playhead in one lane: a vertical line above all other items."""
    line = pg.InfiniteLine(angle=90, movable=False, pen=_line_pen(colour))
    line.setZValue(50)
    return line


def threshold_line(level: float, colour: str) -> Any:
    """A dashed horizontal line at a value of the lane."""
    pen = _line_pen(colour)
    pen.setStyle(Qt.PenStyle.DashLine)
    line = pg.InfiniteLine(pos=level, angle=0, movable=False, pen=pen)
    line.setZValue(5)
    return line


def _line_pen(colour: str) -> QPen:
    """One pixel wide at 100 %, and equally thick to the eye on a finer screen."""
    screen = QGuiApplication.primaryScreen()
    pen = QPen(QColor(colour), screen.devicePixelRatio() if screen is not None else 1.0)
    pen.setCosmetic(True)
    return pen
