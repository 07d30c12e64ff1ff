"""Compares the selected face's mouth with the sound of the open clip, on a thread, once both were measured."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from inspector.domain.sound.facts import SoundFacts
from inspector.domain.sound.mouth import MouthLag
from inspector.engine.faces.signals import MOUTH
from inspector.engine.sound.mouth import track_lag
from inspector.ui.case.background import Background
from inspector.ui.session import Session
from inspector.ui.state import TrackSignals


class MouthReader(QObject):
    """Follows the session; what was asked for a face that is no longer selected is dropped."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.background = Background("mouth", self)
        session.sound_facts_changed.connect(lambda _facts: self._measure())
        session.signals_changed.connect(self._measure)

    def _measure(self) -> None:
        clip, signals, sound = self._session.clip, self._session.signals, self._session.sound_facts
        self._session.set_mouth(None)
        if clip is None or signals is None or signals.track_id is None or sound is None or sound.speech is None:
            return
        opening = signals.signals.get(MOUTH)
        if opening is not None:
            work = partial(track_lag, signals.track_id, opening, clip, sound.speech)
            self.background.run(work, partial(self._take, signals, sound))

    def _take(self, signals: TrackSignals, sound: SoundFacts, lag: MouthLag) -> None:
        if self._session.signals is signals and self._session.sound_facts is sound:
            self._session.set_mouth(lag)
