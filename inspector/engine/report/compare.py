"""Compares two reports of the same evidence number by number, and names what may have moved what differs."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.domain.errors import VerificationError
from inspector.engine.codec import from_json
from inspector.engine.report.parts import ReportPart
from inspector.engine.report.recorded import REPORT, Changed, changed, parts_of, read_recorded
from inspector.engine.seal.manifest import MANIFEST, file_sha256, read_file, read_manifest

_FRAMES, _SIGNALS, _CODING, _SOUND = "frames.csv", "signals.csv", "coding.csv", "sound.csv"
_READ = ("program", "platform", "decoder")
_FOUND = (*_READ, "face finder")
_ALL = (*_FOUND, "runtime", "weights")
_STEPS = {
    "file": (_READ, (REPORT,)),
    "coding": (_READ, (_CODING, REPORT)),
    "sound": (_READ, (_SOUND, REPORT)),
    "pictures": (_READ, (_FRAMES,)),
    "faces": (_FOUND, (_FRAMES,)),
    "signals": (_FOUND, (_SIGNALS,)),
    "fast look": (_ALL, (_FRAMES,)),
    "deep look": (_ALL, (_FRAMES,)),
    "results": (_ALL, (REPORT,)),
}
"""The steps in which numbers arise, with the components that can move them and the files that hold them."""

_RESULTS = (
    "is_complete", "is_model_known", "summary", "tracks", "segments", "findings", "signals", "gaps", "formats",
    "pictures", "frames", "abstentions", "key_frames", "search_frames",
)  # fmt: skip
_OF_PICTURES = ("key_frames", "search_frames")  # which a report for programs only does not have
_UNKNOWN = "no recorded part differs: perhaps the processor, or something that is not recorded"
_ALTERED = "the report itself: {name} is not the file that its manifest names"

_MOST_BYTES = 1 << 30  # of a file that was written here
_ROW_BYTES = 32  # at least, of a row of frames.csv

Row = dict[str, str]
Rows = dict[tuple[str, str, int], Row]  # by pts, track, and number among the rows of both
File = tuple[Path, bytes]


@dataclass(frozen=True, slots=True)
class Step:
    """The numbers of one step: whether all are equal, by how much they differ, and what may have moved them."""

    name: str
    is_same: bool
    difference: str = ""
    suspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two reports have in common."""

    steps: tuple[Step, ...]
    changed: tuple[Changed, ...]
    altered: tuple[str, ...] = ()
    """Files of the recorded report that are not those that its manifest names."""

    @property
    def is_same(self) -> bool:
        """Whether all numbers are equal to the last bit."""
        return all(step.is_same for step in self.steps)


def compare(recorded: Path, again: Path) -> Comparison:
    """Compare the report folder `recorded` with the folder of the report that was made `again`.

    Raises VerificationError if a file of either is missing or is none of a report.
    """
    reports = [read_recorded(folder / "report.json") for folder in (recorded, again)]
    differing, altered = changed(*map(parts_of, reports)), _altered(recorded)
    differences = dict(_differences(recorded, again))
    # A component whose own numbers are all equal moved none of the later ones.
    cleared = {"decoder"} if not any(differences[name] for name in ("file", "coding", "sound", "pictures")) else set()
    cleared |= {"face finder"} if not differences["faces"] and not differences["signals"] else set()
    steps = []
    for name, (components, files) in _STEPS.items():
        found = [_ALTERED.format(name=file) for file in files if file in altered]
        found += [_text(each) for each in differing if each.component in components and each.component not in cleared]
        suspects = tuple(found) or (_UNKNOWN,)
        steps.append(Step(name, not differences[name], differences[name], suspects if differences[name] else ()))
    return Comparison(tuple(steps), differing, altered)


def check_tables(folder: Path) -> None:
    """Raise VerificationError unless the tables that `compare` reads are beside a report.json."""
    for name in (_FRAMES, _SIGNALS):
        if not (folder / name).is_file():
            raise VerificationError(f"{folder / name} is missing, so nothing can be compared; name the whole report.")


