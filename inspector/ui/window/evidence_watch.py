"""An eye on the open clip's file: says so when another program moves, deletes or changes it under the window."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from inspector.ui.session import Session
from inspector.ui.state import Notice, OpenedClip

_SETTLE_MS = 300  # a file that is being written or swapped changes many times


class _Standing(Enum):
    AS_OPENED = auto()
    MISSING = auto()
    ALTERED = auto()


class EvidenceWatch(QObject):
    """Compares size and time of change, as of when the clip was opened; hashing again is left to who needs it."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._path: Path | None = None
        self._opened_as: tuple[int, int] | None = None
        self._standing = _Standing.AS_OPENED
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._look)
        self._watcher.fileChanged.connect(lambda _path: self._settle.start())
        self._watcher.directoryChanged.connect(lambda _path: self._settle.start())
        session.clip_changed.connect(self._on_clip_changed)

    def _on_clip_changed(self, opened: OpenedClip | None) -> None:
        watched = self._watcher.files() + self._watcher.directories()
        if watched:
            self._watcher.removePaths(watched)
        self._path = None if opened is None else Path(opened.clip.path)
        self._standing = _Standing.AS_OPENED
        self._settle.stop()
        if self._path is not None:
            self._opened_as = _stamp(self._path)
            # The folder too: of a file that is gone nothing more is heard, and it may come back.
            self._watcher.addPaths([str(self._path), str(self._path.parent)])

    def _look(self) -> None:
        if self._path is None:
            return
        now = _stamp(self._path)
        if now is not None and str(self._path) not in self._watcher.files():
            self._watcher.addPath(str(self._path))
        standing = (
            _Standing.MISSING if now is None else _Standing.AS_OPENED if now == self._opened_as else _Standing.ALTERED
        )
        if standing is not self._standing:
            self._standing = standing
            self._session.post(_notice(standing, self._path))


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of change, or None where there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _notice(standing: _Standing, path: Path) -> Notice:
    if standing is _Standing.MISSING:
        words = (
            f"{path.name} is no longer in {path.parent}: put it back before you analyse or report it, or open it where "
            "it is now; its notes and analysis come with it."
        )
        return Notice(words, is_problem=True, action_id="open")
    if standing is _Standing.ALTERED:
        words = f"{path.name} was written to by another program since it was opened; open it again to see what it is."
        return Notice(words, is_problem=True, action_id="reopen", detail=str(path))
    return Notice(f"{path.name} is back as it was.")
