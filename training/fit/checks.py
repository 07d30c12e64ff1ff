"""What a run measures while it trains, on held-out people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from sklearn.metrics import log_loss
from torch import nn

from training.fit.batch.batches import Batches
from training.fit.score import auc, logits_of, plain_crops
from training.prepare.index import Row
from training.prepare.selection import some_files, thin
from training.recipe import Recipe


class HeldOut:
    """The data of every check: forged pairs and generated crops of held-out people, and their unchanged tracks."""

    def __init__(self, recipe: Recipe, rows: Sequence[Row]) -> None:
        self._recipe = recipe
        count = recipe.fit.check_batches  # drawn once, the same for every check
        batches = Batches(recipe, rows, count, seed=7_777_777)
        drawn = [batches[i] for i in range(count)]
        self._crops = np.concatenate([batch.crops for batch in drawn])
        self._labels = np.concatenate([batch.labels for batch in drawn])
        self._kinds = [kind for batch in drawn for kind in batch.kinds]
        self._rows = thin(some_files(rows, recipe.fit.check_files), recipe.fit.check_frames)
        self._plain = plain_crops(recipe, self._rows)

    def measure(self, network: nn.Module) -> dict[str, float]:
        """AUCs by forging kind (against their own originals), of generated crops, and of unchanged tracks."""
        logits, labels = logits_of(network, self._crops, self._recipe), self._labels
        forged = [i for i, kind in enumerate(self._kinds) if kind in self._recipe.forge.kinds]
        pairs = [(logits[i], logits[i - 1]) for i in forged]
        of_pair = {j for i in forged for j in (i - 1, i)}
        rest = [i for i in range(len(labels)) if i not in of_pair]
        metrics = {
            "log loss": float(log_loss(labels, 1 / (1 + np.exp(-logits)))),
            "accuracy": float(((logits > 0) == (labels == 1)).mean()),
            "recall of fakes": float((logits[labels == 1] > 0).mean()),
            "recall of originals": float((logits[labels == 0] <= 0).mean()),
        }
        if pairs:
            metrics["pairs won"] = float(np.mean([fake > real for fake, real in pairs]))
        if rest:
            metrics["generated AUC"] = auc(labels[rest], logits[rest])
        for kind in self._recipe.forge.kinds:
            mine = [i for i in forged if self._kinds[i] == kind]
            if mine:
                metrics[f"{kind} AUC"] = auc([1] * len(mine) + [0] * len(mine), logits[[*mine, *(i - 1 for i in mine)]])
        return metrics | self._tracks(network)

    def _tracks(self, network: nn.Module) -> dict[str, float]:
        logits = logits_of(network, self._plain, self._recipe)
        values: dict[str, list[float]] = defaultdict(list)
        for row, logit in zip(self._rows, logits, strict=True):
            values[row["part"]].append(float(logit))
        first = {row["part"]: row for row in reversed(self._rows)}
        tracks = [(first[part], float(np.mean(mine))) for part, mine in values.items()]
        out = {}
        for name, kinds in (("clips", ("clip",)), ("stills", ("still",)), ("all tracks", ("clip", "still", "face"))):
            mine = [(row["is_fake"], score) for row, score in tracks if row["kind"] in kinds]
            out[f"{name} AUC"] = auc([fake for fake, _ in mine], [score for _, score in mine])
        return out
