"""What the examiner adds to the evidence, and the log of everything that was done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.domain.analysis import Finding


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
    """An examiner's own words, kept apart from the tool's output.

    `pts` is None for the clip as a whole; with `end_pts` the note speaks of the stretch from `pts` up to it.
    """

    note_id: int
    author: str
    written_at: str
    text: str
    pts: int | None = None
    end_pts: int | None = None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A frame the examiner marked."""

    bookmark_id: int
    pts: int
    label: str
    written_at: str


@dataclass(frozen=True, slots=True)
class SavedPicture:
    """A frame whose picture the examiner saved; the report decodes and filters it again from the evidence.

    `filters` is a chain as `filters.table.encode_chain` writes it, "" for none; `on_screen` lists the overlays and the
    zoom at the time.
    """

    picture_id: int
    pts: int
    label: str
    filters: str
    on_screen: str
    author: str
    written_at: str


class Decision(StrEnum):
    """What the examiner makes of a finding."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Review:
    """An examiner's decision on one finding of the tool, with the reason; `finding` is its `finding_key`."""

    review_id: int
    finding: str
    decision: Decision
    reason: str
    author: str
    written_at: str


def finding_key(finding: Finding) -> str:
    """What names a finding across saves: its track, conclusion and stretches; another analysis may make others."""
    spans = " ".join(f"{segment.start_pts}-{segment.end_pts}" for segment in finding.segments)
    return f"track {finding.track_id} | {finding.conclusion} | {spans}"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the case's log, never changed once written."""

    at: str
    action: str
    detail: str


class Standing(StrEnum):
    """What became of an exhibit's file since it was added to its case."""

    UNCHECKED = "not checked yet"
    FOUND = "found"  # it is there, with the SHA-256 noted in the case
    MISSING = "missing"
    OTHER = "another file"  # the one in its place has another SHA-256


@dataclass(frozen=True, slots=True)
class CaseExhibit:
    """One clip or still of a case.

    `path` is relative to the case's folder, with "/", when the clip lies below or beside that folder; else it is
    absolute, and `guess` is where it would lie if both folders were moved together. `analysis_file` is a plain name.
    """

    exhibit_id: int
    label: str  # what the examiner calls it: "1", "A-17"
    path: str
    sha256: str
    size_bytes: int
    analysis_file: str
    guess: str = ""
    added_at: str = ""  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Case:
    """Several exhibits that belong together, in the examiner's order."""

    name: str = ""
    examiner: str = ""
    organisation: str = ""
    created_at: str = ""  # ISO 8601, UTC
    exhibits: tuple[CaseExhibit, ...] = ()
