"""The lanes about the coding of the clip: offered in a menu of their own, off until asked for, with values to hover."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from inspector.domain.observations.coding import CHANGE, QUANTISER, SERIES, SIZE, TYPE, CodingFact, CodingSeries
from inspector.engine.provenance.coding.lanes import CODING_LANES, coding_signals
from inspector.ui.panels.file import FilePanel
from inspector.ui.state import TrackSignals
from inspector.ui.timeline.lanes.observed_lane import OBSERVED, ObservedLane
from inspector.ui.timeline.lanes.packet_lane import PacketLane
from tests.ui.timeline.test_timeline import wait_rows


def give_coding(window, observed: tuple[CodingFact, ...] = ()) -> CodingSeries:
    session = window.session
    pts = np.asarray(session.opened.pts)
    values = np.full((len(SERIES), len(pts)), np.nan)
    values[TYPE] = np.where(np.arange(len(pts)) % 12 == 0, 1, 2)
    values[SIZE] = np.where(values[TYPE] == 1, 9000, 1500)
    values[CHANGE] = 1.0
    series = CodingSeries(pts, values)
    former = session.signals
    shown = TrackSignals(
        session.case_path, session.analysis_id, session.selected_track, former.names, former.signals, former.blinks,
        coding_signals(series, session.clip), observed,
    )  # fmt: skip
    session.set_signals(shown)
    wait_rows(window)
    return series


@pytest.fixture
def coded(analysed, qtbot):
    qtbot.waitUntil(lambda: analysed.session.signals is not None)
    give_coding(analysed)
    return analysed


def test_the_lanes_are_offered_in_a_menu_and_off_at_first(coded):
    timeline = coded.timeline
    shown = [lane.name for lane in timeline.lanes]
    assert not set(shown) & set(CODING_LANES)
    offered = {action.text().lower(): action for action in timeline.menu._coding.actions()}
    assert list(offered) == ["packet size", "bit rate", "place in group", "change"], "only what was measured"
    assert not any(action.isChecked() for action in offered.values())
    offered["packet size"].trigger()
    offered["place in group"].trigger()
    wait_rows(coded)
    assert [lane.name for lane in timeline.lanes][-2:] == ["packet size", "place in group"]
    give_coding(coded)
    assert [lane.name for lane in timeline.lanes][-2:] == ["packet size", "place in group"]


def test_values_of_a_frame_with_its_type_and_place(coded):
    timeline, session = coded.timeline, coded.session
    timeline.menu._coding.actions()[0].trigger()
    wait_rows(coded)
    lane = next(lane for lane in timeline.lanes if isinstance(lane, PacketLane))
    pts = [int(each) for each in session.opened.pts]
    lane.show_value(pts[14])
    assert lane.label.text == "Packet size\n1.50 kB, P"
    assert lane.text_at(0.0, pts[14])[:2] == ["Packet size: 1.50 kB, P", "2 pictures behind the I picture"]
    assert lane.text_at(0.0, pts[12])[0] == "Packet size: 9.00 kB, I"
    assert len(lane.keys.starts) == -(-len(pts) // 12)


def test_what_a_decoder_does_not_give_has_no_lane(coded):
    series = CodingSeries(np.arange(3, dtype=np.int64), np.full((len(SERIES), 3), np.nan))
    assert "quantiser" not in coding_signals(series, coded.session.clip)
    series.values[QUANTISER] = 30.0
    assert coding_signals(series, coded.session.clip)["quantiser"].values.tolist() == [30.0] * 3


def test_what_the_rules_observe_has_a_lane_and_stands_on_the_file_tab(coded, qtbot):
    pts, clip = [int(each) for each in coded.session.opened.pts], coded.session.clip
    facts = (
        CodingFact("frozen", "The picture stands still.", "Title cards.", "FFmpeg", ((pts[5], pts[10]),)),
        CodingFact(
            "exact-repeat", "Frames were shown before.", "Loops.", "Wang", ((pts[8], pts[12]), (pts[20], pts[22]))
        ),
    )
    assert OBSERVED not in coded.timeline.stack.possible_extras
    give_coding(coded, facts)
    action = next(each for each in coded.timeline.menu._coding.actions() if each.text().lower() == OBSERVED)
    assert not action.isChecked()
    action.trigger()
    wait_rows(coded)
    lane = next(lane for lane in coded.timeline.lanes if isinstance(lane, ObservedLane))
    assert lane.bars.starts == pytest.approx([clip.seconds(pts[5]), clip.seconds(pts[20])]), "what overlaps is one bar"
    assert lane.bars.ends == pytest.approx([clip.seconds(pts[12]), clip.seconds(pts[22])])
    assert len(lane.text_at(clip.seconds(pts[9]), pts[9])) == 3
    assert lane.text_at(clip.seconds(pts[16]), pts[16]) == []
    assert lane.table()["observation"] == ["frozen", "exact-repeat", "exact-repeat"]
    (panel,) = coded.findChildren(FilePanel)
    coded.side.setCurrentWidget(panel)
    qtbot.waitUntil(lambda: coded.session.file_facts is not None)
    shown = lambda: "\n".join(label.text() for label in panel.findChildren(QLabel))  # noqa: E731
    qtbot.waitUntil(lambda: "Frames were shown before." in shown())
    assert "Title cards." in shown()
