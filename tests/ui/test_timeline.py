"""The timeline keeps what is in sight, links its lanes, and says what lies under the pointer."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from inspector.domain.faces import Abstention
from inspector.ui.lane_items import Band, BandItem
from inspector.ui.marks import Mark


def shown_range(timeline):
    return pytest.approx(timeline.view.viewRange()[0], abs=1e-3)


def test_the_whole_clip_is_in_sight_after_opening_and_after_analysing(analysed):
    assert analysed.timeline.view.viewRange()[0] == pytest.approx([0.0, 2.0], abs=0.01)


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


def test_the_range_in_sight_outlives_new_lanes(analysed):
    timeline = analysed.timeline
    timeline.view.setXRange(0.5, 0.9, padding=0)
    analysed.session.set_selected_track(None)
    analysed.session.set_selected_track(1)
    analysed.session.set_analysis(analysed.session.analysis)
    assert timeline.view.viewRange()[0] == pytest.approx([0.5, 0.9], abs=0.01)


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
    assert len(analysed.timeline.stack.signals) == 1


def test_labels_say_the_frames_value_and_its_abstention(analysed, qtbot):
    analysed.controller.seek_index(24)
    qtbot.waitUntil(lambda: "frame 0.88" in analysed.timeline.lanes[0].label.words, timeout=5000)
    analysed.controller.seek_index(41)
    qtbot.waitUntil(lambda: "turned away" in analysed.timeline.lanes[0].label.words, timeout=5000)


def test_bands_say_what_they_are(analysed):
    lane = analysed.timeline.lanes[0]
    words = [band.words for band in lane.bands.at(1.0)]
    assert any("segment" in text and "0.98" in text for text in words)
    assert lane.abstentions.at(1.7) is Abstention.PROFILE
    assert lane.abstentions.at(1.0) is None
    assert analysed.timeline.ruler.marks.words_at(0.01, 0.0) == ["gap: made up for a test"]


def test_overlapping_bands_are_all_found(qapp):
    item = BandItem()
    style = Qt.BrushStyle.SolidPattern
    item.set_bands(
        [Band(0, 100, style, "#fff", 9, "long"), *(Band(i, i + 0.5, style, "#fff", 9, "s") for i in range(50))]
    )
    assert len(item.at(30.2)) == 2
    assert len(item.at(30.7)) == 1


def test_a_bookmark_is_marked(analysed, qtbot):
    analysed.book["bookmark"].trigger()
    qtbot.waitUntil(lambda: len(analysed.timeline.ruler.marks.starts(Mark.BOOKMARK)) == 1, timeout=5000)


def test_stepping_from_stretch_to_stretch_ends_at_the_last(analysed, qtbot):
    peak = analysed.session.analysis.segments[0].peak_pts
    analysed.book["next_segment"].trigger()
    qtbot.waitUntil(lambda: analysed.session.shown.pts == peak, timeout=5000)
    analysed.book["next_segment"].trigger()
    qtbot.wait(50)
    assert analysed.session.shown.pts == peak
