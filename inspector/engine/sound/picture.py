"""Waveform and spectrogram of a sound of any length in a bounded number of columns."""

from __future__ import annotations

import numpy as np

from inspector.domain.arrays import Bytes, Floats32
from inspector.domain.sound.facts import SoundPicture

MOST_COLUMNS, BANDS = 8192, 128
_FLOOR_DB, _PER_DB = -120.0, 255.0 / 120.0


def as_bytes(levels: Floats32) -> Bytes:
    """Levels in dBFS as they are stored in a picture: 0 for -120 dBFS and below, 255 for 0 dBFS."""
    return np.asarray(np.clip(np.rint((levels - _FLOOR_DB) * _PER_DB), 0, 255), np.uint8)


def as_decibels(levels: Bytes) -> Floats32:
    """The levels of a picture in dBFS."""
    return (levels.astype(np.float32) / np.float32(_PER_DB)) + np.float32(_FLOOR_DB)


class PictureBuilder:
    """Takes columns in order; when there are too many, two neighbours become one, with the extremes of both."""

    def __init__(self, start_seconds: float, step_seconds: float, top_hz: float) -> None:
        self._start, self._step, self._top = start_seconds, step_seconds, top_hz
        self._per = 1  # steps in a column
        self._low = np.full(MOST_COLUMNS, 128, np.uint8)
        self._high = np.full(MOST_COLUMNS, 128, np.uint8)
        self._levels = np.zeros((MOST_COLUMNS, BANDS), np.uint8)
        self._count = 0  # columns

    def add(self, at: int, lowest: Bytes, highest: Bytes, levels: Bytes) -> None:
        """Add steps from number `at` on: uint8 (n,), (n,) and (n, BANDS), as in `SoundPicture`."""
        while at + len(lowest) > MOST_COLUMNS * self._per:
            self._halve()
        columns = (at + np.arange(len(lowest))) // self._per
        np.minimum.at(self._low, columns, lowest)
        np.maximum.at(self._high, columns, highest)
        firsts = np.flatnonzero(np.r_[True, np.diff(columns) > 0])
        pooled = np.maximum.reduceat(levels, firsts, axis=0)
        self._levels[columns[firsts]] = np.maximum(self._levels[columns[firsts]], pooled)
        self._count = max(self._count, int(columns[-1]) + 1)

    def _halve(self) -> None:
        half = MOST_COLUMNS // 2
        self._low[:half] = self._low.reshape(half, 2).min(axis=1)
        self._high[:half] = self._high.reshape(half, 2).max(axis=1)
        self._levels[:half] = self._levels.reshape(half, 2, BANDS).max(axis=1)
        self._low[half:], self._high[half:], self._levels[half:] = 128, 128, 0
        self._per *= 2
        self._count = (self._count + 1) // 2

    def picture(self) -> SoundPicture:
        """All columns so far."""
        kept = slice(0, self._count)
        low, high, levels = self._low[kept].copy(), self._high[kept].copy(), self._levels[kept].copy()
        return SoundPicture(self._start, self._step * self._per, self._top, low, high, levels)
