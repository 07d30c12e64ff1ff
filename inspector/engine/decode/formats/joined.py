"""Files that were joined to one, of which FFmpeg reads the further ones as if they belonged to the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from inspector.engine.decode.formats import mpegts
from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes

_MOST_FOUND = 8
_IVF, _IVF_FRAME_BYTES = b"DKIF", 12
_Y4M, _Y4M_FRAME = b"YUV4MPEG2 ", b"FRAME"
_LONGEST_LINE = 1024
# Of the chroma planes of YUV4MPEG2: how much narrower and lower they are than the picture.
_CHROMA = {"420": (2, 2), "411": (4, 1), "410": (4, 4), "422": (2, 1), "444": (1, 1)}
# SMPTE ST 377-1: the start of all keys, and of a partition pack's, whose next byte is 2 for the header's.
_KEY, _PARTITION, _HEADER = b"\x06\x0e\x2b\x34", b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01", 2
_MXF_FOOTER = 24  # bytes in the pack before the footer's position
_MOST_ITEMS = 10_000_000
Place = tuple[int, int]
"""Offset and length in bytes."""


def joined_parts(path: Path, head: bytes, main_pid: Callable[[], int | None] = lambda: None) -> tuple[Place, ...]:
    """Where the parts of a file lie that are a file each, or a transport stream of another video; () where it is one.

    `head` are its first bytes. Parts of a transport stream may overlap in its tables. `main_pid` gives the PID of the
    clip's video in a transport stream: changes of other programs divide nothing. Raises OSError.
    """
    with file_bytes(path) as data:
        if mpegts.find_packets(head[:2048]) is not None:
            changes = mpegts.video_changes(data)
            changes = mpegts.changes_of(changes, main_pid()) if changes else []
            starts = [0, *(change.tables for change in changes)]
            ends = [*(change.position for change in changes), len(data)]
            return tuple((start, end - start) for start, end in zip(starts, ends, strict=True)) if changes else ()
        starts = [0]
        for start in _further(data, head):
            starts.append(start)
            if len(starts) == _MOST_FOUND:
                break
        return tuple((start, end - start) for start, end in pairwise([*starts, len(data)])) if starts[1:] else ()


def _further(data: FileBytes, head: bytes) -> Iterator[int]:
    if head.startswith(_IVF):
        return _ivf(data)
    if head.startswith(_Y4M):
        return _y4m(data)
    return _mxf(data) if head.startswith(_PARTITION) else iter(())


def _ivf(data: FileBytes) -> Iterator[int]:
    """A frame has a size of 4 bytes and a time stamp of 8 before it; "DKIF" as a size would be a gigabyte."""
    at = int.from_bytes(data[6:8], "little")
    while at + _IVF_FRAME_BYTES <= len(data):
        start = data[at : at + 8]
        if start[:4] == _IVF:
            yield at
            at += max(int.from_bytes(start[6:8], "little"), 1)
        else:
            at += _IVF_FRAME_BYTES + int.from_bytes(start[:4], "little")


def _y4m(data: FileBytes) -> Iterator[int]:
    at, picture = 0, None
    while line := _line(data, at):
        if line.startswith(_Y4M):
            if at:
                yield at
            at, picture = at + len(line), _y4m_bytes(line)
        elif line.startswith(_Y4M_FRAME) and picture is not None:
            at += len(line) + picture
        else:
            return


def _line(data: FileBytes, at: int) -> bytes:
    line, newline, _ = data[at : at + _LONGEST_LINE].partition(b"\n")
    return line + newline if newline else b""


def _y4m_bytes(header: bytes) -> int | None:
    """The bytes of a picture by the header's tags; None where they are unknown."""
    tags = {tag[:1]: tag[1:] for tag in header.decode("latin-1").split()[1:]}
    kind, _, depth = tags.get("C", "420").partition("p")
    try:
        width, height = int(tags.get("W", "")), int(tags.get("H", ""))
        wide = 2 if depth.isdigit() and int(depth) > 8 else 1
        if kind.startswith("mono"):
            return width * height * (2 if kind[4:] not in ("", "8") else 1)
        across, down = _CHROMA[kind[:3]]
    except (ValueError, KeyError):
        return None
    alpha = width * height if kind.endswith("alpha") else 0
    return (width * height + alpha + 2 * -(-width // across) * -(-height // down)) * wide


def _mxf(data: FileBytes) -> Iterator[int]:
    """A file begins with the pack of its header, which tells where its footer is, behind which few items follow."""
    at = 0
    for _ in range(_MOST_ITEMS):
        key = data[at : at + 16]
        if len(key) < 16 or not key.startswith(_KEY):
            return
        content, length = _mxf_length(data, at + 16)
        if key.startswith(_PARTITION) and key[13] == _HEADER:
            if at:
                yield at
            footer = int.from_bytes(data[content + _MXF_FOOTER : content + _MXF_FOOTER + 8], "big")
            if content + length <= at + footer < len(data):
                at += footer
                continue
        at = content + length


def _mxf_length(data: FileBytes, at: int) -> tuple[int, int]:
    """Where the content of an item begins, and its length, by the field at a position (BER)."""
    first = data[at] if at < len(data) else 0
    if first < 0x80:
        return at + 1, first
    count = first & 0x7F
    return at + 1 + count, int.from_bytes(data[at + 1 : at + 1 + count], "big")
