"""What a case's list has to do with one exhibit's case file: its outcome, its report cover, where its clip lies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from inspector.domain.analysis import Conclusion
from inspector.domain.case import Case, CaseExhibit
from inspector.domain.errors import CaseError
from inspector.engine.case.case_file import CaseFile


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case file holds of an exhibit; `conclusion` is None while no analysis was finished."""

    conclusion: Conclusion | None = None
    is_begun: bool = False  # an analysis was started


def outcome_of(path: Path, sha256: str) -> Outcome:
    """Read an exhibit's outcome without reading its series. Raises CaseError, also for a file of other evidence."""
    if not CaseFile.exists(path):
        return Outcome()
    # Only one value of a result that may be megabytes: SQLite picks it out.
    query = (
        "SELECT json_extract(clip, '$.sha256'), json_extract(result, '$.summary.conclusion') FROM analyses "
        "ORDER BY result IS NULL, id DESC LIMIT 1"
    )
    with CaseFile.open(path, create=False) as kept:
        for analysed, conclusion in kept.rows(query):
            if analysed != sha256:
                raise CaseError(f"{path} holds the analysis of another clip; move it away and analyse this one anew.")
            if conclusion is None:
                return Outcome(is_begun=True)
            if conclusion not in list(Conclusion):
                raise CaseError(f"{path} holds a damaged conclusion; analyse the clip again.")
            return Outcome(Conclusion(conclusion), is_begun=True)
    return Outcome()


def settle(kept: CaseFile, exhibit: CaseExhibit, clip: Path, case: Case) -> None:
    """Make an exhibit's case file agree with the list: its cover carries the label, its analyses where the clip lies.

    `clip` must be known to have the exhibit's SHA-256. What the examiner wrote on the cover stays; nothing is written
    when all agrees. Raises CaseError.
    """
    info = kept.case_info()
    wanted = replace(
        info,
        name=info.name or case.name,
        exhibit=exhibit.label,
        examiner=info.examiner or case.examiner,
        organisation=info.organisation or case.organisation,
    )
    if wanted != info:
        kept.set_case_info(wanted)
    point_to(kept, exhibit.sha256, clip)


def point_to(kept: CaseFile, sha256: str, clip: Path) -> None:
    """Say in every analysis of this evidence where it lies now; its hash must have been compared. Raises CaseError."""
    query = "SELECT id FROM analyses WHERE json_extract(clip, '$.sha256') = ? AND json_extract(clip, '$.path') <> ?"
    moved = [number for (number,) in kept.rows(query, sha256, str(clip))]
    if not moved:
        return
    with kept.writing() as db:
        db.executemany(
            "UPDATE analyses SET clip = json_set(clip, '$.path', ?), result = json_set(result, '$.clip.path', ?) "
            "WHERE id = ?",
            [(str(clip), str(clip), number) for number in moved],
        )
        kept.write_log(db, "evidence found at another place", str(clip))
