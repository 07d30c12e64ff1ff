"""The heights of the lanes: automatic ones for the room that there is, and those that the user has dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGraphicsView

from inspector.ui.timeline.lanes.lane import Lane
from inspector.ui.timeline.lanes.plots import SPACING


class Heights(NamedTuple):
    """Heights in pixels: of a scored track, of an unscored track or the blinks, and of the sound or a signal."""

    track: int
    unscored: int
    signal: int


DENSE = Heights(62, 32, 38)
ROOMY = Heights(92, 36, 52)
LOWEST = 26  # pixels: two lines of the label
_HIGHEST = 600
_FITTED = 4  # so many tracks are visible without scrolling; with more of them the rows do not become lower still
_GRIP = 4  # pixels on each side of a row's lower edge in which it can be dragged


def fitted(heights: Heights, tracks: int, room: int) -> Heights:
    """The same heights with scored tracks so low that up to four of them fit into `room` pixels."""
    each = room // max(min(tracks, _FITTED), 1) - SPACING
    return heights._replace(track=min(max(each, LOWEST), heights.track))


@dataclass(frozen=True, slots=True)
class ChosenHeights:
    """The heights that the user has dragged, in pixels; None is automatic."""

    track: int | None = None
    signal: int | None = None

    def applied(self, heights: Heights) -> Heights:
        """Automatic heights with the chosen ones in their place."""
        return heights._replace(track=self.track or heights.track, signal=self.signal or heights.signal)

    def text(self) -> str:
        """As the settings store them."""
        return f"{self.track or 0} {self.signal or 0}"

    @classmethod
    def parse(cls, text: object) -> ChosenHeights:
        """From the settings; what is missing or out of range is automatic."""
        numbers = [int(part) if part.isdecimal() else 0 for part in str(text or "").split()]
        track, signal = (height if LOWEST <= height <= _HIGHEST else None for height in [*numbers, 0, 0][:2])
        return cls(track, signal)


class HeightDrag(QObject):
    """Lets the lower edges of rows be dragged: all faces have one height, all signals another.

    A double click on an edge makes the height automatic again. `kind_of` says which of the two a lane has, "track" or
    "signal", or "" for a lane whose height is fixed.
    """

    changed = Signal()

    def __init__(
        self, view: QGraphicsView, lanes: Callable[[], Sequence[Lane]], kind_of: Callable[[Lane], str]
    ) -> None:
        super().__init__(view)
        self.chosen = ChosenHeights()
        self._view, self._lanes, self._kind_of = view, lanes, kind_of
        self._dragged: tuple[str, int, float] | None = None  # kind, height and global y when the button was pressed
        view.viewport().installEventFilter(self)

    def edge_at(self, at: QPointF) -> Lane | None:
        """The lane whose lower edge is under a position of the viewport."""
        y = self._view.mapToScene(at.toPoint()).y()
        for lane in self._lanes():
            if abs(lane.plot.sceneBoundingRect().bottom() + SPACING / 2 - y) <= _GRIP and self._kind_of(lane):
                return lane
        return None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the events of a drag; all others reach the lanes."""
        if isinstance(event, QMouseEvent):
            return self._handle(event)
        return super().eventFilter(watched, event)

    def _handle(self, event: QMouseEvent) -> bool:
        kind, is_left = event.type(), event.button() == Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseMove and self._dragged is not None:
            name, height, y = self._dragged
            self._choose(name, min(max(round(height + event.globalPosition().y() - y), LOWEST), _HIGHEST))
            return True
        if kind == QEvent.Type.MouseButtonRelease and self._dragged is not None:
            self._dragged = None
            return True
        lane = self.edge_at(event.position())
        if kind == QEvent.Type.MouseMove and not event.buttons():
            self._view.viewport().setCursor(Qt.CursorShape.ArrowCursor if lane is None else Qt.CursorShape.SplitVCursor)
            return False
        if lane is None or not is_left:
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._dragged = (self._kind_of(lane), lane.height, event.globalPosition().y())
            return True
        if kind == QEvent.Type.MouseButtonDblClick:
            self._dragged = None
            self._choose(self._kind_of(lane), None)
            return True
        return False

    def _choose(self, kind: str, height: int | None) -> None:
        chosen = replace(self.chosen, **{kind: height})
        if chosen != self.chosen:
            self.chosen = chosen
            self.changed.emit()
