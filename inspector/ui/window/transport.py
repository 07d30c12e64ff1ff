"""The transport bar: buttons to play and step, speed, the exact position, sound, and the go-to field."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QWidget

from inspector.domain.timecode import timecode
from inspector.ui.navigation import SPEEDS
from inspector.ui.session import Session
from inspector.ui.state import Playback, Shown, SoundState
from inspector.ui.widgets.actions import TRANSPORT, ActionBook
from inspector.ui.widgets.icons import icon
from inspector.ui.widgets.labels import PlainLabel, plain_tip
from inspector.ui.widgets.language import keep_left_to_right, mark, tr, tr_marked
from inspector.ui.widgets.theme import THEMES, mono_font

_ICON = QSize(16, 16)
_NARROWEST = 880
_ROOMY = 1060  # from this width on, information that is also shown elsewhere is visible
_TIGHT = 880


class Transport(QWidget):
    """`speed_chosen` carries a factor, `position_typed` the text of the go-to field."""

    speed_chosen = Signal(object)
    position_typed = Signal(object)

    def __init__(self, session: Session, book: ActionBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
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
        row.addWidget(self._sound_button())
        self._goto = QLineEdit()
        self._goto.setPlaceholderText(tr("Frame, seconds or pts"))
        self._goto.setToolTip(
            tr(
                "A frame (120), seconds (4.2), a time (1:02.5), a timecode (00:00:04:05) or a pts (pts 90000)  "
                "(G)\nEscape returns the focus to the player"
            )
        )
        self._goto.setAccessibleName(tr("Go to"))
        self._goto.setMinimumWidth(130)
        self._goto.setMaximumWidth(210)
        self._goto.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._goto.returnPressed.connect(lambda: self.position_typed.emit(self._goto.text()))
        row.addWidget(self._goto, 1)
        session.shown_changed.connect(self._on_shown_changed)
        session.clip_changed.connect(self._on_clip_changed)
        session.playback_changed.connect(self._on_playback_changed)
        session.sound_changed.connect(self._on_sound_changed)
        session.theme_changed.connect(lambda _name: self._on_playback_changed(session.playback))
        self._on_clip_changed(None)

    def _button(self, action_id: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._book[action_id])
        button.setIconSize(_ICON)
        button.setAutoRaise(True)
        button.setAccessibleName(self._book[action_id].toolTip())
        return button

    def _sound_button(self) -> QToolButton:
        self._sound = self._button("mute")
        self._sound.setObjectName("sound")
        self._sound.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return self._sound

    def _speed_box(self) -> QComboBox:
        self._speed = QComboBox()
        self._speed.setToolTip(tr("Speed of playback"))
        self._speed.setAccessibleName(tr("Speed"))
        for speed in SPEEDS:
            self._speed.addItem(f"{speed:g}×", speed)
        self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self._speed.activated.connect(lambda at: self.speed_chosen.emit(self._speed.itemData(at)))
        return self._speed

    def _label(self, row: QHBoxLayout, tip: str) -> PlainLabel:
        label = PlainLabel("")
        label.setObjectName("readout")
        label.setFont(mono_font())
        label.setToolTip(plain_tip(tr_marked(tip)))
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(label)
        return label

    def minimumSizeHint(self) -> QSize:
        """The size with all optional information hidden."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _NARROWEST), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window, hide the seconds, which the timecode repeats, and the text of the sound button.

        In one of 800 pixels, what belongs to the file and not to the position is hidden too; the timeline tells it.
        """
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_roomy = self.width() >= _ROOMY
        is_there = self._session.opened is not None
        self._labels["seconds"].setVisible(is_roomy and is_there)
        for name in ("flags", "pts"):
            self._labels[name].setVisible(self.width() >= _TIGHT and is_there)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if is_roomy else Qt.ToolButtonStyle.ToolButtonIconOnly
        self._sound.setToolButtonStyle(style)

    def focus_goto(self) -> None:
        """Focus the go-to field."""
        self._goto.setFocus()
        self._goto.selectAll()

    def clear_goto(self) -> None:
        """Clear the go-to field."""
        self._goto.clear()

    def readout(self, name: str) -> str:
        """The text of the label "frame", "flags", "timecode", "seconds" or "pts"."""
        return self._labels[name].text()

    # --- session -----------------------------------------------------------------------------------------------------

    def _on_shown_changed(self, shown: Shown) -> None:
        opened = self._session.opened
        if opened is None:
            return
        total = len(opened.pts)
        index = f"{shown.index:>{len(str(total))}}"
        self._labels["frame"].setText(tr("frame {index} of {total}", index=index, total=total))
        self._labels["flags"].setText(f"{', '.join(flags(shown)):<{_FLAGS_WIDTH}}")
        self._labels["timecode"].setText(timecode(opened.clip, shown.pts))
        self._labels["seconds"].setText(f"{opened.clip.seconds(shown.pts):.3f} s")
        self._labels["pts"].setText(f"pts {shown.pts}")

    def _on_clip_changed(self, _opened: object) -> None:
        has_clip = self._session.opened is not None
        self._sound.setVisible(self._session.clip is not None and self._session.clip.has_audio)
        for label in self._labels.values():
            label.setText("")
            label.setVisible(has_clip)
        self._fit()
        self._speed.setEnabled(has_clip)
        self._goto.setEnabled(has_clip)
        self._goto.clear()

    def _on_playback_changed(self, playback: Playback) -> None:
        name = "pause" if playback.is_playing else "play"
        self._book["play"].setIcon(icon(name, THEMES[self._session.theme_name]))
        if abs(playback.speed) in SPEEDS:
            self._speed.setCurrentIndex(SPEEDS.index(abs(playback.speed)))

    def _on_sound_changed(self, state: SoundState) -> None:
        # A missing device is shown beside the icon; another speed is visible in the speed box.
        self._sound.setText(tr_marked(state) if state in _SHOWN_STATES else "")
        tip = self._book["mute"].toolTip()
        self._sound.setToolTip(plain_tip(f"{tip}\n{tr('Now: {state}', state=tr_marked(state))}" if state else tip))
        self._sound.setAccessibleDescription(tr_marked(state))


_SHOWN_STATES = (SoundState.NO_DEVICE, SoundState.UNREADABLE, SoundState.FAILED)
_FLAGS_WIDTH = len("key, I")  # the widest common text, so that the bar does not move
_READOUTS = (
    ("frame", mark("Frame number in display order, from 0, and the number of frames")),
    (
        "flags",
        mark("Flags of the decoder: key frame, picture type (I, P, B), interlaced, corrupt"),
    ),
    (
        "timecode",
        mark("Timecode since the first frame (hours:minutes:seconds:frames; milliseconds if the frame rate varies)"),
    ),
    ("seconds", mark("Time since the first frame")),
    ("pts", mark("Presentation time stamp, which identifies the frame in the file")),
)


def flags(shown: Shown) -> tuple[str, ...]:
    """What the decoder says of the frame on the screen: key frame, picture type, interlaced, size, corrupt.

    The size is named where it differs from that of the clip's first picture.
    """
    if shown.frame is None:
        return (tr("no picture"),)
    frame = shown.frame
    height, width = frame.image.shape[:2]
    all_flags = (
        (tr("key"), frame.is_key),
        (frame.picture_type, bool(frame.picture_type)),
        (tr("interlaced"), frame.is_interlaced),
        (f"{width} × {height} px", (width, height) != (shown.clip.width, shown.clip.height)),
        (tr("corrupt"), frame.is_corrupt),
    )
    return tuple(name for name, is_set in all_flags if is_set)
