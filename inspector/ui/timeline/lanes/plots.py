"""pyqtgraph's plots as the timeline uses them: their own menus, which nobody opens here, go with the widget."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget


def make_plot(owner: QWidget, **options: Any) -> Any:
    """A PlotItem whose menu belongs to `owner`; without one, it would be left over when the window is gone."""
    plot = pg.PlotItem(**options)
    plot.ctrlMenu.setParent(owner, plot.ctrlMenu.windowFlags())
    return plot


def drop_menu(plot: Any) -> None:
    """Let go of the menu of a plot that is taken off its widget."""
    plot.ctrlMenu.deleteLater()
