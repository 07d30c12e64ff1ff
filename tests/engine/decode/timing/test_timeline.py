"""The timeline from stored time stamps: sections, outliers, repeats and wraps; all by numbers, without a file."""

from fractions import Fraction

import numpy as np
import pytest

from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.timeline import Timeline, fill, make_timeline

STEP = 3600
TIME_BASE = Fraction(1, 90000)
MILLISECOND = Fraction(1, 1000)


def decoding_order(count: int, start: int = 0) -> list[int]:
    """Stamps of I B B P groups in decoding order."""
    order = [0]
    for at in range(3, count, 3):
        order += [at, at - 2, at - 1]
    order += [at for at in range(count) if at not in order]
    return [start + STEP * at for at in order]


def timeline(stamps: list[int], keys: tuple[int, ...] = (0,), losses: tuple[int, ...] = ()) -> Timeline:
    is_key, is_loss = np.zeros(len(stamps), np.bool_), np.zeros(len(stamps), np.int64)
    is_key[list(keys)] = True
    is_loss[list(losses)] = 2
    return make_timeline(np.array(stamps, np.int64), is_key, is_loss, TIME_BASE)


def shown(stamps: list[int], found: Timeline) -> list[int]:
    return sorted(found.times(np.array(stamps, np.int64)).tolist())


def test_regular_stamps_are_the_times() -> None:
    stamps = decoding_order(40, 900000)
    found = timeline(stamps)
    assert found.is_plain
    assert found.times(np.array(stamps)).tolist() == stamps
    assert [(s.start_pts, s.reason) for s in found.sections] == [(900000, "")]


@pytest.mark.parametrize("second", [0, 271800, 900000 + 37 * STEP, 900000 + 37 * STEP + 1800])
def test_each_joined_recording_is_a_section_behind_the_one_before(second) -> None:
    stamps = decoding_order(40, 900000) + decoding_order(25, second) + decoding_order(10, 5)
    found = timeline(stamps, (0, 40, 65))
    assert shown(stamps, found) == [900000 + STEP * at for at in range(75)]
    assert [s.start_pts for s in found.sections] == [900000 + STEP * at for at in (0, 40, 65)]
    assert [s.stored_pts for s in found.sections] == [900000, second, 5]
    assert all("go back" in s.reason for s in found.sections[1:])


def test_a_splice_within_a_group_of_pictures_begins_a_section_too() -> None:
    stamps = decoding_order(40, 90000000) + decoding_order(30, 500)[7:]
    found = timeline(stamps)
    assert len(found.sections) == 2
    assert found.is_used.all()


def test_a_far_jump_ahead_is_closed_and_a_near_one_stays() -> None:
    far = decoding_order(40) + decoding_order(25, 9500 * 90000)
    found = timeline(far, (0, 40))
    assert shown(far, found) == [STEP * at for at in range(65)]
    assert "jump ahead by 9,498" in found.sections[1].reason
    near = decoding_order(40) + decoding_order(25, 10 * 90000)
    found = timeline(near, (0, 40))
    assert shown(near, found) == sorted(near)
    assert "no sign of lost data" in found.sections[1].reason
    assert not timeline(near, (0, 40), losses=(40,)).sections[1:], "with lost data it is a gap"


def test_a_variable_rate_needs_no_section() -> None:
    rng = np.random.default_rng(1)
    stamps = np.cumsum(rng.choice([3000, 6000, 12000, 600000], 200, p=[0.5, 0.3, 0.17, 0.03])).tolist()
    found = timeline(stamps)
    assert found.is_plain
    assert len(found.sections) == 1


