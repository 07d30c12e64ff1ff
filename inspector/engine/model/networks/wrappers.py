"""Networks that contain other networks: dense head, patches, LSTM over a window, residuals, centre crop, ensemble.

The inner network is always the attribute `body`, or `members` of an ensemble; a layer in a card is `body.body.layer4`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from inspector.engine.model.windows import scored_index


class DenseHead(nn.Module):
    """Pooled features of `body` (width `features`), dense, ReLU, dropout, one logit: (n, c, s, s) to (n, 1)."""

    def __init__(self, body: nn.Module, features: int, dense: int = 256, dropout: float = 0.5) -> None:
        super().__init__()
        self.body = body
        self.dense = nn.Sequential(nn.Linear(features, dense), nn.ReLU(), nn.Dropout(dropout))
        self.head = nn.Linear(dense, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, c, s, s) to (n, 1)."""
        logits: torch.Tensor = self.head(self.dense(self.body(x)))
        return logits


class EarlyStages(nn.Module):
    """The stem and the first `stages` stages of an EfficientNet or MobileNet of timm: (n, c, s, s) to feature maps.

    The layers keep their names, so that weights of the whole network can be loaded.
    """

    def __init__(self, whole: Any, stages: int) -> None:
        super().__init__()
        if not hasattr(whole, "conv_stem") or not 1 <= stages <= len(whole.blocks):
            raise ValueError(f"{type(whole).__name__} has no {stages} stages to take")
        self.conv_stem, self.bn1, self.blocks = whole.conv_stem, whole.bn1, whole.blocks[:stages]
        convolutions = [module for module in self.blocks.modules() if isinstance(module, nn.Conv2d)]
        self.features: int = convolutions[-1].out_channels

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, c, s, s) to (n, features, s / k, s / k)."""
        maps: torch.Tensor = self.blocks(self.bn1(self.conv_stem(x)))
        return maps


class Patches(nn.Module):
    """The mean logit of many overlapping patches, each smaller than a face: (n, c, s, s) to (n, 1).

    A patch shows how the image was made and not who is in it, so there is little of the people in the training set to
    memorise (Chai, Bau, Lim and Isola, ECCV 2020). `body` extracts the features of each patch.
    """

    def __init__(self, body: EarlyStages, width: int = 128, dropout: float = 0.2) -> None:
        super().__init__()
        self.body = body
        self.patch = nn.Sequential(
            *(nn.Conv2d(body.features, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU6()),
            *(nn.Conv2d(width, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU6()),
            nn.Dropout2d(dropout),
        )
        self.head = nn.Linear(width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, c, s, s) to (n, 1); averaging the features first is the same, since the head is linear."""
        logits: torch.Tensor = self.head(self.patch(self.body(x)).mean((2, 3)))
        return logits


