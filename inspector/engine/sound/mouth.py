"""By how much a mouth follows the sound of speech: the lag at which its opening and the level of the voice agree best.

The search is for the offset between sound and picture as in Chung and Zisserman (Out of time, 2016), with a plain
correlation of two series instead of a network: what it says can be seen in the two lanes of the timeline.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from inspector.domain.arrays import Flags, Floats
from inspector.domain.sound import MouthLag, Speech
from inspector.engine.sound.short_time import STEPS_PER_SECOND

_SEARCH_SECONDS = 0.8
_RANGE_DB = 35.0  # below the loudest speech nothing of it is heard
_SMOOTH_SECONDS, _TREND_SECONDS = 0.06, 0.8  # syllables last 0.1 to 0.4 s
_HOLE_SECONDS = 0.2  # between frames further apart the mouth is not known
_SHORTEST_SECONDS = 2.0
_LEAST_PEAK, _LEAST_MARGIN = 0.3, 0.1
_APART_SECONDS = 0.2  # a second peak further away than this competes
_LEAST_MOVEMENT = 0.01  # standard deviation of the opening: below it landmarks only tremble


def mouth_lag(track_id: int, seconds: Floats, opening: Floats, speech: Speech) -> MouthLag:
    """The lag of a track; `opening` float64 (n,) at `seconds` (n,) of the clip, NaN where it is not known."""
    known = np.isfinite(opening)
    seconds, opening = seconds[known], opening[known]
    if len(seconds) < 2:
        return MouthLag(track_id, None, 0.0, "too few frames show the mouth")
    times = speech.start_seconds + (np.arange(len(speech.level)) + 0.5) * speech.step_seconds
    mouth, is_seen = _at_steps(times, seconds, opening)
    is_heard = ndimage.maximum_filter1d(speech.is_voiced, 2 * round(0.3 * STEPS_PER_SECOND) + 1) > 0
    is_used = is_seen & is_heard
    if np.count_nonzero(is_used & (speech.is_voiced > 0)) < _SHORTEST_SECONDS * STEPS_PER_SECOND:
        return MouthLag(track_id, None, 0.0, f"less than {_SHORTEST_SECONDS:.0f} s of speech while the mouth is seen")
    if float(np.std(mouth[is_used])) < _LEAST_MOVEMENT:
        return MouthLag(track_id, None, 0.0, "the mouth hardly moves")
    level = np.nan_to_num(speech.level, nan=-120.0).astype(np.float64)
    loud = float(np.percentile(level[is_used], 98))
    voice = np.clip(level, loud - _RANGE_DB, loud)
    return _best(track_id, _shape(mouth, is_seen), _shape(voice, np.ones_like(is_seen)), is_used)


def _at_steps(times: Floats, seconds: Floats, opening: Floats) -> tuple[Floats, Flags]:
    """The opening at the times of the sound's steps, and where it lies between two frames close together."""
    after = np.searchsorted(seconds, times).clip(1, len(seconds) - 1)
    is_between = (times >= seconds[0]) & (times <= seconds[-1])
    is_close = seconds[after] - seconds[after - 1] <= _HOLE_SECONDS
    return np.interp(times, seconds, opening), np.asarray(is_between & is_close)


def _shape(values: Floats, is_known: Flags) -> Floats:
    """The movement of a series at the pace of syllables: smoothed, without its trend."""
    weight = is_known.astype(np.float64)

    def mean(seconds: float) -> Floats:
        size = max(round(seconds * STEPS_PER_SECOND), 1)
        total = ndimage.uniform_filter1d(values * weight, size, mode="nearest")
        return np.asarray(total / np.maximum(ndimage.uniform_filter1d(weight, size, mode="nearest"), 1e-6))

    return mean(_SMOOTH_SECONDS) - mean(_TREND_SECONDS)


def correlations(mouth: Floats, voice: Floats, is_used: Flags) -> tuple[Floats, Floats]:
    """Correlation of the two at each lag in seconds; the mouth's steps stay, the voice is moved over them."""
    most = round(_SEARCH_SECONDS * STEPS_PER_SECOND)
    lags = np.arange(-most, most + 1)
    found = np.zeros(len(lags))
    index = np.flatnonzero(is_used)
    for row, lag in enumerate(lags):
        inside = index[(index - lag >= 0) & (index - lag < len(voice))]
        a, b = mouth[inside], voice[inside - lag]
        a, b = a - a.mean() if len(a) else a, b - b.mean() if len(b) else b
        power = float(np.sqrt(np.dot(a, a) * np.dot(b, b)))
        found[row] = float(np.dot(a, b)) / power if power > 0 else 0.0
    return lags / STEPS_PER_SECOND, found


def _best(track_id: int, mouth: Floats, voice: Floats, is_used: Flags) -> MouthLag:
    lags, found = correlations(mouth, voice, is_used)
    top = int(np.argmax(found))
    peak = float(found[top])
    inner = found[1:-1]
    is_peak = np.r_[False, (inner >= found[:-2]) & (inner > found[2:]), False]
    others = found[is_peak & (np.abs(lags - lags[top]) > _APART_SECONDS)]
    second = float(others.max(initial=0.0))
    if top in (0, len(lags) - 1) or peak < _LEAST_PEAK:
        return MouthLag(track_id, None, peak, f"the mouth and the voice hardly agree at any lag (at most {peak:.2f})")
    if peak - second < _LEAST_MARGIN:
        return MouthLag(track_id, None, peak, f"several lags fit alike ({peak:.2f} and {second:.2f})")
    before, middle, after = found[top - 1 : top + 2]
    bend = before - 2 * middle + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return MouthLag(track_id, 1000 * float(lags[top] + shift / STEPS_PER_SECOND), peak)
