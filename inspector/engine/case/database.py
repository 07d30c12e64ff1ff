"""The SQLite database of a case file: opening and upgrading it, transactions, rows by column name, and the log."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from inspector.domain.analysis import Analysis
from inspector.domain.case import AuditEntry, CaseInfo
from inspector.domain.clip import Clip
from inspector.domain.errors import CaseError
from inspector.engine import activity
from inspector.engine.atomic import is_full_disk
from inspector.engine.bounds import check_bounded, check_properties
from inspector.engine.case import chain
from inspector.engine.case.schema import APPLICATION_ID, SCHEMA, SCHEMA_VERSION
from inspector.engine.case.tables import current_statements, statements
from inspector.engine.clock import now
from inspector.engine.codec import from_json, to_json
from inspector.engine.regular_file import open_regular

T = TypeVar("T")

_STEPS = 100_000  # of SQLite's virtual machine, some milliseconds, between two questions whether a query is wanted

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 128 << 20,  # bytes of a row: a result is some megabytes
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 20_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 64,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 4,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

_ACTIONS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_UPDATE,
    sqlite3.SQLITE_DELETE,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_TRANSACTION,
}
"""What a query of an open case file may do; see SQLite's authorizer."""

SQLITE_SUFFIXES = ("-journal", "-wal", "-shm")
"""What SQLite writes beside its file."""

_JOURNAL_END = bytes.fromhex("d9d505f920a163d7")  # after the name of a further journal; see SQLite's file format, 3.0

_MOST_BYTES = 16 << 30  # of a case file that is copied
_CHUNK = 1 << 20

_OWN_ERRORS = (sqlite3.ProgrammingError, sqlite3.InterfaceError)
"""Mistakes of this program, such as a query with too few values: the file is not at fault."""


def _is_unwanted(is_wanted: Callable[[], bool] | None) -> bool:
    """Whether SQLite is to end a query, which it asks for many times during a long one."""
    activity.count()
    return is_wanted is not None and not is_wanted()


