"""The card of one finding, with the examiner's decision on it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QWidget

from inspector.domain.analysis import Analysis, Conclusion, Finding, TrackSummary
from inspector.domain.answer import NO_NAMES, FaceNames, answer, finding_title, is_reason_of_clip, why_not_scored
from inspector.domain.case import Decision, Review
from inspector.domain.clip import Clip
from inspector.ui import text
from inspector.ui.panels.card import Card, small_button
from inspector.ui.time_text import short_time
from inspector.ui.widgets.engine_text import decision_shown, shown
from inspector.ui.widgets.labels import PlainLabel, plain_tip, wrapped
from inspector.ui.widgets.language import mark, tr, tr_marked
from inspector.ui.widgets.text_dialog import text_dialog

_DECISIONS = ((Decision.ACCEPTED, mark("I agree …")), (Decision.REJECTED, mark("I disagree …")))
_MEANING = {
    (Decision.ACCEPTED, True): mark("You agree that the tool's result supports neither answer."),
    (Decision.REJECTED, True): mark("You consider the question answered by other evidence; say which, and which way."),
    (Decision.ACCEPTED, False): mark("You agree with this finding."),
    (Decision.REJECTED, False): mark("You do not agree with this finding."),
}


class FindingCard(Card):
    """A finding; a click goes to its worst frame, or to the first frame of a face without a score."""

    reviewed = Signal(object, object, object)  # Finding, Decision | None, the reason

    def __init__(
        self,
        finding: Finding,
        analysis: Analysis,
        review: Review | None,
        others: tuple[Review, ...] = (),
        names: FaceNames = NO_NAMES,
    ) -> None:
        self._finding = finding
        self.track = next((t for t in analysis.summaries if t.track_id == finding.track_id), None)
        level = text.level(finding.conclusion if self.track is None else self.track.conclusion)
        super().__init__(level if review is None else "decided", self.track is not None)
        self.add_text(shown(finding_title(finding, analysis, names)), "finding")
        if where := text.finding_when(finding, analysis.clip):
            self.add_text(where, "muted")
        if self.track is not None:
            self.add_text(_where_a_click_goes(self.track, analysis.clip), "muted")
        if self.track is not None and not self.track.frames_scored:
            reason = why_not_scored(self.track.abstentions) or finding.justification
            if reason not in answer(analysis).sentences:  # which the card above gives
                self.add_text(shown(reason))
        else:
            if not is_reason_of_clip(finding, analysis):  # which the card above gives
                self.add_text(shown(finding.justification))
                if scale := "" if self.track is None else text.scale_text(analysis, self.track):
                    self.add_text(scale, "muted")
            for other in others:
                self.add_text(decision_shown(other, other.author or tr("another examiner")))
            self.column.addLayout(self._review_row(review))
        if self.track is not None:
            self._explain_click(self.track)

    def _explain_click(self, track: TrackSummary) -> None:
        worst, first = tr("Click to go to the face's worst frame"), tr("Click to go to the first frame of this face")
        self.setToolTip(plain_tip(worst if track.frames_scored else first))
        for label in self.findChildren(PlainLabel):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

    def _review_row(self, review: Review | None) -> QHBoxLayout:
        """The examiner's decision on a finding; it does not change the finding."""
        row = QHBoxLayout()
        if review is not None:
            decided = decision_shown(review)
            row.addWidget(wrapped(decided[:1].upper() + decided[1:]), 1)
            row.addWidget(small_button(tr("Withdraw"), lambda: self.reviewed.emit(self._finding, None, "")))
            return row
        for decision, label in _DECISIONS:
            row.addWidget(small_button(tr_marked(label), partial(self._ask_reason, decision)))
        row.addStretch(1)
        return row

    def _ask_reason(self, decision: Decision) -> None:
        is_open = self.track is not None and self.track.conclusion is Conclusion.INCONCLUSIVE
        dialog = ask_for_reason(self.window(), decision, _MEANING[decision, is_open])
        finding = self._finding  # the card may be gone when the dialog is answered
        send = self.reviewed.emit
        dialog.textValueSelected.connect(lambda reason: send(finding, decision, reason.strip()))
        dialog.open()


def _where_a_click_goes(track: TrackSummary, clip: Clip) -> str:
    when = short_time(clip.seconds(track.worst_pts))
    if not track.frames_scored:
        return tr("Click for this face.") if clip.is_still else tr("Click for its first frame, at {time}.", time=when)
    if clip.is_still:
        return tr("Click for the heat map of this face.")
    return tr("Click for the worst frame, at {time}, with its heat map.", time=when)


def ask_for_reason(parent: QWidget, decision: Decision, meaning: str) -> QInputDialog:
    """A modeless dialog for the reason of a decision; its text comes with the signal `textValueSelected`."""
    label = f"{tr_marked(meaning)}\n{tr('Your reason is printed in the report beside the finding:')}"
    title = tr_marked(dict(_DECISIONS)[decision]).removesuffix(" …")
    dialog = text_dialog(parent, title, label, tr("Save decision"))
    dialog.resize(460, 220)
    return dialog
