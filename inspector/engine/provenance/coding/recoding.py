"""Whether a clip was coded before with groups of another length, by the rhythm that their I pictures leave.

Each picture is weighed by how much it looks like the beginning of an earlier group (`beats`). Where those that do come
every so many pictures, more strongly than chance explains (Li et al. 2023), and no one place of the clip's own groups
explains it, the clip was probably coded before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from inspector.domain.arrays import Flags, Floats
from inspector.domain.observations.coding import QUIET, CodingSeries
from inspector.engine.provenance.coding.beats import FEWEST_COMPARED, Beats, beats_of, usual_lengths
from inspector.engine.provenance.coding.breaks import breaks_of
from inspector.engine.provenance.coding.rules import Measure

RHYTHM, BREAKS = "earlier rhythm", "earlier rhythm breaks"
CODECS = {"h264", "hevc", "mpeg4"}  # as the second coding; only for these it was measured
LEAST_PICTURES = 300
MOST_FALSE_ALARMS = 2.0  # of an upper bound, which is far above the truth; docs/method.md has the error rates
_SHORTEST, _LONGEST = 8, 300  # pictures in a group
_FEWEST = 5  # times that a rhythm must be seen
_MOST_SHORT_RHYTHMS = 3
_USUAL, _FROM_START = 0.5, 0.3  # shares of all false alarms for usual lengths, and for rhythms from the first picture
_FEW_TRACES = 10.0  # times that chance is counted in analyses from before the four series that say most
_HALVES = 30.0  # three that are searched, and a tenth of the limit for them: most rhythms are seen in the whole clip


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The strongest rhythm: pictures between two beats, the rows of the beats, and how far it exceeds chance.

    `false_alarms` is how many of all lengths and beginnings that were tried would reach it by chance in a clip without
    a rhythm, if they were independent, at most (the "number of false alarms" of a contrario methods); more of them are
    allowed for the lengths that encoders use, and for rhythms that begin with the clip. One that is seen in a half of
    the clip alone has the beats of that half. `breaks` are the rows between which a rhythm that was found goes on from
    another beginning, two groups apart.
    """

    period: int
    rows: tuple[int, ...]
    false_alarms: float
    breaks: tuple[tuple[int, int], ...] = ()

    @property
    def is_found(self) -> bool:
        """Whether it is too strong for chance."""
        return self.period >= _SHORTEST and self.false_alarms < MOST_FALSE_ALARMS


def earlier_rhythm(series: CodingSeries, codec: str) -> Rhythm | str:
    """The strongest rhythm that the clip's own groups do not explain, or the reason why it cannot be told."""
    if codec not in CODECS:
        return "this is measured for H.264, H.265 and MPEG-4 only"
    if len(series) < LEAST_PICTURES:
        return f"it takes at least {LEAST_PICTURES} pictures"
    beats = beats_of(series)
    if beats is None:
        return "too few of its pictures are coded in the same way"
    counted = 1.0 if np.isfinite(series.values[QUIET]).any() else _FEW_TRACES
    for _ in range(_MOST_SHORT_RHYTHMS):
        best = _strongest(beats, len(series), counted)
        if best is None or best.period >= _SHORTEST or best.false_alarms >= MOST_FALSE_ALARMS:
            break
        beats = _without(beats, best.period)  # that of B pictures in the first coding, or of layers
    if best is None or best.period < _SHORTEST:
        return "a rhythm of a few pictures covers all others"
    if not best.is_found:
        best = _strongest_of_halves(beats, len(series), _HALVES * counted) or best
    if not best.is_found:
        return best
    return replace(best, breaks=breaks_of(beats, best.period, best.rows, len(series)))


def rhythm_measures(found: Rhythm | str, series: CodingSeries) -> dict[str, Measure]:
    """The period in pictures where the rhythm of a series exceeds chance, and how often it breaks."""
    if isinstance(found, str) or not found.is_found:
        return {}
    spans = tuple((int(pts), int(pts)) for pts in series.pts[list(found.rows)])
    measures = {RHYTHM: Measure(float(found.period), spans)}
    if found.breaks:
        between = tuple((int(series.pts[last]), int(series.pts[first])) for last, first in found.breaks)
        measures[BREAKS] = Measure(float(len(between)), between)
    return measures


def rhythm_text(found: Rhythm | str) -> str:
    """What can be said of an earlier coding, as a phrase."""
    if isinstance(found, str):
        return f"cannot be told: {found}"
    if not found.is_found:
        return "no rhythm of one was found; many leave none, above all where this coding is the poorer one"
    alarms = f"{found.false_alarms:.0e}" if found.false_alarms < 0.001 else f"{found.false_alarms:.2g}"
    changes = "once" if len(found.breaks) == 1 else f"{len(found.breaks)} times"
    breaks = f"; its beginning changes {changes}" if found.breaks else ""
    return f"a rhythm of {found.period} pictures, {len(found.rows)} times; number of false alarms {alarms}{breaks}"


