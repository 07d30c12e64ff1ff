"""Keyboard focus: a control that Tab reached handles the keys it uses; all other keys go to the player."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
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
# Text fields override shortcuts themselves; these widgets do not, so the shortcuts of the window would come first.
# A list keeps no left and right, and none of them the space bar: these play the clip whose result is read there.
_KEPT: tuple[tuple[type[QWidget], tuple[Qt.Key, ...]], ...] = (
    (QAbstractButton, (_K.Key_Space,)),
    (QComboBox, (_K.Key_Space, *_UP_AND_DOWN)),
    (QAbstractSlider, (_K.Key_Left, _K.Key_Right, *_UP_AND_DOWN)),
    (QTabBar, (_K.Key_Left, _K.Key_Right, *_ENDS)),
    (QAbstractItemView, _UP_AND_DOWN),
    (QScrollArea, (_K.Key_Up, _K.Key_Down, _K.Key_PageUp, _K.Key_PageDown)),
)
_RING = 2  # pixels, as in the style sheet
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class Ring(QWidget):
    """A frame over the edge of a focused widget that draws none itself: a picture, a scroll area.

    It is a sibling of that widget, so that a picture saved of the widget does not show the frame.
    """

    def __init__(self, around: QWidget) -> None:
        super().__init__(around.parentWidget())
        self.around = around
        self.setObjectName("ring")
        self.setProperty("on_picture", isinstance(around, ZoomView))  # which has a dark background in every theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        around.installEventFilter(self)
        self._update_geometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget when it is moved or resized."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._update_geometry()
        return super().eventFilter(watched, event)

    def _update_geometry(self) -> None:
        self.setGeometry(self.around.geometry())
        inside = self.rect().adjusted(_RING, _RING, -_RING, -_RING)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inside)))
        self.raise_()
        self.show()


class FocusWindow(QMainWindow):
    """A window with a player. Clicked and disappearing controls leave the focus with the widget that had it before."""

    def __init__(self) -> None:
        super().__init__()
        self._ring: Ring | None = None
        self.parts: tuple[QWidget, ...] = ()  # of the window, in the order in which Tab goes through them
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    @property
    def player(self) -> QWidget:
        """The widget that has the focus by default."""
        raise NotImplementedError

    def close_topmost(self) -> None:
        """Close what lies over the player, if anything does."""

    def event(self, event: QEvent) -> bool:
        """Give a key to the focused control before the shortcuts if it uses it; restore a lost focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_kept(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.WindowActivate:
            self._restore_focus()  # otherwise Qt would focus the first button of the toolbar
        return super().event(event)

    def _is_kept(self, event: QKeyEvent) -> bool:
        here = self.focusWidget()
        is_own = any(isinstance(here, kind) and event.key() in keys for kind, keys in _KEPT)
        return is_own and event.modifiers() in _PLAIN

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the focused button on Enter; on Escape close what lies over the player, and give it the focus."""
        here = self.focusWidget()
        is_enter = event.key() in (_K.Key_Return, _K.Key_Enter) and event.modifiers() in _PLAIN
        if is_enter and isinstance(here, QAbstractButton) and not event.isAutoRepeat():
            here.click()
        elif event.key() == _K.Key_Escape:
            self.close_topmost()
            self.player.setFocus()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Move the focus and scroll it into view. Qt also calls this when the focused widget is disabled or hidden."""
        here = self.focusWidget()
        if here is not None and not (here.isEnabled() and here.isVisible()) and self.player.isVisible():
            self.player.setFocus()
            return True
        stops = self._tab_stops()
        if not stops:
            return False
        at = stops.index(here) if here in stops else -1 if next else 0
        there = stops[(at + (1 if next else -1)) % len(stops)]
        there.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        _scroll_into_view(there)
        if isinstance(there, ZoomView | QScrollArea):
            self._ring = Ring(there)
        return True

    def _tab_stops(self) -> list[QWidget]:
        """Where Tab goes, part by part: in Qt's own order a page that is built anew comes after all else.

        That order is not asked for: Python would lose each widget with the one before it.
        """
        is_all = QGuiApplication.styleHints().tabFocusBehavior() == Qt.TabFocusBehavior.TabFocusAllControls
        wanted = Qt.FocusPolicy.TabFocus if is_all else Qt.FocusPolicy.StrongFocus
        stops: list[list[QWidget]] = [[] for _part in (*self.parts, self)]
        for each in self.findChildren(QWidget):
            is_stop = (each.focusPolicy() & wanted) == wanted and each.focusProxy() is None
            if is_stop and each.isEnabled() and each.isVisibleTo(self) and each.window() is self:
                stops[self._part_of(each)].append(each)
        return [stop for part in stops for stop in part]

    def _part_of(self, widget: QWidget) -> int:
        found = (at for at, part in enumerate(self.parts) if part is widget or part.isAncestorOf(widget))
        return next(found, len(self.parts))

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if self._ring is not None and now is not None and now is not self._ring.around:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None
        if now is None:
            QTimer.singleShot(
                0, self, self._restore_focus
            )  # the focused widget may have been deleted with a rebuilt page
        if not isinstance(now, QAbstractButton | QComboBox) or now.window() is not self:
            return
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            return
        had_focus = old is not None and old.window() is self and not isinstance(old, QAbstractButton | QComboBox)
        before = old if had_focus and old is not None else self.player
        if before.isVisible():
            before.setFocus()

    def _restore_focus(self) -> None:
        if self.focusWidget() is None:
            (self.player if self.player.isVisible() else self).setFocus()  # without a clip no widget shows the focus


def _scroll_into_view(widget: QWidget) -> None:
    """Scroll every scroll area that contains the widget."""
    above = widget.parentWidget()
    while above is not None:
        page = above.widget() if isinstance(above, QScrollArea) else None
        if isinstance(above, QScrollArea) and page is not None and page.isAncestorOf(widget):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
