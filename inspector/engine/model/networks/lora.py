"""Low-rank adaptation (LoRA) of a frozen base network: only small updates, the norms and the head are learnt.

Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, ICLR 2022. The frozen weights are non-persistent buffers,
so the state dict of such a network holds exactly what was learnt; the base is stored once and shared by all bundles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn

from inspector.engine.model.networks.int8 import int8_linear

LORA_LAYERS = ("attn.qkv", "attn.proj", "mlp.fc1", "mlp.fc2")
"""The linear layers of each block of a timm vision transformer."""

_MAX_RANK = 256


class FrozenLinear(nn.Module):
    """A linear layer that does not learn: y = x W^T + bias, with W float32, or int8 with the `scale` of each output."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight: torch.Tensor
        self.bias: torch.Tensor | None
        self.register_buffer("weight", linear.weight.detach(), persistent=False)
        self.register_buffer("bias", None if linear.bias is None else linear.bias.detach(), persistent=False)
        self.scale: torch.Tensor | None
        self.register_buffer("scale", getattr(linear, "scale", None), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (..., in) to (..., out)."""
        if self.scale is not None:
            return int8_linear(x, self.weight, self.scale, self.bias)
        return nn.functional.linear(x, self.weight, self.bias)


class LoraLinear(FrozenLinear):
    """A frozen linear layer W with a learnt low-rank update: y = x W^T + bias + (x a^T) b^T.

    `a` is (rank, in) and starts random, `b` is (out, rank) and starts at zero, so that training starts at the base.
    """

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__(linear)
        if not 1 <= rank <= _MAX_RANK:
            raise ValueError(f"rank must lie between 1 and {_MAX_RANK}, not {rank}")
        self.a = nn.Parameter(torch.randn(rank, linear.in_features) * linear.in_features**-0.5)
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (..., in) to (..., out)."""
        return super().forward(x) + nn.functional.linear(nn.functional.linear(x, self.a), self.b)


class LoraClassifier(nn.Module):
    """A frozen base with low-rank updates, and one logit from its pooled features: (n, 3, s, s) to (n, 1).

    The features are L2-normalised and multiplied by `scale` before the linear head, as CLIP's own classifiers do. Only
    the updates, the norms and the head are parameters and stand in the state dict.
    """

    def __init__(
        self,
        base: nn.Module,
        features: int,
        rank: int = 16,
        layers: Sequence[str] = LORA_LAYERS,
        scale: float = 20.0,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.body = base
        add_lora(base, rank, layers)
        freeze(base)
        self.scale = scale
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(features, 1)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) to L2-normalised features (n, features)."""
        return nn.functional.normalize(self.body(x), dim=-1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) to (n, 1)."""
        logits: torch.Tensor = self.head(self.dropout(self.features(x) * self.scale))
        return logits


def add_lora(network: nn.Module, rank: int, layers: Sequence[str]) -> None:
    """Replace every linear layer whose dotted name ends in one of `layers` by a LoraLinear.

    Raises ValueError if a name fits no linear layer.
    """
    replace_linear(network, layers, lambda linear: LoraLinear(linear, rank))


def replace_linear(network: nn.Module, layers: Sequence[str], make: Callable[[nn.Linear], nn.Module]) -> None:
    """Replace every linear layer whose dotted name ends in one of `layers` by what `make` makes of it.

    Raises ValueError if a name fits no linear layer.
    """
    for name in layers:
        found = [
            (path, module)
            for path, module in network.named_modules()
            if isinstance(module, nn.Linear) and (path == name or path.endswith(f".{name}"))
        ]
        if not found:
            raise ValueError(f"the base has no linear layer {name!r}")
        for path, module in found:
            parent = network.get_submodule(path.rpartition(".")[0])
            setattr(parent, path.rpartition(".")[2], make(module))


def to_float(network: nn.Module) -> None:
    """Give all layers of a network float32 weights, which every device can multiply and training needs.

    The values stay the same. Layers that share int8 weights share the float32 ones too.
    """
    made: dict[int, torch.Tensor] = {}  # by the address of the int8 weights
    for module in network.modules():
        if isinstance(module, FrozenLinear) and module.scale is not None:
            address = module.weight.data_ptr()
            if address not in made:
                made[address] = module.weight.float().mul_(module.scale[:, None])
            module.weight, module.scale = made[address], None


def freeze(network: nn.Module, *, keeps_norms: bool = True) -> None:
    """Turn all parameters but those of low-rank updates, and of norms if they are kept, into non-persistent buffers."""
    for module in network.modules():
        if isinstance(module, LoraLinear) or (keeps_norms and isinstance(module, nn.LayerNorm)):
            continue
        for name, parameter in list(module.named_parameters(recurse=False)):
            delattr(module, name)
            module.register_buffer(name, parameter.detach(), persistent=False)
