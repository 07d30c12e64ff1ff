"""Labels and tooltips for text of any origin: what looks like HTML is shown as it is and never loads anything.

Qt reads the text of a label or a tooltip as HTML if it looks like it, and an `<img>` in a clip's tag would then read a
file or ask a server. `tests/test_untrusted_text.py` forbids the bare QLabel and `setToolTip` without `plain_tip`.
"""

from __future__ import annotations

import math

from PySide6.QtGui import QFontMetrics, Qt, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QTextEdit, QWidget

from inspector.domain.printable import printable
from inspector.ui.widgets.language import tr

_MOST_LINES = 6  # of a problem; more scroll: the buttons below must stay on the screen


class PlainLabel(QLabel):
    """A label that never reads its text as HTML and shows control characters as escapes."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # before the first text: that would be laid out as HTML
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text of any origin."""
        super().setText(printable(text, keep="\n"))


def plain_tip(text: str) -> str:
    """`text` for a tooltip or the label of a QInputDialog, where Qt would read as HTML what looks like it."""
    shown = printable(text, keep="\n")
    return Qt.convertFromPlainText(shown, Qt.WhiteSpaceMode.WhiteSpaceNormal) if Qt.mightBeRichText(shown) else shown


def path_text(text: str, metrics: QFontMetrics, width: int) -> str:
    """A path or name, without its middle where it is wider than `width` pixels, for a button or a menu.

    There Qt would underline the letter behind an &.
    """
    return metrics.elidedText(printable(text), Qt.TextElideMode.ElideMiddle, width).replace("&", "&&")


def heading(text: str) -> PlainLabel:
    """A group's title."""
    label = PlainLabel(text)
    label.setObjectName("heading")
    label.setContentsMargins(0, 8, 0, 2)
    label.setWordWrap(True)
    return label


def wrapped(text: str) -> PlainLabel:
    """A label whose text wraps and can be copied."""
    label = PlainLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


class ProblemText(QTextEdit):
    """A sentence on what went wrong, as high as it needs up to some lines; wraps a path, which a label cuts."""

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
