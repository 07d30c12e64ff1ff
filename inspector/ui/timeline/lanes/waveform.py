"""The shape of a clip's sound: its extremes in each 10 ms, read once on a separate thread."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Event, Lock

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QThread, Signal

from inspector.domain.arrays import Floats
from inspector.domain.clip import Clip
from inspector.engine import faults
from inspector.ui.player.audio import RATE, read_sound

PEAKS_PER_SECOND = 100
_BLOCK = RATE // PEAKS_PER_SECOND
_REPORT_SECONDS = 0.5
_LONGEST_HOURS = 48  # longer sound is drawn up to here: 35 MB of peaks


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Seconds since the first picture, ascending, and lowest and highest sample, -1..1; each float64 (n,)."""

    seconds: Floats
    lowest: Floats
    highest: Floats


class _Store:
    """Lowest and highest sample of each block as int8, in arrays that double when they are full."""

    def __init__(self) -> None:
        self.count = 0
        self._low = np.zeros(4096, np.int8)
        self._high = np.zeros(4096, np.int8)

    def add(self, first: int, low: npt.NDArray[np.int8], high: npt.NDArray[np.int8]) -> None:
        """Extend the ranges of the blocks from `first` on by int8 (n,) `low` and `high`."""
        end = first + len(low)
        while end > len(self._low):
            self._low, self._high = (np.concatenate([a, np.zeros_like(a)]) for a in (self._low, self._high))
        self._low[first:end] = np.minimum(self._low[first:end], low)
        self._high[first:end] = np.maximum(self._high[first:end], high)
        self.count = max(self.count, end)

    def peaks(self) -> Peaks:
        """All blocks so far."""
        seconds = (np.arange(self.count) + 0.5) / PEAKS_PER_SECOND
        return Peaks(seconds, self._low[: self.count] / 128.0, self._high[: self.count] / 127.0)


class Waveform(QThread):
    """Reads the sound of one clip at a time. Memory: two bytes per 10 ms (1.4 MB for two hours)."""

    grown = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("waveform")
        self._lock = Lock()
        self._stopping = Event()
        self._clip: Clip | None = None
        self._store = _Store()

    def open(self, clip: Clip) -> None:
        """Stop reading the previous clip, and read this one's sound if it has any."""
        self.stop()
        self._clip, self._store = clip, _Store()
        if clip.has_audio and not clip.is_still:
            self._stopping.clear()
            self.start(QThread.Priority.LowPriority)

    def stop(self) -> None:
        """End the thread and wait for it, at most while one packet of sound is decoded."""
        self._stopping.set()
        self.wait()

    def peaks(self) -> Peaks:
        """The sound that has been read so far."""
        with self._lock:
            return self._store.peaks()

    @faults.Boundary("drawing the sound")
    def run(self) -> None:
        """Read to the end; a sound track that breaks off is drawn up to there."""
        clip = self._clip
        assert clip is not None, "open() was called"
        reported = time.monotonic()
        try:
            for when, samples in read_sound(clip, 0.0):
                if self._stopping.is_set():
                    return
                self._take(round(when * RATE), samples)
                if time.monotonic() - reported > _REPORT_SECONDS:
                    reported = time.monotonic()
                    self.grown.emit()
        except (OSError, ValueError) as error:  # FFmpeg's errors are of these two
            self.setProperty("problem", str(error))
        self.grown.emit()

    def _take(self, start: int, samples: npt.NDArray[np.int16]) -> None:
        """Add int16 (n, channels) samples that begin `start` samples after the first picture to their blocks."""
        samples = samples[max(-start, 0) :]
        start = max(start, 0)
        if not len(samples) or start // _BLOCK > _LONGEST_HOURS * 3600 * PEAKS_PER_SECOND:
            return
        first, skip = divmod(start, _BLOCK)
        blocks = np.arange(0, skip + len(samples), _BLOCK) - skip
        edges = np.maximum(blocks, 0)
        low = np.minimum.reduceat(samples.min(axis=1), edges) >> 8
        high = np.maximum.reduceat(samples.max(axis=1), edges) >> 8
        with self._lock:
            self._store.add(first, low.astype(np.int8), high.astype(np.int8))
