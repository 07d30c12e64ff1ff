"""The clip panel and the model panel: groups of names and values that can be selected and copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from inspector.ui import text
from inspector.ui.session import Session
from inspector.ui.widgets.labels import heading, wrapped
from inspector.ui.widgets.theme import mono_font

Groups = list[tuple[str, list[tuple[str, str]]]]


class FactsPage(QScrollArea):
    """A scrolled page that is rebuilt when its content changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._content: object = None

    def show_groups(
        self, groups: Groups, lead: str = "", lists: list[tuple[str, tuple[str, ...]]] | None = None
    ) -> None:
        """Fill the page with a leading sentence, groups of facts and lists of sentences."""
        content = groups, lead, lists
        if content == self._content:
            return
        self._content = content
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        if lead:
            column.addWidget(wrapped(lead))
        for title, rows in groups:
            if rows:
                column.addWidget(heading(title))
                column.addLayout(self._grid(rows))
        for title, sentences in lists or []:
            if sentences:
                column.addWidget(heading(title))
                for sentence in sentences:
                    column.addWidget(wrapped(f"•  {sentence}"))
        column.addStretch(1)
        self.setWidget(page)

    @staticmethod
    def _grid(rows: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(0, 84)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(rows):
            left = QLabel(name)
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


class ClipPanel(FactsPage):
    """The properties of the clip, from its container and its stream."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.clip_changed.connect(lambda _clip: self._fill())
        session.analysis_changed.connect(lambda _analysis: self._fill())
        self._fill()

    def _fill(self) -> None:
        opened, analysis = self._session.opened, self._session.analysis
        if opened is None:
            self.show_groups([], "No clip is open.")
            return
        groups = text.clip_facts(opened.clip, len(opened.pts))
        changes = text.format_facts(opened.clip, analysis.formats) if analysis is not None else []
        self.show_groups([*groups, ("Changes within the stream", changes)])


class ModelPanel(FactsPage):
    """The model card that the scores come from, with its error rates and limits."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.model_changed.connect(lambda _card: self._fill())
        session.analysis_changed.connect(lambda _analysis: self._fill())
        self._fill()

    def _fill(self) -> None:
        card = self._session.model
        general = [("What it can tell", text.CAN_TELL), ("What it cannot tell", text.CANNOT_TELL)]
        if card is None:
            lead = (
                "No model bundle is installed, so nothing is scored. Clips still play, and an analysis finds faces, "
                "landmarks and signals."
            )
            self.show_groups([], lead, general)
            return
        lists = [("Limits of this model", card.limits), ("Never seen in training or tests", card.never_seen), *general]
        self.show_groups(text.model_facts(card), "", lists)
