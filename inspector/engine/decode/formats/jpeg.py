"""JPEG files (ISO/IEC 10918-1): where a picture ends, what follows it, and the pictures that CIPA DC-007 indexes."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.engine.decode.formats.file_bytes import FileBytes

SOI = b"\xff\xd8\xff"
_EOI, _SOS, _APP2 = 0xD9, 0xDA, 0xE2
_SIZES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}  # start of frame
_PROGRESSIVE = 0xC2
_COMMON = {0xC0, 0xC1, _PROGRESSIVE}
DEEP = "a JPEG picture with more than 8 bits a sample"  # which nothing here reads
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_MOST_SEGMENTS = 10_000
_MOST_PICTURES = 256
_EXIF = b"Exif\x00\x00"
# Cameras fill up to the next block of their disk; of a run of any length the end would be searched for minutes.
_MOST_PADDING = 1 << 20
_PADDING = re.compile(rb"[\x00\r\n\xff]*?(?=\xff\xd8\xff)")
_BLOCK = 1 << 16
# Pictures of one size with other bytes between them are a stream from so many further ones on: no photo has them.
_LEAST_SCATTERED, _FARTHEST = 3, 1 << 16
_MOST_SEARCHED = 4 << 20
_ENTRY_BYTES = 16
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")

Buffer = bytes | FileBytes


@dataclass(frozen=True, slots=True)
class Jpeg:
    """One JPEG picture in a buffer: its end, size, and the position of its MP index if it has one."""

    end: int
    width: int
    height: int
    index_at: int | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """A picture of a multi-picture file: the MP type code (CIPA DC-007, 5.2.3.3), and where it is."""

    kind: int
    offset: int
    length: int


def parse(data: Buffer, start: int = 0) -> Jpeg | None:
    """The JPEG that begins at a position; None where there is none or it breaks off."""
    if data[start : start + 3] != SOI:
        return None
    at, width, height, index_at = start + 2, 0, 0, None
    for _ in range(_MOST_SEGMENTS):
        at = data.find(b"\xff", at)
        at = at if at < 0 else marker_start(data, at)
        if at < 0 or at + 4 > len(data):
            return Jpeg(at + 2, width, height, index_at) if data[at : at + 2] == b"\xff\xd9" else None
        marker = data[at + 1]
        if marker == _EOI:
            return Jpeg(at + 2, width, height, index_at)
        if marker == 0 or marker in _ALONE:
            at += 2
            continue
        length = _number(data, at + 2)
        if marker in _SIZES and at + 9 <= len(data):
            height, width = _number(data, at + 5), _number(data, at + 7)
        elif marker == _APP2 and data[at + 4 : at + 8] == b"MPF\x00":
            index_at = at + 8
        at += 2 + length
        if marker == _SOS:
            at = scan_end(data, at)
    return None


def whole_pictures(data: bytes) -> Iterator[tuple[int, int]]:
    """Where whole JPEG pictures begin and end in a buffer, whatever lies between them."""
    at = data.find(SOI)
    while at >= 0:
        end = _strict_end(data, at)
        if end:
            yield at, end
        at = data.find(SOI, end or at + 2)


def _strict_end(data: Buffer, start: int) -> int:
    """The end of a picture whose segments follow each other without a byte between them; 0 where there is none."""
    at, has_size = start + 2, False
    for _ in range(_MOST_SEGMENTS):
        if data[at : at + 1] != b"\xff":
            return 0
        at = marker_start(data, at)
        marker = data[at + 1] if at + 1 < len(data) else 0
        if marker == _EOI:
            return at + 2 if has_size else 0
        if marker not in _ALONE:
            has_size = has_size or marker in _SIZES
            at += _number(data, at + 2)
        at += 2
        if marker == _SOS:
            at = scan_end(data, at)
    return 0


def marker_start(data: Buffer, at: int) -> int:
    """The last 0xFF of those that begin at a position: any number of them may stand before a marker (B.1.1.2)."""
    while block := data[at : at + _BLOCK]:
        count = len(block) - len(block.lstrip(b"\xff"))
        at += count
        if count < len(block):
            break
    return at - 1


def scan_end(data: Buffer, at: int) -> int:
    """The next marker behind entropy-coded data, in which 0xFF is followed by 0 or a restart marker."""
    while block := data[at : at + _BLOCK]:
        if (found := _MARKER.search(block)) is not None:
            return at + found.start()
        at += max(len(block) - 1, 1)  # a marker may begin with the last byte
    return len(data)


def next_picture(data: Buffer, end: int) -> int | None:
    """The start of another JPEG that follows directly, or after padding, on one that ends at `end`."""
    if data[end : end + len(SOI)] == SOI:
        return end
    found = _PADDING.match(data[end : end + _MOST_PADDING + len(SOI)])
    return None if found is None else end + found.end()


def _number(data: Buffer, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


def is_sequence(data: Buffer) -> bool:
    """Whether the buffer begins with JPEG pictures of one size in a row, as IP cameras write video.

    Pictures that an MP index lists (stereo pairs, previews, gain maps) are none.
    """
    first = parse(data)
    if first is None or first.index_at is not None:
        return False
    start = next_picture(data, first.end)
    if start is None:
        return data.find(_EXIF, 0, first.end) < 0 and _is_scattered(data, first)
    second = parse(data, start)
    if second is None:  # the buffer ends in it
        return _size_of(data, start) in (None, (first.width, first.height))
    if (second.width, second.height) != (first.width, first.height):
        return False
    # Phones append a second version of a photo; their photos have EXIF data, which no camera writes into a stream.
    return next_picture(data, second.end) is not None or data.find(_EXIF, 0, first.end) < 0


def _is_scattered(data: Buffer, first: Jpeg) -> bool:
    """Whether further pictures of the size of the first one follow, with other bytes between them."""
    end = first.end
    for _ in range(_LEAST_SCATTERED):
        start = _find_whole(data, end, end + _FARTHEST)
        found = parse(data, start) if start >= 0 else None
        if found is None or (found.width, found.height) != (first.width, first.height):
            return False
        end = found.end
    return True


def hidden_pictures(data: Buffer) -> tuple[int, bool] | None:
    """Where the first JPEG lies behind other bytes, and whether more of its size follow; None in the first 4 MiB."""
    start = _find_whole(data, 0, _MOST_SEARCHED)
    while start >= 0:
        first = parse(data, start)
        if first is not None:
            following = next_picture(data, first.end)
            second = None if following is None else parse(data, following)
            is_row = second is not None and (second.width, second.height) == (first.width, first.height)
            return start, is_row or _is_scattered(data, first)
        start = _find_whole(data, start + 2, _MOST_SEARCHED)
    return None


def _find_whole(data: Buffer, start: int, stop: int) -> int:
    """The first position from `start` on, before `stop`, at which a whole JPEG begins; -1 where there is none."""
    at = data.find(SOI, start, stop)
    while at >= 0 and not _strict_end(data, at):
        at = data.find(SOI, at + 2, stop)
    return at


def _size_of(data: Buffer, start: int) -> tuple[int, int] | None:
    """The size of a JPEG that breaks off; None when it does so before the size."""
    at = _frame_header(data, start)
    return None if at is None else (_number(data, at + 7), _number(data, at + 5))


def is_common(data: Buffer, start: int, *, sequential: bool = False) -> bool:
    """Whether a picture is coded as nearly all are, with 8 bits and Huffman codes: sequential or progressive."""
    at = _frame_header(data, start)
    kinds = _COMMON - {_PROGRESSIVE} if sequential else _COMMON
    return at is not None and data[at + 1] in kinds and data[at + 4] == 8


def is_deep(data: Buffer) -> bool:
    """Whether a picture has more than 8 bits a sample."""
    at = _frame_header(data, 0)
    return at is not None and data[at + 4] > 8


def _frame_header(data: Buffer, start: int) -> int | None:
    """Where the segment with the size of a picture begins; None when it breaks off before that."""
    at = start + 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        at = marker_start(data, at)
        if data[at + 1] in _SIZES:
            return at if at + 9 <= len(data) else None
        at += 2 + _number(data, at + 2)
    return None


def indexed_pictures(data: Buffer, picture: Jpeg) -> list[Indexed]:
    """The pictures that the MP index of the first picture lists, without that one."""
    base = picture.index_at
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[base : base + 2])) if base is not None else None
    if base is None or order is None:
        return []
    try:
        (at,) = _unpacked(data, f"{order}I", base + 4)
        (count,) = _unpacked(data, f"{order}H", base + at)
        for number in range(min(count, 32)):
            tag, _, size, value = _unpacked(data, f"{order}HHII", base + at + 2 + 12 * number)
            if tag == 0xB002:
                return _entries(data, base, value, size // _ENTRY_BYTES, order)
    except struct.error:
        pass
    return []


def _unpacked(data: Buffer, kind: str, at: int) -> tuple[int, ...]:
    """Raises struct.error behind the end of the buffer."""
    return struct.unpack(kind, data[at : at + struct.calcsize(kind)])


def _entries(data: Buffer, base: int, at: int, count: int, order: str) -> list[Indexed]:
    found = []
    for number in range(min(count, _MOST_PICTURES)):
        attribute, length, offset = _unpacked(data, f"{order}III", base + at + _ENTRY_BYTES * number)
        if offset and data[base + offset : base + offset + 3] == SOI:
            found.append(Indexed(attribute & 0xFFFFFF, base + offset, length))
    return found
