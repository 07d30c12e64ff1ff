"""Where the spectrum of a sound ends: lossy coding, telephones and resampling cut it at a frequency."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from inspector.domain.arrays import Floats
from inspector.engine.sound.short_time import decibels

_LOWEST_HZ, _NEAR, _WIDE, _EDGE = 2000.0, 150.0, 700.0, 0.95
_DROP_DB, _REGROWTH_DB = 14.0, 8.0


def band_limit(frequencies: Floats, power: Floats) -> float | None:
    """The frequency in Hz above which a mean power spectrum (bins,) falls steeply and stays low; None without one."""
    step = float(frequencies[1])
    levels = ndimage.uniform_filter1d(decibels(power).astype(np.float64), max(round(100 / step), 1))
    near, wide = max(round(_NEAR / step), 1), max(round(_WIDE / step), 2)
    last = int(_EDGE * len(levels))
    best: tuple[float, int] | None = None
    for at in range(max(int(_LOWEST_HZ / step), near + wide), min(last, len(levels) - near - 2)):
        above = levels[at + near : at + wide]
        if not len(above):
            break
        drop = float(np.median(levels[at - wide : at - near]) - np.median(above))
        is_end = float(levels[at + near :].max()) <= float(np.median(above)) + _REGROWTH_DB
        if drop >= _DROP_DB and is_end and (best is None or drop > best[0]):
            best = drop, at
    return None if best is None else float(frequencies[best[1]])
