"""The examiner's annotations in a case file: notes, bookmarks, pictures, decisions, names of faces; each is logged."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

import msgspec

from inspector.domain.answer import face_name
from inspector.domain.case import Bookmark, FaceName, Note, Review, SavedPicture, finding_text
from inspector.domain.errors import CaseError
from inspector.engine.case.chain import annotation_digest
from inspector.engine.case.database import CaseDatabase, insert, write_log

Annotation = Note | Bookmark | SavedPicture | Review | FaceName
A = TypeVar("A", bound=Note | Bookmark | SavedPicture | Review | FaceName)

# The columns of a table have the names of the type's fields, except that the first field, its id, is called "id".
_TABLES: dict[type[Any], str] = {
    Note: "notes",
    Bookmark: "bookmarks",
    SavedPicture: "pictures",
    Review: "reviews",
    FaceName: "names",
}


class Annotations:
    """The annotations of an open case. All methods raise CaseError as those of `CaseDatabase` do."""

    def __init__(self, database: CaseDatabase) -> None:
        self._database = database

    def notes(self) -> tuple[Note, ...]:
        """The notes, oldest first."""
        return self._read(Note, "SELECT * FROM notes ORDER BY id")

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """The marked frames in pts order."""
        return self._read(Bookmark, "SELECT * FROM bookmarks ORDER BY pts")

    def pictures(self) -> tuple[SavedPicture, ...]:
        """The saved pictures in pts order."""
        return self._read(SavedPicture, "SELECT * FROM pictures ORDER BY pts, id")

    def reviews(self) -> tuple[Review, ...]:
        """The decisions on findings, oldest first; at most one per finding and examiner."""
        return self._read(Review, "SELECT * FROM reviews ORDER BY id")

    def names(self) -> tuple[FaceName, ...]:
        """The names of faces, oldest first; at most one per face."""
        return self._read(FaceName, "SELECT * FROM names ORDER BY id")

    def _read(self, kind: type[A], query: str) -> tuple[A, ...]:
        """The rows of a query, each field checked by its type: the file may be a stranger's."""
        key = _key(kind)
        names = {item.name: "id" if item.name == key else item.name for item in fields(kind)}
        try:
            rows = self._database.rows(query)
            return tuple(msgspec.convert({name: row[of] for name, of in names.items()}, kind) for row in rows)
        except msgspec.ValidationError as error:
            path = self._database.path
            raise CaseError(f"{path} holds a damaged entry ({error}); analyse the clip again.") from error

    def put(self, annotation: A) -> A:
        """Add a new annotation (id 0) or replace an existing one; returns it with its id."""
        table, key = _TABLES[type(annotation)], _key(type(annotation))
        values = asdict(annotation)
        number = values.pop(key) or None
        with self._database.transaction() as db:
            if number is None and isinstance(annotation, Review):
                number = _decided(db, annotation)
            # One that has an id but no row was removed before: undo brings it back.
            query = f"SELECT 1 FROM {table} WHERE id = ?"  # noqa: S608 a table of ours
            exists = db.execute(query, (number,)).fetchone() is not None
            change = "added" if number is None else "changed" if exists else "restored"
            number = insert(db, table, [{"id": number, **values}], replace=True)
            digest = annotation_digest(db, table, number)
            write_log(db, f"{table[:-1]} {change}", describe(annotation), f"{table[:-1]} {number}", digest)
        changed: dict[str, Any] = {key: number}
        return replace(annotation, **changed)

    def remove(self, annotation: Annotation) -> None:
        """Remove an annotation; the log keeps its text."""
        table, number = _TABLES[type(annotation)], getattr(annotation, _key(type(annotation)))
        with self._database.transaction() as db:
            db.execute(f"DELETE FROM {table} WHERE id = ?", (number,))  # noqa: S608 a table of ours
            write_log(db, f"{table[:-1]} removed", describe(annotation), f"{table[:-1]} {number}")


def _decided(db: sqlite3.Connection, review: Review) -> int | None:
    """The id of the decision that its author made on the same finding before."""
    query = "SELECT id FROM reviews WHERE finding = ? AND author = ?"
    row = db.execute(query, (review.finding, review.author)).fetchone()
    return None if row is None else int(row[0])


def _key(kind: type[Any]) -> str:
    """The name of the field that holds the id."""
    return fields(kind)[0].name


def describe(annotation: Annotation) -> str:
    """An annotation as one line, as the log has it."""
    if isinstance(annotation, Note):
        return annotation.text
    if isinstance(annotation, Bookmark):
        return f"pts {annotation.pts}: {annotation.label}"
    if isinstance(annotation, SavedPicture):
        filters = annotation.filters or "none"
        return f"pts {annotation.pts}: {annotation.label}, filters: {filters}; {annotation.on_screen}"
    if isinstance(annotation, FaceName):
        return f"{face_name(annotation.track)}: {annotation.name}"
    return f"{annotation.decision}: {finding_text(annotation.finding)}" + (
        f" ({annotation.reason})" if annotation.reason else ""
    )
