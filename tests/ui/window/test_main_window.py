"""The window, used as a user does: open, play, step, seek, analyse, explain, note, report, reopen."""

import os
import signal
import sys
import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QPushButton

from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.process.stall import StallPolicy
from inspector.ui import app
from inspector.ui.dialogs.help_sheet import HelpSheet
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.window import main_window
from tests.ui.conftest import FAKE_ENGINE, analyse, export, wait_shown
from tests.ui.fake_engine import STRONG, WEAK
from tests.ui.pictures import pixels


def painted(window):
    """The picture widget as uint8 (h, w, 3) RGB."""
    return pixels(window.frame_view.grab().toImage())


class Watch(QObject):
    """Notes when a widget is painted."""

    def __init__(self, widget, noted):
        super().__init__(widget)
        self._noted = noted
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        if event.type() == QEvent.Type.Paint:
            self._noted.append("painted")
        return False


def test_what_is_slow_starts_after_the_first_picture_however_long_that_takes(qapp, qtbot):
    app.make_application()
    window, noted = app.make_window(engine_command=FAKE_ENGINE), []
    Watch(window.empty_state, noted)
    window.first_shown.connect(lambda: noted.append("first_shown"))
    window.show()
    time.sleep(0.1)  # as between the showing and the first turn of the event loop
    qtbot.waitUntil(lambda: "first_shown" in noted)
    assert noted[0] == "painted"
    assert window.timeline is None
    qtbot.waitUntil(lambda: window.timeline is not None)
    window.close()
    window.deleteLater()


def test_a_window_that_is_never_painted_opens_its_clip_all_the_same(qapp, qtbot, monkeypatch):
    monkeypatch.setattr(main_window, "_UNPAINTED_MS", 1)
    monkeypatch.setattr(main_window.MainWindow, "paintEvent", lambda *_: None)
    app.make_application()
    window = app.make_window(engine_command=FAKE_ENGINE)
    with qtbot.waitSignal(window.first_shown):
        window.show()
    window.close()
    window.deleteLater()


def test_the_style_sheet_comes_after_the_parts_and_their_sizes_follow_it(qapp, make_window):
    qapp.setStyleSheet("")  # as at the start of the program
    window = make_window()
    width = window.toolbar.analyse_button.width()
    window.toolbar.keep_width()
    assert window.toolbar.analyse_button.width() == width
    assert width >= window.toolbar.analyse_button.sizeHint().width()


def test_the_start_page_offers_to_open_a_clip(make_window):
    window = make_window()
    assert window._stack.currentWidget() is window.empty_state
    words = [button.text() for button in window.empty_state.findChildren(QPushButton)]
    assert "Open a clip …" in words
    assert not window.book["play"].isEnabled()


def test_a_clip_opens_on_its_first_frame_with_its_exact_pixels(opened, face_clip):
    shown = opened.session.shown
    with Decoder(open_clip(face_clip)) as decoder:
        first = next(iter(decoder.frames()))
    assert shown.pts == first.pts
    assert np.array_equal(shown.frame.image, first.image)
    assert opened.transport.readout("pts") == f"pts {first.pts}"
    assert "face.mp4" in opened.windowTitle()


def test_steps_are_exact_both_ways(opened, face_clip, qtbot):
    with Decoder(open_clip(face_clip)) as decoder:
        frames = list(decoder.frames())
    opened.activateWindow()
    opened.frame_view.setFocus()
    at = 0
    for action, by in (
        ("ten_on", 10),
        ("ten_on", 10),
        ("frame_back", -1),
        ("frame_on", 1),
        ("ten_back", -10),
        ("last", 47),
    ):
        opened.book[action].trigger()
        at = min(max(at + by, 0), len(frames) - 1)
        wait_shown(qtbot, opened, at)
        assert opened.session.shown.pts == frames[at].pts
        assert np.array_equal(opened.session.shown.frame.image, frames[at].image)


