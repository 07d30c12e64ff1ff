"""The two buttons at the left of the ruler: which lanes are shown, and what the colours and patterns mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget, QWidgetAction

from inspector.engine.provenance.coding.lanes import CODING_LANES
from inspector.ui.timeline.lanes.observed_lane import OBSERVED
from inspector.ui.timeline.lanes.signal_values import SOUND
from inspector.ui.timeline.lanes.sound_lanes import SPECTRUM, VOICE
from inspector.ui.timeline.legend import Entry, Legend
from inspector.ui.widgets.labels import plain_tip
from inspector.ui.widgets.language import capital, mark, tr, tr_marked
from inspector.ui.widgets.theme import Theme, ui_font

_EXPORT_ALL = mark("Export all shown lanes as CSV…")


class TimelineMenu(QObject):
    """Keeps the hidden lanes by name, so that the same signals stay hidden for another track."""

    changed = Signal()
    export_wanted = Signal(object)  # str: the name of a lane, None for all that are shown

    def __init__(self, ruler: QWidget) -> None:
        super().__init__(ruler)
        self.are_signals_shown = True
        self._hidden: set[str] = {
            *CODING_LANES,
            OBSERVED,
            SPECTRUM,
            VOICE,
        }  # until they are asked for: so many lanes would crowd the faces
        self._names: list[str] = []
        self.lanes = QMenu(ruler)
        self.lanes.setFont(ui_font())
        self._filmstrip = self._checkable(tr("Filmstrip"))
        self._legend_line = self._checkable(tr("Legend"))
        self._export = self.lanes.addAction(tr_marked(_EXPORT_ALL))
        self._export.triggered.connect(lambda: self.export_wanted.emit(None))
        self.lanes.addSeparator()
        self._lane_actions: list[QAction] = []
        self._coding = QMenu(tr("Coding"), ruler)
        self._coding.setFont(ui_font())
        self._full = Legend(is_list=True)
        key = QMenu(ruler)
        holder = QWidgetAction(key)
        holder.setDefaultWidget(self._full)
        key.addAction(holder)
        self._buttons = [_button(ruler, tr("Show"), tr("What the timeline shows"), self.lanes),
                         _button(ruler, tr("Legend"), tr("What the colours and patterns mean"), key)]  # fmt: skip
        self._buttons[0].move(4, 8)
        self._buttons[1].move(max(62, 8 + self._buttons[0].sizeHint().width()), 8)

    def _checkable(self, text: str) -> QAction:
        action = self.lanes.addAction(text)
        action.setCheckable(True)
        action.setChecked(True)
        action.toggled.connect(lambda _on: self.changed.emit())
        return action

    @property
    def is_filmstrip_shown(self) -> bool:
        """Whether it is switched on; it is shown only if there is enough height."""
        return self._filmstrip.isChecked()

    @property
    def is_legend_shown(self) -> bool:
        """Whether its line is switched on; it is shown only if there is enough height."""
        return self._legend_line.isChecked()

    @property
    def hidden(self) -> set[str]:
        """The names of the lanes that are switched off."""
        return (
            self._hidden if self.are_signals_shown else {name for name in self._names if name != SOUND} | self._hidden
        )

    def set_lanes(self, names: Sequence[str], coding: Sequence[str] = ()) -> None:
        """Offer these lanes below the tracks, those about the coding in a menu of their own."""
        if list(names) == self._names:
            return
        self._names = list(names)
        for action in self._lane_actions:
            for menu in (self.lanes, self._coding):
                menu.removeAction(action)
            action.deleteLater()
        self.lanes.removeAction(self._coding.menuAction())
        self._lane_actions = [self._lane_action(self._coding if name in coding else self.lanes, name) for name in names]
        if coding:
            self.lanes.addMenu(self._coding)

    def _lane_action(self, menu: QMenu, name: str) -> QAction:
        action = menu.addAction(capital(tr_marked(name)))
        action.setCheckable(True)
        action.setChecked(name not in self._hidden)
        action.toggled.connect(lambda shown: self._show(name, shown))
        return action

    def lane_menu(self, name: str, parent: QWidget) -> QMenu:
        """The menu of one lane."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setFont(ui_font())
        own = menu.addAction(tr("Export “{name}” as CSV…", name=tr_marked(name).replace("&", "&&")))
        own.triggered.connect(lambda: self.export_wanted.emit(name))
        menu.addAction(tr_marked(_EXPORT_ALL)).triggered.connect(lambda: self.export_wanted.emit(None))
        return menu

    def _show(self, name: str, shown: bool) -> None:
        self._hidden = self._hidden - {name} if shown else self._hidden | {name}
        self.changed.emit()

    def set_legend(self, theme: Theme, listed: list[Entry]) -> None:
        """Set the entries of the legend's menu."""
        self._full.set_content(theme, listed)
        self._buttons[1].setEnabled(bool(listed))


def _button(parent: QWidget, text: str, tip: str, menu: QMenu) -> QToolButton:
    button = QToolButton(parent)
    button.setFont(ui_font())
    button.setText(text)
    button.setToolTip(plain_tip(tip))
    button.setAccessibleName(tip)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
