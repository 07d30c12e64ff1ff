"""Compares two reports of the same evidence number by number, and names what may have moved what differs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.domain.errors import VerificationError
from inspector.engine.codec import from_json
from inspector.engine.report.recorded import Changed, changed, parts_of, read_recorded
from inspector.engine.seal.manifest import read_file

_BEFORE = ("program", "platform", "decoder", "face finder")
_ALL = (*_BEFORE, "runtime", "weights")
_MOVED_BY = {
    "pictures": ("program", "platform", "decoder"),
    "faces": _BEFORE,
    "signals": _BEFORE,
    "fast look": _ALL,
    "deep look": _ALL,
    "results": _ALL,
}
"""The steps in which numbers arise, with the components that can move them."""

_RESULTS = ("summary", "tracks", "segments", "findings", "gaps", "formats", "pictures", "abstentions", "key_frames")
_UNKNOWN = "no recorded part differs: perhaps the processor, or something that is not recorded"

_MOST_BYTES = 1 << 30  # of a file that was written here
_ROW_BYTES = 32  # at least, of a row of frames.csv

Row = dict[str, str]
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

    @property
    def is_same(self) -> bool:
        """Whether all numbers are equal to the last bit."""
        return all(step.is_same for step in self.steps)


def compare(recorded: Path, again: Path) -> Comparison:
    """Compare the report folder `recorded` with the folder of the report that was made `again`.

    Raises VerificationError if a file of either is missing or is none of a report.
    """
    reports = [read_recorded(folder / "report.json") for folder in (recorded, again)]
    differing = changed(*map(parts_of, reports))
    differences = dict(_differences(recorded, again))
    # A component whose own numbers are all equal moved none of the later ones.
    cleared = {"decoder"} if not differences["pictures"] else set()
    cleared |= {"face finder"} if not differences["faces"] and not differences["signals"] else set()
    steps = []
    for name, components in _MOVED_BY.items():
        found = [_text(each) for each in differing if each.component in components and each.component not in cleared]
        suspects = tuple(found) or (_UNKNOWN,)
        steps.append(Step(name, not differences[name], differences[name], suspects if differences[name] else ()))
    return Comparison(tuple(steps), differing)


def _text(each: Changed) -> str:
    return f"{each.component}: {each.part} {_short(each.recorded)} → {_short(each.here)}"


def _short(value: str) -> str:
    return f"{value[:12]}…" if len(value) == 64 else value or "none"


def _differences(recorded: Path, again: Path) -> Iterator[tuple[str, str]]:
    """A phrase on how far each step differs, "" for none."""
    first, second = map(_frames, _pair(recorded, again, "frames.csv"))
    yield "pictures", _pictures(first, second)
    yield "faces", _moved(first, second, ("x", "y", "width", "height"), "px", "face")
    (_, was), (_, now) = _pair(recorded, again, "signals.csv")
    yield "signals", "" if was == now else "signals.csv differs"
    yield "fast look", _moved(first, second, ("fake_probability",), "in probability", "face")
    yield "deep look", _moved(first, second, ("deep_logit", "deep_probability"), "in score", "face")
    yield "results", _results(*map(_json, _pair(recorded, again, "report.json")))


def _pair(recorded: Path, again: Path, name: str) -> Iterator[File]:
    """A file of both reports. The recorded one may be a stranger's: it cannot be much larger than what is made here."""
    own = read_file(again / name, _MOST_BYTES)
    yield recorded / name, read_file(recorded / name, 4 * len(own) + (16 << 20))
    yield again / name, own


def _frames(file: File) -> dict[tuple[str, str], Row]:
    """The rows of a frames.csv by pts and track."""
    (path, data), rows = file, {}
    try:
        for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
            rows[row["pts"], row["track"]] = row
            if len(rows) > len(data) // _ROW_BYTES:
                raise ValueError("its rows are too short")
        return rows
    except (ValueError, KeyError, csv.Error) as error:
        raise VerificationError(f"{path} cannot be read as the table of a report ({error}).") from error


def _pictures(first: dict[tuple[str, str], Row], second: dict[tuple[str, str], Row]) -> str:
    hashes = [{pts: row.get("frame_sha256") for (pts, _), row in rows.items()} for rows in (first, second)]
    same = sum(hashes[1].get(pts) == sha256 for pts, sha256 in hashes[0].items())
    most = max(map(len, hashes))
    return "" if same == most else f"{most - same} of {most} pictures differ"


def _moved(
    first: dict[tuple[str, str], Row], second: dict[tuple[str, str], Row], columns: tuple[str, ...], unit: str, one: str
) -> str:
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
    moved = {name: _furthest(*(report.get(name) for report in reports)) for name in _RESULTS}
    if not reports[0].get("key_frames"):  # a report for programs only has none
        del moved["key_frames"]
    conclusions = [str(report.get("summary", {}).get("conclusion")) for report in reports]
    if conclusions[0] != conclusions[1]:
        return f"the conclusion differs: “{conclusions[0]}”, now “{conclusions[1]}”"
    parts = [
        f"{name} differ by at most {by:.3g}" if math.isfinite(by) else f"{name} differ"
        for name, by in moved.items()
        if by
    ]
    return "; ".join(["the conclusion is the same", *parts]) if parts else ""


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
