"""A larger, trained network as teacher: its probability of the same crops becomes a part of the target.

Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015. The teacher sees the very crops of a
batch, augmented and forged, so a small network learns to follow the large one frame by frame. The teacher of a network
that leaves out a fold of sources is the one that left out the same fold.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch.nn.functional import interpolate

from inspector.domain.arrays import Image
from inspector.domain.errors import TrainingError
from training.fit.batch.inputs import on_device
from training.fit.checkpoint import averaged_network
from training.fit.lora import FULL
from training.recipe import DistilTable, Recipe, load


class Teacher:
    """The network of another recipe, in evaluation mode on the device of the student."""

    def __init__(self, table: DistilTable, student: Recipe, device: torch.device, fold: str = FULL) -> None:
        recipe, run = load(Path(table.recipe)), Path(table.run)
        mine, theirs = student.network, recipe.network
        if (mine.margin, mine.frames_per_sample) != (theirs.margin, theirs.frames_per_sample):
            raise TrainingError(
                f"The recipe {student.name} cuts other crops than {table.recipe}, its teacher; give both the same "
                "margin and frames_per_sample."
            )
        if fold != FULL and _folds(student) != _folds(recipe):
            raise TrainingError(
                f"The recipe {student.name} leaves out other sources than {table.recipe}, its teacher, so that the "
                "teacher of a fold may have seen them; give both the same prepared folder, seed and source_folds count."
            )
        self.weight = table.weight
        self._table, self._size = theirs, theirs.input_size
        self._network = averaged_network(recipe, run if fold == FULL else run / fold).to(device).requires_grad_(False)

    def targets(self, crops: Image | torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """`targets` float32 (n,) moved towards the teacher's probability of the crops uint8 (n, s, s, 3) RGB."""
        with torch.no_grad():
            x = on_device(crops, self._table, targets.device)
            if x.shape[-1] != self._size:
                flat = x.flatten(0, -4)
                flat = interpolate(flat, (self._size, self._size), mode="bilinear", antialias=True)
                x = flat.view(*x.shape[:-2], self._size, self._size)
            probability: torch.Tensor = self._network(x).float().sigmoid()
        return targets + self.weight * (probability - targets)


def _folds(recipe: Recipe) -> tuple[str, int, int]:
    """What determines the sources of each fold."""
    return recipe.prepare.folder, recipe.fit.seed, recipe.source_folds.count if recipe.source_folds else 0
