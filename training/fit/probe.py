"""A linear classifier on tokens of a frozen network's intermediate blocks, fitted to features that are made once.

The body sees each crop of the recipe's batches once, some of them once more with the faces cut out, and crops of its
files as they are stored. On its standardised features scikit-learn fits a logistic regression with an L2 penalty, for
the network that ships and for each source fold, which leaves out the pairs with a pixel of its sources. So siblings
learn exactly as the shipped network does, which networks trained by gradient on a GPU for minutes cannot afford.
"""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from inspector.domain.arrays import Flags, Floats, Floats32, Image
from inspector.domain.errors import TrainingError
from training.fit.batch.batches import Batches, limit_threads
from training.fit.checkpoint import FINAL, begin, begin_run, save_averaged
from training.fit.crossfit import folder_of, folds_of_run, left_out, names, training_rows
from training.fit.frozen_features import Made, features_of, features_of_rows, frozen_network, kept, probe_of
from training.forge.cut_out import cut_out
from training.log import Log
from training.prepare.folds import source_groups, source_of
from training.prepare.index import Row
from training.prepare.selection import scorable, thin
from training.recipe import PlainTable, ProbeTable, Recipe

FEATURES = "features"  # folder of a run: one file for each batch
_MOST_ROUNDS = 500
_EVERY = 4  # batches between two messages: a minute or two on two cores
_CUT_OUT_SEED = 99


@dataclass(frozen=True, eq=False)
class Learnt:
    """What is learnt from: features float32 (n, d), whether each crop is fake, and the sources of its pair's pixels.

    `files` names the file of each plain crop, "" for a crop of a batch, and `groups` the group of its source.
    """

    features: Floats32
    is_fake: Flags
    sources: tuple[frozenset[str], ...]
    files: tuple[str, ...]
    groups: tuple[str, ...]

    @classmethod
    def of_batches(cls, features: Floats32, is_fake: Flags, sources: Sequence[frozenset[str]]) -> Learnt:
        """Crops of batches."""
        return cls(features, is_fake, tuple(sources), ("",) * len(features), ("",) * len(features))

    def joined(self, other: Learnt) -> Learnt:
        """What both learn from."""
        arrays = np.concatenate([self.features, other.features]), np.concatenate([self.is_fake, other.is_fake])
        return Learnt(*arrays, self.sources + other.sources, self.files + other.files, self.groups + other.groups)

    def without(self, left_out: frozenset[str]) -> Learnt:
        """The crops in which nothing comes from the sources `left_out`."""
        clear = np.array([not (sources & left_out) for sources in self.sources], bool)
        return Learnt(
            self.features[clear],
            self.is_fake[clear],
            tuple(compress(self.sources, clear)),
            tuple(compress(self.files, clear)),
            tuple(compress(self.groups, clear)),
        )

    def weights(self, plain_share: float) -> Floats:
        """float64 (n,) with the sum 1: crops of batches are equal, plain crops have `plain_share` in all.

        Of these each class has a half, in it a group the square root of its number of files, in it files are equal, and
        in them crops.
        """
        is_plain = np.array([bool(file) for file in self.files])
        found = np.where(is_plain, 0.0, 1.0)
        crops = Counter(self.files)
        for is_fake in (False, True):
            mine = np.flatnonzero(is_plain & (self.is_fake == is_fake))
            files = Counter(group for _, group in {(self.files[at], self.groups[at]) for at in mine})
            found[mine] = [1 / math.sqrt(files[self.groups[at]]) / crops[self.files[at]] for at in mine]
            found[mine] *= plain_share / 2 / max(found[mine].sum(), 1e-9)
        found[~is_plain] *= (1 - plain_share) / max(found[~is_plain].sum(), 1e-9)
        return np.asarray(found / found.sum())


def fit_probe(recipe: Recipe, run: Path, log: Log, minutes: float = math.inf, only: Sequence[str] = ()) -> Path:
    """Fit the recipe's probe and those of its source folds, and return the checkpoint of the one that ships.

    After `minutes` it fits to what was made of the batches until then; the next call makes more. Raises TrainingError
    when a class is missing, and OutputError.
    """
    table = recipe.probe
    if table is None:
        raise TrainingError(f"The recipe {recipe.name} has no table [probe].")
    begin_run(recipe, run)
    limit_threads()
    rows = training_rows(recipe)
    folds = folds_of_run(recipe, run, rows)
    wanted = names(recipe.source_folds, only)
    learnt = _learn_from(recipe, table, rows, run, minutes, log)
    network = begin(recipe)  # all that is learnt of it is set anew for each name
    for name in wanted:
        mine = learnt.without(left_out(name, folds))
        begin_run(recipe, folder_of(run, name))
        fitted = fit_head(network, mine, table, f"{recipe.name}, {name}")
        save_averaged(folder_of(run, name) / FINAL, network, len(mine.features))
        # Near 100 % with so many features: it says nothing of other clips, which `features` and `deep` measure.
        log(
            f"{name}: learnt from {len(mine.features)} crops, and classifies {fitted:.1%} of these same crops correctly"
        )
    return folder_of(run, wanted[0]) / FINAL


def _learn_from(recipe: Recipe, table: ProbeTable, rows: Sequence[Row], run: Path, minutes: float, log: Log) -> Learnt:
    """The features of all crops to learn from; of those that there are when the time is over."""
    until = time.monotonic() + 60 * minutes

    def is_over() -> bool:
        return time.monotonic() >= until

    network = frozen_network(recipe)
    # Plain crops first, since a mistake in their table shows at once.
    plain = None if table.plain is None else _plain(recipe, table.plain, network, rows, run, log, is_over)
    batches = _of_batches(recipe, table, network, rows, run, log, is_over)
    return batches if plain is None else batches.joined(plain)


