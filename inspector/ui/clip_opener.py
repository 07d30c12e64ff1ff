"""Opens a clip, from the request over its SHA-256 and its index to the first frame, and says how far that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.domain.clip import Clip
from inspector.engine.activity import Stage
from inspector.engine.case.case_folder import stream_case_path
from inspector.ui.case.case_store import CaseStore, Evidence
from inspector.ui.player.players import PLAYERS
from inspector.ui.player.viewer import Viewer
from inspector.ui.session import Session
from inspector.ui.state import OpenedClip, Task
from inspector.ui.widgets.language import tr


class ClipOpener(QObject):
    """The newest request counts. A clip that the viewer indexes by then is still shown, with its own case file."""

    opened = Signal(object, object)  # Evidence, OpenedClip
    folder_found = Signal(object, object)  # Path, bool: what was to be opened is a folder; whether it is a case
    failed = Signal(object)  # str
    not_shown = Signal(object)  # str: the viewer cannot show the clip and has the former one open
    _told = Signal(object, object, object)  # Path, Stage, int: how much of its file a process has done

    def __init__(self, session: Session, case_store: CaseStore, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._case_store, self._viewer = session, case_store, viewer
        self._indexed: list[Evidence] = []  # what the viewer was given and has not opened
        case_store.hash_advanced.connect(self._on_hash_advanced)
        case_store.folder_found.connect(self._on_folder_found)
        case_store.evidence_opened.connect(self._on_evidence_opened)
        case_store.open_failed.connect(self._on_open_failed)
        viewer.opened.connect(self._on_viewer_opened)
        viewer.open_failed.connect(self._on_viewer_open_failed)
        self._told.connect(self._on_told)
        PLAYERS.told = self._told.emit

    def close(self) -> None:
        """Hear no process any more."""
        PLAYERS.told = lambda path, stage, percent: None

    def open(self, path: Path, case_path_of: Callable[[str], Path]) -> None:
        """Open a clip or a case file; `case_path_of` gives the path of the case file for a SHA-256."""
        self._session.set_busy(Task.OPENING, tr("Opening {name} and computing its SHA-256 …", name=path.name))
        self._case_store.open(path, case_path_of)

    def open_stream(self, clip: Clip, number: int, case_path: Path) -> None:
        """Open another stream of pictures of the file of an open clip."""
        is_main = any(stream.is_main for stream in clip.streams if stream.number == number)
        said = tr("Opening stream {number} of {name} …", number=number, name=Path(clip.path).name)
        self._session.set_busy(Task.OPENING, said)
        self._case_store.open_stream(clip, number, stream_case_path(case_path, None if is_main else number))

    def _is_newest(self, evidence: Evidence) -> bool:
        return evidence.opening == self._case_store.openings

    def _on_folder_found(self, opening: int, path: Path, is_case: bool) -> None:
        if opening == self._case_store.openings:
            self._session.end_busy(Task.OPENING)
            self.folder_found.emit(path, is_case)

    def _on_hash_advanced(self, opening: int, percent: int) -> None:
        if opening == self._case_store.openings:
            self._session.set_busy_percent(Task.OPENING, percent)

    def _on_told(self, path: Path, stage: Stage, percent: int) -> None:
        """A process reads its file: the index takes as long as the hash if the disk is slow."""
        given = [Path(evidence.clip.path) for evidence in self._indexed if self._is_newest(evidence)]
        if stage is Stage.INDEX and path in (self._case_store.opening_path, *given):
            said = tr("Opening {name} and reading its index …", name=path.name)
            self._session.set_busy_percent(Task.OPENING, percent, said)

    def _on_evidence_opened(self, evidence: Evidence) -> None:
        self._indexed.append(evidence)
        self._viewer.open(evidence.clip)

    def _on_open_failed(self, message: str) -> None:
        self._session.end_busy(Task.OPENING)
        self.failed.emit(message)

    def _taken(self, clip: Clip) -> Evidence | None:
        """What the viewer has opened, or failed to; what it was given before that, it has passed over."""
        place = next((place for place, given in enumerate(self._indexed) if given.clip is clip), None)
        if place is None:
            return None
        evidence = self._indexed[place]
        del self._indexed[: place + 1]
        if self._is_newest(evidence):
            self._session.end_busy(Task.OPENING)
        return evidence

    def _on_viewer_opened(self, opened: OpenedClip) -> None:
        evidence = self._taken(opened.clip)
        if evidence is not None:
            self.opened.emit(evidence, opened)

    def _on_viewer_open_failed(self, message: str, clip: Clip) -> None:
        if self._taken(clip) is not None:
            self.not_shown.emit(message)
