"""The link between a case's list and one exhibit's case file: its outcome, its report cover, and its clip's path."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from inspector.domain.analysis import Conclusion
from inspector.domain.case import Case, CaseExhibit
from inspector.domain.errors import CaseError
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.database import write_log

EVIDENCE_MOVED = "evidence found at another path"
"""The action of a log line; it names the file, and not the folder, since reports show the log."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case file holds of an exhibit; `conclusion` is None while no analysis was finished."""

    conclusion: Conclusion | None = None
    analysis_id: int = 0  # the finished analysis that the conclusion is from
    is_begun: bool = False  # an analysis was started
    is_elsewhere: bool = False  # another case file of this installation has an analysis of the clip


def outcome_of(path: Path, sha256: str) -> Outcome:
    """Read an exhibit's outcome without reading its series. Raises CaseError, also for a file of other evidence."""
    if not CaseFile.exists(path):
        return Outcome()
    # A result may be megabytes: SQLite extracts the one value.
    query = (
        "SELECT id, json_extract(clip, '$.sha256') AS sha256, "
        "json_extract(result, '$.summary.conclusion') AS conclusion FROM analyses "
        "ORDER BY result IS NULL, id DESC LIMIT 1"
    )
    with CaseFile.open(path, create=False) as kept:
        for row in kept.database.rows(query):
            conclusion = row["conclusion"]
            if row["sha256"] != sha256:
                raise CaseError(f"{path} holds the analysis of another clip; move it away and analyse this one again.")
            if conclusion is None:
                return Outcome(is_begun=True)
            if conclusion not in list(Conclusion):
                raise CaseError(f"{path} holds a damaged conclusion; analyse the clip again.")
            return Outcome(Conclusion(conclusion), row["id"], is_begun=True)
    return Outcome()


def reconcile(kept: CaseFile, exhibit: CaseExhibit, clip: Path, case: Case) -> None:
    """Make an exhibit's case file agree with the list: its cover has the label, and its analyses the clip's path.

    `clip` must be known to have the exhibit's SHA-256. What the examiner wrote on the cover stays; if everything
    agrees, nothing is written. Raises CaseError.
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
    """Set the path of this evidence in all its analyses; its hash must have been compared. Raises CaseError."""
    query = (  # the path is not signed, and stands in two places
        "SELECT id FROM analyses WHERE json_extract(clip, '$.sha256') = ? "
        "AND (json_extract(clip, '$.path') <> ? OR json_extract(result, '$.clip.path') <> ?)"
    )
    moved = [row["id"] for row in kept.database.rows(query, sha256, str(clip), str(clip))]
    if not moved:
        return
    with kept.database.transaction() as db:
        db.executemany(
            "UPDATE analyses SET clip = json_set(clip, '$.path', ?), result = json_set(result, '$.clip.path', ?) "
            "WHERE id = ?",
            [(str(clip), str(clip), number) for number in moved],
        )
        write_log(db, EVIDENCE_MOVED, clip.name)
