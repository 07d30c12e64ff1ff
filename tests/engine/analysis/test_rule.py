"""The rule from frame scores to a conclusion, on series whose answers are known."""

from fractions import Fraction

import numpy as np
import pytest

from inspector.domain.analysis import Conclusion
from inspector.domain.faces import FaceTrack
from inspector.domain.geometry import Box
from inspector.domain.model_card import Calibration, DeepLimits, ErrorRates, ModelCard, Platt, Threshold
from inspector.domain.settings import Settings
from inspector.engine.analysis.deep_rule import DeepLook
from inspector.engine.analysis.rule import conclude_track, summarise_clip, summarise_track
from inspector.engine.analysis.segments import TrackSeries, find_segments, smooth
from inspector.engine.model.calibration import probability

MILLISECOND = Fraction(1, 1000)
CARD = ModelCard(
    name="t", version="1", sha256="0" * 64, architecture="x", architecture_args={}, input_size=64, mean=(0, 0, 0),
    std=(1, 1, 1), crop_margin=0.3, target_layer="l", trained_on=(), never_seen=(), limits=(), licence="",
    calibration=Calibration(Platt(1, 0), Platt(1, 0), "made up", 1, 1, 1),
    threshold=Threshold(high=0.8, low=0.3, segment=0.6, segment_seconds=1.0, segment_mean=0.9),
    error_rates=(ErrorRates("track", "made up", 0.05, (0.01, 0.1), 50, 0.3, (0.2, 0.4), 40, 0.2),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.3013, "0.301 lies between 0.300 and 0.800"),
        (0.7996, "0.7996 lies between 0.3000 and 0.8000"),
        (0.804, "0.804 reaches 0.800."),
        (0.2951, "0.295 is at most 0.300."),
        (0.55, "0.55 lies between 0.30 and 0.80"),
    ],
)
def test_a_probability_beside_a_limit_does_not_read_as_it(value: float, said: str) -> None:
    """One of 0.148 was said to lie between 0.15 and 0.77, and one of 0.145 to be at most 0.15."""
    found = conclude_track(
        series(np.full(40, np.log(value / (1 - value)))), CARD.calibration, CARD.threshold, Settings()
    )
    assert said in found.reason


def series(logits: np.ndarray, step: int = 40) -> TrackSeries:
    pts = np.arange(len(logits), dtype=np.int64) * step
    return TrackSeries.from_logits(1, pts, np.asarray(logits, float), CARD.calibration.frame, MILLISECOND, step)


def summary(logits: np.ndarray, fewest: int = 8):
    track = FaceTrack(1, 0, len(logits) * 40, Box(0, 0, 9, 9), len(logits))
    settings = Settings(smoothing_seconds=0.2, minimum_scored_frames=fewest)
    return summarise_track(track, series(logits), {}, CARD, settings)


def test_smoothing_is_the_centred_mean_of_the_samples_within_the_width():
    seconds, values = np.array([0.0, 0.1, 0.2, 0.9]), np.array([0.0, 1.0, 2.0, 9.0])
    assert smooth(seconds, values, 0.2).tolist() == pytest.approx([0.5, 1.0, 1.5, 9.0])
    assert smooth(seconds, values, 0.0).tolist() == values.tolist()
    assert smooth(np.array([]), np.array([]), 1.0).tolist() == []


def test_a_segment_covers_its_frames_to_the_end_of_the_last_and_names_its_peak():
    logits = np.full(50, -4.0)
    logits[10:20] = 4.0
    logits[15] = 6.0
    (segment,) = find_segments(series(logits), 0.6, 0.0)
    assert (segment.start_pts, segment.end_pts, segment.peak_pts) == (400, 800, 600)


def test_a_hole_in_time_ends_a_segment():
    whole = series(np.full(40, 4.0))
    pts = whole.pts.copy()
    pts[20:] += 5000
    parted = TrackSeries(1, pts, pts / 1000, whole.logits, whole.probabilities, MILLISECOND, 40)
    assert [(s.start_pts, s.end_pts) for s in find_segments(parted, 0.6, 0.0)] == [(0, 800), (5800, 6600)]


@pytest.mark.parametrize(
    ("logit", "conclusion"),
    [(3.0, Conclusion.INDICATED), (0.0, Conclusion.INCONCLUSIVE), (-3.0, Conclusion.NOT_INDICATED)],
)
def test_a_track_is_judged_by_its_mean_logit(logit: float, conclusion: Conclusion):
    found, _ = summary(np.full(30, logit))
    assert found.conclusion is conclusion
    assert found.fake_probability == pytest.approx(1 / (1 + np.exp(-logit)))


