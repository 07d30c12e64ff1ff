"""The one table of networks and their input: training and the engine build and feed a detector with the same code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from inspector.domain.errors import BundleError

Arguments = Mapping[str, str | int | float | bool]

OURS: dict[str, Callable[..., nn.Module]] = {}
"""Constructors for architectures that timm does not have, by the name that stands in a card."""

_NEVER_FROM_A_CARD = {
    "pretrained", "pretrained_cfg", "pretrained_cfg_overlay", "pretrained_strict", "checkpoint_path", "cache_dir",
}  # fmt: skip


def build(architecture: str, args: Arguments) -> nn.Module:
    """A network with fresh weights that maps float32 (n, 3, s, s) to one logit per crop, shape (n,); fake is positive.

    `architecture` is a name in OURS, else one of timm's; `args` go to its constructor. Nothing is ever fetched.
    Raises BundleError for a name or arguments that no constructor knows.
    """
    try:
        if architecture in OURS:
            body = OURS[architecture](**args)
        else:
            import timm

            # A card may come from a stranger: no hub address, no checkpoint path, nothing to fetch or unpickle.
            if not timm.is_model(architecture) or not set(args).isdisjoint(_NEVER_FROM_A_CARD):
                raise ValueError("unknown name or forbidden argument")
            body = timm.create_model(architecture, **{"num_classes": 1, **dict(args)}, pretrained=False)
    except (RuntimeError, TypeError, ValueError) as error:
        raise BundleError(
            f"The network {architecture!r} with arguments {dict(args)} cannot be built ({error}); "
            "use a bundle that was made for this version."
        ) from error
    return OneLogit(body).to(memory_format=torch.channels_last)


class OneLogit(nn.Module):
    """The network in `body` with its (n, 1) output as (n,), so that losses and scores need no squeeze of their own."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) to float32 (n,)."""
        logits: torch.Tensor = self.body(x)
        return logits.flatten()


def layer(network: nn.Module, name: str) -> nn.Module:
    """The sub-module called `name` (dotted path, as in `named_modules`); BundleError names one that is not there."""
    modules: dict[str, Any] = dict(network.named_modules())
    if name not in modules:
        raise BundleError(f"The network has no layer {name!r}; the bundle's card was made for another architecture.")
    return modules[name]  # type: ignore[no-any-return]


def to_input(crops: npt.NDArray[np.uint8], mean: Sequence[float], std: Sequence[float]) -> torch.Tensor:
    """Crops uint8 (n, s, s, 3) RGB as the network's input: float32 (n, 3, s, s), channels_last."""
    x = torch.from_numpy(np.ascontiguousarray(crops)).permute(0, 3, 1, 2).to(torch.float32)
    scale = torch.tensor([1 / (255 * s) for s in std]).view(1, 3, 1, 1)
    shift = torch.tensor([-m / s for m, s in zip(mean, std, strict=True)]).view(1, 3, 1, 1)
    return torch.addcmul(shift, x, scale).contiguous(memory_format=torch.channels_last)
