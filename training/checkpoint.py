"""A run's checkpoints: the network, its running average and the optimiser, as safetensors; no pickle is ever loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from inspector.domain.errors import TrainingError
from inspector.engine import network as networks
from training.recipe import Recipe


def begin(recipe: Recipe) -> nn.Module:
    """The recipe's network with its pretrained body, and a head of zeros: the first probabilities are one half."""
    table = recipe.network
    torch.manual_seed(recipe.fit.seed)
    args = dict(table.args) | ({"drop_rate": table.dropout} if table.dropout else {})
    network = networks.build(table.architecture, args)
    if table.pretrained:
        weights = {f"body.{k}": v.float() for k, v in load_file(table.pretrained).items()}
        own = network.state_dict()
        fitting = {k: v for k, v in weights.items() if k in own and own[k].shape == v.shape}
        if len(fitting) < 0.9 * len(own):
            raise TrainingError(f"{table.pretrained} holds weights of another network than {table.architecture}.")
        network.load_state_dict(fitting, strict=False)
    head = [module for module in network.modules() if isinstance(module, nn.Linear) and module.out_features == 1]
    for module in head[-1:]:
        nn.init.zeros_(module.weight)
        nn.init.zeros_(module.bias)
    return network


def save(path: Path, network: nn.Module, averaged: nn.Module, optimiser: torch.optim.Optimizer, step: int) -> None:
    """Write a checkpoint whole or not at all; safetensors, since no pickle is ever loaded."""
    tensors: dict[str, torch.Tensor] = {}
    tensors |= {f"network.{k}": v for k, v in network.state_dict().items()}
    tensors |= {f"averaged.{k}": v for k, v in averaged.state_dict().items()}
    for number, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{k}": v for k, v in state.items()}
    partial = path.with_suffix(".partial")
    save_file({k: v.detach().cpu().contiguous() for k, v in tensors.items()}, partial, {"step": json.dumps(step)})
    partial.replace(path)


def restore(path: Path, network: nn.Module, averaged: nn.Module, optimiser: torch.optim.Optimizer | None) -> int:
    """Load a checkpoint into what it was made from; the step it was saved at.

    Raises TrainingError when it is damaged or of another architecture.
    """
    try:
        tensors = load_file(path)
        with safe_open(path, "pt") as file:
            step = int(json.loads(file.metadata()["step"]))
        for prefix, module in (("network.", network), ("averaged.", averaged)):
            module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    except (OSError, KeyError, ValueError, RuntimeError, SafetensorError) as error:
        raise TrainingError(f"{path} is no checkpoint of this network ({error}); name another run folder.") from error
    if optimiser is not None:
        state: dict[int, dict[str, Any]] = {}
        for name, value in tensors.items():
            if name.startswith("optimiser."):
                _, number, key = name.split(".", 2)
                state.setdefault(int(number), {})[key] = value
        optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
    return step


def chosen(run: Path) -> Path:
    """The checkpoint that did best on held-out people, else the last; TrainingError when there is none."""
    for name in ("best.safetensors", "last.safetensors"):
        if (run / name).exists():
            return run / name
    raise TrainingError(f"{run} holds no checkpoint; run `python -m training fit` first.")


def averaged_network(recipe: Recipe, run: Path) -> nn.Module:
    """The network with the averaged weights of a run's chosen checkpoint, ready to score."""
    network, averaged = begin(recipe), begin(recipe)
    restore(chosen(run), network, averaged, None)
    # Bundles hold half floats; what is calibrated and measured is what ships.
    averaged.load_state_dict(
        {k: v.half().to(v.dtype) if v.is_floating_point() else v for k, v in averaged.state_dict().items()}
    )
    return averaged.eval()
