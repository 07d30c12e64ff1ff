"""What the examiner writes into a case file: notes, bookmarks, saved pictures, decisions; each change is logged."""

from __future__ import annotations

from dataclasses import astuple, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from inspector.domain.case import Bookmark, Decision, Note, Review, SavedPicture
from inspector.domain.errors import CaseError

if TYPE_CHECKING:
    from inspector.engine.case.case_file import CaseFile

Annotation = Note | Bookmark | SavedPicture | Review
A = TypeVar("A", bound=Note | Bookmark | SavedPicture | Review)

# The fields of each type are the columns of its table, in order; the first is the id, 0 for one not yet written.
_TABLES: dict[type[Any], str] = {Note: "notes", Bookmark: "bookmarks", SavedPicture: "pictures", Review: "reviews"}


def now() -> str:
    """The time in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Annotations:
    """The examiner's part of an open case. All methods raise CaseError as `CaseFile`'s do."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case

    def notes(self) -> tuple[Note, ...]:
        """The notes, oldest first."""
        return tuple(
            Note(*row)
            for row in self._case.rows("SELECT id, author, written_at, text, pts, end_pts FROM notes ORDER BY id")
        )

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """The marked frames in pts order."""
        rows = self._case.rows("SELECT id, pts, label, written_at FROM bookmarks ORDER BY pts")
        return tuple(Bookmark(*row) for row in rows)

    def pictures(self) -> tuple[SavedPicture, ...]:
        """The saved pictures in pts order."""
        query = "SELECT id, pts, label, filters, on_screen, author, written_at FROM pictures ORDER BY pts, id"
        return tuple(SavedPicture(*row) for row in self._case.rows(query))

    def reviews(self) -> tuple[Review, ...]:
        """The decisions on findings, oldest first; at most one a finding."""
        rows = self._case.rows("SELECT id, finding, decision, reason, author, written_at FROM reviews ORDER BY id")
        try:
            return tuple(Review(number, key, Decision(decision), *rest) for number, key, decision, *rest in rows)
        except ValueError as error:
            raise CaseError(f"{self._case.path} holds a damaged entry ({error}); analyse the clip again.") from error

    def put(self, annotation: A) -> A:
        """Write something new (id 0), or write it again as it now is; returns it with its id."""
        table, key = _TABLES[type(annotation)], fields(annotation)[0].name
        values: tuple[Any, ...] = astuple(annotation)
        number, marks = values[0] or None, ", ".join("?" * len(values))
        with self._case.writing() as db:
            # One that has its number and is gone was taken away before: undo brings it back.
            is_there = db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (number,)).fetchone()  # noqa: S608 a table of ours
            said = "added" if number is None else "changed" if is_there else "restored"
            row = db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", (number, *values[1:]))  # noqa: S608
            self._case.write_log(db, f"{table[:-1]} {said}", _log_text(annotation))
        changed: dict[str, Any] = {key: int(row.lastrowid or 0)}
        return replace(annotation, **changed)

    def remove(self, annotation: Annotation) -> None:
        """Take something away; the log keeps its words."""
        table = _TABLES[type(annotation)]
        with self._case.writing() as db:
            db.execute(f"DELETE FROM {table} WHERE id = ?", (astuple(annotation)[0],))  # noqa: S608 a table of ours
            self._case.write_log(db, f"{table[:-1]} removed", _log_text(annotation))


def _log_text(annotation: Annotation) -> str:
    if isinstance(annotation, Note):
        return annotation.text
    if isinstance(annotation, Bookmark):
        return f"pts {annotation.pts}: {annotation.label}"
    if isinstance(annotation, SavedPicture):
        return (
            f"pts {annotation.pts}: {annotation.label}, filters: {annotation.filters or 'none'}; {annotation.on_screen}"
        )
    return f"{annotation.decision}: {annotation.finding}" + (f" ({annotation.reason})" if annotation.reason else "")
