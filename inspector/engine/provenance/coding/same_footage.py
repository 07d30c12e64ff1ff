"""Finds footage that two clips share by the perceptual hashes of their frames: copies, cuts, other codings and sizes.

Frames look alike where their hashes differ in few bits. A shared stretch is a run of such pairs at one distance in
time; single frames that look alike are none. Mirrored, strongly cropped and slowed footage is not found, and recordings
of one immobile scene may look alike without being the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.domain.arrays import Bytes, Floats, Indices

MOST_BITS = 8  # of 64 in which frames that look alike may differ
LEAST_SECONDS = 2.0
_STEP = 0.2  # seconds between hashes, and the width of a class of distances in time
_LEAST_SHARE = 0.7  # of the hashes of a stretch must have a partner
_MOST_PAIRS = 5_000_000  # looked at; of two clips with more of them every second hash is left out, and so on
_MOST_STRETCHES = 20
_ROWS = 256  # compared at a time

Hashes = tuple[Floats, npt.NDArray[np.uint64]]
"""Seconds float64 (n,), rising, and hashes uint64 (n,)."""


def _count_by_table(values: npt.NDArray[np.uint64]) -> Bytes:
    by_byte = _BITS_OF_16[values.view(np.uint16)].view(np.uint32)
    return ((by_byte * np.uint32(0x01010101)) >> np.uint32(24)).astype(np.uint8)  # the sum of the four bytes


_BITS_OF_16: Bytes = (
    np.unpackbits(np.arange(1 << 16, dtype=np.uint16).view(np.uint8)).reshape(-1, 16).sum(axis=1, dtype=np.uint8)
)

count_bits: Callable[[npt.NDArray[np.uint64]], Bytes] = getattr(np, "bitwise_count", _count_by_table)
"""How many bits of each value are set: uint64 of any shape to uint8.

numpy's own is seven times faster, but missing in the 1.26 that pip and `uv tool` install (docs/decisions/0012).
"""


@dataclass(frozen=True, slots=True)
class SharedStretch:
    """Footage from `start` to `end` in the first clip that begins at `other_start` in the second one, in seconds.

    `bits` is the mean number of bits in which the hashes differ: 0 for the same pictures.
    """

    start: float
    end: float
    other_start: float
    bits: float


def shared_footage(one: Hashes, other: Hashes, least_apart: float | None = None) -> list[SharedStretch]:
    """The stretches that two clips share, in the order of the first clip, each of whose moments is in one of them.

    With `least_apart` both are one clip: only moments that many seconds later or more count as the other one.
    """
    rows, columns, bits, step = _pairs(one[1], other[1])
    if least_apart is not None:
        is_later = other[0][columns] - one[0][rows] >= least_apart
        rows, columns, bits = rows[is_later], columns[is_later], bits[is_later]
    if not len(rows):
        return []
    shift = np.round((other[0][columns] - one[0][rows]) / _STEP).astype(np.int64)
    found: list[SharedStretch] = []
    free = np.ones(len(rows), np.bool_)
    while free.any() and len(found) < _MOST_STRETCHES:
        values, classes = np.unique(shift[free], return_inverse=True)
        # The more alike the more a pair counts: where a scene hardly changes, there are pairs at every distance.
        counts = np.bincount(classes, MOST_BITS + 1.0 - bits[free]).astype(np.float64)
        # Hashes of two clips are taken at different moments, so neighbouring classes count together.
        best = int(values[np.argmax(counts + _at(values, counts, values - 1) + _at(values, counts, values + 1))])
        near = free & (np.abs(shift - best) <= 1)
        order = np.flatnonzero(near)[np.lexsort((bits[near], np.abs(shift[near] - best), rows[near]))]
        stretch = _longest(one, other, rows[order], columns[order], bits[order], step)
        if stretch is None:
            free &= ~near
            continue
        found.append(stretch)
        seconds = one[0][rows]
        free &= ~((seconds >= stretch.start - _STEP) & (seconds <= stretch.end + _STEP)) & ~near
    return sorted(found, key=lambda each: each.start)


def _at(values: npt.NDArray[np.int64], counts: Floats, wanted: npt.NDArray[np.int64]) -> Floats:
    at = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.where(values[at] == wanted, counts[at], 0.0)


def _pairs(
    one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]
) -> tuple[Indices, Indices, npt.NDArray[np.uint8], int]:
    """Which hashes of both look alike: rows, columns, and in how many bits they differ.

    The last one says that only every so many-th row is used.
    """
    parts: list[tuple[Indices, Indices, npt.NDArray[np.uint8]]] = []
    total, step = 0, 1
    for first in range(0, len(one), _ROWS):
        bits = count_bits(one[first : first + _ROWS, None] ^ other[None, :])
        rows, columns = np.nonzero(bits <= MOST_BITS)
        kept = (rows + first) % step == 0
        rows, columns = rows[kept], columns[kept]
        parts.append((rows + first, columns, bits[rows, columns]))
        total += len(rows)
        while total > _MOST_PAIRS:  # two clips that hardly change
            step *= 2
            parts = [(a[a % step == 0], b[a % step == 0], c[a % step == 0]) for a, b, c in parts]
            total = sum(len(part[0]) for part in parts)
    empty = np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, np.uint8)
    rows, columns, differing = (np.concatenate(each) for each in zip(empty, *parts, strict=True))
    return rows, columns, differing, step


def _longest(
    one: Hashes,
    other: Hashes,
    rows: Indices,
    columns: Indices,
    bits: npt.NDArray[np.uint8],
    step: int,
) -> SharedStretch | None:
    """The longest run of pairs at one distance in time that has hardly a gap; None if it is too short.

    The pairs are in the order of their rows, the best one of each row first.
    """
    own, first = np.unique(rows, return_index=True)
    seconds = one[0][own]
    breaks = np.flatnonzero(np.diff(seconds) > 5 * step * _STEP) + 1
    best: SharedStretch | None = None
    for run in np.split(np.arange(len(own)), breaks):
        start, end = float(seconds[run[0]]), float(seconds[run[-1]])
        held = np.count_nonzero((one[0] >= start) & (one[0] <= end))
        if end - start < LEAST_SECONDS - _STEP or len(run) < _LEAST_SHARE * held / step:
            continue
        at = first[run]
        # One distance for the run: where a scene hardly changes, a pair at its end may be off.
        apart = float(np.median(other[0][columns[at]] - one[0][rows[at]]))
        start, end = max(start, float(other[0][0]) - apart), min(end, float(other[0][-1]) - apart)
        if end - start < LEAST_SECONDS - _STEP:
            continue
        if best is None or end - start > best.end - best.start:
            best = SharedStretch(start, end, start + apart, float(bits[at].mean()))
    return best
