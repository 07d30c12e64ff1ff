"""The findings panel: the clip's conclusion with its error rate, the findings, the tracks, and what was not scored."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.analysis import Analysis, Finding, TrackSummary
from inspector.domain.case import Decision, Review
from inspector.ui import text
from inspector.ui.session import Session
from inspector.ui.time_text import short_time
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.widgets.labels import PlainLabel, heading, plain_tip, wrapped
from inspector.ui.widgets.theme import THEMES, track_colour

_TRACK_ROLE = int(Qt.ItemDataRole.UserRole)
_PEAK_ROLE = _TRACK_ROLE + 1


class Card(QFrame):
    """A framed text that can be clicked if `is_link`."""

    clicked = Signal()

    def __init__(self, level: str, is_link: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setProperty("level", level)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(10, 8, 10, 8)
        self.column.setSpacing(3)
        if is_link:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Treat Enter as a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Emit `clicked` for the left button."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class FindingsPanel(QScrollArea):
    """Rebuilt from the session's analysis. `peak_wanted` carries a track and the pts of its peak frame."""

    peak_wanted = Signal(object, object)  # int, int | None
    analysis_wanted = Signal()
    reviewed = Signal(object, object, object)  # Finding, Decision | None, the reason

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._session = session
        self._tree: QTreeWidget | None = None
        session.clip_changed.connect(lambda _clip: self._fill())
        session.analysis_changed.connect(lambda _analysis: self._fill())
        session.model_changed.connect(lambda _card: self._fill())
        session.job_changed.connect(self._on_job_changed)
        session.notes_changed.connect(self._on_notes_changed)
        session.theme_changed.connect(lambda _name: self._fill())
        session.settings_changed.connect(lambda _settings: self._fill())
        session.track_selected.connect(self._on_track_selected)
        self._was_running = False
        self._fill()

    def _on_job_changed(self, job: object) -> None:
        if (job is not None) != self._was_running:
            self._was_running = job is not None
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
        title = PlainLabel("Analysis is running" if session.job is not None else "Not analysed yet")
        title.setObjectName("conclusion")
        card.column.addWidget(title)
        if session.clip is None:
            title.setText("No clip is open")
            card.column.addWidget(
                wrapped("Findings, tracks and the reasons for frames without a score are shown here.")
            )
        elif session.job is not None:
            card.column.addWidget(
                wrapped("You can keep viewing the clip; scores appear in the timeline as they are computed.")
            )
        else:
            self._offer_analysis(card)
        column.addWidget(card)
        if session.clip is not None and session.model is None:
            warning = Card("notable", False)
            warning.column.addWidget(
                wrapped(
                    "No model bundle is installed: the analysis finds faces, landmarks and signals, but scores nothing."
                )
            )
            column.addWidget(warning)

    def _offer_analysis(self, card: Card) -> None:
        begun = bool(self._session.board.tracks)
        interrupted = "An earlier analysis was interrupted; it can be resumed where it stopped."
        fresh = "The analysis scores every face in every frame. No data leaves this computer."
        card.column.addWidget(wrapped(interrupted if begun else fresh))
        button = QPushButton("Resume analysis" if begun else "Analyse this clip")
        button.setProperty("primary", True)
        button.clicked.connect(self.analysis_wanted)
        card.column.addSpacing(4)
        card.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _fill_results(self, column: QVBoxLayout, analysis: Analysis) -> None:
        summary = analysis.summary
        card = Card(text.level(summary.conclusion), False)
        title = wrapped(str(summary.conclusion).capitalize())
        title.setObjectName("conclusion")
        card.column.addWidget(title)
        if self._session.imported:
            card.column.addWidget(wrapped(text.imported_text(self._session.imported)))
        card.column.addWidget(wrapped(summary.reason))
        if line := text.clip_text(analysis):
            card.column.addWidget(wrapped(line.capitalize() + "."))
        if analysis.model is None:
            card.column.addWidget(wrapped("No model bundle was installed, so no face was scored."))
        if not analysis.is_complete:
            card.column.addWidget(wrapped("The analysis was stopped before the end of the clip."))
        if analysis.is_evidence_changed:
            card.column.addWidget(wrapped("The file changed during the analysis: its SHA-256 differs."))
        if analysis.is_complete and analysis.settings != self._session.settings:
            card.column.addWidget(wrapped("Out of date: the settings have changed since. Analyse again to use them."))
        column.addWidget(card)
        if analysis.findings:
            column.addWidget(heading("Findings"))
            for finding in analysis.findings:
                column.addWidget(self._finding_card(finding, analysis))
        if analysis.summaries:
            column.addWidget(heading("Tracks"))
            self._tree = self._track_tree(analysis)
            column.addWidget(self._tree)
            column.addWidget(self._track_footnote(analysis))
        self._fill_counts(column, analysis)

    def _finding_card(self, finding: Finding, analysis: Analysis) -> Card:
        leads = finding.track_id is not None
        card = Card(text.level(finding.conclusion, finding.significance), leads)
        title = wrapped(f"{finding.conclusion[:1].upper()}{finding.conclusion[1:]}")
        card.column.addWidget(title)
        title.setStyleSheet("font-weight: bold")
        where = text.finding_when(finding, analysis.clip)
        track = f"Track {finding.track_id} · " if leads else ""
        about = wrapped(f"{track}{finding.significance.text}{' · ' + where if where else ''}")
        about.setObjectName("muted")
        card.column.addWidget(about)
        card.column.addWidget(wrapped(finding.justification))
        for review in self._session.other_reviews(finding):
            card.column.addWidget(wrapped(_decision(review, review.author or "an examiner who is not stated")))
        card.column.addLayout(self._review_row(finding))
        if leads:
            card.clicked.connect(partial(self.peak_wanted.emit, finding.track_id, _peak(finding, analysis)))
            card.setToolTip("Click to go to the peak frame and show its heat map")
            for label in card.findChildren(QLabel):
                label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        return card

    def _review_row(self, finding: Finding) -> QHBoxLayout:
        """The examiner's decision on a finding; it does not change the finding."""
        review = self._session.review_of(finding)
        row = QHBoxLayout()
        if review is not None:
            row.addWidget(wrapped(_decision(review, "the examiner")), 1)
            row.addWidget(self._small_button("Withdraw", lambda: self.reviewed.emit(finding, None, "")))
            return row
        for decision, label in ((Decision.ACCEPTED, "Accept …"), (Decision.REJECTED, "Reject …")):
            row.addWidget(self._small_button(label, partial(self._ask_reason, finding, decision)))
        row.addStretch(1)
        return row

    @staticmethod
    def _small_button(label: str, pressed: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.setProperty("small", True)
        button.clicked.connect(lambda _checked=False: pressed())
        return button

    def _ask_reason(self, finding: Finding, decision: Decision) -> None:
        dialog = dialogs.ask_for_reason(self, f"{decision.capitalize()}: {finding.conclusion}")
        dialog.textValueSelected.connect(lambda reason: self.reviewed.emit(finding, decision, reason.strip()))
        dialog.open()

    def _track_tree(self, analysis: Analysis) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName("Tracks")
        tree.setRootIsDecorated(False)
        tree.setHeaderLabels(["Track", "Prob.", "Scored", "Peak", "Conclusion"])
        tree.setIconSize(QSize(10, 10))
        tree.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        rates = text.track_rates(analysis.model, analysis)
        for summary in analysis.summaries:
            tree.addTopLevelItem(self._track_row(summary, analysis, text.track_tip(summary, rates)))
        header = tree.header()
        for section in range(4):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        row_height = tree.sizeHintForRow(0) if analysis.summaries else 20
        tree.setFixedHeight(min(len(analysis.summaries), 10) * row_height + header.sizeHint().height() + 6)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.itemClicked.connect(self._on_track_clicked)
        tree.itemActivated.connect(self._on_track_clicked)
        self._mark(tree, self._session.selected_track)
        return tree

    @staticmethod
    def _track_footnote(analysis: Analysis) -> PlainLabel:
        """The error rates of the probabilities in the list, and the definition of a track."""
        rates = text.track_rates(analysis.model, analysis)
        note = wrapped(f"Prob.: {text.error_text(rates)}. A track is a face followed through one shot, not a person.")
        note.setObjectName("muted")
        return note

    def _track_row(self, summary: TrackSummary, analysis: Analysis, tip: str) -> QTreeWidgetItem:
        clip = analysis.clip
        probability = "–" if summary.fake_probability is None else f"{summary.fake_probability:.2f}"
        peak = "–" if summary.peak_pts is None else short_time(clip.seconds(summary.peak_pts))
        scored = f"{summary.frames_scored}/{summary.frames_found}"
        row = QTreeWidgetItem([f"{summary.track_id}", probability, scored, peak, str(summary.conclusion)])
        row.setIcon(0, _swatch(track_colour(THEMES[self._session.theme_name], summary.track_id)))
        row.setData(0, _TRACK_ROLE, summary.track_id)
        row.setData(0, _PEAK_ROLE, summary.peak_pts if summary.peak_pts is not None else summary.start_pts)
        for column in range(5):
            row.setToolTip(column, plain_tip(tip))
        return row

    def _fill_counts(self, column: QVBoxLayout, analysis: Analysis) -> None:
        summary = analysis.summary
        column.addWidget(heading("Frames"))
        lines = [
            f"{summary.frames_decoded} decoded, {summary.frames_analysed} analysed, "
            f"{summary.frames_scored} with a score.",
        ]
        if analysis.account is not None and analysis.account.is_remarkable:
            lines.append(f"Pictures in the file: {analysis.account.text()}.")
        if analysis.gaps:
            lines.append(f"{len(analysis.gaps)} parts of the clip could not be decoded.")
        lines += [f"Not scored, {reason}: {count}" for reason, count in summary.abstentions.items() if count]
        for line in lines:
            column.addWidget(wrapped(line))

    def _on_track_clicked(self, row: QTreeWidgetItem, _column: int) -> None:
        self.peak_wanted.emit(row.data(0, _TRACK_ROLE), row.data(0, _PEAK_ROLE))

    def _on_track_selected(self, track_id: int | None) -> None:
        if self._tree is not None:
            self._mark(self._tree, track_id)

    @staticmethod
    def _mark(tree: QTreeWidget, track_id: int | None) -> None:
        for at in range(tree.topLevelItemCount()):
            row = tree.topLevelItem(at)
            if row is not None:
                row.setSelected(row.data(0, _TRACK_ROLE) == track_id)


def _decision(review: Review, who: str) -> str:
    return f"{review.decision.capitalize()} by {who}" + (f": {review.reason}" if review.reason else "")


def _peak(finding: Finding, analysis: Analysis) -> int | None:
    """The pts of a finding's peak frame."""
    if finding.segments:
        return max(finding.segments, key=lambda segment: segment.peak_probability).peak_pts
    peaks = [summary.peak_pts for summary in analysis.summaries if summary.track_id == finding.track_id]
    return peaks[0] if peaks else None


def _swatch(colour: QColor) -> QIcon:
    """A square in a track's colour, with a white edge that is visible on a selected row too."""
    image = QPixmap(20, 20)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.fillRect(2, 2, 16, 16, colour)
    painter.end()
    return QIcon(image)
