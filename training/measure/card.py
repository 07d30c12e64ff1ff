"""The part of a model card that follows from a calibrated run: preprocessing, calibration, thresholds, error rates."""

from __future__ import annotations

import msgspec

from inspector.domain.model_card import ModelCard
from training.fit.lora import architecture_args
from training.measure.calibrate import Outcome
from training.recipe import Recipe


def calibrated_card(recipe: Recipe, outcome: Outcome, sha256: str) -> ModelCard:
    """The card of a calibrated run before it has a bundle: without version, training data and figures.

    `sha256` is that of the weights that are scored with.
    """
    table, texts = recipe.network, recipe.card
    return ModelCard(
        name=recipe.name,
        version="",
        sha256=sha256,
        architecture=table.architecture,
        architecture_args=architecture_args(msgspec.structs.replace(table, dropout=0.0)),  # it only matters in training
        input_size=table.input_size,
        mean=table.mean,
        std=table.std,
        crop_margin=table.margin,
        frames_per_sample=table.frames_per_sample,
        calibration=outcome.calibration,
        threshold=outcome.threshold,
        error_rates=outcome.error_rates,
        target_layer=table.target_layer,
        trained_on=(),
        never_seen=tuple(texts.never_seen),
        limits=tuple(texts.limits),
        licence=texts.licence,
    )