def _altered(folder: Path) -> tuple[str, ...]:
    """The compared files of a report whose SHA-256 is not that of its manifest; none without a manifest."""
    try:
        listed = read_manifest(folder / MANIFEST)
    except VerificationError:
        return ()
    return tuple(
        name for name in (REPORT, _FRAMES, _SIGNALS, _CODING, _SOUND) if not _is_as_listed(folder, name, listed)
    )


def _is_as_listed(folder: Path, name: str, listed: dict[str, str]) -> bool:
    try:
        return name not in listed or file_sha256(folder / name) == listed[name]
    except OSError:
        return False


def _text(each: Changed) -> str:
    return f"{each.component}: {each.part} {_short(each.recorded)} → {_short(each.here)}"


def _short(value: str) -> str:
    return f"{value[:12]}…" if len(value) == 64 else value or "none"


def _differences(recorded: Path, again: Path) -> Iterator[tuple[str, str]]:
    """A phrase on how far each step differs, "" for none."""
    reports = [_json(file) for file in _pair(recorded, again, REPORT)]
    is_left_out = _leaves_out_file(reports[0])
    reports[1] = _without_file(reports[1]) if is_left_out else reports[1]
    yield "file", _values([_about_file(report) for report in reports])
    for name, table, parts in (("coding", _CODING, ("coding", "frame_hashes")), ("sound", _SOUND, ("sound",))):
        told = _values([{part: report.get(part) for part in parts} for report in reports])
        moved = _table(recorded, again, table) if not is_left_out or (recorded / table).exists() else ""
        yield name, "; ".join(filter(None, (moved, told)))
    first, second = map(_frames, _pair(recorded, again, _FRAMES))
    yield "pictures", _pictures(first, second)
    reasons = sum(first[key].get("abstention") != second[key].get("abstention") for key in first.keys() & second.keys())
    moved = _moved(first, second, ("x", "y", "width", "height"), "px", "face")
    yield "faces", "; ".join(filter(None, (moved, f"{reasons} reasons for no score differ" if reasons else "")))
    yield "signals", _table(recorded, again, _SIGNALS)
    yield "fast look", _moved(first, second, ("fake_probability",), "in probability", "face")
    yield "deep look", _moved(first, second, ("deep_logit", "deep_probability"), "in score", "face")
    yield "results", _results(*reports)


def _leaves_out_file(report: dict[str, Any]) -> bool:
    return isinstance(left_out := report.get("left_out"), list) and ReportPart.FILE in left_out


def _without_file(report: dict[str, Any]) -> dict[str, Any]:
    """The report as it is without that part: one that says that it left it out may not state something there."""
    clip = {**report["clip"], "metadata": []}
    return {**report, "clip": clip, **dict.fromkeys(("credentials", "structure", "coding", "sound"))}


def _about_file(report: dict[str, Any]) -> dict[str, Any]:
    """What a report says about the file itself, but for its name, which a copy may have changed."""
    clip = {name: value for name, value in (report.get("clip") or {}).items() if name not in ("name", "path")}
    parts = {name: report.get(name) for name in ("evidence", "structure", "credentials")}
    if isinstance(stated := parts["credentials"], dict):  # lists of this installation may be newer, and answer the same
        parts["credentials"] = {name: each for name, each in stated.items() if name not in ("trust_lists", "library")}
    return {"clip": clip, **parts}


def _table(recorded: Path, again: Path, name: str) -> str:
    """Whether a table, which is written as text, differs; a clip without sound has no table of it in either report."""
    there = [(folder / name).exists() for folder in (recorded, again)]
    if not all(there):
        return f"{name} is in one report only" if any(there) else ""
    (_, was), (_, now) = _pair(recorded, again, name)
    return "" if was == now else f"{name} differs"


def _pair(recorded: Path, again: Path, name: str) -> Iterator[File]:
    """A file of both reports. The recorded one may be a stranger's: it cannot be much larger than what is made here."""
    own = read_file(again / name, _MOST_BYTES)
    yield recorded / name, read_file(recorded / name, 4 * len(own) + (16 << 20))
    yield again / name, own


