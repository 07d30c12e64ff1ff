"""The series behind the lanes, and what of a long curve is drawn."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.faces import Abstention
from inspector.domain.scores import FaceScore
from inspector.ui.curves import visible_part, with_breaks
from inspector.ui.playback_clock import PlaybackClock
from inspector.ui.series import ScoreBoard


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
def test_runs_of_abstentions_cover_exactly_the_abstained_rows(reasons):
    board = ScoreBoard()
    board.add(score(1, at, None if why else 0.5, why) for at, why in enumerate(reasons))
    covered = [None] * len(reasons)
    runs = board.tracks[1].abstention_runs() if reasons else []
    for first, last, reason in runs:
        covered[first : last + 1] = [reason] * (last - first + 1)
    assert covered == reasons


def test_curves_break_where_frames_lie_far_apart():
    x, y = with_breaks(np.array([0.0, 0.1, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert np.isnan(y[2])
    assert list(x) == [0.0, 0.1, 1.55, 3.0]


def test_a_crowded_curve_keeps_its_peaks_and_its_holes():
    seconds = np.arange(200_000) / 30
    values = np.full(len(seconds), 0.1)
    values[123_456] = 0.99
    values[50_000:51_000] = np.nan
    x, y = visible_part(seconds, values, 0.0, seconds[-1], 1000)
    assert len(x) < 3000
    assert np.nanmax(y) == 0.99
    assert np.isnan(y).any()


def test_a_close_view_keeps_every_point():
    seconds = np.arange(200_000) / 30
    x, _ = visible_part(seconds, seconds, 100.0, 110.0, 1000)
    assert len(x) == 303


def test_playback_is_due_by_the_clips_own_time_and_slips_when_hopeless():
    clock = PlaybackClock()
    clock.start(100.0, 2.0, 0.5)
    assert clock.due(3.0) == 102.0
    assert clock.catch_up(102.1, 3.0) > 0.09
    assert clock.catch_up(104.0, 3.0) == 0.0
    assert clock.due(3.5) == 105.0
    clock.start(100.0, 2.0, -1.0)
    assert clock.due(1.0) == 101.0
