"""Signs that a video was coded before, with other groups of pictures: a rhythm that its own groups do not explain.

Where the first coding had an I picture, the second finds another kind of noise than in the pictures around it: more
bytes are needed, fewer blocks are copied (the variation of prediction footprints of Vazquez-Padin et al., 2012). Such
peaks come back at the length of the first coding's groups. Only numpy; a two-hour clip takes about a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.domain.arrays import Floats
from inspector.domain.observations.coding import CHANGE, SIZE, TYPE, UNCHANGED, CodingSeries

_FEWEST = 60  # frames
_LONGEST, _FEWEST_PEAKS = 300, 4  # frames of a group of the first coding, and how many of them the clip must hold
_CLIPPED = 4.0  # standard deviations: one new scene must not look like a rhythm
_AROUND = 4  # frames on each side, of the same type, that a frame is compared with


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The strongest rhythm: its period and phase in frames, and how far it stands out, in standard deviations."""

    period: int
    phase: int
    score: float


def peaks(series: CodingSeries) -> Floats:
    """How much each frame looks like a former I picture, float64 (n,), NaN where nothing can be said."""
    types = series.values[TYPE]
    parts = [
        np.log(np.maximum(series.values[SIZE], 1.0)),
        np.log(101.0 - series.values[UNCHANGED]),
        np.log(series.values[CHANGE] + 0.05),
    ]
    total = np.zeros(len(series))
    for part in parts:
        total += np.nan_to_num(_standing_out(part, types))
    total[(types == 1) | ~np.isfinite(series.values[SIZE])] = np.nan
    return total / len(parts)


def _standing_out(values: Floats, types: Floats) -> Floats:
    """Each value less the median of its neighbours of the same type, in units of the usual difference."""
    found = np.full(len(values), np.nan)
    for kind in (2.0, 3.0, 0.0):
        rows = np.flatnonzero((types == kind) & np.isfinite(values))
        if len(rows) < 2 * _AROUND + 1:
            continue
        own = values[rows]
        padded = np.pad(own, _AROUND, mode="reflect")
        around = np.stack([padded[k : k + len(own)] for k in range(2 * _AROUND + 1) if k != _AROUND])
        rest = own - np.median(around, axis=0)
        spread = 1.4826 * float(np.median(np.abs(rest - np.median(rest)))) + 1e-3
        found[rows] = np.clip(rest / spread, -_CLIPPED, _CLIPPED)
    return found


def strongest_rhythm(series: CodingSeries) -> Rhythm | None:
    """The period at which frames stand out most; None for a clip that is too short or whose sizes are not known."""
    found = peaks(series)
    if np.count_nonzero(np.isfinite(found)) < _FEWEST:
        return None
    found = _without_own(found, series.values[TYPE])
    best = Rhythm(0, 0, -np.inf)
    for period in range(3, min(len(found) // _FEWEST_PEAKS, _LONGEST) + 1):
        scores = _scores(found, period)
        phase = int(np.argmax(scores))
        if scores[phase] > best.score:
            best = Rhythm(period, phase, float(scores[phase]))
    return best


def _scores(values: Floats, period: int) -> Floats:
    """How far the mean at each phase of a period is above the mean of all, in standard errors."""
    known = np.isfinite(values)
    phases = np.arange(len(values)) % period
    counts = np.bincount(phases[known], minlength=period)
    sums = np.bincount(phases[known], weights=values[known], minlength=period)
    mean, spread = float(values[known].mean()), float(values[known].std()) + 1e-9
    scores = (sums / np.maximum(counts, 1) - mean) * np.sqrt(counts) / spread
    scores[counts < _FEWEST_PEAKS] = -np.inf
    return np.asarray(scores, np.float64)


def _without_own(values: Floats, types: Floats) -> Floats:
    """The values without what depends on the place in the clip's own groups, where these are regular."""
    keys = np.flatnonzero(types == 1)
    lengths = np.diff(keys)
    if len(lengths) < 3:
        return values
    usual = int(np.bincount(lengths).argmax())
    if np.count_nonzero(lengths == usual) < 0.6 * len(lengths):
        return values
    rows = np.arange(len(values))
    place = rows - keys[np.maximum(np.searchsorted(keys, rows, side="right") - 1, 0)]
    cleaned = values.copy()
    for at in range(usual):
        own = (place == at) & np.isfinite(values)
        if np.count_nonzero(own) >= 3:
            cleaned[own] -= np.median(values[own])
    return cleaned
