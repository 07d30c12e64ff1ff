"""The fragments of an MP4 file (ISO/IEC 14496-12, 8.8): numbers that are missing, and where the file says it ends."""

from __future__ import annotations

import os
import re
import struct
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median_low
from typing import BinaryIO

from inspector.engine.decode.formats.isobmff import Box, boxes, file_boxes, find
from inspector.engine.regular_file import open_regular

_MOST_HEADER_BYTES = 1 << 20
_NAME = re.compile(rb"[ -~\xa9]{4}")
_KNOWN = (b"moov", b"moof", b"mdat", b"sidx", b"mfra")
_WITH_LONG_TIMES = b"\1"  # the version of a box whose times have 64 bits


@dataclass(frozen=True, slots=True)
class Fragments:
    """What the boxes around the pictures tell.

    `count`: how many fragments there are; `missing`: (position in the file of the fragment after the hole, how many
    numbers are missing); `seconds`: the duration by the file's segment index or header; `has_end`: the list of
    fragments, the last box of the file, is there; `end`: where the last box ends by its own size; `unread`: how many
    bytes behind it are no box; `torn`: where the pictures before these lie, (0, 0) where there are none.
    """

    count: int = 0
    missing: tuple[tuple[int, int], ...] = ()
    seconds: Fraction | None = None
    has_end: bool = False
    end: int = 0
    unread: int = 0
    torn: tuple[int, int] = (0, 0)


def read_fragments(path: Path) -> Fragments:
    """Read the headers of all fragments of the file. Raises OSError."""
    numbers: list[tuple[int, int]] = []
    indexed: dict[int, Fraction] = {}  # by track: segments of a stream have an index for each
    declared, has_end, end = None, False, 0
    last: Box | None = None
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        for box in file_boxes(file, 0, size):
            if not _NAME.fullmatch(box.kind):
                break  # zeros or other damage
            if box.kind == b"moof":
                numbers += [(box.start, number) for number in _sequence_number(_content(file, box))]
            elif box.kind == b"sidx":
                track, seconds = _indexed_seconds(_content(file, box))
                indexed[track] = indexed.get(track, Fraction(0)) + seconds
            elif box.kind == b"moov":
                declared = _declared_seconds(_content(file, box))
            has_end = has_end or (box.kind == b"mfra" and box.end <= size)
            if box.kind in _KNOWN or box.end <= size:  # else it may be that of damaged bytes
                end, last = max(end, box.end), box
    unread = max(size - end, 0)
    torn = (last.start, last.end) if unread and last is not None and last.kind == b"mdat" else (0, 0)
    longest = max(indexed.values(), default=Fraction(0))
    return Fragments(len(numbers), _holes(numbers), longest or declared, has_end, end, unread, torn)


def _content(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.start)
    return file.read(min(box.end - box.start, _MOST_HEADER_BYTES))


def _sequence_number(moof: bytes) -> list[int]:
    """The number of a fragment (8.8.5), alone; none in a damaged header."""
    header = next(boxes(moof), None)
    if header is None or header.kind != b"mfhd" or header.end - header.start < 8:
        return []
    return [int.from_bytes(moof[header.start + 4 : header.start + 8], "big")]


def _holes(numbers: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Where the numbers rise by more than they usually do; they may rise by more than one, as their order is free."""
    steps = [after - before for (_, before), (_, after) in pairwise(numbers)]
    usual = max(median_low(steps), 1) if steps else 1
    return tuple(
        (position, step // usual - 1)
        for (position, _), step in zip(numbers[1:], steps, strict=True)
        if step >= 2 * usual
    )


def _indexed_seconds(sidx: bytes) -> tuple[int, Fraction]:
    """The track of a segment index (8.16.3), and the duration of its subsegments; other indexes count as nothing."""
    start = 24 if sidx[:1] == b"\0" else 32
    if len(sidx) < start:
        return 0, Fraction(0)
    track = int.from_bytes(sidx[4:8], "big")
    timescale = int.from_bytes(sidx[8:12], "big")
    count = int.from_bytes(sidx[start - 2 : start], "big")
    ticks = 0
    for at in range(start, min(start + 12 * count, len(sidx) - 11), 12):
        kind_and_size, duration = struct.unpack_from(">2I", sidx, at)
        ticks += 0 if kind_and_size >> 31 else duration
    return track, Fraction(ticks, timescale) if timescale else Fraction(0)


def _declared_seconds(moov: bytes) -> Fraction | None:
    """The duration with all fragments by the movie extends header (8.8.2), None where there is none."""
    header, extends = next(find(moov, "mvhd"), None), next(find(moov, "mvex/mehd"), None)
    if header is None or extends is None:
        return None
    at = header.start + (20 if moov[header.start : header.start + 1] == _WITH_LONG_TIMES else 12)
    timescale = int.from_bytes(moov[at : at + 4], "big")
    length = 8 if moov[extends.start : extends.start + 1] == _WITH_LONG_TIMES else 4
    duration = int.from_bytes(moov[extends.start + 4 : extends.start + 4 + length], "big")
    return Fraction(duration, timescale) if timescale and duration else None
