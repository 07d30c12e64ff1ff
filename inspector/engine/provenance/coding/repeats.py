"""Footage that a clip holds twice: exactly, by the hashes of its frames, and nearly, by their perceptual hashes.

Replays, loops and repeated shots; a picture that stands still is none, so only pictures that move are compared. Moments
that look alike by chance, such as a gesture that is made twice, differ in more bits or in their rhythm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from inspector.domain.analysis import FrameRecord
from inspector.domain.arrays import Flags, Floats
from inspector.domain.clip import Clip
from inspector.domain.observations.coding import FrameHash
from inspector.engine.provenance.coding.rules import Measure
from inspector.engine.provenance.coding.same_footage import MOST_BITS, count_bits, shared_footage

EXACT, NEAR = "exact repeat seconds", "near repeat seconds"

_EXACT_SECONDS = 0.5
_LEAST_DISTINCT = 0.8  # of the frames of an exact repeat: a picture that stands still repeats itself
_AROUND_SECONDS = 1.0  # a picture moves if it looks like none so far away
_APART_SECONDS = 2.0
_MOST_HASHES = 20_000  # an hour and more; their number is squared


def repeat_measures(frames: Iterable[FrameRecord], hashes: Sequence[FrameHash], clip: Clip) -> dict[str, Measure]:
    """How many seconds repeat earlier ones, and where; what was not found is missing."""
    exact, near = exact_repeats(frames, clip), near_repeats(hashes, clip)
    # What repeats exactly looks alike, too.
    near = [span for span in near if not any(a < span[1] and span[0] < b for a, b in exact)]
    found = {EXACT: exact, NEAR: near}
    return {
        name: Measure(round(sum(clip.seconds(b) - clip.seconds(a) for a, b in spans), 2), tuple(spans))
        for name, spans in found.items()
        if spans
    }


def exact_repeats(frames: Iterable[FrameRecord], clip: Clip) -> list[tuple[int, int]]:
    """Spans in pts of at least 0.5 s whose frames were there before in the same order; `frames` in pts order."""
    last: dict[str, int] = {}
    pts: list[int] = []
    known: list[str] = []
    found: list[tuple[int, int]] = []
    begun, shift = 0, 0

    def close(end: int) -> None:
        if shift and end - begun > 1:
            lasts = clip.seconds(pts[end - 1]) - clip.seconds(pts[begun])
            apart = clip.seconds(pts[begun]) - clip.seconds(pts[begun - shift])
            if min(lasts, apart) >= _EXACT_SECONDS and len(set(known[begun:end])) >= _LEAST_DISTINCT * min(
                end - begun, shift
            ):
                found.append((pts[begun], pts[end - 1]))

    for frame in frames:
        if known and known[-1] == frame.sha256:
            continue  # it stands still
        row = len(pts)
        pts.append(frame.pts)
        known.append(frame.sha256)
        now = row - last.get(frame.sha256, row)
        last[frame.sha256] = row
        if now != shift:
            close(row)
            begun, shift = row, now
    close(len(pts))
    return found


def near_repeats(hashes: Sequence[FrameHash], clip: Clip) -> list[tuple[int, int]]:
    """Spans in pts of at least 2 s that look like earlier ones, moving picture by moving picture."""
    listed = hashes[:_MOST_HASHES]
    seconds = np.array([clip.seconds(each.pts) for each in listed], np.float64)
    values = np.array([each.value for each in listed], np.uint64)
    moves = _moves(seconds, values)
    kept = seconds[moves], values[moves]
    by_second = {second: each.pts for second, each in zip(seconds.tolist(), listed, strict=True)}
    shared = shared_footage(kept, kept, least_apart=_APART_SECONDS)
    spans = []
    for stretch in shared:
        start = stretch.other_start
        end = start + stretch.end - stretch.start
        inside = [pts for second, pts in by_second.items() if start <= second <= end + 1e-6]
        if inside:
            spans.append((inside[0], inside[-1]))
    return sorted(spans)


def _moves(seconds: Floats, values: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> Flags:
    """Which hashes differ from those a second before and behind: bool (n,)."""
    moves = np.ones(len(values), np.bool_)
    for shift in (-_AROUND_SECONDS, _AROUND_SECONDS):
        at = np.searchsorted(seconds, seconds + shift).clip(0, max(len(seconds) - 1, 0))
        is_there = np.abs(seconds[at] - seconds - shift) < 0.5 * _AROUND_SECONDS
        moves &= ~is_there | (count_bits(values ^ values[at]) > MOST_BITS)
    return moves
