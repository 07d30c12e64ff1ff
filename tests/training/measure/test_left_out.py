"""Limits from left-out sources, on made-up sources whose answers are known; and those of the bundle that is shipped."""

from pathlib import Path

import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from inspector.engine.model.bundle import find_bundle
from training.measure.left_out import LeftOut, error_rates, figures, limits, ratio_bounds, read, set_limits, together

SHIPPED = Path("models/default")


def left_out(separation: float, groups: int = 40, each: int = 20, spread: float = 1.0, seed: int = 3) -> LeftOut:
    rng = np.random.default_rng(seed)
    names = np.repeat([f"g{n}" for n in range(groups)], each)
    is_fake = np.repeat(np.arange(groups) % 2 == 1, each)
    of_source = np.repeat(rng.normal(0, spread, groups), each)
    logits = np.where(is_fake, separation, -separation) + of_source + rng.normal(0, 1, groups * each)
    return LeftOut(logits, is_fake, names)


def test_every_group_counts_once_and_both_classes_alike():
    many = LeftOut(np.zeros(5), np.array([True, True, True, False, False]), np.array(["a", "a", "b", "c", "c"]))
    assert many.weights.tolist() == [0.25, 0.25, 0.5, 0.5, 0.5]
    drawn = many.draws
    assert np.allclose(drawn[:, :3].sum(axis=1), 1)
    assert np.allclose(drawn[:, 3:].sum(axis=1), 1)


def test_limits_keep_errors_below_five_percent_with_room_for_the_next_source():
    tracks = left_out(2.0, groups=80)
    found = set_limits(tracks, "made up")
    assert found.high is not None
    assert found.low is not None
    plain = np.quantile(tracks.logits[~tracks.is_fake], 0.95)
    assert found.high > plain, "the next source counts as wholly beyond"
    assert found.low < 0 < found.high
    rates = error_rates(tracks, found, "track")
    assert rates.is_over_groups
    assert rates.is_without_changes  # page one of a report says both
    assert rates.false_positive_rate <= 0.05
    assert rates.false_positive_interval[1] > 0.05, "forty sources are few"
    assert rates.inconclusive_rate > 0.1
    middle = {x: (low, high) for x, low, high in found.ratios}
    assert middle[3.0][0] > 1 > middle[-3.0][1]


def test_the_chance_of_a_wrong_call_on_a_new_source_is_bounded():
    # Twenty-five groups per class: one of them weighs 4 %, so that the bound is nearly reached.
    wrong = []
    for seed in range(60):
        high = limits(left_out(1.0, groups=50, each=4, seed=seed))[1]
        fresh = left_out(1.0, groups=50, each=4, seed=1000 + seed)
        wrong.append(float((fresh.logits[~fresh.is_fake] >= high).mean()))
    assert 0.01 < np.mean(wrong) < 0.05


def test_originals_before_a_plain_surface_neither_set_the_upper_limit_nor_are_called():
    tracks = left_out(2.0, groups=80)
    logits, is_plain = tracks.logits.copy(), np.zeros(len(tracks.logits), bool)
    for name in ("g0", "g2", "g4", "g1"):
        is_plain |= tracks.groups == name
    logits[is_plain] = 6.0
    marked = LeftOut(logits, tracks.is_fake, tracks.groups, is_plain)
    rest = marked.take(~is_plain)
    found = set_limits(marked, "made up")
    assert found.high == limits(rest)[1]
    assert found.high < set_limits(LeftOut(logits, tracks.is_fake, tracks.groups), "made up").high
    rates = error_rates(marked, found, "track")
    only_rest = error_rates(rest, set_limits(rest, "made up"), "track")
    assert rates.false_positive_rate == pytest.approx(only_rest.false_positive_rate * 37 / 40, abs=1e-3)
    assert 1 - rates.false_negative_rate == pytest.approx((1 - only_rest.false_negative_rate) * 39 / 40, abs=0.01)
    assert together({"clip": rest, "still": marked}).plain.sum() == is_plain.sum()


def test_eighteen_groups_are_too_few_for_five_percent():
    assert limits(left_out(2.0, groups=36)) == (None, None)
    assert None not in limits(left_out(2.0, groups=38))


def test_a_kind_with_few_groups_has_a_limit_within_which_nearly_all_of_both_kinds_stay():
    few, many = left_out(2.0, groups=26), left_out(2.0, groups=100, seed=4)
    many = LeftOut(many.logits, many.is_fake, np.char.add("other ", many.groups))
    pool = together({"still": few, "clip": many})
    assert limits(many, pool) == limits(many), "a kind with enough groups speaks for itself"
    assert limits(few) == (None, None)
    low, high = limits(few, pool)
    assert low is not None
    assert high is not None
    wrong = (few.logits[~few.is_fake] >= high).sum() / 20  # in groups, of 20 tracks each
    assert (wrong + 1) / 14 <= 0.10
    assert ((~pool.is_fake & (pool.logits >= high)).sum() / 20 + 1) / 64 <= 0.02
    rates = error_rates(few, set_limits(few, "made up", pool), "still", pool)
    assert 0 < 1 - rates.false_negative_rate < 1
    assert rates.false_positive_interval[1] > 0.2, "thirteen sources say little"


