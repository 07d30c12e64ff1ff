import csv
from pathlib import Path

import msgspec
import numpy as np
import pytest
from safetensors.torch import load_file

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Platt
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector
from training.bundle.export import export
from training.fit.batch.batches import Batches
from training.fit.checkpoint import averaged_network, chosen, commit_of
from training.fit.loop import fit
from training.fit.optim import schedule
from training.fit.score import logits_of, plain_crops
from training.measure import calibrate as calibration
from training.measure.calibrate import calibrate, calibrate_run, rates
from training.measure.evaluate import evaluate_run
from training.measure.groups import reserve
from training.measure.metrics import ece
from training.measure.platt import platt
from training.measure.tracks import AS_RECORDED, DEGRADED, Track
from training.prepare.index import load_index
from training.prepare.parts import load_crop
from training.recipe import Recipe


def quiet(_: str) -> None:
    """Ignore a message."""


def test_a_batch_is_a_function_of_its_number(tiny: Recipe) -> None:
    rows = load_index(Path(tiny.prepare.folder))
    one, other = (Batches(tiny, rows, 5, seed=3) for _ in range(2))
    other[0]
    assert np.array_equal(one[4].crops, other[4].crops)
    assert not np.array_equal(one[4].crops, one[3].crops)
    assert one[4].labels.tolist() == [0, 1, 0, 1, 1, 0]
    assert one[4].crops.shape == (6, 32, 32, 3)
    assert one[4].groups[0] == one[4].groups[1], "a pair is one person"


def test_training_batches_hold_no_one_who_is_held_out(tiny: Recipe) -> None:
    rows = load_index(Path(tiny.prepare.folder))
    held = {row["group"] for row in rows if row["is_held_out"]}
    batches = Batches(tiny, [row for row in rows if not row["is_held_out"]], 8, seed=1)
    assert not held & {group for number in range(8) for group in batches[number].groups}


def test_a_resumed_run_ends_where_an_unbroken_one_does(tiny: Recipe, tmp_path: Path) -> None:
    fit(tiny, tmp_path / "whole", quiet)
    part = msgspec.structs.replace(tiny, fit=msgspec.structs.replace(tiny.fit, steps=2, decay_steps=0))
    # The learning rate of both halves must be the whole run's: no decay before step 2 in either.
    assert [schedule(s, part.fit) for s in (0, 1)] == [schedule(s, tiny.fit) for s in (0, 1)]
    fit(part, tmp_path / "broken", quiet)
    (tmp_path / "broken" / "recipe.json").write_bytes(msgspec.json.encode(tiny))
    fit(tiny, tmp_path / "broken", quiet)
    whole, broken = (load_file(tmp_path / name / "last.safetensors") for name in ("whole", "broken"))
    assert whole.keys() == broken.keys()
    assert all(whole[name].equal(broken[name]) for name in whole)


def test_another_recipe_or_a_damaged_checkpoint_stops_a_resume(tiny: Recipe, tmp_path: Path) -> None:
    run = tmp_path / "run"
    fit(tiny, run, quiet)
    with pytest.raises(TrainingError, match=r"another recipe \(name was .default. and is .other.\)"):
        fit(msgspec.structs.replace(tiny, name="other"), run, quiet)
    (run / "last.safetensors").write_bytes(b"not a checkpoint")
    with pytest.raises(TrainingError, match="no checkpoint, or damaged"):
        fit(tiny.with_steps(6), run, quiet)


def test_a_run_goes_from_fit_to_a_bundle_that_the_engine_loads(tiny: Recipe, tmp_path: Path, monkeypatch) -> None:
    run, out = tmp_path / "run", tmp_path / "models" / "tiny"
    with pytest.raises(TrainingError, match="calibrate"):
        export(tiny, run, out, "1", quiet)
    fit(tiny, run, quiet)
    rows = list(csv.DictReader((run / "metrics.csv").read_text().splitlines()))
    assert [row["step"] for row in rows] == ["4"]
    # Four steps teach nothing; a slope of either sign may come out, and the wrong sign is refused elsewhere.
    monkeypatch.setattr(calibration, "maps", lambda *_: (Platt(1.0, 0.0), Platt(1.0, 0.0)))
    outcome = calibrate_run(tiny, run, quiet)
    assert chosen(run).name == "best.safetensors"
    messages: list[str] = []
    metrics = evaluate_run(tiny, run, messages.append)
    assert not any("scored" in line for line in messages), "the tracks that calibration scored are read again"
    card = export(tiny, run, out, "1", quiet)
    bundle = find_bundle(str(out))
    assert msgspec.to_builtins(bundle.card) == msgspec.to_builtins(card)
    assert card.calibration == outcome.calibration
    assert card.metrics == {name: round(value, 4) for name, value in metrics.items()}
    assert sum(s.n_real + s.n_fake for s in card.trained_on) == 12, "held-out files are not trained on"
    amount = "Trained on 2 pictures of faces, 6 clips, 4 stills of 12 people and pairs, 6 of them found fakes"
    assert card.limits[-1].startswith(amount)
    assert [band.unit for band in card.quality_bands] == ["px"], "the others were not prepared here"
    assert card.commit == commit_of(run)
    crops = plain_crops(tiny, load_index(Path(tiny.prepare.folder))[:5])
    ours = logits_of(averaged_network(tiny, run), crops, tiny)
    np.testing.assert_allclose(Detector.load(bundle, "cpu").logits(crops), ours, atol=1e-5)
    assert "held-out" in (out / "README.md").read_text()


