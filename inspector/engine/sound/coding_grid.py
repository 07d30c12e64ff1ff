"""Traces of an earlier lossy coding in a decoded sound: the grid of its frames, and where that grid is shifted.

AAC codes the coefficients of an MDCT of 2,048 samples every 1,024 samples, many of them as 0 or coarsely. Whoever
repeats that transform on the decoded sound finds smaller coefficients where its frames begin as the coder's did, and
nowhere else (Herre and Schug 2000; Yang, Qu and Huang 2008). A sound that was coded again keeps a weak trace of the
first grid. A cut shifts the grid by the length of what is missing, modulo 1,024.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import fft

from inspector.domain.arrays import Flags, Floats, Floats32, Indices
from inspector.engine import activity

HOP = 1024
SIZE = 2 * HOP
_BESIDE = 4, 5  # offsets to both sides with which one is compared: the trace is one sample wide
_FLOOR = 1e-10  # power of a coefficient, of the order of the noise of 16 bits
_QUIETEST = 1e-8  # mean square of a frame; quieter ones tell nothing
_ROWS = 128  # offsets at a time: what fits the cache


def _kaiser_bessel(alpha: float) -> Floats32:
    """The window of most AAC coders (ISO/IEC 14496-3, 4.6.11.3.2). The engine loads no `scipy.signal`, which has it."""
    steps = np.cumsum(np.kaiser(HOP + 1, np.pi * alpha))
    rising = np.sqrt(steps[:HOP] / steps[HOP])
    return np.asarray(np.r_[rising, rising[::-1]], np.float32)


_WINDOW = _kaiser_bessel(4.0)


def mdct(frames: Floats32) -> Floats32:
    """The MDCT of float32 (n, 2048) frames: (n, 1024), orthonormal."""
    first, second, third, fourth = np.split(frames * _WINDOW, 4, axis=1)
    folded = np.concatenate([-third[:, ::-1] - fourth, first - second[:, ::-1]], axis=1)
    return np.asarray(fft.dct(folded, type=4, norm="ortho"), np.float32)


def mean_log_powers(mono: Floats32, starts: Indices) -> Floats32:
    """Mean logarithmic power of the coefficients of the frames that begin at these samples."""
    frames = np.lib.stride_tricks.sliding_window_view(mono, SIZE)
    found = np.empty(len(starts), np.float32)
    for at in range(0, len(starts), _ROWS):
        coefficients = mdct(frames[starts[at : at + _ROWS]])
        found[at : at + _ROWS] = np.log(coefficients * coefficients + np.float32(_FLOOR)).mean(axis=1)
    return found


def traces_at(mono: Floats32, starts: Indices) -> Floats32:
    """How much smaller the coefficients of the frames that begin at these samples are than beside them."""
    own = mean_log_powers(mono, starts)
    beside = sum(mean_log_powers(mono, starts + side) for near in _BESIDE for side in (-near, near))
    return np.asarray(beside / (2 * len(_BESIDE)) - own, np.float32)


def traces_of_all_offsets(mono: Floats32, start: int) -> Floats32:
    """The traces of frames that begin at each of the 1,024 offsets from a sample on: (1024,)."""
    reach = _BESIDE[-1]
    sizes = mean_log_powers(mono, np.arange(start - reach, start + HOP + reach))
    beside = sum(sizes[reach + side : reach + side + HOP] for near in _BESIDE for side in (-near, near))
    return np.asarray(beside / (2 * len(_BESIDE)) - sizes[reach : reach + HOP], np.float32)


def are_audible(mono: Floats32, starts: Indices) -> Flags:
    """Whether there is any sound in the 1,024 samples from each of these on."""
    power = np.concatenate([np.zeros(1), np.cumsum(np.square(mono, dtype=np.float64))])
    return np.asarray(power[starts + HOP] - power[starts] > HOP * _QUIETEST, np.bool_)


@dataclass(frozen=True, slots=True)
class Segment:
    """Frames [first, end) of a stretch, of 1,024 samples each, in which the grid of this number is seen."""

    first: int
    end: int
    grid: int


def distance(offset: int, other: int) -> int:
    """Of two offsets of a grid, modulo 1,024."""
    return abs((offset - other + HOP // 2) % HOP - HOP // 2)


_NEAR_OWN, _NEAR_HALF, _NEAR_FOUND = 34, 4, 12  # offsets at which the last coding itself, or a found grid, has traces
_STANDS_OUT, _LARGEST_TRACE = 6.5, 5.0  # spreads; of one frame, since a click makes one large
FEWEST_FRAMES = 40  # of a window in which a grid is looked for
_LARGEST, _SWITCH = 3.0, 10.0  # of the likelihood ratios of one frame; what a change of the grid costs
_CERTAIN, _UNSURE = 12.0, 6.0  # of the sum over a segment; what a place may lack to the likeliest one
_AWAY_FROM_OWN = np.array(
    [distance(offset, 0) > _NEAR_OWN and distance(offset, HOP // 2) > _NEAR_HALF for offset in range(HOP)]
)


@dataclass(slots=True)
class Grid:
    """A grid: its offset, by how many spreads it stands out, and the mean and spread of one frame's trace."""

    offset: int
    stands_out: float
    mean: float
    spread: float

    def is_other(self, grid: Grid) -> bool:
        """Whether it is none of the traces that the other grid has beside its own, and mirrored at the file's."""
        return distance(self.offset, grid.offset) > _NEAR_FOUND and distance(self.offset, -grid.offset) > 1


