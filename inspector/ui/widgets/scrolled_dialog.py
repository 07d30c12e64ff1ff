"""Pages that scroll where the screen has no room for them, in a window and in a dialog that else fits its page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

_MARGIN = 60  # of the screen that the dialog leaves free


def scroll_area(name: str) -> QScrollArea:
    """An area without a frame whose page takes its width; `name` is what a screen reader calls it."""
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area


def fill_scrolled(owner: QWidget, name: str) -> tuple[QWidget, QScrollArea]:
    """Fill `owner` with a page that scrolls where it is longer than the window is high; the page, and its area."""
    page, area, around = QWidget(), scroll_area(name), QVBoxLayout(owner)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    around.setContentsMargins(0, 0, 0, 0)
    around.addWidget(area)
    return page, area


class ScrolledDialog(QDialog):
    """Has the page in `area`; what is added to `column` stands below it and is always in sight. Gone once closed."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 14, 12, 14)
        self.area = scroll_area(title)
        self.area.setObjectName("plain")
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
