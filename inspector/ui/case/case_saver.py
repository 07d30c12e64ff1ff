"""Reads, creates and saves cases (`case.json`) on a thread of its own, in order."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.domain.case import Case, CaseInfo
from inspector.domain.errors import InspectorError
from inspector.engine.case import case_folder
from inspector.engine.case.case_folder import CaseFolder
from inspector.engine.clock import now
from inspector.engine.faults import attempt
from inspector.ui.case.background import Background
from inspector.ui.case.exhibit_rows import ExhibitRow, read_row

ReadCase = tuple[CaseFolder, tuple[ExhibitRow, ...]]


class CaseSaver(QObject):
    """Saves each change of a case; what could not be saved is kept until `save_again` succeeds."""

    case_read = Signal(object)  # ReadCase
    save_failed = Signal(object)  # str
    unsaved_changed = Signal()  # `has_unsaved` may have changed
    case_failed = Signal(object)  # str: a case could not be opened or created
    failed = Signal(object)  # str: other work on the thread

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.background = Background("case", self)
        self.background.failed.connect(self.failed)
        self._stamps: dict[Path, str] = {}  # used by the thread only
        self._pending: dict[Path, Case] = {}  # to be saved next
        self._failed: dict[Path, Case] = {}  # could not be saved

    @property
    def has_unsaved(self) -> bool:
        """Whether a change of a case is in no file because saving it failed."""
        return bool(self._failed)

    def open(self, path: Path) -> None:
        """Read a case from its folder or its case.json; `case_read` or `case_failed` follows."""
        self.background.run(partial(self._load, path), self.case_read.emit, self.case_failed.emit)

    def create(self, folder: Path, rows: tuple[ExhibitRow, ...], cover: CaseInfo) -> None:
        """Create a case that holds `rows`, and read it back; `case_read` or `case_failed` follows."""
        self.background.run(partial(self._create, folder, rows, cover), self.case_read.emit, self.case_failed.emit)

    def save(self, folder: Path, case: Case) -> None:
        """Save a case. Of changes in quick succession only the last is written, which contains them all."""
        self._pending[folder] = case
        self.background.run(partial(self._save, folder), partial(self._on_saved, folder))

    def save_again(self) -> None:
        """Try again to save what could not be saved."""
        for folder, case in self._failed.items():
            self._pending.setdefault(folder, case)
            self.background.run(partial(self._save, folder), partial(self._on_saved, folder))

    # --- the thread --------------------------------------------------------------------------------------------------

    def _load(self, path: Path) -> ReadCase:
        opened = case_folder.open_case(path)
        self._stamps[opened.folder] = opened.stamp
        return opened, tuple(read_row(opened.folder, exhibit) for exhibit in opened.case.exhibits)

    def _create(self, folder: Path, rows: tuple[ExhibitRow, ...], cover: CaseInfo) -> ReadCase:
        noted = [case_folder.noted_path(folder, row.clip_path) for row in rows]
        exhibits = [replace(row.exhibit, path=at[0], guess=at[1]) for row, at in zip(rows, noted, strict=True)]
        analyses = {row.exhibit.analysis_file: row.case_path for row in rows}
        name = "".join(c for c in folder.name if c.isprintable())[:100]
        case_folder.create_case(
            folder, Case(name, cover.examiner, cover.organisation, now(), tuple(exhibits)), analyses
        )
        return self._load(folder)

    def _save(self, folder: Path) -> tuple[Case, str] | None:
        """The case that was to be saved, with one sentence on why it could not be, or "" when it was."""
        case = self._pending.pop(folder, None)
        if case is None:
            return None
        saved = attempt("saving the case", lambda: case_folder.save_case(folder, case, self._stamps.get(folder, "")))
        if isinstance(saved, InspectorError):
            return case, str(saved)
        self._stamps[folder] = saved
        return case, ""

    # --- the UI thread -----------------------------------------------------------------------------------------------

    def _on_saved(self, folder: Path, saved: tuple[Case, str] | None) -> None:
        if saved is None:
            return
        case, problem = saved
        if problem:
            self._failed[folder] = case
            self.save_failed.emit(problem)
        else:
            self._failed.pop(folder, None)
        self.unsaved_changed.emit()
