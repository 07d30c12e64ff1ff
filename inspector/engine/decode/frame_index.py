"""The index of a clip's frames in display order: their pts, and at which of them decoding can start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.domain.arrays import Flags, PtsArray

NO_PTS = -(2**63)
"""Stands for a time stamp that a packet does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """Frames in display order: `pts` int64 (n,) strictly rising, `is_key` bool (n,), `pos` int64 (n,).

    `pos` is the frame's byte position in the file, -1 where the container has none. `stored_pts` int64 (n,) are the
    time stamps in the file, NO_PTS where there is none; for most clips they are `pts`. `can_seek` is False where seeks
    miss their target, or `pts` was found by decoding; such a clip is always decoded from its start. `sizes` int64 (n,):
    bytes of each frame's packet, None where they are not known.
    """

    pts: PtsArray
    is_key: Flags
    pos: npt.NDArray[np.int64]
    stored_pts: PtsArray
    can_seek: bool = True
    sizes: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.pts)

    def position(self, pts: int) -> int:
        """The index of the frame displayed at `pts`: the last one whose pts is not later, or the first."""
        return max(int(np.searchsorted(self.pts, pts, side="right")) - 1, 0)

    def stored_at(self, pts: int) -> int | None:
        """The time stamp in the file of the frame displayed at `pts`, None if it has none."""
        stored = int(self.stored_pts[self.position(pts)]) if len(self) else pts
        return None if stored == NO_PTS else stored

    def contains(self, pts: int, pos: int | None) -> bool:
        """Whether there is a frame with exactly this pts at this byte position of the file."""
        position = self.position(pts)
        return bool(self.pts[position] == pts and self.pos[position] == (-1 if pos is None else pos))

    def keyframe_before(self, position: int) -> int | None:
        """The index of the last keyframe at or before `position`; None when there is none or the clip cannot seek."""
        if not self.can_seek or position < 0:
            return None
        keys = np.flatnonzero(self.is_key[: position + 1][::-1][:_NEAR_FRAMES])
        if len(keys):
            return position - int(keys[0])
        keys = np.flatnonzero(self.is_key[: position + 1])
        return int(keys[-1]) if len(keys) else None


# Keyframes are rarely further apart; looking this far first avoids scanning the index of a two-hour clip at each step.
_NEAR_FRAMES = 1024


class IrregularTimestampsError(Exception):
    """Timestamps are missing or repeat, so that they cannot identify frames."""


def make_index(entries: Iterable[tuple[int, bool, int]], *, can_seek: bool) -> FrameIndex:
    """Build an index from (pts, is_key, pos) entries in any order; IrregularTimestampsError when a pts repeats."""
    table = np.fromiter(entries, dtype=[("pts", np.int64), ("is_key", np.bool_), ("pos", np.int64)])
    table.sort(order="pts", kind="stable")
    if (table["pts"][1:] == table["pts"][:-1]).any():
        raise IrregularTimestampsError
    pts, is_key, pos = (np.ascontiguousarray(table[name]) for name in ("pts", "is_key", "pos"))
    return FrameIndex(pts, is_key, pos, pts, can_seek)
