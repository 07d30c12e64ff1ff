"""The lanes' heights: up to four scored faces fit without scrolling."""

import pytest

from inspector.ui.timeline.lanes.lane_stack import DENSE, fitted
from inspector.ui.timeline.lanes.plots import SPACING


@pytest.mark.parametrize("tracks", [1, 2, 3, 4])
def test_up_to_four_faces_fit_into_the_room_and_are_no_higher_than_usual(tracks):
    heights = fitted(DENSE, tracks, 140)
    assert tracks * (heights.track + SPACING) <= 140
    assert heights.track <= DENSE.track
    assert heights[1:] == DENSE[1:]


def test_more_faces_than_that_do_not_make_the_rows_lower_still():
    assert fitted(DENSE, 40, 140) == fitted(DENSE, 4, 140)
    assert fitted(DENSE, 4, 20).track >= 26, "two lines of the label"
