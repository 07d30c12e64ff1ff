"""What is measured on each 10 ms of a sound: its extremes, levels, spectrum, pitch, and clipped samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import fft

from inspector.domain.arrays import Bytes, Flags, Floats, Floats32, Indices
from inspector.engine.sound.picture import BANDS, as_bytes
from inspector.engine.sound.times import STEPS_PER_SECOND

WINDOW_SECONDS = 0.04
SPEECH_BAND = 300.0, 3400.0
AUDIBLE_DB = -60.0  # quieter steps say nothing about where the spectrum ends
_TURN_STEPS = 100  # work at a time, which bounds the memory
_PITCH_BAND, _PITCH = (80.0, 1500.0), (70.0, 400.0)
_PITCH_FACTOR = 4  # finer steps of the lag
_FULL_SCALE, _RUN = 0.999, 3  # samples at full scale in a row: a single one may be a peak
_QUIETEST = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Consecutive steps from number `first` on; arrays (n,) unless said otherwise.

    `rms_db` float32 dBFS; `lowest`, `highest` and `levels` (n, BANDS) as in `SoundPicture`; `speech_db` float32 level
    of the speech band; `pitch` float32 0..1, how periodic it is; `clipped` samples.
    """

    first: int
    rms_db: Floats32
    lowest: Bytes
    highest: Bytes
    levels: Bytes
    speech_db: Floats32
    pitch: Floats32
    clipped: Indices


def decibels(power: Floats | Floats32) -> Floats32:
    """10 log10, with a floor at -120 dB."""
    return np.asarray(10 * np.log10(np.maximum(power, _QUIETEST)), np.float32)


class ShortTime:
    """Takes float32 (channels, n) samples of one rate; gives steps as soon as they are complete.

    `spectrum` float64 (bins,) is the sum of the power spectra of all audible steps, whose number is `audible`.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.size = int(fft.next_fast_len(round(rate * WINDOW_SECONDS), real=True))
        self.frequencies = fft.rfftfreq(self.size, 1 / rate)
        window = np.hanning(self.size)
        self._window = (window * 2 / window.sum()).astype(np.float32)
        self._bands = (np.arange(BANDS) * len(self.frequencies)) // BANDS
        self._speech = _inside(self.frequencies, SPEECH_BAND)
        self._lead = round(self.size / 2 - rate / STEPS_PER_SECOND / 2)  # so that windows are centred on their steps
        self._set_up_pitch()
        self.spectrum: Floats = np.zeros(len(self.frequencies))
        self.audible = 0
        self.begin(0)

    def _set_up_pitch(self) -> None:
        self._pitch_bins = _inside(self.frequencies, _PITCH_BAND)
        count = int(np.flatnonzero(self._pitch_bins)[-1]) + 1
        self._lags = 2 * _PITCH_FACTOR * count
        lag_rate = self._lags * self.rate / self.size
        self._shortest, self._longest = round(lag_rate / _PITCH[1]), round(lag_rate / _PITCH[0])
        self._pitch_count = count

    def begin(self, step: int) -> None:
        """Begin a stretch of continuous sound at a step; what was left of the stretch before is dropped."""
        self._next = step
        lead = np.zeros(self._lead, np.float32)
        self._mono, self._low, self._high = lead, np.zeros(0, np.float32), np.zeros(0, np.float32)
        self._clipped = np.zeros(0, np.bool_)
        self._taken = 0.0  # fraction of a sample by which the steps run ahead of the buffers

    def add(self, samples: Floats32) -> Iterator[Steps]:
        """Continue the stretch by float32 (channels, n) samples."""
        self._mono = np.concatenate([self._mono, samples.mean(axis=0)])
        self._low = np.concatenate([self._low, samples.min(axis=0)])
        self._high = np.concatenate([self._high, samples.max(axis=0)])
        self._clipped = np.concatenate([self._clipped, _runs_at_full_scale(samples)])
        hop = self.rate / STEPS_PER_SECOND
        while len(self._mono) - self.size >= _TURN_STEPS * hop + 1:
            yield self._take(_TURN_STEPS)

    def finish(self) -> Iterator[Steps]:
        """The steps of the stretch that are still open, its end padded with silence."""
        hop = self.rate / STEPS_PER_SECOND
        count = int(len(self._low) // hop)
        self._mono = np.concatenate([self._mono, np.zeros(self.size + int(hop) + 1, np.float32)])
        while count > 0:
            steps = min(count, _TURN_STEPS)
            yield self._take(steps)
            count -= steps

    def _take(self, count: int) -> Steps:
        hop = self.rate / STEPS_PER_SECOND
        exact = self._taken + hop * np.arange(count + 1)
        edges = np.floor(exact).astype(np.intp)
        end, starts = int(edges[-1]), edges[:-1]
        low, high = self._low[:end], self._high[:end]
        mono = self._mono[self._lead : self._lead + end]
        frames = np.lib.stride_tricks.sliding_window_view(self._mono, self.size)[starts]
        power = np.abs(np.asarray(fft.rfft(frames * self._window, axis=1))) ** 2
        rms = np.add.reduceat(mono**2, starts) / np.diff(edges)
        rms_db = decibels(rms)
        is_audible = rms_db > AUDIBLE_DB
        self.spectrum += power[is_audible].sum(axis=0, dtype=np.float64)
        self.audible += int(np.count_nonzero(is_audible))
        steps = Steps(
            first=self._next,
            rms_db=rms_db,
            lowest=_as_sample(np.minimum.reduceat(low, starts)),
            highest=_as_sample(np.maximum.reduceat(high, starts)),
            levels=as_bytes(decibels(np.maximum.reduceat(power, self._bands, axis=1))),
            speech_db=decibels(power[:, self._speech].sum(axis=1)),
            pitch=self._pitch(power),
            clipped=np.add.reduceat(self._clipped[:end].astype(np.intp), starts),
        )
        self._next += count
        self._taken = float(exact[-1] - end)
        self._mono, self._low, self._high = self._mono[end:], self._low[end:], self._high[end:]
        self._clipped = self._clipped[end:]
        return steps

    def _pitch(self, power: Floats32) -> Floats32:
        """How periodic each step is at the pitch of a voice: the greatest autocorrelation within its lags, 0..1."""
        band = np.where(self._pitch_bins, power, 0.0)[:, : self._pitch_count]
        correlation = np.asarray(fft.irfft(band, n=self._lags, axis=1))
        whole = np.maximum(correlation[:, :1], _QUIETEST)
        return np.asarray((correlation[:, self._shortest : self._longest] / whole).max(axis=1), np.float32)


def _inside(frequencies: Floats, band: tuple[float, float]) -> Flags:
    return np.asarray((frequencies >= band[0]) & (frequencies <= band[1]), np.bool_)


def _as_sample(values: Floats32) -> Bytes:
    return np.asarray(np.clip(np.rint(values * 127.5 + 127.5), 0, 255), np.uint8)


def _runs_at_full_scale(samples: Floats32) -> Flags:
    """Which samples belong, in any channel, to a run of at least three at full scale with one sign."""
    found = np.zeros(samples.shape[1], np.bool_)
    if float(np.abs(samples).max(initial=0.0)) < _FULL_SCALE:
        return found
    for is_full in (samples >= _FULL_SCALE, samples <= -_FULL_SCALE):
        if samples.shape[1] >= _RUN:
            starts = is_full[:, :-2] & is_full[:, 1:-1] & is_full[:, 2:]
            whole = np.any(starts, axis=0)
            found[:-2] |= whole
            found[1:-1] |= whole
            found[2:] |= whole
    return found