def grids_in(traces: Floats32, own: bool) -> list[Grid]:
    """Earlier grids in the traces (frames, 1024) of a sound, in all of it or a part; strongest first.

    With `own` the offset 0 is that of the file's own coding, whose traces are passed over.
    """
    allowed = _AWAY_FROM_OWN if own else np.ones(HOP, np.bool_)
    _, spread = _middle_and_spread(traces[:, allowed])
    traces = np.clip(traces, -_LARGEST_TRACE * spread, _LARGEST_TRACE * spread)
    found: list[Grid] = []
    total = np.concatenate([np.zeros((1, HOP)), np.cumsum(traces, axis=0, dtype=np.float64)])
    for first, end in _windows(len(traces)):
        means = (total[end] - total[first]) / (end - first)
        middle, wide = _middle_and_spread(means[allowed])
        score = np.where(allowed, (means - middle) / wide, -np.inf)
        at = int(np.argmax(score))
        if score[at] >= _STANDS_OUT:
            found.append(Grid(at, float(score[at]), float(means[at] - middle), spread))
    best: list[Grid] = []
    for grid in sorted(found, key=lambda grid: -grid.stands_out):
        if all(grid.is_other(other) for other in best):
            best.append(grid)
    return best


def _middle_and_spread(values: Floats | Floats32) -> tuple[float, float]:
    """The median, and the standard deviation as it follows from the median deviation."""
    middle = float(np.median(values))
    return middle, max(1.4826 * float(np.median(np.abs(values - middle))), 1e-9)


def _windows(count: int) -> Iterator[tuple[int, int]]:
    """All of the frames, then overlapping halves, quarters and so on."""
    size = count
    while size >= FEWEST_FRAMES:
        step = max(size // 2, 1)
        for first in range(0, count - size + 1, step):
            yield first, first + size
        size //= 2


def likelihood_ratios(traces: Floats32, grids: list[Grid]) -> Floats:
    """Logarithms of how much likelier each frame's trace is where the grid is than where it is not: (frames, grids).

    `traces` (frames, at least as many as grids); taken as normally distributed.
    """
    mean = np.array([grid.mean for grid in grids])
    spread = np.array([grid.spread for grid in grids])
    ratios = (traces[:, : len(grids)] * mean - mean**2 / 2) / spread**2
    return np.asarray(np.clip(ratios, -_LARGEST, _LARGEST), np.float64)


def segments(ratios: Floats) -> list[Segment]:
    """Where which grid is seen, of the ratios (frames, grids).

    The most likely course (Viterbi) through the grids and none, without its weak parts.
    """
    if not ratios.size:
        return []
    ratios = np.concatenate([np.zeros((len(ratios), 1)), ratios], axis=1)
    score = ratios[0].copy()
    back = np.zeros(ratios.shape, np.uint8)
    same = np.arange(len(score))
    for frame in activity.each(range(1, len(ratios))):  # two hours take seconds
        best = int(np.argmax(score))
        stays = score >= score[best] - _SWITCH
        back[frame] = np.where(stays, same, best)
        score = np.where(stays, score, score[best] - _SWITCH) + ratios[frame]
    course = [int(np.argmax(score))]
    for frame in range(len(ratios) - 1, 0, -1):
        course.append(int(back[frame, course[-1]]))
    course.reverse()
    edges = np.r_[0, np.flatnonzero(np.diff(course)) + 1, len(course)]
    return [
        Segment(first, end, course[first] - 1)
        for first, end in pairwise(edges.tolist())
        if course[first] and float(ratios[first:end, course[first]].sum()) >= _CERTAIN
    ]


def change_between(ratios: Floats, before: Segment, after: Segment) -> tuple[int, int]:
    """The first and the last frame at which one grid may take over from the other."""
    from_, to = before.first, after.end
    gained = np.cumsum(ratios[from_:to, before.grid] - ratios[from_:to, after.grid])
    gained = np.r_[0.0, gained]
    likely = from_ + np.flatnonzero(gained >= gained.max() - _UNSURE)
    return int(likely[0]), int(likely[-1])
