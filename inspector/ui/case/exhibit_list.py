"""The case desk: which exhibits belong together, where their files are, what became of them. Disks wait elsewhere.

Without a case of the examiner's own there is still a list, of the clips opened since the start; it is kept nowhere, and
its analyses lie in the program's folder. Making a case takes it along.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from inspector.domain.case import Case, CaseInfo, Standing
from inspector.domain.errors import InspectorError
from inspector.engine.case import case_folder
from inspector.engine.case.annotations import now
from inspector.engine.case.case_entry import Outcome, outcome_of, settle
from inspector.engine.case.case_folder import CaseFolder, Found
from inspector.ui.case.case_store import CaseStore, Evidence, cases_folder
from inspector.ui.case.exhibit_rows import ExhibitRow, files_of, hashed, read_row
from inspector.ui.case.undo import History, Scope
from inspector.ui.engine.queue import AnalysisEnded, AnalysisQueue, AnalysisRequest
from inspector.ui.session import Session
from inspector.ui.state import Notice

T = TypeVar("T")


class _Removal:
    """An exhibit taken off the list; its files stay."""

    scope = Scope.CASE

    def __init__(self, desk: ExhibitList, row: ExhibitRow, at: int) -> None:
        self._exhibits, self._row, self._at = desk, row, at

    def redo(self) -> None:
        """Take it off."""
        wanted = self._row.exhibit.sha256
        self._exhibits.set_rows(tuple(row for row in self._exhibits.rows if row.exhibit.sha256 != wanted))

    def undo(self) -> None:
        """Put it back where it stood."""
        rows, exhibit = self._exhibits.rows, self._row.exhibit
        if any(row.exhibit.sha256 == exhibit.sha256 for row in rows):
            return  # it was added anew
        ids = {row.exhibit.exhibit_id for row in rows}
        if exhibit.exhibit_id in ids:
            self._row = replace(self._row, exhibit=replace(exhibit, exhibit_id=max(ids) + 1))
        self._exhibits.set_rows((*rows[: self._at], self._row, *rows[self._at :]))


class ExhibitList(QObject):
    """The open case. Each change is saved at once, in order, on a thread; what hashing finds comes from another."""

    changed = Signal()  # the rows
    opened = Signal(object)  # Path: another case's folder
    unsaved_changed = Signal()  # whether something is in no file yet
    missed = Signal(object)  # ExhibitRow: it was to be shown, but its clip is not there
    _came = Signal(object, object)  # Future, what to do with its result

    def __init__(
        self, session: Session, clerk: CaseStore, queue: AnalysisQueue, undo: History, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._case_store, self._queue, self._undo = session, clerk, queue, undo
        self.folder: Path | None = None  # None while the list is kept nowhere
        self.case = Case()
        self.rows: tuple[ExhibitRow, ...] = ()
        self._stamps: dict[Path, str] = {}  # the saving thread's own
        self._unsaved: dict[Path, Case] = {}  # to be saved next
        self._failed: dict[Path, Case] = {}  # could not be saved
        self._is_stopped = False
        self._hashing = 0
        self._left_out: list[str] = []
        self._opening: ExhibitRow | None = None
        self._saver = ThreadPoolExecutor(max_workers=1, thread_name_prefix="case")
        self._hasher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="exhibits")
        self._came.connect(self._on_came)
        clerk.evidence_opened.connect(self._on_evidence_opened)
        clerk.open_failed.connect(self._on_open_failed)
        queue.ended.connect(self._on_analysis_ended)

    def finish(self) -> None:
        """Wait until what is to be saved is."""
        self._saver.submit(lambda: None).result()

    def stop(self) -> None:
        """Save what is still to be saved, drop the rest."""
        self._is_stopped = True
        self._hasher.shutdown(wait=True, cancel_futures=True)
        self._saver.shutdown(wait=True)

    def _is_open(self) -> bool:
        return not self._is_stopped

    # --- reading -----------------------------------------------------------------------------------------------------

    def row(self, exhibit_id: int) -> ExhibitRow | None:
        """An exhibit's row by its id."""
        return next((row for row in self.rows if row.exhibit.exhibit_id == exhibit_id), None)

    def case_path_of(self, sha256: str) -> Path:
        """Where the analysis of a clip lies or would lie; called from the clerk's thread too."""
        known = next((row.case_path for row in self.rows if row.exhibit.sha256 == sha256), None)
        return known or (self.folder or cases_folder()) / case_folder.analysis_name(self.case, sha256)

    @property
    def shown(self) -> ExhibitRow | None:
        """The row of the clip in the window."""
        return next((row for row in self.rows if row.case_path == self._session.case_path), None)

    # --- cases -------------------------------------------------------------------------------------------------------

    def open_case(self, path: Path) -> None:
        """Open a case by its folder or case.json; analyses of the former one stop and keep what is done."""
        self._session.set_busy(f"Opening the case in {path} …")
        self._run(self._saver, partial(self._load, path), self._on_case_read)

    def new_case(self, folder: Path) -> None:
        """Make a case in a folder; a list that is kept nowhere yet comes along, with its analyses."""
        if self._queue.is_busy:
            self._say("Analyses are running; let them end or stop them, then make the case.")
            return
        taken = self.rows if self.folder is None else ()
        self._session.set_busy(f"Making the case in {folder} …")
        self._run(self._saver, partial(self._make, folder, taken), self._on_case_read)

    def _on_case_read(self, read: tuple[CaseFolder, tuple[ExhibitRow, ...]]) -> None:
        found, rows = read
        shown = self._session.clip
        self._session.set_busy("")
        self._queue.cancel_all()
        self._undo.forget(*Scope)
        self.folder, self.case, self.rows = found.folder, found.case, rows
        self.changed.emit()
        self.opened.emit(found.folder)
        for row in rows:
            self.check(row)
        there = [row for row in rows if row.is_there]
        same = next((row for row in there if shown is not None and row.exhibit.sha256 == shown.sha256), None)
        if there:
            self.open_row(same or there[0])
        elif shown is not None:
            self._session.set_clip(None, None)  # it belongs to the former case

    def set_rows(self, rows: tuple[ExhibitRow, ...]) -> None:
        """Change the list, and save it if it belongs to a case."""
        self.rows = rows
        self.case = replace(self.case, exhibits=tuple(row.exhibit for row in rows))
        if self.folder is not None:
            self._unsaved[self.folder] = self.case
            self._run(self._saver, partial(self._save, self.folder), partial(self._on_saved, self.folder))
        self.changed.emit()

    @property
    def has_unsaved(self) -> bool:
        """Whether a change of a case is in no file, since it could not be saved."""
        return bool(self._failed)

    def save_again(self) -> None:
        """Try once more to save what could not be saved."""
        for folder, case in self._failed.items():
            self._unsaved.setdefault(folder, case)
            self._run(self._saver, partial(self._save, folder), partial(self._on_saved, folder))

    def _save(self, folder: Path) -> tuple[Case, str] | None:
        """What was to be saved, and one sentence on why it could not be, or ""."""
        # Of changes that came in quick succession the last one is saved, which holds them all.
        case = self._unsaved.pop(folder, None)
        if case is None:
            return None
        try:
            self._stamps[folder] = case_folder.save_case(folder, case, self._stamps.get(folder, ""))
        except (InspectorError, OSError) as error:
            return case, str(error)
        return case, ""

    def _on_saved(self, folder: Path, saved: tuple[Case, str] | None) -> None:
        if saved is None:
            return
        case, sentence = saved
        if sentence:
            self._failed[folder] = case
            self._session.post(Notice(sentence, is_problem=True, action_id="save_again"))
        else:
            self._failed.pop(folder, None)
        self.unsaved_changed.emit()

    def _load(self, path: Path) -> tuple[CaseFolder, tuple[ExhibitRow, ...]]:
        opened = case_folder.open_case(path)
        self._stamps[opened.folder] = opened.stamp
        return opened, tuple(read_row(opened.folder, exhibit) for exhibit in opened.case.exhibits)

    def _make(self, folder: Path, rows: tuple[ExhibitRow, ...]) -> tuple[CaseFolder, tuple[ExhibitRow, ...]]:
        places = [case_folder.place(folder, row.clip_path) for row in rows]
        exhibits = [replace(row.exhibit, path=at[0], guess=at[1]) for row, at in zip(rows, places, strict=True)]
        analyses = {row.exhibit.analysis_file: row.case_path for row in rows}
        name, cover = "".join(c for c in folder.name if c.isprintable())[:100], self._session.new_cover
        case = Case(name, cover.examiner, cover.organisation, now(), tuple(exhibits))
        case_folder.create_case(folder, case, analyses)
        return self._load(folder)

    # --- exhibits ----------------------------------------------------------------------------------------------------

    def add(self, paths: list[Path]) -> None:
        """Take files, or all clips and stills in folders, into the list."""
        self._run(self._hasher, partial(files_of, paths), self._on_files_listed)

    def _on_files_listed(self, files: list[Path]) -> None:
        if not files:
            self._say("There is no clip or still in what was chosen.")
        for path in files:
            self._hashing += 1
            self._run(self._hasher, partial(hashed, path, self._is_open), partial(self._on_hashed, self.folder, path))
        self._show_hashing()

    def _on_hashed(self, folder: Path | None, path: Path, read: tuple[str, int] | str) -> None:
        self._hashing -= 1
        if folder == self.folder:
            if isinstance(read, str):
                self._left_out.append(read)
            else:
                self._take_in(path, *read)
        self._show_hashing()

    def _show_hashing(self) -> None:
        left = f"{self._hashing} files" if self._hashing > 1 else "a file"
        self._session.set_busy(f"Taking the SHA-256 of {left} …" if self._hashing else "")
        if not self._hashing and self._left_out:
            said, self._left_out = self._left_out, []
            more = f" {len(said) - 1} more were left out." if len(said) > 1 else ""
            self._session.post(Notice(said[0] + more, is_problem=True, detail="\n".join(said)))
        if not self._hashing and self._session.clip is None and self._opening is None and self.rows:
            self.open_row(self.rows[0])

    def _take_in(self, path: Path, sha256: str, size_bytes: int, case_path: Path | None = None) -> None:
        """Add a clip that was hashed; one that the list knows is found again, if it was missed."""
        known = next((row for row in self.rows if row.exhibit.sha256 == sha256), None)
        if known is not None:
            if not known.is_there:
                self._move(known, path)
            elif case_path is None:
                self._left_out.append(f"{path.name} is in the list already, as exhibit {known.exhibit.label}.")
            return
        folder = self.folder or cases_folder()
        exhibit = case_folder.new_exhibit(folder, self.case, path, sha256, size_bytes, now())
        kept = case_path or folder / exhibit.analysis_file
        row = ExhibitRow(exhibit, path, kept, Standing.FOUND)
        self.set_rows((*self.rows, row))
        self._settle(row)
        self._run(self._saver, partial(outcome_of, kept, sha256), partial(self._on_outcome, row))

    def _on_outcome(self, row: ExhibitRow, outcome: Outcome) -> None:
        self._update(row, outcome=outcome)

    def remove(self, row: ExhibitRow) -> None:
        """Take an exhibit off the list; undo puts it back, and its files stay on the disk."""
        self._queue.cancel(row.case_path)
        self._undo.push(_Removal(self, row, self.rows.index(row)))
        words = f"Exhibit {row.exhibit.label} ({row.clip_path.name}) is off the list; its files stay on the disk."
        self._session.post(Notice(words, action_id="undo"))

    def rename(self, row: ExhibitRow, label: str) -> None:
        """Call an exhibit something else, on its report's cover too."""
        label = " ".join(label.split())[:100]
        if label and label.isprintable() and label != row.exhibit.label:
            self.set_rows(self._with(row, exhibit=replace(row.exhibit, label=label)))
            self._settle(self.row(row.exhibit.exhibit_id))

    def take_cover(self, case_path: Path, info: CaseInfo) -> None:
        """The examiner wrote on an exhibit's report cover: the list calls it the same."""
        row = next((row for row in self.rows if row.case_path == case_path), None)
        if row is not None and self.folder is not None:
            self.rename(row, info.exhibit)

    def open_row(self, row: ExhibitRow) -> None:
        """Show an exhibit's clip in the window."""
        if not row.is_there:
            self.missed.emit(row)
            self._session.post(Notice(row.problem, is_problem=True, action_id="find_exhibit"))
            return
        self._opening = row
        self._session.set_busy(f"Opening {row.clip_path.name} and comparing its SHA-256 …")
        self._case_store.open_exhibit(row.exhibit, row.clip_path, row.case_path)

    def find(self, row: ExhibitRow, path: Path) -> None:
        """Say where an exhibit's clip went; it is believed when the SHA-256 agrees."""
        self._session.set_busy(f"Comparing the SHA-256 of {path.name} …")
        self._run(
            self._hasher,
            partial(case_folder.read_evidence, path, self._is_open),
            partial(self._on_candidate, row, path),
        )

    def _on_candidate(self, row: ExhibitRow, path: Path, read: tuple[str, int]) -> None:
        self._session.set_busy("")
        if read[0] == row.exhibit.sha256:
            self._move(row, path)
        else:
            self._say(case_folder.other_words(path, row.exhibit))

    def _move(self, row: ExhibitRow, path: Path) -> None:
        """An exhibit's clip lies at another place than was noted."""
        noted, guess = case_folder.place(self.folder or cases_folder(), path)
        exhibit = replace(row.exhibit, path=noted, guess=guess)
        self.set_rows(self._with(row, exhibit=exhibit, clip_path=path, standing=Standing.FOUND, lack=""))
        self._settle(self.row(exhibit.exhibit_id))

    def check(self, row: ExhibitRow) -> None:
        """Look whether an exhibit's clip is there, and still is what it was."""
        look = partial(case_folder.look_for, self.folder or cases_folder(), row.exhibit, self._is_open)
        self._run(self._hasher, look, partial(self._on_checked, row))

    def _on_checked(self, row: ExhibitRow, found: Found) -> None:
        self._update(row, clip_path=found.path, standing=found.standing, lack=found.sentence)
        if found.standing is Standing.FOUND:
            self._settle(self.row(row.exhibit.exhibit_id))

    def _settle(self, row: ExhibitRow | None) -> None:
        """Have an exhibit's case file carry its label and where its clip lies; the clerk does so in order."""
        if row is not None and self.folder is not None:
            self._case_store.write(
                row.case_path, partial(settle, exhibit=row.exhibit, clip=row.clip_path, case=self.case)
            )

    # --- analyses ----------------------------------------------------------------------------------------------------

    def analyse(self, rows: tuple[ExhibitRow, ...]) -> None:
        """Analyse exhibits one after another; those whose clip is not there are left out."""
        for row in rows:
            if row.is_there:
                self._queue.add(
                    AnalysisRequest(row.clip_path, row.case_path, row.exhibit.sha256, row.exhibit.size_bytes)
                )
                self._update(row, failure="")

    def _on_analysis_ended(self, ending: AnalysisEnded) -> None:
        row = next((row for row in self.rows if row.case_path == ending.wanted.case_path), None)
        if row is None:
            return
        self._update(row, failure=ending.problem)
        if ending.analysis is not None:
            self._on_outcome(row, Outcome(ending.analysis.summary.conclusion, is_begun=True))
        else:
            read = partial(outcome_of, row.case_path, row.exhibit.sha256)
            self._run(self._saver, read, partial(self._on_outcome, row))
            self.check(row)

    # --- from elsewhere ----------------------------------------------------------------------------------------------

    def _on_evidence_opened(self, evidence: Evidence) -> None:
        self._opening = None
        clip = evidence.clip
        if self.folder is None or evidence.case_path.parent == self.folder:
            self._take_in(Path(clip.path), clip.sha256, clip.size_bytes, evidence.case_path)

    def _on_open_failed(self, sentence: str) -> None:
        row, self._opening = self._opening, None
        if row is not None:
            self._update(row, failure=sentence)
            self.check(row)

    # --- small things ------------------------------------------------------------------------------------------------

    def _with(self, row: ExhibitRow, **changes: Any) -> tuple[ExhibitRow, ...]:
        wanted = row.exhibit.exhibit_id
        return tuple(replace(other, **changes) if other.exhibit.exhibit_id == wanted else other for other in self.rows)

    def _update(self, row: ExhibitRow, **changes: Any) -> None:
        """Change what is known of a row, if it still is in the list; nothing of that is saved."""
        if any(other.exhibit.sha256 == row.exhibit.sha256 for other in self.rows):
            self.rows = self._with(row, **changes)
            self.changed.emit()

    def _say(self, sentence: str) -> None:
        self._session.post(Notice(sentence, is_problem=True))

    def in_background(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do something slow on the hashing thread; `then` gets its result here."""
        self._run(self._hasher, work, then)

    def _run(self, pool: ThreadPoolExecutor, work: Callable[[], T], then: Callable[[T], None]) -> None:
        if not self._is_stopped:
            pool.submit(work).add_done_callback(lambda future: self._came.emit(future, then))

    def _on_came(self, future: Future[Any], then: Callable[[Any], None]) -> None:
        if future.cancelled():
            return
        try:
            result = future.result()
        except (InspectorError, OSError) as error:
            self._session.set_busy("")
            self._say(str(error))
        else:
            then(result)
