"""The dialog before a report: parts are left out, a key is made in the window, and the report is signed with it."""

import json

import pytest
from PySide6.QtCore import QPoint

from inspector.engine.seal.keys import check_signature, create_key
from inspector.ui.dialogs.report_dialog import ReportDialog
from inspector.ui.player.players import PLAYERS
from inspector.ui.widgets import file_dialogs

WORD = "a long passphrase"


@pytest.fixture
def dialog(analysed, tmp_path, monkeypatch):
    """The report dialog of an analysed clip; the report goes to tmp_path / "report"."""
    monkeypatch.setattr(file_dialogs, "ask_for_report_folder", lambda *_: tmp_path / "report")
    analysed.book["export"].trigger()
    dialog = analysed.findChild(ReportDialog)
    dialog.fields["examiner"].setText("R. Roe")
    return dialog


def test_what_is_unchecked_is_left_out(dialog, analysed, qtbot, tmp_path):
    for part, box in dialog.parts.items():
        box.setChecked(part.name != "FILE")
    dialog.go_on.click()
    qtbot.waitUntil(lambda: "The report is in" in analysed.message_bar.text)
    assert json.loads((tmp_path / "report" / "report.json").read_text()) == {"left_out": ["FILE"], "seal": False}
    said = (tmp_path / "report" / "player.txt").read_text()
    assert said == PLAYERS.confinement != "", "the process that showed the clip"
    assert analysed.session.busy == ""


def test_a_key_is_made_in_the_window_and_signs_the_report(dialog, analysed, qtbot, tmp_path):
    key = tmp_path / "key.pem"
    dialog.seal.setChecked(True)
    dialog.go_on.click()
    assert "Choose the key" in dialog.problem.text
    dialog.make_key(key, "short")
    qtbot.waitUntil(lambda: "too short" in dialog.problem.text)
    assert not key.exists()
    dialog.make_key(key, WORD)
    qtbot.waitUntil(lambda: "fingerprint" in dialog.problem.text)
    said = dialog.problem.text
    dialog.passphrase.setText(WORD)
    dialog.go_on.click()
    qtbot.waitUntil(lambda: "signed)" in analysed.message_bar.text)
    assert check_signature(tmp_path / "report") in said
    assert json.loads((tmp_path / "report" / "report.json").read_text())["seal"] is True


def test_a_wrong_passphrase_keeps_the_dialog_open_and_writes_nothing(dialog, qtbot, tmp_path):
    create_key(tmp_path / "key.pem", WORD.encode())
    dialog.seal.setChecked(True)
    dialog.key_path.setText(str(tmp_path / "key.pem"))
    dialog.passphrase.setText("another one")
    dialog.go_on.click()
    qtbot.waitUntil(lambda: "wrong passphrase" in dialog.problem.text)
    assert dialog.isVisible()
    assert dialog.go_on.isEnabled()
    assert not (tmp_path / "report").exists()
    dialog.reject()


@pytest.mark.parametrize(
    ("text", "scrolls"),
    [
        ("The key does not open. " * 6, False),
        (f"/home/{'a_long_folder_name_' * 6}/key.pem cannot be read; choose another key.", False),
        ("The key file cannot be opened because it is damaged. " * 120, True),
    ],
)
def test_a_long_problem_is_shown_whole_or_scrolls_and_leaves_the_buttons_on_the_screen(dialog, qtbot, text, scrolls):
    dialog.seal.setChecked(True)
    dialog._show_problem(text)
    qtbot.wait(50)
    problem = dialog.problem
    assert problem.text == text
    assert (problem.verticalScrollBar().maximum() > 0) is scrolls
    assert problem.horizontalScrollBar().maximum() == 0, "a path without a place to wrap was cut off at the right"
    assert dialog.height() == dialog.sizeHint().height() <= dialog.screen().availableGeometry().height()
    assert problem.mapTo(dialog, problem.rect().bottomLeft()).y() < dialog.go_on.mapTo(dialog, QPoint()).y()
    dialog.reject()
