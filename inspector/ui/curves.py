"""What of a long curve is drawn: breaks where it must not be joined, fewer points where pixels are few. Pure numpy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LONGEST_JOIN_SECONDS = 0.5


def with_breaks(seconds: Floats, values: Floats, longest: float = LONGEST_JOIN_SECONDS) -> tuple[Floats, Floats]:
    """Insert a NaN where neighbours lie further apart than `longest` seconds; float64 (n,) in, (m,) out."""
    holes = np.flatnonzero(np.diff(seconds) > longest) + 1
    if not len(holes):
        return seconds, values
    middles = (seconds[holes - 1] + seconds[holes]) / 2
    return np.insert(seconds, holes, middles), np.insert(values, holes, np.nan)


def visible_part(seconds: Floats, values: Floats, start: float, end: float, columns: int) -> tuple[Floats, Floats]:
    """The points of [start, end] with one neighbour each side; lowest and highest per column where they crowd."""
    first = max(int(np.searchsorted(seconds, start)) - 1, 0)
    last = min(int(np.searchsorted(seconds, end, side="right")) + 1, len(seconds))
    x, y = seconds[first:last], values[first:last]
    per_column = len(x) // max(columns, 1)
    if per_column < 3:
        return x, y
    used = len(x) // per_column * per_column
    grid = y[:used].reshape(-1, per_column)
    known = np.isfinite(grid)
    empty = ~known.any(axis=1)
    low = np.where(known, grid, np.inf).min(axis=1)
    high = np.where(known, grid, -np.inf).max(axis=1)
    low[empty] = high[empty] = np.nan
    at = x[:used].reshape(-1, per_column)
    thin_x = np.stack([at[:, 0], at[:, per_column // 2]], axis=1).ravel()
    thin_y = np.stack([low, high], axis=1).ravel()
    return np.concatenate([thin_x, x[used:]]), np.concatenate([thin_y, y[used:]])
