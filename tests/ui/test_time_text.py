"""Formatting of times and parsing of positions."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.clip import Clip, Colour
from inspector.domain.timecode import clock_time, timecode
from inspector.ui import time_text as clock
from inspector.ui.timeline.lanes.lane_view import axis_time

CLIP = Clip(
    "c.mp4", "0" * 64, 1, "mp4", "h264", "yuv420p", 64, 48, 64, 48, 0, Fraction(1), Colour(), Fraction(1, 12800), 512,
    25600, 50, Fraction(25), False, False, False,
)  # fmt: skip
PTS = 512 + 512 * np.arange(50, dtype=np.int64)


def test_timecode_counts_frames_on_a_constant_rate_and_milliseconds_on_a_variable_one():
    assert timecode(CLIP, 512 + 512 * 27) == "00:00:01:02"
    assert timecode(replace(CLIP, is_variable_rate=True), 512 + 512 * 27) == "00:00:01.080"


def test_a_non_integer_rate_counts_as_an_editor_does():
    ntsc = replace(CLIP, average_rate=Fraction(30000, 1001), time_base=Fraction(1, 30000), start_pts=0)
    assert timecode(ntsc, 1001 * 30) == "00:00:01:00"
    assert timecode(ntsc, 1001 * 29) == "00:00:00:29"


def test_a_rate_that_is_not_about_whole_has_no_timecode_that_would_drift():
    slow = replace(CLIP, average_rate=Fraction(25, 4), time_base=Fraction(1, 100), start_pts=0)
    assert timecode(slow, 406080) == "01:07:40.800"
    with pytest.raises(ValueError, match="not about whole"):
        clock.parse_position("01:10:30:01", slow, np.arange(0, 720000, 16, dtype=np.int64))


@given(st.integers(0, 49))
def test_a_displayed_position_parses_to_its_frame(index):
    pts = int(PTS[index])
    for text in (str(index), f"f{index}", timecode(CLIP, pts), f"pts {pts}", f"{CLIP.seconds(pts):.3f}s",
                 f"{CLIP.seconds(pts):.3f} s", f"{CLIP.seconds(pts):.3f}",
                 clock_time(CLIP.seconds(pts))):  # fmt: skip
        assert clock.parse_position(text, CLIP, PTS) == index


@pytest.mark.parametrize("text", ["", "abc", "50", "99s", "pts 999999", "1:2:3:4:5", "-3"])
def test_invalid_positions_are_one_sentence(text):
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        clock.parse_position(text, CLIP, PTS)


def test_a_timecode_is_refused_on_a_variable_rate():
    with pytest.raises(ValueError, match="varies"):
        clock.parse_position("00:00:01:02", replace(CLIP, is_variable_rate=True), PTS)


def test_the_frame_shown_at_a_pts_is_the_last_that_is_not_later():
    assert [clock.index_at(PTS, pts) for pts in (0, 512, 1023, 1024, 10**9)] == [0, 0, 0, 1, 49]


def test_axis_labels_are_as_fine_as_the_ticks():
    assert axis_time(65, 5) == "1:05"
    assert axis_time(3661, 60) == "1:01:01"
    assert axis_time(5.25, 0.05) == "0:05.25"


def test_time_left_is_rounded():
    assert [clock.time_left(s) for s in (0.2, 40, 200, 5000)] == ["1 s", "40 s", "3 min", "83 min"]
    assert clock.time_left(7300) == "2 h 02 min"
