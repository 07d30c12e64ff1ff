"""Low-rank updates in training: which network a recipe's `[network.lora]` makes, what learns, and from where it starts.

The architecture "lora" keeps its base apart (models/bases); its bundles hold what was learnt and name the base by its
SHA-256. A timm network with updates becomes a plain timm network once they are merged, so its bundle needs no base.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from inspector.domain.errors import BundleError, TrainingError
from inspector.engine.model.bases import read_base
from inspector.engine.model.networks.lora import LoraLinear, add_lora
from training.files import reading
from training.recipe import LoraTable, NetworkTable

_NORMS = (nn.LayerNorm, nn.GroupNorm, _BatchNorm)
_FIRST = "body.members.0."  # of the names of an ensemble's weights
FULL = "full"  # stands for "{fold}" in the path of start weights, for the network that learns from all sources


def architecture_args(table: NetworkTable) -> dict[str, Any]:
    """The constructor arguments of the recipe's network, as its card states them.

    Raises TrainingError when the base that they name is not installed.
    """
    args = dict(table.args) | ({"drop_rate": table.dropout} if table.dropout else {})
    lora = table.lora
    base = lora.base if lora else args.get("base", "")
    if not base:
        return args
    try:
        sha256 = read_base(base).sha256
    except BundleError as error:
        raise TrainingError(str(error)) from error
    updates = {"rank": lora.rank, "layers": list(lora.layers)} if lora else {}
    return {"base": base, "base_sha256": sha256, **updates, **args}


def adapt(network: nn.Module, table: NetworkTable) -> None:
    """Add the recipe's low-rank updates to a timm network. The architecture "lora" has them already.

    Raises TrainingError when `layers` names a layer that the network does not have.
    """
    lora = table.lora
    if lora is None or lora.base:
        return
    try:
        add_lora(network, lora.rank, lora.layers)
    except ValueError as error:
        raise TrainingError(
            f"[network.lora] does not fit {table.architecture} ({error}); correct layers or rank."
        ) from (error)
    for module in network.modules():
        if isinstance(module, LoraLinear):  # no base keeps these weights, so checkpoints have to
            for name in ("weight", "bias"):
                value = getattr(module, name)
                delattr(module, name)
                module.register_buffer(name, value)


def choose_learning(network: nn.Module, table: LoraTable, head: nn.Module) -> None:
    """Make exactly what `learns` names trainable: the updates, the norms, the `head`."""
    network.requires_grad_(False)
    for module in network.modules():
        if ("updates" in table.learns and isinstance(module, LoraLinear)) or (
            "norms" in table.learns and isinstance(module, _NORMS)
        ):
            module.requires_grad_(True)
    head.requires_grad_("head" in table.learns)


def load_start(network: nn.Module, table: LoraTable, fold: str = FULL) -> None:
    """Load the weights that training starts from: of a checkpoint or bundle, or by the names of the bare network.

    Of an ensemble, as `deep --join` makes it, those of the first member are taken, which is the one with updates.
    Raises TrainingError when they cannot be read or belong to another network or rank.
    """
    path = Path(table.start.replace("{fold}", fold))
    with reading(path, "name another file as start under [network.lora], or leave it out"):
        stored = load_file(path)
    averaged = {name.removeprefix("averaged."): v for name, v in stored.items() if name.startswith("averaged.")}
    first = {f"body.{n.removeprefix(_FIRST)}": value for n, value in stored.items() if n.startswith(_FIRST)}
    own = dict(network.state_dict())
    named = {name if name in own else f"body.{name}": value for name, value in (averaged or first or stored).items()}
    strange = [
        n for n in sorted(named.keys() | own.keys()) if n not in named or n not in own or named[n].shape != own[n].shape
    ]
    if strange:
        raise TrainingError(
            f"{path} has other weights than the network of the recipe learns ({strange[0]}, first of {len(strange)} "
            "differences); correct base, rank and layers under [network.lora], or name another file as start."
        )
    network.load_state_dict({name: value.to(own[name].dtype) for name, value in named.items()})


def merge(network: nn.Module) -> nn.Module:
    """Replace every update that is not kept apart by one plain linear layer with weights W + b a; returns `network`."""
    for path, module in list(network.named_modules()):
        if isinstance(module, LoraLinear) and "weight" in module.state_dict():
            plain = nn.Linear(module.weight.shape[1], module.weight.shape[0], module.bias is not None)
            with torch.no_grad():
                plain.weight.copy_(module.weight + module.b @ module.a)
                if module.bias is not None:
                    plain.bias.copy_(module.bias)
            parent, _, name = path.rpartition(".")
            setattr(network.get_submodule(parent), name, plain)
    return network
