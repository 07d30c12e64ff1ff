"""Batch-norm statistics that do not depend on how a step's batches are divided among processes.

A norm updates its running statistics batch by batch, and torch's DDP keeps those of the first process only. Here every
batch of a step, in any process, starts from the same values and has the same weight.
"""

from __future__ import annotations

from typing import cast

import torch
from lightning_fabric import Fabric
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


class Statistics:
    """The statistics of a network's trainable norms over one step: `add` after each batch, then `end`."""

    def __init__(self, network: nn.Module) -> None:
        norms = [m for m in network.modules() if isinstance(m, _BatchNorm) and m.training]
        self._buffers = [buffer for norm in norms for buffer in norm.buffers(recurse=False)]
        self._before = self._read()
        self._sum = torch.zeros_like(self._before)

    def add(self, share: float) -> None:
        """Add the statistics after a batch, weighted by its `share` of the step, and restore the initial ones."""
        self._sum += share * self._read()
        self._write(self._before)

    def end(self, fabric: Fabric) -> None:
        """Set the mean over all batches of all processes."""
        if not self._buffers:  # a network without norms
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
