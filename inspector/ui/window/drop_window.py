"""A window on which files can be dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from inspector.ui.window.focus import FocusWindow


class DropWindow(FocusWindow):
    """Takes files as copies only: after a move a file manager deletes the evidence."""

    dropped = Signal(object)  # list[Path]

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files as copies only."""
        can_copy = bool(event.possibleActions() & Qt.DropAction.CopyAction)
        if can_copy and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Stay with copies."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Announce the files."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
