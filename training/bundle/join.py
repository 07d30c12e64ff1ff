"""Joins a bundle's deep network with another one: an ensemble of both, and a table of what their siblings say together.

Each fold of the new network must lie within one of the bundle's, so that the siblings of both did not learn the same
sources; a network that is fitted in seconds can have a fold for each group of sources. Where only one of two siblings
learnt a track, the table has no logit: it is neither of a source that was left out nor of one that was learnt. The new
network's logits are brought to the spread of the other's on left-out sources, so that what each counts for in the mean
is its weight alone.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DeepCard
from inspector.engine.model.bundle import DEEP_WEIGHTS
from inspector.engine.spreadsheet import SheetWriter
from training.files import reading
from training.log import Log
from training.measure.left_out import SHIPPED, SIBLING, TRACK, TRACKS

Rows = list[dict[str, str]]
_FEWEST = 0.95  # share of the smaller table's tracks that the other one has


def join(
    bundle: Path,
    old: DeepCard | None,
    new: DeepCard,
    learnt: Mapping[str, torch.Tensor],
    tracks: Path,
    weight: float,
    log: Log,
) -> tuple[DeepCard, dict[str, torch.Tensor], bytes]:
    """The card, the weights and the table of tracks of the weighted mean of the bundle's deep network and another one.

    `learnt` are the weights of the other by its own names, `tracks` the table of its siblings, `weight` what it has in
    the mean, between 0 and 1. The heads carry the weights, since an ensemble takes the plain mean. Raises
    TrainingError.
    """
    if old is None or old.architecture == "ensemble":
        raise TrainingError(
            f"{bundle} has no single deep network to join with; name another bundle, or leave out --join, and the new "
            "network takes the place of what is there."
        )
    if (old.input_size, old.mean, old.std) != (new.input_size, new.mean, new.std):
        raise TrainingError(f"The deep network of {bundle} takes other crops than the new one; correct the recipe.")
    mine, theirs, outer = _same_tracks(bundle / TRACKS, tracks)
    log(f"{len(mine)} tracks in both tables")
    spread = float(_own(mine).std() / _own(theirs).std())
    factors = 2 * (1 - weight), 2 * weight * spread
    pairs = {f"{SIBLING}{fold}": f"{SIBLING}{around}" for fold, around in sorted(outer.items())} | {SHIPPED: SHIPPED}
    about = [name for name in theirs[0] if name != SHIPPED and not name.startswith(SIBLING)]

    def mean(a: dict[str, str], b: dict[str, str], name: str) -> str:
        is_own, is_around = name == SIBLING + b["fold"], pairs[name] == SIBLING + a["fold"]
        value = (factors[0] * float(a[pairs[name]]) + factors[1] * float(b[name])) / 2
        return f"{value:.3f}" if is_own == is_around else ""

    joined = [
        {name: b[name] for name in about} | {name: mean(a, b, name) for name in pairs}
        for a, b in zip(mine, theirs, strict=True)
    ]
    text = io.StringIO()
    writer = SheetWriter(text)
    writer.writerow(joined[0])
    writer.writerows(row.values() for row in joined)
    log(f"the logits of the bundle's network are multiplied by {factors[0]:.3f}, of the new one by {factors[1]:.3f}")
    first = {name.removeprefix("body."): value for name, value in load_file(bundle / DEEP_WEIGHTS).items()}
    weights = {
        f"body.members.{number}.{name}": value * factors[number] if name.startswith("head.") else value
        for number, member in enumerate((first, learnt))
        for name, value in member.items()
    }
    members = [{"architecture": card.architecture, "args": card.architecture_args} for card in (old, new)]
    layer = old.target_layer.replace("body.", "body.members.0.", 1)
    return (
        replace(new, architecture="ensemble", architecture_args={"members": members}, target_layer=layer),
        weights,
        text.getvalue().encode(),
    )


def _same_tracks(one: Path, other: Path) -> tuple[Rows, Rows, dict[int, int]]:
    """The rows of two tables that are of the same tracks, and the fold of the first around each of the second's.

    Raises TrainingError if too few are.
    """
    first, second = (_by_track(path) for path in (one, other))
    common = [name for name in second if name in first]
    places = Counter((int(second[name]["fold"]), int(first[name]["fold"])) for name in common)
    outer = dict(pair for pair, _ in reversed(places.most_common()))  # of several the one with most of a fold's tracks
    names = [name for name in common if outer[int(second[name]["fold"])] == int(first[name]["fold"])]
    if len(names) < _FEWEST * min(len(first), len(second)) or not names:
        raise TrainingError(
            f"{one} and {other} have {len(names)} tracks in common, of {len(first)} and {len(second)}: their networks "
            "left out other sources, or were measured on other files; train with folds that lie within the bundle's."
        )
    return [first[name] for name in names], [second[name] for name in names], outer


def _by_track(path: Path) -> dict[str, dict[str, str]]:
    with reading(path, "name another bundle or table of tracks"), path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if TRACK in (reader.fieldnames or ()):
            return {row[TRACK]: row for row in reader}
    raise TrainingError(
        f"{path} has no column {TRACK!r}, by which tracks are told apart, and is of an older version; make it again "
        "with `python -m training features` of that run."
    )


def _own(rows: Rows) -> np.ndarray:
    """The logit of each track by the sibling that did not learn its source, float64 (n,)."""
    return np.array([float(row[SIBLING + row["fold"]]) for row in rows])