def test_the_timeline_seeks_and_follows(opened, qtbot):
    timeline = opened.timeline
    view = timeline.view
    scene_at = view.mapViewToScene(QPointF(1.0, 0.5))
    at = timeline.ruler.mapFromScene(scene_at)
    qtbot.mouseClick(timeline.ruler.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(at.x()), round(at.y())))
    qtbot.waitUntil(lambda: opened.session.shown.index in (23, 24))
    opened.controller.step(5)
    qtbot.waitUntil(lambda: opened.session.shown.index in (28, 29))
    clip = opened.session.clip
    assert timeline.ruler.playhead.value() == pytest.approx(clip.seconds(opened.session.shown.pts))


def test_playback_stops_at_the_end(opened, qtbot):
    seen = []
    opened.session.shown_changed.connect(lambda shown: seen.append(shown.index))
    opened.controller.set_speed(4.0)
    opened.book["play"].trigger()
    qtbot.waitUntil(lambda: not opened.session.playback.is_playing)
    assert seen == sorted(seen)
    assert seen[-1] == 47
    assert len(seen) > 1  # how many of them depends on the machine


def test_pause_stops_on_the_shown_frame(opened, qtbot):
    opened.book["play"].trigger()
    qtbot.waitUntil(lambda: opened.session.shown.index >= 5)
    opened.book["play"].trigger()
    qtbot.wait(150)
    stopped = opened.session.shown.index
    qtbot.wait(150)
    assert opened.session.shown.index == stopped


def test_go_to_takes_frames_and_times_and_reports_errors(opened, qtbot):
    opened.transport._goto.setText("1.0s")
    opened.transport._goto.returnPressed.emit()
    wait_shown(qtbot, opened, 24)
    opened.transport._goto.setText("9999")
    opened.transport._goto.returnPressed.emit()
    assert opened.message_bar.isVisible()
    assert "47" in opened.message_bar.text


def test_a_slow_seek_is_announced(opened, qtbot, monkeypatch):
    show = opened.controller.viewer.show
    monkeypatch.setattr(opened.controller.viewer, "show", lambda _index: None)
    opened.controller.seek_index(5)
    qtbot.waitUntil(lambda: opened._status.text() == "Going to frame 5 …")
    show(5)
    wait_shown(qtbot, opened, 5)
    assert "Going to" not in opened._status.text()
    opened.controller.seek_index(6)
    qtbot.waitUntil(lambda: opened._status.text() == "Going to frame 6 …")
    opened.controller.viewer.failed.emit("The file is gone; copy it back.")
    assert "Going to" not in opened._status.text()


def test_analysis_fills_timeline_findings_and_overlays(analysed, qtbot):
    assert [lane.track_id for lane in analysed.timeline.lanes if hasattr(lane, "track_id")] == [WEAK, STRONG]
    texts = [label.text() for label in analysed.findings.findChildren(analysed._status.__class__)]
    assert "Manipulation indicated" in texts
    assert any("Probability 0.93 · the rule's false positives 4\u202f% (n\u202f=\u202f55" in text for text in texts)
    with_boxes = painted(analysed)
    analysed.book["boxes"].trigger()
    assert (painted(analysed) != with_boxes).any()


def test_a_findings_click_shows_its_peak_frame_and_heat_map(analysed, qtbot):
    from inspector.ui.panels.findings import Card

    card = next(card for card in analysed.findings.findChildren(Card) if card.toolTip())
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    peak = analysed.session.analysis.segments[0].peak_pts
    qtbot.waitUntil(lambda: analysed.session.shown.pts == peak)
    qtbot.waitUntil(lambda: analysed.session.cam_at(STRONG, peak) is not None)
    hot = painted(analysed)
    analysed.book["heat_map"].trigger()
    changed = (painted(analysed) != hot).any(axis=2)
    crop = analysed.frame_view.view().rect(analysed.session.cam_at(STRONG, peak).crop)
    inside = changed[round(crop.top()) : round(crop.bottom()), round(crop.left()) : round(crop.right())]
    assert inside.mean() > 0.2


def test_landmarks_are_drawn_in_each_style(analysed):
    seen = set()
    for _ in range(4):
        seen.add(painted(analysed).tobytes())
        analysed.book["landmarks"].trigger()
    assert len(seen) == 4


