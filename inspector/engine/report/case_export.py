"""The frame of a whole case's export: a list for people, one for programs, and the hashes of every file."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from inspector.domain.case import Case, CaseExhibit
from inspector.domain.errors import OutputError
from inspector.domain.printable import printable
from inspector.engine import atomic
from inspector.engine.clock import now
from inspector.engine.codec import to_pretty_json
from inspector.engine.file_names import plain_name
from inspector.engine.seal.instructions import VERIFY, instructions
from inspector.engine.seal.manifest import MANIFEST, write_manifest

SUMMARY_SCHEMA = "deepfake-inspector-case-summary/1"
SUMMARY, INDEX = "case-summary.json", "index.html"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px sans-serif;margin:2em auto;max-width:60em}}table{{border-collapse:collapse;width:100%}}
td,th{{border-bottom:1px solid #bbb;padding:.4em;text-align:left;vertical-align:top;overflow-wrap:anywhere}}</style>
</head><body><h1>{title}</h1><p>{about}</p>
<table><tr><th>Exhibit</th><th>File</th><th>SHA-256</th><th>Conclusion of the tool</th><th>Report</th></tr>
{rows}</table>
<p>The tool reports, the examiner concludes. Each report gives the error rates that its conclusion has.</p>
</body></html>
"""


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
    summary = _Summary(SUMMARY_SCHEMA, case.name, case.examiner, case.organisation, at, tuple(entries))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(folder / SUMMARY, to_pretty_json(summary))
        atomic.write_bytes(folder / INDEX, _page(case, entries, at).encode())
        atomic.write_bytes(folder / VERIFY, instructions())
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
        write_manifest(folder, [path.relative_to(folder).as_posix() for path in files])
    except OSError as error:
        cause = error.strerror or str(error)
        raise OutputError(f"The case cannot be exported to {folder}: {cause}; free some space there.") from error
    return folder / SUMMARY, folder / INDEX, folder / MANIFEST


def _page(case: Case, entries: Sequence[Entry], at: str) -> str:
    rows = "".join(_page_row(entry) for entry in entries)
    about = " · ".join(part for part in (case.organisation, case.examiner, f"written {at}") if part)
    return _PAGE.format(title=_text(case.name or "Exhibits"), about=_text(about), rows=rows)


def _page_row(entry: Entry) -> str:
    address = _text(f"{quote(entry.folder)}/report.pdf")
    link = f'<a href="{address}">report.pdf</a>' if entry.folder else _text(entry.reason)
    cells = (entry.label, entry.file, entry.sha256, entry.conclusion or "–")
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}<td>{link}</td></tr>\n"


def _text(text: str) -> str:
    return html.escape(printable(text))
