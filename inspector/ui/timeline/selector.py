"""What the user selects in the timeline, and what can be done with the selection."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QInputDialog, QPushButton, QWidget

from inspector.ui.session import Session
from inspector.ui.state import OpenedClip
from inspector.ui.time_text import short_time
from inspector.ui.timeline.lanes.lane_stack import LaneStack
from inspector.ui.timeline.marks import Mark
from inspector.ui.timeline.ruler import Ruler
from inspector.ui.timeline.selection import Selection, end_after, frames_between, seconds_of
from inspector.ui.widgets.labels import plain_tip
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.text_dialog import text_dialog


class SelectionBar(QFrame):
    """The buttons for the selection, which float over the timeline beside it."""

    note_wanted = Signal()
    range_wanted = Signal()
    zoom_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("selection_bar")
        self._owner = parent
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(3)
        for text, tip, signal in (
            (tr("Note …"), tr("Write a note on the selection"), self.note_wanted),
            (tr("In and out"), tr("Set the in and out points to the selection"), self.range_wanted),
            (tr("Zoom"), tr("Zoom the timeline to the selection"), self.zoom_wanted),
            (tr("Done"), tr("Clear the selection"), self.dismissed),
        ):
            button = QPushButton(text)
            button.setToolTip(plain_tip(tip))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys go to the player; actions do the same by key
            button.clicked.connect(signal)
            row.addWidget(button)
        self.hide()

    def show_at(self, left: float, top: int) -> None:
        """Show the bar at a position of the timeline in pixels, moved so that it stays inside."""
        self.adjustSize()
        self.move(round(min(max(left, 4), self._owner.width() - self.width() - 16)), top)
        self.show()
        self.raise_()


class Selector(QObject):
    """Owns the selection and its bar, and draws both the selection and the in and out points."""

    note_wanted = Signal(object, object, object)  # str, pts, end_pts

    def __init__(self, session: Session, ruler: Ruler, stack: LaneStack, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._ruler, self._stack, self._owner = session, ruler, stack, parent
        self.selection: Selection | None = None
        self.bar = SelectionBar(parent)
        stack.selected.connect(self._on_selected)
        stack.sought.connect(lambda _seconds: self.select(None))
        session.range_changed.connect(self.draw)
        self.bar.note_wanted.connect(self.write_note)
        self.bar.range_wanted.connect(self._set_in_and_out)
        self.bar.zoom_wanted.connect(self._zoom)
        self.bar.dismissed.connect(lambda: self.select(None))

    def select(self, selection: Selection | None) -> None:
        """Select the frames from one pts to another, or clear the selection."""
        self.selection = selection
        self.draw()
        if selection is None:
            self.bar.hide()

    def write_note(self) -> None:
        """Ask for a note on the selection, else on the range between in and out, else on the current frame."""
        opened, shown = self._session.opened, self._session.shown
        if opened is None or shown is None:
            return
        first, last = self.selection or self._session.in_out_range or (shown.pts, shown.pts)
        dialog = _note_dialog(self._owner.window(), opened, (first, last))

        def write(text: str) -> None:
            if text.strip():
                self.note_wanted.emit(text.strip(), first, end_after(opened, last))
                self.select(None)

        dialog.textValueSelected.connect(write)
        dialog.open()

    def _on_selected(self, start: float, end: float, is_finished: bool) -> None:
        opened = self._session.opened
        if opened is None:
            return
        self.select(frames_between(opened, start, end))
        if is_finished:
            self._show_bar()

    def _set_in_and_out(self) -> None:
        if self.selection is not None:
            self._session.set_range(*self.selection)
            self.select(None)

    def _zoom(self) -> None:
        if self.selection is not None and self._session.opened is not None:
            self._ruler.view.setXRange(*seconds_of(self._session.opened, self.selection), padding=0)

    def follow_view(self) -> None:
        """Keep the bar beside the selection after the visible range has changed."""
        if self.bar.isVisible():
            self._show_bar()

    def _show_bar(self) -> None:
        opened = self._session.opened
        if self.selection is None or opened is None:
            return
        end = seconds_of(opened, self.selection)[1]
        x = self._ruler.mapFromScene(self._ruler.view.mapViewToScene(QPointF(end, 0.5))).x()
        self.bar.show_at(x + 6, self._ruler.geometry().bottom() + 5)

    def draw(self) -> None:
        """Draw the selection and the in and out points in the lanes and on the ruler."""
        opened, in_out = self._session.opened, self._session.in_out_range
        selected = None if opened is None or self.selection is None else seconds_of(opened, self.selection)
        kept = None if opened is None or in_out is None else seconds_of(opened, in_out)
        self._stack.set_spans(kept, selected)
        starts, ends = np.array([[], []] if kept is None else [[kept[0]], [kept[1]]], dtype=np.float64)
        self._ruler.marks.set_marks(Mark.RANGE, starts, ends)


def _note_dialog(parent: QWidget, opened: OpenedClip, selection: Selection) -> QInputDialog:
    """A modeless dialog for a note on some frames; its text comes with the signal `textValueSelected`."""
    start, end = seconds_of(opened, selection)
    label = tr(
        "Your note on {start} to {end}. It is printed in the report.", start=short_time(start), end=short_time(end)
    )
    dialog = text_dialog(parent, tr("Note on a selection"), label, tr("Add note"))
    dialog.resize(420, 200)
    return dialog
