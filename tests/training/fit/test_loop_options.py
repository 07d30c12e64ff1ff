"""The effect of the recipe's options on the loop, with painted faces and one fast kind of forgery."""

import csv
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

from inspector.domain.errors import TrainingError
from inspector.engine.model.registry import build
from training.fit import learn, watch
from training.fit.batch.batches import Batch, Batches
from training.fit.checkpoint import begin
from training.fit.loop import compiled, fit
from training.fit.watch import duration
from training.prepare.index import load_index
from training.recipe import AdversarialTable, Recipe


def quiet(_: str) -> None:
    """Ignore a message."""


def changed(recipe: Recipe, **fields: object) -> Recipe:
    return msgspec.structs.replace(recipe, fit=msgspec.structs.replace(recipe.fit, **fields))


@pytest.fixture
def quick(tiny: Recipe) -> Recipe:
    """The tiny recipe with self-blending only and a small check."""
    forge = msgspec.structs.replace(tiny.forge, kinds={"self_blend": 1.0})
    batch = msgspec.structs.replace(tiny.batch, pairs=1)
    small = msgspec.structs.replace(tiny, forge=forge, batch=batch)
    return changed(small, check_batches=1, check_frames=1, check_files=1, decay_steps=0, batches_per_step=0)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a new run."""
    return tmp_path / "run"


def weights(run: Path, name: str = "last") -> dict[str, torch.Tensor]:
    return load_file(run / f"{name}.safetensors")


def rows(run: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((run / "metrics.csv").read_text().splitlines()))


@pytest.mark.parametrize(
    "fields",
    [
        {"optimiser": "adam", "schedule": "cosine", "decay_steps": 2},
        {"optimiser": "rmsprop", "momentum": 0.5, "schedule": "step", "decay_steps": 3, "decay_factor": 0.5},
        {"optimiser": "sgd", "momentum": 0.9, "schedule": "constant", "batches_per_step": 2},
        {"adversarial": AdversarialTable(attack="pgd", eps=4.0, share=0.5, steps=1, step_size=2.0)},
        {"trained": ["body.classifier"], "fake_weight": "counts", "precision": "bf16-mixed"},
    ],
    ids=["adam", "rmsprop", "sgd", "adversarial", "head"],
)
def test_a_run_killed_at_any_save_ends_where_an_unbroken_one_does(
    quick: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fields: dict[str, object]
) -> None:
    recipe = changed(quick, save_every=1, check_every=2, **fields)
    fit(recipe, tmp_path / "whole", quiet)
    killed, saved = tmp_path / "killed", []

    def power_cut(path: Path, state: object) -> None:
        watch.save(path, state)  # type: ignore[arg-type]
        saved.append(path)
        if len(saved) == 4:  # the first and second step, the check between them, and the third
            raise KeyboardInterrupt

    monkeypatch.setattr("training.fit.loop.save", power_cut)
    with pytest.raises(KeyboardInterrupt):
        fit(recipe, killed, quiet)
    monkeypatch.undo()
    messages: list[str] = []
    fit(recipe, killed, messages.append)
    whole, again = weights(tmp_path / "whole"), weights(killed)
    assert whole.keys() == again.keys()
    assert all(whole[name].equal(again[name]) for name in whole)
    assert rows(killed) == rows(tmp_path / "whole"), "the metrics too"


def test_options_change_what_is_learnt(quick: Recipe, tmp_path: Path) -> None:
    attack = AdversarialTable(attack="fgsm", eps=8.0, share=1.0)
    runs = {
        "plain": quick,
        "weighted": changed(quick, fake_weight=3.0),
        "attacked": changed(quick, adversarial=attack),
        "doubled": changed(quick, batches_per_step=2),
        "head": changed(quick, trained=["body.classifier"]),
    }
    found = {name: weights(fit(recipe.with_steps(2), tmp_path / name, quiet).parent) for name, recipe in runs.items()}
    name = "network.body.classifier.weight"
    different = {tuple(values[name].flatten().tolist()) for values in found.values()}
    assert len(different) == len(runs)
    fresh = begin(quick).state_dict()
    assert all(found["head"][f"network.{k}"].equal(v) for k, v in fresh.items() if "classifier" not in k)


@pytest.mark.usefixtures("plots")
def test_what_is_written_beside_the_checkpoints(quick: Recipe, run: Path) -> None:
    messages: list[str] = []
    fit(changed(quick, save_every=2, check_every=2), run, messages.append)
    assert [row["step"] for row in rows(run)] == ["2", "4"]
    row = rows(run)[-1]
    assert {"training loss", "training accuracy", "log loss", "accuracy"} <= row.keys()
    assert 0 < float(row["log loss"]) < 5
    assert cv2.imread(str(run / "curves.png")) is not None
    assert any("2/4, loss" in line and line.endswith("left") for line in messages)
    assert any("parameters" in line and "1 process on" in line and "from the start" in line for line in messages)
    with safe_open(run / "last.safetensors", "pt") as file:
        assert file.metadata()["step"] == "4"


def test_a_run_without_improvement_stops_early_and_stays_stopped(
    quick: Recipe, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = iter([0.6, 0.9, 0.8, 0.7, 0.95])

    def worse_and_worse(*_: object) -> dict[str, float]:
        sides = {"recall of fakes": 1.0, "recall of originals": 0.0}
        return {"clips AUC": next(levels), "accuracy": 0.9, **sides}

    monkeypatch.setattr("training.fit.checks.HeldOut.measure", worse_and_worse)
    messages: list[str] = []
    recipe = changed(quick, check_every=1, save_every=3, patience=2).with_steps(50)
    fit(recipe, run, messages.append)
    assert [row["step"] for row in rows(run)] == ["1", "2", "3", "4"]
    assert any("stopped early" in line for line in messages)
    assert any("everything to one class (recall of originals is 0, accuracy 0.900)" in line for line in messages)
    for name, step in (("last", "4"), ("best", "2")):
        with safe_open(run / f"{name}.safetensors", "pt") as file:
            assert file.metadata()["step"] == step
    before = (run / "last.safetensors").read_bytes()
    fit(recipe, run, quiet)
    assert (run / "last.safetensors").read_bytes() == before


def test_a_loss_that_is_no_number_stops_the_run_and_leaves_the_last_good_checkpoint(
    quick: Recipe, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = changed(quick, save_every=1)
    on_device, fed = learn.on_device, []

    def poisoned(*arguments: Any) -> torch.Tensor:
        fed.append(1)
        x = on_device(*arguments)
        return x * float("nan") if len(fed) == 3 else x

    monkeypatch.setattr(learn, "on_device", poisoned)
    with pytest.raises(TrainingError, match=r"The loss is nan .* at step 3"):
        fit(recipe, run, quiet)
    kept = weights(run)
    assert all(value.isfinite().all() for value in kept.values() if value.is_floating_point())
    with safe_open(run / "last.safetensors", "pt") as file:
        assert file.metadata()["step"] == "2"


def test_gradients_that_overflow_stop_the_run_too(quick: Recipe, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Steep(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.sqrt(self.weight * x.mean((1, 2, 3)) * 0)  # finite, with a slope that is not

        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(1))

    monkeypatch.setattr("training.fit.loop.begin", lambda *_: Steep())
    with pytest.raises(TrainingError, match="gradients' norm nan at step 1"):
        fit(changed(quick, clip_norm=0.0), run, quiet)
    assert not (run / "last.safetensors").exists()


def test_half_precision_without_a_gpu_is_refused(quick: Recipe, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(TrainingError, match="16-mixed needs a CUDA GPU"):
        fit(changed(quick, precision="16-mixed"), run, quiet)


@pytest.mark.parametrize("is_fake", [False, True])
def test_batches_of_one_class_are_refused(
    quick: Recipe, run: Path, monkeypatch: pytest.MonkeyPatch, is_fake: bool
) -> None:
    def one_class(*_: object) -> Batch:
        crops = np.zeros((2, 32, 32, 3), np.uint8)
        return Batch(crops, np.full(2, is_fake, np.float32), ("a", "b"), ("c", "d"))

    monkeypatch.setattr(Batches, "__getitem__", one_class)
    with pytest.raises(TrainingError, match="hold fakes only" if is_fake else "hold originals only"):
        fit(quick, run, quiet)


def test_an_index_without_originals_is_refused_in_one_sentence(quick: Recipe, run: Path) -> None:
    fakes = [row for row in load_index(Path(quick.prepare.folder)) if row["is_fake"]]
    with pytest.raises(TrainingError, match="holds no originals") as caught:
        fit(quick, run, quiet, fakes)
    assert "\n" not in str(caught.value)


def test_durations_are_formatted_for_people() -> None:
    assert [duration(s) for s in (4.2, 59.4, 61, 600, 3600, 9000)] == [
        "4 s", "59 s", "1 min", "10 min", "1 h 00 min", "2 h 30 min",
    ]  # fmt: skip


def test_a_network_is_compiled_for_its_own_shape_whatever_was_trained_before(monkeypatch):
    """Symbolic compilation, which torch uses after a change of shape, can take a quarter of an hour."""
    compile_, sizes = torch.compile, []

    def note(graph, inputs):
        sizes.append({type(side) for x in inputs if isinstance(x, torch.Tensor) for side in x.shape})
        return graph.forward

    monkeypatch.setattr(torch, "compile", lambda network, **given: compile_(network, backend=note, **given))
    for side in (32, 48, 64):
        compiled(build("cnn", {"width": 4}))(torch.zeros(2, 3, side, side))
    assert sizes == [{int}] * 3
