"""Mains hum: whether the 50 or 60 Hz of the power grid and their harmonics are in a sound, and whether they run on.

The hum of the grid is steady; a cut leaves a break of its phase (electric network frequency analysis, Grigoras 2007).
Most recordings of phones hold none, since they filter low frequencies and lossy coding removes the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft

from inspector.domain.arrays import Floats, Floats32

WINDOW_SECONDS, HOP_SECONDS = 4, 1
NOMINAL = 50.0, 60.0
SHORTEST_SECONDS = 8.0
_HARMONICS = 6
_TOP_HZ = NOMINAL[1] * _HARMONICS + 15
_PROMINENCE_DB = 15.0  # of a line over the median around it: noise reaches 10
# Under a sine of full scale, and under the loudest line: the rounding of 16 bits, and what lossy coding adds to a tone.
_QUIETEST_DB, _UNDER_LOUDEST_DB = -90.0, 60.0
_NEAR_HZ, _WIDEST_HZ, _AROUND_HZ = 0.3, 1.2, (3.0, 12.0)  # of a harmonic: the search grows with its number
_FEWEST_HARMONICS, _SHARE = 2, 0.6
_STEADY_HZ = 0.15  # the grid's frequency moves less within minutes; a voice or music moves more
_BREAK, _CONTINUES = np.deg2rad(75.0), np.deg2rad(35.0)
_MOST_SECONDS = 1 << 15


@dataclass(frozen=True, slots=True)
class Hum:
    """The hum of one grid: its mean frequency, the share of the sound it is in, and seconds where its phase breaks.

    `nominal` is 0 where there is none.
    """

    nominal: float = 0.0
    frequency: float = 0.0
    deviation: float = 0.0
    share: float = 0.0
    harmonics: tuple[int, ...] = ()
    breaks: tuple[float, ...] = ()


class HumMeter:
    """Takes a sound of one rate; keeps four seconds of it and some numbers for each second."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._buffer = np.zeros(0, np.float32)
        self._parts: list[Floats32] = []
        self._waiting = 0
        self._size = WINDOW_SECONDS * rate
        self._window = np.hanning(self._size).astype(np.float32)
        self._full_scale = float(self._window.sum() / 2) ** 2  # the power of a sine of amplitude 1
        self._frequencies = fft.rfftfreq(self._size, 1 / rate)
        self._bins = int(np.searchsorted(self._frequencies, _TOP_HZ)) + 1
        second = np.arange(rate) / rate
        self._turning = {
            (nominal, h): (np.exp(-2j * np.pi * nominal * h * second) * np.hanning(rate)).astype(np.complex64)
            for nominal in NOMINAL for h in range(1, _HARMONICS + 1)
        }  # fmt: skip
        self._at = 0.0  # seconds of the first sample of the buffer
        self._lines: dict[float, list[Floats]] = {nominal: [] for nominal in NOMINAL}  # (frequency, prominence) each
        self._phases: list[tuple[float, dict[tuple[float, int], complex]]] = []

    def begin(self, seconds: float) -> None:
        """Begin a stretch of continuous sound."""
        self._buffer, self._parts, self._waiting, self._at = np.zeros(0, np.float32), [], 0, seconds

    def add(self, mono: Floats32) -> None:
        """Continue the stretch by float32 (n,) samples."""
        self._parts.append(mono)
        self._waiting += len(mono)
        if len(self._buffer) + self._waiting < self._size:
            return
        self._buffer = np.concatenate([self._buffer, *self._parts])
        self._parts, self._waiting = [], 0
        while len(self._buffer) >= self._size:
            if len(self._phases) < _MOST_SECONDS:
                self._measure(self._buffer[: self._size])
            self._buffer = self._buffer[HOP_SECONDS * self._rate :]
            self._at += HOP_SECONDS

    def _measure(self, samples: Floats32) -> None:
        power = np.abs(np.asarray(fft.rfft(samples * self._window))) ** 2 / self._full_scale
        quietest = max(10 * np.log10(max(float(power.max()), 1e-24)) - _UNDER_LOUDEST_DB, _QUIETEST_DB)
        levels = 10 * np.log10(np.maximum(power[: self._bins], 1e-24))
        for nominal in NOMINAL:
            lines = [self._line(levels, quietest, nominal, h) for h in range(1, _HARMONICS + 1)]
            self._lines[nominal].append(np.array(lines))
        second = samples[: self._rate]
        self._phases.append((self._at, {key: complex(np.dot(second, turn)) for key, turn in self._turning.items()}))

    def _line(self, levels: Floats, quietest: float, nominal: float, harmonic: int) -> tuple[float, float]:
        """Frequency over the harmonic's number, and prominence in dB, of the highest peak near a harmonic.

        `levels` and `quietest`, below which nothing counts, are in dB of a sine of full scale.
        """
        centre, frequencies = nominal * harmonic, self._frequencies[: self._bins]
        distance = np.abs(frequencies - centre)
        near = np.flatnonzero(distance <= min(_NEAR_HZ * harmonic, _WIDEST_HZ) + 0.25)
        around = (distance >= _AROUND_HZ[0]) & (distance <= _AROUND_HZ[1])
        peak = int(near[np.argmax(levels[near])])
        if not 0 < peak < len(levels) - 1 or levels[peak] < quietest:
            return nominal, 0.0
        before, top, after = levels[peak - 1 : peak + 2]
        bend = before - 2 * top + after
        shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
        frequency = frequencies[peak] + shift / WINDOW_SECONDS
        return frequency / harmonic, float(top - np.median(levels[around]))

    def hum(self) -> Hum:
        """The hum of the whole sound; of two grids the one with more of it."""
        return max((self._of(nominal) for nominal in NOMINAL), key=lambda hum: hum.share)

    def _of(self, nominal: float) -> Hum:
        if len(self._lines[nominal]) * HOP_SECONDS + WINDOW_SECONDS - HOP_SECONDS < SHORTEST_SECONDS:
            return Hum()
        lines = np.array(self._lines[nominal])  # (windows, harmonics, 2)
        stands_out = lines[:, :, 1] >= _PROMINENCE_DB
        per_harmonic = stands_out.mean(axis=0)
        steady = [
            h for h in range(_HARMONICS)
            if per_harmonic[h] >= _SHARE and float(np.std(lines[stands_out[:, h], h, 0])) <= _STEADY_HZ
        ]  # fmt: skip
        if len(steady) < _FEWEST_HARMONICS:
            return Hum()
        means = [float(np.mean(lines[stands_out[:, h], h, 0])) for h in steady]
        if max(means) - min(means) > _STEADY_HZ:  # lines that are not harmonics of one tone
            return Hum()
        strongest = max(steady, key=lambda h: float(np.median(lines[:, h, 1])))
        chosen = lines[stands_out[:, strongest], strongest, 0]
        frequency = float(np.median(chosen))  # a break disturbs some windows
        return Hum(
            nominal,
            frequency,
            float(np.std(chosen)),
            float(np.mean(np.count_nonzero(stands_out[:, steady], axis=1) >= _FEWEST_HARMONICS)),
            tuple(h + 1 for h in steady),
            self._breaks(nominal, strongest + 1, frequency),
        )

    def _breaks(self, nominal: float, harmonic: int, frequency: float) -> tuple[float, ...]:
        """Seconds at which the phase of a harmonic jumps between steady stretches."""
        times = np.array([at for at, _ in self._phases])
        phases = np.angle(np.array([values[nominal, harmonic] for _, values in self._phases]))
        # Each second is measured against the nominal frequency from its own start, so a steady tone turns by its whole
        # number of periods: only the difference from the mean frequency is left.
        turn = np.diff(phases) - 2 * np.pi * frequency * harmonic * np.diff(times)
        turn[np.diff(times) > 1.5 * HOP_SECONDS] = 0.0
        jumps = np.abs(_wrapped(turn))
        found: list[tuple[float, float]] = []  # when, and how much the differences beside it move
        for at in range(1, len(turn)):
            # A cut lies within one second, which takes part in two differences; those beside them stay small.
            total = float(np.abs(_wrapped(turn[at - 1] + turn[at])))
            beside = max((float(jumps[i]) for i in (at - 2, at + 1) if 0 <= i < len(jumps)), default=0.0)
            if total < _BREAK or beside > _CONTINUES:
                continue
            if not found or times[at] - found[-1][0] > 2.5 * HOP_SECONDS:
                found.append((float(times[at]), beside))
            elif beside < found[-1][1]:  # of neighbours the one that explains more
                found[-1] = float(times[at]), beside
        return tuple(at for at, _ in found)


def _wrapped(angle: Floats) -> Floats:
    """Angles in radians within -pi..pi."""
    return np.asarray(np.angle(np.exp(1j * angle)))
