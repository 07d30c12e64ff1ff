"""The sample tables of a track (ISO/IEC 14496-12, 8.5 to 8.7): which samples FFmpeg does not deliver, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inspector.engine.decode.formats.isobmff import Box, boxes, find, read_table, track_id_of

_TABLES = "mdia/minf/stbl/"


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