def _cause(path: Path, error: sqlite3.Error) -> str:
    """What is wrong, in the words of the system where SQLite says only that it cannot open or write a file.

    The file is not opened for that: closing it would end the locks that SQLite has on it in this process.
    """
    if getattr(error, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
        return str(error)
    try:
        path.parent.stat()
        needed = (path.parent, os.W_OK | os.X_OK), *([(path, os.R_OK | os.W_OK)] if path.exists() else [])
    except OSError as refused:
        return refused.strerror or str(error)
    return str(error) if all(os.access(each, mode) for each, mode in needed) else os.strerror(errno.EACCES)


class CaseDatabase:
    """An open database of a case. All methods raise CaseError when the file is damaged or cannot be written."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._db = connection
        self._db.row_factory = sqlite3.Row

    @staticmethod
    def exists(path: Path) -> bool:
        """Whether there is something to read; while another thread or process creates the file it is empty."""
        return path.exists() and path.stat().st_size > 0

    @classmethod
    def open(cls, path: Path, *, create: bool = True, is_wanted: Callable[[], bool] | None = None) -> CaseDatabase:
        """Open a database, and create an empty one if there is none and `create` is set.

        A query ends with CaseError soon after `is_wanted` returns False.
        """
        check_is_file(path)
        is_new = not cls.exists(path)
        if is_new and not create:
            raise CaseError(f"{path} does not exist; choose an existing case file.")
        connection: sqlite3.Connection | None = None
        try:
            connection = connect(path)
            connection.set_progress_handler(partial(_is_unwanted, is_wanted), _STEPS)
            database = cls(path, connection)
            database._prepare(is_new)
            connection.set_authorizer(_authorize)
        except (sqlite3.Error, CaseError) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, CaseError):
                raise
            if is_full_disk(error):
                raise CaseError(f"{path} cannot be opened, since its disk is full; free some space.") from error
            cause = _cause(path, error)
            if is_new:
                raise CaseError(
                    f"{path} cannot be written ({cause}); free some space or check the permissions. What is saved "
                    "stays."
                ) from error
            raise CaseError(f"{path} cannot be opened as a case file ({cause}); choose another file.") from error
        return database

    def _prepare(self, is_new: bool) -> None:
        if is_new:
            self._db.executescript(
                f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
                f"{SCHEMA} COMMIT;"
            )
            cover = to_json(CaseInfo(created_at=now())).decode()
            self._db.execute("INSERT OR IGNORE INTO info VALUES (1, ?)", (cover,))
            return
        version = version_of(self.path, self._db)
        if version < SCHEMA_VERSION or statements(self._db) != current_statements():
            raise CaseError(
                f"{self.path} was made by another version or another program and is not imported yet; open it in the "
                "window first."
            )

    def close(self) -> None:
        """Close the file; further calls fail."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write everything inside, or nothing of it."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except BaseException as error:
            # A full disk may already have ended the transaction.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error) and not isinstance(error, _OWN_ERRORS):
                cause = _cause(self.path, error)
                raise CaseError(
                    f"{self.path} cannot be written ({cause}); free some space or check the permissions. "
                    "What is saved stays."
                ) from error
            raise

    def rows(self, query: str, *values: object) -> Iterator[sqlite3.Row]:
        """The rows of a query, one by one."""
        try:
            yield from self._db.execute(query, values)
        except _OWN_ERRORS:
            raise
        except sqlite3.Error as error:
            raise CaseError(
                f"{self.path} is damaged ({error}); analyse the clip again into a new case file."
            ) from error

    def decoded(self, body: str, wanted: type[T]) -> T:
        """A value that is stored as JSON."""
        try:
            found: T = from_json(body, wanted)
            check_bounded(found)  # a stranger may have written it
            if isinstance(found, Analysis | Clip):
                check_properties(found.clip if isinstance(found, Analysis) else found)
        except (msgspec.DecodeError, ValueError) as error:
            raise CaseError(f"{self.path} holds a damaged entry ({error}); analyse the clip again.") from error
        return found

    # --- the log -----------------------------------------------------------------------------------------------------

    def audit(self) -> tuple[AuditEntry, ...]:
        """The log, oldest first."""
        rows = self.rows("SELECT at, action, detail, chain FROM audit ORDER BY id")
        return tuple(AuditEntry(row["at"], row["action"], row["detail"], row["chain"]) for row in rows)

    def log_problems(self) -> tuple[str, ...]:
        """What of the log's chain does not hold, and what was changed without an entry; reads the whole file."""
        try:
            return tuple(chain.problems(self._db))
        except sqlite3.Error as error:
            raise CaseError(f"{self.path} is damaged ({error}); its log cannot be checked.") from error

    def log(self, action: str, detail: str) -> None:
        """Add a line to the log."""
        with self.transaction() as db:
            write_log(db, action, detail)


def settle(path: Path) -> None:
    """Undo what a process that was killed left half written: a copy of the case file alone would be damaged."""
    if not path.with_name(f"{path.name}{SQLITE_SUFFIXES[0]}").exists():
        return
    with suppress(CaseError, sqlite3.Error), closing(connect(path)) as db:
        version = version_of(path, db)  # what is read is put right before
        db.execute(f"PRAGMA user_version = {version}")  # a change of nothing takes the journal away at its end


def check_is_file(path: Path) -> None:
    """Raise CaseError if there is something else than a file at `path`: opening a pipe could block for ever."""
    if path.is_dir():
        raise CaseError(f"{path} is a folder, not a case file; name a file in it.")
    if path.exists() and not path.is_file():
        raise CaseError(f"{path} is a pipe, socket or device, not a case file; choose another file.")


def check_beside(path: Path) -> None:
    """Raise CaseError if what lies beside a case file for SQLite to replay is none of ours: it acts before any query.

    A rollback journal can end with the name of a further journal, which SQLite deletes whatever file that is. It does
    so for transactions over several files, and ours have one. Opening a pipe could block for ever.
    """
    for suffix in SQLITE_SUFFIXES:
        beside = path.with_name(path.name + suffix)
        if not os.path.lexists(beside):
            continue
        try:
            if not stat.S_ISREG(beside.lstat().st_mode):
                raise CaseError(f"{beside} is a link, pipe or folder, which SQLite would open; remove it.")
            with open_regular(beside) as file:
                file.seek(-min(len(_JOURNAL_END), file.seek(0, os.SEEK_END)), os.SEEK_END)
                is_of_several = suffix == "-journal" and file.read() == _JOURNAL_END
        except OSError:
            continue  # another connection has just removed it; and what cannot be read here, SQLite cannot read
        if is_of_several:
            raise CaseError(f"{path} is not safe to use: {beside.name} makes SQLite delete another file; remove it.")


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that may come from a stranger, in autocommit mode. Raises CaseError, sqlite3.Error.

    What its schema holds cannot call functions, its pages are checked, and SQLite's limits are those of our queries.
    """
    check_beside(path)
    connection = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def stated_clip(path: Path) -> Clip | None:
    """The clip of the newest analysis in a file, whoever made it; the file is only read, so do not believe it.

    None for a file that is not exactly of our format, or cannot be read.
    """
    try:
        check_is_file(path)
        with closing(connect(path)) as db:
            if version_of(path, db) != SCHEMA_VERSION or statements(db) != current_statements():
                return None
            row = db.execute("SELECT clip FROM analyses ORDER BY id DESC LIMIT 1").fetchone()
            return None if row is None else from_json(row[0], Clip)
    except (OSError, sqlite3.Error, CaseError, TypeError, ValueError):
        return None


def is_sound(db: sqlite3.Connection) -> bool:
    """Whether the pages of a file agree: of rows out of order, one query finds others than the next. Reads all."""
    return bool(db.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")


def version_of(path: Path, db: sqlite3.Connection) -> int:
    """The version of a case file. Raises CaseError for another program's file and for a newer version."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise CaseError(f"{path} is not a case file of this program; choose another file.")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise CaseError(f"{path} was made by a newer version of this program; update the program to open it.")
    if version < 1:
        raise CaseError(f"{path} is damaged: it has case format {version}; take it from a copy, or analyse again.")
    return int(version)


def _authorize(action: int, _first: str | None, _second: str | None, _base: str | None, _inner: str | None) -> int:
    """Queries of a case file read and change rows, and nothing else."""
    return sqlite3.SQLITE_OK if action in _ACTIONS else sqlite3.SQLITE_DENY


def write_log(
    db: sqlite3.Connection, action: str, detail: str, subject: str = "", digest: str = "", at: str = ""
) -> None:
    """Add an entry to the log within a transaction.

    `subject` is what it is about, as `chain.state_of` names it, and `digest` what that is now, "" if it was removed.
    """
    entry = {"at": at or now(), "action": action, "detail": detail, "subject": subject, "digest": digest}
    insert(db, "audit", [{**entry, "chain": chain.next_hash(chain.last_hash(db), entry)}])


def insert(db: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, object]], *, replace: bool = False) -> int:
    """Insert rows of one table, given by column name, within a transaction; returns the id of a single one."""
    if not rows:
        return 0
    columns, verb = list(rows[0]), "INSERT OR REPLACE" if replace else "INSERT"
    values = ", ".join(f":{column}" for column in columns)
    query = f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({values})"
    if len(rows) == 1:
        return int(db.execute(query, rows[0]).lastrowid or 0)
    db.executemany(query, rows)
    return 0


