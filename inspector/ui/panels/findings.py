"""The findings panel: the clip's conclusion with its error rate, the findings, the tracks, and what was not scored."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.analysis import Analysis, Finding, TrackSummary
from inspector.domain.answer import answer, message, ordered_findings, why_not_scored
from inspector.domain.case import Review
from inspector.domain.scores import rounded
from inspector.engine.case.records import Earlier
from inspector.ui import text
from inspector.ui.panels.card import Card
from inspector.ui.panels.finding_card import FindingCard
from inspector.ui.panels.result_card import ResultCard, result_warnings
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.time_text import short_time
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.labels import PlainLabel, heading, plain_tip, wrapped
from inspector.ui.widgets.language import english, plural, tr, tr_marked
from inspector.ui.widgets.theme import THEMES, track_colour

_TRACK_ROLE = int(Qt.ItemDataRole.UserRole)
_WORST_ROLE = _TRACK_ROLE + 1
_SCORED, _WORST = 2, 3  # columns of the table of faces


class FindingsPanel(QScrollArea):
    """Rebuilt from the session's analysis. `frame_wanted` carries a track and the pts of its worst frame."""

    frame_wanted = Signal(object, object)  # int, int
    analysis_wanted = Signal()
    name_wanted = Signal(object)  # int: a track
    earlier_wanted = Signal(object)  # Earlier: it is to be used here
    reviewed = Signal(object, object, object)  # Finding, Decision | None, the reason

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._session = session
        self._tree: QTreeWidget | None = None
        self._is_detailed = False  # whether the details of the result are shown
        session.clip_changed.connect(lambda _clip: self._fill())
        session.analysis_changed.connect(lambda _analysis: self._fill())
        session.model_changed.connect(lambda _card: self._fill())
        session.job_changed.connect(self._on_job_changed)
        session.busy_changed.connect(self._on_busy_changed)
        session.earlier_changed.connect(self._fill)
        session.names_changed.connect(self._fill)
        session.notes_changed.connect(self._on_notes_changed)
        session.theme_changed.connect(lambda _name: self._fill())
        session.settings_changed.connect(lambda _settings: self._fill())
        session.track_selected.connect(self._on_track_selected)
        self._was_running = self._was_opening = False
        self._fill()

    def _on_detail_changed(self, is_shown: bool) -> None:
        self._is_detailed = is_shown

    def _copy(self, analysis: Analysis) -> None:
        imported = self._session.imported
        warning = f"\n{text.imported_text(imported, english)}" if imported else ""
        QGuiApplication.clipboard().setText(message(analysis) + warning)
        self._session.post(Notice(tr("The result was copied as text.")))

    def _on_job_changed(self, job: object) -> None:
        if (job is not None) != self._was_running:
            self._was_running = job is not None
            self._fill()

    def _on_busy_changed(self, _text: object) -> None:
        if self._session.clip is None and self._session.is_opening != self._was_opening:
            self._was_opening = self._session.is_opening
            self._fill()

    def _on_notes_changed(self) -> None:
        if self._shown_reviews() != self._reviews:
            self._fill()

    def _shown_reviews(self) -> tuple[str, tuple[Review, ...]]:
        return self._session.case_info.examiner, self._session.reviews

    def _fill(self) -> None:
        self._reviews = self._shown_reviews()
        page = QWidget()
        page.setObjectName("page")
        self._tree = None
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        analysis = self._session.analysis
        if analysis is None:
            self._fill_waiting(column)
        else:
            self._fill_results(column, analysis)
        column.addStretch(1)
        self.setWidget(page)

    def _fill_waiting(self, column: QVBoxLayout) -> None:
        session = self._session
        card = Card("plain", False)
        is_known = session.best_earlier is not None
        begun = tr("Partly analysed") if session.board.tracks else tr("Not analysed yet")
        idle = tr("Analysed before") if is_known else begun
        title = PlainLabel(tr("Analysis is running") if session.job is not None else idle)
        title.setObjectName("conclusion")
        card.column.addWidget(title)
        if session.clip is None and session.is_opening:
            title.setText(tr("A clip is being opened"))
        elif session.clip is None:
            title.setText(tr("No clip is open"))
            card.column.addWidget(
                wrapped(tr("Findings, faces and the reasons for frames without a score are shown here."))
            )
        elif session.job is not None:
            card.column.addWidget(
                wrapped(tr("You can keep viewing the clip; scores appear in the timeline as they are computed."))
            )
        else:
            self._offer_analysis(card)
        column.addWidget(card)
        if session.clip is not None and session.model is None:
            warning = Card("plain", False)
            warning.column.addWidget(
                wrapped(
                    tr(
                        "No model bundle is installed: the analysis finds faces, landmarks and signals, but scores "
                        "nothing."
                    )
                )
            )
            column.addWidget(warning)

    def _offer_analysis(self, card: Card) -> None:
        earlier = self._session.best_earlier
        if earlier is not None:
            self._offer_earlier(card, earlier)
            return
        can_resume = self._session.can_resume
        interrupted = tr("An earlier analysis was interrupted; it can be resumed where it stopped.")
        is_still = self._session.clip is not None and self._session.clip.is_still
        fresh = (
            tr("The analysis scores every face in the picture. No data leaves this computer.")
            if is_still
            else tr("The analysis scores every face in every frame. No data leaves this computer.")
        )
        card.column.addWidget(wrapped(interrupted if can_resume else fresh))
        begin = tr("Analyse this picture") if is_still else tr("Analyse this clip")
        button = QPushButton(tr("Resume analysis") if can_resume else begin)
        button.setProperty("primary", True)
        button.clicked.connect(self.analysis_wanted)
        card.column.addSpacing(4)
        card.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _offer_earlier(self, card: Card, earlier: Earlier) -> None:
        """Offer an analysis from another case file before a new one."""
        card.add_text(text.earlier_text(earlier, is_current=self._session.is_current(earlier)))
        card.column.addSpacing(4)
        use = QPushButton(text.use_earlier_text(earlier))
        use.setProperty("primary", True)
        use.clicked.connect(partial(self.earlier_wanted.emit, earlier))
        card.column.addWidget(use, 0, Qt.AlignmentFlag.AlignLeft)
        again = QPushButton(tr("Analyse again"))
        again.clicked.connect(self.analysis_wanted)
        card.column.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def _fill_results(self, column: QVBoxLayout, analysis: Analysis) -> None:
        is_running = self._session.job is not None
        are_current = is_running or self._session.would_use(analysis.settings)
        warnings = result_warnings(analysis, are_settings_current=are_current)
        if is_running:
            warnings.insert(0, tr("This is the former result; an analysis is running."))
        if self._session.imported:
            warnings.insert(0, text.imported_text(self._session.imported))
        card = ResultCard(analysis, warnings, self._session.face_names, is_detailed=self._is_detailed)
        card.detail_changed.connect(self._on_detail_changed)
        card.copy_wanted.connect(partial(self._copy, analysis))
        column.addWidget(card)
        if analysis.findings:
            column.addWidget(heading(tr("Findings")))
            for finding in ordered_findings(analysis):
                column.addWidget(self._finding_card(finding, analysis))
        if analysis.summaries:
            column.addWidget(heading(tr("Faces")))
            self._tree = self._track_tree(analysis)
            column.addWidget(self._tree)
            if not analysis.clip.is_still:
                column.addWidget(self._track_footnote())
        self._fill_counts(column, analysis)

    def _finding_card(self, finding: Finding, analysis: Analysis) -> Card:
        session = self._session
        own, others = session.review_of(finding), session.other_reviews(finding)
        card = FindingCard(finding, analysis, own, others, session.face_names)
        card.reviewed.connect(self.reviewed)
        if card.track is not None:
            card.clicked.connect(partial(self.frame_wanted.emit, card.track.track_id, card.track.worst_pts))
        return card

    def _track_tree(self, analysis: Analysis) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(tr("Faces"))
        tree.setRootIsDecorated(False)
        tree.setHeaderLabels([tr("Face"), tr("Prob."), tr("Scored"), tr("Worst"), tr("Conclusion")])
        tree.setIconSize(QSize(10, 10))
        tree.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        rates = text.track_rates(analysis.model, analysis)
        for summary in analysis.summaries:
            tree.addTopLevelItem(self._track_row(summary, analysis, text.track_tip(summary, rates)))
        header = tree.header()
        for section in range(4):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        # Where each frame was scored, the column has nothing to say, and the conclusion needs its place.
        tree.setColumnHidden(_SCORED, all(t.frames_scored == t.frames_found for t in analysis.summaries))
        tree.setColumnHidden(_WORST, analysis.clip.is_still)  # which has one frame
        header.setMinimumSectionSize(24)
        header.setStretchLastSection(True)
        row_height = tree.sizeHintForRow(0) if analysis.summaries else 20
        tree.setFixedHeight(min(len(analysis.summaries), 10) * row_height + header.sizeHint().height() + 6)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.itemClicked.connect(self._on_track_clicked)
        tree.itemActivated.connect(self._on_track_clicked)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._on_menu_wanted)
        self._mark(tree, self._session.selected_track)
        return tree

    @staticmethod
    def _track_footnote() -> PlainLabel:
        """The definition of a track."""
        note = wrapped(
            tr("A face is followed through one shot; the same person in another shot is another face in this list.")
        )
        note.setObjectName("muted")
        return note

    def _track_row(self, summary: TrackSummary, analysis: Analysis, tip: str) -> QTreeWidgetItem:
        clip = analysis.clip
        probability = "–" if summary.fake_probability is None else rounded(summary.fake_probability)
        peak = "–" if summary.peak_pts is None or clip.is_still else short_time(clip.seconds(summary.peak_pts))
        scored = f"{summary.frames_scored}/{summary.frames_found}"
        row = QTreeWidgetItem(
            [self._session.face_name(summary.track_id), probability, scored, peak, tr_marked(summary.conclusion)]
        )
        row.setIcon(0, _swatch(track_colour(THEMES[self._session.theme_name], summary.track_id)))
        row.setData(0, _TRACK_ROLE, summary.track_id)
        row.setData(0, _WORST_ROLE, summary.worst_pts)
        for column in range(5):
            row.setToolTip(column, plain_tip(tip))
        return row

    def _fill_counts(self, column: QVBoxLayout, analysis: Analysis) -> None:
        summary = analysis.summary
        column.addWidget(heading(tr("Frames")))
        lines = [text.counts_text(analysis)]
        if analysis.account is not None and analysis.account.is_remarkable:
            lines.append(tr("Pictures in the file: {text}.", text=analysis.account.text()))
        if analysis.gaps:
            lines.append(
                plural(
                    "%n parts of the clip could not be decoded.",
                    "%n part of the clip could not be decoded.",
                    len(analysis.gaps),
                )
            )
        if (reasons := why_not_scored(summary.abstentions)) not in answer(analysis).sentences:
            lines.append(shown(reasons))
        for line in filter(None, lines):
            column.addWidget(wrapped(line))

    def _on_track_clicked(self, row: QTreeWidgetItem, _column: int) -> None:
        self.frame_wanted.emit(row.data(0, _TRACK_ROLE), row.data(0, _WORST_ROLE))

    def _on_menu_wanted(self, at: QPoint) -> None:
        row = None if self._tree is None else self._tree.itemAt(at)
        if self._tree is not None and row is not None:
            track_id = row.data(0, _TRACK_ROLE)
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(tr("Name this face …")).triggered.connect(lambda: self.name_wanted.emit(track_id))
            menu.popup(self._tree.viewport().mapToGlobal(at))

    def _on_track_selected(self, track_id: int | None) -> None:
        if self._tree is not None:
            self._mark(self._tree, track_id)

    @staticmethod
    def _mark(tree: QTreeWidget, track_id: int | None) -> None:
        for at in range(tree.topLevelItemCount()):
            row = tree.topLevelItem(at)
            if row is not None:
                row.setSelected(row.data(0, _TRACK_ROLE) == track_id)


def _swatch(colour: QColor) -> QIcon:
    """A square in a track's colour, with a white edge that is visible on a selected row too."""
    image = QPixmap(20, 20)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.fillRect(2, 2, 16, 16, colour)
    painter.end()
    return QIcon(image)
