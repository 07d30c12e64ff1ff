"""A track's curves as its lane draws them, computed in slices so that hours of scores do not block the window."""

from __future__ import annotations

import numpy as np

from inspector.domain.clip import Clip
from inspector.engine.analysis.segments import smooth
from inspector.ui.series import TrackSeries
from inspector.ui.timeline.lanes.curves import Pyramid, clip_seconds, spread

SLICE = 1 << 15  # rows, which take a few milliseconds


class TrackCurves:
    """The scores (`raw`), their moving mean (`smoothed`), and the mean minus (`below`) and plus (`above`) one σ.

    All four hold the first `rows` rows of the series.
    """

    def __init__(self, series: TrackSeries | None = None, smoothing: float = 0.0) -> None:
        self.raw, self.smoothed, self.below, self.above = Pyramid(), Pyramid(), Pyramid(), Pyramid()
        self.rows = 0
        self._series, self._smoothing = series, smoothing

    def are_of(self, series: TrackSeries, smoothing: float) -> bool:
        """Whether these are the curves of this series, smoothed over this many seconds."""
        return series is self._series and smoothing == self._smoothing

    def mean_and_spread(self, series: TrackSeries, row: int) -> tuple[float, float] | None:
        """The moving mean and its spread at a row of the series; None where they are not computed yet."""
        if series is not self._series or row >= self.rows:
            return None
        mean = float(self.smoothed.values[row])
        return mean, max(float(self.above.values[row]) - mean, mean - float(self.below.values[row]))

    def grow(self, clip: Clip) -> bool:
        """Add the next rows, at most SLICE of them; returns whether all rows are now included."""
        assert self._series is not None, "there is no series to take rows from"
        rows = min(self.rows + SLICE, len(self._series))
        if rows > self.rows:
            self._grow_to(rows, self._series, clip)
        return self.rows == len(self._series)

    def _grow_to(self, rows: int, series: TrackSeries, clip: Clip) -> None:
        """Add rows. The last of the previous rows are smoothed again, because rows that follow them now count too."""
        pts, values = series.pts[:rows], series.probability[:rows].copy()
        seconds = clip_seconds(clip, pts)
        changed = needed = 0
        if self.rows:
            reach = float(seconds[self.rows - 1])
            changed = int(np.searchsorted(seconds, reach - self._smoothing / 2 - 1e-6))
            needed = int(np.searchsorted(seconds, reach - self._smoothing - 1e-6))
        known = np.isfinite(values[needed:])
        at, scores = seconds[needed:][known], values[needed:][known]
        mean, sigma = np.full((2, rows - needed), np.nan)
        mean[known], sigma[known] = smooth(at, scores, self._smoothing), spread(at, scores, self._smoothing)
        self.raw.update(seconds, values, self.rows)
        for pyramid, column in (
            (self.smoothed, mean),
            (self.below, np.maximum(mean - sigma, 0.0)),
            (self.above, np.minimum(mean + sigma, 1.0)),
        ):
            tail = column[changed - needed :]
            pyramid.update(seconds, np.concatenate([pyramid.values[:changed], tail]), changed)
        self.rows = rows
