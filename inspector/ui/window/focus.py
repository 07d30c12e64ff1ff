"""Who has the keys: a control that Tab went to keeps those it works by, all others are the player's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QMainWindow,
    QScrollArea,
    QTabBar,
    QWidget,
)

from inspector.ui.picture.zoom_view import ZoomView

_K = Qt.Key
_ENDS = (_K.Key_Home, _K.Key_End)
_UP_AND_DOWN = (_K.Key_Up, _K.Key_Down, _K.Key_PageUp, _K.Key_PageDown, *_ENDS)
# Text fields tell Qt themselves which keys they take; these do not, and the window's shortcuts would come first.
_KEPT: tuple[tuple[type[QWidget], tuple[Qt.Key, ...]], ...] = (
    (QAbstractButton, (_K.Key_Space,)),
    (QComboBox, (_K.Key_Space, *_UP_AND_DOWN)),
    (QAbstractSlider, (_K.Key_Left, _K.Key_Right, *_UP_AND_DOWN)),
    (QTabBar, (_K.Key_Left, _K.Key_Right, *_ENDS)),
)
_RING = 2  # pixels, as in the style sheet
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class Ring(QWidget):
    """Lies over the edge of what Tab went to and has no border of its own: a picture, a page that scrolls.

    It stands beside that in the tree, so that no picture which is saved of it shows the ring.
    """

    def __init__(self, around: QWidget) -> None:
        super().__init__(around.parentWidget())
        self.around = around
        self.setObjectName("ring")
        self.setProperty("on_picture", isinstance(around, ZoomView))  # dark around in every theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        around.installEventFilter(self)
        self._lie()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go along with it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._lie()
        return super().eventFilter(watched, event)

    def _lie(self) -> None:
        self.setGeometry(self.around.geometry())
        inside = self.rect().adjusted(_RING, _RING, -_RING, -_RING)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inside)))
        self.raise_()
        self.show()


class FocusWindow(QMainWindow):
    """A window with a player. What the mouse presses, and what goes away, leaves the focus with who had it before."""

    def __init__(self) -> None:
        super().__init__()
        self._ring: Ring | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    @property
    def player(self) -> QWidget:
        """What has the focus while nothing else is worked with."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Keep a key from the shortcuts where the control with the focus works by it; leave nobody without focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_kept(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.WindowActivate:
            self._take_up()  # else Qt would choose the toolbar's first button
        return super().event(event)

    def _is_kept(self, event: QKeyEvent) -> bool:
        here = self.focusWidget()
        is_own = any(isinstance(here, kind) and event.key() in keys for kind, keys in _KEPT)
        return is_own and event.modifiers() in _PLAIN

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus; Escape gives the keys to the player."""
        here = self.focusWidget()
        is_enter = event.key() in (_K.Key_Return, _K.Key_Enter) and event.modifiers() in _PLAIN
        if is_enter and isinstance(here, QAbstractButton) and not event.isAutoRepeat():
            here.click()
        elif event.key() == _K.Key_Escape:
            self.player.setFocus()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Go on with Tab to what is then in sight; Qt also comes here when what has the focus is disabled or hidden."""
        here = self.focusWidget()
        if here is not None and not (here.isEnabled() and here.isVisible()) and self.player.isVisible():
            self.player.setFocus()
            return True
        is_moved = super().focusNextPrevChild(next)
        if (there := self.focusWidget()) is not None:
            _bring_into_sight(there)
            if isinstance(there, ZoomView | QScrollArea):
                self._ring = Ring(there)
        return is_moved

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if self._ring is not None and now is not None and now is not self._ring.around:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None
        if now is None:
            QTimer.singleShot(0, self, self._take_up)  # it may have gone with a page that was built anew
        if not isinstance(now, QAbstractButton | QComboBox) or now.window() is not self:
            return
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            return
        was_at_work = old is not None and old.window() is self and not isinstance(old, QAbstractButton | QComboBox)
        before = old if was_at_work and old is not None else self.player
        if before.isVisible():
            before.setFocus()

    def _take_up(self) -> None:
        if self.focusWidget() is None:
            (self.player if self.player.isVisible() else self).setFocus()  # without a clip nothing wears the ring yet


def _bring_into_sight(widget: QWidget) -> None:
    """Scroll every area that it lies in."""
    above = widget.parentWidget()
    while above is not None:
        page = above.widget() if isinstance(above, QScrollArea) else None
        if isinstance(above, QScrollArea) and page is not None and page.isAncestorOf(widget):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
