"""Undo and redo: one history for the clip and the case; the steps of a clip are dropped when another is opened."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, Signal


class Scope(Enum):
    """What a step belongs to. QUndoStack has no such scopes: it can only be cleared as a whole."""

    CLIP = "clip"
    CASE = "case"


class Step(Protocol):
    """A change that can be undone."""

    @property
    def scope(self) -> Scope:
        """When the step is dropped: with its clip, or with its case."""
        ...

    def redo(self) -> None:
        """Make the change."""
        ...

    def undo(self) -> None:
        """Revert the change."""
        ...


class History(QObject):
    """Steps in the order in which they were made; undone steps can be redone until a new one is pushed."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._undone)

    def push(self, step: Step) -> None:
        """Make a new step; the undone ones are dropped."""
        self._undone.clear()
        self._done.append(step)
        step.redo()
        self.changed.emit()

    def undo(self) -> None:
        """Undo the last step."""
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            step.undo()
            self.changed.emit()

    def redo(self) -> None:
        """Redo the step that was undone last."""
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            step.redo()
            self.changed.emit()

    def forget(self, *scopes: Scope) -> None:
        """Drop the steps of these scopes without undoing them: their clip or case is no longer open."""
        self._done = [step for step in self._done if step.scope not in scopes]
        self._undone = [step for step in self._undone if step.scope not in scopes]
        self.changed.emit()
