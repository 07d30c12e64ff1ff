"""Finds what this installation did with a clip before, wherever it was: alone, in a case, by a scan (decision 0036).

A small index in the user's data folder names the case files of each SHA-256. What it names is looked at again before it
is offered: only analyses that bear this installation's signature count as its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path

from inspector.domain.analysis import Conclusion
from inspector.domain.case import CUSTODY, CaseInfo
from inspector.domain.clip import Clip
from inspector.domain.errors import CaseError
from inspector.domain.settings import Settings
from inspector.engine.case.case_entry import point_to
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.chain import analysis_digest
from inspector.engine.case.database import CaseDatabase, insert, write_log
from inspector.engine.case.imports import own_analyses
from inspector.engine.case.merge import add_annotations, annotations_of
from inspector.engine.case.schema import SCHEMA_VERSION
from inspector.engine.case.signature import Origin, origin_of
from inspector.engine.case.tables import tables_of
from inspector.engine.clock import now
from inspector.engine.installation import installation_key, key_path
from inspector.engine.local_path import is_local

TAKEN_OVER = "analysis taken over"
"""The action of the log line about an analysis that came from another case file of this installation."""

_INDEX = "records.sqlite"
_MOST_PLACES = 20  # per clip, the newest ones
_SERIES = ("frames", "faces", "scores", "signals", "gaps")  # tables whose rows belong to an analysis
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS records (sha256 TEXT NOT NULL, path TEXT NOT NULL, noted_at TEXT NOT NULL, "
    "PRIMARY KEY (sha256, path)) WITHOUT ROWID"
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finished analysis of the same clip in another case file of this installation, and what belongs to it."""

    case_path: Path
    analysis_id: int
    started_at: str  # ISO 8601, UTC
    conclusion: Conclusion
    settings: Settings
    model: str  # the identity of the bundle, "" without one
    case_name: str = ""
    annotations: int = 0  # notes, bookmarks, pictures and decisions


# --- the index -------------------------------------------------------------------------------------------------------


@contextmanager
def _index() -> Iterator[sqlite3.Connection]:
    path = key_path().with_name(_INDEX)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=5.0)) as db:
        db.execute("PRAGMA secure_delete = ON")  # a forgotten clip's path is overwritten
        with db:
            db.execute(_SCHEMA)
            yield db


def note_record(sha256: str, case_path: Path) -> None:
    """Note that a case file holds an analysis of a clip. Without space nothing is noted: nothing depends on it."""
    with suppress(OSError, sqlite3.Error), _index() as db:
        db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (sha256, str(case_path.absolute()), now()))


def places(sha256: str) -> tuple[Path, ...]:
    """The case files that were noted for a clip and still exist, newest first."""
    if not key_path().with_name(_INDEX).exists():
        return ()
    query = "SELECT path FROM records WHERE sha256 = ? ORDER BY noted_at DESC LIMIT ?"
    with suppress(OSError, sqlite3.Error), _index() as db:
        found = [str(row[0]) for row in db.execute(query, (sha256, _MOST_PLACES))]
        return tuple(Path(name) for name in found if is_local(name) and Path(name).is_file())
    return ()


def forget_record(sha256: str) -> None:
    """Remove a clip from the index. Raises CaseError."""
    path = key_path().with_name(_INDEX)
    if not path.exists():
        return
    try:
        with _index() as db:
            db.execute("DELETE FROM records WHERE sha256 = ?", (sha256,))
    except (OSError, sqlite3.Error) as error:
        raise CaseError(f"{path} cannot be changed ({error}); delete it to forget all clips.") from error


# --- what is there ---------------------------------------------------------------------------------------------------


def has_result(case_path: Path) -> bool:
    """Whether a case file holds a finished analysis. Raises CaseError."""
    if not CaseFile.exists(case_path):
        return False
    with CaseFile.open(case_path, create=False) as case:
        number = case.newest_id()
        return number is not None and case.read(number).is_finished