def copied(path: Path, target: Path, is_wanted: Callable[[], bool] = lambda: True) -> str:
    """Copy a case file with what SQLite left beside it when a process was killed; returns the file's SHA-256.

    Raises CaseError if they are larger than a case file is: a sparse one of terabytes takes no room until it is copied.
    """
    check_beside(path)
    digest = hashlib.sha256()
    beside = [path.with_name(path.name + suffix) for suffix in ("-journal", "-wal")]
    beside = [each for each in beside if each.exists()]
    if sum(each.stat().st_size for each in (path, *beside)) > _MOST_BYTES:
        raise CaseError(f"{path} is larger than {_MOST_BYTES >> 30} GiB, which no case file is; choose another file.")
    for each in beside:
        shutil.copyfile(each, target.with_name(target.name + each.name.removeprefix(path.name)))
    with open_regular(path) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
            if not is_wanted():
                raise CaseError(f"{path.name} was not read to its end: the program is closing; open it again.")
    return digest.hexdigest()


def copied_to_read(path: Path, target: Path) -> None:
    """`copied`, with CaseError for every cause. The sentence is for files of which nothing else says what is wrong."""
    try:
        copied(path, target)
    except OSError as error:
        raise CaseError(
            f"{path} cannot be copied to be read ({error.strerror or error}); check its permissions and the free space "
            f"in {target.parent.parent}."
        ) from error
