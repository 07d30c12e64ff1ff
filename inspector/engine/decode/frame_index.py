"""The table of a clip's frames in display order: which pts there are, and where decoding can start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.domain.arrays import Flags, PtsArray


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """Frames in display order: `pts` int64 (n,) strictly rising, `is_key` bool (n,), `pos` int64 (n,).

    That is 17 bytes a frame. `pos` is where the file holds the frame, -1 where the container does not say. `can_seek`
    is False where seeking does not lead to where it should, or `pts` was found by decoding; such a clip is always
    decoded from its start.
    """

    pts: PtsArray
    is_key: Flags
    pos: npt.NDArray[np.int64]
    can_seek: bool = True

    def __len__(self) -> int:
        return len(self.pts)

    def position(self, pts: int) -> int:
        """The place of the frame shown at `pts`: the last one whose pts is not later, or the first."""
        return max(int(np.searchsorted(self.pts, pts, side="right")) - 1, 0)

    def holds(self, pts: int, pos: int | None) -> bool:
        """Whether there is a frame with just this pts, stored at this position."""
        place = self.position(pts)
        return bool(self.pts[place] == pts and self.pos[place] == (-1 if pos is None else pos))

    def keyframe_before(self, position: int) -> int | None:
        """The place of the last key frame at or before a place; None when there is none or seeking is no good."""
        if not self.can_seek or position < 0:
            return None
        keys = np.flatnonzero(self.is_key[: position + 1][::-1][:_LONGEST_LOOK])
        if len(keys):
            return position - int(keys[0])
        keys = np.flatnonzero(self.is_key[: position + 1])
        return int(keys[-1]) if len(keys) else None

    def keyframe_after(self, position: int) -> int:
        """The place of the next key frame behind a place; the number of frames when there is none."""
        ahead = np.flatnonzero(self.is_key[position + 1 :])
        return position + 1 + int(ahead[0]) if len(ahead) else len(self)


# Key frames are seldom further apart; looking this far first saves scanning a two-hour table for each step.
_LONGEST_LOOK = 1024


class IrregularTimestampsError(Exception):
    """Raised where time stamps that seemed regular turn out not to be: they lack, repeat, or come out unordered."""


def make_index(entries: Iterable[tuple[int, bool, int]], *, can_seek: bool) -> FrameIndex:
    """An index from (pts, is_key, pos) entries in any order. Raises IrregularTimestampsError when a pts repeats."""
    table = np.fromiter(entries, dtype=[("pts", np.int64), ("is_key", np.bool_), ("pos", np.int64)])
    table.sort(order="pts", kind="stable")
    if (table["pts"][1:] == table["pts"][:-1]).any():
        raise IrregularTimestampsError
    pts, is_key, pos = (np.ascontiguousarray(table[name]) for name in ("pts", "is_key", "pos"))
    return FrameIndex(pts, is_key, pos, can_seek)
