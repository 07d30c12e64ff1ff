"""A framed text of the findings panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from inspector.ui.widgets.labels import PlainLabel, wrapped


class Card(QFrame):
    """A framed column of texts and buttons that can be clicked if `is_link`.

    `level` is "indicated" where manipulation is indicated, "decided" for a finding that the examiner has dealt with,
    else "plain".
    """

    clicked = Signal()

    def __init__(self, level: str, is_link: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setProperty("level", level)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(10, 8, 10, 8)
        self.column.setSpacing(3)
        if is_link:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def add_text(self, text: str, name: str = "") -> PlainLabel:
        """Add a paragraph; `name` is an object name of the style sheet."""
        label = wrapped(text)
        label.setObjectName(name)
        self.setAccessibleName(self.accessibleName() or text)  # the first one says what the card is about
        self.column.addWidget(label)
        return label

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Treat Enter as a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Emit `clicked` for the left button."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


def small_button(label: str, pressed: Callable[[], object]) -> QPushButton:
    """A button within a card."""
    button = QPushButton(label)
    button.setProperty("small", True)
    button.clicked.connect(lambda _checked=False: pressed())
    return button