def _strongest(beats: Beats, pictures: int, counted: float) -> Rhythm | None:
    """The period and beginning that chance, counted so many times, explains least."""
    values, total = beats.values, len(beats.rows)
    chance = _chance(values)
    longest = min(pictures // _FEWEST, _LONGEST)
    shares = _shares_of_lengths(longest)
    best, least = None, math.inf
    for period in range(2, longest + 1):
        phases = beats.rows % period
        counts = np.bincount(phases, minlength=period)
        sums = np.bincount(phases, values, minlength=period)
        usable = (counts >= _FEWEST) & (counts < 0.5 * total)
        mean = np.where(usable, sums / np.maximum(counts, 1), 0.0)
        starts = np.full(period, (1 - _FROM_START) / period)
        starts[0] += _FROM_START
        tried = np.log(counted / (shares[period] * starts))
        logs = tried - np.where(usable, counts * np.interp(mean, *chance), -math.inf)  # of the number of false alarms
        for phase in np.argsort(logs)[:3].tolist():
            if logs[phase] >= min(least, tried[phase]):
                break
            is_beat = phases == phase
            log = max(float(logs[phase]), float(tried[phase]) + _beside_one_place(beats, is_beat, chance))
            if log < least:
                least = log
                best = Rhythm(period, tuple(beats.rows[is_beat].tolist()), math.exp(max(log, -690.0)))
    return best


def _shares_of_lengths(longest: int) -> Floats:
    """The share of all false alarms that each length is allowed, float64 (longest + 1,) with a sum of 1."""
    lengths = np.arange(longest + 1)
    is_usual = np.isin(lengths, usual_lengths()).astype(np.float64)
    any_length = (lengths >= 2).astype(np.float64) / (longest - 1)
    return np.asarray((1 - _USUAL) * any_length + _USUAL * is_usual / is_usual.sum(), np.float64)


def _beside_one_place(beats: Beats, is_beat: Flags, chance: tuple[Floats, Floats]) -> float:
    """The log of the probability of the beats, at most, if all were as those apart from one place of the clip's groups.

    The place that adds most is left out. What the clip's own groups do (behind their I pictures above all) is at one
    place of them: an earlier rhythm of another length is at several, and at each of them alike.
    """
    _, places = np.unique(beats.places[is_beat], return_inverse=True)
    values, counts = beats.values[is_beat], np.bincount(places)
    if len(counts) < 2:
        return 0.0
    sums = np.bincount(places, values)
    most = int(np.argmax(sums))
    mean = (sums.sum() - sums[most]) / (len(values) - counts[most])
    return -len(values) * float(np.interp(mean, *chance))


def _strongest_of_halves(beats: Beats, pictures: int, counted: float) -> Rhythm | None:
    """The strongest rhythm in the first, middle or last half that exceeds chance, counted so many times; else None.

    What was cut out or put in between both codings ends a rhythm: over the whole clip it may not be seen.
    """
    half, found = pictures // 2, []
    for start in (0, half // 2, pictures - half):
        chosen: Flags = (beats.rows >= start) & (beats.rows < start + half)
        if np.count_nonzero(chosen) < FEWEST_COMPARED:
            continue
        values = _scaled(beats.values[chosen])
        those = replace(beats, rows=beats.rows[chosen], places=beats.places[chosen], values=values)
        part = _strongest(those, half, counted)
        if part is not None:
            found.append(part)
    return min((each for each in found if each.is_found), key=lambda each: each.false_alarms, default=None)


def _chance(values: Floats) -> tuple[Floats, Floats]:
    """Means of values chosen at random, (m,) rising from 0, and the rate at which such a mean becomes improbable.

    The mean of n reaches it with a probability of at most exp(-n * rate) (Chernoff's bound, with the generating
    function of the values themselves): a few great values among them make none of a few pictures improbable.
    """
    tilts = np.concatenate([[0.0], np.geomspace(0.02, 20.0, 80)])
    cumulants = np.array([np.logaddexp.reduce(tilt * values) - math.log(len(values)) for tilt in tilts])
    means = np.linspace(0.0, max(float(values.max()), 1e-9), 400)
    return means, np.asarray(np.max(tilts[:, None] * means - cumulants[:, None], axis=0), np.float64)


def _without(beats: Beats, period: int) -> Beats:
    """The beats without the rhythm of a period: each phase around its own median."""
    left = beats.values.copy()
    for phase in range(period):
        same: Flags = beats.rows % period == phase
        if np.count_nonzero(same) >= _FEWEST:
            left[same] -= np.median(left[same])
    return replace(beats, values=_scaled(left))


def _scaled(values: Floats) -> Floats:
    """With mean 0 and deviation 1."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9), np.float64)
