"""The rows of the exhibit list, and the parts of them that background threads read from disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from inspector.domain.case import CaseExhibit, FileStatus
from inspector.domain.errors import CaseError, InspectorError
from inspector.engine.case import case_folder
from inspector.engine.case.case_entry import Outcome, outcome_of
from inspector.engine.case.imports import admit
from inspector.engine.case.records import places
from inspector.engine.percent import Tell
from inspector.engine.process.scan_inputs import Inputs, find_inputs
from inspector.ui.case.places import cases_folder
from inspector.ui.case.undo import Scope


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """An exhibit as the list shows it.

    `file_problem` is one sentence on what is wrong with its file, `analysis_problem` on why its analysis failed; each
    is "" when there is no problem.
    """

    exhibit: CaseExhibit
    clip_path: Path
    case_path: Path
    file_status: FileStatus = FileStatus.UNCHECKED
    outcome: Outcome = field(default_factory=Outcome)
    file_problem: str = ""
    analysis_problem: str = ""

    @property
    def problem(self) -> str:
        """The problem that the examiner has to solve first, or ""."""
        return self.file_problem or self.analysis_problem

    @property
    def is_there(self) -> bool:
        """Whether its file can be opened and analysed, as far as is known."""
        return self.file_status in (FileStatus.UNCHECKED, FileStatus.FOUND)


@dataclass(frozen=True, slots=True)
class Removal:
    """The undoable removal of a row from a list; its files are not deleted."""

    rows: Callable[[], tuple[ExhibitRow, ...]]
    set_rows: Callable[[tuple[ExhibitRow, ...]], None]
    row: ExhibitRow
    index: int
    scope: Scope = Scope.CASE

    def redo(self) -> None:
        """Remove the row."""
        self.set_rows(tuple(row for row in self.rows() if row.exhibit.sha256 != self.row.exhibit.sha256))

    def undo(self) -> None:
        """Put the row back at its former position."""
        rows, exhibit = self.rows(), self.row.exhibit
        if any(row.exhibit.sha256 == exhibit.sha256 for row in rows):
            return  # the same file was added again
        ids = {row.exhibit.exhibit_id for row in rows}
        if exhibit.exhibit_id in ids:
            exhibit = replace(exhibit, exhibit_id=max(ids) + 1)
        self.set_rows((*rows[: self.index], replace(self.row, exhibit=exhibit), *rows[self.index :]))


def read_row(folder: Path, exhibit: CaseExhibit) -> ExhibitRow:
    """The row of an exhibit before its file is hashed."""
    paths = case_folder.candidates(folder, exhibit)
    clip = next((path for path in paths if path.is_file()), None)
    row = ExhibitRow(exhibit, clip or paths[0], case_folder.analysis_path(folder, exhibit))
    if clip is None:
        row = replace(row, file_status=FileStatus.MISSING, file_problem=case_folder.missing_file_text(paths[0]))
    try:
        return replace(row, outcome=checked_outcome(row.case_path, exhibit.sha256))
    except CaseError as error:
        return replace(row, analysis_problem=str(error))


def checked_outcome(case_path: Path, sha256: str) -> Outcome:
    """The outcome in a case file that may come from a stranger; see `outcome_of`."""
    admit(case_path)
    outcome = outcome_of(case_path, sha256)
    if outcome.conclusion is None:  # what is elsewhere is checked when the clip is opened
        outcome = replace(outcome, is_elsewhere=any(place != case_path.absolute() for place in places(sha256)))
    return outcome


def files_of(paths: list[Path]) -> Inputs:
    """The files in `paths`, and the clips and stills in the folders in `paths`."""
    cases_folder().mkdir(parents=True, exist_ok=True)  # for their case files while no case is open
    return find_inputs(paths)


def hashed(path: Path, is_wanted: Callable[[], bool], tell: Tell) -> tuple[str, int] | str:
    """A file's SHA-256 and size in bytes, or one sentence on why it cannot be added; `tell` gets the percentage."""
    try:
        return case_folder.read_evidence(path, is_wanted, tell)
    except InspectorError as error:
        return str(error)
