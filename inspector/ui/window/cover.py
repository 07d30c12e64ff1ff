"""Asks for the report's cover before a report and before the first decision, and remembers the examiner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QWidget

from inspector.domain.case import CaseInfo
from inspector.ui import preferences
from inspector.ui.controller import Controller
from inspector.ui.dialogs.cover_dialog import CoverDialog, examiner_dialog
from inspector.ui.dialogs.report_dialog import ReportDialog
from inspector.ui.dialogs.sheets import Sheets
from inspector.ui.report_wishes import ReportWishes
from inspector.ui.session import Session


class Cover(QObject):
    """Runs an action once the cover is stored in the case file; a cancelled dialog runs nothing."""

    def __init__(
        self, session: Session, controller: Controller, store: QSettings, sheets: Sheets, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._controller, self._store, self._sheets = session, controller, store, sheets
        self._window = window
        self._was_asked = False  # for the examiner, who may have left the name empty on purpose
        self._waiting: tuple[CaseInfo, Callable[[], object]] | None = None
        session.notes_changed.connect(self._on_notes_changed)
        session.clip_changed.connect(lambda _clip: self._forget())

    def before_report(self, action: Callable[[ReportWishes], object]) -> None:
        """Ask for the cover of a report, what it includes and who signs it."""
        dialog = ReportDialog(self._session.case_info, self._store, self._window)
        self._open(dialog, lambda: action(dialog.wishes))

    def before_case_export(self, action: Callable[[ReportWishes], object]) -> None:
        """Ask what the reports of a whole case include and who signs them; their covers are in their case files."""
        dialog = ReportDialog(self._session.case_info, self._store, self._window, is_whole_case=True)
        dialog.chosen.connect(lambda _info: action(dialog.wishes))
        dialog.open()

    def before_decision(self, action: Callable[[], object]) -> None:
        """Ask who examines, if nobody is named yet and it was not asked before."""
        if self._session.case_info.examiner or self._was_asked:
            action()
        else:
            self._open(examiner_dialog(self._session.case_info, self._window), action)

    def _open(self, dialog: CoverDialog, action: Callable[[], object]) -> None:
        dialog.chosen.connect(partial(self._use, action))
        dialog.open()

    def _use(self, action: Callable[[], object], info: CaseInfo) -> None:
        self._was_asked = True
        known = preferences.load(self._store)
        if info.examiner and not known.examiner:
            named = replace(known, examiner=info.examiner, organisation=info.organisation or known.organisation)
            self._sheets.use_preferences(named)
        if info == self._session.case_info:
            action()
            return
        self._waiting = (info, action)
        self._controller.set_case_info(info)

    def _on_notes_changed(self) -> None:
        if self._waiting is None:
            return
        info, action = self._waiting
        if replace(self._session.case_info, created_at=info.created_at) == info:
            self._waiting = None
            action()

    def _forget(self) -> None:
        self._waiting = None
