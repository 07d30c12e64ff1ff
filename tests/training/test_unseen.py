"""How probabilities carry to left-out methods: the shift from tracks that were made up, and the trainings behind it."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Platt
from inspector.engine.segments import probability
from training import unseen
from training.calibrate import calibrate
from training.platt import maps
from training.recipe import Recipe, UnseenTable
from training.tracks import AS_RECORDED, DEGRADED, Track
from training.unseen import KEPT, Shift, kept_shift, measure_unseen, shift_of

TABLE = UnseenTable(steps=2, left_out=[["landmark_swap"], ["self_blend"]])


def quiet(_: str) -> None:
    """Say nothing."""


def asking(tiny: Recipe, table: UnseenTable = TABLE) -> Recipe:
    return msgspec.structs.replace(tiny, unseen=table)


def tracks(seed: int, missed: str) -> list[Track]:
    """Held-out tracks of 60 people: of the fakes by the method `missed` two in three score as originals do."""
    random, made = np.random.default_rng(seed), []
    for number in range(180):
        what = ("original", "self_blend", "landmark_swap")[number % 3]
        looks_fake = what != "original" and (what != missed or random.random() < 1 / 3)
        logits = random.normal(3 if looks_fake else -3, 1.5) + random.normal(0, 0.5, 8)
        person, condition = f"g{number // 3}", AS_RECORDED if what == "original" else DEGRADED
        made.append(Track(f"{number}", person, "clip", what != "original", what, condition, np.arange(8) / 25, logits))
    return made


SETS = [tracks(1, "landmark_swap"), tracks(2, "self_blend")]


def test_methods_that_are_missed_make_low_probabilities_less_sure_and_keep_the_order() -> None:
    shift = shift_of(SETS, TABLE)
    frame, track = maps(tracks(3, ""))
    far_frame, far_track = shift.after(frame, track)
    logits = np.linspace(-6, 6, 50)
    for near, far in ((frame, far_frame), (track, far_track)):
        assert (np.diff(probability(logits, far)) > 0).all()
        assert probability(-3.0, far) > 2 * probability(-3.0, near)
    assert shift.aucs == pytest.approx([2 / 3, 2 / 3], abs=0.12)


def test_the_shifted_probability_is_the_share_of_fakes_among_originals_and_left_out_methods() -> None:
    shift = shift_of(SETS, TABLE)
    share, meant = [], []
    for made, missed in zip(SETS, TABLE.left_out, strict=True):
        _, track = shift.after(*maps([t for t in made if t.what not in missed]))
        met = [t for t in made if not t.is_fake or t.what in missed]
        share += [t.is_fake for t in met]
        meant += [probability(t.logits.mean(), track) for t in met]
    assert np.mean(meant) == pytest.approx(np.mean(share), abs=0.02)
    low = np.array(meant) < np.median(meant)
    assert np.mean(np.array(meant)[low]) == pytest.approx(np.mean(np.array(share)[low]), abs=0.1)


def test_maps_are_chained_in_log_odds() -> None:
    shift = Shift(Platt(0.5, 0.3), Platt(0.8, -0.1), (0.7,), (("self_blend",),), 2)
    frame, track = shift.after(Platt(2.0, 1.0), Platt(3.0, -1.0))
    assert (frame.slope, frame.intercept) == pytest.approx((1.0, 0.8))
    assert (track.slope, track.intercept) == pytest.approx((2.4, -0.9))


def test_methods_that_no_held_out_fake_is_of_are_refused() -> None:
    table = UnseenTable(steps=2, left_out=[["morph"], ["self_blend"]])
    with pytest.raises(TrainingError, match="No held-out fake is of morph"):
        shift_of(SETS, table)


def test_each_training_goes_without_its_methods_and_is_measured_with_them(tiny: Recipe, tmp_path, monkeypatch) -> None:
    recipe = asking(tiny, UnseenTable(steps=2, left_out=[["painted"], ["self_blend", "landmark_swap"]]))
    given = []

    def seen(mine: Recipe, folder: Path, _say, rows) -> None:
        given.append((mine, [row["method"] for row in rows if row["is_fake"]], folder))

    monkeypatch.setattr(unseen, "fit", seen)
    monkeypatch.setattr(unseen, "averaged_network", lambda *_: torch.nn.Identity())
    monkeypatch.setattr(unseen, "recorded", lambda *_: [])
    monkeypatch.setattr(unseen, "degraded_and_forged", lambda *_: [])
    monkeypatch.setattr(unseen, "shift_of", lambda sets, _: Shift(Platt(1, 0), Platt(1, 0), (0.5,), ((),), len(sets)))
    measure_unseen(recipe, tmp_path, quiet)
    (first, fakes, _), (second, all_fakes, _) = given
    assert (first.fit.steps, second.fit.steps) == (2, 2)
    assert not fakes
    assert set(all_fakes) == {"painted"}
    assert first.forge.kinds == recipe.forge.kinds
    assert {kind for kind, share in second.forge.kinds.items() if share == 0} == {"self_blend", "landmark_swap"}
    assert len({folder for _, _, folder in given}) == 2


def test_the_whole_way_and_back_from_the_file(tiny: Recipe, tmp_path: Path, monkeypatch) -> None:
    recipe = asking(tiny, UnseenTable(steps=2, left_out=[["self_blend", "autoencoder_swap", "redrawn_whole"]]))
    # Two steps teach nothing; a slope of either sign may come out, and the wrong sign is refused elsewhere.
    monkeypatch.setattr(unseen, "maps", lambda *_: (Platt(0.5, 0.1), Platt(0.5, 0.2)))
    shift = measure_unseen(recipe, tmp_path, quiet)
    assert (tmp_path / "unseen-0" / "last.safetensors").exists()
    assert kept_shift(recipe, tmp_path, quiet) == shift
    assert len(shift.aucs) == 1


def test_leaving_out_every_kind_is_refused(tiny: Recipe, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="are all off"):
        measure_unseen(asking(tiny, UnseenTable(steps=2, left_out=[sorted(tiny.forge.kinds)])), tmp_path, quiet)


def test_a_recipe_without_the_table_or_with_a_strange_method_is_refused(tiny: Recipe, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"\[unseen\] table"):
        measure_unseen(msgspec.structs.replace(tiny, unseen=None), tmp_path, quiet)
    with pytest.raises(TrainingError, match=r"leaves out \['morph'\]; there are .*painted.*self_blend"):
        measure_unseen(asking(tiny, UnseenTable(steps=2, left_out=[["morph"]])), tmp_path, quiet)


def test_what_was_kept_must_be_of_the_recipe(tiny: Recipe, tmp_path: Path) -> None:
    recipe, said = asking(tiny), []
    assert kept_shift(msgspec.structs.replace(tiny, unseen=None), tmp_path, said.append) is None
    assert not said
    assert kept_shift(recipe, tmp_path, said.append) is None
    assert "python -m training unseen" in said[0]
    shift = shift_of(SETS, TABLE)
    (tmp_path / KEPT).write_bytes(msgspec.json.encode(shift))
    assert kept_shift(recipe, tmp_path, quiet) == shift
    with pytest.raises(TrainingError, match="another length"):
        kept_shift(asking(tiny, msgspec.structs.replace(TABLE, steps=3)), tmp_path, quiet)
    (tmp_path / KEPT).write_text("{")
    with pytest.raises(TrainingError, match="cannot be read"):
        kept_shift(recipe, tmp_path, quiet)


def test_calibration_says_that_it_was_carried_on(tiny: Recipe) -> None:
    made, shift = tracks(3, "self_blend"), shift_of(SETS, TABLE)
    near, far = calibrate(made, tiny), calibrate(made, tiny, shift)
    assert "not seen in training, by 2 trainings of 2 steps" in far.calibration.measured_on
    assert "not seen" not in near.calibration.measured_on
    assert far.calibration.track == shift.after(near.calibration.frame, near.calibration.track)[1]
    # Thresholds move with the probabilities, so that tracks are called as before.
    level = np.log(near.threshold.low / (1 - near.threshold.low))
    logit = (level - near.calibration.track.intercept) / near.calibration.track.slope
    assert probability(logit, far.calibration.track) == pytest.approx(far.threshold.low, abs=0.005)
