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
