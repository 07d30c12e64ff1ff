"""What batch norms keep for scoring, made independent of how a step's batches are shared out.

A norm's running statistics follow the batches that it met, one after the other, and torch's DDP keeps those of the
first process alone. Here every batch of a step, in whatever process, starts from the same and counts the same.
"""

from __future__ import annotations

from typing import cast

import torch
from lightning.fabric import Fabric
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


class Statistics:
    """The running statistics of a network's learning norms over one step: begun, added to by each batch, ended."""

    def __init__(self, network: nn.Module) -> None:
        norms = [m for m in network.modules() if isinstance(m, _BatchNorm) and m.training]
        self._buffers = [buffer for norm in norms for buffer in norm.buffers(recurse=False)]
        self._before = self._read()
        self._sum = torch.zeros_like(self._before)

    def add(self, share: float) -> None:
        """Count what the last batch left, for `share` of this process's step, and go back to the step's start."""
        self._sum += share * self._read()
        self._write(self._before)

    def end(self, fabric: Fabric) -> None:
        """Take the mean over all batches of all processes."""
        if not self._buffers:  # nothing to share, nor a device to share it on
            return
        self._write(cast(torch.Tensor, fabric.all_reduce(self._sum, reduce_op="mean")))

    def _read(self) -> torch.Tensor:
        return torch.cat([buffer.detach().float().flatten() for buffer in self._buffers] or [torch.zeros(0)])

    def _write(self, values: torch.Tensor) -> None:
        offset = 0
        for buffer in self._buffers:
            part = values[offset : offset + buffer.numel()].view_as(buffer)
            buffer.copy_(part if buffer.is_floating_point() else part.round())
            offset += buffer.numel()
