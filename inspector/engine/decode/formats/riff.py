"""The chunks of an AVI file, and its index: FFmpeg passes over empty chunks, and counts on behind damaged ones."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from inspector.domain.arrays import Flags, PtsArray
from inspector.engine.regular_file import open_regular

_LISTS = {b"RIFF", b"LIST"}
_NAME = re.compile(rb"RIFF|LIST|JUNK|idx1|ix\d\d|\d\d[a-z]{2}|[A-Za-z]{4}")
_OTHER_CHUNKS = re.compile(rb"RIFF|LIST|JUNK|idx1|ix\d\d")
_EMPTY_CHUNKS = re.compile(rb"\0?(\d\d[a-z]{2}\0{4})+\d\d[a-z]{2}.{4}", re.DOTALL)
_MAX_CHUNKS = 10_000_000
_MOST_TOP_CHUNKS = 1000
_INDEX_ROW = np.dtype([("name", "S4"), ("flags", "<u4"), ("offset", "<u4"), ("size", "<u4")])
_MOST_INDEX_BYTES = 64 << 20
_KEYFRAME = 0x10  # a flag of an entry
_VOTES = 64


@dataclass(frozen=True, slots=True)
class Chunks:
    """How many chunks of a stream are empty, and how many bytes the file lacks to its declared end."""

    empty: int = 0
    missing_bytes: int = 0


def read_chunks(path: Path, stream: int) -> Chunks:
    """Go through the chunks of an AVI file up to its end or the first broken one. Raises OSError."""
    wanted = _names(stream)
    empty = missing = 0
    with open_regular(path) as file:
        end = os.fstat(file.fileno()).st_size
        at = 0
        for _ in range(_MAX_CHUNKS):
            name, size = _header(file, at)
            if not _NAME.fullmatch(name):
                break  # the size of a damaged chunk tells nothing
            missing = max(missing, at + 8 + size - end)
            empty += name in wanted and not size
            # A list's chunks follow its four-byte type.
            at += 12 if name in _LISTS else 8 + size + size % 2
    return Chunks(empty, missing)


@dataclass(frozen=True, slots=True, eq=False)
class ChunkIndex:
    """The entries of a stream in a whole index (idx1): where each chunk's data begins and its bytes, int64 (n,).

    `is_key` bool (n,): those with a keyframe; `shift`: by how many bytes what follows a hole lies behind these places,
    which is less than 0 where bytes are missing, and more where others were put in.
    """

    pos: PtsArray
    size: PtsArray
    is_key: Flags
    shift: int = 0


def read_chunk_index(path: Path, stream: int) -> ChunkIndex | None:
    """The index of a stream in a file of one RIFF list; None where it has none or a broken one. Raises OSError."""
    with open_regular(path) as file:
        found = _find_index(file, os.fstat(file.fileno()).st_size)
        if found is None:
            return None
        movie, at, size, shift = found
        file.seek(at)
        table = np.frombuffer(file.read(size // 16 * 16), _INDEX_ROW)
        own = table[np.isin(table["name"], _names(stream))]
        # Offsets count from the list's type, or in some files from the start of the file.
        checked = own[:: max(len(own) // _VOTES, 1)]
        bases = [movie, 0]
        votes = [
            sum(
                _header(file, max(base + int(row["offset"]) + moved, 0))[0] == bytes(row["name"])
                for row in checked
                for moved in {0, shift}
            )
            for base in bases
        ]
    if not max(votes):
        return None
    base = bases[votes.index(max(votes))]
    is_key = own["flags"] & _KEYFRAME > 0
    return ChunkIndex(own["offset"].astype(np.int64) + base + 8, own["size"].astype(np.int64), is_key, shift)


def _find_index(file: BinaryIO, end: int) -> tuple[int, int, int, int] | None:
    """Where the list of the chunks has its type, where the index behind it begins, how long it is, and its shift.

    What lies behind a hole in that list is as far from its place as the end of the file.
    """
    at, movie, behind, shift = 0, 0, 0, 0
    moved = end - 8 - _header(file, 0)[1]
    for _ in range(_MOST_TOP_CHUNKS):
        name, size = _header(file, at)
        if name == b"RIFF" and at:
            return None  # OpenDML: this index lists the chunks of the first list only
        if name == b"LIST" and not movie and file.read(4) == b"movi":
            movie, behind = at + 8, at + 8 + size + size % 2
        if name == b"idx1" and movie:
            has_more = _header(file, at + 8 + size + size % 2)[0] == b"RIFF"
            is_whole = not has_more and at + 8 + size <= end and size <= _MOST_INDEX_BYTES
            return (movie, at + 8, size, shift) if is_whole else None
        if _NAME.fullmatch(name):
            at += 12 if name == b"RIFF" else 8 + size + size % 2
        elif movie and moved and behind + moved > movie:
            at, shift, moved = behind + moved, moved, 0
        else:
            return None
    return None


def begins_chunk(file: BinaryIO, at: int) -> bool:
    """Whether a list, an index or a filler begins about here, behind padding and empty chunks: no stored data."""
    file.seek(max(at - 16, 0))
    return _OTHER_CHUNKS.search(file.read(48)) is not None


def is_empty_chunks(data: bytes) -> bool:
    """Whether it is a run of chunks without data, behind padding, and the header of one that has some."""
    return _EMPTY_CHUNKS.fullmatch(data) is not None


def _names(stream: int) -> tuple[bytes, bytes]:
    return f"{stream:02d}dc".encode(), f"{stream:02d}db".encode()


def _header(file: BinaryIO, at: int) -> tuple[bytes, int]:
    file.seek(at)
    data = file.read(8)
    return data[:4] if len(data) == 8 else b"", int.from_bytes(data[4:8], "little")
