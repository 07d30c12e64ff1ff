"""Requests what can be measured on the open clip's sound from the engine process, once its file has been read."""

from __future__ import annotations

from PySide6.QtCore import QObject

from inspector.domain.sound.facts import SoundFacts
from inspector.engine.process.protocol import Answer, Cancel, ExamineSound, Failed, SoundExamined
from inspector.ui.engine.access import access_of
from inspector.ui.engine.client import EngineClient
from inspector.ui.session import Session
from inspector.ui.state import OpenedClip
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import tr


class SoundReader(QObject):
    """Asks once for each clip that is opened and has sound, and puts the answer into the session."""

    def __init__(self, session: Session, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._engine = session, engine
        self._job = 0
        self._is_wanted = False
        session.clip_changed.connect(self._on_clip_changed)
        session.file_facts_changed.connect(lambda facts: self._ask() if facts is not None else None)
        engine.answered.connect(self._on_answered)
        engine.crashed.connect(self._on_crashed)

    def _on_clip_changed(self, opened: OpenedClip | None) -> None:
        if self._job:
            self._engine.send(Cancel(self._job))
        self._job = 0
        clip = None if opened is None else opened.clip
        self._is_wanted = clip is not None and clip.has_audio and not clip.is_still

    def _ask(self) -> None:
        clip = self._session.clip
        if self._is_wanted and clip is not None:
            self._is_wanted = False
            self._job = self._engine.next_job()
            self._engine.send(ExamineSound(self._job, clip.path, clip.chosen_stream), access_of(self._session))

    def _on_answered(self, answer: Answer) -> None:
        if answer.job != self._job or not isinstance(answer, SoundExamined | Failed):
            return
        self._job = 0
        if isinstance(answer, SoundExamined):
            self._session.set_sound_facts(answer.facts)
        else:
            self._session.set_sound_facts(
                SoundFacts(tr("The sound was not examined: {message}", message=shown(answer.message)))
            )

    def _on_crashed(self, message: str) -> None:
        """State that the sound was not examined; it is not tried again, because it may have been the cause."""
        if self._job:
            self._job = 0
            self._session.set_sound_facts(
                SoundFacts(
                    tr(
                        "The sound was not examined, because the analysis process ended: {message}",
                        message=shown(message),
                    )
                )
            )
