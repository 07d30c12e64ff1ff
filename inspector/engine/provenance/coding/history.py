"""What the series of a clip amount to: groups of pictures, stretches that stand still, repeats and woven fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inspector.domain.arrays import Flags, Floats, PtsArray
from inspector.domain.clip import Clip
from inspector.domain.observations.coding import BRIGHTNESS, CHANGE, COMBING, SIZE, TYPE, CodingFact, CodingSeries
from inspector.engine.provenance.coding.recoding import Rhythm, earlier_rhythm, rhythm_measures, rhythm_text
from inspector.engine.provenance.coding.rules import Measure, facts_of, load_rules

_STILL_CHANGE, _REFRESHED, _STILL_SECONDS = 0.15, 1.0, 0.5  # grey levels; an I picture alone changes a little
_BLACK, _BLACK_SECONDS = 20.0, 0.2  # grey levels: video black is 16 in some files that say full range
_MOVES, _REPEATS = 0.5, 0.2  # grey levels of change around a repeat, and the share of it that a repeat has at most
_COMBED = 1.1
_CUT = 12.0  # grey levels: a change beyond which an I picture is one that the encoder set at a new scene
_MOST_SPANS = 1000
_FEWEST = 30  # frames below which nothing periodic is said
_PERIOD = "repeat period"
_CODED_AS_REPEATED = "frames that repeat in a rhythm are coded in that rhythm, too"


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of pictures: pts of their first pictures, how many pictures each has, and the usual length.

    `usual` is None where the lengths have no fixed value. The last group is as long as the clip lets it be.
    """

    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    usual: int | None


def groups_of(series: CodingSeries) -> Groups:
    """The groups of pictures by the I pictures."""
    rows = np.flatnonzero(series.values[TYPE] == 1)
    if not len(rows):
        return Groups((), (), None)
    lengths = np.diff(np.append(rows, len(series)))
    whole = lengths[:-1]
    usual = None
    if len(whole) >= 3:
        values, counts = np.unique(whole, return_counts=True)
        best = int(np.argmax(counts))
        # Where encoders also react to new scenes, the longest length is the fixed one.
        usual = int(values[best]) if counts[best] >= 0.6 * len(whole) else None
    return Groups(tuple(series.pts[rows].tolist()), tuple(lengths.tolist()), usual)


def group_positions(series: CodingSeries) -> Floats:
    """How many pictures each is behind the I picture before it, float64 (n,); NaN before the first."""
    rows = np.arange(len(series), dtype=np.float64)
    last = np.where(series.values[TYPE] == 1, rows, np.nan)
    filled = np.fmax.accumulate(last) if len(last) else last
    return np.asarray(rows - filled, np.float64)


def bit_rates(series: CodingSeries, clip: Clip) -> Floats:
    """The bit rate in the second around each frame, in kbit/s, float64 (n,); NaN where no size is known."""
    if not np.isfinite(series.values[SIZE]).any():
        return np.full(len(series), np.nan)
    seconds = (series.pts - clip.start_pts) * float(clip.time_base)
    sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(series.values[SIZE]))])
    low, high = np.searchsorted(seconds, seconds - 0.5), np.searchsorted(seconds, seconds + 0.5)
    step = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.04
    covered = (
        np.minimum(seconds + 0.5, seconds[-1] + step) - np.maximum(seconds - 0.5, 0.0) if len(seconds) else seconds
    )
    return np.asarray((sums[high] - sums[low]) * 8e-3 / np.maximum(covered, step), np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class CodingHistory:
    """What is known of how a clip is coded."""

    series: CodingSeries
    facts: tuple[CodingFact, ...]  # the observations by the rules
    problems: tuple[str, ...]  # a sentence for each file of rules that could not be used
    earlier: str  # what can be said of an earlier coding, as a phrase


def coding_history(series: CodingSeries, clip: Clip, others: Mapping[str, Measure] | None = None) -> CodingHistory:
    """Everything that is said of a series; `others` are measures that do not come from it."""
    rules, problems = load_rules()
    rhythm = earlier_rhythm(series, clip.codec)
    measures = measures_of(series, clip, rhythm)
    facts = facts_of({**measures, **(others or {})}, clip, rules)
    earlier = rhythm_text(_CODED_AS_REPEATED if _PERIOD in measures else rhythm)
    return CodingHistory(series, facts, problems, earlier)


def measures_of(series: CodingSeries, clip: Clip, rhythm: Rhythm | str) -> dict[str, Measure]:
    """Everything that a rule may be about; what was not found is missing."""
    if len(series) < 2:
        return {}
    seconds = (series.pts - clip.start_pts).astype(np.float64) * float(clip.time_base)
    repeats = _repeats(series)
    return {
        **_stretches(series, seconds),
        **_irregular(series),
        **repeats,
        **({} if clip.is_interlaced else _combing(series)),
        **({} if _PERIOD in repeats else rhythm_measures(rhythm, series)),
    }


def _stretches(series: CodingSeries, seconds: Floats) -> dict[str, Measure]:
    change, bright = series.values[CHANGE], series.values[BRIGHTNESS]
    still = change < _STILL_CHANGE
    still[1:-1] |= still[:-2] & still[2:] & (change[1:-1] < _REFRESHED)
    black = bright < _BLACK
    found = {}
    for name, flags, least in (
        ("frozen seconds", still & ~black, _STILL_SECONDS),
        ("black seconds", black, _BLACK_SECONDS),
    ):
        spans = [(a, b) for a, b in _runs(flags) if _length(seconds, a, b) >= least]
        if spans:
            total = sum(_length(seconds, a, b) for a, b in spans)
            found[name] = Measure(round(total, 2), _as_pts(series.pts, spans))
    return found


def _length(seconds: Floats, first: int, end: int) -> float:
    step = float(np.median(np.diff(seconds)))
    return float(seconds[end - 1] - seconds[first]) + step


def _as_pts(pts: PtsArray, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(pts[a]), int(pts[min(b, len(pts) - 1)])) for a, b in spans[:_MOST_SPANS])


