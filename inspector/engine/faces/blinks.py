"""Blink detection from a track's eye aspect ratios; numpy only, so that the window can use it.

The eye aspect ratio, and its dips over consecutive frames as blinks, are those of Soukupova and Cech ("Real-Time Eye
Blink Detection using Facial Landmarks", CVWW 2016). A fixed threshold misses the blinks of narrow or turned eyes,
because their open ratio drifts. Here the depth of a dip is measured relative to the open eye just before and after it,
and its duration is measured at half that depth, as in electrooculography (Stern, Walrath and Goldstein, "The Endogenous
Eyeblink", Psychophysiology 1984: up to half a second).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from inspector.domain.arrays import Floats, Indices, PtsArray
from inspector.domain.clip import Clip

DEPTH = 0.25  # of the open eye's ratio: how far the lids must close
SHORTEST_FRAMES = 2  # consecutive; a single frame may be a landmark error
LONGEST_SECONDS = 0.6  # a longer closure is not a blink
SLOWEST_RATE = 15.0  # frames per second: a blink lasts 0.1 to 0.4 s and may fall between the frames of slower clips

_OPEN_PERCENTILE = 90
_APART_SECONDS = 0.15  # two closures within this time are one
_GAP_SECONDS = 0.2  # a blink is not detected across a longer gap


@dataclass(frozen=True, slots=True, eq=False)
class Blinks:
    """The range [first, last) of frame indices of each blink, intp (n,), ascending and disjoint."""

    first: Indices
    last: Indices

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True, eq=False)
class TrackBlinks:
    """The blinks of a track as half-open bars: pts int64 (n,), seconds float64 (n,), frames intp (n,).

    `length` is that of the measured stretch in seconds. Blinks cannot be detected (`is_detectable`) in slow clips.
    """

    starts: PtsArray
    ends: PtsArray
    start_seconds: Floats
    end_seconds: Floats
    frames: Indices
    length: float = 0.0
    is_detectable: bool = False
    is_measured: bool = False  # whether there is any value

    def __len__(self) -> int:
        return len(self.starts)


_NO_PTS, _NO_SECONDS = np.empty(0, np.int64), np.empty(0, np.float64)
NO_BLINKS = TrackBlinks(_NO_PTS, _NO_PTS, _NO_SECONDS, _NO_SECONDS, np.empty(0, np.intp))


def track_blinks(pts: PtsArray, ratios: Floats, clip: Clip) -> TrackBlinks:
    """The blinks in eye aspect ratios float64 (n,), NaN where a frame has none, at pts int64 (n,).

    Slow for long clips: not for the window's thread.
    """
    known = np.isfinite(ratios)
    pts, ratios = pts[known], ratios[known]
    seconds = (pts - clip.start_pts).astype(np.float64) * float(clip.time_base)
    if not can_detect_blinks(seconds):
        return replace(NO_BLINKS, is_measured=len(pts) > 0)
    found = find_blinks(seconds, ratios)
    return TrackBlinks(
        pts[found.first],
        pts[found.last],
        seconds[found.first],
        seconds[found.last],
        found.last - found.first,
        float(seconds[-1] - seconds[0]),
        is_detectable=True,
        is_measured=True,
    )


def can_detect_blinks(seconds: Floats) -> bool:
    """Whether frames at `seconds`, float64 (n,) ascending, are close enough together to show blinks."""
    return len(seconds) > 1 and float(np.median(np.diff(seconds))) <= 1.001 / SLOWEST_RATE


def find_blinks(seconds: Floats, ratios: Floats) -> Blinks:
    """Detect blinks in `ratios`, eye aspect ratios float64 (n,) without NaN, at `seconds` float64 (n,), ascending.

    A blink is a dip by at least DEPTH of the open eye's ratio (the track's 90th percentile) below the lower of the two
    maxima within LONGEST_SECONDS before and after it. It lasts while the ratio is below half its depth: at least
    SHORTEST_FRAMES, at most LONGEST_SECONDS.
    """
    if len(ratios) < 2:
        return Blinks(np.empty(0, np.intp), np.empty(0, np.intp))
    depth = max(DEPTH * float(np.percentile(ratios, _OPEN_PERCENTILE)), 1e-6)
    breaks = np.flatnonzero(np.diff(seconds) > _GAP_SECONDS) + 1
    step = float(np.median(np.diff(seconds)))
    found: list[tuple[int, int]] = []
    for start, end in zip([0, *breaks.tolist()], [*breaks.tolist(), len(seconds)], strict=True):
        found += [(start + first, start + last) for first, last in _dips(ratios[start:end], depth, step)]
    kept = [
        (first, last)
        for first, last in found
        if last - first >= SHORTEST_FRAMES and seconds[last] - seconds[first] <= LONGEST_SECONDS + 1e-9
    ]
    rows = np.array(kept, dtype=np.intp).reshape(-1, 2)
    return Blinks(rows[:, 0], rows[:, 1])


def _dips(ratios: Floats, depth: float, step: float) -> list[tuple[int, int]]:
    """The ranges [first, last) of dips in ratios without gaps; the eye is open before and after each."""
    wide, near = max(round(LONGEST_SECONDS / step), 1), max(round(_APART_SECONDS / step), 1)
    highest = _running_maximum(np.pad(ratios, wide, constant_values=-np.inf), wide)
    lowest = -_running_maximum(np.pad(-ratios, near, constant_values=-np.inf), 2 * near + 1)
    depths = np.minimum(highest[: len(ratios)], highest[wide + 1 :]) - ratios
    dips: list[tuple[int, int]] = []
    for deepest in np.flatnonzero((ratios <= lowest) & (depths >= depth)).tolist():
        is_open = ratios[max(deepest - wide, 0) : deepest + wide + 1] >= ratios[deepest] + depths[deepest] / 2
        middle = min(deepest, wide)
        before, after = np.flatnonzero(is_open[:middle]), np.flatnonzero(is_open[middle:])
        first, last = deepest - middle + int(before[-1]) + 1, deepest + int(after[0])
        if dips and first < dips[-1][1]:
            dips[-1] = dips[-1][0], max(last, dips[-1][1])  # one closure with two minima
        else:
            dips.append((first, last))
    return dips


def _running_maximum(values: Floats, width: int) -> Floats:
    """Running maximum of `width` values, float64 (n,) to (n - width + 1,), by doubling the window."""
    highest, reach = values, 1
    while reach < width:
        further = min(reach, width - reach)
        highest = np.maximum(highest[:-further], highest[further:])
        reach += further
    return highest
