"""The selected track's signals, and the lanes below the tracks that the clip has."""

from __future__ import annotations

from inspector.domain.analysis import Signal
from inspector.engine.faces.blinks import NO_BLINKS, TrackBlinks
from inspector.engine.faces.signals import EYES
from inspector.engine.provenance.coding.lanes import CODING_LANES
from inspector.ui.session import Session
from inspector.ui.timeline.lanes.blink_lane import BLINKS
from inspector.ui.timeline.lanes.observed_lane import OBSERVED
from inspector.ui.timeline.lanes.sound_lanes import SPECTRUM, VOICE

SOUND = "sound"


class SignalValues:
    """Reads the session. While the signals of another track are on their way, their lanes stay, but are empty."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def possible_lanes(self) -> list[str]:
        """The names of the lanes below the tracks that any track of the clip can fill."""
        signals = self._session.signals
        found = [] if signals is None else list(signals.names)
        return self._sound_lanes() + ([BLINKS] if EYES in found else []) + found + self.coding_lanes

    @property
    def coding_lanes(self) -> list[str]:
        """The names of the lanes about the coding, which do not depend on a track."""
        coding = self._coding()
        signals = self._session.signals
        has_places = signals is not None and any(fact.spans for fact in signals.observed)
        return [name for name in CODING_LANES if name in coding] + ([OBSERVED] if has_places else [])

    @property
    def lanes(self) -> list[str]:
        """The names of the lanes below the tracks that the selected track can fill."""
        found = self._signals()
        series = self._session.board.tracks.get(self._session.selected_track or 0)
        has_blinks = EYES in found and series is not None and series.is_scored  # else the eyes cannot be judged either
        return self._sound_lanes() + ([BLINKS] if has_blinks else []) + list(found) + self.coding_lanes

    def _sound_lanes(self) -> list[str]:
        """The sound's lanes: its waveform at once, the others when it was measured."""
        clip, facts = self._session.clip, self._session.sound_facts
        if clip is None or not clip.has_audio or clip.is_still:
            return []
        measured = {SPECTRUM: facts and facts.picture, VOICE: facts and facts.speech}
        return [SOUND, *(name for name, series in measured.items() if series is not None)]

    def unit(self, name: str) -> str:
        """The unit of a signal that has a lane."""
        return {**self._coding(), **self._signals()}[name].unit

    def for_lane(self, name: str) -> Signal | None:
        """The signal that a lane shows; None for the sound, and while the selected track's is not read yet."""
        signals, coding = self._session.signals, self._coding()
        if name in coding:
            return coding[name]
        if signals is None or signals.track_id != self._session.selected_track:
            return None
        return self._signals().get(EYES if name == BLINKS else name)

    def blinks(self) -> TrackBlinks:
        """The selected track's blinks; none while they are not read yet."""
        signals = self._session.signals
        return NO_BLINKS if signals is None or self.for_lane(BLINKS) is None else signals.blinks

    def _coding(self) -> dict[str, Signal]:
        signals = self._session.signals
        return {} if signals is None else dict(signals.coding)

    def _signals(self) -> dict[str, Signal]:
        signals = self._session.signals
        return {} if signals is None or self._session.selected_track is None else dict(signals.signals)
