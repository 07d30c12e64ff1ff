"""Places where a sound does not run on: clicks, stretches of silence, clipped samples."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from inspector.domain.arrays import Flags, Floats32, Indices
from inspector.domain.sound import SoundEvent
from inspector.engine.sound.short_time import STEPS_PER_SECOND

SILENCE_DB, DIGITAL_DB = -70.0, -100.0
_SILENCE_SECONDS = 0.3
# A click: a bend of the waveform so much above those around it. The middle of an edit is one sample.
_CLICK_RATIO, _CLICK_LEAST = 25.0, 0.01
_CLICK_AROUND = 8  # steps on each side, without the nearest two


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
    flags = ndimage.binary_closing(np.pad(clipped > 0, 20), np.ones(20))[20:-20] if len(clipped) else clipped > 0
    return [
        _event("clipping", first, end, start, f"{int(clipped[first:end].sum())} samples at full scale")
        for first, end in runs_of(np.asarray(flags, np.bool_))
    ]


def clicks(bend: Floats32, bend_mean: Floats32, start: float) -> list[SoundEvent]:
    """Steps with a jump of the waveform far above those around it on both sides."""
    if len(bend) < 4 * _CLICK_AROUND:
        return []
    known = np.nan_to_num(bend_mean, nan=0.0).astype(np.float64)
    size = _CLICK_AROUND
    sums = np.concatenate([[0.0], np.cumsum(known)])
    index = np.arange(len(known))
    before = (sums[np.maximum(index - 1, 0)] - sums[np.maximum(index - 1 - size, 0)]) / size
    after = (sums[np.minimum(index + 2 + size, len(known))] - sums[np.minimum(index + 2, len(known))]) / size
    around = np.maximum(np.maximum(before, after), 1e-5)
    with np.errstate(invalid="ignore"):
        sharp = (bend > _CLICK_RATIO * around) & (bend > _CLICK_LEAST)
    sharp[: size + 2] = sharp[-size - 2 :] = False  # where a track begins or ends it may jump
    found = []
    for first, end in runs_of(np.asarray(sharp, np.bool_)):
        ratio = float(np.max(bend[first:end] / around[first:end]))
        found.append(_event("click", first, end, start, f"a jump {ratio:.0f} times the usual one"))
    return found


def _event(kind: str, first: int, end: int, start: float, detail: str) -> SoundEvent:
    return SoundEvent(kind, start + first / STEPS_PER_SECOND, start + end / STEPS_PER_SECOND, detail)
