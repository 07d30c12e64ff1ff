"""By how much a mouth follows the sound of speech: the lag at which its opening and the level of the voice agree best.

The search for the offset of sound and picture as in Chung and Zisserman (Out of time, 2016), with the correlation of
two plain series instead of a network. Whether a peak means anything is decided as in tests by surrogate data (Theiler
et al. 1992): the same sound, played backwards and shifted round, must not fit as well anywhere.
"""

from __future__ import annotations

import numpy as np

from inspector.domain.analysis import Signal
from inspector.domain.arrays import Flags, Floats
from inspector.domain.clip import Clip
from inspector.domain.sound.facts import Speech
from inspector.domain.sound.mouth import MouthLag

SEARCH_SECONDS = 1.0
_MOST_SECONDS = 120.0  # of a track are compared, from the first voice on
_SHORTEST_SECONDS, _SHORTEST_VOICE = 2.8, 1.0
_RANGE_DB = 25.0  # below the loudest speech nothing of it is heard
_SMOOTH_SECONDS, _TREND_SECONDS = 0.08, 0.6  # syllables last 0.1 to 0.4 s
_HOLE_SECONDS = 0.2  # between frames further apart the mouth is not known
_LEAST_MOVEMENT = 0.01  # standard deviation of the opening: below it landmarks only tremble
_SURROGATES = 60
_SLOWEST_RATE = 12.0  # frames a second


def track_lag(track_id: int, opening: Signal, clip: Clip, speech: Speech) -> MouthLag:
    """The lag of a track by its stored signal of the mouth."""
    seconds = (opening.pts - clip.start_pts).astype(np.float64) * float(clip.time_base)
    return mouth_lag(track_id, seconds, opening.values, speech)


def mouth_lag(track_id: int, seconds: Floats, opening: Floats, speech: Speech) -> MouthLag:
    """The lag of a track; `opening` float64 (n,) at `seconds` (n,) of the clip, rising, NaN where it is not known."""
    known = np.isfinite(opening)
    seconds, opening = seconds[known], opening[known]
    steps = np.arange(len(speech.level), dtype=np.float64) + 0.5
    times: Floats = speech.start_seconds + steps * speech.step_seconds
    is_voiced = speech.is_voiced > 0
    if len(seconds) < 2 or not len(times):
        return MouthLag(track_id, None, reason="too few frames show the mouth while there is sound")
    chosen = _stretch(times, seconds, is_voiced)
    times, is_voiced = times[chosen], is_voiced[chosen]
    mouth, is_seen = _at_steps(times, seconds, opening)
    step = speech.step_seconds
    if np.count_nonzero(is_seen) * step < _SHORTEST_SECONDS:
        why = f"the mouth is seen for less than {_SHORTEST_SECONDS} s while there is sound"
        return MouthLag(track_id, None, reason=why)
    if np.count_nonzero(is_seen & is_voiced) * step < _SHORTEST_VOICE:
        why = f"a voice is heard for less than {_SHORTEST_VOICE:.0f} s while the mouth is seen"
        return MouthLag(track_id, None, reason=why)
    if float(np.median(np.diff(seconds))) > 1 / _SLOWEST_RATE:
        return MouthLag(track_id, None, reason=f"fewer than {_SLOWEST_RATE:.0f} frames a second were analysed")
    if float(np.std(mouth[is_seen])) < _LEAST_MOVEMENT:
        return MouthLag(track_id, None, reason="the mouth hardly moves")
    level = np.nan_to_num(speech.level[chosen], nan=-120.0).astype(np.float64)
    loud = float(np.percentile(level[is_voiced & is_seen], 98))
    voice = np.clip(level, loud - _RANGE_DB, loud)
    is_heard = np.isfinite(speech.level[chosen])
    return _best(track_id, _movement(mouth, is_seen, step), is_seen, _movement(voice, is_heard, step), is_heard, step)