def test_reopening_shows_the_stored_analysis_without_analysing(analysed, make_window, face_clip, qtbot):
    analysed.controller.annotator.add_note("A", "look here", analysed.session.shown.pts)
    qtbot.waitUntil(lambda: bool(analysed.session.notes))
    analysed.close()
    again = make_window(face_clip, engine=[sys.executable, "-c", "import sys; sys.stdin.read()"])
    qtbot.waitUntil(lambda: again.session.analysis is not None)
    assert again.session.job is None
    assert len(again.session.board.tracks[STRONG]) == 48
    assert [note.text for note in again.session.notes] == ["look here"]
    qtbot.waitUntil(lambda: bool(again.session.faces))


def test_bookmarks_are_kept_and_removed(analysed, qtbot):
    analysed.book["bookmark"].trigger()
    qtbot.waitUntil(lambda: len(analysed.session.bookmarks) == 1)
    analysed.controller.annotator.remove(analysed.session.bookmarks[0])
    qtbot.waitUntil(lambda: not analysed.session.bookmarks)


def test_the_report_goes_into_a_new_folder(analysed, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_for_report_folder", lambda *_: dialogs.free_folder(tmp_path, "clip report"))
    export(analysed)
    assert "Writing the report" in analysed.message_bar.text
    assert analysed.message_bar.isVisible()
    assert not analysed.book["export"].isEnabled()
    qtbot.waitUntil(lambda: "report is in" in analysed.message_bar.text)
    assert analysed.book["export"].isEnabled()
    assert (tmp_path / "clip report" / "report.json").is_file()
    assert "clip report" in analysed.message_bar.text
    assert analysed.message_bar._other.text() == "", "the stand-in writes no PDF"
    assert dialogs.free_folder(tmp_path, "clip report").name == "clip report 2"


def test_a_broken_file_is_reported_and_the_open_clip_stays(opened, qtbot, tmp_path):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"no clip at all")
    opened.controller.open_path(bad)
    qtbot.waitUntil(opened.message_bar.isVisible)
    assert "bad.mp4" in opened.message_bar.text
    assert opened.message_bar.text.endswith("face.mp4 is still shown."), "its result is not that of the other file"
    assert "Traceback" not in opened.message_bar.text
    assert opened.session.clip.path.endswith("face.mp4")


def test_a_killed_engine_is_reported_and_the_analysis_resumed(opened, qtbot, monkeypatch):
    opened.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "300")
    opened.book["analyse"].trigger()
    qtbot.waitUntil(lambda: opened.session.job is not None and opened.session.job.frames_done > 0)
    os.kill(opened.controller.engine.process_id, signal.SIGKILL)
    qtbot.waitUntil(opened.message_bar.isVisible)
    assert "ended unexpectedly" in opened.message_bar.text
    assert opened.session.job is None
    assert opened.session.board.tracks
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "0")
    assert opened.message_bar._button.text() == "Resume"
    qtbot.mouseClick(opened.message_bar._button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.session.analysis is not None)


def test_a_stalled_engine_is_ended_and_reported(opened, qtbot):
    opened.controller.engine.stop()
    opened.controller.engine._command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    opened.controller.engine.stall_policy = StallPolicy(base_seconds=0.3, load_seconds=0.0)
    opened.book["analyse"].trigger()
    qtbot.waitUntil(opened.message_bar.isVisible)
    assert "sent no message" in opened.message_bar.text
    assert not opened.controller.engine.is_running


def test_an_engine_that_sends_invalid_messages_is_ended(opened, qtbot):
    opened.controller.engine.stop()
    opened.controller.engine._command = [sys.executable, "-c", "print('x' * 4000)"]
    opened.book["analyse"].trigger()
    qtbot.waitUntil(opened.message_bar.isVisible)
    assert opened.session.job is None


def test_a_move_is_taken_as_a_copy(make_window, tmp_path):
    window = make_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.mp4"))])
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    for possible, is_taken in ((both, True), (Qt.DropAction.MoveAction, False)):
        event = QDragEnterEvent(QPoint(5, 5), possible, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        event.setDropAction(Qt.DropAction.MoveAction)
        event.ignore()
        window.dragEnterEvent(event)
        assert event.isAccepted() is is_taken
        assert not is_taken or event.dropAction() is Qt.DropAction.CopyAction


def test_a_dropped_file_is_opened(make_window, face_clip, qtbot):
    window = make_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(face_clip))])
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    window.dropEvent(event)
    wait_shown(qtbot, window, 0)
    assert window.files.recent() == [face_clip]


