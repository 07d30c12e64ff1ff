"""The card with the clip's result: readable in seconds, the reasoning behind a button, and a text to send on."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector.domain.analysis import Analysis
from inspector.domain.answer import FaceNames, answer, clip_reason, unexamined, unfitting
from inspector.domain.likelihood import clip_beyond_text
from inspector.ui import text
from inspector.ui.panels.card import Card, small_button
from inspector.ui.panels.inconclusive import why_inconclusive
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.labels import wrapped
from inspector.ui.widgets.language import capital, tr


class ResultCard(Card):
    """The conclusion, its consequence, how often the rule errs and the limit that matters here."""

    copy_wanted = Signal()
    detail_changed = Signal(bool)

    def __init__(self, analysis: Analysis, warnings: list[str], names: FaceNames, *, is_detailed: bool) -> None:
        super().__init__(text.level(analysis.summary.conclusion), False)
        found = answer(analysis)
        self.add_text(shown(found.headline), "conclusion")
        self.add_text(shown(found.consequence), "consequence")
        for warning in warnings:
            self.add_text(warning, "warning")
        why = why_inconclusive(analysis, names)
        for sentence in why:
            self.add_text(sentence)
        for sentence in found.sentences[1:]:
            self.add_text(shown(sentence))
        self._details = QWidget()
        column = QVBoxLayout(self._details)
        column.setContentsMargins(0, 4, 0, 0)
        for line in _details(analysis, names):
            if line not in why:
                column.addWidget(wrapped(line))
        self._toggle = small_button("", lambda: self._show_details(not self._details.isVisibleTo(self)))
        row = QHBoxLayout()
        row.addWidget(self._toggle)
        row.addWidget(small_button(tr("Copy result"), self.copy_wanted.emit))
        row.addStretch(1)
        self.column.addSpacing(4)
        self.column.addLayout(row)
        self.column.addWidget(self._details)
        # Only now, when the button has its parent: before, it would be shown as a window of its own.
        self._toggle.setVisible(column.count() > 0)
        self._show_details(is_detailed)

    def _show_details(self, is_shown: bool) -> None:
        self._details.setVisible(is_shown)
        self._toggle.setText(tr("Hide details") if is_shown else tr("Details"))
        self.detail_changed.emit(is_shown)


def _details(analysis: Analysis, names: FaceNames) -> Iterator[str]:
    """The reason of the conclusion, and the probability with the measured error rates and their intervals."""
    if reason := clip_reason(analysis, names):
        yield shown(reason)
    if scale := text.scale_text(analysis):
        yield scale
    if line := text.clip_text(analysis, names):
        yield f"{capital(line)}."
    if beyond := clip_beyond_text(analysis):
        yield shown(beyond)


def result_warnings(analysis: Analysis, *, are_settings_current: bool) -> list[str]:
    """What keeps the result from holding for the clip as it is."""
    warnings = list(map(shown, unexamined(analysis)))
    if answer(analysis).frequencies:
        warnings += map(shown, unfitting(analysis.settings, is_still=analysis.clip.is_still))
    if analysis.is_evidence_changed:
        warnings.append(tr("The file changed during the analysis or cannot be read any more: its SHA-256 differs."))
    if not are_settings_current:
        warnings.append(tr("Out of date: the settings have changed since. Analyse again to use them."))
    return warnings