def test_a_crop_comes_back_as_it_was_prepared(tiny: Recipe) -> None:
    rows = load_index(Path(tiny.prepare.folder))
    image, points = load_crop(Path(tiny.prepare.folder), rows[1])
    assert image.shape == (96, 96, 3)
    assert points.shape == (478, 2)


def track(number: int, is_fake: bool, level: float, condition: str = AS_RECORDED, frames: int = 60) -> Track:
    random = np.random.default_rng(number)
    logits = level + random.normal(0, 0.5, frames)
    return Track(f"{number}", f"g{number}", "clip", is_fake, "m", condition, np.arange(frames) / 25, logits)


def many(people: int, apart: float) -> list[Track]:
    random = np.random.default_rng(0)
    conditions = (AS_RECORDED, DEGRADED)
    return [
        track(i, i % 2 == 1, random.normal(apart if i % 2 else -apart, 1.0), conditions[i // 2 % 2])
        for i in range(people)
    ]


def test_calibration_meets_its_false_positive_rate_and_orders_its_thresholds(tiny: Recipe) -> None:
    outcome = calibrate(many(400, 1.2), tiny)
    limits, all_tracks = outcome.threshold, outcome.error_rates[0]
    assert 0 <= limits.low <= limits.high <= 1
    assert all_tracks.false_positive_rate <= 0.05
    low, high = all_tracks.false_positive_interval
    assert low <= all_tracks.false_positive_rate <= high
    assert all_tracks.n_real == all_tracks.n_fake == 200


def test_thresholds_hold_on_people_that_calibration_never_saw(tiny: Recipe) -> None:
    outcome = calibrate(many(400, 1.2), tiny)
    levels = np.random.default_rng(9).normal(-1.2, 1.0, 300)
    fresh = [track(1000 + i, False, level) for i, level in enumerate(levels)] + [track(1, True, 9.0)]
    found = rates(fresh, outcome.calibration, outcome.threshold, "fresh people")
    assert found.false_positive_rate < 0.09
    assert found.false_negative_rate == 0


def test_with_few_people_one_is_held_in_reserve(tiny: Recipe) -> None:
    outcome = calibrate(many(16, 2.0), tiny)
    assert outcome.threshold.low == 0, "eight people cannot show that only 5 % of fakes lie below anything"
    assert outcome.threshold.high == 1
    assert outcome.error_rates[0].false_positive_interval[1] > 0.2


def test_one_class_and_a_reversed_network_are_refused(tiny: Recipe) -> None:
    with pytest.raises(TrainingError, match="one class"):
        calibrate([t for t in many(20, 2.0) if t.is_fake], tiny)
    with pytest.raises(TrainingError, match="do not mean fakes"):
        calibrate(many(60, -2.0), tiny)


def test_platt_finds_the_map_that_made_the_labels() -> None:
    random = np.random.default_rng(2)
    logits = random.normal(0, 2, 20_000)
    labels = random.random(20_000) < 1 / (1 + np.exp(-(1.5 * logits - 0.7)))
    found = platt(logits, labels, np.ones(20_000))
    assert found.slope == pytest.approx(1.5, abs=0.08)
    assert found.intercept == pytest.approx(-0.7, abs=0.06)


def test_reserve_counts_people_not_frames() -> None:
    scores = np.linspace(0, 1, 101)
    weights = np.ones(101)
    assert reserve(scores, weights, 101, 0.05) == pytest.approx(0.04)
    assert reserve(scores, weights, 5, 0.05) is None


def test_expected_calibration_error_of_known_tables() -> None:
    labels = np.array([0.0, 0.0, 1.0, 1.0])
    assert ece(labels, np.array([0.0, 0.0, 1.0, 1.0])) == 0
    assert ece(labels, np.array([0.95, 0.95, 0.05, 0.05])) == pytest.approx(0.95)
