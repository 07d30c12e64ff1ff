"""Keys can be changed, conflicts are refused, and the changed keys are stored."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QToolButton

from inspector.ui.dialogs.help_sheet import HelpSheet
from inspector.ui.dialogs.keys_dialog import KeysDialog, conflicts, keys_as_text, stored_keys
from inspector.ui.widgets.actions import ACTIONS
from inspector.ui.widgets.theme import THEMES, next_theme

TABLE = {spec.id: spec.keys for spec in ACTIONS}


def test_the_table_itself_has_no_conflict_and_fits_the_dialog(qtbot):
    assert conflicts(TABLE) == {}
    dialog = KeysDialog(TABLE)
    qtbot.addWidget(dialog)
    assert dialog.chosen == {}
    assert dialog.accept_button.isEnabled()


def test_a_field_has_room_for_its_keys(qtbot):
    dialog = KeysDialog(TABLE | {"open": ("Ctrl+Alt+Shift+Media Previous",)})
    qtbot.addWidget(dialog)
    dialog.show()
    line = dialog._editors["open"][0].findChild(QLineEdit)
    cross = line.findChild(QToolButton)
    assert line.fontMetrics().horizontalAdvance(line.text()) < line.width() - cross.width()


def test_a_conflict_is_named_and_cannot_be_used(qtbot):
    dialog = KeysDialog(TABLE)
    qtbot.addWidget(dialog)
    dialog._editors["bookmark"][0].setKeySequence(QKeySequence("S"))
    assert "“Save picture” and “Add bookmark”" in dialog._problem.text()
    assert not dialog.accept_button.isEnabled()


def test_changed_keys_work_appear_in_the_help_and_are_stored(opened, make_window, qtbot):
    opened.book["keys"].trigger()
    dialog = opened.findChild(KeysDialog)
    dialog._editors["boxes"][0].setKeySequence(QKeySequence("F9"))
    assert dialog.chosen == {"boxes": ("F9",)}
    dialog.accept()
    before = opened.session.overlays.boxes
    qtbot.waitUntil(lambda: opened.findChild(KeysDialog) is None)
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.frame_view.setFocus()
    qtbot.keyClick(opened.frame_view, Qt.Key.Key_F9)
    assert opened.session.overlays.boxes is not before
    assert opened.book["boxes"].toolTip().endswith("(F9)")
    opened.book["help"].trigger()
    sheet = opened.findChild(HelpSheet)
    assert "F9" in [label.text() for label in sheet.findChildren(type(opened._status))]
    sheet.reject()
    assert make_window().book.keys["boxes"] == ("F9",)


@pytest.mark.parametrize("damaged", [None, "{", "[]", '{"boxes": "X"}', '{"boxes": [1]}', '{"no such action": ["X"]}'])
def test_damaged_stored_keys_are_ignored(damaged):
    assert stored_keys(damaged) == {}


def test_stored_keys_are_read_back():
    assert stored_keys(keys_as_text({"boxes": ("X", "Ctrl+B"), "theme": ()})) == {
        "boxes": ("X", "Ctrl+B"),
        "theme": (),
    }


def test_the_first_start_is_recognised(make_window):
    assert make_window().is_first_start()
    assert not make_window().is_first_start()


def test_next_theme_cycles_through_all():
    seen = ["dark"]
    while (name := next_theme(seen[-1])) != "dark":
        seen.append(name)
    assert seen == list(THEMES)
