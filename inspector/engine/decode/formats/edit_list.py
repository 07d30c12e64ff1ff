"""Edit lists of MP4 and QuickTime files (ISO/IEC 14496-12, 8.6.6): what they make of the stored pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inspector.engine.decode.formats.isobmff import Box, find, is_isobmff, read_table, track_id_of

_TABLES = "mdia/minf/stbl/"
_FEW = 50  # entries, which make little of any track
_EMPTY = -1  # the media time of a pause
_AS_STORED = 1 << 16  # a rate, in 65,536ths
# FFmpeg makes an entry of a table for each sample that is read, before it says anything: 100,000 edits in a file of
# 1 MB, at the end of a long group of pictures, took minutes and gigabytes.
_MOST_READ, _READ_SHARE = 500_000, 8


@dataclass(frozen=True, slots=True)
class Edits:
    """The edit list of a track; `read`: how many pictures are read for it, with those from the keyframes on."""

    track_id: int | None
    entries: int
    stored: int
    read: int
    has_inner_pause: bool  # between two stretches, which FFmpeg fills with the beginning of the track
    has_other_speed: bool  # than the stored one, of a stretch; FFmpeg does not heed it

    @property
    def is_excessive(self) -> bool:
        """Whether reading all that the list asks for would take far too long for what is stored."""
        return self.read > max(_MOST_READ, _READ_SHARE * self.stored)


def read_edits(path: Path, offset: int = 0) -> list[Edits]:
    """The edit lists of all tracks of the file, or of the one that begins at `offset` in it. Raises OSError."""
    if not is_isobmff(path, offset):
        return []
    moov = read_table(path, b"moov", offset)
    scale = _scale(moov, "mvhd", 0, len(moov))
    return [_edits(moov, track, box, scale) for track in find(moov, "trak") for box in _first(moov, track, "edts/elst")]


def _edits(moov: bytes, track: Box, box: Box, movie_scale: int) -> Edits:
    duration, begin, rate = _entries(moov, box)
    shown = np.flatnonzero(begin != _EMPTY)
    pauses = np.flatnonzero(begin == _EMPTY)
    is_inner = len(shown) > 0 and bool(((pauses > shown[0]) & (pauses < shown[-1])).any())
    sizes = next(_first(moov, track, f"{_TABLES}stsz"), None)
    stored = 0 if sizes is None else int.from_bytes(moov[sizes.start + 8 : sizes.start + 12], "big")
    read = 0
    if len(begin) > _FEW and movie_scale:
        ratio = _scale(moov, "mdia/mdhd", track.start, track.end) / movie_scale
        first, end = _samples(moov, track, begin[shown], begin[shown] + duration[shown] * ratio, stored)
        read = int((end - first).sum())
    is_other = bool((rate[shown] != _AS_STORED).any())
    return Edits(track_id_of(moov, track), len(begin), stored, read, is_inner, is_other)


def _entries(moov: bytes, box: Box) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Durations in ticks of the movie and beginnings in ticks of the track, float64 (n,), and rates, int64 (n,)."""
    is_long = moov[box.start : box.start + 1] == b"\1"
    kinds = [("duration", ">u8"), ("begin", ">i8")] if is_long else [("duration", ">u4"), ("begin", ">i4")]
    row = np.dtype([*kinds, ("rate", ">i4")])
    count = min(int.from_bytes(moov[box.start + 4 : box.start + 8], "big"), (box.end - box.start - 8) // row.itemsize)
    table = np.frombuffer(moov, row, max(count, 0), box.start + 8)
    return table["duration"].astype(np.float64), table["begin"].astype(np.float64), table["rate"].astype(np.int64)


def _samples(
    moov: bytes, track: Box, begin: npt.NDArray[np.float64], end: npt.NDArray[np.float64], stored: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """For each stretch of ticks the first sample that is read, a keyframe, and the one behind the last."""
    runs = _table(moov, track, "stts", 2).reshape(-1, 2).astype(np.float64)
    keys = _table(moov, track, "stss", 1) - 1
    if not len(runs):
        return np.zeros(0), np.zeros(0)
    ticks = np.concatenate([[0.0], np.cumsum(runs[:, 0] * runs[:, 1])])
    counts = np.concatenate([[0.0], np.cumsum(runs[:, 0])])

    def sample_at(tick: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        run = np.clip(np.searchsorted(ticks, tick, side="right") - 1, 0, len(runs) - 1)
        found = counts[run] + np.floor((tick - ticks[run]) / np.maximum(runs[run, 1], 1))
        bounded: npt.NDArray[np.float64] = np.clip(found, 0, stored)
        return bounded

    first = sample_at(begin)
    if len(keys):
        first = np.maximum(keys[np.maximum(np.searchsorted(keys, first, side="right") - 1, 0)], 0).astype(np.float64)
    return first, np.maximum(sample_at(end) + 1, first)


def _table(moov: bytes, track: Box, kind: str, columns: int) -> npt.NDArray[np.int64]:
    box = next(_first(moov, track, f"{_TABLES}{kind}"), None)
    if box is None:
        return np.zeros(0, np.int64)
    count = int.from_bytes(moov[box.start + 4 : box.start + 8], "big")
    count = max(min(count, (box.end - box.start - 8) // (4 * columns)), 0)
    return np.frombuffer(moov, ">u4", count * columns, box.start + 8).astype(np.int64)


def _first(moov: bytes, track: Box, path: str) -> Iterator[Box]:
    for box in find(moov, path, track.start, track.end):
        yield box
        return


def _scale(moov: bytes, path: str, start: int, end: int) -> int:
    """The ticks per second in a header of a movie or a track; 0 if it is not found."""
    box = next(find(moov, path, start, end), None)
    if box is None:
        return 0
    at = box.start + (20 if moov[box.start : box.start + 1] == b"\1" else 12)
    return int.from_bytes(moov[at : at + 4], "big")
