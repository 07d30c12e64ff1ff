"""The crops of a window: compared with a reference implementation, at every edge, and after a resume."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.domain.clip import Frame, Gap
from inspector.domain.errors import CaseError
from inspector.domain.geometry import Box
from inspector.engine.faces.crop import cut
from inspector.engine.model.windows import Windows, scored_index, window

SIZE = 16
BOX = Box(2.0, 1.0, 20.0, 20.0)


def reference(shows: list[bool], cuts: list[bool], scored: int, frames: int) -> list[int]:
    """Reference: for each position the nearest frame with a crop, towards the scored frame, in the same shot."""
    shot = np.cumsum(cuts)
    found = []
    for wanted in range(scored - frames // 2, scored - frames // 2 + frames):
        between = range(wanted, scored + 1) if wanted <= scored else range(wanted, scored - 1, -1)
        able = [i for i in between if 0 <= i < len(shows) and shows[i] and shot[i] == shot[scored]]
        found.append(able[0])
    return found


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_window_equals_the_reference_implementation(data: st.DataObject):
    length = data.draw(st.integers(1, 12))
    shows = data.draw(st.lists(st.booleans(), min_size=length, max_size=length))
    cuts = data.draw(st.lists(st.booleans(), min_size=length, max_size=length))
    scored, frames = data.draw(st.integers(0, length - 1)), data.draw(st.integers(1, 9))
    shows[scored] = True
    found = window(shows, cuts, scored, frames)
    assert found == reference(shows, cuts, scored, frames)
    assert len(found) == frames
    assert found[scored_index(frames)] == scored


def test_edges_gaps_and_cuts_repeat_the_neighbour_on_the_scored_side():
    all_shown, no_cut = [True] * 6, [False] * 6
    assert window(all_shown, no_cut, 0, 5) == [0, 0, 0, 1, 2], "the clip's first frame"
    assert window(all_shown, no_cut, 5, 4) == [3, 4, 5, 5], "its last; an even window has one more before"
    assert window([True, False, True, False, False, True], no_cut, 2, 5) == [0, 2, 2, 2, 2], "holes"
    assert window(all_shown, [False, False, True, False, True, False], 3, 5) == [2, 2, 3, 3, 3], "a shot of two"
    assert window([True], [True], 0, 4) == [0] * 4, "a still"


def frame(pts: int) -> Frame:
    return Frame(pts, pts, np.random.default_rng(pts).integers(0, 256, (24, 24, 3), dtype=np.uint8), pts == 0)


def add(windows: Windows, pts: int, tracks: list[int], is_cut: bool = False) -> None:
    windows.add(pts, is_cut, {t: (BOX, cut(frame(pts).image, BOX, SIZE)) for t in tracks})


def test_batches_wait_share_crops_and_release_old_ones():
    windows = Windows(4, SIZE)
    for pts in range(4):
        add(windows, pts, [1, 2] if pts != 2 else [2])
    assert not windows.are_whole(4), "the last of these frames reaches one further"
    assert windows.are_whole(3)
    samples = windows.take([(0, 1), (1, 1), (1, 2)])
    assert samples.indices.tolist() == [[0, 0, 0, 1], [0, 0, 1, 1], [2, 2, 3, 4]]
    assert np.array_equal(samples.crops[4], cut(frame(2).image, BOX, SIZE))
    windows.forget(3)
    add(windows, 4, [1])
    assert windows.added == 5
    assert windows.take([(3, 1)]).indices.tolist() == [[0, 1, 1, 2]], "frame 1 is kept, frame 2 lacks track 1"


def test_after_a_resume_the_crops_are_identical():
    unbroken, goes_on = Windows(5, SIZE), Windows(5, SIZE)
    for pts in range(6):
        add(unbroken, pts, [1, 3] if pts % 2 else [1], is_cut=pts == 1)
    state = unbroken.state()
    assert [slot[0] for slot in state] == [4, 5], "no more than later windows reach into"
    decoded: list[Frame | Gap] = [frame(3), frame(4), Gap(40, 41, "damaged"), frame(5), frame(6)]
    goes_on.restore(state, iter(decoded))
    for each in (unbroken, goes_on):
        add(each, 6, [1, 3])
        add(each, 7, [1])
    one, other = unbroken.take([(6, 1), (6, 3)]), goes_on.take([(2, 1), (2, 3)])
    assert np.array_equal(one.indices, other.indices)
    assert all(np.array_equal(a, b) for a, b in zip(one.crops, other.crops, strict=True))
    with pytest.raises(CaseError, match="pts 5"):
        Windows(5, SIZE).restore(state, iter(decoded[:3]))
    assert Windows(1, SIZE).state() == []
