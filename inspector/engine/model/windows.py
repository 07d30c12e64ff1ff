"""Windows of crops for networks that score several frames at once: a sliding window over a track's crops.

The window is centred on the scored frame: `frames // 2` analysed frames before it, the rest after it, so that a score
belongs to its own time. A frame in which the track has no scored crop is replaced by its neighbour on the side of the
scored frame, as is everything beyond a shot cut or the end of the clip or track. Missing frames are thus filled and not
skipped: consecutive crops always stand for consecutive analysed frames, and a window covers a constant time.
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
    """The index of the scored frame in a window of `frames` frames: the middle one, or the one after the middle."""
    return frames // 2


def window(shows: Sequence[bool], cuts: Sequence[bool], scored: int, frames: int) -> list[int]:
    """The analysed frame at each position of a window of `frames` frames, as indices into `shows`.

    shows[i]: frame i has a scored crop of the track; cuts[i]: frame i begins a shot; `scored`: index of the scored
    frame.
    """
    before = scored_index(frames)
    left = _outward(shows, range(scored - 1, scored - 1 - before, -1), lambda at: cuts[at + 1], scored)
    right = _outward(shows, range(scored + 1, scored + frames - before), lambda at: cuts[at], scored)
    return [*reversed(left), scored, *right]


def _outward(shows: Sequence[bool], way: Iterable[int], is_beyond: Callable[[int], bool], scored: int) -> list[int]:
    """The frames at the positions `way`, from the scored frame outwards; a missing one repeats the one before."""
    taken, nearest, ended = [], scored, False
    for at in way:
        ended = ended or not 0 <= at < len(shows) or is_beyond(at)
        nearest = at if not ended and shows[at] else nearest
        taken.append(nearest)
    return taken


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Windows to score: each crop once, uint8 (s, s, 3) RGB, and the indices of each window's crops, int64 (n, k)."""

    crops: tuple[Image, ...]
    indices: WindowIndices


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """One analysed frame with its scored crops by track id."""

    pts: int
    is_cut: bool
    crops: Mapping[int, tuple[Box, Image]]


class Windows:
    """Holds the crops that later windows need; frames are numbered from 0 in the order in which they are added."""

    def __init__(self, frames: int, size: int) -> None:
        self._frames, self._size = frames, size
        self._before = scored_index(frames)
        self._after = frames - 1 - self._before
        self._slots: list[_Slot] = []
        self._first = 0  # number of the first frame that is held

    @property
    def added(self) -> int:
        """The number of frames added so far, which is the number of the next frame."""
        return self._first + len(self._slots)

    def add(self, pts: int, is_cut: bool, crops: Mapping[int, tuple[Box, Image]]) -> None:
        """Add the next analysed frame with the box and crop, uint8 (s, s, 3) RGB, of each track scored in it."""
        self._slots.append(_Slot(pts, is_cut, crops))

    def are_whole(self, end: int) -> bool:
        """Whether all frames that the windows of frames before `end` cover have been added."""
        return self.added >= end + self._after

    def take(self, wanted: Sequence[tuple[int, int]]) -> Samples:
        """The windows of (frame number, track id) pairs, in the same order."""
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
        """Release frames that no window of frame `end` or a later one covers."""
        gone = max(0, min(end - self._before - self._first, len(self._slots)))
        del self._slots[:gone]
        self._first += gone

    # --- resuming an interrupted analysis ----------------------------------------------------------------------------

    def state(self) -> list[Any]:
        """The state as plain JSON values: the last frames that later windows cover, with the boxes of their crops."""
        last = self._slots[max(0, len(self._slots) - self._before) :] if self._before else []
        return [
            [slot.pts, slot.is_cut, [[track, box.x, box.y, box.width] for track, (box, _) in slot.crops.items()]]
            for slot in last
        ]

    def restore(self, state: Sequence[Any], decoded: Iterable[Frame | Gap]) -> None:
        """Cut the crops of `state` again from `decoded`, the frames from the first pts in `state` on.

        Because of whole-pixel boxes and exact decoding the crops are identical. Raises CaseError if a frame is missing.
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
                f"The interrupted analysis contains a frame at pts {min(missing)} that the clip does not have; "
                "analyse the clip again into a new case file."
            )
