"""The series of the coding history as the timeline shows them, each in the unit that is easiest to read."""

from __future__ import annotations

import numpy as np

from inspector.domain.analysis import Signal
from inspector.domain.clip import Clip
from inspector.domain.observations.coding import CHANGE, COMBING, INTRA, QUANTISER, SIZE, TYPE, UNCHANGED, CodingSeries
from inspector.engine.provenance.coding.blocks import CODING_TRACK
from inspector.engine.provenance.coding.history import bit_rates, group_positions

PACKETS, TYPES, GROUP = "packet size", "picture type", "place in group"
CODING_LANES = (PACKETS, "bit rate", GROUP, "quantiser", "change", "unchanged area", "intra area", "combing")
"""The names of the lanes, in their order."""


def coding_signals(series: CodingSeries, clip: Clip) -> dict[str, Signal]:
    """The series of the lanes by name, without those that were not measured; and the picture types, for the first."""
    values = series.values
    found = {
        PACKETS: ("kB", values[SIZE] / 1000),
        "bit rate": ("kbit/s", bit_rates(series, clip)),
        GROUP: ("after I", group_positions(series)),
        "quantiser": ("", values[QUANTISER]),
        "change": ("grey levels", values[CHANGE]),
        "unchanged area": ("%", values[UNCHANGED]),
        "intra area": ("%", values[INTRA]),
        "combing": ("ratio", values[COMBING]),
        TYPES: ("", values[TYPE]),
    }
    return {
        name: Signal(CODING_TRACK, name, unit, series.pts, each)
        for name, (unit, each) in found.items()
        if np.isfinite(each).any()
    }
