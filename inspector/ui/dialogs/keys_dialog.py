"""The dialog that changes keys: one row per action, a check for conflicts, and the changed keys as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QWidget,
)

from inspector.ui.widgets.actions import ACTIONS, MENUS, ActionSpec, Keys
from inspector.ui.widgets.labels import PlainLabel, heading
from inspector.ui.widgets.language import tr, tr_marked
from inspector.ui.widgets.scrolled_dialog import ScrolledDialog

_PER_ACTION = 2  # keys per action


def stored_keys(text: object) -> dict[str, Keys]:
    """The changed keys from their JSON; damaged entries and unknown actions are ignored."""
    try:
        stored = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    if not isinstance(stored, dict):
        return {}
    known = {spec.id for spec in ACTIONS}
    return {
        name: tuple(key for key in keys if not QKeySequence(key).isEmpty())
        for name, keys in stored.items()
        if name in known and isinstance(keys, list) and all(isinstance(key, str) for key in keys)
    }


def keys_as_text(chosen: Mapping[str, Keys]) -> str:
    """The JSON that `stored_keys` reads."""
    return json.dumps({name: list(keys) for name, keys in chosen.items()})


def conflicts(keys: Mapping[str, Keys]) -> dict[str, list[str]]:
    """The keys that several actions share, with the ids of these actions; Qt would trigger none of them."""
    users: dict[str, list[str]] = {}
    for action_id, mine in keys.items():
        for key in mine:
            users.setdefault(QKeySequence(key).toString(), []).append(action_id)
    return {key: ids for key, ids in users.items() if len(ids) > 1}


class _KeyField(QKeySequenceEdit):
    """Takes any key but those that leave the field, clear it, or close the dialog; a mouse has a cross for clearing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the field on Backspace and Delete, and leave Escape to the dialog."""
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if is_plain and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.clear()
        elif is_plain and event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Wide enough for what the field says: names of keys are longer in some languages."""
        hint, line = super().sizeHint(), cast(QLineEdit, self.findChild(QLineEdit))
        said = line.text() or line.placeholderText()
        beside = 2 * hint.height()  # the cross and the margins
        return QSize(max(hint.width(), line.fontMetrics().horizontalAdvance(said) + beside), hint.height())


class KeysDialog(ScrolledDialog):
    """Edits a copy of the keys of all actions; `chosen` holds those that differ from the action table."""

    def __init__(self, keys: Mapping[str, Keys], parent: QWidget | None = None) -> None:
        super().__init__(tr("Change keys"), parent)
        self._editors: dict[str, list[QKeySequenceEdit]] = {}
        lead = PlainLabel(tr("Go to a field and press a key. Backspace or the cross in a field clears it."))
        lead.setObjectName("muted")
        self.column.insertWidget(0, lead)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the focused field scrolls into view itself
        self.area.setWidget(self._rows())
        self._problem = PlainLabel("")
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        self.column.addWidget(self._problem)
        self.column.addLayout(self._buttons())
        self.set_keys(keys)

    def keys(self) -> dict[str, Keys]:
        """The keys of every action, as edited."""
        return {
            name: tuple(text for editor in editors if (text := editor.keySequence().toString()))
            for name, editors in self._editors.items()
        }

    @property
    def chosen(self) -> dict[str, Keys]:
        """The keys that differ from the action table."""
        table = {spec.id: _normal(spec.keys) for spec in ACTIONS}
        return {name: keys for name, keys in self.keys().items() if keys != table[name]}

    def set_keys(self, keys: Mapping[str, Keys]) -> None:
        """Show these keys in the rows."""
        for name, editors in self._editors.items():
            mine = keys[name]
            for at, editor in enumerate(editors):
                editor.setKeySequence(QKeySequence(mine[at] if at < len(mine) else ""))
                editor.updateGeometry()
        self._check()

    def _rows(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        row = 0
        for menu in MENUS:
            grid.addWidget(heading(tr_marked(menu)), row, 0, 1, 1 + _PER_ACTION)
            for spec in (spec for spec in ACTIONS if spec.menu == menu):
                row += 1
                grid.addWidget(PlainLabel(_name(spec)), row, 0)
                self._editors[spec.id] = [self._editor(spec, at) for at in range(_PER_ACTION)]
                for at, editor in enumerate(self._editors[spec.id]):
                    grid.addWidget(editor, row, 1 + at)
            row += 1
        return page

    def _editor(self, spec: ActionSpec, at: int) -> QKeySequenceEdit:
        editor = _KeyField()
        editor.setMaximumSequenceLength(1)
        editor.setClearButtonEnabled(True)
        name = tr("{action}: key") if at == 0 else tr("{action}: second key")
        editor.setAccessibleName(name.format(action=_name(spec)))
        editor.keySequenceChanged.connect(lambda _keys: self._check())
        return editor

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        defaults = QPushButton(tr("Defaults"))
        defaults.clicked.connect(lambda: self.set_keys({spec.id: spec.keys for spec in ACTIONS}))
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.accept_button = QPushButton(tr("Apply"))
        self.accept_button.setProperty("primary", True)
        self.accept_button.clicked.connect(self.accept)
        row.addWidget(defaults)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.accept_button)
        return row

    def _check(self) -> None:
        """Show the first conflict; while there is one, the keys cannot be applied."""
        names = {spec.id: _name(spec) for spec in ACTIONS}
        found = conflicts(self.keys())
        problems = [
            tr("{key} is used by {actions}.", key=key, actions=tr(" and ").join(f"“{names[i]}”" for i in ids))
            for key, ids in found.items()
        ]
        self._problem.setText(problems[0] if problems else "")
        self.accept_button.setEnabled(not found)


def _name(spec: ActionSpec) -> str:
    return tr_marked(spec.text).replace("&", "").strip(" …")


def _normal(keys: Keys) -> Keys:
    return tuple(QKeySequence(key).toString() for key in keys)
