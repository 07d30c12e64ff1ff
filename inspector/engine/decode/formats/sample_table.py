"""The sample tables of a track (ISO/IEC 14496-12, 8.5 to 8.7): which samples FFmpeg does not deliver, and why.

And whether a file states more of them than it has room for: FFmpeg makes an entry in memory of every one.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from inspector.engine.decode.formats.isobmff import Box, boxes, file_boxes, find, is_isobmff, read_table, track_id_of
from inspector.engine.regular_file import open_regular

_TABLES = "mdia/minf/stbl/"
_MOST_HEADER_BYTES = 64 << 20
_FEW = 500_000  # entries, which take some megabytes
_SOUND = b"soun"  # of which a sample may be a byte, as PCM has it
_LEAST_PACKET = 160  # samples, of sound that QuickTime counts uncompressed: FFmpeg makes an entry of each packet


@dataclass(frozen=True, slots=True)
class OtherCodec:
    """So many samples in a row of another codec than the track's first, with so many of the first before them."""

    before: int
    count: int
    codec: str


@dataclass(frozen=True, slots=True)
class SampleTable:
    """How many samples a track has; how many of them are empty, and which ones are of another codec."""

    count: int
    empty: int = 0
    others: tuple[OtherCodec, ...] = ()

    @property
    def other(self) -> int:
        """How many samples are of another codec."""
        return sum(run.count for run in self.others)


def read_sample_table(path: Path, track_id: int) -> SampleTable | None:
    """The table of a track; None where it cannot be read. Raises OSError."""
    moov = read_table(path, b"moov")
    for track in find(moov, "trak"):
        if track_id_of(moov, track) != track_id:
            continue
        sizes = next(find(moov, f"{_TABLES}stsz", track.start, track.end), None)
        if sizes is None:
            return None
        size, count = _numbers(moov, sizes, 2, 4).tolist() or (0, 0)
        is_empty = _numbers(moov, sizes, count, 12) == 0 if not size else np.zeros(count, np.bool_)
        if len(is_empty) < count:
            return None
        return SampleTable(count, int(is_empty.sum()), _others(moov, track, is_empty))
    return None


def _others(moov: bytes, track: Box, is_empty: npt.NDArray[np.bool_]) -> tuple[OtherCodec, ...]:
    described = next(find(moov, f"{_TABLES}stsd", track.start, track.end), None)
    codecs = [] if described is None else [box.kind for box in boxes(moov, described.start + 8, described.end)]
    if len(set(codecs)) < 2:
        return ()
    number = _descriptions(moov, track, len(is_empty)) - 1
    if not len(number) or number.min() < 0 or number.max() >= len(codecs):
        return ()
    number = number[~is_empty]
    is_other = np.array([codec != codecs[0] for codec in codecs])[number]
    edges = np.flatnonzero(np.diff(is_other, prepend=False, append=False))
    return tuple(
        OtherCodec(int((~is_other[:start]).sum()), int(end - start), codecs[number[start]].decode("latin-1"))
        for start, end in edges.reshape(-1, 2).tolist()
    )


def _descriptions(moov: bytes, track: Box, count: int) -> npt.NDArray[np.int64]:
    """The number of each sample's description, from 1; empty where the tables do not agree."""
    chunks = 0
    for kind in ("stco", "co64"):
        for box in find(moov, f"{_TABLES}{kind}", track.start, track.end):
            chunks = int.from_bytes(moov[box.start + 4 : box.start + 8], "big")
    found = next(find(moov, f"{_TABLES}stsc", track.start, track.end), None)
    runs = 0 if found is None else int.from_bytes(moov[found.start + 4 : found.start + 8], "big")
    table = np.empty(0, np.int64) if found is None else _numbers(moov, found, 3 * runs, 8)
    if not runs or len(table) < 3 * runs or chunks > count:
        return np.empty(0, np.int64)
    first, samples, number = table.reshape(-1, 3).T
    lengths = np.diff(first, append=chunks + 1)
    if (lengths < 0).any() or int(lengths @ samples) != count:
        return np.empty(0, np.int64)
    return np.repeat(number, lengths * samples)


def _numbers(data: bytes, box: Box, count: int, at: int) -> npt.NDArray[np.int64]:
    """Up to so many 32-bit numbers from a position in a box on."""
    count = max(min(count, (box.end - box.start - at) // 4), 0)
    return np.frombuffer(data, ">u4", count, box.start + at).astype(np.int64)


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
    """Kind of each track, and how many samples its table of sizes states (ISO/IEC 14496-12, 8.7.3).

    Packets of sound that lists only uncompressed samples, each of a tick: QuickTime's QDesign, QCELP, MP3 and IMA.
    """
    for track in find(moov, "trak"):
        handler = next(find(moov, "mdia/hdlr", track.start, track.end), None)
        kind = b"" if handler is None else moov[handler.start + 8 : handler.start + 12]
        for sizes in find(moov, "mdia/minf/stbl/stsz", track.start, track.end):
            count = int.from_bytes(moov[sizes.start + 8 : sizes.start + 12], "big")
            yield kind, count // _LEAST_PACKET if kind == _SOUND and _is_by_ticks(moov, track) else count


def _is_by_ticks(moov: bytes, track: Box) -> bool:
    """Whether all samples of a track last a tick (8.6.1.2), as those of uncompressed sound."""
    times = next(find(moov, f"{_TABLES}stts", track.start, track.end), None)
    if times is None or times.end - times.start < 16:
        return False
    runs, _, duration = struct.unpack_from(">3I", moov, times.start + 4)
    return bool(runs == duration == 1)


def _of_fragment(moof: bytes) -> int:
    """How many samples the runs of a fragment state (8.8.8)."""
    return sum(int.from_bytes(moof[run.start + 4 : run.start + 8], "big") for run in find(moof, "traf/trun"))
