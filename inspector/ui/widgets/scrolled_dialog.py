"""Pages that scroll if the screen is too small for them, in a widget or in a dialog."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

_MARGIN = 60  # pixels of the screen that the dialog leaves free


def scroll_area(name: str) -> QScrollArea:
    """A scroll area without a frame, whose page fills its width; `name` is its accessible name."""
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area


def fill_scrolled(owner: QWidget, name: str) -> tuple[QWidget, QScrollArea]:
    """Fill `owner` with a page that scrolls if it is higher than the window; returns the page and its area."""
    page, area, around = QWidget(), scroll_area(name), QVBoxLayout(owner)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    around.setContentsMargins(0, 0, 0, 0)
    around.addWidget(area)
    return page, area


class ScrolledDialog(QDialog):
    """Shows a page in `area`; widgets added to `column` are below it and always visible. Deleted when closed."""

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
        """Resize to the page."""
        super().showEvent(event)
        self.fit_page()

    def fit_page(self) -> None:
        """Resize to the page's preferred size, within the screen."""
        room = self.screen().availableSize() - QSize(_MARGIN, _MARGIN)
        around = self.sizeHint() - self.area.sizeHint()
        bar = self.area.verticalScrollBar().sizeHint().width()
        page = self.area.widget()
        if page is None:
            return
        wanted, beside = page.sizeHint(), around + QSize(bar, 4)
        wanted.setWidth(min(max(wanted.width(), self.minimumWidth() - beside.width()), room.width() - beside.width()))
        if page.hasHeightForWidth():  # its sentences wrap
            wanted.setHeight(page.heightForWidth(wanted.width()))
        self.resize((wanted + beside).boundedTo(room))
