"""How much each picture looks like one at which an earlier coding began anew: the traces of its I pictures, weighed.

Where the first coding had an I picture, its noise does not continue that of the picture before. The second coding then
needs more bytes, predicts less of it from before and more from behind, and areas that stand still change a little
(Vazquez-Padin et al. 2012). The weights are learnt: resources/earlier_coding.toml says how.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from inspector.domain.arrays import Flags, Floats, Indices
from inspector.domain.observations.coding import (
    FUTURE,
    INTRA,
    MEDIAN,
    PAST,
    QUIET,
    SERIES,
    SIZE,
    TYPE,
    UNCHANGED,
    CodingSeries,
)
from inspector.engine.resources import resource

WEIGHTS = "earlier_coding.toml"
TRACES: dict[int, Callable[[Floats], Floats]] = {
    SIZE: lambda size: np.asarray(np.log(np.maximum(size, 1.0)), np.float64),
    INTRA: lambda share: np.asarray(np.sqrt(np.maximum(share, 0.0)), np.float64),
    PAST: np.asarray,
    FUTURE: np.asarray,
    UNCHANGED: np.asarray,
    QUIET: lambda change: np.asarray(np.log(np.maximum(change, 0.0) + 0.05), np.float64),
    MEDIAN: lambda change: np.asarray(np.log(np.maximum(change, 0.0) + 0.05), np.float64),
}
"""The series that are used, each on the scale on which its noise is even."""

FEWEST_COMPARED = 50  # pictures
_WINDOW = 11  # pictures of the same class around each one that are its usual surroundings
_FEWEST_ALIKE = 5
_MOST_DEVIATIONS = 5.0
_I, _B = 1, 3


@dataclass(frozen=True, slots=True)
class Beats:
    """The pictures that are compared, which are no I pictures: `rows` (n,), `places` in their groups, `values`.

    `values` say how much each looks like the beginning of an earlier group, float64 (n,) of mean 0 and deviation 1.
    """

    rows: Indices
    places: Indices
    values: Floats


def beats_of(series: CodingSeries) -> Beats | None:
    """What is compared; None where it is too little."""
    traces, is_b, is_compared = traces_of(series)
    rows = np.flatnonzero(is_compared)
    if len(rows) < FEWEST_COMPARED:
        return None
    references, between = weights()
    values = np.where(is_b, traces @ between, traces @ references)
    for chosen in (is_compared & is_b, is_compared & ~is_b):
        if chosen.any():
            values[chosen] -= values[chosen].mean()
    deviation = float(values[rows].std())
    if deviation < 1e-9:
        return None
    own = np.flatnonzero(series.values[TYPE] == _I)
    starts = np.concatenate([[0], own])
    places = rows - starts[np.searchsorted(own, rows, side="right")]
    return Beats(rows, places, values[rows] / deviation)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resource(WEIGHTS).read_text(encoding="utf-8"))


@cache
def weights() -> tuple[Floats, Floats]:
    """The weights of `traces_of` for P pictures and for B pictures, float64 (2 * traces,) each."""
    table = _table()
    names = [SERIES[row][0] for row in TRACES]
    references = [table["p"][name] for name in names] + [0.0] * len(names)
    between = [table["b"][name] for name in names] + [table["reference after b"][name] for name in names]
    return np.array(references, np.float64), np.array(between, np.float64)


def usual_lengths() -> tuple[int, ...]:
    """The lengths of groups that encoders use, in pictures."""
    return tuple(_table()["usual_lengths"])


def traces_of(series: CodingSeries) -> tuple[Floats, Flags, Flags]:
    """What is weighed, float64 (n, 2 * traces); which pictures are B pictures, and which can be compared: bool (n,).

    Each trace in robust standard deviations from those of its kind and of its surroundings; 0 where it was not
    measured. Behind those of the picture itself stand, for a B picture, those of the next reference.
    """
    types = series.values[TYPE]
    is_b, is_own = types == _B, types == _I
    kinds, after = _kinds(is_b, is_own)
    found, is_compared = np.zeros((len(TRACES), len(types))), np.zeros(len(types), np.bool_)
    for chosen in (is_b, ~is_b & ~is_own):
        rows = np.flatnonzero(chosen & (kinds >= 0))
        names, counts = np.unique(kinds[rows], return_counts=True)
        rows = rows[np.isin(kinds[rows], names[counts >= _FEWEST_ALIKE])]
        if len(rows) <= _WINDOW:
            continue
        is_compared[rows] = True
        for at, (row, scale) in enumerate(TRACES.items()):
            column = series.values[row][rows]
            if np.isfinite(column).all() and np.ptp(column) > 0:
                found[at, rows] = _standardised(scale(column), kinds[rows])
    return np.concatenate([found, np.where(is_b, found[:, after], 0.0)]).T, is_b, is_compared


def _kinds(is_b: Flags, is_own: Flags) -> tuple[Indices, Indices]:
    """The kind of each picture, -1 for none, and the row of the reference at or behind it: (n,) each.

    Pictures differ by the distance to the references around them, and beside the clip's own I pictures.
    """
    rows = np.arange(len(is_b))
    references = np.flatnonzero(~is_b)
    if not len(references):
        return np.full(len(rows), -1), rows
    at = np.searchsorted(references, rows)
    before = np.where(at > 0, references[np.maximum(at - 1, 0)], -1)
    after = references[np.minimum(at, len(references) - 1)]
    behind = references[np.minimum(np.searchsorted(references, rows, side="right"), len(references) - 1)]
    steps = (rows - before) * 1000 + np.maximum(after - rows, 0)
    kinds = steps * 4 + is_own[np.maximum(before, 0)] + 2 * is_own[behind]
    is_outside = (before < 0) | (rows > references[-1])
    return np.where(is_outside, -1, kinds), after


def _standardised(values: Floats, kinds: Indices) -> Floats:
    """Values against those of their kind and of their surroundings, in robust standard deviations, (n,)."""
    level = values.copy()
    for kind in np.unique(kinds):
        level[kinds == kind] -= np.median(level[kinds == kind])
    half = _WINDOW // 2
    around = np.lib.stride_tricks.sliding_window_view(np.pad(level, half, mode="reflect"), _WINDOW)
    level = level - np.median(around, axis=1)
    spread = max(1.4826 * float(np.median(np.abs(level))), 0.5 * float(level.std()), 1e-9)
    return np.asarray(np.clip(level / spread, -_MOST_DEVIATIONS, _MOST_DEVIATIONS), np.float64)
