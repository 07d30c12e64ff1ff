"""Scoring crops with a network, for checks, calibration and evaluation."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import roc_auc_score
from torch import nn

from inspector.domain.arrays import Floats, Image
from inspector.engine.model import registry as networks
from inspector.engine.model.windows import window
from training.forge.augment import network_crop
from training.prepare.index import Row
from training.prepare.parts import load_crop
from training.recipe import Recipe


def logits_of(network: nn.Module, crops: Image, recipe: Recipe) -> Floats:
    """Logits float64 (n,) of crops uint8 (n, s, s, 3) RGB, or of windows (n, t, s, s, 3)."""
    network.eval()
    device = next(network.parameters()).device
    out = []
    at_once = max(1, 64 // recipe.network.frames_per_sample)
    with torch.inference_mode():
        for start in range(0, len(crops), at_once):
            x = networks.to_input(crops[start : start + at_once], recipe.network.mean, recipe.network.std)
            out.append(network(x.to(device)).double().cpu().numpy())
    return np.concatenate(out)


def plain_crops(recipe: Recipe, rows: Sequence[Row]) -> Image:
    """The engine's input for every row, cut on all cores: uint8 (n, s, s, 3) RGB, or windows (n, t, s, s, 3)."""
    folder, table = Path(recipe.prepare.folder), recipe.network

    def cut(row: Row) -> Image:
        image, points = load_crop(folder, row)
        return network_crop(image, points, table.margin, table.input_size, (0.0, 0.0, 1.0))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        crops = list(pool.map(cut, rows))
    return samples(crops, [row["part"] for row in rows], recipe)


def samples(crops: Sequence[Image], parts: Sequence[str], recipe: Recipe) -> Image:
    """One sample per crop, as the engine makes them from a track's frames; `parts` names the file of each crop.

    A sample is the crop itself, uint8 (n, s, s, 3), or the window around it, (n, t, s, s, 3) (engine/model/windows.py).
    """
    count = recipe.network.frames_per_sample
    if count == 1:
        return np.stack(crops)
    of_part: dict[str, list[int]] = defaultdict(list)
    for number, part in enumerate(parts):
        of_part[part].append(number)
    indices = np.zeros((len(crops), count), np.int64)
    for numbers in of_part.values():
        shows, cuts = [True] * len(numbers), [False] * len(numbers)
        for at, number in enumerate(numbers):
            indices[number] = [numbers[i] for i in window(shows, cuts, at, count)]
    return np.stack(crops)[indices]


def auc(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """ROC AUC; NaN when a class is missing."""
    y = np.asarray(labels)
    return float(roc_auc_score(y, scores)) if 0 < y.sum() < len(y) else float("nan")