def _runs(flags: Flags) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _irregular(series: CodingSeries) -> dict[str, Measure]:
    """Groups of a fixed length that end early, where the picture does not change."""
    groups = groups_of(series)
    if groups.usual is None:
        return {}
    starts = np.array(groups.starts, np.int64)
    short = np.array(groups.lengths[:-1]) < groups.usual
    rows = np.searchsorted(series.pts, starts[1:][short])
    quiet = rows[series.values[CHANGE][rows] < _CUT]
    spans = tuple((int(series.pts[row]), int(series.pts[row])) for row in quiet[:_MOST_SPANS])
    return {"irregular groups": Measure(float(len(quiet)), spans)} if len(quiet) else {}


def _repeats(series: CodingSeries) -> dict[str, Measure]:
    """Frames that repeat the one before them amid motion: their share, and their period if they have one."""
    change = series.values[CHANGE]
    if len(change) < _FEWEST:
        return {}
    padded = np.pad(np.nan_to_num(change, nan=0.0), 3, mode="edge")
    around = np.median(np.stack([padded[k : k + len(change)] for k in range(7)]), axis=0)
    moving = around >= _MOVES
    # Where every second frame repeats, the median itself may be that of a repeat.
    around = np.maximum(around, np.stack([padded[k : k + len(change)] for k in (2, 4)]).min(axis=0))
    moving |= around >= _MOVES
    repeats = moving & (change <= _REPEATS * around)
    if np.count_nonzero(moving) < _FEWEST:
        return {}
    share = 100.0 * np.count_nonzero(repeats) / np.count_nonzero(moving)
    rows = np.flatnonzero(repeats)
    gaps = np.diff(rows)
    if len(gaps) >= 5:
        values, counts = np.unique(gaps, return_counts=True)
        period = int(values[np.argmax(counts)])
        if counts.max() >= 0.7 * len(gaps) and period > 1:
            return {_PERIOD: Measure(float(period), _as_pts(series.pts, [(int(r), int(r)) for r in rows]))}
    spans = _as_pts(series.pts, [(int(row), int(row)) for row in rows])
    return {"repeated share": Measure(round(share, 1), spans)} if len(rows) else {}


def _combing(series: CodingSeries) -> dict[str, Measure]:
    """Frames with woven lines, and whether two of five have them."""
    change = series.values[CHANGE]
    moving = change >= _MOVES
    combed = moving & (series.values[COMBING] > _COMBED)
    if np.count_nonzero(moving) < _FEWEST or not combed.any():
        return {}
    share = 100.0 * np.count_nonzero(combed) / np.count_nonzero(moving)
    found = {"combed share": Measure(round(share, 1), _as_pts(series.pts, _runs(combed)))}
    phases = np.array([np.count_nonzero(combed[phase::5]) for phase in range(5)], np.float64)
    pair = max(phases[k] + phases[(k + 1) % 5] for k in range(5))
    if 25.0 <= share <= 55.0 and phases.sum() >= 10:
        found["telecine share"] = Measure(round(100.0 * pair / phases.sum(), 1))
        if found["telecine share"].value >= 80.0:
            del found["combed share"]
    return found
