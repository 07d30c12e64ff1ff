"""The series behind the lanes, and what of a long curve is drawn."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.domain.analysis import FrameRecord
from inspector.domain.faces import Abstention
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.ui.player.playback_clock import PlaybackClock
from inspector.ui.series import ABSTENTIONS, ScoreBoard, TrackSeries
from inspector.ui.timeline.lanes import track_curves
from inspector.ui.timeline.lanes.curves import Pyramid, covered_columns, runs, spread, with_breaks
from inspector.ui.timeline.lanes.track_curves import TrackCurves
from tests.benchmarks.timeline import make_clip


def score(track, pts, value=None, why=None):
    return FaceScore(track, pts, None, None if value is None else 0.0, value, why)


def test_scores_are_kept_by_track_and_found_by_exact_pts():
    board = ScoreBoard()
    board.add(
        [
            score(1, 10, 0.2),
            score(2, 10, 0.9),
            score(1, 20, why=Abstention.PROFILE),
            score(0, 30, why=Abstention.NO_FACE),
        ]
    )
    assert board.track_ids == [1, 2]
    assert board.tracks[1].probability_at(10) == 0.2
    assert board.tracks[1].probability_at(15) is None
    assert board.tracks[1].abstention_at(20) is Abstention.PROFILE
    assert board.strongest_at(10) == 2
    assert board.strongest_at(20) is None


def test_a_batch_that_comes_twice_counts_once():
    board = ScoreBoard()
    for _ in range(2):
        board.add([score(1, pts, 0.5) for pts in range(4)])
    assert len(board.tracks[1]) == 4


@given(st.lists(st.sampled_from([None, Abstention.PROFILE, Abstention.TOO_SMALL]), max_size=700))
@settings(deadline=None)
def test_runs_of_abstentions_cover_exactly_the_abstained_rows(reasons):
    board = ScoreBoard()
    board.tracks[1] = TrackSeries(1)
    board.add(score(1, at, None if why else 0.5, why) for at, why in enumerate(reasons))
    covered = [None] * len(reasons)
    found = board.tracks[1].abstention_runs()
    for first, last, code in zip(found.first, found.last, found.code, strict=True):
        covered[first : last + 1] = [ABSTENTIONS[code]] * (last - first + 1)
    assert covered == reasons


def test_curves_break_where_frames_lie_far_apart():
    x, y = with_breaks(np.array([0.0, 0.1, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert np.isnan(y[2])
    assert list(x) == [0.0, 0.1, 1.55, 3.0]


def pyramid(seconds, values):
    made = Pyramid()
    made.update(np.asarray(seconds, dtype=float), np.asarray(values, dtype=float))
    return made


def test_a_crowded_curve_keeps_its_peaks_and_its_holes():
    seconds = np.arange(200_000) / 30
    values = np.full(len(seconds), 0.1)
    values[123_456] = 0.99
    values[50_000:51_000] = np.nan
    curve = pyramid(seconds, values)
    assert curve.is_crowded(0.0, seconds[-1], 1000)
    low, high = curve.columns(0.0, seconds[-1], 1000)
    assert np.nanargmax(high) == 617
    assert np.nanmax(high) == 0.99
    assert np.nanmin(low) == 0.1
    assert 3 <= np.isnan(high).sum() <= 5


def test_a_close_view_keeps_every_point():
    seconds = np.arange(200_000) / 30
    curve = pyramid(seconds, seconds)
    assert not curve.is_crowded(100.0, 110.0, 1000)
    x, _ = curve.points(100.0, 110.0)
    assert len(x) == 303


values_or_none = st.one_of(st.just(float("nan")), st.floats(0, 1))


@given(st.lists(values_or_none, min_size=1, max_size=3000), st.integers(1, 40), st.floats(0, 0.7), st.floats(0.05, 1))
@settings(max_examples=60, deadline=None)
def test_columns_never_leave_out_an_extreme_nor_make_one_up(values, count, start, length):
    curve = pyramid(np.arange(len(values)) / len(values), values)
    low, high = curve.columns(start, start + length, count)
    at = curve.seconds
    inside = np.array(values)[(at >= start) & (at < start + length)]
    if not np.isfinite(inside).any():
        return
    # A block may reach a little beyond what is in sight, and never less far.
    assert np.nanmax(high) >= np.nanmax(inside)
    assert np.nanmin(low) <= np.nanmin(inside)
    assert set(high[np.isfinite(high)]) <= set(values)


@given(st.integers(0, 2999), st.integers(1, 600))
@settings(max_examples=40, deadline=None)
def test_a_grown_pyramid_is_the_same_as_one_made_at_once(first, step):
    values = np.random.default_rng(first).random(3000)
    seconds = np.arange(3000) / 30
    grown = pyramid(seconds[:first], values[:first])
    for end in range(first, 3000 + step, step):
        grown.update(seconds[:end], values[:end], min(len(grown), end))
    whole = pyramid(seconds, values)
    for a, b in zip(grown.columns(3.0, 97.0, 37), whole.columns(3.0, 97.0, 37), strict=True):
        np.testing.assert_array_equal(a, b)


def test_columns_that_a_stretch_touches_are_covered_however_short_it_is():
    covered = covered_columns(np.array([0.21, 5.0, 9.95]), np.array([0.22, 7.1, 12.0]), 0.0, 1.0, 10)
    assert list(np.flatnonzero(covered)) == [0, 5, 6, 7, 9]
    assert runs(covered) == [(0, 1), (5, 8), (9, 10)]


def test_the_spread_is_the_standard_deviation_within_the_window():
    seconds = np.arange(100) / 10
    values = np.random.default_rng(1).random(100)
    for row in (0, 50, 99):
        near = np.abs(seconds - seconds[row]) <= 0.2 + 1e-9
        assert np.isclose(spread(seconds, values, 0.4)[row], values[near].std())
    assert not spread(seconds, np.full(100, 0.7), 0.4).max() > 1e-6


def test_a_portrait_is_a_scored_face_and_changes_only_for_a_clearly_larger_one():
    def face(pts, side, value=None, why=None):
        return FaceScore(1, pts, None, None, value, why, Box(0, 0, side, side))

    series = TrackSeries(1)
    series.append(face(0, 90, why=Abstention.PROFILE))
    assert series.portrait[0] == 0
    series.append(face(1, 50, 0.5))
    assert series.portrait[0] == 1
    series.append(face(2, 55, 0.5))
    series.append(face(3, 99, why=Abstention.TOO_BLURRED))
    assert series.portrait[0] == 1
    series.append(face(4, 70, 0.5))
    assert series.portrait == (4, Box(0, 0, 70, 70))


def test_shots_are_noted_once():
    board = ScoreBoard()
    frames = [FrameRecord(n, n * 10, False, "", is_shot_start=n in (0, 3)) for n in range(5)]
    board.add_shots(frames)
    board.add_shots(frames)
    assert board.shot_starts == [0, 30]


def test_playback_is_due_by_the_clips_own_time_and_slips_when_hopeless():
    clock = PlaybackClock()
    clock.start(100.0, 2.0, 0.5)
    assert clock.due(3.0) == 102.0
    assert not clock.catch_up(102.1, 3.0)
    assert clock.catch_up(104.0, 3.0)
    assert clock.due(3.5) == 105.0
    clock.start(100.0, 2.0, -1.0)
    assert clock.due(1.0) == 101.0


def test_curves_grown_in_slices_are_those_made_at_once(monkeypatch):
    clip = make_clip(5000)
    series = TrackSeries(1)
    values = np.random.default_rng(3).random(3100)
    for pts, value in enumerate(values[:3000]):
        series.append(score(1, pts, value) if value > 0.05 else score(1, pts, why=Abstention.PROFILE))
    whole = TrackCurves(series, 0.5)
    assert whole.grow(clip)
    monkeypatch.setattr(track_curves, "SLICE", 700)
    sliced = TrackCurves(series, 0.5)
    assert [sliced.grow(clip) for _ in range(5)] == [False] * 4 + [True]
    for pts, value in enumerate(values[3000:], 3000):
        series.append(score(1, pts, value))
    assert whole.grow(clip)
    assert sliced.grow(clip)
    for name in ("raw", "smoothed", "below", "above"):
        one, other = getattr(whole, name), getattr(sliced, name)
        assert np.array_equal(one.seconds, other.seconds)
        assert np.allclose(one.values, other.values, atol=1e-9, equal_nan=True)
    assert sliced.mean_and_spread(series, 3100) is None
    assert sliced.mean_and_spread(TrackSeries(1), 0) is None
