"""The selected track's signals, and the lanes below the tracks that the clip has."""

from __future__ import annotations

import numpy as np

from inspector.domain.analysis import Signal
from inspector.domain.arrays import Floats
from inspector.engine.faces.signals import EYES
from inspector.ui.session import Session
from inspector.ui.timeline.lanes.blink_lane import BLINKS

SOUND = "sound"


class SignalValues:
    """Reads the session; keeps the analysis's signals as arrays, which take long to make."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._arrays: dict[int, Floats] = {}  # by the id of the tuple that they were made from
        self._arrays_of: object = None  # the analysis that owns those tuples

    @property
    def possible_lanes(self) -> list[str]:
        """The names of the lanes below the tracks that any track of the clip can fill."""
        clip, analysis = self._session.clip, self._session.analysis
        sound = [SOUND] if clip is not None and clip.has_audio and not clip.is_still else []
        found = list(dict.fromkeys(signal.name for signal in (() if analysis is None else analysis.signals)))
        return sound + ([BLINKS] if EYES in found else []) + found

    @property
    def lanes(self) -> list[str]:
        """The names of the lanes below the tracks that the selected track can fill."""
        found = self.of_selected_track()
        sound = [SOUND] if SOUND in self.possible_lanes else []
        return sound + ([BLINKS] if EYES in found else []) + list(found)

    def of_selected_track(self) -> dict[str, Signal]:
        """The selected track's signals by name."""
        analysis, track = self._session.analysis, self._session.selected_track
        signals = () if analysis is None else analysis.signals
        return {signal.name: signal for signal in signals if signal.track_id == track}

    def for_lane(self, name: str) -> Signal | None:
        """The selected track's signal that a lane shows; None for the sound, and where the track has no such signal."""
        return self.of_selected_track().get(EYES if name == BLINKS else name)

    def array(self, values: tuple[float | None, ...] | tuple[int, ...]) -> Floats:
        """The values of a signal as float64 (n,), NaN for None; pts are represented exactly."""
        if self._arrays_of is not self._session.analysis:
            self._arrays, self._arrays_of = {}, self._session.analysis
        if id(values) not in self._arrays:
            self._arrays[id(values)] = np.array(values, dtype=np.float64)
        return self._arrays[id(values)]
