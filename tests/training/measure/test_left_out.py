"""Limits from left-out sources, on made-up sources whose answers are known; and those of the bundle that is shipped."""

from pathlib import Path

import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from inspector.engine.model.bundle import find_bundle
from training.measure.left_out import LeftOut, error_rates, figures, read, set_limits

SHIPPED = Path("models/default")


def left_out(separation: float, groups: int = 40, each: int = 20, spread: float = 1.0) -> LeftOut:
    rng = np.random.default_rng(3)
    names = np.repeat([f"g{n}" for n in range(groups)], each)
    is_fake = np.repeat(np.arange(groups) % 2 == 1, each)
    of_source = np.repeat(rng.normal(0, spread, groups), each)
    logits = np.where(is_fake, separation, -separation) + of_source + rng.normal(0, 1, groups * each)
    return LeftOut(logits, is_fake, names)


def test_every_group_counts_once_and_both_classes_alike():
    many = LeftOut(np.zeros(5), np.array([True, True, True, False, False]), np.array(["a", "a", "b", "c", "c"]))
    assert many.weights().tolist() == [0.25, 0.25, 0.5, 0.5, 0.5]
    drawn = many.draws()
    assert np.allclose(drawn[:, :3].sum(axis=1), 1)
    assert np.allclose(drawn[:, 3:].sum(axis=1), 1)


def test_limits_keep_errors_below_five_percent_with_room_for_the_next_source():
    tracks = left_out(2.0)
    found = set_limits(tracks, "made up")
    assert found.high is not None
    assert found.low is not None
    plain = np.quantile(tracks.logits[~tracks.is_fake], 0.95)
    assert found.high > plain, "the 95 % bound lies beyond the 5 % cut itself"
    assert found.low < 0 < found.high
    rates = error_rates(tracks, found, "track")
    assert rates.false_positive_rate <= 0.05
    assert rates.false_positive_interval[1] > 0.05, "twenty sources are few"
    assert rates.inconclusive_rate > 0.1
    middle = {x: (low, high) for x, low, high in found.ratios}
    assert middle[3.0][0] > 1 > middle[-3.0][1]


def test_the_calibration_is_the_logistic_regression_of_equal_classes():
    from sklearn.linear_model import LogisticRegression

    tracks = left_out(0.7)
    model = LogisticRegression(C=1e9, tol=1e-8).fit(
        tracks.logits[:, None], tracks.is_fake, sample_weight=1000 * tracks.weights()
    )
    found = set_limits(tracks, "made up").calibration
    assert (found.slope, found.intercept) == pytest.approx((model.coef_[0, 0], model.intercept_[0]), abs=2e-3)


def test_no_limits_where_scores_do_not_reliably_mean_anything():
    found = set_limits(left_out(0.05, groups=12, spread=2.0), "made up")
    assert (found.high, found.low) == (None, None)
    rates = error_rates(left_out(0.05, groups=12), found, "still")
    assert (rates.false_positive_rate, rates.false_negative_rate, rates.inconclusive_rate) == (0, 1, 1)
    ((auc, (low, high)), (cost, _)) = figures(left_out(0.0, groups=12, spread=2.0), found).values()
    assert low <= auc <= high
    assert cost == pytest.approx(1.0, abs=0.15)


def test_the_shipped_limits_follow_from_the_table_beside_them():
    deep = find_bundle(str(SHIPPED)).card.deep
    assert deep is not None
    tracks, scale = read(SHIPPED / "held_out_tracks.csv")
    assert scale > 1
    for kind, stated in (("clip", deep.clips), ("still", deep.stills)):
        found = set_limits(tracks[kind], stated.measured_on)
        assert (found.high, found.low) == (stated.high, stated.low)
        assert found.calibration.slope == pytest.approx(stated.calibration.slope, abs=1e-3)


def test_a_damaged_table_is_one_sentence(tmp_path: Path):
    (tmp_path / "held_out_tracks.csv").write_text("group,kind\na,clip\n")
    with pytest.raises(TrainingError, match="is not a table of left-out tracks"):
        read(tmp_path / "held_out_tracks.csv")
