"""The pointer over the timeline: finds the frame and the lane under it, and shows the hover card for them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from inspector.domain.timecode import clock_time
from inspector.ui.player.thumbnails import Thumbnailer
from inspector.ui.session import Session
from inspector.ui.time_text import index_at
from inspector.ui.timeline.filmstrip import Filmstrip
from inspector.ui.timeline.hover_card import HoverCard
from inspector.ui.timeline.lanes.lane import Lane
from inspector.ui.timeline.lanes.lane_stack import LaneStack
from inspector.ui.timeline.overview import Overview
from inspector.ui.timeline.ruler import Ruler
from inspector.ui.timeline.text import text_at
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.theme import DARK, Theme

_REACH = 5  # pixels on each side of a mark that count as over it


class Pointer(QObject):
    """Watches the mouse over the timeline's four parts; creates the card when it is first needed."""

    def __init__(
        self,
        session: Session,
        thumbnails: Thumbnailer,
        parts: tuple[Ruler, LaneStack, Overview, Filmstrip],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._thumbnails, self._owner = session, thumbnails, parent
        self._ruler, self._stack, self._overview, self._filmstrip = parts
        self._theme = DARK
        self.card: HoverCard | None = None
        self._targets: dict[QObject, QWidget] = {}  # a part by the widget that receives its mouse events
        for part in parts:
            target = part.viewport() if isinstance(part, Ruler | LaneStack) else part
            target.setMouseTracking(True)
            target.installEventFilter(self)
            self._targets[target] = part

    def set_theme(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self._theme = theme
        if self.card is not None:
            self.card.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse; the widget still receives the event."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.hover(self._targets[watched], event.position().toPoint())
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.Wheel):
            self._hide()
        return super().eventFilter(watched, event)

    def _hide(self) -> None:
        if self.card is not None:
            self.card.dismiss()

    def hover(self, part: QWidget, at: QPoint) -> None:
        """Show the card for a position of a part, in the part's pixels."""
        seconds, lane = self._under(part, at)
        opened = self._session.opened
        if opened is None or seconds is None or seconds < 0.0:
            self._hide()
            return
        if self.card is None:
            self.card = HoverCard(self._thumbnails, self._owner.window())
            self.card.set_theme(self._theme)
        low, high = self._ruler.view.viewRange()[0]
        reach = _REACH * (high - low) / max(self._ruler.view.width(), 1)
        index = index_at(opened.pts, opened.clip.pts(seconds))
        pts = int(opened.pts[index])
        lines = [
            tr("{time} · frame {index} · pts {pts}", time=clock_time(opened.clip.seconds(pts)), index=index, pts=pts)
        ]
        lines += text_at(self._session, self._stack, self._ruler.marks, lane, seconds, pts, reach)
        self.card.show_at(part.mapTo(self._owner.window(), at), pts, "\n".join(lines))

    def _under(self, part: QWidget, at: QPoint) -> tuple[float | None, Lane | None]:
        """The time and the lane at a position of a part; None where there is none."""
        if part is self._filmstrip:
            tile, opened = self._filmstrip.tile_at(at.x()), self._session.opened
            return (None if tile is None or opened is None else opened.clip.seconds(tile.pts)), None
        if part is self._overview:
            return self._overview.seconds_at(at.x()), None
        assert isinstance(part, Ruler | LaneStack)
        scene_at = part.mapToScene(at)
        lane = self._stack.lane_under(scene_at.y()) if part is self._stack else None
        view = self._ruler.view if lane is None else lane.view
        if (part is self._stack and lane is None) or scene_at.x() < view.sceneBoundingRect().left():
            return None, None
        return float(view.mapSceneToView(scene_at).x()), lane
