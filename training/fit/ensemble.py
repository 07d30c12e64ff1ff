"""Ensembles: members trained one after the other, each with its own network and seed; the bundle averages them.

With folds, each member trains without one part of the people, and its best checkpoint is chosen on that part; without
folds, all members train on everyone and are chosen on the recipe's held-out people. The held-out people are in no part:
calibration and evaluation need people that no member has seen.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import torch
from sklearn.model_selection import StratifiedGroupKFold

from inspector.domain.errors import TrainingError
from training.fit.checkpoint import averaged_network, begin_run, build, is_finished, save_finished
from training.fit.loop import fit
from training.log import Log
from training.prepare.index import Row, load_index
from training.recipe import Recipe


def fit_ensemble(recipe: Recipe, run: Path, log: Log, minutes: float = math.inf) -> Path:
    """Train the members of an ensemble recipe in `run`/member-0 and so on; returns the ensemble's checkpoint.

    After `minutes` in all it stops; the next call continues, and the ensemble is written once all members are done.

    Raises TrainingError when the numbers of folds and members differ, and what `fit` raises.
    """
    count = len(recipe.network.args.get("members", []))
    if recipe.network.architecture != "ensemble" or recipe.folds not in (0, count):
        raise TrainingError(
            f"The recipe {recipe.name} has {recipe.folds} folds, but not an ensemble of as many members."
        )
    is_first = os.environ.get("RANK", "0") == "0"
    if is_first:
        begin_run(recipe, run)
    started = time.monotonic()
    rows = load_index(Path(recipe.prepare.folder))
    if recipe.folds:
        rows = [row for row in rows if not row["is_held_out"]]
        left_out = parts(rows, count, recipe.fit.seed)
    for number in range(count):
        mine, without = rows, ""
        if recipe.folds:
            mine = [row | {"is_held_out": row["group"] in left_out[number]} for row in rows]
            without = f", without {len(left_out[number])} of the people"
        if is_first:
            log(f"member {number + 1} of {count}{without}")
        left = minutes - (time.monotonic() - started) / 60
        path = fit(member(recipe, number), run / f"member-{number}", log, mine, minutes=max(left, 0.0))
        if minutes < math.inf and not is_finished(recipe, path):
            return path
    last = run / "last.safetensors"
    if is_first:
        _join(recipe, run, last)
    return last


def parts(rows: Sequence[Row], count: int, seed: int) -> list[set[str]]:
    """The groups (people, pairs) of training rows in `count` parts with about equal shares of fakes.

    Raises TrainingError when there are too few groups.
    """
    files = list({row["part"]: row for row in rows}.values())
    groups = [row["group"] for row in files]
    folds = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    try:
        splits = list(folds.split(groups, [row["is_fake"] for row in files], groups))
    except ValueError as error:
        raise TrainingError(f"{len(set(groups))} people cannot be divided into {count} folds: {error}") from error
    return [{groups[index] for index in test} for _, test in splits]


def member(recipe: Recipe, number: int) -> Recipe:
    """The recipe of one member, with its own network and seed."""
    mine = recipe.network.args["members"][number]
    network = msgspec.structs.replace(
        recipe.network,
        architecture=mine["architecture"],
        args=mine.get("args", {}),
        target_layer=recipe.network.target_layer.replace(f"body.members.{number}", "body"),
    )
    fit_table = msgspec.structs.replace(recipe.fit, seed=recipe.fit.seed + number)
    return msgspec.structs.replace(recipe, network=network, fit=fit_table, folds=0)


def _join(recipe: Recipe, run: Path, path: Path) -> None:
    """Write the ensemble of the members' chosen weights as the run's checkpoint."""
    whole = build(recipe)
    weights: dict[str, torch.Tensor] = {}
    for number in range(len(recipe.network.args["members"])):
        trained = averaged_network(member(recipe, number), run / f"member-{number}").state_dict()
        weights |= {k.replace("body.", f"body.members.{number}.", 1): v for k, v in trained.items()}
    whole.load_state_dict(weights)
    save_finished(path, whole)
