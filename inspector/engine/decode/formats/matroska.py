"""Matroska and WebM (RFC 9559): their elements, where they end, and cropping, which FFmpeg's decoders do not apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from inspector.engine.decode.formats.file_bytes import FileBytes
from inspector.engine.regular_file import open_regular

SEGMENT, _SEEK_HEAD, _SEEK, _SEEK_ID, _SEEK_POSITION = 0x18538067, 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
_TRACKS, _TRACK, _TRACK_TYPE, _VIDEO, _CLUSTER = 0x1654AE6B, 0xAE, 0x83, 0xE0, 0x1F43B675
_CUES, _TAGS, _ATTACHMENTS, _CHAPTERS, _INFO = 0x1C53BB6B, 0x1254C367, 0x1941A469, 0x1043A770, 0x1549A966
_BEHIND_CLUSTERS = {_CUES, _TAGS, _ATTACHMENTS, _CHAPTERS, _INFO, _SEEK_HEAD, _TRACKS, SEGMENT, 0x1A45DFA3}
_GROUP, _BLOCKS, _MOST_BLOCK_HEADER, _MOST_GROUP_HEADER = 0xA0, (0xA1, 0xA3), 12, 24
_MOST_BESIDE = 256  # elements between two blocks
_TRACK_NUMBERS = range(0x81, 0xA1)  # those up to 32, as a block begins with them
# What stands beside blocks: additions, duration, references, padding and state; time, position, size and silent tracks
# of a cluster; padding and checksums; and what older programs wrote (RFC 9559, appendix A).
_BESIDE_BLOCKS = {0x75A1, 0x9B, 0xFB, 0xFA, 0x75A2, 0xA4, 0xE7, 0xA7, 0xAB, 0x5854, 0xEC, 0xBF, 0xA2, 0xFD, 0x8E, 0xC8}
_ENCRYPTION = (SEGMENT, _TRACKS, _TRACK, 0x6D80, 0x6240, 0x5035)  # ContentEncodings, ContentEncoding, ContentEncryption
_CROP = {0x54CC: 0, 0x54BB: 1, 0x54DD: 2, 0x54AA: 3}  # left, top, right, bottom
_HEAD_BYTES, _LARGEST_TRACKS = 1 << 20, 16 << 20
_VIDEO_TRACK = 1

Element = tuple[int, int, int]
"""ID, start and end of the content."""

Crop = tuple[int, int, int, int]


def crops(path: Path) -> list[Crop]:
    """PixelCropLeft, -Top, -Right and -Bottom of each video track, in the file's order; [] where they are not found."""
    with open_regular(path) as file:
        tracks = _tracks(file)
    found: list[Crop] = []
    for kind, start, end in elements(tracks, 0, len(tracks)):
        if kind != _TRACK:
            continue
        inside = list(elements(tracks, start, end))
        if number_in(tracks, inside, _TRACK_TYPE) == _VIDEO_TRACK:
            video = next((item for item in inside if item[0] == _VIDEO), None)
            found.append((0, 0, 0, 0) if video is None else _crop(tracks, video))
    return found


def is_encrypted(head: bytes) -> bool:
    """Whether a track in the first bytes of a file says that it is encrypted, as protected WebM does."""

    def inside(start: int, end: int, path: tuple[int, ...]) -> bool:
        found = [(first, last) for kind, first, last in elements(head, start, end) if kind == path[0]]
        return any(len(path) == 1 or inside(*range_, path[1:]) for range_ in found)

    return inside(0, len(head), _ENCRYPTION)


def segment_end(path: Path) -> int | None:
    """Where the declared segment ends, in bytes; None if it is of unknown size, as in a live recording."""
    with open_regular(path) as file:
        head = file.read(_HEAD_BYTES)
    header = next(elements(head, 0, len(head)), None)
    kind, content, size = header_at(head, header[2] if header else 0)
    return content + size if kind == SEGMENT and size is not None and size != len(head) else None


def _crop(data: bytes, video: Element) -> Crop:
    sides = [0, 0, 0, 0]
    for kind, start, end in elements(data, video[1], video[2]):
        if kind in _CROP:
            sides[_CROP[kind]] = int.from_bytes(data[start:end], "big")
    return sides[0], sides[1], sides[2], sides[3]


def _tracks(file: BinaryIO) -> bytes:
    """The content of the Tracks element: before the first cluster, or where the seek head says."""
    head = file.read(_HEAD_BYTES)
    segment = next((item for item in elements(head, 0, len(head)) if item[0] == SEGMENT), None)
    if segment is None:
        return b""
    for kind, start, end in elements(head, segment[1], len(head)):
        if kind == _TRACKS and end <= len(head):
            return head[start:end]
        if kind == _SEEK_HEAD:
            position = _position_of_tracks(head, start, end)
            if position is not None:
                return _tracks_at(file, segment[1] + position)
        if kind == _CLUSTER:
            break
    return b""


