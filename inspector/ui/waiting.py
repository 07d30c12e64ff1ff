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
        self._said: dict[Task, str] = {}  # how much of them is done, where that is known
        self.pending_index: int | None = None  # the frame that is awaited for a noticeable time

    @property
    def busy(self) -> str:
        """What the window is waiting for, or ""; of several, what nothing can be done during, else the newest."""
        urgent = [task for task in (Task.OPENING_CASE, Task.OPENING) if task in self._busy]
        task = next(iter([*urgent, *reversed(self._busy)]), None)
        return "" if task is None else self._said.get(task) or self._busy[task]

    @property
    def is_opening(self) -> bool:
        """Whether a clip or a case is being opened, so that nothing can be done meanwhile."""
        return not self._busy.keys().isdisjoint((Task.OPENING, Task.OPENING_CASE))

    def set_busy(self, task: Task, text: str) -> None:
        """Say what the window is waiting for, until `end_busy` of the same task."""
        self._busy.pop(task, None)
        self._busy[task] = text
        self._said.pop(task, None)
        self.busy_changed.emit(self.busy)

    def end_busy(self, task: Task) -> None:
        """The task has ended, whether it succeeded, failed or was stopped."""
        if self._busy.pop(task, ""):
            self.busy_changed.emit(self.busy)

    def set_busy_percent(self, task: Task, percent: int | None, text: str = "") -> None:
        """Say how much of a task is done, of what `text` names if that is only a part; ignored once it has ended."""
        if task in self._busy:
            self._said[task] = "" if percent is None else f"{text or self._busy[task]} {percent} %"
            self.busy_changed.emit(self.busy)

    def set_pending_index(self, index: int | None) -> None:
        """Set the frame that is awaited for a noticeable time, or None."""
        self.pending_index = index
        self.busy_changed.emit(self.busy)
