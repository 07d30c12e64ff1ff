"""Evaluations of synthetic tracks, for which each figure is known."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Calibration, ErrorRates, Platt, Threshold
from training.measure.calibrate import Outcome
from training.measure.cost import Cost
from training.measure.evaluate import Evaluation, card_figures, evaluate_run, measure, read_evaluation, write
from training.measure.levels import by_file, by_frame, by_track
from training.measure.tracks import AS_RECORDED, DEGRADED, Track
from training.recipe import Recipe

COST = Cost(1234, 0.5, "cpu", 2.0, 5.0, 300.0)
RATES = ErrorRates("track", "made up", 0.1, (0.0, 0.2), 10, 0.2, (0.1, 0.3), 10, 0.1, "each track")
OUTCOME = Outcome(
    Calibration(Platt(1.0, 0.0), Platt(2.0, 0.0), "made up", 4, 4, 8),
    Threshold(high=0.9, low=0.1, segment=0.6, segment_seconds=1.0, segment_mean=0.9),
    (RATES,),
)


def track(number: int, is_fake: bool, logits: list[float], clip: str = "", what: str = "m", px: float = 100) -> Track:
    condition = AS_RECORDED if number < 100 else DEGRADED
    seconds = np.arange(len(logits)) / 25
    return Track(f"{number}", f"g{number % 10}", "clip", is_fake, what, condition, seconds, np.array(logits), clip, px)


def test_levels_use_their_own_calibration_and_labels():
    tracks = [track(1, False, [-1.0, -3.0]), track(2, True, [2.0])]
    assert by_track(tracks, OUTCOME).probabilities == pytest.approx([1 / (1 + np.exp(4)), 1 / (1 + np.exp(-4))])
    frames = by_frame(tracks, OUTCOME)
    assert frames.probabilities == pytest.approx(1 / (1 + np.exp([1.0, 3.0, -2.0])))
    assert frames.is_fake.tolist() == [False, False, True]
    assert frames.groups.tolist() == ["g1", "g1", "g2"]


def test_a_file_has_its_highest_track_and_is_fake_when_a_part_is():
    tracks = [track(1, False, [-1.0], "both"), track(2, True, [1.0], "both"), track(3, False, [-2.0], "alone")]
    files = by_file(tracks, OUTCOME)
    assert files.is_fake.tolist() == [False, True]
    assert files.probabilities == pytest.approx([1 / (1 + np.exp(4)), 1 / (1 + np.exp(-2))])


def made() -> Evaluation:
    random = np.random.default_rng(0)
    tracks = [
        track(i, i % 2 == 1, (random.normal(1.5 if i % 2 else -1.5, 1, 3)).tolist(), f"c{i}", f"m{i % 3}", 60 + 3 * i)
        for i in [*range(40), *range(100, 140)]
    ]
    return measure(tracks, OUTCOME, "r", "abc", COST)


def test_breakdowns_compare_methods_with_the_originals_of_their_condition():
    found = made()
    assert set(found.levels) == {"frame", "track", "file"}
    assert (found.levels["frame"].n_fakes, found.levels["track"].n_fakes, found.levels["file"].n_fakes) == (120, 40, 20)
    assert found.at_threshold["track"].threshold == 0.9
    assert set(found.by["condition"]) == {AS_RECORDED, DEGRADED}
    assert sum(b.n_originals + b.n_fakes for b in found.by["face size"].values()) == 80
    recorded = {name: b for name, b in found.by["method"].items() if name.startswith(AS_RECORDED)}
    assert {b.n_originals for b in recorded.values()} == {20}
    assert sum(b.n_fakes for b in recorded.values()) == 20
    assert found.rule == (RATES,)
    assert found.cost == COST


def test_compression_is_separated_where_it_is_known_and_for_tracks_as_recorded():
    classes = {0: "c23", 1: "c40", 2: "c40", 3: "", 100: "c40"}
    tracks = [replace(track(i, i % 2 == 1, [1.0 - 2 * (i == 2)]), compression=name) for i, name in classes.items()]
    by = measure(tracks, OUTCOME, "r", "abc", COST).by["compression"]
    assert {name: (block.n_originals, block.n_fakes) for name, block in by.items()} == {"c23": (1, 0), "c40": (1, 1)}
    assert by["c40"].figures["ROC AUC"].value == 1


def test_it_is_kept_and_read_again_and_another_version_is_refused(tmp_path: Path):
    path, found = tmp_path / "evaluation.json", made()
    with pytest.raises(TrainingError, match="missing"):
        read_evaluation(path)
    write(path, found)
    assert read_evaluation(path) == found
    assert b"NaN" not in path.read_bytes()
    path.write_text('{"AUC": 0.9}')
    with pytest.raises(TrainingError, match="another version"):
        read_evaluation(path)


def test_the_card_gets_values_with_their_intervals_and_nothing_undefined():
    found = made()
    values, intervals = card_figures(found)
    assert values["ROC AUC per track"] == found.levels["track"].figures["ROC AUC"].value
    low, high = intervals["ROC AUC per track"]
    assert low <= values["ROC AUC per track"] <= high
    assert all(np.isfinite(value) for value in values.values())
    originals = measure([track(1, False, [0.0]), track(2, False, [1.0])], OUTCOME, "r", "abc", COST)
    assert not any(name.startswith("ROC AUC") for name in card_figures(originals)[0])


def test_a_run_that_is_not_calibrated_is_refused(tiny: Recipe, tmp_path: Path):
    with pytest.raises(TrainingError, match="calibrate"):
        evaluate_run(tiny, tmp_path, lambda _: None)


def test_outcomes_of_earlier_runs_are_read():
    old = msgspec.to_builtins(OUTCOME)
    del old["error_rates"][0]["counted"]
    assert msgspec.convert(old, Outcome).error_rates[0].counted == ""
