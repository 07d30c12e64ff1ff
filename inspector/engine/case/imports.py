"""Takes in case files that this installation did not make: row by row, typed and bounded, into a fresh file.

A stranger's SQLite file can hold triggers, views and values of any type. Nothing of its schema is ever run: the file is
copied into a private folder, its schema is compared, and its rows are read, checked and written into a new file, which
takes its place; the original is kept beside it. What it says is marked as imported. Older case files of our own are
brought to this version in the same way.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from time import monotonic, time

import msgspec

from inspector.domain.errors import CaseError
from inspector.domain.printable import printable
from inspector.engine import atomic
from inspector.engine.case import chain
from inspector.engine.case.case_entry import EVIDENCE_MOVED
from inspector.engine.case.database import (
    SQLITE_SUFFIXES,
    CaseDatabase,
    check_is_file,
    connect,
    copied,
    insert,
    is_sound,
    version_of,
    write_log,
)
from inspector.engine.case.schema import CHAINED_SINCE, SCHEMA_VERSION
from inspector.engine.case.signature import SIGNED_SINCE, Origin, origin_of, sign
from inspector.engine.case.tables import checked_row, current_statements, statements, tables_of, wrong_schema
from inspector.engine.case.upgrades import IMPORTED_ACTION, upgrade
from inspector.engine.clock import now
from inspector.engine.installation import installation_key, key_place
from inspector.engine.local_path import is_local

CASE_IMPORTED = "case file imported"
"""The action of the log line about an import."""

_WITH_PATHS = {EVIDENCE_MOVED, "report written"}  # log lines in which earlier versions wrote whole paths
_MOST_ROWS = 50_000_000  # of a table
_PATIENCE_SECONDS = 30.0  # without a row: a file can be made so that SQLite looks for the next one for ever
_SLOWEST_BYTES = 2 << 20  # per second, that a digest of a whole file may take: a network share, a worn USB stick
_ABANDONED_SECONDS = 3600.0
_STEPS = 100_000  # of SQLite's virtual machine, between two looks at the clock
_BATCH = 500  # rows
_CHUNK = 1 << 20
_CONTINUED = ("case file upgraded", "to the format of this version of the program")
_LOG = "audit"
_NEVER_SIGNED = "it is not signed, perhaps because the program ended in that moment"

_lock = threading.Lock()  # one import at a time: two threads may open the same file
_admitted: dict[Path, tuple[int, ...]] = {}  # files whose signatures were compared, with their status at the time


def admit(path: Path, is_wanted: Callable[[], bool] = lambda: True) -> None:
    """Make sure that a case file is safe to open and that what this installation did not make is marked.

    Call it in the window and on the command line, before anything else reads the file. If the file was not made here,
    or is of an older version, it is imported. Does nothing if there is no file. Raises CaseError.
    """
    with _lock:
        check_is_file(path)
        if not CaseDatabase.exists(path) or _admitted.get(path) == _stamp(path):
            return
        before = _stamp(path)
        try:
            _take_in(path, is_wanted)
        except CaseError:
            if _stamp(path) == before:
                raise
            _take_in(path, is_wanted)  # another process has just imported it
        _admitted[path] = _stamp(path)


def _take_in(path: Path, is_wanted: Callable[[], bool]) -> None:
    try:
        if not _is_own(path, is_wanted):
            _import(path, is_wanted)
    except (OSError, sqlite3.Error) as error:
        raise CaseError(f"{path} cannot be read as a case file ({_cause(error)}); choose another file.") from error


def _cause(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _stamp(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _is_own(path: Path, is_wanted: Callable[[], bool]) -> bool:
    """Whether the file has exactly our schema, sound pages, and only analyses that this installation signed."""
    key = installation_key()
    with closing(connect(path)) as db:
        _watch(db, is_wanted, path.stat().st_size)
        if version_of(path, db) != SCHEMA_VERSION or statements(db) != current_statements() or not is_sound(db):
            return False
        origins = {number: origin_of(db, number, key) for number in _numbers(db)}
        if Origin.UNKNOWN in origins.values():
            return False
        unsigned = [number for number, origin in origins.items() if origin is not Origin.OWN]
        if unsigned:
            _mark_unsigned(_Source(path, db, SCHEMA_VERSION, "", is_wanted), unsigned, key)
    return True


def own_analyses(path: Path, is_wanted: Callable[[], bool] = lambda: True) -> tuple[int, ...]:
    """The finished analyses in a file that this installation made, as their signatures prove; the file is only read.

    None for a file that is not exactly ours, or cannot be read.
    """
    try:
        check_is_file(path)
        key = installation_key()
        with closing(connect(path)) as db:
            _watch(db, is_wanted, path.stat().st_size)
            if version_of(path, db) != SCHEMA_VERSION or statements(db) != current_statements():
                return ()
            rows = db.execute("SELECT id FROM analyses WHERE result IS NOT NULL AND imported IS NULL").fetchall()
            return tuple(number for (number,) in rows if origin_of(db, number, key) is Origin.OWN)
    except (OSError, sqlite3.Error, CaseError):
        return ()


def _mark_unsigned(source: _Source, numbers: list[int], key: bytes) -> None:
    """Mark analyses as not verified in the file itself: another process may be writing them at this moment.

    If so, the window that began one signs it a moment later, which removes the mark.
    """
    for name in tables_of(SCHEMA_VERSION):
        for _rows in _checked_rows(source, name):
            pass
    source.db.execute("BEGIN IMMEDIATE")
    for number in numbers:
        source.db.execute("UPDATE analyses SET imported = ? WHERE id = ?", (_NEVER_SIGNED, number))
        sign(source.db, number, key)
    source.db.execute("COMMIT")


def _numbers(db: sqlite3.Connection) -> list[int]:
    """The ids of the analyses in a file."""
    return [row[0] for row in db.execute("SELECT id FROM analyses").fetchall()]


def _watch(db: sqlite3.Connection, is_wanted: Callable[[], bool], size_bytes: int = 0) -> Callable[[], None]:
    """End what takes too long or is not wanted any more; call the result with each row that arrives.

    What reads a whole file without calling it has the time that its `size_bytes` take on a slow disk.
    """
    deadline = [monotonic() + _PATIENCE_SECONDS + size_bytes / _SLOWEST_BYTES]

    def advance() -> None:
        deadline[0] = monotonic() + _PATIENCE_SECONDS

    db.set_progress_handler(lambda: monotonic() > deadline[0] or not is_wanted(), _STEPS)
    return advance


def read_chain(path: Path) -> tuple[list[str], tuple[str, ...]]:
    """What does not hold of a case file's log, and the hash of each of its entries; the file is only read.

    An older file has no hashes. Raises CaseError for a file that is none of ours.
    """
    check_is_file(path)
    folder = Path(tempfile.mkdtemp(prefix="inspector-verify-"))
    try:
        copied(path, folder / "case")
        with closing(connect(folder / "case")) as db:
            version = version_of(path, db)
            wrong = wrong_schema(db, version)
            if wrong:
                raise CaseError(f"{path.name} cannot be checked: {wrong}.")
            if version < CHAINED_SINCE:
                return [], ()
            _watch(db, lambda: True, path.stat().st_size)
            problems = [] if is_sound(db) else ["its pages contradict each other"]
            hashes = tuple(str(row[0]) for row in db.execute("SELECT chain FROM audit ORDER BY id"))
            return [*problems, *chain.problems(db)], hashes
    except (OSError, sqlite3.Error) as error:
        raise CaseError(f"{path.name} cannot be read as a case file ({_cause(error)}).") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- the import ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    """The private copy of a file that is imported."""

    path: Path  # of the original, for messages
    db: sqlite3.Connection
    version: int
    sha256: str
    is_wanted: Callable[[], bool]


def _import(path: Path, is_wanted: Callable[[], bool]) -> None:
    before = _stamp(path)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.import"):
        if time() - left.lstat().st_mtime > _ABANDONED_SECONDS:  # by a process that was killed, not one at work
            shutil.rmtree(left, ignore_errors=True)
    folder = tempfile.mkdtemp(suffix=".import", prefix=f".{path.name}.", dir=path.parent)
    try:
        copy = Path(folder) / "case"
        sha256 = copied(path, copy, is_wanted)
        with closing(connect(copy)) as db:
            version = version_of(path, db)
            wrong = wrong_schema(db, version)
            if wrong:
                raise CaseError(f"{path} is not safe to use: {wrong}; request the case again from its source.")
            with atomic.replacing(path) as draft:
                is_foreign = _fill(_Source(path, db, version, sha256, is_wanted), draft)
                if _stamp(path) != before:
                    raise CaseError(f"{path} was changed while it was imported; open it again.")
                _set_aside(path, is_foreign)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set_aside(path: Path, is_foreign: bool) -> None:
    """Keep the original of a foreign file, and remove what SQLite would replay into the new one."""
    kept = path.with_name(f"{path.name}.received")
    for number in range(2, 1000):
        if not kept.exists():
            break
        kept = path.with_name(f"{path.name}.received-{number}")
    if is_foreign:
        try:
            os.link(path, kept)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, kept)
    for suffix in SQLITE_SUFFIXES:
        beside = path.with_name(path.name + suffix)
        if beside.exists() or beside.is_symlink():
            beside.replace(kept.with_name(kept.name + suffix)) if is_foreign else beside.unlink()


def _fill(source: _Source, draft: Path) -> bool:
    """Write the rows of a source into the empty file `draft`; returns whether anything in it is a stranger's."""
    key = installation_key()
    with closing(CaseDatabase.open(draft, is_wanted=source.is_wanted)) as target, target.transaction() as db:
        db.execute("DELETE FROM info")
        counts = {name: _copy_table(source, db, name) for name in tables_of(source.version) if name != _LOG}
        numbers = _numbers(db)
        own = _own_analyses(source, db, numbers, key)
        counts[_LOG] = _copy_log(source, db, is_own=bool(own))
        foreign = [number for number in numbers if number not in own]
        is_foreign = bool(foreign) or not own
        upgrade(db, source.version)
        loss = key_place().loss
        why = f"imported {now()}" + (f"; {loss}" if loss else "")
        for number in foreign:
            _mark(db, number, f"{printable(source.path.name)}, SHA-256 {source.sha256[:16]}…, {why}")
        if source.version >= CHAINED_SINCE:
            _watch(source.db, source.is_wanted, source.path.stat().st_size)
            for problem in chain.problems(source.db):
                write_log(db, chain.BROKEN, f"in the imported file, {problem}")
        action, text = (CASE_IMPORTED, _log_text(source, counts, len(foreign))) if is_foreign else _CONTINUED
        write_log(db, action, text, chain.STATE, json.dumps(chain.state_of(db)))
        for number in numbers:
            sign(db, number, key)
    return is_foreign


