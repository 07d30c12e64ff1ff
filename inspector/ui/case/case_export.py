"""The export of a whole case: the engine writes one report after another, then the list and the hashes are written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from inspector.engine.process.protocol import Answer, Failed, ReportDone, WriteReport
from inspector.engine.report.case_export import Entry, report_folder_names, write_case_report
from inspector.engine.report.drafts import remove_drafts
from inspector.ui.case.exhibit_list import ExhibitList
from inspector.ui.case.exhibit_rows import ExhibitRow
from inspector.ui.engine.access import access_to
from inspector.ui.engine.client import EngineClient
from inspector.ui.engine.queue import AnalysisQueue
from inspector.ui.report_wishes import EVERYTHING, ReportWishes
from inspector.ui.session import Session
from inspector.ui.state import Notice, Task
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.glance import CLOSING_SECONDS, glance
from inspector.ui.widgets.language import plural, tr

_SEALING = -1  # in place of a job's number, while a report is signed and nothing is awaited of the engine


class CaseExport(QObject):
    """One export at a time. An exhibit without a report is listed with the reason; the others continue."""

    def __init__(
        self, session: Session, engine: EngineClient, queue: AnalysisQueue, exhibits: ExhibitList, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._engine, self._queue, self._exhibits = session, engine, queue, exhibits
        self._folder = Path()
        self._job = 0
        self._was_there = False  # the folder of the report that is being written
        self._waiting: list[tuple[int, ExhibitRow]] = []  # index in `_entries`, row
        self._entries: list[Entry] = []
        self._wishes = EVERYTHING
        self._unsigned = ""  # why the first report that could not be signed is not
        engine.answered.connect(self._on_answered)
        engine.crashed.connect(self._on_crashed)

    def write(self, folder: Path, wishes: ReportWishes = EVERYTHING) -> None:
        """Write the reports of all analysed exhibits into a new folder; a key signs each of them and the list."""
        if self._job:
            return
        rows = self._exhibits.rows
        names = report_folder_names([row.exhibit for row in rows])
        self._folder, self._wishes, self._unsigned = folder, wishes, ""
        self._entries = [_entry(row, name) for row, name in zip(rows, names, strict=True)]
        self._waiting = [(at, row) for at, row in enumerate(rows) if self._entries[at].folder]
        self._next()

    @property
    def is_writing(self) -> bool:
        """Whether an export is under way."""
        return bool(self._job)

    def close(self) -> None:
        """Remove what is there of a report that is given up; the engine process must have ended."""
        if self._job and self._waiting:
            removing = partial(remove_drafts, was_there=self._was_there)
            glance(removing, self._report_folder, None, CLOSING_SECONDS)

    @property
    def _report_folder(self) -> Path:
        """The folder of the report that is being written."""
        return self._folder / self._entries[self._waiting[0][0]].folder

    def _next(self) -> None:
        if not self._waiting:
            self._job = _SEALING
            self._finish()
            return
        row = self._waiting[0][1]
        self._job = self._engine.next_job()
        left = len(self._waiting)
        folder = str(self._report_folder)
        self._was_there = glance(Path.exists, self._report_folder, True)  # a folder that is not known stays
        access = access_to([row.clip_path], [row.case_path.parent, self._folder])
        said = tr("Writing the report of exhibit {label}; {left} left …", label=row.exhibit.label, left=left)
        self._session.set_busy(Task.CASE_EXPORT, said)
        wishes, analysis_id = self._wishes, row.outcome.analysis_id
        request = WriteReport(self._job, str(row.case_path), analysis_id, folder, wishes.public_key, wishes.left_out)
        self._queue.pause()
        self._engine.send(request, access)

    def _on_answered(self, answer: Answer) -> None:
        if not self._job or answer.job != self._job:
            return
        if isinstance(answer, Failed):
            self._note_failure(answer.message)
            self._next()
        elif isinstance(answer, ReportDone):
            sealing = partial(self._wishes.seal, self._report_folder)
            self._waiting.pop(0)
            self._job = _SEALING
            self._exhibits.in_background(sealing, self._on_sealed, self._on_sealed)

    def _on_sealed(self, problem: str) -> None:
        self._unsigned = self._unsigned or problem
        self._next()

    def _on_crashed(self, message: str) -> None:
        if self._job and self._job != _SEALING:
            # Before the list is written on the same thread, which would name these files.
            removing = partial(remove_drafts, self._report_folder, was_there=self._was_there)
            self._exhibits.in_background(removing, lambda _none: None, lambda _problem: None)
            self._note_failure(message)
            self._next()

    def _note_failure(self, reason: str) -> None:
        index = self._waiting.pop(0)[0]
        self._entries[index] = replace(self._entries[index], folder="", reason=reason)

    def _finish(self) -> None:
        self._session.set_busy(Task.CASE_EXPORT, tr("Writing the list of exhibits …"))
        folder, case, entries, wishes = self._folder, self._exhibits.case, tuple(self._entries), self._wishes

        def write() -> str:
            write_case_report(folder, case, entries)
            return wishes.seal(folder)

        self._exhibits.in_background(write, self._on_written, self._on_not_written)

    def _on_written(self, problem: str) -> None:
        self._job = 0
        self._session.end_busy(Task.CASE_EXPORT)
        problem = self._unsigned or problem
        done = sum(bool(entry.folder) for entry in self._entries)
        signed = tr(", signed") if self._wishes.key is not None and not problem else ""
        message = tr(
            "The reports of {done} of {count} exhibits are in {folder}{signed}. {problem}",
            done=done,
            count=len(self._entries),
            folder=self._folder,
            signed=signed,
            problem=shown(problem),
        )
        is_problem = done < len(self._entries) or bool(problem)
        self._session.post(Notice(message.rstrip(), is_problem, "open_report", str(self._folder)))

    def _on_not_written(self, problem: str) -> None:
        self._job = 0
        self._session.end_busy(Task.CASE_EXPORT)
        done = sum(bool(entry.folder) for entry in self._entries)
        text = plural(
            "The reports of %n exhibits are in {folder}, but not the list of exhibits: {problem}",
            "The report of %n exhibit is in {folder}, but not the list of exhibits: {problem}",
            done,
            folder=self._folder,
            problem=shown(problem),
        )
        self._session.post(Notice(text, True, "open_report", str(self._folder)))


def _entry(row: ExhibitRow, folder: str) -> Entry:
    exhibit, conclusion = row.exhibit, row.outcome.conclusion
    reason = "" if conclusion is not None else row.problem or "Its analysis is not complete."
    return Entry(
        label=exhibit.label,
        file=row.clip_path.name,
        sha256=exhibit.sha256,
        size_bytes=exhibit.size_bytes,
        conclusion=str(conclusion or ""),
        folder="" if conclusion is None else folder,
        reason=reason,
    )
