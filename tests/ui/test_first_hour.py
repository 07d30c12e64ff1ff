"""Usability problems that new users had with the README as their only help."""

from dataclasses import replace

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QLabel

from inspector.ui.dialogs.help_sheet import LimitsSheet
from inspector.ui.panels.finding_card import FindingCard
from inspector.ui.panels.findings import FindingsPanel
from inspector.ui.state import AnalysisJob, Notice, Task
from inspector.ui.time_text import short_time
from inspector.ui.widgets import file_dialogs as dialogs
from tests.ui.conftest import wait_shown
from tests.ui.fake_engine import STRONG


def test_a_file_dialog_starts_in_an_existing_folder(opened, monkeypatch, tmp_path):
    """For a missing folder, Qt shows its last part as the file name, which the user would have to delete."""
    began = []
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(tmp_path / "not" / "there"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *asked: began.append(asked[2]) or ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *asked: began.append(asked[2]) or "")
    dialogs.ask_for_clip(opened, [])
    dialogs.ask_for_clip(opened, [tmp_path / "gone" / "clip.mp4"])
    dialogs.ask_for_report_folder(opened, tmp_path / "clip.mp4")
    assert began == [str(tmp_path)] * 3


def test_the_worst_frame_that_the_analysis_names_is_one_key_away(analysed, qtbot):
    (wanted,) = (t.worst_pts for t in analysed.session.analysis.summaries if t.track_id == STRONG)
    analysed.book["highest"].trigger()
    qtbot.waitUntil(lambda: analysed.session.shown.pts == wanted, timeout=5000)
    assert analysed.session.overlays.heat_map


def test_the_card_of_a_finding_says_where_its_worst_frame_is(analysed):
    (track,) = (t for t in analysed.session.analysis.summaries if t.track_id == STRONG)
    when = short_time(analysed.session.clip.seconds(track.worst_pts))
    said = [label.text() for label in analysed.findChild(FindingCard).findChildren(QLabel)]
    assert f"Click for the worst frame, at {when}, with its heat map." in said


def test_the_card_of_a_still_names_no_time(analysed):
    done = analysed.session.analysis
    still = replace(done, clip=replace(done.clip, is_still=True))
    card = FindingCard(next(f for f in done.findings if f.track_id == STRONG), still, None)
    said = [label.text() for label in card.findChildren(QLabel)]
    assert "Click for the heat map of this face." in said
    assert not [text for text in said if "worst frame" in text]
    card.deleteLater()


def test_nothing_in_the_toolbar_moves_while_an_analysis_runs(opened, qtbot):
    def places():
        qtbot.wait(20)
        toolbar = opened.toolbar
        return [toolbar.widgetForAction(opened.book[name]).x() for name in ("heat_map", "compare", "export", "help")]

    before = places()
    opened.session.set_job(AnalysisJob(9, frames_done=60, frames_total=127, started=0.0, now=60.0))
    assert places() == before
    assert opened.toolbar.progress.isVisible()
    assert opened._status.text() == "Analysis: 60 of 127 · 1.0 frames/s · 67 s left"
    opened.session.set_job(AnalysisJob(9, frames_done=127, frames_total=127, started=0.0, now=60.0))
    assert opened._status.text() == "Analysis: 127 of 127 · drawing the conclusion …"


def test_the_findings_do_not_say_that_no_clip_is_open_while_one_is_being_opened(make_window):
    window = make_window()
    window.session.set_busy(Task.OPENING, "Opening a.mp4 …")
    said = [label.text() for label in window.findChild(FindingsPanel).widget().findChildren(QLabel)]
    assert said == ["A clip is being opened"]
    window.session.end_busy(Task.OPENING)
    said = [label.text() for label in window.findChild(FindingsPanel).widget().findChildren(QLabel)]
    assert said[0] == "No clip is open"


def test_the_worst_frame_is_that_of_the_selected_track(analysed, qtbot):
    board, pts = analysed.session.board, analysed.session.shown.pts
    board.tracks[2] = type(board.tracks[STRONG])(2)  # never scored
    analysed.session.set_selected_track(2)
    analysed.book["highest"].trigger()
    qtbot.wait(50)
    assert analysed.session.shown.pts == pts
    analysed.session.set_selected_track(None)
    analysed.book["highest"].trigger()
    qtbot.waitUntil(lambda: analysed.session.selected_track == STRONG, timeout=5000)


def test_a_sticky_notice_stays_visible(opened):
    bar = opened.message_bar
    opened.session.post(Notice("Saved."))
    assert bar._timer.isActive()
    opened.session.post(Notice("Writing …", is_sticky=True))
    assert not bar._timer.isActive()
    assert bar.isVisible()


def test_the_lines_of_the_limits_sheet_have_no_gaps(opened, qtbot):
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