def _frames(file: File) -> Rows:
    """The rows of a frames.csv. Raises VerificationError."""
    (path, data), rows = file, {}
    seen: Counter[tuple[str, str]] = Counter()
    try:
        for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
            key = row["pts"], row["track"]
            rows[(*key, seen[key])] = row
            seen[key] += 1
            if len(rows) > len(data) // _ROW_BYTES:
                raise ValueError("its rows are too short")
        return rows
    except (ValueError, KeyError, csv.Error) as error:
        raise VerificationError(f"{path} cannot be read as the table of a report ({error}).") from error


def _pictures(first: Rows, second: Rows) -> str:
    told = [_by_pts(rows) for rows in (first, second)]
    same = sum(told[1].get(pts) == values for pts, values in told[0].items())
    most = max(map(len, told))
    return "" if same == most else f"{most - same} of {most} pictures differ"


def _by_pts(rows: Rows) -> dict[str, set[tuple[str | None, ...]]]:
    """What the rows say of the picture at each pts; the same in each of them, unless a table was altered."""
    found: dict[str, set[tuple[str | None, ...]]] = {}
    for (pts, *_), row in rows.items():
        told = tuple(row.get(column) for column in ("index", "seconds", "frame_sha256", "stored_pts"))
        found.setdefault(pts, set()).add(told)
    return found


def _moved(first: Rows, second: Rows, columns: tuple[str, ...], unit: str, one: str) -> str:
    """How many rows differ in these columns, and by how much at most."""
    only, different, largest = len(first.keys() ^ second.keys()), 0, 0.0
    for key in first.keys() & second.keys():
        pairs = [(first[key].get(column, ""), second[key].get(column, "")) for column in columns]
        if any(a != b for a, b in pairs):
            different += 1
            largest = max(largest, *(_distance(a, b) for a, b in pairs))
    parts = [f"{different} of {len(first)} {one}s differ, by at most {largest:.3g} {unit}"] if different else []
    return "; ".join([*parts, *([f"{only} {one}s are in one report only"] if only else [])])


def _distance(a: str, b: str) -> float:
    try:
        return abs(float(a) - float(b)) if a and b else math.inf if a != b else 0.0
    except ValueError:
        return math.inf


def _results(*reports: dict[str, Any]) -> str:
    told = [{name: report.get(name) for name in _RESULTS} for report in reports]
    for each, report in zip(told, reports, strict=True):
        card = report.get("model") or {}  # error rates, limits and calibration are read beside each number
        # Its name is that of a folder, and other weights are named as what may have moved the numbers.
        each["model"] = {name: value for name, value in card.items() if name not in ("name", "sha256")}
        for name in _OF_PICTURES:
            if not reports[0].get(name):
                del each[name]
    conclusions = [str(report.get("summary", {}).get("conclusion")) for report in reports]
    if conclusions[0] != conclusions[1]:
        return f"the conclusion differs: “{conclusions[0]}”, now “{conclusions[1]}”"
    differ = _values(told)
    return f"the conclusion is the same; {differ}" if differ else ""


def _values(told: list[dict[str, Any]]) -> str:
    """Which of the parts of two reports differ, and by how much at most if only numbers do."""
    moved = {name: _furthest(told[0][name], told[1][name]) for name in told[0]}
    return "; ".join(
        f"{name} differ by at most {by:.3g}" if math.isfinite(by) else f"{name} differ"
        for name, by in moved.items()
        if by
    )


def _furthest(first: Any, second: Any) -> float:
    """By how much numbers at the same places of two JSON values differ at most; infinite if anything else differs."""
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        return max((_furthest(first[name], second[name]) for name in first), default=0.0)
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return max(map(_furthest, first, second), default=0.0)
    if first == second:
        return 0.0
    return abs(first - second) if isinstance(first, float) and isinstance(second, float) else math.inf


def _json(file: File) -> dict[str, Any]:
    path, data = file
    try:
        found = from_json(data, dict[str, Any])
        if not isinstance(found.get("summary"), dict):
            raise ValueError("it has no summary")
    except ValueError as error:
        raise VerificationError(f"{path} is no report.json ({error}).") from error
    return found
