"""ISO base media files (MP4, MOV, HEIF, AVIF; ISO/IEC 14496-12): their boxes, and the clean aperture of a track."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inspector.engine.regular_file import open_regular

_MOST_BOXES = 10_000  # in one container box; more of them are a damaged or hostile file
_MOST_FILE_BOXES = 200_000  # two for each fragment; a recording of a day has fragments of a second
_ALPHA = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0", b"urn:mpeg:hevc:2015:auxid:1\0")
_LARGEST_TABLE = 64 << 20
_FIRST_KINDS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_SAMPLE_ENTRY_BYTES = 78  # of a VisualSampleEntry before its boxes


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its type, and where its content lies in the file or buffer."""

    kind: bytes
    start: int
    end: int


def boxes(data: bytes | bytearray | memoryview, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes between two positions of a buffer, as far as they are whole."""
    stop = len(data) if end is None else min(end, len(data))
    for _ in range(_MOST_BOXES):
        if start + 8 > stop:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1 and start + 16 <= stop:
            (size,), header = struct.unpack_from(">Q", data, start + 8), 16
        elif size == 0:
            size = stop - start
        if size < header or start + size > stop:
            return
        yield Box(kind, start + header, start + size)
        start += size


def find(data: bytes | bytearray | memoryview, path: str, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """All boxes at a path such as "mdia/minf/stbl" below a position."""
    first, _, rest = path.partition("/")
    for box in boxes(data, start, end):
        if box.kind == first.encode("latin-1"):
            yield from find(data, rest, box.start, box.end) if rest else (box,)


def file_boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The top-level boxes between two positions of an open file; the last one may reach past `end`."""
    for _ in range(_MOST_FILE_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        if len(head) < 8:
            return
        size, kind = struct.unpack_from(">I4s", head)
        header = 8
        if size == 1 and len(head) == 16:
            (size,), header = struct.unpack_from(">Q", head, 8), 16
        elif size == 0:
            size = end - start
        if size < header:
            return
        yield Box(kind, start + header, start + size)
        start += size


def read_table(path: Path, kind: bytes, offset: int = 0) -> bytes:
    """The content of a file's first top-level box of a kind, b"" where there is none or it is larger than 64 MB.

    With `offset` that of the file that begins there, in another one. Raises OSError.
    """
    size = path.stat().st_size
    with open_regular(path) as file:
        for box in file_boxes(file, offset, size):
            if box.kind == kind:
                length = min(box.end, size) - box.start
                if length > _LARGEST_TABLE:
                    return b""
                file.seek(box.start)
                return file.read(length)
    return b""


def is_isobmff(path: Path, offset: int = 0) -> bool:
    """Whether a file, or the part of it from `offset` on, begins as these files do. Raises OSError."""
    with open_regular(path) as file:
        file.seek(offset)
        return file.read(8)[4:] in _FIRST_KINDS


def most_samples(moov: bytes) -> int:
    """The number of pictures of the longest picture track; 0 without one."""
    most = 0
    for track in find(moov, "trak"):
        handler = next(find(moov, "mdia/hdlr", track.start, track.end), None)
        if handler is None or moov[handler.start + 8 : handler.start + 12] not in (b"vide", b"pict"):
            continue
        for sizes in find(moov, "mdia/minf/stbl/stsz", track.start, track.end):
            most = max(most, int.from_bytes(moov[sizes.start + 8 : sizes.start + 12], "big"))
    return most


def has_alpha_track(path: Path) -> bool:
    """Whether a track of the file says that it holds the transparency of another one (`auxi`, ISO/IEC 23008-12)."""
    moov = read_table(path, b"moov")
    entries = (moov[box.start : box.end] for box in find(moov, "trak/mdia/minf/stbl/stsd"))
    return any(name in entry for entry in entries for name in _ALPHA)


def clean_aperture(path: Path, track_id: int, width: int, height: int) -> tuple[int, int, int, int]:
    """The stored pixels outside a track's clean aperture (`clap`, 12.1.4): left, top, right, bottom."""
    moov = read_table(path, b"moov")
    found = (aperture(moov, box, width, height) for box in _of_sample_entries(moov, track_id, "clap"))
    return next(found, (0, 0, 0, 0))


def needs_dolby_vision(path: Path, track_id: int) -> bool:
    """Whether the colours of a track are those of Dolby Vision alone (profiles 5 and 10 without a compatible base)."""
    moov = read_table(path, b"moov")
    for box in _of_sample_entries(moov, track_id, "dvcC", "dvvC"):
        data = moov[box.start : box.end].ljust(5, b"\xff")
        return data[2] >> 1 in (5, 10) and not data[4] >> 4
    return False


def _of_sample_entries(moov: bytes, track_id: int, *kinds: str) -> Iterator[Box]:
    """The boxes of these kinds in the sample entries of a track."""
    for track in find(moov, "trak"):
        if track_id_of(moov, track) != track_id:
            continue
        for table in find(moov, "mdia/minf/stbl/stsd", track.start, track.end):
            for entry in boxes(moov, table.start + 8, table.end):
                for kind in kinds:
                    yield from find(moov, kind, entry.start + _SAMPLE_ENTRY_BYTES, entry.end)


def track_id_of(data: bytes, track: Box) -> int | None:
    """The identifier in a track's header."""
    header = next(find(data, "tkhd", track.start, track.end), None)
    if header is None:
        return None
    at = header.start + (20 if data[header.start : header.start + 1] == b"\x01" else 12)
    return int.from_bytes(data[at : at + 4], "big")


def aperture(data: bytes, box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """The pixels of a picture outside the clean aperture that a box declares: left, top, right, bottom."""
    if box.end - box.start < 32:
        return 0, 0, 0, 0
    values = struct.unpack_from(">4I", data, box.start)
    offsets = struct.unpack_from(">iIiI", data, box.start + 16)
    if not all((values[1], values[3], offsets[1], offsets[3])):
        return 0, 0, 0, 0
    left, right = _sides(width, values[0] / values[1], offsets[0] / offsets[1])
    top, bottom = _sides(height, values[2] / values[3], offsets[2] / offsets[3])
    return left, top, right, bottom


def _sides(stored: int, clean: float, offset: float) -> tuple[int, int]:
    """Whole pixels before and behind the clean aperture of one dimension, whose centre is moved by `offset`."""
    size = round(clean)
    if not 0 < size <= stored:
        return 0, 0
    before = round((stored - size) / 2 + offset)
    return (before, stored - size - before) if 0 <= before <= stored - size else (0, 0)
