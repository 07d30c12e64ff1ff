"""Where the eyes close and open again, from a track's eye aspect ratios; pure numpy, so that the window can do it too.

The eye aspect ratio and its dips over several frames in a row as blinks are those of Soukupova and Cech ("Real-Time Eye
Blink Detection using Facial Landmarks", CVWW 2016). A fixed threshold misses the blinks of narrow or turned eyes, whose
open ratio drifts: what counts here is how deep a dip is against the open eye just before and just after it, and it
lasts from half that depth to half that depth, as blinks are timed in electrooculography (Stern, Walrath and Goldstein,
"The Endogenous Eyeblink", Psychophysiology 1984, has them last up to half a second).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.domain.arrays import Floats, Indices

DEPTH = 0.25  # of the open eye's ratio: how far the lids must close
SHORTEST_FRAMES = 2  # in a row; one frame alone may be a slip of the landmarks
LONGEST_SECONDS = 0.6  # eyes closed for longer are no blink
SLOWEST_RATE = 15.0  # frames a second: a blink lasts 0.1 to 0.4 s and falls between slower ones

_OPEN_PERCENTILE = 90
_APART_SECONDS = 0.15  # lids do not close twice within it
_HOLE_SECONDS = 0.2  # across a longer one nobody knows what the eye did


@dataclass(frozen=True, slots=True, eq=False)
class Blinks:
    """Rows [first, last) of each blink, intp (n,), rising and apart."""

    first: Indices
    last: Indices

    def __len__(self) -> int:
        return len(self.first)


def can_detect_blinks(seconds: Floats) -> bool:
    """Whether frames at these seconds, float64 (n,) rising, follow each other closely enough to show blinks."""
    return len(seconds) > 1 and float(np.median(np.diff(seconds))) <= 1.001 / SLOWEST_RATE


def find_blinks(seconds: Floats, ratios: Floats) -> Blinks:
    """Blinks in `seconds` float64 (n,), rising, and `ratios` float64 (n,), eye aspect ratios without NaN.

    A blink is a dip of at least DEPTH of the open eye's ratio (the track's 90th percentile) below the lower of what the
    eye reaches within LONGEST_SECONDS before and after. It lasts while the eye is at least half as far closed as at
    its deepest: at least SHORTEST_FRAMES, at most LONGEST_SECONDS.
    """
    if len(ratios) < 2:
        return Blinks(np.empty(0, np.intp), np.empty(0, np.intp))
    depth = max(DEPTH * float(np.percentile(ratios, _OPEN_PERCENTILE)), 1e-6)
    breaks = np.flatnonzero(np.diff(seconds) > _HOLE_SECONDS) + 1
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
    """Rows [first, last) of the dips of one stretch without holes; the eye is seen open before and after each."""
    wide, near = max(round(LONGEST_SECONDS / step), 1), max(round(_APART_SECONDS / step), 1)
    highest = _highest(np.pad(ratios, wide, constant_values=-np.inf), wide)
    lowest = -_highest(np.pad(-ratios, near, constant_values=-np.inf), 2 * near + 1)
    depths = np.minimum(highest[: len(ratios)], highest[wide + 1 :]) - ratios
    dips: list[tuple[int, int]] = []
    for deepest in np.flatnonzero((ratios <= lowest) & (depths >= depth)).tolist():
        is_open = ratios[max(deepest - wide, 0) : deepest + wide + 1] >= ratios[deepest] + depths[deepest] / 2
        middle = min(deepest, wide)
        before, after = np.flatnonzero(is_open[:middle]), np.flatnonzero(is_open[middle:])
        first, last = deepest - middle + int(before[-1]) + 1, deepest + int(after[0])
        if dips and first < dips[-1][1]:
            dips[-1] = dips[-1][0], max(last, dips[-1][1])  # the lids trembled while they were closed
        else:
            dips.append((first, last))
    return dips


def _highest(values: Floats, width: int) -> Floats:
    """The highest of each `width` values in a row, float64 (n,) to (n - width + 1,), from ever longer such rows."""
    highest, reach = values, 1
    while reach < width:
        further = min(reach, width - reach)
        highest = np.maximum(highest[:-further], highest[further:])
        reach += further
    return highest
