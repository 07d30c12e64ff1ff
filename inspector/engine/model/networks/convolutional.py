"""Small networks that timm does not have: plain convolution stacks, and MesoInception4."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

_GRID = 8  # maps are averaged to this grid before a dense layer, so that any input size works


def _block(inputs: int, outputs: int, *, norm: bool) -> nn.Sequential:
    """Convolution 3 x 3, ReLU, halving by maximum."""
    layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=not norm)]
    if norm:
        layers.append(nn.BatchNorm2d(outputs))
    return nn.Sequential(*layers, nn.ReLU(), nn.MaxPool2d(2))


class Cnn(nn.Module):
    """Three conv/pool blocks (width, 2 width, 4 width), dense 256, dropout: float32 (n, c, s, s) to (n, 1)."""

    def __init__(self, width: int = 32, dense: int = 256, dropout: float = 0.5, in_chans: int = 3) -> None:
        super().__init__()
        widths = (in_chans, width, 2 * width, 4 * width)
        self.blocks = nn.Sequential(*(_block(a, b, norm=False) for a, b in pairwise(widths)))
        self.pool = nn.AdaptiveAvgPool2d(_GRID)
        self.dense = nn.Sequential(nn.Linear(widths[-1] * _GRID**2, dense), nn.ReLU(), nn.Dropout(dropout))
        self.head = nn.Linear(dense, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, c, s, s) to (n, 1)."""
        logits: torch.Tensor = self.head(self.dense(self.pool(self.blocks(x)).flatten(1)))
        return logits


class CnnGanStills(nn.Module):
    """Five normalised conv/pool blocks (width to 16 width) and global average pooling: (n, c, s, s) to (n, 1)."""

    def __init__(self, width: int = 32, dropout: float = 0.0, in_chans: int = 3) -> None:
        super().__init__()
        widths = (in_chans, *(width * 2**k for k in range(5)))
        self.blocks = nn.Sequential(*(_block(a, b, norm=True) for a, b in pairwise(widths)))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(widths[-1], 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, c, s, s) to (n, 1)."""
        logits: torch.Tensor = self.head(self.dropout(self.blocks(x).mean((2, 3))))
        return logits


class _Inception(nn.Module):
    """Four parallel paths, three of them dilated 1, 2 and 3, so that one layer sees several scales."""

    def __init__(self, inputs: int, widths: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.paths = nn.ModuleList([nn.Sequential(nn.Conv2d(inputs, widths[0], 1), nn.ReLU())])
        for dilation, width in enumerate(widths[1:], 1):
            dilated = nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation)
            self.paths.append(nn.Sequential(nn.Conv2d(inputs, width, 1), nn.ReLU(), dilated, nn.ReLU()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([path(x) for path in self.paths], 1)


def _meso_block(convolution: nn.Module, channels: int, pool: int) -> nn.Sequential:
    return nn.Sequential(convolution, nn.BatchNorm2d(channels, eps=1e-3), nn.MaxPool2d(pool))


class MesoInception4(nn.Module):
    """MesoInception4 of Afchar et al. (MesoNet, WIFS 2018): about 28,000 weights, float32 (n, c, s, s) to (n, 1).

    Two inception blocks with dilated convolutions, two 5 x 5 convolutions, dense 16. At the paper's 256 px the grid
    before the dense layer is the paper's 8 x 8; at other sizes the maps are averaged to it.
    """

    def __init__(self, dropout: float = 0.5, in_chans: int = 3) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            _meso_block(_Inception(in_chans, (1, 4, 4, 2)), 11, 2),
            _meso_block(_Inception(11, (2, 4, 4, 2)), 12, 2),
            _meso_block(nn.Sequential(nn.Conv2d(12, 16, 5, padding=2), nn.ReLU()), 16, 2),
            _meso_block(nn.Sequential(nn.Conv2d(16, 16, 5, padding=2), nn.ReLU()), 16, 4),
        )
        self.pool = nn.AdaptiveAvgPool2d(_GRID)
        self.dense = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(16 * _GRID**2, 16), nn.LeakyReLU(0.1), nn.Dropout(dropout)
        )
        self.head = nn.Linear(16, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, c, s, s) to (n, 1)."""
        logits: torch.Tensor = self.head(self.dense(self.pool(self.blocks(x)).flatten(1)))
        return logits
