"""Measuring a network on crops: held-out people while training, and any prepared folder afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import log_loss, roc_auc_score
from torch import nn

from inspector.engine import network as networks
from training.data import Batches, plain_crops
from training.prepare import spread
from training.recipe import Recipe

Floats = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]
Row = dict[str, Any]

_BATCHES = 12  # of forged and generated crops, drawn once: the same at every check
_FRAMES = 8  # of each held-out clip while training


def logits_of(network: nn.Module, crops: Image, recipe: Recipe) -> Floats:
    """Logits float64 (n,) of crops uint8 (n, s, s, 3) RGB."""
    network.eval()
    device = next(network.parameters()).device
    out = []
    with torch.inference_mode():
        for start in range(0, len(crops), 64):
            x = networks.to_input(crops[start : start + 64], recipe.network.mean, recipe.network.std)
            out.append(network(x.to(device)).double().cpu().numpy())
    return np.concatenate(out)


def auc(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """ROC AUC; NaN when a class is missing."""
    y = np.asarray(labels)
    return float(roc_auc_score(y, scores)) if 0 < y.sum() < len(y) else float("nan")


def tracks_of(rows: Sequence[Row], logits: Floats) -> list[tuple[Row, Floats]]:
    """The logits of each file in time order, with its first row: one label speaks of one track."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        places[row["part"]].append(i)
    return [
        (rows[at[0]], logits[sorted(at, key=lambda i: float(rows[i]["seconds"]))]) for _, at in sorted(places.items())
    ]


class HeldOut:
    """What every check measures: forged pairs and generated crops of held-out people, and their plain tracks."""

    def __init__(self, recipe: Recipe, rows: Sequence[Row]) -> None:
        self._recipe = recipe
        batches = Batches(recipe, rows, _BATCHES, seed=7_777_777)
        drawn = [batches[i] for i in range(_BATCHES)]
        self._crops = np.concatenate([batch.crops for batch in drawn])
        self._labels = np.concatenate([batch.labels for batch in drawn])
        self._kinds = [kind for batch in drawn for kind in batch.kinds]
        self._rows = thin(rows, _FRAMES)
        self._plain = plain_crops(recipe, self._rows)

    def measure(self, network: nn.Module) -> dict[str, float]:
        """AUCs by forging kind (against their own originals), of generated crops, and of plain tracks."""
        logits, labels = logits_of(network, self._crops, self._recipe), self._labels
        forged = [i for i, kind in enumerate(self._kinds) if kind in self._recipe.forge.kinds]
        pairs = [(logits[i], logits[i - 1]) for i in forged]
        of_pair = {j for i in forged for j in (i - 1, i)}
        rest = [i for i in range(len(labels)) if i not in of_pair]
        metrics = {
            "log loss": float(log_loss(labels, 1 / (1 + np.exp(-logits)))),
            "recall of fakes": float((logits[labels == 1] > 0).mean()),
            "recall of originals": float((logits[labels == 0] <= 0).mean()),
            "pairs won": float(np.mean([fake > real for fake, real in pairs])),
            "generated AUC": auc(labels[rest], logits[rest]),
        }
        for kind in self._recipe.forge.kinds:
            mine = [i for i in forged if self._kinds[i] == kind]
            if mine:
                metrics[f"{kind} AUC"] = auc([1] * len(mine) + [0] * len(mine), logits[[*mine, *(i - 1 for i in mine)]])
        return metrics | self._tracks(network)

    def _tracks(self, network: nn.Module) -> dict[str, float]:
        logits = logits_of(network, self._plain, self._recipe)
        tracks = [(row, float(values.mean())) for row, values in tracks_of(self._rows, logits)]
        out = {}
        for name, kinds in (("clips", ("clip",)), ("stills", ("still",)), ("all tracks", ("clip", "still", "face"))):
            mine = [(row["is_fake"], score) for row, score in tracks if row["kind"] in kinds]
            out[f"{name} AUC"] = auc([fake for fake, _ in mine], [score for _, score in mine])
        return out


def thin(rows: Sequence[Row], count: int) -> list[Row]:
    """At most `count` rows of each file, evenly spread."""
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row["part"]].append(row)
    return [part[i] for _, part in sorted(parts.items()) for i in spread(len(part), count)]
