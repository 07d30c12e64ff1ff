"""The coding history in report.json and coding.csv: every value in the table, a summary and the facts in JSON."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from inspector.domain.clip import Clip
from inspector.domain.observations.coding import SERIES, TYPE, TYPES, CodingSeries, FrameHash
from inspector.engine.provenance.coding.history import CodingHistory, bit_rates, group_positions, groups_of
from inspector.engine.spreadsheet import SheetWriter

FILE = "coding.csv"
_HASHES_APART = 0.999  # seconds: five in a second are stored, which a reader does not need


def write_coding(series: CodingSeries, clip: Clip, path: Path) -> None:
    """Write coding.csv: a row per decoded frame, a column per series with its unit. Raises OSError."""
    columns = [f"{name} ({unit})" if unit and name != SERIES[TYPE][0] else name for name, unit in SERIES]
    position, rate = group_positions(series), bit_rates(series, clip)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = SheetWriter(file)
        writer.writerow(["pts", "seconds", *columns, "pictures since the I picture", "bit rate (kbit/s)"])
        for row, pts in enumerate(series.pts.tolist()):
            cells = [_cell(value) for value in series.values[:, row].tolist()]
            cells[TYPE] = type_name(series.values[TYPE, row])
            writer.writerow([pts, f"{clip.seconds(pts):.6f}", *cells, _cell(position[row]), _cell(rate[row])])


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}" if value % 1 else f"{value:.0f}"


def type_name(value: float) -> str:
    """The letter of a stored picture type, "" where it is not known."""
    return TYPES[int(value)] if 0 <= value < len(TYPES) else ""


def coding_json(history: CodingHistory, clip: Clip) -> dict[str, Any] | None:
    """The summary of the coding history; None where there is none."""
    series = history.series
    if not len(series):
        return None
    groups, rate = groups_of(series), bit_rates(series, clip)
    types = [type_name(value) for value in series.values[TYPE].tolist()]
    return {
        "frames": len(series),
        "picture_types": {name: types.count(name) for name in TYPES if name in types and name},
        "groups": {
            "count": len(groups.lengths),
            "usual_length": groups.usual,
            "shortest": min(groups.lengths, default=None),
            "longest": max(groups.lengths, default=None),
        },
        "series": [
            _summary(name, unit, series.values[at]) for at, (name, unit) in enumerate(SERIES) if at != TYPE
        ] + [_summary("bit rate", "kbit/s", rate)],
        "earlier_coding": history.earlier,
        "facts": [
            {
                "rule": fact.rule,
                "sentence": fact.sentence,
                "causes": fact.causes,
                "source": fact.source,
                "places": [
                    {"start_pts": a, "end_pts": b, "start_seconds": clip.seconds(a), "end_seconds": clip.seconds(b)}
                    for a, b in fact.spans
                ],
            }
            for fact in history.facts
        ],
        "problems": list(history.problems),
    }  # fmt: skip


def hashes_json(hashes: tuple[FrameHash, ...], clip: Clip) -> list[dict[str, Any]]:
    """The perceptual hashes of frames at least a second apart, as 16 hexadecimal digits."""
    found: list[dict[str, Any]] = []
    for each in hashes:
        seconds = clip.seconds(each.pts)
        if not found or seconds >= found[-1]["seconds"] + _HASHES_APART:
            found.append({"pts": each.pts, "seconds": seconds, "phash": f"{each.value:016x}"})
    return found


def _summary(name: str, unit: str, values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    known = values[np.isfinite(values)]
    lowest, median, highest = (float(v) for v in np.percentile(known, (0, 50, 100))) if len(known) else (None,) * 3
    return {"name": name, "unit": unit, "measured": len(known), "lowest": lowest, "median": median, "highest": highest}
