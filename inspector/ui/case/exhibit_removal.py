"""The undoable removal of an exhibit from the list; its files are not deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from inspector.ui.case.exhibit_rows import ExhibitRow
from inspector.ui.case.undo import Scope


class Rows(Protocol):
    """What the removal changes: the list of exhibits."""

    rows: tuple[ExhibitRow, ...]

    def set_rows(self, rows: tuple[ExhibitRow, ...]) -> None:
        """Change the list."""
        ...


class Removal:
    """A change for the undo history."""

    scope = Scope.CASE

    def __init__(self, exhibits: Rows, row: ExhibitRow, index: int) -> None:
        self._exhibits, self._row, self._index = exhibits, row, index

    def redo(self) -> None:
        """Remove the row."""
        sha256 = self._row.exhibit.sha256
        self._exhibits.set_rows(tuple(row for row in self._exhibits.rows if row.exhibit.sha256 != sha256))

    def undo(self) -> None:
        """Put the row back at its former position."""
        rows, exhibit = self._exhibits.rows, self._row.exhibit
        if any(row.exhibit.sha256 == exhibit.sha256 for row in rows):
            return  # the same file was added again
        ids = {row.exhibit.exhibit_id for row in rows}
        if exhibit.exhibit_id in ids:
            self._row = replace(self._row, exhibit=replace(exhibit, exhibit_id=max(ids) + 1))
        self._exhibits.set_rows((*rows[: self._index], self._row, *rows[self._index :]))
