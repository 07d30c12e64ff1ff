"""The series of the timeline: scores by track, abstentions, portraits and shots."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.domain.analysis import FrameRecord
from inspector.domain.faces import Abstention
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.ui.series import ABSTENTIONS, ScoreBoard, TrackSeries


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


def test_a_batch_that_is_sent_twice_counts_once():
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


def test_a_frames_probability_is_named_by_the_look_it_is_of():
    series = TrackSeries(1)
    series.append(score(1, 0, 0.25))
    assert series.labelled_at(0, is_screened=False) == ("frame probability", 0.25)
    assert series.labelled_at(0, is_screened=True) == ("fast look", 0.25), "the deep look has come to no frame yet"
    series.append(replace(score(1, 1, 0.5), deep_probability=0.75))
    assert series.labelled_at(1, is_screened=True) == ("deep look", 0.75)
    assert series.labelled_at(0, is_screened=True) == ("fast look", 0.25)
    assert series.labelled_at(77, is_screened=True) == ("fast look", None)


def test_shots_are_added_once():
    board = ScoreBoard()
    frames = [FrameRecord(n, n * 10, False, "", is_shot_start=n in (0, 3)) for n in range(5)]
    board.add_shots(frames)
    board.add_shots(frames)
    assert board.shot_starts == [0, 30]