def test_neither_few_sources_of_a_kind_nor_few_of_all_kinds_make_a_limit():
    few, some = left_out(2.0, groups=26), left_out(2.0, groups=60, seed=4)
    some = LeftOut(some.logits, some.is_fake, np.char.add("other ", some.groups))
    assert limits(few, together({"still": few, "clip": some})) == (None, None), "43 groups of a class, 49 are needed"
    fewer = left_out(2.0, groups=16)
    many = left_out(2.0, groups=120, seed=4)
    many = LeftOut(many.logits, many.is_fake, np.char.add("other ", many.groups))
    assert limits(fewer, together({"still": fewer, "clip": many})) == (None, None), "8 groups of a class, 9 are needed"


def test_no_ratio_is_stated_that_one_more_misleading_source_would_spoil():
    apart = left_out(9.0, groups=40)
    low, high = ratio_bounds(apart)
    assert high == pytest.approx(21, abs=0.01), "twenty groups of originals and one more"
    assert low == pytest.approx(1 / 21, abs=0.001)
    low, high = ratio_bounds(left_out(0.0, groups=40))
    assert 0.4 < low <= 1 <= high < 2.5


@pytest.mark.parametrize("scale", [1, 30])
def test_the_calibration_is_the_logistic_regression_of_equal_classes(scale: int):
    from sklearn.linear_model import LogisticRegression

    unit = left_out(0.7)
    tracks = LeftOut(unit.logits * scale, unit.is_fake, unit.groups)  # logits of other networks have no end
    model = LogisticRegression(C=1e9, tol=1e-8).fit(
        unit.logits[:, None], tracks.is_fake, sample_weight=1000 * tracks.weights
    )
    found = set_limits(tracks, "made up").calibration
    assert (found.slope * scale, found.intercept) == pytest.approx((model.coef_[0, 0], model.intercept_[0]), abs=2e-3)


def test_no_limits_where_scores_do_not_reliably_mean_anything():
    found = set_limits(left_out(0.05, groups=12, spread=2.0), "made up")
    assert (found.high, found.low) == (None, None)
    rates = error_rates(left_out(0.05, groups=12), found, "still")
    assert (rates.false_positive_rate, rates.false_negative_rate, rates.inconclusive_rate) == (0, 1, 1)
    ((auc, (low, high)), (cost, _)) = figures(left_out(0.0, groups=12, spread=2.0)).values()
    assert low <= auc <= high
    assert 0.9 < cost < 1.5, "calibrations from eleven other groups mislead"


def test_the_shipped_card_follows_from_the_table_beside_it():
    card = find_bundle(str(SHIPPED)).card
    assert card.deep is not None
    tracks = read(SHIPPED / "held_out_tracks.csv")
    pool = together(tracks)
    for kind, level, stated in (("clip", "track", card.deep.clips), ("still", "still", card.deep.stills)):
        found = set_limits(tracks[kind], stated.measured_on, pool)
        assert (found.high, found.low, found.ratio_bounds) == (stated.high, stated.low, stated.ratio_bounds)
        assert found.calibration.slope == pytest.approx(stated.calibration.slope, abs=1e-3)
        assert error_rates(tracks[kind], found, level, pool) in card.error_rates


def test_scores_are_brought_to_the_scale_of_the_shipped_network_up_to_its_ends(tmp_path: Path):
    lines = ["group,kind,family,label,fold,frames,sibling_0,sibling_1,sibling_2,sibling_3,shipped"]
    for n in range(400):
        label, side = ("fake", 1) if n % 2 else ("real", -1)
        own = side * (1 + 3 * (n // 2) / 199)
        shipped = side * min(4.0, 1.5 * abs(own))
        lines.append(f"g{n},clip,x,{label},{n % 4}," + ",".join(f"{v:.4f}" for v in (8, own, own, own, own, shipped)))
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    tracks = read(tmp_path / "t.csv")["clip"]
    assert np.abs(tracks.logits).max() < 4.1, "no score beyond what the shipped network gives"
    middle = np.sort(np.abs(tracks.logits))[len(tracks.logits) // 2]
    assert middle == pytest.approx(1.5 * 2.5, abs=0.05)


def test_a_damaged_table_is_one_sentence(tmp_path: Path):
    (tmp_path / "held_out_tracks.csv").write_text("group,kind\na,clip\n")
    with pytest.raises(TrainingError, match="is not a table of left-out tracks"):
        read(tmp_path / "held_out_tracks.csv")
