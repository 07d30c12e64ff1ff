"""The plot area of a lane, which handles the mouse, and the time axis above the lanes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal

from inspector.domain.timecode import clock_time


class LaneView(pg.ViewBox):  # type: ignore[misc]
    """A lane's plot area: a click seeks, a drag selects or scrubs, middle or Shift-drag pans, the wheel zooms."""

    sought = Signal(object)  # float: seconds
    menu_wanted = Signal(object, object)  # this view, and the QPoint on the screen
    selected = Signal(object, object, object)  # float, float: first and last second; bool: the button was released

    def __init__(self, *, drag_selects: bool = True) -> None:
        super().__init__(enableMenu=False)
        self._drag_selects = drag_selects
        self.setMouseEnabled(x=True, y=False)
        self.setDefaultPadding(0.0)
        self.disableAutoRange()  # the user chooses the visible range, not the data

    def mouseClickEvent(self, event: Any) -> None:
        """Seek to the time under the pointer, or ask for the lane's menu."""
        if event.button() == Qt.MouseButton.RightButton:
            event.accept()
            self.menu_wanted.emit(self, event.screenPos().toPoint())
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.sought.emit(self.mapSceneToView(event.scenePos()).x())

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Select or scrub with the left button; pan with Shift or with the middle button."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        at = self.mapSceneToView(event.scenePos()).x()
        if event.button() == Qt.MouseButton.LeftButton and not shift:
            event.accept()
            if self._drag_selects:
                pressed = self.mapSceneToView(event.buttonDownScenePos()).x()
                self.selected.emit(min(pressed, at), max(pressed, at), event.isFinish())
            else:
                self.sought.emit(at)
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            event.accept()
            self.translateBy(x=self.mapSceneToView(event.lastScenePos()).x() - at)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """Zoom about the pointer; with Shift, pan."""
        turned = event.delta()
        event.accept()
        low, high = self.viewRange()[0]
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.translateBy(x=-(high - low) * turned / 1200)
            return
        factor = 0.85 ** (turned / 120)
        centre = self.mapSceneToView(event.scenePos()).x()
        self.setXRange(centre - (centre - low) * factor, centre + (high - centre) * factor, padding=0)


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Labels the ticks with the time since the first picture, as precisely as the zoom needs."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """One label per tick."""
        return [axis_time(value, spacing) for value in values]


def axis_time(seconds: float, spacing: float) -> str:
    """ "0:05", "1:02:03" or, where ticks are less than a second apart, "0:05.25"."""
    head, milliseconds = clock_time(max(seconds, 0.0)).split(".")
    hours, minutes, rest = head.split(":")
    short = f"{int(hours)}:{minutes}:{rest}" if int(hours) else f"{int(minutes)}:{rest}"
    if spacing >= 1:
        return short
    return f"{short}.{milliseconds[: 1 if spacing >= 0.1 else 2 if spacing >= 0.01 else 3]}"
