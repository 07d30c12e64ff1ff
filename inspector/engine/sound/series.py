"""The steps of a whole sound, in the order of time, with holes where there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from inspector.domain.arrays import Floats32, Indices
from inspector.engine.sound.short_time import Steps


@dataclass(slots=True, eq=False)
class Series:
    """Gathers steps; about 24 bytes for each 10 ms."""

    steps: list[Steps] = field(default_factory=list)
    count: int = 0

    def add(self, steps: Steps) -> None:
        """Append steps; what a picture holds of them is not kept."""
        empty = np.zeros((0,), np.uint8)
        kept = Steps(
            steps.first, steps.rms_db, empty, empty, empty, steps.speech_db, steps.pitch, steps.clipped.astype(np.intp),
        )  # fmt: skip
        self.steps.append(kept)
        self.count = max(self.count, steps.first + len(steps.rms_db))

    def floats(self, name: str) -> Floats32:
        """One of the series as float32 (count,), NaN where there is no sound."""
        values = np.full(self.count, np.nan, np.float32)
        for steps in self.steps:
            part = getattr(steps, name)
            values[steps.first : steps.first + len(part)] = part
        return values

    def clipped(self) -> Indices:
        """Samples at full scale in each step."""
        values = np.zeros(self.count, np.intp)
        for steps in self.steps:
            values[steps.first : steps.first + len(steps.clipped)] = steps.clipped
        return values
