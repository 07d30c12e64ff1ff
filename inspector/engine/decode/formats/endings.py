"""How a container that states no length ends: with a mark of its end, in the middle of a packet, or neither."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path

from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes
from inspector.engine.regular_file import open_regular

_TAIL_BYTES = 1 << 18  # more than the longest Ogg page and the longest packet of a program stream
_TS_BYTES = 188
_TS_DISTANCES = (188, 192, 204)  # plain, with a time stamp before, with error correction behind
_TS_SYNC, _TS_AGREEING = 0x47, 4
_PACK, _PROGRAM_END = b"\0\0\1\xba", b"\0\0\1\xb9"
_OGG_END = 4  # a bit of the page's flags
_GIF_EXTENSION, _GIF_IMAGE, _GIF_TRAILER = 0x21, 0x2C, 0x3B
_MOST_FLV_TAG = 1 << 24


class Ending(Enum):
    """What the last bytes of a file tell."""

    MARKED = "marked"
    CUT = "cut"
    UNKNOWN = "unknown"


def ending(path: Path, container: str) -> Ending:
    """How a file in one of FFmpeg's formats mpegts, mpeg, ogg, flv and gif ends; others are UNKNOWN. Raises OSError."""
    if container == "gif":
        with file_bytes(path) as data:
            return _gif(data)
    read = {"mpegts": _transport_stream, "mpeg": _program_stream, "ogg": _ogg, "flv": _flv}.get(container)
    if read is None:
        return Ending.UNKNOWN
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(size - (_MOST_FLV_TAG if container == "flv" else _TAIL_BYTES), 0))
        return read(file.read())


def _transport_stream(tail: bytes) -> Ending:
    """Cut where a packet begins behind whole ones, and is shorter than they are."""
    for distance in _TS_DISTANCES:
        for start in range(max(len(tail) - _TS_BYTES + 1, distance * _TS_AGREEING), len(tail)):
            if all(tail[start - back * distance] == _TS_SYNC for back in range(_TS_AGREEING + 1)):
                return Ending.CUT
    return Ending.UNKNOWN


def _program_stream(tail: bytes) -> Ending:
    """Follow the packets (ISO/IEC 13818-1, 2.5.3) from the last pack header that the tail holds whole packets of."""
    if tail.rstrip(b"\0").endswith(_PROGRAM_END):
        return Ending.MARKED
    at = tail.find(_PACK)
    while 0 <= at < len(tail):
        start = tail[at : at + 4]
        if len(start) < 4:
            return Ending.CUT if b"\0\0\1".startswith(start[:3]) else Ending.UNKNOWN
        if start == _PACK:
            header = tail[at + 4 : at + 14]
            is_second = header[:1] >= b"\x40"  # MPEG-2; the header of MPEG-1 has two bits 00 there
            if len(header) < (10 if is_second else 8):
                return Ending.CUT
            at += 14 + (header[9] & 7) if is_second else 12
        elif start[:3] == b"\0\0\1" and start[3] >= 0xBB:
            length = tail[at + 4 : at + 6]
            at += 6 + int.from_bytes(length, "big") if len(length) == 2 else 6
        else:
            at = tail.find(_PACK, at)  # damaged here; go on behind it
    return Ending.CUT if at > len(tail) else Ending.UNKNOWN


def _ogg(tail: bytes) -> Ending:
    """The last page (RFC 3533, 6) bears the mark of the end, unless the file breaks off or is being written."""
    at = tail.rfind(b"OggS")
    page = tail[at:] if at >= 0 else b""
    if len(page) < 27 or len(page) < 27 + page[26]:
        return Ending.CUT if page else Ending.UNKNOWN
    is_whole = len(page) >= 27 + page[26] + sum(page[27 : 27 + page[26]])
    return Ending.MARKED if is_whole and page[5] & _OGG_END else Ending.CUT


def _flv(tail: bytes) -> Ending:
    """The last four bytes are the size of the tag before them; cut where there is no such tag."""
    size = int.from_bytes(tail[-4:], "big")
    start = len(tail) - 4 - size
    is_whole = size >= 11 and start >= 0 and int.from_bytes(tail[start + 1 : start + 4], "big") + 11 == size
    return Ending.UNKNOWN if is_whole else Ending.CUT


def _gif(data: FileBytes) -> Ending:
    """Follow the blocks (GIF89a, appendix A) to the trailer; other bytes may lie behind it.

    Some writers leave it out, so that a file which ends with a whole block may be whole.
    """
    at = 13 + _colours(data[10:11])
    while at < len(data):
        kind = data[at]
        if kind == _GIF_TRAILER:
            return Ending.MARKED
        if kind == _GIF_IMAGE:
            at += 11 + _colours(data[at + 9 : at + 10])  # with the code size before the data
        elif kind == _GIF_EXTENSION:
            at += 2
        else:
            return Ending.UNKNOWN
        while at < len(data) and (size := data[at]):
            at += size + 1
        at += 1
    return Ending.CUT if at > len(data) else Ending.UNKNOWN


def _colours(flags: bytes) -> int:
    """The bytes of a table of colours, by the flags of its image."""
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0
