"""Checkpoints of a run: network, running average and optimiser, as safetensors; no pickle is loaded."""

from __future__ import annotations

import difflib
import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Protocol

import msgspec
import torch
from lightning_fabric.plugins import Precision
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from timm.utils import ModelEmaV3
from torch import nn

from inspector.domain.errors import BundleError, OutputError, TrainingError
from inspector.engine import atomic
from inspector.engine.model import registry as networks
from training.files import read, write, writing
from training.fit.lora import FULL, adapt, architecture_args, load_start, merge
from training.fit.pretrained import load_body
from training.recipe import Recipe

FINAL = "final.safetensors"
FOLDS = "folds.json"
RECIPE = "recipe.json"
_COMMIT = "commit.json"


class Scaler(Protocol):
    """The loss scaler of half precision, as implemented by Fabric's precision plug-ins."""

    def state_dict(self) -> dict[str, Any]:
        """Its values by name; empty for full precision."""

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the values."""


@dataclass(slots=True, eq=False)
class State:
    """Everything that a run needs to resume exactly."""

    network: nn.Module
    averaged: ModelEmaV3  # its `module` is the averaged network
    optimiser: torch.optim.Optimizer
    scaler: Scaler
    step: int = 0
    seconds: float = 0.0  # of training so far
    seen: list[list[float]] = field(default_factory=list)  # loss and accuracy of each step since the last check


def build(recipe: Recipe) -> nn.Module:
    """The recipe's network with random weights from the recipe's seed; TrainingError for an unknown network."""
    network = _plain(recipe)
    adapt(network, recipe.network)
    return network


def _plain(recipe: Recipe) -> nn.Module:
    """The recipe's network before a timm network gets its low-rank updates."""
    table = recipe.network
    torch.manual_seed(recipe.fit.seed)
    args = architecture_args(table)
    try:
        return networks.build(table.architecture, args)
    except BundleError as error:  # its message is about a bundle, not about the recipe
        why = (str(error.__cause__).splitlines() or [""])[0][:300]
        raise TrainingError(
            f"The network {table.architecture!r} of the recipe {recipe.name} cannot be built ({why}); correct "
            "architecture, args and dropout under [network]."
        ) from error


def check_layers(network: nn.Module, names: Sequence[str], recipe: Recipe, field: str) -> None:
    """Raise TrainingError if `network` lacks a layer that the recipe names in `field`."""
    known = dict(network.named_modules())
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3)
            hint = f"correct it, perhaps to {' or '.join(near)}" if near else "name one that its `named_modules` lists"
            raise TrainingError(
                f"The recipe {recipe.name} names the layer {name!r} as {field}, which its network "
                f"{recipe.network.architecture} does not have; {hint}."
            )


def begin(recipe: Recipe, fold: str = FULL, undecided: nn.Module | None = None) -> nn.Module:
    """The recipe's network before its first step: `undecided`, with the start weights of `fold`, if it has any.

    `undecided` is made anew, or given to save the time of that; it is not changed. Raises TrainingError when the
    weights are not available or do not fit.
    """
    network = begin_undecided(recipe) if undecided is None else deepcopy(undecided)
    if recipe.network.lora and recipe.network.lora.start:
        load_start(network, recipe.network.lora, fold)
    return network


def begin_undecided(recipe: Recipe) -> nn.Module:
    """The recipe's network with its pretrained body and a zero head, so that all probabilities are one half.

    Raises TrainingError when the pretrained weights are not available or do not fit.
    """
    network = _plain(recipe)
    if recipe.network.pretrained:
        load_body(network, recipe.network)
    adapt(network, recipe.network)
    with torch.no_grad():
        for value in head(network).parameters():
            value.zero_()
    return network


def head(network: nn.Module) -> nn.Linear:
    """The last layer of a network, which computes its logit."""
    layers = [module for module in network.modules() if isinstance(module, nn.Linear) and module.out_features == 1]
    if not layers:
        raise TrainingError("The network does not end in a linear layer with one output; choose another architecture.")
    return layers[-1]


def is_begun(run: Path) -> bool:
    """Whether a run has written more into its existing folder than how it began."""
    return any(each.name not in (RECIPE, _COMMIT, FOLDS) for each in run.iterdir())


