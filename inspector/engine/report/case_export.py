"""The frame of a whole case's export: a list for people, one for programs, and the hashes of every file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from inspector import __version__
from inspector.domain.case import Case, CaseExhibit
from inspector.domain.errors import OutputError
from inspector.engine import atomic
from inspector.engine.clock import now
from inspector.engine.codec import to_pretty_json
from inspector.engine.faults import without_log
from inspector.engine.file_names import plain_name
from inspector.engine.regular_file import files_below
from inspector.engine.report.html_page import Cell, Link, page
from inspector.engine.seal.instructions import VERIFY, instructions
from inspector.engine.seal.manifest import MANIFEST, write_manifest

SUMMARY_SCHEMA = "deepfake-inspector-case-summary/1"
SUMMARY, INDEX = "case-summary.json", "index.html"
_HEAD = ("Exhibit", "File", "Conclusion of the tool", "Report")
_FOOT = (
    "The tool reports, the examiner concludes. Page one of each report gives the error rates that its conclusion has, "
    "and says what of the file was not examined, and whether the analysis was made elsewhere."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an export holds of one exhibit: its report's folder, or the reason why there is none."""

    label: str
    file: str
    sha256: str
    size_bytes: int
    conclusion: str
    folder: str  # below the export; "" without a report
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Summary:
    schema: str
    name: str
    examiner: str
    organisation: str
    written_at: str
    exhibits: tuple[Entry, ...]


def report_folder_names(exhibits: Sequence[CaseExhibit]) -> list[str]:
    """A plain folder name for each exhibit's report, from its label and its clip's name, all of them different."""
    taken: set[str] = set()
    names = []
    for exhibit in exhibits:
        plain = plain_name(f"{exhibit.label} {PurePosixPath(exhibit.path).stem}", "exhibit")
        name, number = plain, 2
        while name.lower() in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def write_case_report(folder: Path, case: Case, entries: Sequence[Entry]) -> tuple[Path, ...]:
    """Write the summary, the index and, last, the manifest of all that lies in `folder`. Raises OutputError."""
    at = now()
    entries = [replace(entry, reason=without_log(entry.reason)) for entry in entries]
    summary = _Summary(SUMMARY_SCHEMA, case.name, case.examiner, case.organisation, at, tuple(entries))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(folder / SUMMARY, to_pretty_json(summary))
        atomic.write_bytes(folder / INDEX, _page(case, entries, at))
        atomic.write_bytes(folder / VERIFY, instructions())
        own = (path for path in files_below(folder) if path.is_file() and not path.is_symlink())
        files = [path for path in own if path != folder / MANIFEST]
        write_manifest(folder, [path.relative_to(folder).as_posix() for path in files])
    except OSError as error:
        cause = error.strerror or str(error)
        raise OutputError(
            f"The case cannot be exported to {folder}: {cause}; check the permissions and the free space there."
        ) from error
    return folder / SUMMARY, folder / INDEX, folder / MANIFEST


def _page(case: Case, entries: Sequence[Entry], at: str) -> bytes:
    written = f"written {at} by Deepfake Inspector {__version__}"
    about = " · ".join(part for part in (case.organisation, case.examiner, written) if part)
    return page(case.name or "Exhibits", about, _HEAD, map(_row, entries), _FOOT)


def _row(entry: Entry) -> tuple[Cell, ...]:
    report = Link(entry.folder, "report.pdf") if entry.folder else entry.reason
    return entry.label, (entry.file, f"SHA-256 {entry.sha256}"), entry.conclusion or "–", report
