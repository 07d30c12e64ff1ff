"""Says in the window how much of its work another thread has done."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inspector.engine.percent import Tell
from inspector.ui.session import Session
from inspector.ui.state import Task


class BusyPercent(QObject):
    """Brings percentages to the session, on the UI thread."""

    _told = Signal(object, object, object)  # Task, int, str
    _begun = Signal(object, object)  # Task, str

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._told.connect(session.set_busy_percent)
        self._begun.connect(session.set_busy)

    def of(self, task: Task, text: str = "") -> Tell:
        """For the other thread: it calls this with its percentage of a task, or of the part of it that `text` names."""
        return lambda percent: self._told.emit(task, percent, text)

    def of_slow(self, task: Task, text: str) -> Tell:
        """The same for a task that is only spoken of once it turns out to be slow: the first percentage begins it."""
        return lambda percent: self._begun.emit(task, f"{text} {percent} %")
