"""Networks of timm's EfficientNet family, to which MobileNets belong, with fewer steps for scoring.

Batch normalisation with fixed statistics is a factor and an offset of each channel, which go into the weights of the
convolution before it. Logits of the published networks change by less than 1e-4 (tested).
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import conv2d, pad
from torch.nn.utils.fusion import fuse_conv_bn_weights

# Convolutions with the normalisation that follows each, in modules whose order of layers is known.
FOLLOWED = {
    "EfficientNet": (("conv_stem", "bn1"), ("conv_head", "bn2")),
    "DepthwiseSeparableConv": (("conv_dw", "bn1"), ("conv_pw", "bn2")),
    "InvertedResidual": (("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3")),
}


def fold(network: nn.Module, kept: str) -> None:
    """Fold the normalisations of a network into its convolutions; the names of all layers stay, and its other layers.

    The convolution `kept`, a dotted name, stays too, since heat maps show what it computes.
    """
    network.eval()
    shown = network.get_submodule(kept)
    for block in list(network.modules()):
        for name, norm in FOLLOWED.get(type(block).__name__, ()):
            convolution, follows = getattr(block, name, None), getattr(block, norm, None)
            if (
                convolution is shown
                or not isinstance(convolution, nn.Conv2d)
                or not isinstance(follows, nn.BatchNorm2d)
            ):
                continue
            _take_in(convolution, follows)
            if _is_halving(convolution):
                setattr(block, name, Halving(convolution))
            setattr(block, norm, getattr(follows, "act", nn.Identity()))


def _take_in(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
    """As `fuse_conv_bn_eval`, but without a copy of the convolution, which took half of the time."""
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None
    assert variance is not None
    convolution.weight, convolution.bias = fuse_conv_bn_weights(
        convolution.weight, convolution.bias, mean, variance, norm.eps, norm.weight, norm.bias
    )


def _is_halving(convolution: nn.Conv2d) -> bool:
    """Whether it is TensorFlow's 3 x 3 convolution at every other pixel, which pads by what the size needs."""
    sizes = convolution.kernel_size, convolution.stride, convolution.dilation
    return type(convolution).__name__ == "Conv2dSame" and sizes == ((3, 3), (2, 2), (1, 1))


class Halving(nn.Module):
    """A 3 x 3 convolution at every other pixel without a padded copy of its input: (n, c, h, w) to (n, d, h/2, w/2).

    A side of even length gets a pixel at its end alone. With a row and a column of zeros before the weights, a pixel at
    both ends gives the same, to the bit, and oneDNN pads by itself.
    """

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        self.convolution = convolution
        self.weight: torch.Tensor
        self.register_buffer("weight", pad(convolution.weight.detach(), (1, 0, 1, 0)), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, c, h, w) to (n, d, ceil(h / 2), ceil(w / 2))."""
        inner = self.convolution
        if x.shape[-1] % 2 or x.shape[-2] % 2:
            odd: torch.Tensor = inner(x)
            return odd
        return conv2d(x, self.weight, inner.bias, inner.stride, 1, 1, inner.groups)
