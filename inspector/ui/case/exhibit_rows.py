"""The rows of a case's list, and what of them is read from disks, on threads of the desk's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from inspector.domain.case import CaseExhibit, Standing
from inspector.domain.errors import CaseError, InspectorError
from inspector.engine.case import case_folder
from inspector.engine.case.case_entry import Outcome, outcome_of
from inspector.engine.process.scan import expand
from inspector.ui.case.case_store import cases_folder


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """An exhibit as the list shows it. `lack` is one sentence on what is wrong with its clip, `failure` with its
    analysis; "" when nothing is."""

    exhibit: CaseExhibit
    clip_path: Path
    case_path: Path
    standing: Standing = Standing.UNCHECKED
    outcome: Outcome = field(default_factory=Outcome)
    lack: str = ""
    failure: str = ""

    @property
    def problem(self) -> str:
        """What stands in the way, in one sentence."""
        return self.lack or self.failure

    @property
    def is_there(self) -> bool:
        """Whether its clip may be opened and analysed, as far as is known."""
        return self.standing in (Standing.UNCHECKED, Standing.FOUND)


def read_row(folder: Path, exhibit: CaseExhibit) -> ExhibitRow:
    """A row as it can be shown before its clip is hashed."""
    places = case_folder.candidates(folder, exhibit)
    clip = next((place for place in places if place.is_file()), None)
    row = ExhibitRow(exhibit, clip or places[0], case_folder.analysis_path(folder, exhibit))
    if clip is None:
        row = replace(row, standing=Standing.MISSING, lack=case_folder.missing_words(places[0]))
    try:
        return replace(row, outcome=outcome_of(row.case_path, exhibit.sha256))
    except CaseError as error:
        return replace(row, failure=str(error))


def files_of(paths: list[Path]) -> list[Path]:
    """The files named, and the clips and stills in the folders named."""
    cases_folder().mkdir(parents=True, exist_ok=True)  # where their analyses go while no case is open
    files, _left_out = expand(paths)
    return files


def hashed(path: Path, is_wanted: Callable[[], bool]) -> tuple[str, int] | str:
    """A file's SHA-256 and size, or one sentence on why it cannot be taken in."""
    try:
        return case_folder.read_evidence(path, is_wanted)
    except InspectorError as error:
        return str(error)
