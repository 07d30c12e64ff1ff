"""A stretch of the clip that the examiner chose, by dragging or by in and out, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QInputDialog, QPushButton, QWidget

from inspector.ui.session import Session
from inspector.ui.state import OpenedClip
from inspector.ui.time_text import index_at, short_time

Selection = tuple[int, int]
"""The pts of its first and of its last frame."""


def frames_between(opened: OpenedClip, start: float, end: float) -> Selection:
    """The frames on the screen at two times, in seconds."""
    first, last = (index_at(opened.pts, opened.clip.pts(max(at, 0.0))) for at in (start, end))
    return int(opened.pts[first]), int(opened.pts[last])


def end_after(opened: OpenedClip, pts: int) -> int:
    """Where a frame ends: the pts of the next one, or, behind the last, as much as the frame before it lasted."""
    index = index_at(opened.pts, pts)
    if index + 1 < len(opened.pts):
        return int(opened.pts[index + 1])
    step = int(opened.pts[index] - opened.pts[index - 1]) if index else 1
    return int(opened.pts[index]) + max(step, 1)


def seconds_of(opened: OpenedClip, stretch: Selection) -> tuple[float, float]:
    """From the start of its first frame to the end of its last, in seconds."""
    return opened.clip.seconds(stretch[0]), opened.clip.seconds(end_after(opened, stretch[1]))


def range_handlers(session: Session, note_selection: Callable[[], object]) -> dict[str, Callable[[], object]]:
    """What the actions of in, out and the stretch between them do."""

    def set_in() -> None:
        if session.shown is not None:
            is_before = session.out_pts is None or session.shown.pts <= session.out_pts
            session.set_range(session.shown.pts, session.out_pts if is_before else None)

    def set_out() -> None:
        if session.shown is not None:
            is_behind = session.in_pts is None or session.shown.pts >= session.in_pts
            session.set_range(session.in_pts if is_behind else None, session.shown.pts)

    return {
        "set_in": set_in,
        "set_out": set_out,
        "clear_range": lambda: session.set_range(None, None),
        "note_selection": note_selection,
    }


def ask_for_note(parent: QWidget, opened: OpenedClip, stretch: Selection) -> QInputDialog:
    """A dialog for a note on a stretch; it waits for nobody, and its text comes with `textValueSelected`."""
    start, end = seconds_of(opened, stretch)
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Note on a stretch")
    dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
    dialog.setLabelText(f"Your note on {short_time(start)} to {short_time(end)}. It is printed in the report.")
    dialog.setOkButtonText("Add note")
    dialog.resize(420, 200)
    return dialog


class SelectionBar(QFrame):
    """What can be done with the selected stretch, floating over the timeline beside it."""

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
            ("Note …", "Write a note on the selected stretch", self.note_wanted),
            ("In and out", "Make the selected stretch the one between in and out", self.range_wanted),
            ("Zoom", "Show the selected stretch alone", self.zoom_wanted),
            ("Done", "Select nothing", self.dismissed),
        ):
            button = QPushButton(text)
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay the player's; actions do the same by key
            button.clicked.connect(signal)
            row.addWidget(button)
        self.hide()

    def place(self, left: float, top: int) -> None:
        """Show it near a place of the timeline, within it."""
        self.adjustSize()
        self.move(round(min(max(left, 4), self._owner.width() - self.width() - 16)), top)
        self.show()
        self.raise_()