def test_the_theme_is_changed_and_remembered(opened, make_window):
    before = opened.side.grab().toImage().pixelColor(5, 300).lightness()
    opened.book["theme"].trigger()
    assert opened.side.grab().toImage().pixelColor(5, 300).lightness() > before + 100
    assert make_window().session.theme_name == "light"


def test_the_timeline_keeps_its_height_and_the_start_page_its_room(opened, make_window, face_clip, qtbot):
    def heights(window):
        return qtbot.wait(20) or window._down.sizes()

    opened._down.setSizes([250, 400])
    kept = heights(opened)
    opened.close()
    second = make_window()
    assert heights(second)[1] == second.transport.height(), "nothing but the transport is below the start page"
    second._store.setValue("timeline_height", second._down.saveState())  # as 0.2.0 kept it on the start page
    second.controller.open_path(face_clip)
    wait_shown(qtbot, second, 0)
    assert heights(second) == kept


def test_every_action_has_keys_or_a_menu_and_the_sheet_opens(opened, qtbot):
    opened.book["help"].trigger()
    sheet = opened.findChild(HelpSheet)
    assert sheet.isVisible()
    sheet.reject()


def test_zoom_and_pan_keep_the_point_under_the_pointer(opened):
    view = opened.frame_view
    before = view.view()
    point = QPointF(100, 100)
    picture = ((point.x() - before.x) / before.scale, (point.y() - before.y) / before.scale)
    view._zoom_to(5.0, point)
    after = view.view()
    assert (point.x() - after.x) / after.scale == pytest.approx(picture[0])
    assert (point.y() - after.y) / after.scale == pytest.approx(picture[1])
    view.fit()
    assert view.view() == before


def test_analysing_again_is_not_offered_for_the_same(analysed, qtbot):
    analysed.session.set_installed_model(analysed.session.analysis.model)
    assert analysed.toolbar.analyse_button.text() == "Analysed"
    assert not analysed.toolbar.analyse_button.isEnabled()


def test_a_second_clip_replaces_all_of_the_first(analysed, qtbot, tmp_path):
    from tests.clips import code_picture, make_clip

    other = make_clip(tmp_path / "other.mp4", frames=12, picture=code_picture)
    analysed.controller.open_path(other)
    qtbot.waitUntil(lambda: analysed.session.clip.path == str(other))
    wait_shown(qtbot, analysed, 0)
    assert analysed.session.analysis is None
    assert not analysed.session.board.tracks
    assert not analysed.timeline.lanes
    analyse(qtbot, analysed)


def test_a_clip_opened_during_an_analysis_gets_no_scores_of_the_former(opened, qtbot, tmp_path, monkeypatch):
    from tests.clips import code_picture, make_clip

    opened.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "200")
    opened.book["analyse"].trigger()
    qtbot.waitUntil(lambda: opened.session.job is not None and opened.session.job.frames_done > 0)
    other = make_clip(tmp_path / "other.mp4", frames=12, picture=code_picture)
    opened.controller.open_path(other)
    qtbot.waitUntil(lambda: opened.session.clip.path == str(other))
    qtbot.wait(600)
    assert opened.session.job is None
    assert not opened.session.board.tracks


def test_the_model_page_is_laid_out_when_it_is_looked_at(analysed):
    """Its many lines took a tenth of a second of the window's thread whenever a clip was opened."""
    page = next(analysed.side.widget(at) for at in range(analysed.side.count()) if analysed.side.tabText(at) == "Model")
    assert page.widget() is None
    analysed.side.setCurrentWidget(page)
    texts = [label.text() for label in page.findChildren(QLabel)]
    assert any(analysed.session.model.limits[0] in text for text in texts)
    analysed.side.setCurrentWidget(analysed.findings)
    analysed.session.show_analysis(None)
    analysed.session.set_installed_model(None)
    analysed.side.setCurrentWidget(page)
    assert any("No model bundle is installed" in label.text() for label in page.findChildren(QLabel))
