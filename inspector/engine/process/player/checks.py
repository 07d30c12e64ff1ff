"""Checks of what a process says that a hostile file may have taken over: everything is bounded before it is used."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from fractions import Fraction
from math import isfinite

import numpy as np

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.engine.process.player.memory import SLOT_BYTES
from inspector.engine.process.player.messages import Opened

_MOST_CHARACTERS = 1 << 20
_MOST_ITEMS = 1 << 16
_BEYOND = 1 << 62  # so that differences of two time stamps have 64 bits
_LONGEST_TICK = 1_000_000  # seconds, and the fractions of a second that a time base may have
_MOST_FRACTIONS = 10**12


def check_bounded(value: object) -> None:
    """Raise ValueError for a domain value that holds an endless number, or one, a text or a tuple beyond all bounds."""
    if isinstance(value, str):
        is_fine = len(value) <= _MOST_CHARACTERS
    elif isinstance(value, int):
        is_fine = -_BEYOND < value < _BEYOND
    elif isinstance(value, float):
        is_fine = isfinite(value)
    elif isinstance(value, Fraction):
        is_fine = abs(value.numerator) < _BEYOND and value.denominator < _BEYOND
    elif isinstance(value, tuple):
        is_fine = len(value) <= _MOST_ITEMS
        for each in value if is_fine else ():
            check_bounded(each)
    else:
        is_fine = True
        if is_dataclass(value):
            for field in fields(value):
                check_bounded(getattr(value, field.name))
    if not is_fine:
        raise ValueError("a number or a text beyond all bounds")


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
    if min(clip.width, clip.height) < 1 or 3 * clip.width * clip.height > SLOT_BYTES:
        raise ValueError(f"a clip of {clip.width} x {clip.height} pixels")
    if not Fraction(1, _MOST_FRACTIONS) <= clip.time_base <= _LONGEST_TICK:
        raise ValueError(f"a time base of {clip.time_base} s")
    if clip.rotation not in (0, 90, 180, 270) or min(clip.sample_aspect, clip.coded_aspect) <= 0:
        raise ValueError("an impossible geometry")
    if clip.average_rate is not None and clip.average_rate <= 0:
        raise ValueError(f"a rate of {clip.average_rate} frames per second")
    counts = (clip.duration_pts, clip.declared_frames, clip.stream, clip.bit_depth)
    if min(count for count in counts if count is not None) < 0:
        raise ValueError("a negative number of something")


def checked_index(opened: Opened) -> tuple[PtsArray, Flags]:
    """The pts of all frames, int64 (n,) strictly rising, and whether each is a key frame, bool (n,).

    Raises ValueError.
    """
    if len(opened.pts) % 8 or len(opened.pts) // 8 != len(opened.is_key):
        raise ValueError("a broken index of frames")
    pts = np.frombuffer(opened.pts, np.int64)
    if len(pts) and ((pts[1:] <= pts[:-1]).any() or int(pts[0]) <= -_BEYOND or int(pts[-1]) >= _BEYOND):
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
        if not isfinite(seconds) or abs(seconds) > _BEYOND or len(samples) % sample_bytes:
            raise ValueError("an impossible piece of sound")
    return pieces
