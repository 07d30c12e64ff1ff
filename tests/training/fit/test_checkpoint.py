import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import torch
from lightning_fabric.plugins import Precision
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from timm.utils import ModelEmaV3

from inspector.domain.errors import OutputError, TrainingError
from training.fit.checkpoint import State, averaged_network, begin, begin_run, chosen, commit_of, restore, save
from training.fit.optim import make_optimiser
from training.recipe import Recipe


class Scaler:
    """The loss scaler of half precision, as on a GPU."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def state_dict(self) -> dict[str, float]:
        return {"scale": self.scale}

    def load_state_dict(self, state_dict: dict[str, float]) -> None:
        self.scale = state_dict["scale"]


def made(recipe: Recipe, steps: int = 0) -> State:
    network = begin(recipe)
    state = State(network, ModelEmaV3(network), make_optimiser(network, recipe.fit), Precision())
    for _ in range(steps):
        network(torch.rand(2, 3, 32, 32)).sum().backward()
        state.optimiser.step()
        state.step += 1
        state.seen.append([0.1, 0.5])
    return state


def with_network(recipe: Recipe, **fields: object) -> Recipe:
    return msgspec.structs.replace(recipe, network=msgspec.structs.replace(recipe.network, **fields))


def test_a_checkpoint_brings_everything_back(tiny: Recipe, tmp_path: Path) -> None:
    state, fresh = made(tiny, 2), made(tiny)
    state.scaler, fresh.scaler = Scaler(1024.0), Scaler(65536.0)
    save(tmp_path / "a.safetensors", state)
    restore(tmp_path / "a.safetensors", fresh)
    assert (fresh.step, fresh.seen, fresh.scaler.scale) == (2, [[0.1, 0.5]] * 2, 1024.0)
    for mine, theirs in ((state.network, fresh.network), (state.averaged.module, fresh.averaged.module)):
        assert all(v.equal(theirs.state_dict()[k]) for k, v in mine.state_dict().items())
    moments, again = state.optimiser.state_dict()["state"], fresh.optimiser.state_dict()["state"]
    assert all(v.equal(again[n][k]) for n, values in moments.items() for k, v in values.items())
    assert len(moments) == len(list(state.network.parameters()))


@contextmanager
def nearly_full(most: int) -> Iterator[None]:
    """A disk on which no file can grow beyond `most` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_checkpoint_before_it(tiny: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "run" / "last.safetensors"
    path.parent.mkdir()
    with pytest.raises(OutputError, match="there is no checkpoint yet: make room"), nearly_full(100_000):
        save(path, made(tiny))
    save(path, made(tiny, 1))
    before = path.read_bytes()
    with pytest.raises(OutputError, match=r"File too large.*the checkpoint of step 1 is kept"), nearly_full(100_000):
        save(path, made(tiny, 2))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path], "nothing half-written stays"


