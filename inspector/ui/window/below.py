"""What is below the picture: the transport, and the timeline once it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from inspector.ui.session import Session
from inspector.ui.widgets.actions import ActionBook
from inspector.ui.window.transport import Transport

if TYPE_CHECKING:
    from inspector.ui.timeline.timeline import Timeline

_TIMELINE_SHARE = 0.37
_HEIGHTS = "picture_and_timeline"  # not "timeline_height": under that, 0.2.0 also kept those of a start page


class Below(QWidget):
    """Lies in a splitter, whose heights it keeps in the settings; `timeline_made` lets others connect."""

    timeline_made = Signal(object)  # Timeline

    def __init__(self, session: Session, book: ActionBook, store: QSettings) -> None:
        super().__init__()
        self._session, self._store = session, store
        self.timeline: Timeline | None = None
        self.transport = Transport(session, book)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.transport)

    def ensure_timeline(self) -> Timeline:
        """Create the timeline if it does not exist: its plotting library takes longer to load than all else."""
        if self.timeline is None:
            from inspector.ui.timeline.timeline import Timeline

            self.timeline = Timeline(self._session)
            self.timeline.restore_heights(self._store.value("lane_heights"))
            self._column.addWidget(self.timeline, 1)
            self.timeline.hide()  # until a clip is opened
            self.timeline_made.emit(self.timeline)
        return self.timeline

    def show_clip(self, splitter: QSplitter, *, is_still: bool) -> None:
        """Show the timeline and the transport, or neither for a still, which has no times.

        The first time, the timeline gets the height that was kept, or else its share of the splitter. Not before: on
        the start page it would stand empty.
        """
        self.setVisible(not is_still)
        if is_still:
            return
        timeline = self.ensure_timeline()
        if not timeline.isVisibleTo(self):
            timeline.show()
            if (kept := self._store.value(_HEIGHTS)) and splitter.restoreState(kept):
                return
            height = round(splitter.height() * _TIMELINE_SHARE) + self.transport.height()
            splitter.setSizes([splitter.height() - height, height])

    def keep(self, splitter: QSplitter) -> None:
        """Keep the heights, and end the timeline."""
        if self.timeline is not None:
            if self.timeline.isVisibleTo(self) and not self.isHidden():
                self._store.setValue(_HEIGHTS, splitter.saveState())
            self._store.setValue("lane_heights", self.timeline.heights)
            self.timeline.stop()
