"""Looks for the grid of an earlier lossy coding in a sound of any length, within bounded time and memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from inspector.domain.arrays import Flags, Floats32, Indices
from inspector.engine import activity
from inspector.engine.sound.coding_grid import (
    FEWEST_FRAMES,
    HOP,
    Grid,
    Segment,
    are_audible,
    change_between,
    grids_in,
    likelihood_ratios,
    segments,
    traces_at,
    traces_of_all_offsets,
)

_HIGHEST_RATE = 96_000  # of AAC
# Codecs whose own MDCT may have 2,048 samples too: that grid would be taken for the one of an earlier coding.
_LIKE_AAC = "vorbis", "wmav", "wmapro", "cook", "avc", "twinvq"
_CHUNK = 2048  # frames that are kept: 48 s at 44,100 Hz
_BEYOND = 4  # frames around those of a chunk into which its transforms reach: one before, three behind
_TURN = 256
_AT_FIRST, _PER_SECOND = 300.0, 0.5  # frames that are searched for all offsets, which takes 12 ms each
_MOST_GRIDS, _ROUNDS = 8, 4


@dataclass(frozen=True, slots=True)
class Shift:
    """Between these two times, in seconds of the clip, the grid of the earlier coding is shifted by some samples."""

    start: float
    end: float
    samples: int


@dataclass(frozen=True, slots=True)
class EarlierCoding:
    """The share of the sound in which a grid of an earlier coding is seen, 0 if in none, and where it is shifted."""

    share: float = 0.0
    shifts: tuple[Shift, ...] = ()


@dataclass(slots=True)
class _Stretch:
    """A stretch of continuous sound: its grids, and their traces in all frames up to now."""

    begun: float
    lead: int = 0  # samples of silence before it
    samples: int = 0
    is_cut: bool = False  # its last frame of the file's own coding is short: the end, or decoders dropped samples
    waiting: int = 0
    parts: list[Floats32] = field(default_factory=list)  # samples from the frame on before those to be measured
    grids: list[Grid] = field(default_factory=list)
    traces: list[Floats32] = field(default_factory=list)  # (frames, most grids), 0 before a grid was known

    def put(self, samples: Floats32) -> None:
        self.parts.append(samples)
        self.waiting += len(samples)


class GridMeter:
    """Takes a sound of one rate; keeps some seconds of it, and at most eight numbers for each 1,024 samples."""

    def __init__(self, rate: int, codec: str, should_continue: Callable[[], bool] = lambda: True) -> None:
        self._rate = rate
        self._is_aac = codec.startswith("aac")
        # False, too, once the file's own AAC has frames of more samples.
        self._is_usual = rate <= _HIGHEST_RATE and not codec.startswith(_LIKE_AAC)
        self._should_continue = should_continue
        self.is_stopped = False  # by `should_continue`: what was found is not all
        self._budget = _AT_FIRST
        self._shifts: list[Shift] = []
        self._seen = self._frames = 0
        self._stretch: _Stretch | None = None

    def begin(self, seconds: float) -> None:
        """Begin a stretch of continuous sound."""
        self._end()
        self._stretch = _Stretch(seconds)

    def add(self, mono: Floats32) -> None:
        """Continue the stretch by float32 (n,) samples, which are one frame of the codec if that is AAC."""
        if not self._is_usual:
            return
        now = self._stretch
        assert now is not None
        if now.is_cut:  # the frames of the file's own coding begin elsewhere from here on
            self._end()
            now = self._stretch = _Stretch(now.begun + now.samples / self._rate)
        if not now.parts:
            # The first frame may be cut short at its start. Frames of the file's own coding begin at multiples of HOP.
            now.lead = HOP - (len(mono) % HOP if self._is_aac else 0)
            now.put(np.zeros(now.lead, np.float32))
        elif self._is_aac and len(mono) != HOP:
            self._is_usual, now.is_cut = len(mono) < HOP, True
        now.put(mono)
        now.samples += len(mono)
        self._budget += _PER_SECOND * len(mono) / self._rate
        while now.waiting >= (_CHUNK + _BEYOND) * HOP:
            self._measure(now, _CHUNK)

    def finish(self) -> EarlierCoding:
        """What was found in all of the sound."""
        if not self._is_usual:
            return EarlierCoding()
        self._end()
        self._stretch = None
        return EarlierCoding(self._seen / max(self._frames, 1), tuple(self._shifts))

    def _measure(self, now: _Stretch, count: int) -> None:
        """The traces in the next frames, of the grids that are known and of those that are found in them."""
        mono = np.concatenate(now.parts)
        now.parts, now.waiting = [mono[count * HOP :]], len(mono) - count * HOP
        starts = (1 + np.arange(count)) * HOP
        traces = np.zeros((count, _MOST_GRIDS), np.float32)
        for number, grid in enumerate(now.grids):
            traces[:, number] = self._trace(mono, starts + grid.offset)
        self._search(now, mono, starts, traces)
        now.traces.append(traces)

    def _search(self, now: _Stretch, mono: Floats32, starts: Indices, traces: Floats32) -> None:
        """Look for grids in those frames that the known ones do not explain; adds them and their traces."""
        audible = are_audible(mono, starts)
        left = np.flatnonzero(audible & ~self._explained(now, traces))
        count = min(len(left), int(self._budget))
        if count < FEWEST_FRAMES or len(now.grids) == _MOST_GRIDS:
            return
        self._budget -= count
        left = left[np.arange(count) * len(left) // count]
        found = np.zeros((count, HOP), np.float32)
        for number, frame in enumerate(left):
            if not self._goes_on():
                return
            found[number] = traces_of_all_offsets(mono, int(starts[frame]))
        for _ in range(_ROUNDS):
            new = grids_in(found, self._is_aac)
            new = [grid for grid in new if all(grid.is_other(known) for known in now.grids)]
            for grid in new[: _MOST_GRIDS - len(now.grids)]:
                traces[:, len(now.grids)] = self._trace(mono, starts + grid.offset)
                now.grids.append(grid)
            still = ~self._explained(now, traces)[left]
            left, found = left[still], found[still]
            if not new or len(left) < FEWEST_FRAMES:
                return

    def _goes_on(self) -> bool:
        activity.note()
        self.is_stopped = self.is_stopped or not self._should_continue()
        return not self.is_stopped

    def _trace(self, mono: Floats32, starts: Indices) -> Floats32:
        trace = np.zeros(len(starts), np.float32)
        for at in range(0, len(starts), _TURN):
            if not self._goes_on():
                break
            trace[at : at + _TURN] = traces_at(mono, starts[at : at + _TURN])
        return trace

    @staticmethod
    def _explained(now: _Stretch, traces: Floats32) -> Flags:
        """Which frames lie where a grid is seen."""
        flags = np.zeros(len(traces), np.bool_)
        for segment in segments(likelihood_ratios(traces, now.grids)):
            flags[segment.first : segment.end] = True
        return flags

    def _end(self) -> None:
        """Measure what is left of the stretch, and see where which grid is in it."""
        now = self._stretch
        if now is None:
            return
        rest = now.waiting // HOP - _BEYOND
        if rest > 0:
            self._measure(now, rest)
        if not now.traces:
            return
        ratios = likelihood_ratios(np.concatenate(now.traces), now.grids)
        found = segments(ratios)
        self._frames += len(ratios)
        self._seen += sum(segment.end - segment.first for segment in found)
        for before, after in pairwise(found):
            if before.grid != after.grid:
                self._shifts.append(self._shift(now, change_between(ratios, before, after), before, after))

    def _shift(self, now: _Stretch, change: tuple[int, int], before: Segment, after: Segment) -> Shift:
        """A frame reaches over two hops, and tells of its middle; one hop to both sides is left as uncertain."""
        offsets = now.grids[before.grid].offset, now.grids[after.grid].offset
        first = change[0] * HOP + min(offsets) - now.lead
        last = (change[1] + 2) * HOP + max(offsets) + HOP - now.lead
        return Shift(now.begun + first / self._rate, now.begun + last / self._rate, (offsets[0] - offsets[1]) % HOP)
