"""Where the rhythm of an earlier coding goes on from another beginning: pictures may be missing or added before it.

What is cut out of a coded clip, or put into it, before it is coded again moves all later beats, unless its length is a
multiple of the groups'. The most probable beginnings are followed through the clip (Viterbi 1967).
"""

from __future__ import annotations

import math

import numpy as np

from inspector.engine.provenance.coding.beats import Beats

# How much more a break must explain than all its possible places and beginnings would by chance, as a logarithm. On the
# material that the weights were learnt from, one in 27 rhythms without a break is said to have one.
_MARGIN = 2.0
_LEAST_VALUE, _MOST_VALUE = -2.5, 4.0  # no single picture makes or hides a break
_LEAST_BEAT, _MOST_BEAT = 0.5, 3.0


def breaks_of(beats: Beats, period: int, rows: tuple[int, ...], pictures: int) -> tuple[tuple[int, int], ...]:
    """Where a rhythm with beats at `rows` changes its beginning: from and to which row, a group before and behind.

    A beat's value is taken as normally distributed around the mean of the rhythm's beats, any other as around 0: the
    logarithm of their ratio is what a picture adds for the beginning that makes it a beat.
    """
    mean = float(np.clip(beats.values[np.isin(beats.rows, rows)].mean(), _LEAST_BEAT, _MOST_BEAT))
    gains = np.zeros(pictures)
    gains[beats.rows] = mean * np.clip(beats.values, _LEAST_VALUE, _MOST_VALUE) - 0.5 * mean * mean
    cost = math.log(pictures) + _MARGIN  # of a change: pictures / period places, each with period beginnings
    totals = np.zeros(period)
    changes: list[tuple[int, ...]] = [()] * period  # the rows of those that lead to each beginning
    for row, gain in enumerate(gains.tolist()):
        phase, best = row % period, int(totals.argmax())
        if totals[best] - cost > totals[phase]:
            totals[phase], changes[phase] = totals[best] - cost, (*changes[best], row)
        totals[phase] += gain
    rows_changed = changes[int(totals.argmax())]
    return tuple((max(row - period, 0), min(row + period, pictures - 1)) for row in rows_changed)
