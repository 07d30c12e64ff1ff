"""What the window is waiting for: the part of the session that says so in words."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inspector.ui.display import Display
from inspector.ui.state import Task


class Waiting(Display):
    """One text for each task, and the frame that is awaited. Each change emits `busy_changed`."""

    busy_changed = Signal(object)  # str: what the window is waiting for, or ""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._busy: dict[Task, str] = {}  # the one that was set last is at the end
        self._opened = ""  # how much of the clip that is being opened is hashed
        self.pending_index: int | None = None  # the frame that is awaited for a noticeable time

    @property
    def busy(self) -> str:
        """What the window is waiting for, or ""; of several, what nothing can be done during, else the newest."""
        case, clip = self._busy.get(Task.OPENING_CASE), self._busy.get(Task.OPENING)
        return case or (clip + self._opened if clip else next(reversed(self._busy.values()), ""))

    @property
    def is_opening(self) -> bool:
        """Whether a clip or a case is being opened, so that nothing can be done meanwhile."""
        return not self._busy.keys().isdisjoint((Task.OPENING, Task.OPENING_CASE))

    def set_busy(self, task: Task, text: str) -> None:
        """Say what the window is waiting for, until `end_busy` of the same task."""
        self._busy.pop(task, None)
        self._busy[task] = text
        self._opened = "" if task is Task.OPENING else self._opened
        self.busy_changed.emit(self.busy)

    def end_busy(self, task: Task) -> None:
        """The task has ended, whether it succeeded, failed or was stopped."""
        if self._busy.pop(task, ""):
            self.busy_changed.emit(self.busy)

    def set_opened_percent(self, percent: int) -> None:
        """Say how much of the clip that is being opened is hashed; ignored once it is open."""
        if Task.OPENING in self._busy:
            self._opened = f" {percent} %"
            self.busy_changed.emit(self.busy)

    def set_pending_index(self, index: int | None) -> None:
        """Set the frame that is awaited for a noticeable time, or None."""
        self.pending_index = index
        self.busy_changed.emit(self.busy)
