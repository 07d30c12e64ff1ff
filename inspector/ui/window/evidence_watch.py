"""Watches the file of the open clip, and reports when another program moves, deletes or changes it."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from inspector.ui.session import Session
from inspector.ui.state import Notice, OpenedClip
from inspector.ui.widgets.glance import glance
from inspector.ui.widgets.language import tr

_LATE: tuple[int, int] | None = (-1, -1)  # in place of a size and a time, while the disk does not answer
_DELAY_MS = 300  # a file that is being written or replaced changes many times
_LATER_MS = 5000  # to the next look at a disk that did not answer: each one holds up the window for a moment


class _FileState(Enum):
    AS_OPENED = auto()
    MISSING = auto()
    ALTERED = auto()


class EvidenceWatch(QObject):
    """Compares size and modification time with those at opening; the file is not hashed again here."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._path: Path | None = None
        self._opened_as: tuple[int, int] | None = None
        self._state = _FileState.AS_OPENED
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._check)
        self._watcher.fileChanged.connect(lambda _path: self._timer.start(_DELAY_MS))
        self._watcher.directoryChanged.connect(lambda _path: self._timer.start(_DELAY_MS))
        session.clip_changed.connect(self._on_clip_changed)

    def _on_clip_changed(self, opened: OpenedClip | None) -> None:
        watched = self._watcher.files() + self._watcher.directories()
        if watched:
            self._watcher.removePaths(watched)
        self._path = None if opened is None else Path(opened.clip.path)
        self._state = _FileState.AS_OPENED
        self._timer.stop()
        if self._path is not None:
            self._opened_as = glance(_stamp, self._path, _LATE)
            if self._opened_as == _LATE:
                self._timer.start(_LATER_MS)  # not only after a change, of which nothing would then be seen
            # The folder too: a deleted file sends no more signals, and it may come back.
            self._watcher.addPaths([str(self._path), str(self._path.parent)])

    def _check(self) -> None:
        if self._path is None:
            return
        now = glance(_stamp, self._path, _LATE)
        if now == _LATE:
            self._timer.start(_LATER_MS)
            return
        if self._opened_as == _LATE:
            self._opened_as = now
        if now is not None and str(self._path) not in self._watcher.files():
            self._watcher.addPath(str(self._path))
        state = (
            _FileState.MISSING
            if now is None
            else _FileState.AS_OPENED
            if now == self._opened_as
            else _FileState.ALTERED
        )
        if state is not self._state:
            self._state = state
            self._session.post(_notice(state, self._path))


def _stamp(path: Path) -> tuple[int, int] | None:
    """The size in bytes and the modification time in ns, or None if there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _notice(state: _FileState, path: Path) -> Notice:
    if state is _FileState.MISSING:
        message = tr(
            "{name} is no longer in {parent}: restore it before you analyse it or write a report, or open it "
            "at its new path; its notes and its analysis are kept.",
            name=path.name,
            parent=path.parent,
        )
        return Notice(message, is_problem=True, action_id="open")
    if state is _FileState.ALTERED:
        message = tr(
            "{name} was changed by another program since it was opened; open it again to see its content.",
            name=path.name,
        )
        return Notice(message, is_problem=True, action_id="reopen", detail=str(path))
    return Notice(tr("{name} is available again, unchanged.", name=path.name))
