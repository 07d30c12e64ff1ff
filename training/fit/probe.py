"""A linear classifier on tokens of a frozen network's intermediate blocks, fitted to features that are made once.

The body sees each crop of the recipe's batches once. On its standardised features scikit-learn fits a logistic
regression with an L2 penalty, for the network that ships and for each source fold, which leaves out the pairs with a
pixel of its sources. So siblings learn exactly as the shipped network does, which networks trained by gradient on a
GPU for minutes cannot afford.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from inspector.domain.arrays import Flags, Floats32
from inspector.domain.errors import TrainingError
from training.fit.batch.batches import Batches, limit_threads
from training.fit.checkpoint import FINAL, begin, begin_run, save_averaged
from training.fit.crossfit import folder_of, left_out, names, training_rows
from training.fit.frozen_features import Made, features_of, frozen_network, kept, probe_of
from training.log import Log
from training.prepare.folds import folds_of
from training.prepare.index import Row
from training.recipe import Recipe

FEATURES = "features"  # folder of a run: one file for each batch
_MOST_ROUNDS = 500
_EVERY = 10  # batches between two messages


@dataclass(frozen=True, eq=False)
class Learnt:
    """What is learnt from: features float32 (n, d), whether each crop is fake, and the sources of its pair's pixels."""

    features: Floats32
    is_fake: Flags
    sources: tuple[frozenset[str], ...]

    def without(self, left_out: frozenset[str]) -> Learnt:
        """The crops in which nothing comes from the sources `left_out`."""
        clear = np.array([not (sources & left_out) for sources in self.sources], bool)
        chosen = tuple(s for s, is_clear in zip(self.sources, clear, strict=True) if is_clear)
        return Learnt(self.features[clear], self.is_fake[clear], chosen)


def fit_probe(recipe: Recipe, run: Path, log: Log, minutes: float = math.inf, only: Sequence[str] = ()) -> Path:
    """Fit the recipe's probe and those of its source folds, and return the checkpoint of the one that ships.

    After `minutes` it fits to the batches that were made until then; the next call makes more. Raises TrainingError
    when a class is missing, and OutputError.
    """
    table = recipe.probe
    if table is None:
        raise TrainingError(f"The recipe {recipe.name} has no table [probe].")
    begin_run(recipe, run)
    limit_threads()
    rows = training_rows(recipe)
    folds = folds_of(recipe.source_folds, rows, recipe.fit.seed)
    wanted = names(recipe.source_folds, only)
    learnt = _learn_from(recipe, rows, run, minutes, log)
    network = begin(recipe)  # all that is learnt of it is set anew for each name
    for name in wanted:
        mine = learnt.without(left_out(name, folds))
        begin_run(recipe, folder_of(run, name))
        fitted = fit_head(network, mine, table.penalty, f"{recipe.name}, {name}")
        save_averaged(folder_of(run, name) / FINAL, network, len(mine.features))
        log(f"{name}: {len(mine.features)} crops, {fitted:.1%} of them classified correctly")
    return folder_of(run, wanted[0]) / FINAL


def _learn_from(recipe: Recipe, rows: Sequence[Row], run: Path, minutes: float, log: Log) -> Learnt:
    """The features of the recipe's batches, or of the first of them when the time is over."""
    assert recipe.probe is not None
    count = recipe.probe.batches
    network, batches = frozen_network(recipe), Batches(recipe, rows, count, recipe.fit.seed)
    begun, features, labels = time.monotonic(), [], []
    sources: list[frozenset[str]] = []
    for number in range(count):
        path = run / FEATURES / f"{number:05}.safetensors"
        if not path.exists() and number and time.monotonic() - begun > 60 * minutes:
            log(f"stopped after {minutes:g} minutes with {number} of {count} batches; run the same command to continue")
            break

        def make(number: int = number) -> Made:
            batch = batches[number]
            found = {"features": features_of(network, batch.crops, recipe), "labels": batch.labels}
            return found, {"sources": json.dumps([sorted(s) for s in batch.sources]), "pairs": str(batch.pairs)}

        tensors, texts = kept(path, make)
        features.append(tensors["features"])
        labels.append(tensors["labels"] > 0.5)
        sources += _of_pairs([frozenset(s) for s in json.loads(texts["sources"])], int(texts["pairs"]))
        if (number + 1) % _EVERY == 0:
            log(f"features of batch {number + 1}/{count}")
    return Learnt(np.concatenate(features), np.concatenate(labels), tuple(sources))


def _of_pairs(sources: Sequence[frozenset[str]], pairs: int) -> list[frozenset[str]]:
    """The sources of a crop and of the other one of its pair; the first `2 * pairs` are pairs."""
    return [s | sources[i ^ 1] if i < 2 * pairs else s for i, s in enumerate(sources)]


def fit_head(network: torch.nn.Module, learnt: Learnt, penalty: float, name: str) -> float:
    """Set a probe's standardisation and head by logistic regression; the share of crops it then classifies correctly.

    The loss is the mean cross-entropy plus `penalty` / 2 times the sum of the squared weights. Raises TrainingError,
    with `name`, when a class is missing.
    """
    body = probe_of(network)
    if len(set(learnt.is_fake.tolist())) < 2:
        raise TrainingError(f"{name}: the batches hold one class only; raise [probe] batches or add sources.")
    mean, deviation = learnt.features.mean(0, np.float64), learnt.features.std(0, np.float64)
    # As the network standardises: nothing is divided by the zero of a feature that never changes.
    scale = np.sqrt(deviation**2 + body.standard.eps)
    standard = ((learnt.features - mean) / scale).astype(np.float32)
    machine = LogisticRegression(C=1 / (penalty * len(standard)), max_iter=_MOST_ROUNDS).fit(standard, learnt.is_fake)
    statistics = {"running_mean": mean, "running_var": deviation**2}
    with torch.no_grad():
        for buffer, values in statistics.items():
            getattr(body.standard, buffer).copy_(torch.from_numpy(values))
        body.head.weight.copy_(torch.from_numpy(machine.coef_))
        body.head.bias.copy_(torch.from_numpy(machine.intercept_))
    return float(machine.score(standard, learnt.is_fake))
