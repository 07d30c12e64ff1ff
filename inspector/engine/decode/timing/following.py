"""Further videos behind the one that FFmpeg reads: joined files of which it reads the first one, or the first two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice, pairwise

import av

from inspector.domain.errors import ClipError
from inspector.engine import activity
from inspector.engine.decode.container import MediaSource, open_container
from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes

# How files begin: Matroska, AVI, ASF, FLV, MP4, and the table of programs in a transport stream.
_BEGINNINGS = re.compile(
    rb"\x1a\x45\xdf\xa3|RIFF....AVI |\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"
    rb"|FLV\x01[\x01\x04\x05]\x00\x00\x00\x09|\x00\x00[\x00-\x04].ftyp|\x47\x40\x00.\x00\x00\xb0",
    re.DOTALL,
)
# What each of them has at which offset: finding it takes a seventh of the time of the expression.
_MARKS = (
    (b"\x1a\x45\xdf\xa3", 0),
    (b"AVI ", 8),
    (b"\x30\x26\xb2\x75", 0),
    (b"FLV\x01", 0),
    (b"ftyp", 4),
    (b"\x47\x40\x00", 0),
)
_TABLE = b"\x47"
_MOST_BYTES = 1 << 30  # searched
# A search holds Python's lock, and the window's thread waits for it: it is made in blocks.
_BLOCK = 1 << 20
_LONGEST = 32  # of the beginnings
_MOST_FOUND, _MOST_TRIED, _MOST_PACKETS = 8, 64, 100
Place = tuple[int, int]
"""Offset and length in bytes."""


def following_files(source: MediaSource, end: int, container: str) -> tuple[Place, ...]:
    """Where further videos lie behind the byte `end`, up to which the packets of the file reach. Raises OSError.

    Such a file begins as its container does, and FFmpeg finds a video in it.
    """
    size = source.path.stat().st_size
    if source.length or not 0 < end < size:
        return ()
    starts: list[int] = []
    with file_bytes(source.path) as data:
        tried = 0
        for start, first in _beginnings(data, end, min(size, end + _MOST_BYTES)):
            if (first == _TABLE) != (container == "mpegts") or (container == "mpegts" and starts):
                continue
            tried += 1
            if tried > _MOST_TRIED or len(starts) == _MOST_FOUND:
                break
            if _has_video(MediaSource(source.path, None, start, size - start)):
                starts.append(start)
    return tuple((start, stop - start) for start, stop in pairwise([*starts, size]))


def _beginnings(data: FileBytes, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Where files may begin, in rising order, and their first byte."""
    for begin in range(start, stop, _BLOCK):
        block = data[begin : min(begin + _BLOCK + _LONGEST, stop)]
        for at in sorted(at for mark in _MARKS for at in _places(block, *mark)):
            if at < _BLOCK and (match := _BEGINNINGS.match(block, at)) is not None:
                yield begin + at, match[0][:1]


def _places(block: bytes, what: bytes, offset: int) -> Iterator[int]:
    """Where something may begin that has these bytes at this offset."""
    at = block.find(what)
    while at >= 0:
        if at >= offset:
            yield at - offset
        at = block.find(what, at + 1)


def _has_video(part: MediaSource) -> bool:
    """Whether a picture begins in it: the end of a transport stream may repeat the tables alone."""
    with suppress(ClipError, av.error.FFmpegError, IndexError), open_container(part) as container:
        if container.streams.video:
            first = islice(activity.each(container.demux(*container.streams.video)), _MOST_PACKETS)
            return any(packet.size and packet.is_keyframe for packet in first)
    return False