def _of_batches(
    recipe: Recipe,
    table: ProbeTable,
    network: nn.Module,
    rows: Sequence[Row],
    run: Path,
    log: Log,
    is_over: Callable[[], bool],
) -> Learnt:
    """The features of the recipe's batches, or of those that there are, and the first, when the time is over."""
    count = table.batches
    # A batch that is also cut out is forged once.
    batch_of = lru_cache(1)(Batches(recipe, rows, count, recipe.fit.seed).__getitem__)
    features: list[Floats32] = []
    labels: list[Flags] = []
    sources: list[frozenset[str]] = []
    for number in range(count):
        path = run / FEATURES / f"{number:05}.safetensors"
        for is_cut_out in (False, True) if number < table.cut_outs else (False,):

            def make(number: int = number, is_cut_out: bool = is_cut_out) -> Made:
                batch = batch_of(number)
                crops = _cut_out(batch.crops, number) if is_cut_out else batch.crops
                found = {"features": features_of(network, crops, recipe), "labels": batch.labels}
                return found, {"sources": json.dumps([sorted(s) for s in batch.sources]), "pairs": str(batch.pairs)}

            named = path.with_name(f"{path.stem}-cut-out{path.suffix}") if is_cut_out else path
            if features and not named.exists() and is_over():
                continue
            tensors, texts = kept(named, make)
            features.append(tensors["features"])
            labels.append(tensors["labels"] > 0.5)
            sources += _of_pairs([frozenset(s) for s in json.loads(texts["sources"])], int(texts["pairs"]))
        if (number + 1) % _EVERY == 0:
            log(f"features of batch {number + 1}/{count}")
    if len(features) < count + table.cut_outs:
        said = f"{len(features)} of {count + table.cut_outs} batches and batches of cut-outs"
        log(f"the time is over with {said}; run the same command again to continue")
    return Learnt.of_batches(np.concatenate(features), np.concatenate(labels), sources)


def _cut_out(crops: Image, number: int) -> Image:
    """The crops of a batch before other backgrounds, the two of a pair before the same one."""
    random = np.random.default_rng((_CUT_OUT_SEED, number))
    return np.concatenate([cut_out(crops[at : at + 2], random) for at in range(0, len(crops), 2)])


def _plain(
    recipe: Recipe,
    table: PlainTable,
    network: nn.Module,
    rows: Sequence[Row],
    run: Path,
    log: Log,
    is_over: Callable[[], bool],
) -> Learnt:
    """Crops of the recipe's files as they are stored; none when the time is over before all are there.

    A part of them could be of one class alone.
    """
    some = thin(scorable([row for row in rows if row["kind"] in table.kinds]), table.frames)
    if not some:
        raise TrainingError(f"{recipe.name}: no file is of the kinds {', '.join(table.kinds)}; correct [probe.plain].")
    versions = (False, True) if table.uploads else (False,)
    made = [features_of_rows(network, recipe, run, some, log, is_over, is_uploaded=version) for version in versions]
    features, wanted = np.concatenate(made), some * len(versions)
    if len(features) < len(wanted):
        said = f"{len(features)} of {len(wanted)} plain crops, which are left out for now"
        log(f"the time is over with {said}; run the same command again to continue")
        features, wanted = features[:0], []
    groups, sources = source_groups(rows), [source_of(row) for row in wanted]
    return Learnt(
        features,
        np.array([row["is_fake"] for row in wanted], bool),
        tuple(frozenset({source}) for source in sources),
        tuple(row["part"] for row in wanted),
        tuple(groups[source] for source in sources),
    )


def _of_pairs(sources: Sequence[frozenset[str]], pairs: int) -> list[frozenset[str]]:
    """The sources of a crop and of the other one of its pair; the first `2 * pairs` are pairs."""
    return [s | sources[i ^ 1] if i < 2 * pairs else s for i, s in enumerate(sources)]


def fit_head(network: nn.Module, learnt: Learnt, table: ProbeTable, name: str) -> float:
    """Set a probe's standardisation and head by logistic regression; the share of crops it then classifies correctly.

    The loss is the weighted mean of the cross-entropy plus half the penalty times the sum of the squared weights of the
    head. Raises TrainingError, with `name`, when a class is missing.
    """
    body = probe_of(network)
    if len(set(learnt.is_fake.tolist())) < 2:
        raise TrainingError(f"{name}: the batches hold one class only; raise [probe] batches or add sources.")
    weights = learnt.weights(table.plain.share if table.plain else 0.0)
    mean = np.average(learnt.features, 0, weights)
    variance = np.average((learnt.features - mean) ** 2, 0, weights)
    # As the network standardises: nothing is divided by the zero of a feature that never changes.
    scale = np.sqrt(variance + body.standard.eps)
    standard = ((learnt.features - mean) / scale).astype(np.float32)
    machine = LogisticRegression(C=1 / table.penalty, max_iter=_MOST_ROUNDS)
    machine.fit(standard, learnt.is_fake, weights)
    statistics = {"running_mean": mean, "running_var": variance}
    with torch.no_grad():
        for buffer, values in statistics.items():
            getattr(body.standard, buffer).copy_(torch.from_numpy(values))
        body.head.weight.copy_(torch.from_numpy(machine.coef_))
        body.head.bias.copy_(torch.from_numpy(machine.intercept_))
    return float(machine.score(standard, learnt.is_fake))