def _own_analyses(source: _Source, copied_to: sqlite3.Connection, numbers: list[int], key: bytes) -> set[int]:
    """The analyses whose signature fits the rows that were copied.

    Not those of the source: one query can find other rows there than the next, in an index that is not the table's.
    """
    if source.version < SIGNED_SINCE:
        return set()
    return {number for number in numbers if origin_of(copied_to, number, key) is Origin.OWN}


def _copy_log(source: _Source, db: sqlite3.Connection, *, is_own: bool) -> int:
    """Copy the entries of the log; the new one has a chain of its own. Returns their number. Raises CaseError."""
    columns, count = list(tables_of(source.version)[_LOG]), 0
    for row in (row for rows in _checked_rows(source, _LOG) for row in rows):
        count += 1
        line = {name: str(value) for name, value in zip(columns, row, strict=True)}
        action, detail = line["action"], line["detail"]
        if not is_own:
            action = action.removeprefix(IMPORTED_ACTION)
            detail = PureWindowsPath(detail).name if action in _WITH_PATHS else detail  # knows both kinds of slashes
            action = f"{IMPORTED_ACTION}{action}"
        write_log(db, action, detail, at=line["at"])
    return count


def _copy_table(source: _Source, db: sqlite3.Connection, name: str) -> int:
    """Copy the rows of a table, each of them checked; returns their number. Raises CaseError."""
    columns, count = list(tables_of(source.version)[name]), 0
    for rows in _checked_rows(source, name):
        count += len(rows)
        try:
            insert(db, name, [dict(zip(columns, row, strict=True)) for row in rows])
        except sqlite3.IntegrityError as error:
            raise CaseError(
                f"{source.path} is not safe to use: two rows of {name} contradict each other ({error}); request the "
                "case again from its source."
            ) from error
    return count


