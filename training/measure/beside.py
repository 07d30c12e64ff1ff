"""What a bundle's deep network says of a recipe's crops, none of whose sources it learnt.

Whoever has the bundle but not the clips that it learnt can put a network beside it so: on sources that are new to the
bundle its own scores are as honest as those of the run's siblings on sources that they left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inspector.domain.arrays import Floats
from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DeepCard, ModelCard
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector
from training.fit.frozen_features import Made, crop_names, kept
from training.fit.score import plain_crops
from training.log import Log
from training.measure.left_out import beside
from training.prepare.folds import source_of
from training.prepare.index import Row
from training.recipe import NetworkTable, Recipe

_ROWS_PER_CHUNK = 64  # half a minute on two cores
_LOGITS = "logits"


def beside_bundle(recipe: Recipe, run: Path, rows: Sequence[Row], name: str, log: Log) -> dict[str, Floats]:
    """The column of the bundle `name` in a table of tracks, and its logits float64 (crops,); kept in the run's folder.

    Raises TrainingError if the recipe leaves no sources out, or if the bundle has no deep network, takes other crops,
    or learnt a source of `rows`, and BundleError.
    """
    if recipe.source_folds is None:
        raise TrainingError(
            f"The recipe {recipe.name} leaves no sources out, from which `deep --join` could set limits; add "
            "[source_folds] and fit in another folder, or leave --beside out."
        )
    bundle = find_bundle(name)
    card = bundle.card
    if card.deep is None:
        raise TrainingError(f"{name} has no deep network to score the crops by; leave --beside out.")
    check_margin(name, card, recipe)
    check_input(name, card.deep, recipe.network)
    _check_sources(name, card, rows)
    detector = Detector.load(bundle).deep
    assert detector is not None
    column, chunks = beside(card.deep), []
    for start in range(0, len(rows), _ROWS_PER_CHUNK):
        some = rows[start : start + _ROWS_PER_CHUNK]
        about = {"crops": crop_names(some)}
        path = run / column / f"{hashlib.sha256(about['crops'].encode()).hexdigest()[:16]}.safetensors"

        def make(some: Sequence[Row] = some, about: dict[str, str] = about) -> Made:
            return {_LOGITS: detector.logits(plain_crops(recipe, some))}, about

        chunks.append(kept(path, make)[0][_LOGITS])
        log(f"{name} scored {start + len(some)} of {len(rows)} crops")
    return {column: np.concatenate(chunks)}


def check_margin(name: object, card: ModelCard, recipe: Recipe) -> None:
    """Raises TrainingError unless a deep network of the bundle would get the recipe's crops: it has one margin."""
    mine, theirs = recipe.network.margin, card.crop_margin
    if mine != theirs:
        raise TrainingError(
            f"The recipe {recipe.name} cuts crops with margin = {mine:g}, and the program cuts them for {name} with "
            f"{theirs:g}; set margin = {theirs:g} under [network] and fit in another folder."
        )


def check_input(name: object, deep: DeepCard, other: DeepCard | NetworkTable) -> None:
    """Raises TrainingError unless both take crops of one size and scale."""
    if (deep.input_size, deep.mean, deep.std) != (other.input_size, other.mean, other.std):
        raise TrainingError(f"The deep network of {name} takes other crops than the new one; correct the recipe.")


def _check_sources(name: str, card: ModelCard, rows: Sequence[Row]) -> None:
    """Raises TrainingError if the bundle learnt a source of the rows, or another one of its owner."""

    def owner(source: str) -> str:
        return source.partition("/")[0].strip().lower()

    learnt = {owner(source.name) for source in card.trained_on}
    known = sorted({source_of(row) for row in rows if owner(source_of(row)) in learnt})
    if known:
        more = f" and {len(known) - 1} more" if len(known) > 1 else ""
        raise TrainingError(
            f"{name} learnt {known[0]}{more} itself, so what it says of these clips is no measure of new ones; leave "
            "these sources out of the recipe, or leave --beside out."
        )