def begin_run(recipe: Recipe, run: Path) -> None:
    """Create the run's folder if needed and write `recipe` into it.

    Raises TrainingError with the differences when the run was started with another recipe; only its length may change.
    One that ended before it wrote anything, as for a mistake in its recipe, begins anew.
    Raises OutputError when the folder cannot be written.
    """
    path = run / RECIPE
    try:
        run.mkdir(parents=True, exist_ok=True)
        has_begun = is_begun(run)
        if has_begun and path.exists():
            begun = msgspec.json.decode(path.read_bytes(), type=Recipe)
            changed = _changes(msgspec.to_builtins(begun.training()), msgspec.to_builtins(recipe.training()))
            if changed:
                raise TrainingError(
                    f"{run} was started with another recipe ({'; '.join(changed)}); name another run folder or restore "
                    "the recipe."
                )
        write(path, recipe)
        if not (has_begun and (run / _COMMIT).exists()):
            write(run / _COMMIT, _commit())
    except OSError as error:
        raise OutputError(f"{run} cannot be written ({error.strerror}); name another run folder.") from error
    except msgspec.DecodeError as error:
        raise TrainingError(f"{path} is damaged ({error}); name another run folder.") from error


def commit_of(run: Path) -> str:
    """The commit at which a run was started, with "-dirty" if the tree had changes; "" if unknown."""
    path = run / _COMMIT
    return read(path, str, "remove it; the card will then not name a commit") if path.exists() else ""


def _commit() -> str:
    if not (git := shutil.which("git")):
        return ""
    here = Path(__file__).parent
    command = [git, "-C", str(here), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _changes(old: Any, new: Any, name: str = "") -> list[str]:
    """The fields in which two recipes differ, as text."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = sorted(old.keys() | new.keys())
        return [line for n in names for line in _changes(old.get(n), new.get(n), f"{name}.{n}" if name else n)]
    return [] if old == new else [f"{name} was {json.dumps(old)} and is {json.dumps(new)}"]


def save(path: Path, state: State) -> None:
    """Write a checkpoint atomically; OutputError when that fails, and the previous checkpoint stays."""
    tensors: dict[str, torch.Tensor] = {}
    tensors |= {f"network.{k}": v for k, v in state.network.state_dict().items()}
    tensors |= {f"averaged.{k}": v for k, v in state.averaged.module.state_dict().items()}
    for number, values in state.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{k}": v for k, v in values.items() if v is not None}
    metadata = {"step": state.step, "seconds": state.seconds, "seen": state.seen, "scaler": state.scaler.state_dict()}
    try:
        atomic.remove_drafts(path.parent, path.name)  # a killed run may have left one, as large as a checkpoint
        with atomic.replacing(path) as draft:
            save_file(
                {k: v.detach().cpu().contiguous() for k, v in tensors.items()},
                draft,
                {k: json.dumps(v) for k, v in metadata.items()},
            )
    except (OSError, SafetensorError) as error:
        kept = f"the checkpoint of {_step_of(path)} is kept" if path.exists() else "there is no checkpoint yet"
        raise OutputError(f"{path} cannot be written ({error}); {kept}: make room and start again.") from error


def save_final(path: Path, state: State) -> None:
    """Write only the averaged weights, in the half precision of a bundle: a checkpoint to score with or start from.

    Raises what `save` raises.
    """
    save_averaged(path, state.averaged.module, state.step)


def save_averaged(path: Path, network: nn.Module, step: int) -> None:
    """Write a finished network's weights as `save_final` does; `step` says after how much they were reached."""
    halves = {k: v.half() if v.is_floating_point() else v for k, v in network.state_dict().items()}
    tensors = {f"averaged.{k}": v.cpu().contiguous() for k, v in halves.items()}
    with writing(path), atomic.replacing(path) as draft:
        save_file(tensors, draft, {"step": json.dumps(step)})


def save_finished(path: Path, network: nn.Module) -> None:
    """Write a network that was not trained step by step as a run's checkpoint; raises what `save` raises."""
    save(path, State(network, ModelEmaV3(network), torch.optim.SGD(network.parameters()), Precision()))


def _step_of(path: Path) -> str:
    with safe_open(path, "pt") as file:
        return f"step {json.loads(file.metadata()['step'])}"


def steps_done(path: Path) -> int:
    """The number of steps of a checkpoint; 0 if there is none. Raises TrainingError when it is damaged."""
    return _read(path)[1].step if path.exists() else 0


def is_finished(recipe: Recipe, path: Path) -> bool:
    """Whether a checkpoint is that of a whole run, by the recipe's steps or minutes."""
    _, about = _read(path)
    if recipe.fit.minutes:
        return about.seconds >= 60 * recipe.fit.minutes
    return about.step >= recipe.fit.steps


def restore(path: Path, state: State) -> None:
    """Load a checkpoint into a state of the same recipe.

    Raises TrainingError when it is damaged, of another network, or without the optimiser's state: with that of a new
    one the run would not be the one that was interrupted.
    """
    tensors, about = _read(path)
    for prefix, module in (("network.", state.network), ("averaged.", state.averaged.module)):
        _load(module, tensors, prefix, path)
    with _damage(path):
        moments = _moments(tensors, state.optimiser)
    # Plain descent keeps nothing, and half precision may have left out every step so far.
    is_stateless = isinstance(state.optimiser, torch.optim.SGD) and not state.optimiser.defaults["momentum"]
    if about.step and not moments and not about.scaler and not is_stateless:
        raise TrainingError(
            f"{path} lacks the state of the optimiser, so training cannot go on from it; restore it, or name another "
            "run folder."
        )
    groups = state.optimiser.state_dict()["param_groups"]
    state.optimiser.load_state_dict({"state": moments, "param_groups": groups})
    state.step, state.seconds = about.step, about.seconds
    state.seen = [list(each) for each in about.seen]
    if about.scaler:
        state.scaler.load_state_dict(about.scaler)


def _moments(tensors: dict[str, torch.Tensor], optimiser: torch.optim.Optimizer) -> dict[int, dict[str, torch.Tensor]]:
    """What an optimiser keeps of each parameter, by its number. Raises ValueError for what belongs to none."""
    shapes = [value.shape for group in optimiser.param_groups for value in group["params"]]
    moments: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimiser."):
            _, number, key = name.split(".", 2)
            if not number.isdecimal() or int(number) >= len(shapes) or value.shape not in ((), shapes[int(number)]):
                raise ValueError(f"{name} belongs to no parameter of the network")
            moments.setdefault(int(number), {})[key] = value
    return moments


class _About(msgspec.Struct):
    """The metadata of a checkpoint; only those that training goes on from have more than the step."""

    step: Annotated[int, msgspec.Meta(ge=0, le=10**12)]
    seconds: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    seen: list[tuple[float, float]] = []
    scaler: dict[str, Any] = {}


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, AttributeError, ValueError, SafetensorError) as error:
        raise TrainingError(f"{path} is no checkpoint, or damaged ({error}); name another run folder.") from error


