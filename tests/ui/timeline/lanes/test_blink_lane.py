"""Each blink of the selected track is marked where its lids close and open, given in pts, and counted."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from inspector.engine.faces.blinks import track_blinks
from inspector.engine.faces.signals import EYES
from inspector.ui.timeline.lanes.blink_lane import BLINKS, BarItem
from tests.ui.conftest import analyse, wait_rows
from tests.ui.fake_engine import STRONG, WEAK
from tests.ui.pictures import pixels
from tests.ui.signals import store_signals

CLOSED = ((10, 13), (30, 34))  # rows [first, last)


@pytest.fixture
def blinking(opened, qtbot):
    """The window with an analysis in which the eyes close twice, a second track's once."""
    loaded = []
    opened.controller.case_store.case_loaded.connect(loaded.append)
    analyse(qtbot, opened)
    qtbot.waitUntil(lambda: bool(loaded))  # what is read back replaces the analysis
    of_track = {}
    for track, closed in ((STRONG, CLOSED), (WEAK, CLOSED[:1])):
        ratios = np.full(len(opened.session.opened.pts), 0.3)
        for first, last in closed:
            ratios[first:last] = 0.08
        of_track[track] = [np.zeros_like(ratios), ratios]
    store_signals(qtbot, opened, [("yaw", "°"), (EYES, "ratio")], of_track)
    return opened


def lane(window):
    wait_rows(window)
    return window.timeline.stack.blinks


def test_blinks_are_half_open_intervals_in_pts(blinking):
    pts = blinking.session.opened.pts
    assert lane(blinking).starts.tolist() == [pts[first] for first, _ in CLOSED]
    assert lane(blinking).ends.tolist() == [pts[last] for _, last in CLOSED]


def test_the_label_counts_blinks_and_numbers_the_current_one(blinking, qtbot):
    assert lane(blinking).label.text == "Blinks\n2 in 2.0 s"
    for index, text in ((30, "number 2 of 2"), (33, "number 2 of 2"), (34, "2 in 2.0 s"), (12, "number 1 of 2")):
        blinking.controller.seek_index(index)
        qtbot.waitUntil(lambda text=text: lane(blinking).label.text == f"Blinks\n{text}")


def test_the_hover_card_shows_the_blink_and_the_count(blinking):
    timeline, session = blinking.timeline, blinking.session
    start, end = session.opened.pts[30], session.opened.pts[34]
    at = lane(blinking).view.mapViewToScene(QPointF(session.clip.seconds(int(start)) + 0.01, 0.5))
    timeline.pointer.hover(timeline.stack, timeline.stack.mapFromScene(at))
    text = timeline.pointer.card.text
    assert "Blinks of the selected track: 2 in 2.0 s" in text
    assert f"blink 2 of 2: 167 ms, 4 frames, from pts {start} up to {end}" in text
    assert "not part of the score" in text


def test_bars_are_drawn_at_the_blinks(blinking, qtbot):
    timeline, session = blinking.timeline, blinking.session

    def row_of_lane():
        return round(timeline.stack.mapFromScene(lane(blinking).view.mapViewToScene(QPointF(0, 0.5))).y())

    qtbot.waitUntil(lambda: 0 < row_of_lane() < timeline.stack.height())  # the rows have their places
    row, picture = row_of_lane(), pixels(timeline.stack.grab().toImage())

    def brightness(index):
        seconds = session.clip.seconds(int(session.opened.pts[index])) + 0.02
        at = timeline.stack.mapFromScene(lane(blinking).view.mapViewToScene(QPointF(seconds, 0.5)))
        return int(picture[row, round(at.x())].max())

    assert all(brightness(index) > 150 for index in (10, 12, 30, 33))
    assert all(brightness(index) < 100 for index in (5, 13, 20, 34, 40))


def test_blinks_follow_the_selected_track_and_can_be_hidden(blinking, qtbot):
    wait_rows(blinking)
    names = [row.name for row in blinking.timeline.lanes]
    assert names.index(BLINKS) < names.index("yaw")
    action = next(a for a in blinking.timeline.menu.lanes.actions() if a.text() == "Blinks")
    action.trigger()
    assert lane(blinking) is None
    action.trigger()
    blinking.book["signals"].trigger()
    assert lane(blinking) is None
    blinking.book["signals"].trigger()
    blinking.session.set_selected_track(WEAK)
    assert blinking.timeline.stack._values.for_lane(BLINKS) is None, "not those of the other track meanwhile"
    qtbot.waitUntil(lambda: blinking.session.signals.track_id == WEAK)
    assert len(lane(blinking).starts) == 1


def test_without_eyes_there_is_no_such_lane(analysed):
    assert lane(analysed) is None
    assert BLINKS not in analysed.timeline.stack.possible_extras


def test_slow_frames_and_missing_values_are_reported_and_left_out(blinking):
    clip = blinking.session.clip
    row = lane(blinking)
    ticks = round(1 / float(clip.time_base))
    pts = clip.start_pts + np.arange(20, dtype=np.int64) * (ticks // 10)
    row.set_blinks(track_blinks(pts, np.full(20, 0.3), clip))
    assert row.label.text == "Blinks\nnot counted: under 15 frames/s"
    pts = clip.start_pts + np.arange(400, dtype=np.int64) * (ticks // 25)
    ratios = np.full(400, 0.3)
    ratios[[50, 51, 200, 201, 202]] = 0.05
    ratios[300] = np.nan
    row.set_blinks(track_blinks(pts, ratios, clip))
    assert row.label.text == "Blinks\n2 in 15.9 s · 7.5/min"


def test_hours_of_blinks_paint_as_many_bars_as_there_are_columns(qapp):
    bars = BarItem("#ffffff")
    starts = np.arange(2000) * 3.6
    bars.set_bars(starts, np.asarray(starts + 0.2, np.float64))  # type: ignore[arg-type]
    assert (len(bars.starts), bars.ends[-1]) == (2000, pytest.approx(7196.6))
