"""The rule with a deep network, and the frames that it sees, on series whose answers are known."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from inspector.domain.analysis import ChangedScore, Conclusion, DeepChecks
from inspector.domain.model_card import DeepLimits, Platt
from inspector.engine.analysis.deep_plan import DeepPlan, filled, pointed_at
from inspector.engine.analysis.deep_rule import DeepLook, conclude_deep, states_score, summarise_look
from inspector.engine.analysis.segments import TrackSeries

LIMITS = DeepLimits(Platt(0.5, 0.0), ((-4.0, 0.1, 0.4), (4.0, 2.0, 8.0)), 2.0, -2.0, "made up")
NO_LIMITS = replace(LIMITS, high=None, low=None)


def look(
    logits: list[float],
    limits: DeepLimits = LIMITS,
    chosen: tuple[int, ...] = (),
    changes: tuple[ChangedScore, ...] = (),
    plain_share: float | None = None,
) -> DeepLook:
    pts = np.arange(len(logits), dtype=np.int64) * 1000
    series = TrackSeries.from_logits(1, pts, np.array(logits, float), limits.calibration, Fraction(1, 1000), 40)
    is_even = np.array([n not in chosen for n in range(len(logits))], dtype=bool)
    return DeepLook(series, is_even, limits, DeepChecks(changes, plain_share))


@pytest.mark.parametrize(
    ("mean", "expected"),
    [
        (2.0, Conclusion.INDICATED),
        (1.99, Conclusion.INCONCLUSIVE),
        (-1.99, Conclusion.INCONCLUSIVE),
        (-2.0, Conclusion.NOT_INDICATED),
    ],
)
def test_the_mean_decides_at_the_limits(mean: float, expected: Conclusion):
    found = conclude_deep(look([mean] * 8), 100)
    assert found.conclusion is expected
    assert f"{mean:.2f}" in found.reason
    assert found.fake_probability == pytest.approx(1 / (1 + np.exp(-0.5 * mean)))


def test_a_mean_just_inside_a_limit_does_not_read_as_at_it():
    found = conclude_deep(look([-1.999] * 8), 100)
    assert found.conclusion is Conclusion.INCONCLUSIVE
    assert "is -1.999, between -2.000 and" in found.reason


def test_frames_that_the_fast_network_points_at_do_not_enter_the_mean():
    found = conclude_deep(look([1.0] * 8 + [50.0], chosen=(8,)), 100)
    assert found.conclusion is Conclusion.INCONCLUSIVE
    assert "mean score over 8 frames is 1.00" in found.reason


def test_without_limits_nothing_is_ever_concluded():
    for mean in (-40.0, 0.0, 40.0):
        found = conclude_deep(look([mean], NO_LIMITS), 1, is_still=True)
        assert found.conclusion is Conclusion.INCONCLUSIVE
        assert "for stills no limits could be set" in found.reason
        assert found.segments == ()


def test_a_still_above_its_limit_has_no_stretch_of_time():
    found = conclude_deep(look([4.0]), 1, is_still=True)
    assert found.conclusion is Conclusion.INDICATED
    turned = conclude_deep(look([4.0], changes=(ChangedScore("JPEG quality 50", -5.0),)), 1, is_still=True)
    assert turned.conclusion is Conclusion.INCONCLUSIVE
    assert "after a mild change" in turned.reason
    assert " s to " not in turned.reason
    assert found.segments == turned.segments == ()


def test_with_one_limit_a_score_beyond_the_other_end_stays_open():
    for mean in (-40.0, 1.0):
        found = conclude_deep(look([mean], replace(LIMITS, low=None)), 1, is_still=True)
        assert found.conclusion is Conclusion.INCONCLUSIVE
        said = f"is {mean:.2f}, below the upper limit of 2.00; for stills no lower limit could be set, so no conclusion"
        assert said in found.reason
        assert states_score(found.reason)
    assert conclude_deep(look([2.0], replace(LIMITS, low=None)), 1).conclusion is Conclusion.INDICATED
    found = conclude_deep(look([40.0] * 8, replace(LIMITS, high=None)), 100)
    assert "is 40.00, above the lower limit of -2.00; for clips no upper limit could be set" in found.reason


def test_too_few_frames_so_far_are_inconclusive():
    assert conclude_deep(look([9.0] * 7), 100).conclusion is Conclusion.INCONCLUSIVE
    assert conclude_deep(look([9.0] * 7), 7).conclusion is Conclusion.INDICATED
    assert conclude_deep(look([]), 100).fake_probability is None
    assert not states_score(conclude_deep(look([9.0] * 7), 100).reason), "it counts frames, and states no score"
    assert states_score(conclude_deep(look([9.0] * 7), 7).reason)


@pytest.mark.parametrize(("mean", "shift"), [(3.0, -4.0), (3.0, -9.0), (-3.0, 4.0)])
def test_a_conclusion_that_a_mild_change_turns_is_not_drawn(mean: float, shift: float):
    changes = (ChangedScore("JPEG quality 50", shift), ChangedScore("half size", 0.1))
    found = conclude_deep(look([mean] * 8, changes=changes), 100)
    assert found.conclusion is Conclusion.INCONCLUSIVE
    assert f"(JPEG quality 50: {mean + shift:.2f})" in found.reason
    steady = conclude_deep(look([mean] * 8, changes=(ChangedScore("JPEG quality 50", 0.5 * np.sign(mean)),)), 100)
    assert steady.conclusion is not Conclusion.INCONCLUSIVE


def test_before_a_plain_surface_manipulation_is_not_indicated():
    found = conclude_deep(look([3.0] * 8, plain_share=0.4), 100)
    assert found.conclusion is Conclusion.INCONCLUSIVE
    assert "But 40% of what surrounds the face is a plain surface of one colour." in found.reason
    assert conclude_deep(look([3.0] * 8, plain_share=0.2), 100).conclusion is Conclusion.INDICATED
    assert conclude_deep(look([-3.0] * 8, plain_share=0.9), 100).conclusion is Conclusion.NOT_INDICATED
    assert summarise_look(look([3.0] * 8, plain_share=0.4)).plain_share == 0.4


@pytest.mark.parametrize("mean", [3.0, -3.0])
def test_a_stopped_analysis_draws_no_conclusion_that_was_not_tested(mean: float):
    stopped = replace(look([mean] * 8), checks=None)
    found = conclude_deep(stopped, 100)
    assert found.conclusion is Conclusion.INCONCLUSIVE
    assert "But the analysis was stopped before it was tested" in found.reason
    assert (summarise_look(stopped).changes, summarise_look(stopped).plain_share) == ((), None)
    open_anyway = conclude_deep(replace(look([0.0] * 8), checks=None), 100)
    assert open_anyway == conclude_deep(look([0.0] * 8), 100)


def test_a_stretch_above_the_limit_keeps_none_from_being_indicated():
    logits = [-6.0] * 20
    logits[5:8] = [3.0, 3.0, 3.0]
    found = conclude_deep(look(logits), 100)
    assert found.conclusion is Conclusion.INCONCLUSIVE
    assert "From 5.00 s to 7.04 s every frame" in found.reason
    assert [(s.start_pts, s.peak_pts) for s in found.segments] == [(5000, 5000)]
    logits[6] = -6.0
    assert conclude_deep(look(logits), 100).conclusion is Conclusion.NOT_INDICATED, "two single frames are none"


@pytest.mark.parametrize("frames", [1, 2])
def test_fewer_than_three_frames_are_no_stretch_even_where_the_track_has_no_more(frames: int):
    changes = (ChangedScore("JPEG quality 50", -5.0),)
    found = conclude_deep(look([4.0] * frames, changes=changes), frames)
    assert found.conclusion is Conclusion.INCONCLUSIVE
    assert found.reason.endswith("so no conclusion is drawn."), "nothing of a stretch to examine"
    assert found.segments == ()


def test_the_likelihood_ratio_has_the_cards_interval():
    found = summarise_look(look([0.0] * 8 + [9.0], chosen=(8,)))
    assert found.likelihood_ratio == pytest.approx(1.0)
    assert found.likelihood_interval == pytest.approx((np.sqrt(0.1 * 2.0), np.sqrt(0.4 * 8.0)))
    assert (len(found.pts), found.chosen_pts) == (8, (8000,))
    assert summarise_look(look([9.0] * 8)).likelihood_interval == pytest.approx((2.0, 8.0))
    assert summarise_look(look([])).likelihood_ratio is None
    few = look([9.0] * 7)
    assert summarise_look(few).likelihood_ratio is None, "the rule draws no conclusion from so few frames of a clip"
    assert summarise_look(look([9.0]), is_still=True).likelihood_ratio is not None, "a still has no more"


def test_no_ratio_beyond_the_cards_bounds():
    bounded = replace(LIMITS, ratio_bounds=(0.5, 3.0))
    found = summarise_look(look([9.0] * 8, bounded))
    assert found.likelihood_ratio == 3.0
    assert found.likelihood_interval == pytest.approx((2.0, 3.0))
    assert found.likelihood_bounds == (0.5, 3.0)
    assert summarise_look(look([-9.0] * 8, bounded)).likelihood_ratio == 0.5


# --- which frames ----------------------------------------------------------------------------------------------------


def chosen(plan: DeepPlan, seconds: float, rate: int = 25) -> list[float]:
    return [n / rate for n in range(round(seconds * rate)) if plan.is_due(1, n / rate)]


def test_one_frame_in_the_middle_of_each_step():
    assert chosen(DeepPlan(1.0, 10.0), 4.0) == [0.52, 1.52, 2.52, 3.52], "the next frame behind each middle"
    assert chosen(DeepPlan(2.0, 10.0), 2.0, 24) == [0.25, 0.75, 1.25, 1.75]
    plan = DeepPlan(1.0, 10.0)
    offers = ((1, 0.5), (2, 0.75), (1, 1.0), (2, 1.0), (1, 1.5), (2, 1.25))
    assert [plan.is_due(*offer) for offer in offers] == [False, False, True, False, False, True]


def test_a_long_clip_gets_longer_steps_and_one_that_declares_too_little_ever_longer_ones():
    assert len(chosen(DeepPlan(1.0, 480.0), 480.0)) == 48
    assert chosen(DeepPlan(1.0, 7200.0), 400.0, 2) == [0.5, 150.5, 300.5], "its first number does not wait for long"
    assert len(chosen(DeepPlan(1.0, 0.0), 3000.0, 5)) < 160
    assert len(chosen(DeepPlan(1.0, 10.0, is_every_frame=True), 4.0)) == 100


def test_a_short_track_is_filled_as_far_from_the_others_as_possible():
    is_even = np.zeros(29, bool)
    is_even[0] = True
    assert np.flatnonzero(filled(is_even)).tolist() == [0, 3, 7, 10, 14, 17, 21, 28]
    assert filled(np.zeros(5, bool)).all()
    assert filled(np.zeros(0, bool)).tolist() == []


def test_the_fast_network_points_at_its_highest_and_most_unsure_frames():
    seconds, values, is_even = np.arange(160) / 8, np.full(160, 0.1), np.zeros(160, bool)
    is_even[::16] = True  # every two seconds
    values[40], values[41], values[72] = 0.9, 0.95, 0.45
    assert np.flatnonzero(pointed_at(seconds, values, is_even)).tolist() == [41, 72]
    assert not pointed_at(seconds, values, np.zeros(160, bool)).any()


def test_never_more_than_64_frames():
    is_even = np.zeros(4000, bool)
    is_even[: 48 * 80 : 80] = True
    found = pointed_at(np.arange(4000) / 25, np.random.default_rng(0).random(4000), is_even)
    assert is_even.sum() + found.sum() <= 64
    assert not (found & is_even).any()
