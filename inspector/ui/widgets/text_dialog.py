"""The dialog that asks for a text of several lines."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QInputDialog, QPlainTextEdit, QWidget

from inspector.ui.widgets.labels import plain_tip

_ACCEPT_KEYS = ("Ctrl+Return", "Ctrl+Enter")  # Enter alone begins a line


def text_dialog(parent: QWidget, title: str, label: str, button: str) -> QInputDialog:
    """A modeless dialog, which deletes itself; its text comes with the signal `textValueSelected`."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
    dialog.setLabelText(plain_tip(label))
    dialog.setOkButtonText(button)
    for field in dialog.findChildren(QPlainTextEdit):
        field.setTabChangesFocus(True)  # else no key leaves the text for the buttons
        field.setAccessibleName(label)
    for key in _ACCEPT_KEYS:
        QShortcut(QKeySequence(key), dialog, dialog.accept)
    return dialog
