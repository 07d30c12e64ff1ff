"""Cases, their exhibits, the examiner's annotations, and the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.domain.analysis import Analysis, Finding


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """The case data on the report's cover, as people stated them; an empty field was not."""

    name: str = ""
    examiner: str = ""
    organisation: str = ""
    exhibit: str = ""
    created_at: str = ""  # ISO 8601, UTC
    source: str = ""  # where the evidence comes from: URL, account, person, device
    obtained_at: str = ""
    obtained_how: str = ""
    original_or_copy: str = ""
    handled_by: str = ""  # who had it, in order
    hash_lists: str = ""  # whether lists of known hashes have the evidence

    @staticmethod
    def label(field: str) -> str:
        """What people call a field."""
        return {"name": "case name", "created_at": "date of creation"}.get(field, CUSTODY.get(field, field).lower())


CUSTODY = {
    "source": "Source",
    "obtained_at": "Obtained on",
    "obtained_how": "Obtained how",
    "original_or_copy": "Original or copy",
    "handled_by": "Handled by",
    "hash_lists": "Hash lists",
}
"""The fields of the cover about the evidence's way to the examiner, with their labels."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note by the examiner; the report keeps it apart from the tool's output.

    `pts` is None for a note on the whole clip; with `end_pts` the note is about the interval [pts, end_pts).
    """

    note_id: int
    author: str
    written_at: str
    text: str
    pts: int | None = None
    end_pts: int | None = None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A frame that the examiner marked."""

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
    """The examiner's decision on a finding."""

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


MOST_NAME = 60
"""The longest name of a face, in characters."""


@dataclass(frozen=True, slots=True)
class FaceName:
    """What the examiner calls a face of one analysis, which is named by its beginning; the tool identifies nobody."""

    name_id: int
    analysis: str  # its `started_at`
    track: int
    name: str  # one line of at most MOST_NAME characters
    author: str
    written_at: str


def face_names(names: tuple[FaceName, ...], analysis: Analysis) -> dict[int, str]:
    """The names of an analysis's faces by track."""
    return {each.track: each.name for each in names if each.analysis == analysis.started_at}


def disagreements(reviews: tuple[Review, ...]) -> tuple[str, ...]:
    """The findings that examiners decided differently on, one phrase each."""
    found = []
    for finding in dict.fromkeys(review.finding for review in reviews):
        own = [review for review in reviews if review.finding == finding]
        if len({review.decision for review in own}) > 1:
            who = ", ".join(f"{review.decision} by {review.author or 'not stated'}" for review in own)
            found.append(f"{finding_text(finding)}: {who}")
    return tuple(found)


def finding_key(analysis: Analysis, finding: Finding) -> str:
    """Identifies a finding by its analysis, its track, conclusion and segments.

    The analysis is named by its beginning, which stays the same in copies of the case file. Keys of older versions
    begin with the track: which analysis their decision was made on is not known.
    """
    spans = " ".join(f"{segment.start_pts}-{segment.end_pts}" for segment in finding.segments)
    return f"analysis of {analysis.started_at} | track {finding.track_id} | {finding.conclusion} | {spans}"


def finding_text(key: str) -> str:
    """The finding that a key identifies, in words; the key itself if an older version made it."""
    parts = key.split(" | ")
    if len(parts) < 3 or not parts[0].startswith("analysis of "):
        return key
    number = parts[1].removeprefix("track ")
    what = parts[2].removeprefix(f"Track {number}: ")
    return f"{what if number == 'None' else f'Face {number}: {what}'} ({parts[0]})"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the audit log, which is never changed."""

    at: str
    action: str
    detail: str
    chain: str = ""  # SHA-256 over the entry and the one before


class FileStatus(StrEnum):
    """Whether an exhibit's file is still the one that was added to the case."""

    UNCHECKED = "not checked yet"
    FOUND = "found"  # it exists and has the SHA-256 stored in the case
    MISSING = "missing"
    OTHER = "another file"  # a file at its path has another SHA-256


@dataclass(frozen=True, slots=True)
class CaseExhibit:
    """One clip or still of a case.

    `path` is relative to the case's folder, with "/", when the clip is below or beside that folder; else it is
    absolute, and `guess` is its relative path, for folders that were moved together. `analysis_file` is a plain name.
    """

    exhibit_id: int
    label: str  # the examiner's label: "1", "A-17"
    path: str
    sha256: str
    size_bytes: int
    analysis_file: str
    guess: str = ""
    added_at: str = ""  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its exhibits in the examiner's order."""

    name: str = ""
    examiner: str = ""
    organisation: str = ""
    created_at: str = ""  # ISO 8601, UTC
    exhibits: tuple[CaseExhibit, ...] = ()
