"""Checks of what a process says that a hostile file may have taken over: everything is bounded before it is used."""

from __future__ import annotations

from math import isfinite

import numpy as np

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.engine.bounds import BEYOND, check_properties
from inspector.engine.bounds import check_bounded as _check_bounded
from inspector.engine.process.player.memory import SLOT_BYTES
from inspector.engine.process.player.messages import Opened

_MOST_ITEMS = 1 << 16
_MOST_CHARACTERS = 1 << 20


def check_bounded(value: object) -> None:
    """See `bounds.check_bounded`; raises ValueError for a tuple or a text beyond all bounds too."""
    _check_bounded(value, _MOST_ITEMS, _MOST_CHARACTERS)


def checked_percent(percent: int) -> int:
    """A percentage. Raises ValueError for another number."""
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} %")
    return percent


def check_clip(clip: Clip, path: str) -> None:
    """Raise ValueError unless the properties can be those of the clip at `path`."""
    check_bounded(clip)
    if clip.path != path:
        raise ValueError("the properties of another file")
    check_properties(clip)
    if 3 * clip.width * clip.height > SLOT_BYTES:
        raise ValueError(f"a clip of {clip.width} x {clip.height} pixels")


def checked_index(opened: Opened) -> tuple[PtsArray, Flags]:
    """The pts of all frames, int64 (n,) strictly rising, and whether each is a key frame, bool (n,).

    Raises ValueError.
    """
    if len(opened.pts) % 8 or len(opened.pts) // 8 != len(opened.is_key):
        raise ValueError("a broken index of frames")
    pts = np.frombuffer(opened.pts, np.int64)
    if len(pts) and ((pts[1:] <= pts[:-1]).any() or int(pts[0]) <= -BEYOND or int(pts[-1]) >= BEYOND):
        raise ValueError("an index of frames without order")
    return pts, np.frombuffer(opened.is_key, np.uint8) != 0


def check_frame(frame: Frame, pts: int) -> None:
    """Raise ValueError unless it is the frame with this pts."""
    check_bounded(frame)
    if frame.pts != pts or frame.index < 0:
        raise ValueError("another frame than the one that was asked for")


def check_gap(gap: Gap) -> None:
    """Raise ValueError for an impossible gap."""
    check_bounded(gap)
    if gap.end_pts < gap.start_pts:
        raise ValueError("a gap that ends before it starts")


def checked_pieces(pieces: tuple[tuple[float, bytes], ...], sample_bytes: int) -> tuple[tuple[float, bytes], ...]:
    """The pieces of sound. Raises ValueError unless all have a finite time and whole samples."""
    for seconds, samples in pieces:
        if not isfinite(seconds) or abs(seconds) > BEYOND or len(samples) % sample_bytes:
            raise ValueError("an impossible piece of sound")
    return pieces
