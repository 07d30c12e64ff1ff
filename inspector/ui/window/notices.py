"""Shows notices in the message bar, triggers the actions of their buttons, and composes the status bar text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from inspector.domain.analysis import Analysis
from inspector.domain.answer import answer
from inspector.engine.faults import report_of
from inspector.ui.controller import Controller
from inspector.ui.session import Session
from inspector.ui.stages import stage_text
from inspector.ui.state import AnalysisJob, Notice
from inspector.ui.widgets.actions import ActionBook
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.glance import glance
from inspector.ui.widgets.language import capital, mark, tr, tr_marked
from inspector.ui.widgets.spoken import announce
from inspector.ui.window.message_bar import MessageBar
from inspector.ui.window.toolbar import progress_text

# The button labels by action id: actions of the action table, or those handled below.
_BUTTONS = {
    "analyse": mark("Resume"),
    "undo": mark("Undo"),
    "find_exhibit": mark("Find the file …"),
    "open": mark("Open …"),
    "settings": mark("Settings …"),
    "reopen": mark("Open again"),
    "save_again": mark("Save again"),
    "export": mark("Export again …"),
    "open_report": mark("Open folder"),
    "copy_fault": mark("Copy details"),
    "forget_now": mark("Delete"),
    "try_heat_map": mark("Try again"),
    "": "",
}


_PDF = "report.pdf"


class Notices(QObject):
    """Connects the notices of the session with the message bar and the actions."""

    def __init__(
        self, session: Session, bar: MessageBar, book: ActionBook, controller: Controller, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._bar, self._book, self._controller = session, bar, book, controller
        self._is_awaited = False  # an analysis of the open clip was seen to run; its result was not told yet
        session.notice_posted.connect(self._on_notice_posted)
        session.shown_changed.connect(lambda _shown: bar.hide_position_notice())
        session.job_changed.connect(self._on_job_changed)
        session.clip_changed.connect(self._on_clip_changed)
        session.analysis_changed.connect(self._on_analysis_changed)
        session.settings_changed.connect(lambda _settings: self._on_settings_changed())
        book["export"].triggered.connect(lambda: bar.hide_action("export"))  # a failure is over where it succeeds then
        bar.action_wanted.connect(self._on_action_wanted)
        bar.other_wanted.connect(self._on_pdf_wanted)

    def _on_notice_posted(self, notice: Notice) -> None:
        if not notice.action_id and (report := report_of(notice.text)):
            notice = replace(notice, action_id="copy_fault", detail=report)
        notice = replace(notice, text=shown(notice.text))  # the report of a fault is found by its English sentence
        is_report = notice.action_id == "open_report" and glance(Path.is_file, Path(notice.detail) / _PDF, False)
        label = tr_marked(_BUTTONS[notice.action_id])
        if notice.action_id == "analyse" and not self._session.can_resume:
            label = tr("Try again")
        self._bar.show_notice(notice, label, tr("Open PDF") if is_report else "")

    def _on_job_changed(self, job: AnalysisJob | None) -> None:
        if job is not None:
            self._is_awaited = True
            self._bar.hide_action("analyse")  # the button would resume what is running

    def _on_clip_changed(self, _opened: object) -> None:
        self._is_awaited = False

    def _on_settings_changed(self) -> None:
        if self._session.analysis_id is not None and not self._session.can_resume:
            self._bar.hide_action("analyse")  # the button would begin another analysis

    def _on_analysis_changed(self, analysis: Analysis | None) -> None:
        """Have a screen reader say the result that the Findings tab now shows, as it says the notices of the bar."""
        if not self._is_awaited or analysis is None or not analysis.is_complete or self._session.job is not None:
            return
        self._is_awaited = False
        found = answer(analysis)
        text = tr(
            "The analysis has ended: {conclusion}. {consequence}",
            conclusion=shown(found.headline),
            consequence=shown(found.consequence),
        )
        announce(self._bar, text)

    @staticmethod
    def _on_pdf_wanted(notice: Notice) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(notice.detail) / _PDF)))

    def _on_action_wanted(self, notice: Notice) -> None:
        if notice.action_id == "open_report":
            QDesktopServices.openUrl(QUrl.fromLocalFile(notice.detail))
        elif notice.action_id == "copy_fault":
            QApplication.clipboard().setText(notice.detail)
        elif notice.action_id == "reopen":
            self._controller.open_path(Path(notice.detail))
        elif notice.action_id == "forget_now":
            self._controller.pause()
            self._controller.records.forget(Path(notice.detail))
        elif notice.action_id == "save_again":
            self._controller.save_again()
        elif notice.action_id == "try_heat_map":
            self._controller.heat_map_requests.try_again()
        else:
            self._book[notice.action_id].trigger()


def status_text(session: Session) -> str:
    """The text of the status bar: what the window is waiting for, else the model in use."""
    if session.busy:
        return session.busy
    if session.pending_index is not None:
        return tr("Going to frame {index} …", index=session.pending_index)
    if session.job is not None and session.job.started is None:
        stage = session.job.stage
        loading = tr("The analysis process is loading the detector …")
        return loading if stage is None else capital(stage_text(stage, session.job.percent))
    if session.job is not None:
        return tr("Analysis: {progress}", progress=progress_text(session.job))
    if session.model is not None:
        return tr("Model {name} {version}", name=session.model.name, version=session.model.version)
    if session.clip is not None:
        return tr("No model bundle is installed: clips play and faces are found, but nothing is scored.")
    return ""
