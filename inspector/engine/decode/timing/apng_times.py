"""The times of an animated PNG whose pictures are shown for hours, which FFmpeg counts with 32 bits."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import numpy as np

from inspector.engine.decode.formats.png import delays
from inspector.engine.decode.timing.stored import StoredPackets

_HIGHEST = (1 << 31) - 1  # ticks, 21,474 s


def with_long_delays(stored: StoredPackets, path: Path, time_base: Fraction) -> StoredPackets:
    """The packets, with the times that the file declares where a delay is longer than FFmpeg can count.

    Raises OSError.
    """
    ticks = [round(delay / time_base) for delay in delays(path)]
    if len(ticks) < len(stored) or max(ticks, default=0) <= _HIGHEST:
        return stored
    pts = np.array([0, *accumulate(ticks)][: len(stored)], np.int64)
    return replace(stored, pts=pts, dts=pts, duration=np.array(ticks[: len(stored)], np.int64))
