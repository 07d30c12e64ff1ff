"""A sentence on what went wrong, within a dialog: of any length, and with paths that have no place to wrap."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit

from inspector.domain.printable import printable
from inspector.ui.widgets.language import tr

_MOST_LINES = 6  # higher ones scroll: the buttons below must stay on the screen


class ProblemText(QTextEdit):
    """As high as its text up to some lines; wraps a long path anywhere, which a label would cut off."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("warning")
        self.setAccessibleName(tr("Problem"))
        self.setAcceptRichText(False)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)

    @property
    def text(self) -> str:
        """What it says."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Show a text of any origin."""
        self.setPlainText(printable(text, keep="\n"))
        self.setAccessibleDescription(self.text)
        self.show()

    def fit(self) -> None:
        """Take the height that the text needs at this width; within `resizeEvent` a stale scroll bar would stay."""
        wanted, most = math.ceil(self.document().size().height()), _MOST_LINES * self.fontMetrics().lineSpacing()
        self.setFixedHeight(min(wanted, most))  # it has no frame
