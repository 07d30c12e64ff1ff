"""The blocks in which the coding history is stored beside the signals of the faces, and what is read back from them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from inspector.domain.analysis import SignalBlock
from inspector.domain.arrays import Floats32
from inspector.domain.observations.coding import SERIES, CodingSeries, FrameHash

CODING_TRACK, HASH_TRACK = 0, -1
"""Under these numbers the blocks are stored; the tracks of faces begin with 1."""

_WORDS = 4  # of 16 bits, which float32 holds exactly


def series_of(blocks: Iterable[SignalBlock]) -> CodingSeries:
    """The series from their blocks in pts order; a series that the analysis did not measure yet is NaN."""
    found = list(blocks)
    pts = np.concatenate([block.pts for block in found]) if found else np.zeros(0, np.int64)
    values = np.full((len(SERIES), len(pts)), np.nan)
    at = 0
    for block in found:
        rows = min(len(block.values), len(SERIES))
        values[:rows, at : at + len(block.pts)] = block.values[:rows]
        at += len(block.pts)
    return CodingSeries(pts, values)


def hashes_of(blocks: Iterable[SignalBlock]) -> tuple[FrameHash, ...]:
    """The hashes from their blocks in pts order. Raises ValueError for blocks that hold none."""
    found = []
    for block in blocks:
        values = block.values
        if values.shape[0] != _WORDS or not ((values >= 0) & (values < 1 << 16) & (values % 1 == 0)).all():
            raise ValueError("stored hashes of frames are damaged")
        words = values.astype(np.int64)
        for at, pts in enumerate(block.pts.tolist()):
            value = 0
            for word in words[:, at].tolist():
                value = value << 16 | word
            found.append(FrameHash(pts, value))
    return tuple(found)


def words(values: list[int]) -> Floats32:
    """Hashes as they are stored, float32 (4, n): 16 bits each, the highest first."""
    shifts = range(16 * (_WORDS - 1), -1, -16)
    return np.array([[value >> shift & 0xFFFF for value in values] for shift in shifts], np.float32)