def idle(seconds: int, at: int = 40) -> np.ndarray:
    """Milliseconds of a recorded screen on which nothing happens for a while."""
    return np.cumsum([0, *[20, 47, 33, 120, 16] * 12, seconds * 1000, *[20, 47, 33, 120, 16] * (at // 5)])


@pytest.mark.parametrize("behind", [0, 40])
@pytest.mark.parametrize("seconds", [5, 70, 550])
def test_a_still_screen_is_no_seam(seconds, behind) -> None:
    """Nothing is stored while nothing happens, up to the last picture; the times are those of the file."""
    pts = idle(seconds, behind)
    found = make_timeline(pts, np.arange(len(pts)) == 0, np.zeros(len(pts), np.int64), MILLISECOND)
    assert len(found.sections) == 1
    assert found.is_plain
    assert found.times(pts).tolist() == pts.tolist()


@pytest.mark.parametrize("has_passed", [False, True])
def test_a_far_jump_is_closed_unless_the_time_has_passed(has_passed) -> None:
    for pts in (idle(3000), np.concatenate((np.arange(60), np.arange(60) + 75_000)) * 40):
        known = np.append(False, np.diff(pts) > 1000) & has_passed
        no_loss = np.zeros(len(pts), np.int64)
        found = make_timeline(pts, np.ones(len(pts), np.bool_), no_loss, MILLISECOND, has_passed=known)
        assert found.is_plain == has_passed
        assert (found.times(pts)[-1] == pts[-1]) == has_passed


@pytest.mark.parametrize(("has_counter", "jump"), [(False, (1 << 32) + 100_000), (True, 100_000)])
def test_the_range_of_a_counter_is_no_part_of_a_jump_where_there_is_none(has_counter, jump) -> None:
    """A Matroska file counts milliseconds too, in 64 bits: FFmpeg adds nothing to them."""
    pts = np.concatenate((np.arange(40) * 40, np.arange(40) * 40 + 1560 + (1 << 32) + 100_000))
    is_key, no_loss = np.ones(len(pts), np.bool_), np.zeros(len(pts), np.int64)
    found = make_timeline(pts, is_key, no_loss, MILLISECOND, has_counter=has_counter)
    assert found.sections[1].reason == f"the time stamps jump ahead by {jump / 1000:,.1f} s"


@pytest.mark.parametrize("bits", [31, 32, 33])
def test_a_counter_that_wraps_keeps_the_true_times(bits) -> None:
    start = (1 << bits) - 20 * STEP
    whole = [start + STEP * at for at in range(40)]
    del whole[20]
    stamps = [pts % (1 << bits) for pts in whole]
    found = timeline(stamps)
    assert shown(stamps, found) == whole
    assert f"wraps around after {bits} bits" in found.sections[1].reason


@pytest.mark.parametrize("at", [0, 7, 30, 39])
@pytest.mark.parametrize("pts", [-900000000, 9500 * 90000])
def test_a_single_stamp_far_off_is_not_used(at, pts) -> None:
    stamps = decoding_order(40)
    right = stamps[at]
    stamps[at] = pts
    found = timeline(stamps)
    if at:
        assert np.flatnonzero(~found.is_used).tolist() == [at]
        assert len(found.sections) == 1
        times = found.times(np.array(stamps)).tolist()
        assert sorted(times)[1:] == [STEP * n for n in range(40) if STEP * n != right]
    else:
        assert len(found.sections) == 2, "nothing before the first stamp says that it is wrong"


def test_a_repeated_stamp_is_not_used_twice() -> None:
    stamps = [STEP * at for at in range(40)]
    stamps[20] = stamps[19]
    found = timeline(stamps)
    assert np.flatnonzero(~found.is_used).tolist() == [20]
    doubled = [STEP * (at // 2) for at in range(40)]
    assert np.flatnonzero(~timeline(doubled).is_used).tolist() == list(range(1, 40, 2))


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_repeated_stamp_near_the_end_begins_no_recording(at) -> None:
    """As where the time base is coarser than the rate."""
    tripled = [STEP * (number // 3) for number in range(40 + at)]
    for keys in ((0,), (0, 37 + at), (0, 38 + at), (0, 39 + at)):
        found = timeline(tripled, keys)
        assert len(found.sections) == 1
        assert np.count_nonzero(found.is_used) == len(set(tripled))


def test_missing_times_lie_evenly_between_their_neighbours() -> None:
    unknown = NO_PTS
    assert fill(np.array([0, unknown, unknown, 90, unknown]), 10).tolist() == [0, 30, 60, 90, 100]
    assert fill(np.array([unknown, unknown, 50]), 10).tolist() == [30, 40, 50]
    assert fill(np.array([unknown, unknown]), 10).tolist() == [0, 10]
    assert fill(np.array([0, unknown, unknown, 1, 2]), 10).tolist() == [0, 1, 2, 3, 4], "no room: later ones move"


def test_where_pictures_share_a_stamp_the_step_is_that_of_a_picture() -> None:
    """As in program streams, of which a packet holds several small pictures and one time stamp."""
    stamps = [at * STEP if at % 20 == 0 else NO_PTS for at in range(50)]
    found = timeline(stamps)
    assert found.step == STEP
    assert fill(found.times(np.array(stamps)), found.step).tolist() == [at * STEP for at in range(50)]
    joined = timeline(stamps + stamps, (0, 50))
    assert [section.start_pts for section in joined.sections] == [0, 50 * STEP]
    assert joined.step == STEP
