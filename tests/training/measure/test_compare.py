"""Recipes under one budget: resumable, a failure does not affect the others, and the table states what was measured."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Platt
from training.fit.train import train
from training.measure import calibrate as calibration
from training.measure import compare as comparison
from training.measure import evaluate as evaluation
from training.measure.compare import Budget, compare
from training.measure.cost import Cost, measure_cost
from training.measure.evaluate import read_evaluation
from training.measure.held_out import held_out_tracks
from training.measure.platt import BackwardsError
from training.recipe import Recipe


@pytest.fixture
def recipes(tiny: Recipe, tmp_path: Path, monkeypatch) -> list[Path]:
    """Two working recipes and one of an unknown network, with a calibration that also works after four steps."""
    named = {
        "one": tiny,
        "two": msgspec.structs.replace(tiny, fit=msgspec.structs.replace(tiny.fit, learning_rate=1e-3)),
        "bad": msgspec.structs.replace(tiny, network=msgspec.structs.replace(tiny.network, architecture="nobody's")),
    }
    known = {tmp_path / f"{name}.toml": msgspec.structs.replace(r, name=name) for name, r in named.items()}
    monkeypatch.setattr(comparison.recipes, "load", lambda path: known[path])
    monkeypatch.setattr(calibration, "maps", lambda *_: (Platt(1.0, 0.0), Platt(1.0, 0.0)))
    for module in (comparison, evaluation):
        monkeypatch.setattr(module, "measure_cost", lambda *_: Cost(1_234_567, 8.9, "cpu", 2.5, 5.0, 300.0))
    return list(known)


def test_other_recipes_continue_after_a_failure_and_finished_runs_are_reused(recipes: list[Path], tmp_path: Path):
    out, runs, messages = tmp_path / "docs" / "models.md", tmp_path / "runs", []
    entries = compare(recipes, runs, out, Budget(steps=2), messages.append)
    assert [bool(entry.evaluation) for entry in entries] == [True, True, False]
    page = out.read_text()
    assert "2 steps" in page
    assert "- bad: The network" in page
    for name in ("one", "two"):
        line = next(line for line in page.splitlines() if line.startswith(f"| {name} "))
        track = read_evaluation(runs / name / "evaluation.json").levels["track"]
        assert f"{track.figures['ROC AUC'].value:.3f} (" in line
        assert f"| {track.figures['recall'].value:.3f} | {track.figures['specificity'].value:.3f} |" in line
        assert "| 1,234,567 | 8.9 | 2.5 | 400 | 300 | 2 |" in line
    before = (runs / "one" / "last.safetensors").stat().st_mtime_ns
    messages.clear()
    compare(recipes[:2], runs, out, Budget(steps=2), messages.append)
    assert sum("is finished" in line for line in messages) == 2
    assert (runs / "one" / "last.safetensors").stat().st_mtime_ns == before
    with pytest.raises(TrainingError, match="No recipe gave a result"):
        compare(recipes[:1], runs, out, Budget(steps=3), messages.append)
    assert "another budget" in out.read_text()


def test_offline_a_recipe_that_would_fetch_its_weights_begins_fresh_and_is_named_so(
    tiny: Recipe, tmp_path, monkeypatch
):
    fetching = msgspec.structs.replace(tiny, network=msgspec.structs.replace(tiny.network, pretrained="timm"))
    monkeypatch.setattr(comparison.recipes, "load", lambda _path: fetching)
    begun = []
    monkeypatch.setattr(comparison, "_run", lambda recipe, *_: begun.append(recipe.network.pretrained))
    monkeypatch.setattr(comparison, "read_evaluation", lambda _path: None)
    for is_offline in (False, True):
        with pytest.raises(TrainingError):
            compare(
                [tmp_path / "a.toml"], tmp_path, tmp_path / "m.md", Budget(2), lambda _: None, is_offline=is_offline
            )
    assert begun == ["timm", ""]
    assert "from fresh weights" in (tmp_path / "m.md").read_text()


def test_a_network_that_ranks_in_the_wrong_order_is_listed_with_its_figures(recipes, tmp_path: Path, monkeypatch):
    def refuse(*_: object) -> Platt:
        raise BackwardsError("the wrong way round")

    monkeypatch.setattr(calibration, "maps", refuse)
    run = tmp_path / "runs" / "one"
    run.mkdir(parents=True)
    (run / "calibration.json").write_text("of weights that are no more")
    (entry,) = compare(recipes[:1], run.parent, tmp_path / "models.md", Budget(steps=2), lambda _: None)
    assert entry.evaluation is not None
    assert not entry.evaluation.rule
    track = entry.evaluation.levels["track"]
    page = (tmp_path / "models.md").read_text()
    assert f"| one, not calibrated | {entry.architecture} | {track.figures['ROC AUC'].value:.3f} (" in page
    assert not (run / "calibration.json").exists()  # nothing to export
    tracks = held_out_tracks(comparison.recipes.load(recipes[0]), run, lambda _: None, comparison.FRAMES)
    own = [1 / (1 + np.exp(-t.logits.mean())) > 0.5 for t in tracks]
    assert track.figures["accuracy"].value == pytest.approx(
        np.mean([o == t.is_fake for o, t in zip(own, tracks, strict=True)])
    )


def test_minutes_become_steps_by_the_speed_of_a_trial(recipes: list[Path], tmp_path: Path, monkeypatch):
    monkeypatch.setattr(comparison, "_steps_per_second", lambda *_: 0.05)
    (entry,) = compare(recipes[:1], tmp_path / "runs", tmp_path / "models.md", Budget(minutes=1), lambda _: None)
    assert entry.spent is not None
    assert entry.spent.steps == 3
    assert entry.spent.is_trained
    assert entry.spent.seconds > 0


def test_a_trial_goes_on_until_its_steps_take_as_long_as_its_start(tiny: Recipe, tmp_path: Path, monkeypatch):
    """A start of ten seconds, varying by one, and ten steps per second: eight steps would not be measurable."""
    taken = {1: iter((30.0, 10.0)), 9: iter((11.3,)), 33: iter((12.8,)), 129: iter((22.9,))}
    monkeypatch.setattr(comparison, "_timed", lambda _recipe, _trial, steps, _log: next(taken[steps]))
    assert comparison._steps_per_second(tiny, tmp_path, lambda _: None) == pytest.approx(10, rel=0.1)


def test_a_trial_measures_a_speed_and_leaves_nothing_behind(tiny: Recipe, tmp_path: Path):
    assert comparison._steps_per_second(tiny, tmp_path / "trial", lambda _: None) > 0.01
    assert not (tmp_path / "trial").exists()


def test_an_interrupted_run_goes_on_and_its_time_adds_up(recipes: list[Path], tmp_path: Path, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    train = comparison.train
    monkeypatch.setattr(comparison, "train", stop)
    with pytest.raises(KeyboardInterrupt):
        compare(recipes[:1], tmp_path / "runs", tmp_path / "models.md", Budget(steps=2), lambda _: None)
    kept = msgspec.json.decode((tmp_path / "runs/one/budget.json").read_bytes(), type=comparison.Spent)
    assert not kept.is_trained
    monkeypatch.setattr(comparison, "train", train)
    (entry,) = compare(recipes[:1], tmp_path / "runs", tmp_path / "models.md", Budget(steps=2), lambda _: None)
    assert entry.spent is not None
    assert entry.spent.is_trained
    assert entry.spent.seconds > kept.seconds


def test_a_shorter_run_keeps_the_shape_of_its_schedule(tiny: Recipe):
    long = msgspec.structs.replace(
        tiny, fit=msgspec.structs.replace(tiny.fit, steps=1000, decay_steps=400, warmup_steps=50)
    )
    short = long.shortened(100).fit
    assert (short.steps, short.decay_steps, short.warmup_steps) == (100, 40, 5)
    assert long.shortened(1000).fit == long.fit


def test_a_budget_is_formatted_for_people():
    messages = [
        str(budget) for budget in (Budget(steps=1), Budget(steps=1_000_000), Budget(minutes=1), Budget(minutes=1.5))
    ]
    assert messages == ["1 step", "1000000 steps", "1 minute of training", "1.5 minutes of training"]


def test_one_budget_and_no_other_is_named():
    wrongs: list[dict[str, Any]] = [{}, {"steps": 5, "minutes": 1.0}, {"minutes": -1.0}]
    for wrong in wrongs:
        with pytest.raises(TrainingError, match="one budget"):
            Budget(**wrong)


def test_all_are_measured_on_what_the_first_recipe_that_forges_makes(
    recipes: list[Path], tiny: Recipe, tmp_path: Path, monkeypatch
):
    batch = msgspec.structs.replace(tiny.batch, pairs=0, generated=3)
    plain = msgspec.structs.replace(tiny, name="plain", batch=batch)
    both = {tmp_path / "plain.toml": plain, recipes[0]: tiny}
    monkeypatch.setattr(comparison.recipes, "load", lambda path: both[path])
    entries = compare(list(both), tmp_path / "runs", tmp_path / "models.md", Budget(steps=2), lambda _: None)
    on = {entry.evaluation.measured_on for entry in entries if entry.evaluation}
    assert len(entries) == 2
    assert len(on) == 1, on


def test_the_memory_of_the_process_that_asks_is_not_counted(tiny: Recipe, tmp_path: Path):
    train(tiny, tmp_path / "run", lambda _: None)
    ballast = np.ones(175_000_000)  # 1.4 GB, which getrusage would count in every later child
    peak = measure_cost(tiny, tmp_path / "run").peak_memory_mb
    assert ballast[-1] == 1
    if peak is not None:
        assert 100 < peak < 1400
