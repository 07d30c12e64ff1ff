"""The question what to do with a clip that is dropped on the window while a case is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from inspector.ui.widgets.labels import PlainLabel
from inspector.ui.widgets.language import tr


class DropDialog(QDialog):
    """Emits `added` or `opened`, or nothing when it is cancelled."""

    added = Signal()
    opened = Signal()

    def __init__(self, clip: str, case: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Open or add to the case?"))
        question = PlainLabel(
            tr("Add {clip} to the case {case}, or only open it?", clip=clip, case=case)
            if case
            else tr("Add {clip} to the case, or only open it?", clip=clip)
        )
        question.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        roles = QDialogButtonBox.ButtonRole
        self.add_button = buttons.addButton(tr("Add to the case"), roles.AcceptRole)
        self.open_button = buttons.addButton(tr("Only open"), roles.ActionRole)
        buttons.accepted.connect(self._add)
        buttons.rejected.connect(self.reject)
        self.open_button.clicked.connect(self._open)
        column = QVBoxLayout(self)
        column.addWidget(question)
        column.addWidget(buttons)

    def _add(self) -> None:
        self.accept()
        self.added.emit()

    def _open(self) -> None:
        self.accept()
        self.opened.emit()
