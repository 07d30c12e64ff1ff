"""Whether a clip was coded before with groups of another length, by the rhythm that their I pictures leave.

Where the first coding had an I picture, its noise does not continue that of the picture before. The second coding then
needs more bytes and predicts less, every so many pictures (Vazquez-Padin et al. 2012; Li et al. 2023). The second
coding's own I pictures, and the B pictures between two references, follow a rhythm of their own, which is taken out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from inspector.domain.arrays import Flags, Floats, Indices
from inspector.domain.observations.coding import INTRA, SIZE, TYPE, CodingSeries
from inspector.engine.provenance.coding.rules import Measure

RHYTHM = "earlier rhythm"
CODECS = {"h264", "hevc", "mpeg4"}  # as the second coding; only for these it was measured
LEAST_PICTURES = 300
# The strongest rhythm of one in twenty series of noise has fewer; docs/method.md has the error rates.
MOST_FALSE_ALARMS = 0.1
_SHORTEST, _LONGEST = 8, 300  # pictures in a group
_FEWEST, _FEWEST_REFERENCES = 5, 25  # times that a rhythm must be seen, and I and P pictures that are compared
_WINDOW = 11  # I and P pictures around each one that are its usual surroundings
_MOST_SHORT_RHYTHMS = 3
_I, _B = 1, 3


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The strongest rhythm: pictures between two beats, how far it exceeds chance, and the rows of the beats.

    `score` is in standard deviations of the sum of as many pictures chosen at random. `false_alarms` is how many of all
    lengths and beginnings that were tried would reach it by chance in a clip without a rhythm, if they were independent
    (the "number of false alarms" of a contrario methods).
    """

    period: int
    score: float
    rows: tuple[int, ...]
    false_alarms: float

    @property
    def is_found(self) -> bool:
        """Whether it is too strong for chance."""
        return self.period >= _SHORTEST and self.false_alarms < MOST_FALSE_ALARMS


@dataclass(frozen=True, slots=True)
class _References:
    """The I and P pictures that are compared: `rows` (n,), the rows `before` each, its `places` in its group, values.

    `values` are the scores of their ranks, float64 (n,): normally distributed, of mean 0 and deviation 1.
    """

    rows: Indices
    before: Indices
    places: Indices
    values: Floats
    groups: int


def earlier_rhythm(series: CodingSeries, codec: str) -> Rhythm | str:
    """The strongest rhythm that the clip's own groups do not explain, or the reason why it cannot be told."""
    if codec not in CODECS:
        return "this is measured for H.264, H.265 and MPEG-4 only"
    if len(series) < LEAST_PICTURES:
        return f"it takes at least {LEAST_PICTURES} pictures"
    found = _references(series)
    if found is None:
        return "too few of its pictures are coded in the same way"
    values = found.values
    for _ in range(_MOST_SHORT_RHYTHMS):
        best = _strongest(found, values, len(series))
        if best is None or best.period >= _SHORTEST or best.false_alarms >= MOST_FALSE_ALARMS:
            break
        values = _without(found, values, best.period)  # that of B pictures in the first coding, or of layers
    if best is None or best.period < _SHORTEST:
        return "a rhythm of a few pictures covers all others"
    return best


def rhythm_measures(found: Rhythm | str, series: CodingSeries) -> dict[str, Measure]:
    """The period in pictures where the rhythm of a series exceeds chance."""
    if isinstance(found, str) or not found.is_found:
        return {}
    spans = tuple((int(pts), int(pts)) for pts in series.pts[list(found.rows)])
    return {RHYTHM: Measure(float(found.period), spans)}


def rhythm_text(found: Rhythm | str) -> str:
    """What can be said of an earlier coding, as a phrase."""
    if isinstance(found, str):
        return f"cannot be told: {found}"
    if not found.is_found:
        return "no rhythm of one was found; many leave none, above all where this coding is the poorer one"
    alarms = f"{found.false_alarms:.0e}" if found.false_alarms < 0.001 else f"{found.false_alarms:.2g}"
    return f"a rhythm of {found.period} pictures, {len(found.rows)} times; number of false alarms {alarms}"


