"""What the examiner adds to the evidence, and the log of everything that was done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """The fields on the report's cover."""

    name: str = ""
    examiner: str = ""
    organisation: str = ""
    exhibit: str = ""
    created_at: str = ""  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Note:
    """An examiner's own words, kept apart from the tool's output; `pts` is None for the clip as a whole."""

    note_id: int
    author: str
    written_at: str
    text: str
    pts: int | None = None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A frame the examiner marked."""

    bookmark_id: int
    pts: int
    label: str
    written_at: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the case's log, never changed once written."""

    at: str
    action: str
    detail: str
