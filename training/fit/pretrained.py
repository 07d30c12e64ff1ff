"""Pretrained weights: a safetensors file, or timm's, downloaded when training begins and never later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import timm
import torch
from huggingface_hub import hf_hub_download
from safetensors import SafetensorError
from safetensors.torch import load_file
from timm.models import get_pretrained_cfg
from torch import nn

from inspector.domain.errors import TrainingError
from training.recipe import NetworkTable

TIMM = "timm"
_WITHOUT = "name a safetensors file of its weights as `pretrained`, or start without (`fit --fresh`)"


def load_body(network: nn.Module, table: NetworkTable) -> None:
    """Load the weights that the recipe names into the timm body of `network`; the head is unchanged.

    Raises TrainingError when they are not available, or belong to another network.
    """
    name, args, path = _body(table.architecture, table.args, "body")
    source = _fetched(name) if table.pretrained == TIMM else Path(table.pretrained)
    try:
        weights = {k: v.float() if v.is_floating_point() else v for k, v in load_file(source).items()}
        # timm adapts them to the arguments: other input sizes of a transformer, other channels.
        overlay = {"state_dict": weights}
        body = timm.create_model(name, **args, num_classes=0, pretrained=True, pretrained_cfg_overlay=overlay)
        found = body.state_dict()
        if len(weights.keys() & found.keys()) < 0.9 * len(found):
            raise RuntimeError("hardly any of its names is known")
        inside = network.get_submodule(path)
        inside.load_state_dict(_widened(found, inside.state_dict()), strict=False)
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"{source} cannot be read as pretrained weights ({error}); {_WITHOUT}.") from error
    except (RuntimeError, KeyError) as error:
        why = str(error).splitlines()[0]
        raise TrainingError(f"{source} has weights of another network than {name} ({why}); {_WITHOUT}.") from error


def _body(architecture: str, args: dict[str, Any], path: str) -> tuple[str, dict[str, Any], str]:
    """The timm network inside our network at `path`: its name, arguments and path."""
    if "body" in args:
        return args["body"], args.get("body_args", {}), f"{path}.body"
    if architecture in ("high_pass", "close_look"):
        return _body(args["architecture"], args.get("args", {}), f"{path}.body")
    if timm.is_model(architecture):
        return architecture, args, path
    raise TrainingError(f"The network {architecture} has no pretrained weights; set `pretrained` to an empty string.")


def _widened(found: dict[str, torch.Tensor], own: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """`found` with zeros for the input channels that only `own` has, so that residuals start without effect."""
    out = dict(found)
    for name in found.keys() & own.keys():
        have, want = found[name].shape, own[name].shape
        if len(have) == 4 and have[1] < want[1] and (have[0], *have[2:]) == (want[0], *want[2:]):
            out[name] = torch.cat([found[name], found[name].new_zeros(have[0], want[1] - have[1], *have[2:])], 1)
    return out


def _fetched(name: str) -> Path:
    """timm's weights of a network, from the hub or its local cache; safetensors only, never a pickle."""
    config = get_pretrained_cfg(name)
    if config is None or not config.hf_hub_id:
        raise TrainingError(f"timm offers no safetensors weights of {name}; {_WITHOUT}.")
    try:
        return Path(hf_hub_download(config.hf_hub_id, "model.safetensors"))
    except (OSError, ValueError, RuntimeError) as error:
        why = type(error).__name__
        raise TrainingError(
            f"timm's weights of {name} cannot be downloaded from {config.hf_hub_id} ({why}: no network?); {_WITHOUT}."
        ) from error
