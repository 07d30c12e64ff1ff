"""A batch's crops as the network's input, on whatever device."""

from __future__ import annotations

import numpy as np
import torch

from inspector.domain.arrays import Image
from inspector.engine.model.registry import to_input
from training.recipe import NetworkTable


def on_device(crops: Image | torch.Tensor, table: NetworkTable, device: torch.device) -> torch.Tensor:
    """float32 (n, 3, s, s), or windows (n, t, 3, s, s), of crops uint8 (n, s, s, 3) or (n, t, s, s, 3) RGB.

    A GPU gets bytes and normalises them itself, four times fewer to copy; its layout is NCHW, since convolutions in
    channels_last and bf16 were seen to stand still in cuDNN's search for an algorithm.
    """
    if device.type == "cpu":
        return to_input(crops.numpy() if isinstance(crops, torch.Tensor) else crops, table.mean, table.std)
    sent = crops if isinstance(crops, torch.Tensor) else torch.from_numpy(np.ascontiguousarray(crops))
    x = sent.to(device).movedim(-1, -3).float()
    mean, std = (torch.tensor(value, device=device).view(3, 1, 1) for value in (table.mean, table.std))
    return ((x / 255 - mean) / std).contiguous()
