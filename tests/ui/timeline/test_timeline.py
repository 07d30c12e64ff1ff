"""The timeline keeps its visible range, links its lanes, and describes what is under the pointer."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QInputDialog

from inspector.domain.analysis import Signal as Series
from inspector.domain.faces import Abstention
from inspector.domain.scores import rounded
from inspector.ui.other_clip import OtherClip
from inspector.ui.picture.overlays import mark_text, short_mark_text
from inspector.ui.picture.scene import scene_of
from inspector.ui.series import TrackSeries
from inspector.ui.state import TrackSignals
from inspector.ui.timeline.hover_card import HoverCard
from inspector.ui.timeline.lanes import lane_stack
from inspector.ui.timeline.lanes.lane_items import Band, BandItem
from inspector.ui.timeline.lanes.plots import SPACING
from inspector.ui.timeline.marks import Mark
from inspector.ui.timeline.text import text_at
from tests.engine.report.conftest import build
from tests.engine.report.test_deep_report import deepened
from tests.ui.conftest import analyse, strong_lane, wait_rows
from tests.ui.fake_engine import STRONG


def shown_range(timeline):
    return pytest.approx(timeline.view.viewRange()[0], abs=1e-3)


def test_the_whole_clip_is_visible_after_opening_and_after_analysing(analysed):
    assert analysed.timeline.view.viewRange()[0] == pytest.approx([0.0, 2.0], abs=0.01)


def test_faces_are_drawn_before_the_rows_below_them_are_built(analysed, qapp):
    """Else their lanes are empty for as long as the many rows of signals take, after a change of theme for example."""
    stack = analysed.timeline.stack
    analysed.session.set_theme("light")
    while len(stack.lanes) <= len(analysed.session.board.track_ids):
        qapp.processEvents()
    assert not stack.is_drawn
    for track_id, lane in stack.tracks.items():
        assert len(lane.raw.pyramid.values) == len(analysed.session.board.tracks[track_id])


def test_a_face_is_drawn_before_the_row_of_the_next_one_is_built(analysed, qapp):
    """Else the lanes of 24 faces, also those in view, are empty for as long as it takes to build them all."""
    stack, tracks = analysed.timeline.stack, analysed.session.board.tracks
    for track_id in range(20, 26):
        tracks[track_id] = tracks[STRONG]
    analysed.session.set_theme("light")
    while len(stack.tracks) < len(analysed.session.board.track_ids):
        qapp.processEvents()
        built = list(stack.tracks.values())
        assert all(len(lane.raw.pyramid.values) for lane in built[:-1])
    wait_rows(analysed)


def test_zooming_one_lane_zooms_all_and_stays_within_the_clip(analysed):
    timeline = analysed.timeline
    analysed.book["timeline_in"].trigger()
    low, high = timeline.view.viewRange()[0]
    assert high - low == pytest.approx(1.0, abs=0.02)
    for lane in timeline.lanes:
        assert lane.view.viewRange()[0] == shown_range(timeline)
    timeline.lanes[0].view.setXRange(0.5, 0.9, padding=0)
    assert timeline.view.viewRange()[0] == pytest.approx([0.5, 0.9], abs=0.01)
    for _ in range(10):
        analysed.book["timeline_in"].trigger()
    assert timeline.view.viewRange()[0][1] - timeline.view.viewRange()[0][0] > 0.1
    for _ in range(12):
        analysed.book["timeline_out"].trigger()
    assert timeline.view.viewRange()[0] == pytest.approx([0.0, 2.0], abs=0.01)


def test_new_lanes_keep_the_visible_range(analysed):
    timeline = analysed.timeline
    timeline.view.setXRange(0.5, 0.9, padding=0)
    analysed.session.set_selected_track(None)
    analysed.session.set_selected_track(STRONG)
    analysed.session.set_analysis(analysed.session.analysis)
    assert timeline.view.viewRange()[0] == pytest.approx([0.5, 0.9], abs=0.01)


def test_the_ends_of_a_signals_scale_do_not_read_the_same(analysed):
    """The opening of eyes that are nearly closed went "from 0.05 to 0.05"."""
    lane, pts = analysed.timeline.stack.signals[0], np.asarray(analysed.session.opened.pts)

    def ends(low, high):
        lane.set_values(pts, np.linspace(low, high, len(pts)), analysed.session.clip)
        return [text for _value, text in lane.plot.getAxis("left")._tickLevels[0]]

    assert ends(0.0456, 0.0541) == ["0.046", "0.054"]
    assert ends(0.21, 0.42) == ["0.21", "0.42"]


def test_the_wheel_zooms_about_the_pointer(analysed, qapp):
    view = analysed.timeline.lanes[0].view
    stack = analysed.timeline.stack
    at = stack.mapFromScene(view.mapViewToScene(QPointF(1.5, 0.5)))
    glob = QPointF(stack.viewport().mapToGlobal(at))
    event = QWheelEvent(QPointF(at), glob, QPoint(), QPoint(0, 360), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    qapp.sendEvent(stack.viewport(), event)
    low, high = view.viewRange()[0]
    assert high - low < 1.5
    assert low < 1.5 < high


def test_signals_can_be_hidden(analysed):
    assert len(analysed.timeline.stack.signals) == 1
    analysed.book["signals"].trigger()
    assert not analysed.timeline.stack.signals
    analysed.book["signals"].trigger()
    wait_rows(analysed)
    assert len(analysed.timeline.stack.signals) == 1


def test_many_rows_are_added_over_several_turns_and_in_order(opened, qtbot, monkeypatch):
    loaded = []
    opened.controller.case_store.case_loaded.connect(loaded.append)
    analyse(qtbot, opened)
    qtbot.waitUntil(lambda: bool(loaded))  # what is read back replaces the analysis
    opened.controller.case_store.finish()
    QApplication.processEvents()
    wait_rows(opened)
    monkeypatch.setattr(lane_stack, "_TURN_SECONDS", 1e-6)
    timeline, session = opened.timeline, opened.session
    pts = np.asarray(session.opened.pts)
    series = {f"signal {n}": Series(STRONG, f"signal {n}", "px", pts, np.full(len(pts), float(n))) for n in range(4)}
    session.board.tracks[9] = TrackSeries(9)
    turns = []
    timeline.stack.grown.connect(lambda: turns.append(len(timeline.lanes)))
    session.set_signals(TrackSignals(session.case_path, session.analysis_id, STRONG, tuple(series), series))
    assert not timeline.stack.is_whole
    wait_rows(opened)
    assert turns == sorted(turns)
    assert len(set(turns)) >= 4
    assert [lane.name for lane in timeline.lanes] == [
        "Face 3",
        "Face 7",
        "Face 9",
        *(f"signal {n}" for n in range(4)),
    ]
    assert all(lane.playhead.value() == timeline.lanes[0].playhead.value() for lane in timeline.lanes)
    assert timeline.stack.height() == sum(lane.height + SPACING for lane in timeline.lanes) + 8


def test_labels_show_the_frames_value_or_its_abstention(analysed, qtbot):
    analysed.controller.seek_index(24)
    qtbot.waitUntil(lambda: "frame 0.88" in strong_lane(analysed).label.text)
    analysed.controller.seek_index(41)
    qtbot.waitUntil(lambda: "turned away" in strong_lane(analysed).label.text)


def test_bands_have_tooltips(analysed):
    lane = strong_lane(analysed)
    texts = [band.text for band in lane.bands.at(1.0)]
    assert any("segment" in text and "0.98" in text for text in texts)
    assert lane.abstentions.at(1.7) is Abstention.PROFILE
    assert lane.abstentions.at(1.0) is None
    assert analysed.timeline.ruler.marks.text_at(0.01, 0.0) == ["gap: made up for a test"]


def test_overlapping_bands_are_all_found(qapp):
    item = BandItem()
    item.set_bands([Band(0, 100, "#fff", "long"), *(Band(i, i + 0.5, "#fff", "s") for i in range(50))])
    assert len(item.at(30.2)) == 2
    assert len(item.at(30.7)) == 1


def drag(qtbot, timeline, start, end):
    """Press, drag and let go over the first lane, from one time to another."""
    stack, view = timeline.stack, timeline.lanes[0].view
    first, last = (stack.mapFromScene(view.mapViewToScene(QPointF(at, 0.5))) for at in (start, end))
    port = stack.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=first)
    for share in (0.3, 0.7, 1.0):
        at = QPointF(first) + (QPointF(last) - QPointF(first)) * share
        event = QMouseEvent(QEvent.Type.MouseMove, at, QPointF(port.mapToGlobal(at.toPoint())),
                            Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton,
                            Qt.KeyboardModifier.NoModifier)  # fmt: skip
        QApplication.sendEvent(port, event)
        qtbot.wait(20)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=last)


def test_a_drag_selects_frames_and_the_selection_becomes_a_note(analysed, qtbot):
    timeline, pts = analysed.timeline, analysed.session.opened.pts
    before = analysed.session.shown.index
    drag(qtbot, timeline, 0.5, 1.0)
    first, last = timeline.selector.selection
    assert abs(int(first) - int(pts[12])) <= int(pts[1])
    assert abs(int(last) - int(pts[24])) <= int(pts[1])
    assert analysed.session.shown.index == before
    assert timeline.selector.bar.isVisible()
    analysed.book["note_selection"].trigger()
    dialog = analysed.findChild(QInputDialog)
    dialog.setTextValue("the mouth")
    dialog.accept()
    qtbot.waitUntil(lambda: len(analysed.session.notes) == 1)
    note = analysed.session.notes[0]
    at = int(list(pts).index(last))
    assert (note.text, note.pts, note.end_pts) == ("the mouth", first, pts[at + 1])
    assert timeline.selector.selection is None
    assert timeline.ruler.marks.starts(Mark.NOTE)[0] == analysed.session.clip.seconds(first)
    assert "the mouth" in timeline.ruler.marks.text_at(analysed.session.clip.seconds(last), 0.0)[0]


def test_in_and_out_by_key_and_from_a_selection(analysed, qtbot):
    session, timeline = analysed.session, analysed.timeline
    pts = session.opened.pts
    for index, action in ((30, "set_out"), (10, "set_in")):
        analysed.controller.seek_index(index)
        qtbot.waitUntil(lambda index=index: session.shown.index == index)
        analysed.book[action].trigger()
    assert (session.in_pts, session.out_pts) == (pts[10], pts[30])
    end = session.clip.seconds(int(pts[31]))
    assert timeline.lanes[0].spans.range == pytest.approx((session.clip.seconds(int(pts[10])), end))
    analysed.controller.seek_index(35)
    qtbot.waitUntil(lambda: session.shown.index == 35)
    analysed.book["set_in"].trigger()
    assert (session.in_pts, session.out_pts) == (pts[35], None)
    timeline.selector.select((int(pts[3]), int(pts[8])))
    timeline.selector.bar.range_wanted.emit()
    assert (session.in_pts, session.out_pts) == (pts[3], pts[8])
    analysed.book["clear_range"].trigger()
    assert timeline.lanes[0].spans.range is None


def test_the_hover_card_shows_the_frame_its_score_and_its_thumbnail(analysed, qtbot):
    timeline = analysed.timeline
    lane, pts = strong_lane(analysed), analysed.session.opened.pts
    scene_at = lane.view.mapViewToScene(QPointF(analysed.session.clip.seconds(int(pts[24])) + 0.005, 0.5))
    timeline.pointer.hover(timeline.stack, timeline.stack.mapFromScene(scene_at))
    card = timeline.pointer.card
    assert f"frame 24 · pts {pts[24]}" in card.text
    assert "Face 7: 0.88" in card.text
    assert "55 unmanipulated tracks" in card.text
    qtbot.waitUntil(lambda: card.has_picture)
    QApplication.sendEvent(timeline.stack.viewport(), QEvent(QEvent.Type.Leave))
    assert not card.isVisible()


def test_no_limits_are_shown_before_the_deep_look_has_come_to_a_frame(analysed):
    """Until then there are only those of the fast look, which will not decide."""
    session, timeline = analysed.session, analysed.timeline
    deep, series, done = deepened(build(100, 2)).analysis.model, session.board.tracks[STRONG], session.analysis
    session.set_analysis(replace(done, model=deep, settings=replace(session.settings, deep="off")))
    assert session.threshold == deep.threshold, "they decide where there was no deep look"
    session.set_installed_model(deep)
    session.set_analysis(None)
    wait_rows(analysed)
    pts = int(series.pts[10])

    def lines():
        seconds = session.clip.seconds(pts)
        return text_at(session, timeline.stack, timeline.ruler.marks, strong_lane(analysed), seconds, pts, 0.0)

    assert session.threshold is None
    assert "between the limits: inconclusive" not in timeline.legend.texts
    assert not [line for line in lines() if "are inconclusive" in line or "wrongly" in line]
    session.set_analysis(stopped := replace(done, model=deep, settings=replace(session.settings, deep="auto")))
    assert session.threshold is None, "it was stopped before the deep look came to a frame"
    other = OtherClip(session.opened, session.case_path, "", "", analysis=stopped, board=session.board)
    assert other.is_screened
    session.set_analysis(None)
    series._deep[:] = np.where(np.arange(len(series._deep)) == 10, 0.5, np.nan)
    series.is_deep = True
    assert [line for line in lines() if line.startswith("whole tracks between 0.20 and 0.83")]


def test_before_the_deep_look_every_view_says_that_a_score_is_one_of_the_fast_look(analysed):
    """A bare 0.88, before the deep look has come to any frame of the face, would read as the one that decides."""
    session, timeline, lane = analysed.session, analysed.timeline, strong_lane(analysed)
    session.set_installed_model(deepened(build(100, 2)).analysis.model)
    session.set_analysis(None)
    wait_rows(analysed)
    pts = session.shown.pts
    (mark,) = (mark for mark in scene_of(session).marks if mark.track_id == STRONG)
    assert mark.probability is not None
    texts = [
        mark_text(mark),
        short_mark_text(mark),
        strong_lane(analysed).label.text,
        *text_at(session, timeline.stack, timeline.ruler.marks, lane, session.clip.seconds(pts), pts, 0.0),
    ]
    said = [text for text in texts if rounded(mark.probability) in text]
    assert len(said) == 4
    assert all("fast" in text for text in said), said
    assert "fast look, screening" in timeline.legend.texts
    assert "smoothed" not in timeline.legend.texts
    assert not strong_lane(analysed).smoothed.isVisible()


def test_the_hover_card_wraps_a_long_line_and_is_as_narrow_as_short_ones(analysed):
    card = HoverCard(analysed.timeline.thumbnails, analysed)
    card.show_at(QPoint(400, 500), 0, "0:01\n" + "the rule's false positives and their interval " * 5)
    assert card.width() <= 460, "it hides no more of the timeline"
    label = card._text
    assert label.height() >= label.heightForWidth(label.width()) > 2 * label.fontMetrics().height()
    card.show_at(QPoint(400, 500), 0, "0:01\nFace 7: 0.88")
    assert card.width() < 200
    assert label.height() < 3 * label.fontMetrics().height(), "nothing wraps"


def test_each_track_shows_its_face(analysed, qtbot):
    qtbot.waitUntil(lambda: all(lane.label.has_portrait for lane in analysed.timeline.stack.tracks.values()))


def test_signals_can_be_hidden_one_by_one(analysed):
    action = next(action for action in analysed.timeline.menu.lanes.actions() if action.text() == "Yaw")
    action.trigger()
    assert not analysed.timeline.stack.signals
    action.trigger()
    wait_rows(analysed)
    assert [lane.name for lane in analysed.timeline.stack.signals] == ["yaw"]


def test_the_legend_lists_only_what_is_shown(analysed):
    texts = analysed.timeline.legend.texts
    assert "not scored: face turned away" in texts
    assert "gap: no picture" in texts
    assert not any("blurred" in word or "bookmark" in word for word in texts)


def test_the_threads_end_with_the_window(analysed, qtbot):
    timeline = analysed.timeline
    qtbot.waitUntil(lambda: timeline.thumbnails.isRunning())
    analysed.close()
    assert not timeline.thumbnails.isRunning()
    assert not timeline.waveform.isRunning()


def test_a_bookmark_is_marked(analysed, qtbot):
    analysed.book["bookmark"].trigger()
    qtbot.waitUntil(lambda: len(analysed.timeline.ruler.marks.starts(Mark.BOOKMARK)) == 1)


def test_stepping_through_segments_ends_at_the_last(analysed, qtbot):
    peak = analysed.session.analysis.segments[0].peak_pts
    analysed.book["next_segment"].trigger()
    qtbot.waitUntil(lambda: analysed.session.shown.pts == peak)
    analysed.book["next_segment"].trigger()
    qtbot.wait(50)
    assert analysed.session.shown.pts == peak


def test_the_frames_values_are_kept_in_another_theme(analysed, qtbot):
    def is_shown() -> bool:
        return any("frame 0.88" in lane.label.text for lane in analysed.timeline.lanes)

    analysed.controller.seek_index(24)
    qtbot.waitUntil(is_shown)
    analysed.book["theme"].trigger()
    qtbot.waitUntil(is_shown)
