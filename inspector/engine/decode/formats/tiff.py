"""TIFF files (TIFF 6.0, BigTIFF, DNG 1.7): their pages, and whether they hold a raw photograph."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inspector.engine.regular_file import open_regular

MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_SUBFILE, _WIDTH, _HEIGHT, _PHOTOMETRIC, _SUB_IFDS, _DNG_VERSION = 254, 256, 257, 262, 330, 50706
_BITS, _ORIENTATION, _SAMPLES, _PLANAR, _SAMPLE_FORMAT, _PROFILE = 258, 274, 277, 284, 339, 34675
_SEPARATE = 2
_RAW_PHOTOMETRIC = {32803, 34892}  # colour filter array, linear raw
_REDUCED = 1
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_LETTERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_PAGES, _MOST_ENTRIES, _MOST_VALUES = 2000, 4096, 64

Directory = dict[int, tuple[int, ...]]
"""The integer values of an image file directory by tag."""


@dataclass(frozen=True, slots=True)
class Page:
    """One image of the file's main chain."""

    width: int
    height: int
    is_reduced: bool  # a smaller version of another one
    is_raw: bool
    bits: int = 8  # of a sample
    samples: int = 1  # of a pixel
    sample_format: int = 1  # 1 unsigned, 2 signed, 3 floating point
    photometric: int = 1
    is_planar: bool = False
    orientation: int = 1
    has_profile: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """What a TIFF file holds: its pages, and whether it is a raw photograph (DNG, NEF, ARW, CR2, ...)."""

    pages: tuple[Page, ...] = ()
    is_raw: bool = False


def read_layout(path: Path) -> Layout:
    """The layout of a TIFF file; what cannot be read of it is missing."""
    pages: list[Page] = []
    is_raw = False
    with open_regular(path) as file, suppress(struct.error, ValueError, OverflowError):
        is_raw = _is_canon_raw(file)
        for entries in _chain(file, None):
            subs = [sub for at in entries.get(_SUB_IFDS, ())[:16] for sub in _chain(file, at)]
            pages.append(_page(entries))
            is_raw = is_raw or _DNG_VERSION in entries or any(_page(item).is_raw for item in (entries, *subs))
    return Layout(tuple(pages), is_raw)


def _is_canon_raw(file: BinaryIO) -> bool:
    file.seek(8)
    return file.read(2) == b"CR"


def _page(entries: Directory) -> Page:
    def first(tag: int, default: int = 0) -> int:
        return next(iter(entries.get(tag, ())), default)

    is_reduced, is_raw = bool(first(_SUBFILE) & _REDUCED), first(_PHOTOMETRIC) in _RAW_PHOTOMETRIC
    return Page(
        first(_WIDTH),
        first(_HEIGHT),
        is_reduced,
        is_raw,
        bits=max(entries.get(_BITS, ()), default=1),
        samples=first(_SAMPLES, 1),
        sample_format=first(_SAMPLE_FORMAT, 1),
        photometric=first(_PHOTOMETRIC, 1),
        is_planar=first(_PLANAR, 1) == _SEPARATE,
        orientation=first(_ORIENTATION, 1),
        has_profile=_PROFILE in entries,
    )


def _chain(file: BinaryIO, start: int | None) -> Iterator[Directory]:
    """The directories from a position on, by default from the file's first one; each position once."""
    file.seek(0)
    head = file.read(16)
    if head[:4] not in MAGIC:
        return
    order, is_big = _kind(head)
    at = first_directory(head) if start is None else start
    seen: set[int] = set()
    while at and at not in seen and len(seen) < _MOST_PAGES:
        seen.add(at)
        entries, at = _directory(file, at, order, is_big)
        yield entries


def _kind(head: bytes) -> tuple[str, bool]:
    """The byte order as struct writes it, and whether it is BigTIFF."""
    return "<" if head[:2] == b"II" else ">", 43 in (head[2], head[3])


def first_directory(head: bytes) -> int:
    """Where the first directory begins, by the first 16 bytes of a file. Raises struct.error if they are fewer."""
    order, is_big = _kind(head)
    at: int = struct.unpack_from(f"{order}Q" if is_big else f"{order}I", head, 8 if is_big else 4)[0]
    return at


def _directory(file: BinaryIO, at: int, order: str, is_big: bool) -> tuple[Directory, int]:
    """One directory and the position of the next."""
    count_letter, entry_size, offset_letter = ("Q", 20, "Q") if is_big else ("H", 12, "I")
    file.seek(at)
    (count,) = struct.unpack(f"{order}{count_letter}", file.read(struct.calcsize(count_letter)))
    if count > _MOST_ENTRIES:
        return {}, 0
    data = file.read(count * entry_size + struct.calcsize(offset_letter))
    is_whole = len(data) == count * entry_size + struct.calcsize(offset_letter)
    following = struct.unpack_from(f"{order}{offset_letter}", data, count * entry_size)[0] if is_whole else 0
    entries: Directory = {}
    for number in range(count):
        if len(data) >= (number + 1) * entry_size:
            tag, values = _entry(file, data, number * entry_size, order, offset_letter)
            entries[tag] = values
    return entries, following


def _entry(file: BinaryIO, data: bytes, at: int, order: str, offset_letter: str) -> tuple[int, tuple[int, ...]]:
    tag, kind = struct.unpack_from(f"{order}HH", data, at)
    (count,) = struct.unpack_from(f"{order}{offset_letter}", data, at + 4)
    room = struct.calcsize(offset_letter)
    size, letter = _SIZES.get(kind, 0) * count, _LETTERS.get(kind)
    if letter is None or not count:
        return tag, ()
    values = min(count, _MOST_VALUES)
    place = at + 4 + room
    content = data[place : place + room]
    if size > room:
        file.seek(struct.unpack(f"{order}{offset_letter}", content)[0])
        content = file.read(struct.calcsize(letter) * values)
    return tag, struct.unpack_from(f"{order}{values}{letter}", content)
