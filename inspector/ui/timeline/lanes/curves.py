"""Long curves at every zoom: a pyramid of extremes that gives each pixel column its lowest and highest value.

Only numpy. The cost of drawing depends on the number of pixel columns, not on the length of the clip.
"""

from __future__ import annotations

import numpy as np

from inspector.domain.arrays import Flags, Floats, PtsArray
from inspector.domain.clip import Clip

LONGEST_JOIN_SECONDS = 0.5
_FOLD = 4
_SMALLEST = 256  # a level with no more blocks than this is not folded further
_BLOCKS_PER_COLUMN = 2  # at least, so that a block extends at most half a column too far


class Pyramid:
    """Points float64 (n,) at ascending seconds, and the lowest and highest value of each 4, 16, 64 ... of them.

    NaN means no value. Appending points, or changing the last ones, costs only as much as those points.
    """

    def __init__(self) -> None:
        self.seconds: Floats = np.empty(0)
        self.values: Floats = np.empty(0)
        self._levels: list[tuple[Floats, Floats]] = []

    def __len__(self) -> int:
        return len(self.seconds)

    def update(self, seconds: Floats, values: Floats, first: int = 0) -> None:
        """Replace all points; those before row `first` must be the same as before."""
        self.seconds, self.values = seconds, values
        low = high = values
        levels: list[tuple[Floats, Floats]] = []
        while len(low) > _SMALLEST:
            kept = min(first // _FOLD, len(self._levels[len(levels)][0]) if len(levels) < len(self._levels) else 0)
            before = self._levels[len(levels)] if kept else (low[:0], high[:0])
            low = np.concatenate([before[0][:kept], _folded(low[kept * _FOLD :], np.fmin)])
            high = np.concatenate([before[1][:kept], _folded(high[kept * _FOLD :], np.fmax)])
            levels.append((low, high))
            first = kept
        self._levels = levels

    def rows(self, start: float, end: float) -> tuple[int, int]:
        """Rows [first, last) within [start, end], with one neighbour on each side."""
        first = max(int(np.searchsorted(self.seconds, start)) - 1, 0)
        last = min(int(np.searchsorted(self.seconds, end, side="right")) + 1, len(self.seconds))
        return first, max(last, first)

    def is_crowded(self, start: float, end: float, columns: int) -> bool:
        """Whether [start, end] has more points than `columns` can show one by one."""
        first, last = self.rows(start, end)
        return last - first > max(columns, 1)

    def points(self, start: float, end: float) -> tuple[Floats, Floats]:
        """The points within [start, end], with one neighbour on each side; a NaN separates points not to be joined."""
        first, last = self.rows(start, end)
        return with_breaks(self.seconds[first:last], self.values[first:last])

    def columns(self, start: float, end: float, count: int) -> tuple[Floats, Floats]:
        """Lowest and highest value, float64 (count,), of each of `count` equal parts of [start, end], or NaN."""
        lowest, highest = np.full(count, np.nan), np.full(count, np.nan)
        first = int(np.searchsorted(self.seconds, start))
        last = int(np.searchsorted(self.seconds, end, side="left"))
        if first >= last:
            return lowest, highest
        level, size = 0, 1
        while level < len(self._levels) and (last - first) // (size * _FOLD) >= _BLOCKS_PER_COLUMN * count:
            level, size = level + 1, size * _FOLD
        low, high = self._levels[level - 1] if level else (self.values, self.values)
        blocks = np.arange(first // size, (last - 1) // size + 1)
        at = (self.seconds[blocks * size] - start) * (count / (end - start))
        column = np.clip(at.astype(np.intp), 0, count - 1)
        firsts = np.flatnonzero(np.diff(column, prepend=-1))
        lowest[column[firsts]] = np.fmin.reduceat(low[blocks], firsts)
        highest[column[firsts]] = np.fmax.reduceat(high[blocks], firsts)
        return lowest, highest


def clip_seconds(clip: Clip, pts: PtsArray) -> Floats:
    """Seconds since the clip's first picture, float64 (n,), of presentation timestamps int64 (n,)."""
    return np.asarray((pts - clip.start_pts).astype(np.float64) * float(clip.time_base))


def _folded(values: Floats, function: np.ufunc) -> Floats:
    padding = -len(values) % _FOLD
    padded = np.concatenate([values, np.full(padding, np.nan)]) if padding else values
    return np.asarray(function.reduce(padded.reshape(-1, _FOLD), axis=1))


def with_breaks(seconds: Floats, values: Floats, longest: float = LONGEST_JOIN_SECONDS) -> tuple[Floats, Floats]:
    """Insert a NaN between neighbours more than `longest` seconds apart; float64 (n,) in, (m,) out."""
    holes = np.flatnonzero(np.diff(seconds) > longest) + 1
    if not len(holes):
        return seconds, values
    middles = (seconds[holes - 1] + seconds[holes]) / 2
    return np.insert(seconds, holes, middles), np.insert(values, holes, np.nan)


def joined(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Extend each column to its left neighbour's range, so that a steep curve has no holes; all float64 (n,)."""
    before_low = np.concatenate(([np.nan], low[:-1]))
    before_high = np.concatenate(([np.nan], high[:-1]))
    known = np.isfinite(low)
    return (
        np.where(known, np.fmin(low, before_high), np.nan),
        np.where(known, np.fmax(high, before_low), np.nan),
    )


def runs(known: Flags) -> list[tuple[int, int]]:
    """Runs [first, last) of True in bool (n,)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False]))))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def covered_columns(starts: Floats, ends: Floats, left: float, per_column: float, count: int) -> Flags:
    """Which of `count` columns, beginning at `left`, overlap any of the ranges [start, end): bool (count,)."""
    first = np.clip(np.floor((starts - left) / per_column), 0, count).astype(np.intp)
    last = np.clip(np.ceil((ends - left) / per_column), 0, count).astype(np.intp)
    last = np.maximum(last, np.minimum(first + 1, count))
    change = np.bincount(first, minlength=count + 1) - np.bincount(last, minlength=count + 1)
    return np.asarray(np.cumsum(change)[:count] > 0)


def spread(seconds: Floats, values: Floats, width: float) -> Floats:
    """Standard deviation of the values within width / 2 seconds of each: float64 (n,).

    `seconds` ascend, and no value is NaN.
    """
    if len(values) == 0 or width <= 0:
        return np.zeros(len(values))
    sums = np.concatenate(([0.0], np.cumsum(values)))
    squares = np.concatenate(([0.0], np.cumsum(values * values)))
    first = np.searchsorted(seconds, seconds - width / 2 - 1e-9, side="left")
    last = np.searchsorted(seconds, seconds + width / 2 + 1e-9, side="right")
    mean = (sums[last] - sums[first]) / (last - first)
    return np.asarray(np.sqrt(np.maximum((squares[last] - squares[first]) / (last - first) - mean * mean, 0.0)))
