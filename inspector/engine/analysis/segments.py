"""A track's scored frames as a series, the segments in it, and the form of a conclusion about it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from inspector.domain.analysis import Conclusion
from inspector.domain.arrays import Floats, PtsArray
from inspector.domain.model_card import Platt
from inspector.domain.scores import Segment
from inspector.engine.model.calibration import probability

_LONGEST_HOLE_SECONDS = 0.5  # scored frames further apart than this do not belong to one segment


def smooth(seconds: Floats, values: Floats, width: float) -> Floats:
    """Centred mean of `values` float64 (n,) over all samples within width / 2 seconds; `seconds` ascend."""
    if len(values) == 0 or width <= 0:
        return np.array(values, dtype=np.float64)
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    # The margin keeps samples on the edge inside in spite of rounding.
    first = np.searchsorted(seconds, seconds - width / 2 - 1e-9, side="left")
    last = np.searchsorted(seconds, seconds + width / 2 + 1e-9, side="right")
    return np.asarray((sums[last] - sums[first]) / (last - first))


@dataclass(frozen=True, slots=True, eq=False)
class TrackSeries:
    """The scored frames of a track in pts order; frames with an abstention are not in it.

    pts int64 (n,) in `time_base` ticks; seconds, logits and frame probabilities float64 (n,).
    """

    track_id: int
    pts: PtsArray
    seconds: Floats
    logits: Floats
    probabilities: Floats
    time_base: Fraction  # seconds per tick
    frame_ticks: int  # duration of the last frame

    @classmethod
    def from_logits(
        cls, track_id: int, pts: PtsArray, logits: Floats, frame_map: Platt, time_base: Fraction, frame_ticks: int
    ) -> TrackSeries:
        """A series whose seconds count from pts 0 and whose frame probabilities follow from the card's frame map."""
        seconds = np.asarray(pts * float(time_base), dtype=np.float64)
        return cls(track_id, pts, seconds, logits, probability(logits, frame_map), time_base, frame_ticks)

    def length(self, segment: Segment) -> float:
        """A segment's duration in seconds."""
        return float((segment.end_pts - segment.start_pts) * self.time_base)


def _runs(series: TrackSeries, smoothed: Floats, threshold: float) -> list[tuple[int, int]]:
    """Index ranges [first, last] of neighbouring frames whose smoothed probability reaches the threshold."""
    over = np.flatnonzero(smoothed >= threshold)
    if len(over) == 0:
        return []
    hole = np.maximum(
        _LONGEST_HOLE_SECONDS, 2.5 * np.median(np.diff(series.seconds)) if len(series.seconds) > 1 else 0.0
    )
    breaks = (np.diff(over) > 1) | (np.diff(series.seconds[over]) > hole)
    starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    ends = np.concatenate((np.flatnonzero(breaks), [len(over) - 1]))
    return [(int(over[a]), int(over[b])) for a, b in zip(starts, ends, strict=True)]


def find_segments(series: TrackSeries, threshold: float, smoothing_seconds: float) -> list[Segment]:
    """The stretches at or over `threshold` after smoothing, in time order; each ends where its last frame ends."""
    smoothed = smooth(series.seconds, series.probabilities, smoothing_seconds)
    found = []
    for first, last in _runs(series, smoothed, threshold):
        peak = first + int(np.argmax(smoothed[first : last + 1]))
        following = int(series.pts[last + 1]) if last + 1 < len(series.pts) else None
        end = int(series.pts[last]) + series.frame_ticks
        found.append(
            Segment(
                track_id=series.track_id,
                start_pts=int(series.pts[first]),
                end_pts=end if following is None else min(end, following),
                mean_probability=float(series.probabilities[first : last + 1].mean()),
                peak_probability=float(smoothed[peak]),
                peak_pts=int(series.pts[peak]),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class TrackConclusion:
    """What the rule makes of one track: conclusion, one sentence of reason, calibrated probability, segments."""

    conclusion: Conclusion
    reason: str
    fake_probability: float | None  # None when no frame was scored
    segments: tuple[Segment, ...]
