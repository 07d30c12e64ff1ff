"""Where a new user hesitated, with nothing but the README at hand."""

import math

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QLabel

from inspector.ui.dialogs.help_sheet import LimitsSheet
from inspector.ui.state import Notice
from inspector.ui.widgets import file_dialogs as dialogs
from tests.ui.conftest import wait_shown
from tests.ui.fake_engine import STRONG


def test_a_file_dialog_begins_in_a_folder_that_is_there(opened, monkeypatch, tmp_path):
    """Of a folder that is not, Qt takes the last part for a file's name, and the user has to delete it."""
    began = []
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(tmp_path / "not" / "there"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *asked: began.append(asked[2]) or ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *asked: began.append(asked[2]) or "")
    dialogs.ask_for_clip(opened, [])
    dialogs.ask_for_clip(opened, [tmp_path / "gone" / "clip.mp4"])
    dialogs.ask_for_report_folder(opened, tmp_path / "clip.mp4")
    assert began == [str(tmp_path)] * 3


def test_the_frame_that_scored_highest_is_one_key_away(analysed, qtbot):
    series = analysed.session.board.tracks[STRONG]
    values = dict(zip(series.pts.tolist(), series.probability.tolist(), strict=True))
    known = {pts: value for pts, value in values.items() if not math.isnan(value)}
    analysed.book["highest"].trigger()
    wanted = max(known, key=lambda pts: known[pts])
    qtbot.waitUntil(lambda: analysed.session.shown.pts == wanted, timeout=5000)
    assert analysed.session.overlays.heat_map


def test_of_several_tracks_the_chosen_one_is_gone_through(analysed, qtbot):
    board, shown = analysed.session.board, analysed.session.shown
    board.tracks[2] = type(board.tracks[STRONG])(2)  # never scored
    analysed.session.set_selected_track(2)
    analysed.book["highest"].trigger()
    qtbot.wait(50)
    assert analysed.session.shown is shown
    analysed.session.set_selected_track(None)
    analysed.book["highest"].trigger()
    qtbot.waitUntil(lambda: analysed.session.selected_track == STRONG, timeout=5000)


def test_what_is_going_on_is_said_until_it_is_done(opened):
    bar = opened.message_bar
    opened.session.post(Notice("Saved."))
    assert bar._timer.isActive()
    opened.session.post(Notice("Writing …", is_sticky=True))
    assert not bar._timer.isActive()
    assert bar.isVisible()


def test_the_limits_stand_under_each_other_without_gaps(opened, qtbot):
    opened.book["limits"].trigger()
    sheet = opened.findChild(LimitsSheet)
    qtbot.waitUntil(sheet.isVisible, timeout=2000)
    sheet.resize(700, 700)
    qtbot.wait(20)
    lines = [label for label in sheet.findChildren(QLabel) if label.text().startswith("•")]
    tall = [label.height() - label.heightForWidth(label.width()) for label in lines]
    assert max(tall) <= 2
    sheet.reject()
    wait_shown(qtbot, opened, 0)
