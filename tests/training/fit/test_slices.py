"""Training in slices: by the minute, by the clock, and in another process's worker pool."""

from pathlib import Path

import msgspec
import pytest
from safetensors import safe_open
from safetensors.torch import load_file

from inspector.domain.errors import TrainingError
from training.fit.batch.batches import Batches
from training.fit.batch.loader import load_batches
from training.fit.loop import fit
from training.fit.optim import Clock
from training.fit.train import train
from training.prepare.index import load_index
from training.recipe import Recipe


def quiet(_: str) -> None:
    """Ignore a message."""


@pytest.fixture
def quick(tiny: Recipe) -> Recipe:
    """The tiny recipe with self-blending only and small checks."""
    forge = msgspec.structs.replace(tiny.forge, kinds={"self_blend": 1.0})
    fit_table = msgspec.structs.replace(
        tiny.fit, check_batches=1, check_frames=1, check_files=1, decay_steps=0, batches_per_step=0, save_every=100
    )
    return msgspec.structs.replace(tiny, forge=forge, fit=fit_table)


def step_of(run: Path) -> int:
    with safe_open(run / "last.safetensors", "pt") as file:
        return int(file.metadata()["step"])


def test_a_run_in_slices_ends_where_an_unbroken_one_does(quick: Recipe, tmp_path: Path) -> None:
    fit(quick, tmp_path / "whole", quiet)
    messages: list[str] = []
    for expected in (1, 2, 3, 4, 4):
        train(quick, tmp_path / "sliced", messages.append, minutes=1e-9)
        assert step_of(tmp_path / "sliced") == expected
    assert sum("run the same command again to continue" in line for line in messages) == 3
    whole, sliced = (load_file(tmp_path / of / "last.safetensors") for of in ("whole", "sliced"))
    assert all(whole[name].equal(sliced[name]) for name in whole)


def test_a_run_by_the_clock_follows_it_over_all_its_slices(
    quick: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tick(self: Clock, _: object) -> None:
        self._state.seconds += 6.0  # that a step takes here

    monkeypatch.setattr(Clock, "tick", tick)
    rates: list[float] = []
    monkeypatch.setattr("training.fit.loop.set_rate", lambda _, rate: rates.append(rate))
    table = msgspec.structs.replace(quick.fit, steps=100, schedule="linear", decay_steps=50, warmup_steps=0)
    recipe = msgspec.structs.replace(quick, fit=table).with_minutes(0.8)
    for _ in range(2):
        fit(recipe, tmp_path / "run", quiet, minutes=0.4)
    assert step_of(tmp_path / "run") == 8, "48 s of 6 s each, whatever the recipe's steps"
    shares = [rate / table.learning_rate for rate in rates]
    assert shares == pytest.approx([1, 1, 1, 1, 1, 0.75, 0.5, 0.25])


def test_another_number_of_workers_is_no_other_recipe(quick: Recipe, tmp_path: Path) -> None:
    fit(quick, tmp_path / "run", quiet)
    fit(quick.with_workers(1).with_steps(5), tmp_path / "run", quiet)
    assert step_of(tmp_path / "run") == 5


def test_batches_of_workers_are_those_of_this_process(quick: Recipe) -> None:
    rows = [row for row in load_index(Path(quick.prepare.folder)) if not row["is_held_out"]]
    batches = Batches(quick, rows, 7, seed=1)
    here, there = (load_batches(batches, 1, 2, workers) for workers in (0, 2))
    for one, other in zip(here, there, strict=True):
        assert (one.crops == other.crops).all()
        assert one.labels.tolist() == other.labels.tolist()
        assert (one.kinds, one.groups, one.sources, one.pairs) == (
            other.kinds,
            other.groups,
            other.sources,
            other.pairs,
        )


def test_minutes_of_an_ensemble_are_for_all_its_members(quick: Recipe, tmp_path: Path) -> None:
    members = [{"architecture": "mesoinception4"}] * 2
    network = msgspec.structs.replace(
        quick.network, architecture="ensemble", args={"members": members}, dropout=0.0,
        target_layer="body.members.0.blocks.3",
    )  # fmt: skip
    recipe = msgspec.structs.replace(quick, network=network)
    path = train(recipe, tmp_path / "run", quiet, minutes=1e-9)
    assert path.parent.name == "member-0"
    train(recipe, tmp_path / "run", quiet)
    assert (tmp_path / "run/last.safetensors").exists()


def test_without_a_gpu_auto_is_full_precision(quick: Recipe, tmp_path: Path) -> None:
    auto = msgspec.structs.replace(quick, fit=msgspec.structs.replace(quick.fit, precision="auto", steps=1))
    plain = msgspec.structs.replace(quick, fit=msgspec.structs.replace(quick.fit, precision="32-true", steps=1))
    for name, recipe in (("auto", auto), ("plain", plain)):
        fit(recipe, tmp_path / name, quiet)
    one, other = (load_file(tmp_path / name / "last.safetensors") for name in ("auto", "plain"))
    assert all(one[name].equal(other[name]) for name in one)
    with pytest.raises(TrainingError, match="leave --only out"):
        train(plain, tmp_path / "only", quiet, only=["full"])
