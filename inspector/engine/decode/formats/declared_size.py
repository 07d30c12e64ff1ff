"""The size that a file declares for itself in its header; one that is larger than the file shows that it breaks off."""

from __future__ import annotations

import struct
from pathlib import Path

from inspector.engine.decode.formats import tiff
from inspector.engine.decode.formats.isobmff import file_boxes
from inspector.engine.decode.formats.matroska import segment_end
from inspector.engine.regular_file import open_regular

_HEAD_BYTES, _STILL_HEAD_BYTES = 1 << 16, 16
# ASF: the GUID of the File Properties Object; the file's size follows the object's size and the file's GUID.
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_INDEX = bytes.fromhex("90080033b1e5cf1189f400a0c90349cb")  # the GUID of the Simple Index Object
_MOST_TAIL_BYTES = 1 << 26
_LONGEST_SECONDS = 1e6  # more than that is a damaged header
_BROADCAST = 1  # a flag of the ASF header: what it declares is not valid
_FLV_SIZE = b"\0\x08filesize\0"  # a key of onMetaData with a number (AMF0)


def declared_size(path: Path, container: str) -> int | None:
    """The declared size of a Matroska, WebM, ASF or FLV file in bytes; None where there is none. Raises OSError."""
    if container.startswith("matroska"):
        return segment_end(path)
    with open_regular(path) as file:
        head = file.read(_HEAD_BYTES)
    if container == "asf":
        at = head.find(_ASF_PROPERTIES)
        size = _number(head, "<Q", at + 40) if at >= 0 else None
        return None if size is None else int(size)
    if container == "flv":
        at = head.find(_FLV_SIZE)
        size = _number(head, ">d", at + len(_FLV_SIZE)) if at >= 0 else None
        return int(size) if size and 0 < size < 1 << 62 else None
    return None


def still_size(path: Path) -> int | None:
    """How many bytes a WebP, HEIF, AVIF or TIFF file declares at least; None for another one. Raises OSError."""
    with open_regular(path) as file:
        head = file.read(_STILL_HEAD_BYTES)
        if head[:4] == b"RIFF" and len(head) >= 8:
            return 8 + int.from_bytes(head[4:8], "little")
        if head.startswith(tiff.MAGIC):
            return tiff.first_directory(head) + 2
        if head[4:8] == b"ftyp":
            return max((box.end for box in file_boxes(file, 0, path.stat().st_size)), default=None)
    return None


def asf_seconds(path: Path) -> float | None:
    """The play duration of an ASF file less the time of buffering before it, None in a live one. Raises OSError."""
    with open_regular(path) as file:
        head = file.read(_HEAD_BYTES)
    at = head.find(_ASF_PROPERTIES)
    if at < 0 or len(head) < at + 92 or head[at + 88] & _BROADCAST:
        return None
    play, preroll = struct.unpack_from("<Q", head, at + 64)[0], struct.unpack_from("<Q", head, at + 80)[0]
    seconds = float(play / 1e7 - preroll / 1e3)
    return seconds if 0 < seconds < _LONGEST_SECONDS else None


def asf_packet_bytes(path: Path) -> int:
    """The size of an ASF file's data packets, all but the last of which are filled up; 0 if unknown. Raises OSError."""
    with open_regular(path) as file:
        head = file.read(_HEAD_BYTES)
    at = head.find(_ASF_PROPERTIES)
    return int.from_bytes(head[at + 96 : at + 100], "little") if at >= 0 else 0


def index_start(path: Path, data_end: int) -> int:
    """Where the index behind the data of an ASF file begins, else where the file ends, in bytes. Raises OSError."""
    with open_regular(path) as file:
        file.seek(max(data_end, 0))
        found = file.read(_MOST_TAIL_BYTES).find(_ASF_INDEX)
    return path.stat().st_size if found < 0 else max(data_end, 0) + found


def _number(data: bytes, kind: str, at: int) -> float | int | None:
    if at + struct.calcsize(kind) > len(data):
        return None
    value: float | int = struct.unpack_from(kind, data, at)[0]
    return value or None