def _checked_rows(source: _Source, name: str) -> Iterator[list[tuple[object, ...]]]:
    """The rows of a table, some hundred or some megabytes at a time, each of them checked. Raises CaseError."""
    table = tables_of(source.version)[name]
    check, size, rows, held = checked_row(name, table), 0, [], 0
    advance = _watch(source.db, source.is_wanted)
    most = 2 * source.db.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0]
    cursor = source.db.execute(f"SELECT {', '.join(table)} FROM {name}")  # noqa: S608 columns of ours
    for count, row in enumerate(cursor, 1):
        advance()
        length = sum(len(value) for value in row if isinstance(value, str | bytes))
        size, held = size + length, held + length
        wrong = check(row) if count <= _MOST_ROWS else f"{name} has more than {_MOST_ROWS} rows"
        wrong = wrong or (f"{name} holds more than it is large" if size > most else "")  # rows that share their pages
        if wrong:
            raise CaseError(
                f"{source.path} is not safe to use: {wrong} (row {count}); request the case again from its source."
            )
        rows.append(row)
        if len(rows) == _BATCH or held > _CHUNK:
            yield rows
            rows, held = [], 0
    if rows:
        yield rows


def _mark(db: sqlite3.Connection, number: int, text: str) -> None:
    """Mark an analysis as imported; one that was interrupted is not continued, since its beginning may be forged."""
    db.execute("UPDATE analyses SET imported = ?, state = NULL WHERE id = ?", (text, number))
    clip, result = db.execute("SELECT clip, result FROM analyses WHERE id = ?", (number,)).fetchone()
    clip = _with_local_path(clip, None)
    result = None if result is None else _with_local_path(result, "clip")
    db.execute("UPDATE analyses SET clip = ?, result = ? WHERE id = ?", (clip, result, number))


def _with_local_path(body: str, part: str | None) -> str:
    """The JSON of a clip, or of what has one as its `part`, with the bare name instead of a path elsewhere.

    It is written anew: of a key that is there twice SQLite reads the first, and this program the last.
    """
    found = msgspec.json.decode(body)
    clip = found if part is None or not isinstance(found, dict) else found.get(part)
    if isinstance(clip, dict) and not is_local(str(clip.get("path"))):
        clip["path"] = PureWindowsPath(str(clip.get("path"))).name
    return msgspec.json.encode(found).decode()


def _log_text(source: _Source, counts: dict[str, int], foreign: int) -> str:
    written = ", ".join(
        f"{counts[name]} {name}" for name in ("notes", "bookmarks", "reviews", "pictures", "names") if counts.get(name)
    )
    return (
        f"{printable(source.path.name)}, SHA-256 {source.sha256}, format {source.version}: {foreign} analyses that "
        f"this installation did not make; {written or 'no annotations'}, and {counts['audit']} log lines came with it."
    )