def test_a_checkpoint_of_another_network_is_refused_in_one_sentence(tiny: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "last.safetensors"
    save(path, made(tiny))
    other = with_network(tiny, architecture="test_resnet")
    with pytest.raises(
        TrainingError, match=r"not a checkpoint of this network \(.* is of shape .* there and absent here"
    ):
        restore(path, made(other))
    with pytest.raises(TrainingError, match="not a checkpoint of this network") as caught:
        averaged_network(other, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_damaged_or_strange_checkpoint_is_named(tiny: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "last.safetensors"
    save(path, made(tiny))
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(TrainingError, match=r"last\.safetensors is no checkpoint, or damaged"):
        restore(path, made(tiny))
    save_file({"a": torch.zeros(1)}, path)
    with pytest.raises(TrainingError, match="no checkpoint"):
        restore(path, made(tiny))
    with pytest.raises(TrainingError, match="holds no checkpoint"):
        chosen(tmp_path / "nothing")


def metadata_of(path: Path) -> dict[str, str]:
    with safe_open(path, "pt") as file:
        return dict(file.metadata())


@pytest.mark.parametrize(
    "lie",
    [
        {"step": "-5"}, {"step": "NaN"}, {"step": "null"}, {"step": "[1]"}, {"step": "1e300"}, {"seconds": '"x"'},
        {"seen": "3"}, {"seen": "[[1]]"}, {"scaler": "3"},
    ],
)  # fmt: skip
def test_a_checkpoint_with_a_lying_header_is_named(tiny: Recipe, tmp_path: Path, lie: dict[str, str]) -> None:
    path = tmp_path / "last.safetensors"
    save(path, made(tiny, 1))
    save_file(load_file(path), path, metadata_of(path) | lie)
    with pytest.raises(TrainingError, match=r"last\.safetensors is no checkpoint, or damaged \(Expected "):
        restore(path, made(tiny))


@pytest.mark.parametrize("name", ["optimiser.x.exp_avg", "optimiser.99999.exp_avg", "optimiser.0.exp_avg"])
def test_moments_of_no_parameter_are_named(tiny: Recipe, tmp_path: Path, name: str) -> None:
    path = tmp_path / "last.safetensors"
    save(path, made(tiny, 1))
    save_file(load_file(path) | {name: torch.zeros(7)}, path, metadata_of(path))
    with pytest.raises(TrainingError, match=rf"damaged \({name} belongs to no parameter of the network\)"):
        restore(path, made(tiny))


@pytest.mark.parametrize(("optimiser", "momentum"), [("adamw", 0.0), ("rmsprop", 0.0), ("sgd", 0.9), ("sgd", 0.0)])
def test_a_checkpoint_without_the_optimisers_state_is_named(
    tiny: Recipe, tmp_path: Path, optimiser: str, momentum: float
) -> None:
    """It went on with that of a new optimiser, without a word."""
    recipe = msgspec.structs.replace(
        tiny, fit=msgspec.structs.replace(tiny.fit, optimiser=optimiser, momentum=momentum)
    )
    path = tmp_path / "last.safetensors"
    for steps in (0, 1):
        save(path, made(recipe, steps))
        save_file({k: v for k, v in load_file(path).items() if not k.startswith("optimiser.")}, path, metadata_of(path))
        if steps and (optimiser, momentum) != ("sgd", 0.0):
            with pytest.raises(TrainingError, match=r"last\.safetensors lacks the state of the optimiser"):
                restore(path, made(recipe))
        else:
            restore(path, made(recipe))


def test_the_best_checkpoint_is_preferred(tmp_path: Path) -> None:
    (tmp_path / "last.safetensors").touch()
    assert chosen(tmp_path).name == "last.safetensors"
    (tmp_path / "best.safetensors").touch()
    assert chosen(tmp_path).name == "best.safetensors"


def test_a_changed_recipe_is_named_field_by_field(tiny: Recipe, tmp_path: Path) -> None:
    run = tmp_path / "run"
    begin_run(tiny, run)
    begin_run(tiny.with_steps(999), run)
    assert msgspec.json.decode((run / "recipe.json").read_bytes(), type=Recipe).fit.steps == 999
    changed = with_network(tiny, margin=0.3)
    changed = msgspec.structs.replace(changed, fit=msgspec.structs.replace(changed.fit, optimiser="adam"))
    (run / "last.safetensors").touch()
    with pytest.raises(TrainingError) as caught:
        begin_run(changed, run)
    assert '(fit.optimiser was "adamw" and is "adam"; network.margin was 0.2 and is 0.3)' in str(caught.value)
    (run / "recipe.json").write_text("{")
    with pytest.raises(TrainingError, match=r"recipe\.json is damaged"):
        begin_run(tiny, run)


def test_a_recipe_that_was_mended_before_anything_was_learnt_needs_no_other_folder(
    tiny: Recipe, tmp_path: Path
) -> None:
    begin_run(with_network(tiny, margin=0.3), tmp_path / "run")
    (tmp_path / "run/commit.json").write_text('"of the first try"')
    begin_run(tiny, tmp_path / "run")
    assert commit_of(tmp_path / "run") != "of the first try"
    assert msgspec.json.decode((tmp_path / "run/recipe.json").read_bytes(), type=Recipe) == tiny


def test_a_run_folder_that_is_a_file_is_reported(tiny: Recipe, tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    with pytest.raises(OutputError, match="run cannot be written"):
        begin_run(tiny, tmp_path / "run")