class FrameLstm(nn.Module):
    """An LSTM over the pooled features of each frame of a window: (n, k, c, s, s) to (n, 1).

    The logit comes from its last state, so all frames of the window affect it, also those after the scored one.
    """

    takes_windows = True

    def __init__(self, body: nn.Module, features: int, hidden: int = 128, dropout: float = 0.5) -> None:
        super().__init__()
        self.body = body
        self.lstm = nn.LSTM(features, hidden, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, k, c, s, s) to (n, 1)."""
        return self._over(self.body(x.flatten(0, 1)).view(*x.shape[:2], -1))

    def windows(self, frames: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
        """The same for overlapping windows: frames float32 (m, c, s, s), of which window i holds indices[i] (n, k).

        Each frame passes through the body once and not once per window.
        """
        return self._over(self.body(frames)[indices])

    def _over(self, features: torch.Tensor) -> torch.Tensor:
        # cuDNN has no backward pass for recurrent networks in evaluation mode, which heat maps need.
        explained = features.requires_grad and not self.training
        with torch.backends.cudnn.flags(enabled=torch.backends.cudnn.enabled and not explained):
            _, (last, _) = self.lstm(features)
        logits: torch.Tensor = self.head(self.dropout(last[-1]))
        return logits


class _Preprocessed(nn.Module):
    """Base of networks that preprocess each frame before `body`."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.takes_windows = takes_windows(body)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s), or (n, k, 3, s, s) for a body that takes windows, to (n, 1)."""
        frames = self.preprocess(x.flatten(0, -4))
        logits: torch.Tensor = self.body(frames.view(*x.shape[:-3], *frames.shape[1:]))
        return logits

    def windows(self, frames: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
        """The same for overlapping windows, see FrameLstm."""
        return windowed(self.body, self.preprocess(frames), indices)

    def preprocess(self, frames: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) to the input of `body`, (n, c, s, s)."""
        raise NotImplementedError


class HighPass(_Preprocessed):
    """Adds three fixed residual channels to RGB, in which blending and resampling leave traces.

    "srm": three kernels of the spatial rich model (Fridrich and Kodovsky 2012, as chosen by Zhou et al., CVPR 2018) on
    grey; "laplacian": one 3 x 3 kernel on each colour. The residuals are clipped as in the rich model, so that contours
    do not dominate the noise.
    """

    _GAIN, _CUT_OFF = 32.0, 3.0  # with a std of 0.5, one grey level is 0.25 and the limit is 12 grey levels

    def __init__(self, body: nn.Module, residuals: str = "srm") -> None:
        super().__init__(body)
        if residuals not in ("srm", "laplacian"):
            raise ValueError(f"residuals must be srm or laplacian, not {residuals!r}")
        kernels = _srm() if residuals == "srm" else _laplacian()
        self.kernels: torch.Tensor
        self.register_buffer("kernels", kernels * self._GAIN, persistent=False)

    def preprocess(self, frames: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) to (n, 6, s, s)."""
        padded = nn.functional.pad(frames, (2, 2, 2, 2), mode="replicate")
        residuals = nn.functional.conv2d(padded, self.kernels).clamp(-self._CUT_OFF, self._CUT_OFF)
        return torch.cat([frames, residuals], 1)


class CloseLook(_Preprocessed):
    """Centre crop: the middle of the crop, `share` of its side, enlarged: the face without its surroundings."""

    def __init__(self, body: nn.Module, share: float) -> None:
        super().__init__(body)
        if not 0.1 <= share <= 1:
            raise ValueError(f"share must lie between 0.1 and 1, not {share}")
        self.share = share

    def preprocess(self, frames: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) to the same shape."""
        side = frames.shape[-1]
        cut = round(side * (1 - self.share) / 2)
        # One channel after the other, which gives the same and takes half the time on a CPU.
        middle = frames[..., cut : side - cut, cut : side - cut].contiguous()
        whole = nn.functional.interpolate(middle, size=(side, side), mode="bicubic", align_corners=False)
        return whole.contiguous(memory_format=torch.channels_last)


def _srm() -> torch.Tensor:
    """Three 5 x 5 kernels on the mean of the colours, float32 (3, 3, 5, 5)."""
    square3 = [[0, 0, 0, 0, 0], [0, -1, 2, -1, 0], [0, 2, -4, 2, 0], [0, -1, 2, -1, 0], [0, 0, 0, 0, 0]]
    square5 = [[-1, 2, -2, 2, -1], [2, -6, 8, -6, 2], [-2, 8, -12, 8, -2], [2, -6, 8, -6, 2], [-1, 2, -2, 2, -1]]
    second = [[0] * 5, [0] * 5, [0, 1, -2, 1, 0], [0] * 5, [0] * 5]
    kernels = torch.tensor([square3, square5, second], dtype=torch.float32)
    kernels /= torch.tensor([4.0, 12.0, 2.0]).view(3, 1, 1)
    return (kernels / 3).unsqueeze(1).repeat(1, 3, 1, 1)


def _laplacian() -> torch.Tensor:
    """One kernel for each colour channel, float32 (3, 3, 5, 5)."""
    kernels = torch.zeros(3, 3, 5, 5)
    for colour in range(3):
        kernels[colour, colour, 1:4, 1:4] = torch.tensor([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]) / 4
    return kernels


class Ensemble(nn.Module):
    """The mean of its members' logits: float32 (n, 3, s, s) or (n, k, 3, s, s) to (n, 1).

    Members that take single frames get the scored frame of a window.
    """

    def __init__(self, members: Sequence[nn.Module], names: Sequence[str]) -> None:
        super().__init__()
        self.members, self.names = nn.ModuleList(members), tuple(names)
        self.takes_windows = any(takes_windows(member) for member in members)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s) or (n, k, 3, s, s) to (n, 1)."""
        return torch.stack([self._logit(member, x) for member in self.members]).mean(0)

    def share(self, number: int, x: torch.Tensor) -> torch.Tensor:
        """What one member contributes to the mean, (n, 1), without a pass through the others."""
        return self._logit(self.members[number], x) / len(self.members)

    def _logit(self, member: nn.Module, x: torch.Tensor) -> torch.Tensor:
        takes_frames = self.takes_windows and not takes_windows(member)
        logit: torch.Tensor = member(x[:, scored_index(x.shape[1])] if takes_frames else x)
        return logit

    def windows(self, frames: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
        """The same for overlapping windows, see FrameLstm."""
        return torch.stack([windowed(member, frames, indices) for member in self.members]).mean(0)


def takes_windows(network: nn.Module) -> bool:
    """Whether a network takes windows of frames (n, k, 3, s, s) instead of single frames."""
    return bool(getattr(network, "takes_windows", False))


def windowed(network: nn.Module, frames: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
    """Logits (n, 1) of overlapping windows: frames float32 (m, c, s, s), of which window i holds indices[i] (n, k)."""
    logits: torch.Tensor
    if not takes_windows(network):
        logits = network(frames[indices[:, scored_index(indices.shape[1])]])
    else:
        logits = network.windows(frames, indices)  # type: ignore[operator]
    return logits
