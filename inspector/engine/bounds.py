"""Bounds of domain values that others state: a process that a file may have taken over, or a stranger's case file."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from fractions import Fraction
from math import isfinite

from inspector.domain.clip import Clip

BEYOND = 1 << 62  # so that differences of two time stamps have 64 bits; no other number comes near it
_LONGEST_TICK = 1_000_000  # seconds, and the fractions of a second that a time base may have
_MOST_FRACTIONS = 10**12


def check_bounded(value: object, most_items: int | None = None, most_characters: int | None = None) -> None:
    """Raise ValueError for a domain value that holds an endless number, or one beyond all bounds.

    With `most_items`, tuples may hold so many at most, and with `most_characters` texts. Without, a text may be as long
    as it is: a tag of a clip may hold a picture.
    """
    if isinstance(value, str):
        is_fine = most_characters is None or len(value) <= most_characters
    elif isinstance(value, int):
        is_fine = -BEYOND < value < BEYOND
    elif isinstance(value, float):
        is_fine = isfinite(value) and abs(value) < BEYOND
    elif isinstance(value, Fraction):
        is_fine = abs(value.numerator) < BEYOND and value.denominator < BEYOND
    elif isinstance(value, tuple):
        is_fine = most_items is None or len(value) <= most_items
        for each in value if is_fine else ():
            check_bounded(each, most_items, most_characters)
    else:
        is_fine = True
        if is_dataclass(value):
            for field in fields(value):
                check_bounded(getattr(value, field.name), most_items, most_characters)
    if not is_fine:
        raise ValueError("a number or a text beyond all bounds")


def check_properties(clip: Clip) -> None:
    """Raise ValueError unless a clip can have these properties."""
    if min(clip.width, clip.height) < 1:
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
