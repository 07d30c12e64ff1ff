"""How many samples an MP4 file states without a byte for each: FFmpeg makes an entry in memory of every one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from inspector.engine.decode.formats.isobmff import Box, file_boxes, find, is_isobmff
from inspector.engine.regular_file import open_regular

_MOST_HEADER_BYTES = 64 << 20
_FEW = 500_000  # entries, which take some megabytes
_SOUND = b"soun"  # of which a sample may be a byte, as PCM has it


def states_too_many(path: Path, offset: int = 0) -> bool:
    """Whether pictures are stated for which the file has no room: 655 bytes took 5.7 GB. Raises OSError.

    With `offset` of the file that begins there, in another one.
    """
    status = path.stat()
    return _states_too_many(path, offset, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=16)  # a file is opened for each decoder
def _states_too_many(path: Path, offset: int, size: int, _changed_at: int) -> bool:
    if not is_isobmff(path, offset):
        return False
    in_fragments = 0
    with open_regular(path) as file:
        for box in file_boxes(file, offset, size):
            if box.kind == b"moov" and any(
                count > _most(kind, size) for kind, count in _of_tracks(_content(file, box))
            ):
                return True
            if box.kind == b"moof":
                in_fragments += _of_fragment(_content(file, box))
                if in_fragments > _most(_SOUND, size):
                    return True
    return False


def _most(kind: bytes, size: int) -> int:
    """The most samples of a track in a file of so many bytes: a coded picture has tens of them, and is listed."""
    return max(_FEW, size if kind == _SOUND else size // 8)


def _content(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.start)
    return file.read(min(box.end - box.start, _MOST_HEADER_BYTES, os.fstat(file.fileno()).st_size))


def _of_tracks(moov: bytes) -> Iterator[tuple[bytes, int]]:
    """Kind of each track, and how many samples its table of sizes states (ISO/IEC 14496-12, 8.7.3)."""
    for track in find(moov, "trak"):
        handler = next(find(moov, "mdia/hdlr", track.start, track.end), None)
        kind = b"" if handler is None else moov[handler.start + 8 : handler.start + 12]
        for sizes in find(moov, "mdia/minf/stbl/stsz", track.start, track.end):
            yield kind, int.from_bytes(moov[sizes.start + 8 : sizes.start + 12], "big")


def _of_fragment(moof: bytes) -> int:
    """How many samples the runs of a fragment state (8.8.8)."""
    return sum(int.from_bytes(moof[run.start + 4 : run.start + 8], "big") for run in find(moof, "traf/trun"))
