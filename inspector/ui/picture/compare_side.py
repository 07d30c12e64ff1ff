"""The controls of one side of a comparison: its clip, its frame, and what of the frame is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QSlider, QSpinBox, QWidget

from inspector.domain.answer import NO_NAMES, deciding_track
from inspector.ui.session import Session
from inspector.ui.state import Pick
from inspector.ui.time_text import index_at
from inspector.ui.widgets.elided import elided_apart, nearest_names
from inspector.ui.widgets.engine_text import face_label
from inspector.ui.widgets.flow_layout import FlowLayout
from inspector.ui.widgets.labels import PlainLabel, plain_tip
from inspector.ui.widgets.language import mark, tr, tr_marked

_CLIP_TIP = mark("The open clip, another one of the list, or any other file")
_OPEN_CLIP, _ANOTHER_FILE = mark("The open clip"), mark("Another file …")
_ARROW = 40  # pixels of the box beside its text
_ANOTHER = object()  # the data of that choice


@dataclass(frozen=True, slots=True)
class ClipChoice:
    """A clip that a side can show; its case file says which one it is."""

    text: str
    case_path: Path


class SideBox(QWidget):
    """`changed` is emitted when the examiner chose another frame or face, `clip_chosen` for another clip.

    `file_wanted` asks for a file that is no choice yet.
    """

    changed = Signal()
    clip_chosen = Signal(object)  # Path of the case file, or None for the open clip
    file_wanted = Signal()

    def __init__(self, name: str, session: Session) -> None:
        super().__init__()
        self._session = session
        self._is_other = False
        self._choices: tuple[ClipChoice, ...] | None = None
        row = FlowLayout(self, 6, 3)
        row.setContentsMargins(0, 0, 0, 0)
        title = PlainLabel(name)
        title.setObjectName("heading")
        self.clip = QComboBox()
        self.clip.setAccessibleName(tr("Clip of side {name}", name=name))
        self.clip.setMaximumWidth(220)
        self.set_clips(())
        self.frame_box = QSpinBox()
        self.frame_box.setObjectName("frame_box")
        self.frame_box.setAccessibleName(tr("Frame of side {name}", name=name))
        self.frame_box.setToolTip(plain_tip(tr("The frame of side {name}", name=name)))
        self.frame_box.setPrefix(tr("frame "))
        self.frame_box.setKeyboardTracking(False)
        self.frame_box.lineEdit().setTextMargins(4, 0, 0, 0)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Position of side {name}", name=name))
        self.slider.setToolTip(tr("The position in this clip"))
        self.slider.setFixedWidth(140)
        self.worst = QPushButton(tr("Worst frame"))
        self.worst.setToolTip(tr("Go to the worst frame of this clip's result"))
        self.follow = QCheckBox(tr("follows player"))
        self.follow.setAccessibleName(tr("Side {name} follows the player", name=name))
        self.what = QComboBox()
        self.what.setAccessibleName(tr("What side {name} shows", name=name))
        self.what.setToolTip(tr("Show the whole frame, or one face aligned by its eyes"))
        for part in (title, self.clip, self.frame_box, self.slider, self.worst, self.follow, self.what):
            row.addWidget(part)
        self.clip.activated.connect(lambda _at: self._on_clip_activated())
        self.frame_box.valueChanged.connect(lambda _value: self.changed.emit())
        self.slider.valueChanged.connect(self.frame_box.setValue)
        self.worst.clicked.connect(self._on_worst)
        self.follow.toggled.connect(lambda _is_on: self.changed.emit())
        self.what.activated.connect(lambda _at: self.changed.emit())

    def set_clips(self, choices: tuple[ClipChoice, ...]) -> None:
        """Offer other clips, and to choose a file."""
        if choices == self._choices:
            return  # the list of a case changes with each step of an analysis
        self._choices = choices
        chosen = self.clip.currentData()
        with QSignalBlocker(self.clip):
            self.clip.clear()
            self.clip.addItem(tr_marked(_OPEN_CLIP), None)
            self._texts = {choice.case_path: choice.text for choice in choices}
            nearest = nearest_names([choice.text for choice in choices])
            for choice in choices:
                self.clip.addItem(self._fitted(choice.text, nearest[choice.text]), choice.case_path)
                self.clip.setItemData(self.clip.count() - 1, plain_tip(choice.text), Qt.ItemDataRole.ToolTipRole)
            self.clip.addItem(tr_marked(_ANOTHER_FILE), _ANOTHER)
            self.clip.setCurrentIndex(max(self.clip.findData(chosen), 0))

    def _fitted(self, text: str, nearest: str) -> str:
        """As much of a choice's text as the box shows, such that it tells its clip from the most similar one."""
        metrics, room = self.clip.fontMetrics(), self.clip.maximumWidth() - _ARROW

        def fits(text: str) -> bool:
            return metrics.horizontalAdvance(text) <= room

        return elided_apart(text, nearest, fits)

    def _on_clip_activated(self) -> None:
        chosen = self.clip.currentData()
        if chosen is _ANOTHER:
            self.file_wanted.emit()
        else:
            self.clip_chosen.emit(chosen)

    def show_pick(self, pick: Pick, other: Path | None) -> None:
        """Set all controls without emitting their signals; `other` is the case file of the comparison's other clip."""
        session, self._is_other = self._session, pick.is_other
        clip = session.clip_of(pick)
        opened = session.opened_of(pick)
        track_ids, names = ((), NO_NAMES) if clip is None else (clip.board.track_ids, clip.face_names)
        with QSignalBlocker(self.frame_box), QSignalBlocker(self.follow), QSignalBlocker(self.what):
            self.clip.setCurrentIndex(max(self.clip.findData(other if pick.is_other else None), 0))
            chosen = self._texts.get(self.clip.currentData())
            self.clip.setToolTip(plain_tip(chosen or tr_marked(_CLIP_TIP)))
            last = 0 if opened is None else len(opened.pts) - 1
            self.frame_box.setMaximum(last)
            self.frame_box.setValue(session.index_of(pick) or 0)
            self.frame_box.setEnabled(pick.index is not None and opened is not None)
            with QSignalBlocker(self.slider):
                self.slider.setMaximum(last)
                self.slider.setValue(self.frame_box.value())
            self.slider.setEnabled(self.frame_box.isEnabled())
            self.follow.setChecked(pick.index is None)
            self.follow.setToolTip(plain_tip(tr_marked(_FOLLOW_OTHER if pick.is_other else _FOLLOW)))
            self.what.clear()
            self.what.addItem(tr("Whole frame"), None)
            for track_id in track_ids:
                self.what.addItem(face_label(track_id, names), track_id)
            self.what.setCurrentIndex(max(self.what.findData(pick.track_id), 0))
        has_times = opened is None or not opened.clip.is_still
        self.frame_box.setVisible(has_times)
        self.follow.setVisible(has_times)
        self.slider.setVisible(pick.is_other and has_times)
        self.worst.setVisible(pick.is_other and has_times)
        self.worst.setEnabled(pick.is_other and self._worst_index() is not None)
        self.follow.setEnabled(opened is not None)
        self.what.setEnabled(opened is not None)

    @property
    def pick(self) -> Pick:
        """The frame or face that the controls are set to."""
        index = None if self.follow.isChecked() else self.frame_box.value()
        return Pick(index, self.what.currentData(), self._is_other)

    def _worst_index(self) -> int | None:
        other = self._session.other
        if other is None or other.analysis is None:
            return None
        track = deciding_track(other.analysis)
        return None if track is None else index_at(other.opened.pts, track.worst_pts)

    def _on_worst(self) -> None:
        index = self._worst_index()
        if index is not None:
            with QSignalBlocker(self.follow), QSignalBlocker(self.frame_box):
                self.follow.setChecked(False)
                self.frame_box.setValue(index)
            self.changed.emit()


_FOLLOW = mark("Show the player's frame on this side; switch off to keep the current frame")
_FOLLOW_OTHER = mark("Show this clip at the player's time from the start; switch off to choose a frame of its own")
