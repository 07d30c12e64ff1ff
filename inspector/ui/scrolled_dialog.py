"""A dialog that is as large as its page asks for, as far as the screen has room, and scrolls beyond that."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

_MARGIN = 60  # of the screen that the dialog leaves free


class ScrolledDialog(QDialog):
    """Has the page in `area`; what is added to `column` stands below it and is always in sight. Gone once closed."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 14, 12, 14)
        self.area = QScrollArea()
        self.area.setObjectName("plain")
        self.area.setAccessibleName(title)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.column.addWidget(self.area, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the size that the page asks for."""
        super().showEvent(event)
        room = self.screen().availableSize() - QSize(_MARGIN, _MARGIN)
        around = self.sizeHint() - self.area.sizeHint()
        bar = self.area.verticalScrollBar().sizeHint().width()
        page = self.area.widget()
        if page is not None:
            self.resize((page.sizeHint() + around + QSize(bar, 4)).boundedTo(room))
