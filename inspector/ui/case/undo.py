"""What can be undone: one order of steps over the clip and the case, of which the clip's go when another is opened."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, Signal


class Scope(Enum):
    """What a step belongs to. Qt's own stack knows no such thing: it can only be cleared as a whole."""

    CLIP = "clip"
    CASE = "case"


class Step(Protocol):
    """Something done that can be taken back."""

    @property
    def scope(self) -> Scope:
        """With what it is forgotten."""
        ...

    def redo(self) -> None:
        """Do it, or do it again."""
        ...

    def undo(self) -> None:
        """Take it back."""
        ...


class History(QObject):
    """Steps in the order in which they were done; the undone ones can be done again until something new is done."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._undone)

    def push(self, step: Step) -> None:
        """Do something new."""
        self._undone.clear()
        self._done.append(step)
        step.redo()
        self.changed.emit()

    def undo(self) -> None:
        """Take the last step back."""
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            step.undo()
            self.changed.emit()

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            step.redo()
            self.changed.emit()

    def forget(self, *scopes: Scope) -> None:
        """Leave what these steps did as it is: what they belong to is no longer open."""
        self._done = [step for step in self._done if step.scope not in scopes]
        self._undone = [step for step in self._undone if step.scope not in scopes]
        self.changed.emit()
