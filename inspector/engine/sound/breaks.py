"""Places where a sound does not run on: stretches of silence, and samples at full scale."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from inspector.domain.arrays import Flags, Floats32, Indices
from inspector.domain.sound.facts import SoundEvent
from inspector.engine.sound.times import STEPS_PER_SECOND

SILENCE_DB, DIGITAL_DB = -70.0, -100.0
_SILENCE_SECONDS = 0.3
_JOINED_STEPS = 20


def runs_of(flags: Flags) -> list[tuple[int, int]]:
    """The runs [first, end) of True."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False]))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def silences(rms_db: Floats32, start: float) -> list[SoundEvent]:
    """Stretches below -70 dBFS of at least 0.3 s. NaN, where there is no sound, is none."""
    found = []
    with np.errstate(invalid="ignore"):
        quiet = rms_db < SILENCE_DB
    for first, end in runs_of(quiet):
        if (end - first) / STEPS_PER_SECOND >= _SILENCE_SECONDS:
            is_digital = bool(np.median(rms_db[first:end]) < DIGITAL_DB)
            detail = "digital silence: samples of 0" if is_digital else f"below {SILENCE_DB:.0f} dBFS"
            found.append(_event("silence", first, end, start, detail))
    return found


def clippings(clipped: Indices, start: float) -> list[SoundEvent]:
    """Stretches with samples at full scale; those less than 0.2 s apart are one."""
    if not len(clipped):
        return []
    padded = np.pad(clipped > 0, _JOINED_STEPS)
    flags = ndimage.binary_closing(padded, np.ones(_JOINED_STEPS, np.bool_))[_JOINED_STEPS:-_JOINED_STEPS]
    return [
        _event("clipping", first, end, start, f"{int(clipped[first:end].sum())} samples at full scale")
        for first, end in runs_of(np.asarray(flags, np.bool_))
    ]


def _event(kind: str, first: int, end: int, start: float, detail: str) -> SoundEvent:
    return SoundEvent(kind, start + first / STEPS_PER_SECOND, start + end / STEPS_PER_SECOND, detail)
