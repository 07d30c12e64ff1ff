"""The dialogs that ask who examines: before the first decision and, with the rest of the cover, before a report."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from inspector.domain.case import CaseInfo
from inspector.ui.widgets.labels import PlainLabel
from inspector.ui.widgets.language import mark, tr, tr_marked

_EXAMINER = {"examiner": mark("Examiner"), "organisation": mark("Organisation")}
COVER = {"name": mark("Case"), "exhibit": mark("Exhibit"), **_EXAMINER}


class CoverDialog(QDialog):
    """Edits some fields of a cover; `chosen` carries the whole cover."""

    chosen = Signal(object)  # CaseInfo

    def __init__(self, title: str, lead: str, button: str, fields: dict[str, str], info: CaseInfo, parent: QWidget):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self._info = info
        form = QFormLayout(self)
        about = PlainLabel(lead)
        about.setWordWrap(True)
        form.addRow(about)
        self.fields: dict[str, QLineEdit] = {}
        for name, label in fields.items():
            self.fields[name] = field = QLineEdit(getattr(info, name))
            field.setAccessibleName(tr_marked(label))
            form.addRow(tr_marked(label), field)
        self.add_rows(form)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go_on = buttons.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go_on.setProperty("primary", True)
        buttons.accepted.connect(self.choose)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        empty = [field for field in self.fields.values() if not field.text()]
        (empty[0] if empty else self.go_on).setFocus()

    def add_rows(self, form: QFormLayout) -> None:
        """Add further rows below the fields of the cover."""

    def choose(self) -> None:
        """Close the dialog and announce the cover."""
        edited = {name: field.text().strip() for name, field in self.fields.items()}
        self.accept()
        self.chosen.emit(replace(self._info, **edited))


def examiner_dialog(info: CaseInfo, parent: QWidget) -> CoverDialog:
    """Whose decisions these are; asked once, before the first one."""
    lead = tr("Your name stands beside your decisions and on the report. It is remembered on this computer only.")
    return CoverDialog(tr("Who examines?"), lead, tr("Go on"), _EXAMINER, info, parent)
