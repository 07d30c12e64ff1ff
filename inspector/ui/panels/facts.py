"""The clip panel and the model panel: groups of names and values that can be selected and copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from inspector.domain.known_models import UNKNOWN_MODEL, is_known
from inspector.engine.provenance.text import HistoryRow
from inspector.ui import text
from inspector.ui.panels.model_facts import model_facts
from inspector.ui.session import Session
from inspector.ui.widgets.labels import PlainLabel, heading, plain_tip, wrapped
from inspector.ui.widgets.language import tr, tr_marked
from inspector.ui.widgets.qimage import to_qimage
from inspector.ui.widgets.theme import mono_font

_THUMBNAIL = 56  # pixels

Groups = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose one of: entries of a number and a name, the one that is shown, and what picking another does."""

    title: str
    tip: str
    entries: tuple[tuple[int, str], ...]
    shown: int
    pick: Callable[[int], None]


class FactsPage(QScrollArea):
    """A scrolled page that is rebuilt when its content changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._content: object = None

    def show_groups(
        self,
        groups: Groups,
        lead: str = "",
        lists: list[tuple[str, tuple[str, ...]]] | None = None,
        choice: Choice | None = None,
        history: tuple[HistoryRow, ...] = (),
        *,
        is_problem: bool = False,
    ) -> None:
        """Fill the page: a leading text (red if it `is_problem`), a choice, facts, lists of sentences, a history."""
        content = groups, lead, lists, choice, history
        if content == self._content:
            return
        self._content = content
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        if lead:
            leading = wrapped(lead)
            leading.setObjectName("problem" if is_problem else "")
            column.addWidget(leading)
        if choice is not None:
            column.addWidget(heading(choice.title))
            column.addWidget(self._choice(choice))
        for title, rows in groups:
            if rows:
                column.addWidget(heading(title))
                column.addLayout(self._grid(rows))
        for title, sentences in lists or []:
            if sentences:
                column.addWidget(heading(title))
                for sentence in sentences:
                    column.addWidget(wrapped(f"•  {tr_marked(sentence)}"))
        if history:
            column.addWidget(heading(tr("History")))
            for row in history:
                column.addLayout(_history_line(row))
        column.addStretch(1)
        self.setWidget(page)

    @staticmethod
    def _choice(choice: Choice) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(choice.title)
        box.setToolTip(plain_tip(choice.tip))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for number, name in choice.entries:
            box.addItem(name, number)
        at = [number for number, _ in choice.entries].index(choice.shown)
        box.setCurrentIndex(at)

        def pick(index: int) -> None:
            box.setCurrentIndex(at)  # until the other one is open: it may fail to
            choice.pick(choice.entries[index][0])

        box.activated.connect(pick)
        return box

    @staticmethod
    def _grid(rows: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(0, 84)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(rows):
            left = PlainLabel(name)
            left.setObjectName("muted")
            left.setWordWrap(True)
            left.setMaximumWidth(110)
            left.setAlignment(Qt.AlignmentFlag.AlignTop)
            right = wrapped(value)
            if len(value) == 64 and " " not in value:
                # A hash contains no position at which Qt would break the line.
                right.setText("\u200b".join(value[at : at + 16] for at in range(0, 64, 16)))
                right.setFont(mono_font())
            grid.addWidget(left, row, 0)
            grid.addWidget(right, row, 1)
        return grid


def _history_line(row: HistoryRow) -> QHBoxLayout:
    """A file of the history, indented by its depth, with its thumbnail."""
    line = QHBoxLayout()
    line.setContentsMargins(min(row.depth, 8) * 14, 0, 0, 4)
    picture = PlainLabel()
    picture.setFixedSize(_THUMBNAIL, _THUMBNAIL)
    picture.setAlignment(Qt.AlignmentFlag.AlignTop)
    if row.thumbnail is not None:
        keep = Qt.AspectRatioMode.KeepAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        picture.setPixmap(QPixmap.fromImage(to_qimage(row.thumbnail)).scaled(_THUMBNAIL, _THUMBNAIL, keep, smooth))
    line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(wrapped(f"{row.title}\n{row.detail}"), 1)
    return line


class ClipPanel(FactsPage):
    """The properties of the clip, from its container and its stream, and the choice of another stream."""

    def __init__(self, session: Session, open_stream: Callable[[int], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._open_stream = session, open_stream
        session.clip_changed.connect(lambda _clip: self._fill())
        session.analysis_changed.connect(lambda _analysis: self._fill())
        self._fill()

    def _fill(self) -> None:
        opened, analysis = self._session.opened, self._session.analysis
        if opened is None:
            self.show_groups([], tr("No clip is open."))
            return
        clip = opened.clip
        groups = text.clip_facts(clip, len(opened.pts))
        changes = text.format_facts(clip, analysis.formats) if analysis is not None else []
        entries = tuple((info.number, text.stream_name(info)) for info in clip.streams if info.can_open)
        tip = tr("The stream of pictures that is shown and analysed; each has its own analyses and notes.")
        choice = Choice(tr("Shown of this file"), tip, entries, clip.stream, self._open_stream)
        groups.append((tr("Changes within the stream"), changes))
        self.show_groups(groups, choice=choice if len(entries) > 1 else None)


class LazyFactsPage(FactsPage):
    """A page that is filled only while it is visible: its many lines of text take long to lay out."""

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed while the page was hidden."""
        super().showEvent(event)
        self._fill()

    def _refresh(self) -> None:
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        raise NotImplementedError


class ModelPanel(LazyFactsPage):
    """The model card that the scores come from, with its error rates and limits."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.model_changed.connect(lambda _card: self._refresh())
        session.analysis_changed.connect(lambda _analysis: self._refresh())

    def _fill(self) -> None:
        card = self._session.model
        general = [(tr("What it can tell"), text.CAN_TELL), (tr("What it cannot tell"), text.CANNOT_TELL)]
        if card is None:
            lead = tr(
                "No model bundle is installed, so nothing is scored. Clips still play, and an analysis finds "
                "faces, landmarks and signals."
            )
            self.show_groups([], lead, general)
            return
        lists = [
            (tr("Limits of this model"), tuple(map(tr_marked, card.limits))),
            (tr("Never seen in training or tests"), tuple(map(tr_marked, card.never_seen))),
            *general,
        ]
        lead = "" if is_known(card) else tr_marked(UNKNOWN_MODEL)
        self.show_groups(model_facts(card), lead, lists, is_problem=True)
