"""The message bar above the picture: one sentence, optionally with a button. It does not block the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from inspector.ui.state import Notice
from inspector.ui.widgets.icons import icon
from inspector.ui.widgets.labels import PlainLabel, plain_tip
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.spoken import announce
from inspector.ui.widgets.theme import Theme

_SHOWN_MS = 8000  # a problem is shown until it is dismissed


class MessageBar(QFrame):
    """Hidden while there is no notice. `action_wanted` and `other_wanted` carry the notice of the pressed button."""

    action_wanted = Signal(object)  # Notice
    other_wanted = Signal(object)  # Notice: of the second button

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._notice = Notice("")
        self._texts = "", ""  # of its buttons
        self._problem: tuple[Notice, tuple[str, str]] | None = None  # one that a plain notice covers
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 6, 4)
        self._label = PlainLabel("")
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton("")
        self._button.clicked.connect(self._on_button)
        self._button.hide()
        self._other = QPushButton("")
        self._other.clicked.connect(lambda: self.other_wanted.emit(self._notice))
        self._other.hide()
        self._close = QToolButton()
        self._close.setIconSize(QSize(14, 14))
        self._close.setToolTip(tr("Dismiss"))
        self._close.setAccessibleName(tr("Dismiss"))
        self._close.clicked.connect(self._dismiss)
        row.addWidget(self._label, 1)
        row.addWidget(self._other)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self._dismiss)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use the icon of the theme."""
        self._close.setIcon(icon("x", theme))

    @property
    def text(self) -> str:
        """The text of the current notice."""
        return self._label.text()

    def show_notice(self, notice: Notice, action_text: str = "", other_text: str = "") -> None:
        """Show a notice; the texts label its buttons, and without them there are none.

        A problem that is covered by a plain notice is shown again after it.
        """
        if notice.is_problem:
            self._problem = None
        elif self._notice.is_problem and not self.isHidden():
            self._problem = self._notice, self._texts
        self._notice, self._texts = notice, (action_text, other_text)
        self.setProperty("level", "problem" if notice.is_problem else "plain")
        self.style().unpolish(self)
        self.style().polish(self)
        self._label.setText(notice.text)
        self._label.setToolTip(plain_tip(notice.detail))
        self._button.setText(action_text)
        self._button.setVisible(bool(action_text))
        self._other.setText(other_text)
        self._other.setVisible(bool(other_text))
        self._timer.stop()
        if not (notice.is_problem or notice.is_sticky or action_text):
            self._timer.start()
        self.show()
        announce(self, notice.text, is_urgent=notice.is_problem)

    def clear(self) -> None:
        """Hide what is shown, and forget what it covers."""
        self._problem = None
        self.hide()

    def hide_position_notice(self) -> None:
        """Hide a notice about a position that could not be reached, because the position changed."""
        self._drop(lambda notice: notice.is_about_position)

    def hide_action(self, action_id: str) -> None:
        """Hide a notice whose button triggers this action, because the action has been triggered elsewhere."""
        self._drop(lambda notice: notice.action_id == action_id)

    def _drop(self, is_over: Callable[[Notice], bool]) -> None:
        if self._problem is not None and is_over(self._problem[0]):
            self._problem = None
        if is_over(self._notice):
            self._dismiss()

    def _dismiss(self) -> None:
        """Hide the notice, or show the problem again that it covers."""
        self.hide()
        if self._problem is not None:
            notice, texts = self._problem
            self.show_notice(notice, *texts)

    def _on_button(self) -> None:
        notice = self._notice
        self._dismiss()
        self.action_wanted.emit(notice)
