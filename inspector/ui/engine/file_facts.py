"""Requests what the open file says about itself from the engine process: the window itself parses nothing of it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from inspector.domain.credentials import Credentials, CredentialStatus
from inspector.domain.file_facts import FileFacts
from inspector.domain.structure import Structure
from inspector.engine.process.protocol import Answer, DescribeFile, Failed, FileDescribed
from inspector.ui.engine.access import access_of
from inspector.ui.engine.client import EngineClient
from inspector.ui.other_clip import OtherClip
from inspector.ui.session import Session
from inspector.ui.state import Notice, OpenedClip
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import tr


class FileFactsReader(QObject):
    """Asks once for each clip that is opened or compared with it, and puts the answer into the session."""

    def __init__(self, session: Session, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._engine = session, engine
        self._job = self._other_job = 0
        self._compared: OtherClip | None = None
        session.clip_changed.connect(self._on_clip_changed)
        session.other_changed.connect(self._on_other_changed)
        engine.answered.connect(self._on_answered)
        engine.crashed.connect(self._on_crashed)

    def _on_clip_changed(self, opened: OpenedClip | None) -> None:
        self._job = 0
        if opened is not None:
            self._job = self._engine.next_job()
            self._engine.send(DescribeFile(self._job, opened.clip.path), access_of(self._session))

    def _on_other_changed(self) -> None:
        other = self._session.other
        if other is self._compared:
            return
        self._compared, self._other_job = other, 0
        self._session.set_other_facts(None)
        if other is not None:
            self._other_job = self._engine.next_job()
            self._engine.send(DescribeFile(self._other_job, other.clip.path), access_of(self._session))

    def _on_answered(self, answer: Answer) -> None:
        if self._other_job and answer.job == self._other_job:
            self._on_other_answered(answer)
            return
        if answer.job != self._job:
            return  # about a clip that was open before
        if isinstance(answer, FileDescribed):
            self._job = 0
            self._session.set_file_facts(answer.facts)
            if foremost := answer.facts.credentials.foremost:
                self._session.post(Notice(shown(foremost), is_sticky=True))
        elif isinstance(answer, Failed):
            self._note_unread(tr("The file was not read: {message}", message=shown(answer.message)))

    def _on_other_answered(self, answer: Answer) -> None:
        if not isinstance(answer, FileDescribed | Failed):
            return
        self._other_job = 0
        if isinstance(answer, FileDescribed):
            self._session.set_other_facts(answer.facts)
        else:
            unread = tr("The file was not read: {message}", message=shown(answer.message))
            self._session.post(Notice(unread, is_problem=True))

    def _on_crashed(self, message: str) -> None:
        """Neither file is tried again, because it may have been the cause."""
        self._other_job = 0
        self._note_unread(
            tr("The file was not read, because the analysis process ended: {message}", message=shown(message))
        )

    def _note_unread(self, unread: str) -> None:
        """State that the open file was not read."""
        if self._job:
            self._job = 0
            self._session.set_file_facts(
                FileFacts(Credentials(CredentialStatus.UNREADABLE, unread), Structure(tr("not read"), 0))
            )
