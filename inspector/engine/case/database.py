"""The SQLite database of a case file: opening and upgrading it, transactions, rows by column name, and the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from inspector.domain.case import AuditEntry, CaseInfo
from inspector.domain.errors import CaseError
from inspector.engine.case.schema import APPLICATION_ID, SCHEMA, SCHEMA_VERSION
from inspector.engine.case.upgrades import UPGRADES
from inspector.engine.clock import now
from inspector.engine.codec import from_json, to_json

T = TypeVar("T")

_OWN_ERRORS = (sqlite3.ProgrammingError, sqlite3.InterfaceError)
"""Mistakes of this program, such as a query with too few values: the file is not at fault."""


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
    def open(cls, path: Path, *, create: bool = True) -> CaseDatabase:
        """Open a database, and create an empty one if there is none and `create` is set."""
        if path.is_dir():
            raise CaseError(f"{path} is a folder, not a case file; name a file in it.")
        is_new = not cls.exists(path)
        if is_new and not create:
            raise CaseError(f"{path} does not exist; choose an existing case file.")
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
            database = cls(path, connection)
            database._prepare(is_new)
        except (sqlite3.Error, CaseError) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, CaseError):
                raise
            raise CaseError(f"{path} cannot be opened as a case file ({error}); choose another file.") from error
        return database

    def _prepare(self, is_new: bool) -> None:
        # A case file may come from a stranger: its schema must not run our functions, and its pages are checked.
        self._db.execute("PRAGMA trusted_schema = OFF")
        self._db.execute("PRAGMA cell_size_check = ON")
        self._db.execute("PRAGMA synchronous = NORMAL")
        if is_new:
            self._db.executescript(
                f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
                f"{SCHEMA} COMMIT;"
            )
            cover = to_json(CaseInfo(created_at=now())).decode()
            self._db.execute("INSERT OR IGNORE INTO info VALUES (1, ?)", (cover,))
            return
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            raise CaseError(f"{self.path} is not a case file of this program; choose another file.")
        while (version := self._version()) in UPGRADES:
            with self.transaction() as db:
                if self._version() == version:  # else another thread or process was first
                    UPGRADES[version](db)
                    db.execute(f"PRAGMA user_version = {version + 1}")
        if version != SCHEMA_VERSION:
            raise CaseError(
                f"{self.path} has case format {version}, this program reads {SCHEMA_VERSION}; use a matching version."
            )

    def _version(self) -> int:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        return int(version)

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
                raise CaseError(
                    f"{self.path} cannot be written ({error}); free some space or check the permissions. "
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
        except (msgspec.DecodeError, ValueError) as error:
            raise CaseError(f"{self.path} holds a damaged entry ({error}); analyse the clip again.") from error
        return found

    # --- the log -----------------------------------------------------------------------------------------------------

    def audit(self) -> tuple[AuditEntry, ...]:
        """The log, oldest first."""
        rows = self.rows("SELECT at, action, detail FROM audit ORDER BY id")
        return tuple(AuditEntry(row["at"], row["action"], row["detail"]) for row in rows)

    def log(self, action: str, detail: str) -> None:
        """Add a line to the log."""
        with self.transaction() as db:
            write_log(db, action, detail)


def write_log(db: sqlite3.Connection, action: str, detail: str) -> None:
    """Add a line to the log within a transaction."""
    db.execute("INSERT INTO audit (at, action, detail) VALUES (?, ?, ?)", (now(), action, detail))


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
