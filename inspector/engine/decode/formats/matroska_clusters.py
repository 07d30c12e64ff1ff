"""The clusters of a Matroska or WebM file (RFC 9559): time stamps before 0, and what its index shows to be missing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes, zeros_at_end
from inspector.engine.decode.formats.matroska import (
    SEGMENT,
    Element,
    block_ends,
    elements,
    header_at,
    leads_to_end,
    number_in,
    segment_end,
)

_CLUSTER, _CUES, _TAGS = b"\x1f\x43\xb6\x75", b"\x1c\x53\xbb\x6b", b"\x12\x54\xc3\x67"
_TIMESTAMP, _CRC, _VOID = 0xE7, 0xBF, 0xEC
_POINT, _CUE_TIME, _CUE_POSITIONS, _CUE_CLUSTER = 0xBB, 0xB3, 0xB7, 0xF1
_HEAD_BYTES, _LARGEST_CUES = 1 << 10, 16 << 20
_LARGEST_HEAD = 64  # of a cluster before its first block: its header, a checksum, padding, its time
_MOST_BYTES = 1 << 30  # searched for clusters


def stamps_before_zero(path: Path, positions: list[int]) -> dict[int, int]:
    """The time stamps below 0, in ticks, of the blocks at these positions in the file. Raises OSError.

    A block has a signed difference from its cluster's time; FFmpeg gives a block before 0 no time stamp.
    """
    found: dict[int, int] = {}
    with file_bytes(path) as data:
        clusters = list(_clusters(data, max(positions, default=0)))
        starts = [start for start, _ in clusters]
        for position in positions:
            at = bisect_right(starts, position) - 1
            block = data[position : position + 16]
            length = 9 - block[0].bit_length() if block and block[0] else 0  # of the track's number
            if at >= 0 and 0 < length <= len(block) - 2:
                time = clusters[at][1] + int.from_bytes(block[length : length + 2], "big", signed=True)
                if time < 0:
                    found[position] = time
    return found


def missing_parts(path: Path, keyframes: dict[int, int]) -> list[tuple[int, int, int]]:
    """Where bytes are missing, by the file's index: the positions of two keyframes, and how many bytes between them.

    `keyframes` are the positions of keyframes by their time stamps in ticks. The index (Cues) tells where the cluster
    of each began in the whole file. Raises OSError.
    """
    with file_bytes(path) as data:
        segment = next((item for item in elements(data[:_HEAD_BYTES], 0, _HEAD_BYTES) if item[0] == SEGMENT), None)
        starts = [start for start, _ in _clusters(data, len(data))]
        if segment is None or not starts:
            return []
        shifts = {}
        for time, declared in _cues(data):
            position = keyframes.get(time)
            at = -1 if position is None else bisect_right(starts, position) - 1
            if position is not None and at >= 0:
                shifts[position] = segment[1] + declared - starts[at]
    ordered = sorted(shifts.items())
    first = (starts[0], 0)
    return [
        (before, after, shift - earlier)
        for (before, earlier), (after, shift) in pairwise([first, *ordered])
        if shift > earlier
    ]


def is_read_to_end(path: Path, position: int) -> bool:
    """Whether the block whose content begins at `position`, the last one that was read, is the file's last one.

    Else it has run into a hole, or damaged bytes follow it. Raises OSError.
    """
    with file_bytes(path) as data:
        end, segment = len(data) - zeros_at_end(path), segment_end(path)
        if segment is not None and segment > position:
            end = min(end, segment)  # other programs may have put something behind it
        start = max(position - _LARGEST_HEAD, 0)
        ends = block_ends(data[start : position + 1], position - start)
        return not ends or any(leads_to_end(data, start + at, end) for at in ends)


def has_whole_end(path: Path, start: int) -> bool:
    """Whether an index or tags lie behind a position and the elements from there on end where the file does.

    Raises OSError.
    """
    with file_bytes(path) as data:
        found = [at for mark in (_CUES, _TAGS) if (at := data.find(mark, max(start, 0))) >= 0]
        tail = data[min(found) : min(found) + _LARGEST_CUES] if found else b""
        at = 0
        while at < len(tail):
            _, content, size = header_at(tail, at)
            if size is None or content + size > len(tail):
                return False
            at = content + size
        return bool(found) and min(found) + at == len(data)


def _clusters(data: FileBytes, stop: int) -> Iterator[tuple[int, int]]:
    """The position and the time stamp of each cluster that begins before `stop`."""
    stop = min(stop, _MOST_BYTES)
    at = data.find(_CLUSTER, 0, stop)
    while at >= 0:
        head = data[at : at + _LARGEST_HEAD]
        cluster = next(elements(head, 0, len(head)), None)
        inside = [] if cluster is None else list(elements(head, cluster[1], len(head)))
        kinds = [kind for kind, *_ in inside]
        while kinds and kinds[0] in (_CRC, _VOID):
            kinds.pop(0)
        if kinds[:1] == [_TIMESTAMP]:
            yield at, number_in(head, inside, _TIMESTAMP) or 0
        at = data.find(_CLUSTER, at + 4, stop)


def _cues(data: FileBytes) -> Iterator[tuple[int, int]]:
    """The time stamp of each entry of the index, and the position of its cluster in the segment."""
    at = data.find(_CUES)
    while at >= 0:
        content = data[at : at + _LARGEST_CUES]
        _, start, end = next(elements(content, 0, len(content)), (0, 0, 0))
        points = list(elements(content, start, end))
        if points and points[0][0] in (_POINT, _CRC, _VOID):  # else it is the list of what lies where
            yield from _entries(content, points)
            return
        at = data.find(_CUES, at + 4)


def _entries(content: bytes, points: list[Element]) -> Iterator[tuple[int, int]]:
    for point, first, last in points:
        inside = list(elements(content, first, last))
        time = number_in(content, inside, _CUE_TIME)
        places = next((item for item in inside if item[0] == _CUE_POSITIONS), None)
        if point == _POINT and time is not None and places is not None:
            position = number_in(content, elements(content, places[1], places[2]), _CUE_CLUSTER)
            if position is not None:
                yield time, position