def _read(path: Path) -> tuple[dict[str, torch.Tensor], _About]:
    with _damage(path):
        with safe_open(path, "pt") as file:
            metadata = {k: json.loads(v) for k, v in file.metadata().items()}
        return load_file(path), msgspec.convert(metadata, _About)


def _load(module: nn.Module, tensors: dict[str, torch.Tensor], prefix: str, path: Path) -> None:
    theirs = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
    own = module.state_dict()
    strange = [k for k in sorted(theirs.keys() | own.keys()) if _shape(theirs.get(k)) != _shape(own.get(k))]
    if strange:
        found, wanted = _shape(theirs.get(strange[0])), _shape(own.get(strange[0]))
        raise TrainingError(
            f"{path} is not a checkpoint of this network ({strange[0]} is {found} there and {wanted} here, first of "
            f"{len(strange)} differences); name another run folder or the recipe that made it."
        )
    module.load_state_dict(theirs)


def _shape(tensor: torch.Tensor | None) -> str:
    return "absent" if tensor is None else f"of shape {tuple(tensor.shape)}"


def chosen(run: Path) -> Path:
    """The final checkpoint, the one that was best on held-out people, or the last; TrainingError without any."""
    for name in (FINAL, "best.safetensors", "last.safetensors"):
        if (run / name).exists():
            return run / name
    raise TrainingError(f"{run} holds no checkpoint; run `python -m training fit` first.")


def averaged_network(recipe: Recipe, run: Path) -> nn.Module:
    """The network with the averaged weights of a run's chosen checkpoint, in evaluation mode.

    Low-rank updates of a timm network are merged into its weights.
    """
    averaged, path = build(recipe), chosen(run)
    _load(averaged, _read(path)[0], "averaged.", path)
    averaged = merge(averaged)
    # Bundles store half precision; calibrate and measure the shipped values.
    averaged.load_state_dict(
        {k: v.half().to(v.dtype) if v.is_floating_point() else v for k, v in averaged.state_dict().items()}
    )
    return averaged.eval()