def find_earlier(clip: Clip, case_path: Path, is_wanted: Callable[[], bool] = lambda: True) -> tuple[Earlier, ...]:
    """The finished analyses of a clip and its stream in other case files, newest first; reads all of those files."""
    found: list[Earlier] = []
    for place in places(clip.sha256):
        if place != case_path.absolute():
            with suppress(CaseError):  # what cannot be read is not offered
                found += _earlier_in(place, clip, own_analyses(place, is_wanted))
    return tuple(sorted(found, key=lambda each: each.started_at, reverse=True))


def _earlier_in(place: Path, clip: Clip, numbers: tuple[int, ...]) -> Iterator[Earlier]:
    if not numbers:
        return
    with CaseFile.open(place, create=False) as case:
        info, written = case.case_info(), len(list(annotations_of(case)))
        for number in numbers:
            result = case.read(number).result()
            if result is None or result.clip.sha256 != clip.sha256 or result.settings.stream != clip.chosen_stream:
                continue
            model = "" if result.model is None else result.model.identity
            conclusion = result.summary.conclusion
            at = result.started_at
            yield Earlier(place, number, at, conclusion, result.settings, model, info.name, written)


def other_places(sha256: str, case_path: Path) -> tuple[Path, ...]:
    """The other case files that hold this clip and nothing else: what is to be deleted to forget it."""
    found = []
    for place in places(sha256):
        with suppress(CaseError):
            if place != case_path.absolute() and _evidence(place) == {sha256}:
                found.append(place)
    return tuple(found)


def _evidence(path: Path) -> set[str]:
    with CaseFile.open(path, create=False) as case:
        rows = case.database.rows("SELECT DISTINCT json_extract(clip, '$.sha256') AS sha256 FROM analyses")
        return {str(row["sha256"]) for row in rows}


# --- using it --------------------------------------------------------------------------------------------------------


def take_over(earlier: Earlier, clip: Clip, target: Path) -> int:
    """Copy an analysis with what the examiner wrote into another case file, and return its id there.

    The copy still bears this installation's signature, which is compared before anything is kept. Raises CaseError.
    """
    key = installation_key()
    with CaseFile.open(earlier.case_path, create=False) as source, CaseFile.open(target) as case:
        with case.database.transaction() as db:
            number = _copy_analysis(source.database, db, earlier.analysis_id)
            if origin_of(db, number, key) is not Origin.OWN:
                raise CaseError(f"The analysis in {earlier.case_path} has changed; analyse the clip again.")
            text = f"begun at {earlier.started_at}, from {earlier.case_path.name}"
            text += f" of the case “{earlier.case_name}”" if earlier.case_name else ""
            write_log(db, TAKEN_OVER, text, f"analysis {number}", analysis_digest(db, number))
        point_to(case, clip.sha256, Path(clip.path))
        add_annotations(case, source, earlier.case_path.name)
        case.set_case_info(_filled(case.case_info(), source.case_info()))
    return number


def _copy_analysis(source: CaseDatabase, db: sqlite3.Connection, number: int) -> int:
    tables = tables_of(SCHEMA_VERSION)
    columns = [name for name in tables["analyses"] if name != "id"]
    rows = [{name: row[name] for name in columns} for row in source.rows("SELECT * FROM analyses WHERE id = ?", number)]
    if not rows:
        raise CaseError(f"{source.path} holds no analysis {number}; open the clip again.")
    new = insert(db, "analyses", rows)
    for table in _SERIES:
        names = [name for name in tables[table] if name != "analysis"]
        query = f"SELECT {', '.join(names)} FROM {table} WHERE analysis = ?"  # noqa: S608 columns of ours
        marks = ", ".join("?" * (len(names) + 1))
        db.executemany(
            f"INSERT INTO {table} (analysis, {', '.join(names)}) VALUES ({marks})",  # noqa: S608 columns of ours
            ((new, *row) for row in source.rows(query, number)),
        )
    return new


def _filled(info: CaseInfo, other: CaseInfo) -> CaseInfo:
    """The cover with what the other one says about the evidence and the examiner; what is stated stays."""
    names = {*CUSTODY, "examiner", "organisation"}
    stated = {item.name: getattr(info, item.name) or getattr(other, item.name) for item in fields(info)}
    return replace(info, **{name: value for name, value in stated.items() if name in names})
