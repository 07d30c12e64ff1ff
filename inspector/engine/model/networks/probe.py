"""A linear probe of a frozen base: what its intermediate blocks tell, without any change to the base itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import torch
from torch import nn

from inspector.engine.model.networks.lora import LORA_LAYERS, FrozenLinear, freeze, replace_linear

_BORDER = 0.443  # of the grid's side from its centre: 76 of the 196 patches of a 14 x 14 grid


class BlockProbe(nn.Module):
    """A linear classifier on intermediate tokens of a frozen vision transformer: (n, 3, s, s) to (n, 1).

    Linear probe: Alain and Bengio, ICLR workshop 2017; on the blocks of an image encoder: Koutlis and Papadopoulos
    (RINE), ECCV 2024. Blocks are counted from 0, as in timm's names. The features are the class token after each block
    of `class_blocks`, then the mean of the border's patch tokens after each block of `border_blocks`. They are
    standardised without learnt parameters, as in the linear probes of He et al. (MAE), CVPR 2022. The state dict holds
    `standard` and `head` alone. Raises ValueError for a base without a class token or without one of the blocks.
    """

    def __init__(self, base: Any, class_blocks: Sequence[int], border_blocks: Sequence[int] = ()) -> None:
        super().__init__()
        self.class_blocks, self.border_blocks = tuple(class_blocks), tuple(border_blocks)
        self.body = base
        self._used = _checked(base, self.class_blocks + self.border_blocks)
        base.prune_intermediate_layers(self._used, prune_norm=True)
        replace_linear(base, LORA_LAYERS, FrozenLinear)
        freeze(base, keeps_norms=False)
        self.border: torch.Tensor
        self.register_buffer("border", _border(*base.patch_embed.grid_size), persistent=False)
        if self.border_blocks and not len(self.border):
            raise ValueError("the base has too few patches for a border")
        width = base.embed_dim * len(self.class_blocks + self.border_blocks)
        self.standard = nn.BatchNorm1d(width, affine=False)
        self.head = nn.Linear(width, 1)

    def train(self, mode: bool = True) -> Self:
        """Set the mode of all but the base, whose features do not depend on it."""
        super().train(mode)
        self.body.eval()
        return self

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) to the base's own features (n, d), neither normalised nor standardised."""
        found = self.body.forward_intermediates(
            x, self._used, return_prefix_tokens=True, output_fmt="NLC", intermediates_only=True
        )
        tokens = dict(zip(self._used, found, strict=True))  # of patches, and those before them
        of_class = [tokens[block][1][:, 0] for block in self.class_blocks]
        of_border = [tokens[block][0][:, self.border].mean(1) for block in self.border_blocks]
        return torch.cat(of_class + of_border, 1)

    def classify(self, features: torch.Tensor) -> torch.Tensor:
        """Features float32 (n, d), as `features` gives them, to logits (n, 1)."""
        logits: torch.Tensor = self.head(self.standard(features))
        return logits

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) to (n, 1)."""
        return self.classify(self.features(x))


def _checked(base: Any, blocks: Sequence[int]) -> list[int]:
    """The different ones of `blocks` in the order of computing. Raises ValueError unless the base has them."""
    if getattr(base, "cls_token", None) is None or not hasattr(base, "forward_intermediates"):
        raise ValueError(f"{type(base).__name__} has no class token after each block to classify")
    if not blocks:
        raise ValueError("a probe takes features of 1 block or more")
    count = len(base.blocks)
    if any(type(block) is not int or not 0 <= block < count for block in blocks):
        raise ValueError(f"the base has the blocks 0 to {count - 1}, not all of {list(blocks)}")
    return sorted(set(blocks))


def _border(rows: int, columns: int) -> torch.Tensor:
    """The indices of the patches whose centre lies far from that of the grid, int64 (k,), row by row."""
    y, x = ((torch.arange(count) + 0.5) / count - 0.5 for count in (rows, columns))
    return torch.nonzero((y[:, None].hypot(x[None, :]) > _BORDER).flatten()).flatten()
