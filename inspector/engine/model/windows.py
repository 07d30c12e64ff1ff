"""Which frames a network that looks at several at once sees for one score: a sliding window over a track's crops.

The window lies about the scored frame, `frames // 2` analysed frames before it and the rest behind, so that a score
speaks of its own time and not of half a window earlier. A frame in which the track has no scored crop is stood for by
its neighbour on the scored frame's side, and so is everything beyond a shot cut and the clip's or track's ends. Holes
are thus filled, not skipped: neighbouring indices are always neighbouring analysed frames, and a window reaches no
further than its own length, whatever the face does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.domain.arrays import Image
from inspector.domain.clip import Frame, Gap
from inspector.domain.errors import CaseError
from inspector.domain.geometry import Box
from inspector.engine.faces.crop import cut

WindowIndices = npt.NDArray[np.int64]


def scored_index(frames: int) -> int:
    """Where in a window of so many frames the scored one stands: in the middle, one behind it for an even number."""
    return frames // 2


def window(shows: Sequence[bool], cuts: Sequence[bool], scored: int, frames: int) -> list[int]:
    """Which of the analysed frames stands at each of the window's `frames` indices, as indices in `shows`.

    shows[i]: frame i holds a scored crop of the track; cuts[i]: frame i begins a shot; `scored`: its own frame.
    """
    before = scored_index(frames)
    left = _outward(shows, range(scored - 1, scored - 1 - before, -1), lambda at: cuts[at + 1], scored)
    right = _outward(shows, range(scored + 1, scored + frames - before), lambda at: cuts[at], scored)
    return [*reversed(left), scored, *right]


def _outward(shows: Sequence[bool], way: Iterable[int], is_beyond: Callable[[int], bool], scored: int) -> list[int]:
    """What stands at the indices from the scored frame outward: each repeats the last one where nothing is shown."""
    taken, nearest, ended = [], scored, False
    for at in way:
        ended = ended or not 0 <= at < len(shows) or is_beyond(at)
        nearest = at if not ended and shows[at] else nearest
        taken.append(nearest)
    return taken


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Windows to be scored: each crop once, uint8 (s, s, 3) RGB, and which of them stand where, int64 (n, k)."""

    crops: tuple[Image, ...]
    indices: WindowIndices


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """One analysed frame: the crops that are scored in it, by track."""

    pts: int
    is_cut: bool
    crops: Mapping[int, tuple[Box, Image]]


class Windows:
    """The crops of the frames that windows still reach into; frames are numbered as they are added, from 0."""

    def __init__(self, frames: int, size: int) -> None:
        self._frames, self._size = frames, size
        self._before = scored_index(frames)
        self._after = frames - 1 - self._before
        self._slots: list[_Slot] = []
        self._first = 0  # the number of the first slot that is kept

    @property
    def added(self) -> int:
        """How many frames there were so far: the number of the next one."""
        return self._first + len(self._slots)

    def add(self, pts: int, is_cut: bool, crops: Mapping[int, tuple[Box, Image]]) -> None:
        """The next analysed frame, with the box and crop, uint8 (s, s, 3) RGB, of each track that is scored in it."""
        self._slots.append(_Slot(pts, is_cut, crops))

    def are_whole(self, end: int) -> bool:
        """Whether all frames that windows of frames before `end` may reach into have been added."""
        return self.added >= end + self._after

    def take(self, wanted: Sequence[tuple[int, int]]) -> Samples:
        """The windows of (frame number, track) pairs, in their order."""
        crops: dict[tuple[int, int], int] = {}
        taken: list[Image] = []
        indices = np.zeros((len(wanted), self._frames), np.int64)
        for row, (number, track) in enumerate(wanted):
            start = max(number - self._before, self._first)
            slots = self._slots[start - self._first : number + self._after + 1 - self._first]
            shows, cuts = [track in slot.crops for slot in slots], [slot.is_cut for slot in slots]
            for column, at in enumerate(window(shows, cuts, number - start, self._frames)):
                key = (start + at, track)
                if key not in crops:
                    crops[key] = len(taken)
                    taken.append(slots[at].crops[track][1])
                indices[row, column] = crops[key]
        return Samples(tuple(taken), indices)

    def forget(self, end: int) -> None:
        """Let go of what no window of frame `end` or a later one reaches into."""
        gone = max(0, min(end - self._before - self._first, len(self._slots)))
        del self._slots[:gone]
        self._first += gone

    # --- going on after an interruption ------------------------------------------------------------------------------

    def state(self) -> list[Any]:
        """Plain values: the last frames that later windows reach into, and the boxes of their crops."""
        last = self._slots[max(0, len(self._slots) - self._before) :] if self._before else []
        return [
            [slot.pts, slot.is_cut, [[track, box.x, box.y, box.width] for track, (box, _) in slot.crops.items()]]
            for slot in last
        ]

    def restore(self, state: Sequence[Any], decoded: Iterable[Frame | Gap]) -> None:
        """Cut the crops of `state` again from `decoded`, the clip's frames from its first pts on.

        Whole-pixel boxes and exact decoding make them the same to the byte. Raises CaseError if a frame is not there.
        """
        missing = {pts: (is_cut, boxes) for pts, is_cut, boxes in state}
        for frame in decoded:
            if isinstance(frame, Gap) or frame.pts not in missing:
                continue
            is_cut, boxes = missing.pop(frame.pts)
            found = {}
            for track, x, y, side in boxes:
                box = Box(x, y, side, side)
                found[track] = (box, cut(frame.image, box, self._size))
            self.add(frame.pts, is_cut, found)
            if not missing:
                return
        if missing:
            raise CaseError(
                f"The interrupted analysis speaks of a frame at pts {min(missing)} that the clip does not have; "
                "analyse the clip again into a new case file."
            )
