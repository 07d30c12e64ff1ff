"""Analyses the evidence of a report again, as the report says it was done, and compares the numbers.

The analysis is a scan into a folder of its own: there is no second way from a file to a report.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path, PurePath

from inspector.domain.case import CaseInfo
from inspector.domain.errors import VerificationError
from inspector.engine.decode.evidence import hash_file
from inspector.engine.end_signals import Ended
from inspector.engine.process.clip_scan import INTERRUPTED, Stop
from inspector.engine.process.scan import Progress, scan
from inspector.engine.report.compare import Comparison, check_tables, compare
from inspector.engine.report.recorded import Recorded, read_recorded, report_file, settings_for

_MOST_THREADS = 256
_LOST = "The analysis was interrupted; without --out nothing of it is kept."


def rerun(
    report: Path, evidence: Path | None, model: str, out: Path, progress: Progress, *, is_kept: bool = True
) -> Comparison:
    """Make a report, named by its folder or its report.json, again in `out` and compare the two report folders.

    Without `evidence`, a file of the recorded name beside the report or its folder is taken. `model` names a bundle to
    use if none with the recorded weights is installed, "" for the default one. `is_kept` says whether `out` stays, so
    that an interrupted analysis can be continued. Raises VerificationError if the evidence is another file or missing,
    or could not be analysed, or if the report lacks its tables, and Ended if a signal ended the analysis.
    """
    report = report_file(report)
    recorded = read_recorded(report)
    check_tables(report.parent)
    path = _evidence(report, recorded) if evidence is None else evidence
    said = "comparing its SHA-256 with that of the report"
    progress.stage(path, said)
    if hash_file(path, tell=partial(progress.stage, path, said)) != recorded.clip.sha256:
        raise VerificationError(f"{path} is not the evidence of this report (its SHA-256 differs); name the original.")
    stop, settings = Stop(INTERRUPTED if is_kept else _LOST), settings_for(recorded, model)
    summary = scan([path], out, settings, CaseInfo(), 1, progress, threads=_threads(recorded), stop=stop)
    (clip,) = summary.clips
    if clip.status != "analysed" and stop.number:
        raise Ended(stop.number)
    if clip.status != "analysed":
        raise VerificationError(f"{path} could not be analysed again: {clip.reason}")
    return compare(report.parent, out / clip.folder)


def _threads(recorded: Recorded) -> int | None:
    found = re.search(r"(\d{1,9}) threads", recorded.device)
    return min(max(1, int(found[1])), _MOST_THREADS) if found else None  # the report may be a stranger's


def _evidence(report: Path, recorded: Recorded) -> Path:
    folder, name = report.absolute().parent, PurePath(recorded.clip.name).name
    places = [folder / name, folder.parent / name, folder.parent.parent / name]
    found = next((path for path in places if name and path.is_file()), None)
    if found is None:
        raise VerificationError(f"The evidence of {report} is not beside it; name the file with --evidence.")
    return found
