"""The transport: buttons to play and step, speed, what is on the screen exactly, and where to go."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from inspector.ui.actions import TRANSPORT, ActionBook
from inspector.ui.clock import clock_time, rate_of, timecode
from inspector.ui.controller import SPEEDS
from inspector.ui.icons import icon
from inspector.ui.session import Playback, Session
from inspector.ui.theme import THEMES, mono_font
from inspector.ui.viewer import Shown

_ICON = QSize(16, 16)


class Transport(QWidget):
    """One bar. `speed_chosen` is a factor, `position_typed` what was typed into the go-to field."""

    speed_chosen = Signal(object)
    position_typed = Signal(object)

    def __init__(self, session: Session, book: ActionBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._book = session, book
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(2)
        for action_id in TRANSPORT:
            row.addWidget(self._button(action_id))
        row.addSpacing(8)
        row.addWidget(self._speed_box())
        row.addStretch(1)
        self._labels = {name: self._label(row, tip) for name, tip in _READOUTS}
        row.addStretch(1)
        self._goto = QLineEdit()
        self._goto.setPlaceholderText("Go to frame, time or pts")
        self._goto.setToolTip(
            "A frame (120), a time (4.2s, 1:02.5), a timecode (00:00:04:05) or a pts (pts 90000)  (G)"
        )
        self._goto.setAccessibleName("Go to")
        self._goto.setMinimumWidth(150)
        self._goto.setMaximumWidth(210)
        self._goto.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._goto.returnPressed.connect(lambda: self.position_typed.emit(self._goto.text()))
        row.addWidget(self._goto, 1)
        session.shown_changed.connect(self._on_shown_changed)
        session.clip_changed.connect(self._on_clip_changed)
        session.playback_changed.connect(self._on_playback_changed)
        session.theme_changed.connect(lambda _name: self._on_playback_changed(session.playback))
        self._on_clip_changed(None)

    def _button(self, action_id: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._book[action_id])
        button.setIconSize(_ICON)
        button.setAutoRaise(True)
        button.setAccessibleName(self._book[action_id].toolTip())
        return button

    def _speed_box(self) -> QComboBox:
        self._speed = QComboBox()
        self._speed.setToolTip("Speed of playback")
        self._speed.setAccessibleName("Speed")
        for speed in SPEEDS:
            self._speed.addItem(f"{speed:g}×", speed)
        self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self._speed.activated.connect(lambda at: self.speed_chosen.emit(self._speed.itemData(at)))
        return self._speed

    def _label(self, row: QHBoxLayout, tip: str) -> QLabel:
        label = QLabel("")
        label.setObjectName("readout")
        label.setFont(mono_font())
        label.setToolTip(tip)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setContentsMargins(7, 0, 7, 0)
        row.addWidget(label)
        return label

    def focus_goto(self) -> None:
        """Let the user type where to go."""
        self._goto.setFocus()
        self._goto.selectAll()

    def clear_goto(self) -> None:
        """After it was followed."""
        self._goto.clear()

    def readout(self, name: str) -> str:
        """The text of "frame", "timecode", "seconds" or "pts"."""
        return self._labels[name].text()

    # --- session -----------------------------------------------------------------------------------------------------

    def _on_shown_changed(self, shown: Shown) -> None:
        opened = self._session.opened
        if opened is None:
            return
        last = len(opened.pts) - 1
        digits = len(str(last))
        flags = _flags(shown)
        self._labels["frame"].setText(f"frame {shown.index:>{digits}} / {last}{flags}")
        code = timecode(opened.clip, shown.pts)
        seconds = f"{opened.clip.seconds(shown.pts):.3f} s"
        is_code = rate_of(opened.clip) is not None
        self._labels["timecode"].setText(code if is_code else clock_time(opened.clip.seconds(shown.pts)))
        self._labels["seconds"].setText(seconds)
        self._labels["pts"].setText(f"pts {shown.pts}")

    def _on_clip_changed(self, _opened: object) -> None:
        has_clip = self._session.opened is not None
        for label in self._labels.values():
            label.setText("")
            label.setVisible(has_clip)
        self._speed.setEnabled(has_clip)
        self._goto.setEnabled(has_clip)
        self._goto.clear()

    def _on_playback_changed(self, playback: Playback) -> None:
        name = "pause" if playback.is_playing else "play"
        self._book["play"].setIcon(icon(name, THEMES[self._session.theme_name]))
        if abs(playback.speed) in SPEEDS:
            self._speed.setCurrentIndex(SPEEDS.index(abs(playback.speed)))


_READOUTS = (
    ("frame", "Frame in display order, counted from 0, and the last one; K: key frame; I, P, B: picture type"),
    ("timecode", "Timecode since the first picture (hours:minutes:seconds:frames; milliseconds on a variable rate)"),
    ("seconds", "Time since the first picture"),
    ("pts", "Presentation time stamp: the frame's identity in the file"),
)


def _flags(shown: Shown) -> str:
    """Key frame, picture type and damage, as the decoder names them."""
    if shown.frame is None:
        return "  damaged"
    flags = ("K" if shown.frame.is_key else " ") + (shown.frame.picture_type or " ")
    return f" {flags:2}" + (" damaged" if shown.frame.is_corrupt else "")