def _stretch(times: Floats, seconds: Floats, is_voiced: Flags) -> slice:
    """The steps that are compared: those of the track and the lags around it, from the first voice on."""
    inside = (times >= seconds[0] - SEARCH_SECONDS) & (times <= seconds[-1] + SEARCH_SECONDS)
    first_voice = np.flatnonzero(inside & is_voiced)
    start = float(times[first_voice[0]]) - SEARCH_SECONDS if len(first_voice) else float(seconds[0])
    low = max(start, float(seconds[0]) - SEARCH_SECONDS)
    high = min(low + _MOST_SECONDS, float(seconds[-1]) + SEARCH_SECONDS)
    return slice(int(np.searchsorted(times, low)), int(np.searchsorted(times, high)))


def _at_steps(times: Floats, seconds: Floats, opening: Floats) -> tuple[Floats, Flags]:
    """The opening at the times of the sound's steps, and where it lies between two frames close together."""
    after = np.searchsorted(seconds, times).clip(1, len(seconds) - 1)
    is_between = (times >= seconds[0]) & (times <= seconds[-1])
    is_close = seconds[after] - seconds[after - 1] <= _HOLE_SECONDS
    return np.interp(times, seconds, opening), np.asarray(is_between & is_close)


def _movement(values: Floats, is_known: Flags, step: float) -> Floats:
    """How fast a series rises at the pace of syllables, without its trend; 0 where it is not known."""
    weight = is_known.astype(np.float64)

    def mean(series: Floats, over: float) -> Floats:
        window = np.ones(max(round(over / step), 1))
        total = np.convolve(series * weight, window)[len(window) // 2 :][: len(series)]
        count = np.convolve(weight, window)[len(window) // 2 :][: len(series)]
        return np.asarray(total / np.maximum(count, 1.0))

    slope = np.gradient(mean(values, _SMOOTH_SECONDS)) if len(values) > 1 else values
    return np.asarray((slope - mean(slope, _TREND_SECONDS)) * weight)


def _best(track_id: int, mouth: Floats, is_seen: Flags, voice: Floats, is_heard: Flags, step: float) -> MouthLag:
    """The lag with the greatest correlation, if no surrogate reaches it."""
    most = round(SEARCH_SECONDS / step)
    found = correlations(mouth, is_seen, voice, is_heard, most)
    top = int(np.argmax(found))
    peak = float(found[top])
    chance = max(
        float(correlations(mouth, is_seen, other, is_heard, most).max()) for other in _surrogates(voice, is_heard)
    )
    if top in (0, 2 * most) or peak <= chance:
        why = f"no lag within {1000 * SEARCH_SECONDS:.0f} ms fits better than chance ({peak:.2f} against {chance:.2f})"
        return MouthLag(track_id, None, peak, chance, why)
    before, middle, after = found[top - 1 : top + 2]
    bend = before - 2 * middle + after
    between = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return MouthLag(track_id, 1000 * step * float(top - most + between), peak, chance)


def _surrogates(voice: Floats, is_heard: Flags) -> list[Floats]:
    """The same sound backwards, shifted round by steps: it moves like speech, but not like this one."""
    steps = np.flatnonzero(is_heard)
    backwards = voice[steps][::-1]
    made = []
    for number in range(_SURROGATES):
        other = np.zeros_like(voice)
        other[steps] = np.roll(backwards, number * len(steps) // _SURROGATES)
        made.append(other)
    return made


def correlations(mouth: Floats, is_seen: Flags, voice: Floats, is_heard: Flags, most: int) -> Floats:
    """The correlation at each lag of -`most`..`most` steps, float64 (2 most + 1,): mouth[i] with voice[i - lag]."""
    size = len(mouth) + most
    size = 1 << (size - 1).bit_length()  # a power of two: other lengths take many times as long

    def products(one: Floats, other: Floats) -> Floats:
        whole = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
        return np.asarray(np.concatenate([whole[-most:], whole[: most + 1]]))

    power = products(mouth**2, is_heard.astype(np.float64)) * products(is_seen.astype(np.float64), voice**2)
    return np.asarray(products(mouth, voice) / np.sqrt(np.maximum(power, 1e-12)))
