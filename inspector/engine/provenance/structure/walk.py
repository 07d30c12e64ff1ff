"""Collects the elements and tags of one file within limits, so that a hostile file costs bounded time and memory."""

from __future__ import annotations

from collections import Counter
from typing import BinaryIO

from inspector.domain.printable import printable
from inspector.domain.structure import Element, Tag

DEEPEST = 24
_MOST_ELEMENTS, _MOST_STEPS, _MOST_TAGS, _MOST_PROBLEMS = 2000, 50_000, 500, 20
_LARGEST_READ, _MOST_READ = 1 << 20, 64 << 20
_LONGEST_VALUE = 300


class TooMuchError(Exception):
    """A limit is used up; what was collected before is kept."""


class Walk:
    """One pass over an open file. Readers add what they find; they end early when `TooMuchError` is raised."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self.size = file, size
        self.elements: list[Element] = []
        self.tags: list[Tag] = []
        self.problems: list[str] = []
        self.left_out = 0
        self.top: Counter[str] = Counter()  # how many elements of each kind the file itself has, all of them
        self.top_bytes: Counter[str] = Counter()  # and what they take
        self.keys: list[str] = []  # names of QuickTime's metadata items
        self.movie_scale = self.media_scale = 0  # ticks per second of an MP4, and of its current track; 0: not known
        self.sample_bytes: int | None = 0  # of all tracks of an MP4; None if a table does not tell
        self.xmp = b""  # the XMP packet, where there is one
        self._steps, self._bytes_left = 0, _MOST_READ

    def read(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes, at most 1 MiB of them. Raises TooMuchError once 64 MiB are read, and OSError."""
        count = max(min(count, _LARGEST_READ), 0)
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise TooMuchError(f"its headers take more than {_MOST_READ >> 20} MB")
        self._file.seek(offset)
        return self._file.read(count)

    def add(self, kind: str, depth: int, offset: int, size: int, detail: str = "", *, is_known: bool = True) -> None:
        """Note an element; those behind the first 2000 are counted. Raises TooMuchError after 50,000."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise TooMuchError(f"it has more than {_MOST_STEPS} parts")
        if depth == 0:
            self.top[kind] += 1
            self.top_bytes[kind] += size
        if len(self.elements) < _MOST_ELEMENTS:
            self.elements.append(Element(one_line(kind, 40), depth, offset, size, one_line(detail), is_known))
        else:
            self.left_out += 1

    def tag(self, group: str, name: str, value: object) -> None:
        """Note a value; an empty one is dropped, a long one cut off."""
        text = one_line(str(value).strip(" \0"))
        found = Tag(group, one_line(name, 80), text)
        if text and len(self.tags) < _MOST_TAGS and found not in self.tags[-50:]:
            self.tags.append(found)

    def problem(self, text: str) -> None:
        """Note what is wrong, once."""
        if text not in self.problems and len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(text)


def one_line(text: str, limit: int = _LONGEST_VALUE) -> str:
    """A foreign string on one line, with control characters as escapes, and cut off behind `limit` characters."""
    shown = printable(text[:limit])
    return shown if len(text) <= limit else f"{shown}… ({len(text)} characters)"


def decoded(data: bytes) -> str:
    """Bytes of a text field as text: UTF-8, else Latin-1."""
    cut = data[: 4 * _LONGEST_VALUE]
    try:
        return cut.decode("utf-8")
    except UnicodeDecodeError:
        return cut.decode("latin-1")