def _tracks_at(file: BinaryIO, position: int) -> bytes:
    file.seek(position)
    data = file.read(_LARGEST_TRACKS)
    element = next(elements(data, 0, len(data)), None)
    return data[element[1] : element[2]] if element is not None and element[0] == _TRACKS else b""


def _position_of_tracks(data: bytes, start: int, end: int) -> int | None:
    for kind, first, last in elements(data, start, end):
        if kind == _SEEK:
            inside = list(elements(data, first, last))
            if number_in(data, inside, _SEEK_ID) == _TRACKS:
                return number_in(data, inside, _SEEK_POSITION)
    return None


def number_in(data: bytes, found: Iterable[Element], kind: int) -> int | None:
    """The unsigned integer in the first of the elements with that ID; None where there is none."""
    return next((int.from_bytes(data[start:end], "big") for other, start, end in found if other == kind), None)


def elements(data: bytes, start: int, end: int) -> Iterator[Element]:
    """The EBML elements (RFC 8794) between two positions; one of unknown or too large a size reaches to the end."""
    while start < end:
        kind, content, size = header_at(data, start)
        if kind is None or size is None:
            return
        stop = min(content + size, end)
        yield kind, content, stop
        start = stop


def leads_to_block(data: bytes, end: int) -> bool:
    """Whether elements lead from the end of a block to the next one, whose content begins at `end` in `data` or behind.

    `data` begins behind the content of the block less its header, of a few bytes.
    """
    return any(_leads_to_block(data, at, end) for at in range(_MOST_BLOCK_HEADER))


def _leads_to_block(data: bytes, at: int, end: int) -> bool:
    for _ in range(_MOST_BESIDE):
        kind, content, size = header_at(data, at)
        if kind in _BLOCKS:
            return content == end
        is_around = kind in (_GROUP, _CLUSTER)
        if size is None or not (is_around or kind in _BESIDE_BLOCKS):
            return False
        at = content if is_around else content + size
    return False


def block_ends(data: bytes, at: int) -> list[int]:
    """Where the block may end whose content begins at `at`, by each header that its bytes before that may be."""
    found = []
    for start in range(at - 2, max(at - _MOST_BLOCK_HEADER, 0) - 1, -1):
        kind, content, size = header_at(data, start)
        if kind in _BLOCKS and content == at and size is not None:
            found.append(at + size)
    return found


def leads_to_end(data: FileBytes, at: int, end: int) -> bool:
    """Whether elements lead from the end of a block, at `at`, to what lies behind all clusters. Raises OSError.

    That is an index, tags or the like, the `end` of what was written, or a block that breaks off with the file.
    """
    for _ in range(_MOST_BESIDE):
        if end - at < _MOST_BLOCK_HEADER:
            return True
        head = data[at : at + _MOST_GROUP_HEADER]
        kind, content, size = header_at(head, 0)
        if kind in _BEHIND_CLUSTERS:
            return True
        if size is None or not (kind in (_GROUP, _CLUSTER) or kind in _BLOCKS or kind in _BESIDE_BLOCKS):
            return False
        if kind != _CLUSTER and at + content + size > end:
            return at + content + size <= len(data) or _begins_block(head)
        at += content if kind in (_GROUP, _CLUSTER) else content + size
    return True  # so many do not follow each other by chance


def _begins_block(head: bytes) -> bool:
    """Whether a block of one of the first tracks begins here, or a group with one."""
    kind, content, _ = header_at(head, 0)
    if kind == _GROUP:
        kind, content, _ = header_at(head, content)
    return kind in _BLOCKS and content < len(head) and head[content] in _TRACK_NUMBERS


def header_at(data: bytes, at: int) -> tuple[int | None, int, int | None]:
    """The ID of the element at a position, where its content begins, and its declared size; None where unreadable.

    The size of one that declares none, as in a live recording, is the length of `data`.
    """
    kind, behind = _variable(data, at, keep_marker=True)
    size, content = _variable(data, behind, keep_marker=False)
    return kind, content, None if kind is None else size


def _variable(data: bytes, at: int, *, keep_marker: bool) -> tuple[int | None, int]:
    """An EBML variable-size integer and the position behind it; None where there is none."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if first == 0 or at + length > len(data):
        return None, at
    value = int.from_bytes(data[at : at + length], "big")
    if keep_marker:
        return value, at + length
    mask = (1 << 7 * length) - 1
    return (len(data) if value & mask == mask else value & mask), at + length