def _references(series: CodingSeries) -> _References | None:
    """What is compared; None where it is too little."""
    types = series.values[TYPE]
    rows = np.flatnonzero(types != _B)
    is_own = types[rows] == _I
    before = np.concatenate([[-1], rows[:-1]])
    # References differ by the pictures between them, and beside the clip's own I pictures: each kind by itself.
    kinds = (rows - before) * 4
    kinds[1:] += is_own[:-1]
    kinds[:-1] += 2 * is_own[1:]
    kept = np.flatnonzero(~is_own)
    kept = kept[kept > 0]
    names, counts = np.unique(kinds[kept], return_counts=True)
    common = names[counts >= 5]
    kept = kept[np.isin(kinds[kept], common)]
    if len(kept) < _FEWEST_REFERENCES:
        return None
    parts = []
    for series_row, scale in ((SIZE, np.log), (INTRA, np.sqrt)):
        column = series.values[series_row][rows[kept]]
        if np.isfinite(column).all() and (column >= 0).all() and np.ptp(column) > 0:
            parts.append(_standardised(scale(np.maximum(column, 1e-3)), kinds[kept]))
    if not parts:
        return None
    own = rows[is_own]
    starts = np.concatenate([[0], own])
    places = rows[kept] - starts[np.searchsorted(own, rows[kept], side="right")]
    values = _rank_scores(np.mean(parts, axis=0))
    return _References(rows[kept], before[kept], places, values, len(own))


def _standardised(values: Floats, kinds: Indices) -> Floats:
    """Values against those of their kind and of their surroundings, in robust standard deviations, (n,)."""
    level = values.copy()
    for kind in np.unique(kinds):
        level[kinds == kind] -= np.median(level[kinds == kind])
    half = _WINDOW // 2
    around = np.lib.stride_tricks.sliding_window_view(np.pad(level, half, mode="reflect"), _WINDOW)
    level = level - np.median(around, axis=1)
    spread = max(1.4826 * float(np.median(np.abs(level))), 0.5 * float(level.std()), 1e-9)
    return np.asarray(np.clip(level / spread, -8.0, 8.0), np.float64)


def _rank_scores(values: Floats) -> Floats:
    """Normal scores of the ranks (van der Waerden), which no single picture can dominate."""
    from scipy.special import ndtri  # only where a clip is long enough

    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - 0.5 * (counts - 1))[place]  # equal values share the mean of their ranks
    scores = ndtri((ranks - 0.375) / (len(values) + 0.25))
    return np.asarray((scores - scores.mean()) / scores.std(), np.float64)


def _strongest(found: _References, values: Floats, pictures: int) -> Rhythm | None:
    """The period and phase whose pictures stand out most; a beat counts for the first reference at or behind it."""
    spans = found.rows - found.before
    covering = np.repeat(np.arange(len(spans)), spans)
    offsets = np.arange(len(covering)) - np.repeat(np.cumsum(spans) - spans, spans)
    covered = found.before[covering] + 1 + offsets
    weights, total = values[covering], len(values)
    best: Rhythm | None = None
    longest = min(pictures // _FEWEST, _LONGEST)
    tried = longest * (longest + 1) // 2
    for period in range(2, longest + 1):
        phases = covered % period
        counts = np.bincount(phases, minlength=period)
        sums = np.bincount(phases, weights, minlength=period)
        usable = (counts >= _FEWEST) & (counts < 0.5 * total)
        deviations = np.sqrt(counts * np.maximum(total - counts, 1) / (total - 1))
        scores = np.where(usable, sums / np.maximum(deviations, 1e-9), -np.inf)
        for phase in np.argsort(-scores)[:3].tolist():
            if not usable[phase] or (best is not None and scores[phase] <= best.score):
                break
            beats = covering[phases == phase]
            score = min(float(scores[phase]), _against_own_groups(found, values, beats))
            if best is None or score > best.score:
                alarms = tried * 0.5 * math.erfc(score / math.sqrt(2))
                best = Rhythm(period, score, tuple(found.rows[beats].tolist()), alarms)
    return best


def _against_own_groups(found: _References, values: Floats, beats: Indices) -> float:
    """How far the beats exceed others at the same place in the clip's own groups, where it is one place only.

    What is so in each group tells nothing of an earlier coding; -inf where there are too few others.
    """
    place = found.places[beats[0]]
    if found.groups < 3 or (found.places[beats] != place).any():
        return float("inf")
    is_other = found.places == place
    is_other[beats] = False
    others = int(np.count_nonzero(is_other))
    if others < len(beats):
        return -float("inf")
    difference = float(values[beats].mean() - values[is_other].mean())
    return difference / float(np.sqrt(1 / len(beats) + 1 / others))


def _without(found: _References, values: Floats, period: int) -> Floats:
    """The values without the rhythm of a period: each phase around its own median."""
    left = values.copy()
    for phase in range(period):
        same: Flags = found.rows % period == phase
        if np.count_nonzero(same) >= _FEWEST:
            left[same] -= np.median(left[same])
    return _rank_scores(left)
