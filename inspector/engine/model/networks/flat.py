"""Networks of timm's EfficientNet family as a flat list of steps, for scoring on a CPU.

Between the layers of a small network PyTorch's modules take much of the time, so the steps are called without them.
The first blocks have large activations and small weights, the others the reverse: the first ones pass two crops at a
time, whose activations stay in the processor's cache, and the others all crops, for which their weights are read once.
Logits are those of the layers, to the bit (tested). Heat maps, which need gradients and hooks, and GPUs use the layers.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.nn.functional import relu6

from inspector.engine.model.networks.folded import FOLLOWED, Halving
from inspector.engine.model.networks.wrappers import Ensemble

_WIDE = 1 << 17  # values of a crop in the largest activation of a block, from which on few crops pass it together
_WIDE_CROPS = 2

_Step = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True)
class _Block:
    steps: tuple[_Step, ...]
    channels: int  # of its largest activation
    has_skip: bool = False  # whether the input is added to the result

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        y = x
        for step in self.steps:
            y = step(y)
        return y.add_(x) if self.has_skip else y


def flatten(network: nn.Module) -> None:
    """Let each EfficientNet in a folded network score by a list of steps, in inference mode on a CPU.

    The layers stay, with their names; their weights are shared, and must not change after the first pass.
    """
    for body in network.modules():
        if type(body).__name__ == "EfficientNet":
            body.forward = _Forward(body)


def is_flat(network: nn.Module) -> bool:
    """Whether a network, or each member of an ensemble, scores by a list of steps."""
    if isinstance(network, Ensemble):
        return all(map(is_flat, network.members))
    return any(isinstance(body.forward, _Forward) for body in network.modules())


class _Forward:
    """Stands for the method of one network; lists its steps when it scores first."""

    def __init__(self, body: nn.Module) -> None:
        self._body = body
        self._blocks: Sequence[_Block] = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> _Forward:
        return _Forward(copy.deepcopy(self._body, memo))  # whose layers stay where they are if this network moves

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, c, h, w) to (n, k)."""
        body: Any = self._body
        if not torch.is_inference_mode_enabled() or x.device.type != "cpu":
            computed: torch.Tensor = type(body).forward(body, x)
            return computed
        if not self._blocks:
            self._blocks = tuple(_blocks(body))
        begun = [self._begun(part) for part in torch.split(x, _WIDE_CROPS)]
        x = torch.cat([part for part, _ in begun])
        for block in self._blocks[begun[0][1] :]:
            x = block(x)
        # Always two crops: the last bits of a product with one column depend on the number of rows.
        count = len(x)
        pairs = torch.cat([x, x[-1:]]) if count % 2 else x
        return torch.cat([body.forward_head(pair) for pair in torch.split(pairs, 2)])[:count]

    def _begun(self, x: torch.Tensor) -> tuple[torch.Tensor, int]:
        """Some crops after the blocks with large activations, and the number of these blocks."""
        for at, block in enumerate(self._blocks):
            if x.shape[2] * x.shape[3] * block.channels < _WIDE:
                return x, at
            x = block(x)
        return x, len(self._blocks)


def _blocks(body: Any) -> Iterator[_Block]:
    yield _block([(body.conv_stem, body.bn1)])
    for block in (block for stage in body.blocks for block in stage):
        names = FOLLOWED.get(type(block).__name__)
        is_plain = all(isinstance(getattr(block, name, None), nn.Identity) for name in ("se", "aa", "drop_path"))
        if names is None or not is_plain or getattr(block, "conv_s2d", None) is not None:
            widths = [part.out_channels for part in block.modules() if isinstance(part, nn.Conv2d)]
            yield _Block((block,), max(widths, default=1))
        else:
            layers = [(getattr(block, name), getattr(block, norm)) for name, norm in names]
            yield _block(layers, has_skip=block.has_skip)
    yield _block([(body.conv_head, body.bn2)])


def _block(layers: Sequence[tuple[nn.Module, nn.Module]], *, has_skip: bool = False) -> _Block:
    steps: list[_Step] = []
    channels = 1
    for convolution, follows in layers:
        inner: Any = convolution.convolution if isinstance(convolution, Halving) else convolution
        channels = max(channels, inner.out_channels)
        steps += _steps(convolution, follows)
    return _Block(tuple(steps), channels, has_skip)


def _steps(convolution: nn.Module, follows: nn.Module) -> Iterator[_Step]:
    """A convolution and what follows it: a folded one is followed by its activation alone."""
    if type(convolution) is nn.Conv2d and _is_product(convolution):
        weight = convolution.weight.detach().flatten(1).t()
        yield partial(_product, weight, None if convolution.bias is None else convolution.bias.detach())
    else:
        yield convolution
    if type(follows) is nn.ReLU6:
        yield partial(relu6, inplace=True)
    elif not isinstance(follows, nn.Identity):
        yield follows


def _is_product(convolution: nn.Conv2d) -> bool:
    """Whether it is a 1 x 1 convolution, which multiplies the channels of each pixel by one matrix."""
    sizes = convolution.kernel_size, convolution.stride, convolution.padding, convolution.groups
    return sizes == ((1, 1), (1, 1), (0, 0), 1)


def _product(weight: torch.Tensor, bias: torch.Tensor | None, x: torch.Tensor) -> torch.Tensor:
    n, channels, height, width = x.shape
    pixels = x.permute(0, 2, 3, 1).reshape(-1, channels)
    y = pixels @ weight if bias is None else torch.addmm(bias, pixels, weight)
    return y.view(n, height, width, -1).permute(0, 3, 1, 2)
