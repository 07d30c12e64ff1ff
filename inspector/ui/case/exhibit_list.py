"""The exhibits of the open case: where their files are, and the state of their analyses.

Without a case there still is a list: the clips opened since the start. It is not saved, and its analyses are kept in
the program's data folder. Creating a case takes the list into it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from inspector.domain.case import Case, CaseInfo, FileStatus
from inspector.engine.case import case_folder
from inspector.engine.case.case_entry import Outcome, reconcile
from inspector.engine.case.case_folder import Found
from inspector.engine.clock import now
from inspector.ui.case.background import Background
from inspector.ui.case.busy_percent import BusyPercent
from inspector.ui.case.case_saver import CaseSaver, ReadCase
from inspector.ui.case.case_store import CaseStore, Evidence
from inspector.ui.case.exhibit_adder import ExhibitAdder
from inspector.ui.case.exhibit_rows import ExhibitRow, Removal, checked_outcome
from inspector.ui.case.places import cases_folder
from inspector.ui.case.undo import History, Scope
from inspector.ui.engine.queue import AnalysisEnded, AnalysisQueue, AnalysisRequest
from inspector.ui.session import Session
from inspector.ui.state import Notice, Task
from inspector.ui.widgets.language import tr

T = TypeVar("T")


class ExhibitList(QObject):
    """The open case and its rows. Each change is saved at once on one thread; files are hashed on another."""

    changed = Signal()  # the rows
    opened = Signal(object)  # Path: the folder of another case
    unsaved_changed = Signal()  # `has_unsaved` may have changed
    missed = Signal(object)  # ExhibitRow: it was to be shown, but its file is not there

    def __init__(
        self, session: Session, case_store: CaseStore, queue: AnalysisQueue, undo: History, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._case_store, self._queue, self._undo = session, case_store, queue, undo
        self.folder: Path | None = None  # None while the list belongs to no case
        self.case = Case()
        self.rows: tuple[ExhibitRow, ...] = ()
        self._files_to_check = 0
        self._opening: tuple[int, ExhibitRow] | None = None  # the last row opened, with the number of that opening
        self._saver = CaseSaver(self)
        self._hasher = Background("exhibits", self)
        self._percent = BusyPercent(session, self)
        self._adder = ExhibitAdder(session, self._hasher, self._percent, self, self)
        self._adder.ended.connect(self._on_added)
        self._saver.case_read.connect(self._on_case_read)
        self._saver.save_failed.connect(self._on_save_failed)
        self._saver.unsaved_changed.connect(self.unsaved_changed)
        self._saver.case_failed.connect(self._on_case_failed)
        self._saver.failed.connect(self._post_problem)
        self._hasher.failed.connect(self._post_problem)
        case_store.evidence_opened.connect(self._on_evidence_opened)
        case_store.open_failed.connect(self._on_open_failed)
        queue.ended.connect(self._on_analysis_ended)

    def finish(self) -> None:
        """Wait until all changes are saved."""
        self._saver.background.finish()

    def stop(self) -> None:
        """Save what is still to be saved, and drop the rest of the work."""
        self._hasher.stop(cancel=True)
        self._saver.background.stop(cancel=False)

    # --- reading -----------------------------------------------------------------------------------------------------

    def row(self, exhibit_id: int) -> ExhibitRow | None:
        """An exhibit's row by its id."""
        return next((row for row in self.rows if row.exhibit.exhibit_id == exhibit_id), None)

    def case_path_of(self, sha256: str) -> Path:
        """The path of a clip's case file, which may not exist yet. Called from the case store's thread too."""
        known = next((row.case_path for row in self.rows if row.exhibit.sha256 == sha256), None)
        return known or (self.folder or cases_folder()) / case_folder.analysis_name(self.case, sha256)

    @property
    def shown(self) -> ExhibitRow | None:
        """The row of the clip in the window."""
        path = self._session.case_path
        main = None if path is None else case_folder.stream_case_path(path, None)
        return next((row for row in self.rows if row.case_path == main), None)

    # --- cases -------------------------------------------------------------------------------------------------------

    def open_case(self, path: Path) -> None:
        """Open a case by its folder or its case.json; running analyses of the former case are stopped."""
        self._session.set_busy(Task.OPENING_CASE, tr("Opening the case in {path} …", path=path))
        self._saver.open(path)

    def new_case(self, folder: Path) -> None:
        """Create a case in a folder; clips that are listed without a case become its exhibits."""
        if self._queue.is_busy:
            self._post_problem(tr("Analyses are running: wait for them or stop them, then create the case."))
            return
        rows = self.rows if self.folder is None else ()
        self._session.set_busy(Task.CREATING, tr("Creating the case in {folder} …", folder=folder))
        self._saver.create(folder, rows, self._session.new_cover)

    def _on_case_read(self, read: ReadCase) -> None:
        found, rows = read
        shown = self._session.clip
        self._end_case()
        self._queue.cancel_all()
        self._undo.forget(*Scope)
        self.folder, self.case, self.rows = found.folder, found.case, rows
        self.changed.emit()
        self.opened.emit(found.folder)
        for row in rows:
            self.check(row)
        available = [row for row in rows if row.is_there]
        same = next((row for row in available if shown is not None and row.exhibit.sha256 == shown.sha256), None)
        if available:
            self.open_row(same or available[0])
        elif shown is not None:
            self._session.set_clip(None, None)  # it belongs to the former case

    def set_rows(self, rows: tuple[ExhibitRow, ...]) -> None:
        """Change the list, and save it if it belongs to a case."""
        self.rows = rows
        self.case = replace(self.case, exhibits=tuple(row.exhibit for row in rows))
        if self.folder is not None:
            self._saver.save(self.folder, self.case)
        self.changed.emit()

    @property
    def has_unsaved(self) -> bool:
        """Whether a change of a case is in no file because saving it failed."""
        return self._saver.has_unsaved

    def save_again(self) -> None:
        """Try again to save what could not be saved."""
        self._saver.save_again()

    def _on_save_failed(self, problem: str) -> None:
        self._session.post(Notice(problem, is_problem=True, action_id="save_again"))

    # --- exhibits ----------------------------------------------------------------------------------------------------

    def add(self, paths: list[Path]) -> None:
        """Add files, and all clips and stills in folders, to the list."""
        self._adder.add(paths)

    def _on_added(self) -> None:
        if self._session.clip is None and not self._session.is_opening and self.rows:
            self.open_row(self.rows[0])

    def take(self, path: Path, sha256: str, size_bytes: int, case_path: Path | None = None) -> None:
        """Add a file by its hash; for an exhibit of the list whose file is missing, note the new path instead."""
        known = next((row for row in self.rows if row.exhibit.sha256 == sha256), None)
        if known is not None:
            if not known.is_there:
                self._move(known, path)
            return
        folder = self.folder or cases_folder()
        exhibit = case_folder.new_exhibit(folder, self.case, path, sha256, size_bytes, now())
        kept = case_path or folder / exhibit.analysis_file
        row = ExhibitRow(exhibit, path, kept, FileStatus.FOUND)
        self.set_rows((*self.rows, row))
        self._update_case_file(row)
        self._read_outcome(row)

    def _read_outcome(self, row: ExhibitRow) -> None:
        read = partial(checked_outcome, row.case_path, row.exhibit.sha256)
        # Not on the hashing thread, where it would wait for large files.
        self._saver.background.run(read, partial(self._on_outcome, row))

    def _on_outcome(self, row: ExhibitRow, outcome: Outcome) -> None:
        self._update(row, outcome=outcome)

    def remove(self, row: ExhibitRow) -> None:
        """Remove an exhibit from the list; this can be undone, and its files are not deleted."""
        self._queue.cancel(row.case_path)
        self._undo.push(Removal(lambda: self.rows, self.set_rows, row, self.rows.index(row)))
        message = tr(
            "Exhibit {label} ({name}) was removed from the list; its files are kept.",
            label=row.exhibit.label,
            name=row.clip_path.name,
        )
        self._session.post(Notice(message, action_id="undo"))

    def drop(self, case_path: Path) -> None:
        """Take the exhibit of a case file that was deleted out of the list; this cannot be undone."""
        main = case_folder.stream_case_path(case_path, None)
        self._undo.forget(Scope.CASE)
        self.set_rows(tuple(row for row in self.rows if row.case_path != main))

    def rename(self, row: ExhibitRow, label: str) -> None:
        """Change an exhibit's label, in the list and on the cover of its report."""
        label = " ".join(label.split())[:100]
        if label and label.isprintable() and label != row.exhibit.label:
            self.set_rows(self._with(row, exhibit=replace(row.exhibit, label=label)))
            self._update_case_file(self.row(row.exhibit.exhibit_id))

    def use_cover(self, case_path: Path, info: CaseInfo) -> None:
        """Take over the label that the examiner wrote on the report cover of an exhibit."""
        row = next((row for row in self.rows if row.case_path == case_path), None)
        if row is not None and self.folder is not None:
            self.rename(row, info.exhibit)

    def open_row(self, row: ExhibitRow) -> None:
        """Show an exhibit's clip in the window."""
        if not row.is_there:
            self.missed.emit(row)
            self._session.post(Notice(row.problem, is_problem=True, action_id="find_exhibit"))
            return
        self._session.set_busy(Task.OPENING, tr("Opening {name} and comparing its SHA-256 …", name=row.clip_path.name))
        self._case_store.open_exhibit(row.exhibit, row.clip_path, row.case_path)
        self._opening = self._case_store.openings, row

    def find(self, row: ExhibitRow, path: Path) -> None:
        """Set the new path of an exhibit's file; it is accepted if its SHA-256 agrees."""
        self._session.set_busy(Task.FINDING, tr("Comparing the SHA-256 of {name} …", name=path.name))
        work = partial(case_folder.read_evidence, path, self._hasher.is_open, self._percent.of(Task.FINDING))
        self._hasher.run(work, partial(self._on_candidate, row, path), self._on_not_found)

    def _on_candidate(self, row: ExhibitRow, path: Path, read: tuple[str, int]) -> None:
        self._session.end_busy(Task.FINDING)
        if read[0] == row.exhibit.sha256:
            self._move(row, path)
        else:
            self._post_problem(case_folder.other_file_text(path, row.exhibit))

    def _on_not_found(self, problem: str) -> None:
        self._session.end_busy(Task.FINDING)
        self._post_problem(problem)

    def _move(self, row: ExhibitRow, path: Path) -> None:
        """Note that an exhibit's file is at another path than before."""
        noted, guess = case_folder.noted_path(self.folder or cases_folder(), path)
        exhibit = replace(row.exhibit, path=noted, guess=guess)
        self.set_rows(self._with(row, exhibit=exhibit, clip_path=path, file_status=FileStatus.FOUND, file_problem=""))
        self._update_case_file(self.row(exhibit.exhibit_id))

    def check(self, row: ExhibitRow) -> None:
        """Look whether an exhibit's file exists and is unchanged."""
        self._files_to_check += 1
        said = tr("Comparing the SHA-256 of {name} …", name=row.clip_path.name)
        tell, folder = self._percent.of_slow(Task.CHECKING, said), self.folder or cases_folder()
        look = partial(case_folder.look_for, folder, row.exhibit, self._hasher.is_open, tell)
        self._hasher.run(look, partial(self._on_checked, row), self._on_not_checked)

    def _end_check(self) -> None:
        self._files_to_check -= 1
        if not self._files_to_check:
            self._session.end_busy(Task.CHECKING)

    def _on_not_checked(self, problem: str) -> None:
        self._end_check()
        self._post_problem(problem)

    def _on_checked(self, row: ExhibitRow, found: Found) -> None:
        self._end_check()
        self._update(row, clip_path=found.path, file_status=found.file_status, file_problem=found.sentence)
        if found.file_status is FileStatus.FOUND:
            self._update_case_file(self.row(row.exhibit.exhibit_id))

    def _update_case_file(self, row: ExhibitRow | None) -> None:
        """Write an exhibit's label and its file's path into its case file, in order with the other changes to it."""
        if row is not None and self.folder is not None:
            change = partial(reconcile, exhibit=row.exhibit, clip=row.clip_path, case=self.case)
            self._case_store.write(row.case_path, change)

    # --- analyses ----------------------------------------------------------------------------------------------------

    def analyse(self, rows: tuple[ExhibitRow, ...]) -> None:
        """Analyse exhibits one after another, except those whose file is missing."""
        for row in rows:
            if row.is_there:
                exhibit = row.exhibit
                self._queue.add(AnalysisRequest(row.clip_path, row.case_path, exhibit.sha256))
                self._update(row, analysis_problem="")

    def _on_analysis_ended(self, ended: AnalysisEnded) -> None:
        row = next((row for row in self.rows if row.case_path == ended.request.case_path), None)
        if row is None:
            return
        self._update(row, analysis_problem=ended.problem)
        if ended.analysis is not None:
            self._on_outcome(row, Outcome(ended.analysis.summary.conclusion, ended.analysis_id, is_begun=True))
        else:
            self._read_outcome(row)
            self.check(row)

    # --- opened elsewhere --------------------------------------------------------------------------------------------

    def _on_evidence_opened(self, evidence: Evidence) -> None:
        clip = evidence.clip
        if self.folder is None or evidence.case_path.parent == self.folder:
            main = case_folder.stream_case_path(evidence.case_path, None)
            self.take(Path(clip.path), clip.sha256, clip.size_bytes, main)

    def _on_open_failed(self, problem: str) -> None:
        number, row = self._opening or (0, None)
        if row is not None and number == self._case_store.openings:  # else it is another file that was not opened
            self._update(row, analysis_problem=problem)
            self.check(row)

    # --- helpers -----------------------------------------------------------------------------------------------------

    def _with(self, row: ExhibitRow, **changes: Any) -> tuple[ExhibitRow, ...]:
        """The rows with one of them changed."""
        exhibit_id = row.exhibit.exhibit_id
        return tuple(
            replace(other, **changes) if other.exhibit.exhibit_id == exhibit_id else other for other in self.rows
        )

    def _update(self, row: ExhibitRow, **changes: Any) -> None:
        """Change what is known of a row, if it still is in the list; nothing of that is saved."""
        if any(other.exhibit.sha256 == row.exhibit.sha256 for other in self.rows):
            self.rows = self._with(row, **changes)
            self.changed.emit()

    def _post_problem(self, message: str) -> None:
        self._session.post(Notice(message, is_problem=True))

    def _end_case(self) -> None:
        self._session.end_busy(Task.OPENING_CASE)
        self._session.end_busy(Task.CREATING)

    def _on_case_failed(self, message: str) -> None:
        self._end_case()
        self._post_problem(message)

    def in_background(self, work: Callable[[], T], then: Callable[[T], None], otherwise: Callable[[str], None]) -> None:
        """Do slow work on the hashing thread; `then` gets its result on the UI thread, or `otherwise` the problem."""
        self._hasher.run(work, then, otherwise)
