"""Where a voice is heard: pitched sound in the band of speech, above the background. A detector by rule, not a network.

Decision 0033 has its comparison with silero-vad. Song and some instruments are taken for a voice.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from inspector.domain.arrays import Flags, Floats32
from inspector.engine.sound.breaks import runs_of
from inspector.engine.sound.times import STEPS_PER_SECOND

_ABOVE_DB, _LOWEST_DB = 10.0, -65.0
_PITCH = 0.55
_BACKGROUND_SECONDS = 10.0
_JOINED_SECONDS, _SHORTEST_SECONDS, _AROUND_SECONDS = 0.3, 0.1, 0.08  # pauses within words; a syllable; consonants


def voiced(speech_db: Floats32, pitch: Floats32) -> Flags:
    """Steps in which a voice is heard, by the level of the speech band and the pitch; NaN is no sound."""
    if not len(speech_db):
        return np.zeros(0, np.bool_)
    level = np.nan_to_num(speech_db, nan=-120.0).astype(np.float64)
    size = min(round(_BACKGROUND_SECONDS * STEPS_PER_SECOND), len(level))
    smooth = ndimage.uniform_filter1d(level, 5)
    background = ndimage.minimum_filter1d(smooth, size, mode="nearest")
    loud = smooth > np.maximum(background + _ABOVE_DB, _LOWEST_DB)
    pitched = ndimage.uniform_filter1d(np.nan_to_num(pitch, nan=0.0).astype(np.float64), 5) > _PITCH
    flags = _without_short(loud & pitched, round(_SHORTEST_SECONDS * STEPS_PER_SECOND / 2))
    wide = _widened(flags, round(_AROUND_SECONDS * STEPS_PER_SECOND))
    joined = ~_without_short(~wide, round(_JOINED_SECONDS * STEPS_PER_SECOND))
    return _without_short(joined, round(_SHORTEST_SECONDS * STEPS_PER_SECOND))


def _without_short(flags: Flags, shortest: int) -> Flags:
    kept = np.zeros_like(flags)
    for first, end in runs_of(flags):
        if end - first >= shortest:
            kept[first:end] = True
    return kept


def _widened(flags: Flags, by: int) -> Flags:
    return np.asarray(ndimage.maximum_filter1d(flags.astype(np.uint8), 2 * by + 1) > 0, np.bool_)