def test_a_short_strong_stretch_is_not_averaged_away():
    logits = np.full(250, -3.0)
    logits[100:150] = 4.0
    found, (segment,) = summary(logits)
    assert found.conclusion is Conclusion.INDICATED
    assert found.fake_probability == pytest.approx(0.982, abs=0.01)
    assert 3.9 <= segment.start_pts / 1000 <= 4.1
    logits[101:150] = -3.0
    assert summary(logits)[0].conclusion is Conclusion.NOT_INDICATED


def test_too_few_frames_are_inconclusive_and_none_is_no_face():
    assert summary(np.full(7, 9.0))[0].conclusion is Conclusion.INCONCLUSIVE
    assert summary(np.array([]))[0].conclusion is Conclusion.NO_FACE


@pytest.mark.parametrize(
    ("frames", "is_still", "conclusion"),
    [
        (5, False, Conclusion.INCONCLUSIVE),
        (8, False, Conclusion.INDICATED),
        (1, True, Conclusion.INDICATED),
        (0, True, Conclusion.NO_FACE),
    ],
)
def test_a_track_can_be_concluded_without_a_clip_or_a_card(frames: int, is_still: bool, conclusion: Conclusion):
    found = conclude_track(
        series(np.full(frames, 9.0)), CARD.calibration, CARD.threshold, Settings(), is_still=is_still
    )
    assert found.conclusion is conclusion
    assert (found.fake_probability is None) == (frames == 0)
    assert bool(found.segments) != is_still, "one frame is no stretch of time"


def test_a_track_of_the_deep_look_has_no_segment_of_the_fast_one():
    limits = DeepLimits(CARD.calibration.track, (), 2.0, -2.0, "made up")
    fast = series(np.full(5, 9.0))
    look = DeepLook(series(np.full(5, -9.0)), np.ones(5, bool), limits)
    found = conclude_track(fast, CARD.calibration, CARD.threshold, Settings(), look=look)
    assert found.reason.startswith("Only 5 frames could be scored")
    assert found.segments == ()


def test_the_reason_of_a_strong_segment_names_its_seconds():
    logits = np.full(250, -3.0)
    logits[100:150] = 4.0
    found = conclude_track(series(logits), CARD.calibration, CARD.threshold, Settings(smoothing_seconds=0.0))
    assert found.reason.startswith("From 4.00 s to 6.00 s the mean frame probability is 0.98;")
    assert [(s.start_pts, s.end_pts) for s in found.segments] == [(4000, 6000)]


def test_frame_probabilities_follow_the_frame_map_and_seconds_the_time_base():
    made = TrackSeries.from_logits(
        7, np.array([0, 50], np.int64), np.array([0.0, 2.0]), Platt(2, 1), Fraction(1, 100), 50
    )
    assert made.seconds.tolist() == [0.0, 0.5]
    assert made.probabilities.tolist() == probability(np.array([0.0, 2.0]), Platt(2, 1)).tolist()


def test_a_clip_is_indicated_by_any_track_and_says_its_error_rate():
    quiet, loud = summary(np.full(30, -3.0))[0], summary(np.full(30, 3.0))[0]
    of_both = summarise_clip([quiet, loud], CARD, frames_decoded=30, frames_analysed=30, abstentions={})
    assert of_both.conclusion is Conclusion.INDICATED
    assert (of_both.false_positive_rate, of_both.n_real) == (0.05, 50)
    alone = summarise_clip([quiet], CARD, frames_decoded=30, frames_analysed=30, abstentions={})
    assert alone.conclusion is Conclusion.NOT_INDICATED


def test_a_flicker_does_not_veil_a_clear_track():
    quiet, flicker = summary(np.full(200, -3.0))[0], summary(np.full(3, 0.0))[0]
    found = summarise_clip([quiet, flicker], CARD, frames_decoded=200, frames_analysed=200, abstentions={})
    assert found.conclusion is Conclusion.NOT_INDICATED
    assert "One short track was left out" in found.reason


def test_without_a_bundle_nothing_is_concluded():
    found = summarise_clip([], None, frames_decoded=5, frames_analysed=5, abstentions={})
    assert found.conclusion is Conclusion.NO_FACE
    assert "No model bundle" in found.reason
