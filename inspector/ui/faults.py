"""Shows errors of the program that no thread could answer for; `inspector/engine/faults.py` logs them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, qVersion

from inspector.domain.errors import InspectorError
from inspector.engine import faults
from inspector.ui.session import Session
from inspector.ui.state import Notice


class FaultReporter(QObject):
    """Takes the uncaught exceptions of all threads; an error that happens again and again is shown once."""

    happened = Signal(object)  # InspectorError

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: set[str] = set()
        self.happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Install the exception hooks."""
        faults.install(f"window with Qt {qVersion()}", self.happened.emit)

    def remove(self) -> None:
        """Restore Python's own hooks."""
        faults.remove()

    def _on_happened(self, error: InspectorError) -> None:
        text = str(error)
        if text not in self._shown:
            self._shown.add(text)
            self._session.post(Notice(text, is_problem=True))
