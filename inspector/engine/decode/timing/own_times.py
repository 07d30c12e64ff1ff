"""Time stamps that FFmpeg does not give as the file has them: before 0 in Matroska, and far apart in animated PNG."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import numpy as np

from inspector.engine.decode.formats.png import delays
from inspector.engine.decode.timing.file_end import FileEnd
from inspector.engine.decode.timing.matroska_places import with_stamps_before_zero, without_zeroed
from inspector.engine.decode.timing.stored import StoredPackets

_HIGHEST = (1 << 31) - 1  # ticks, 21,474 s


def with_own_times(
    stored: StoredPackets, path: Path, container: str, time_base: Fraction, end: FileEnd
) -> StoredPackets:
    """The packets of a whole file with its own stamps; the same object where FFmpeg's are these. Raises OSError."""
    if container.startswith("matroska"):
        return without_zeroed(with_stamps_before_zero(stored, path), end)
    return _with_long_delays(stored, path, time_base) if container == "apng" else stored


def _with_long_delays(stored: StoredPackets, path: Path, time_base: Fraction) -> StoredPackets:
    """The times of an animated PNG, of which a picture may be shown for longer than FFmpeg can count."""
    ticks = [round(delay / time_base) for delay in delays(path)]
    if len(ticks) < len(stored) or max(ticks, default=0) <= _HIGHEST:
        return stored
    pts = np.array([0, *accumulate(ticks)][: len(stored)], np.int64)
    return replace(stored, pts=pts, dts=pts, duration=np.array(ticks[: len(stored)], np.int64))
