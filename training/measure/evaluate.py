"""Measuring a calibrated network on held-out tracks: every figure by level and by groups of tracks.

The result is `evaluation.json` of the run; card, README, plots and the comparison are made from that file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from inspector.domain.model_card import ErrorRates
from inspector.engine.decode.decoder import hash_file
from training.files import read, write, writing
from training.fit.checkpoint import chosen
from training.log import Log
from training.measure.by_source import write_tables
from training.measure.calibrate import Outcome, read_outcome
from training.measure.cost import Cost, measure_cost
from training.measure.held_out import ALL_FACES, held_out_tracks
from training.measure.levels import by_level
from training.measure.metrics import DEFINITIONS, Block, Figure, Scores, block
from training.measure.plots import draw_plots
from training.measure.tracks import AS_RECORDED, Track
from training.recipe import Recipe

SCHEMA_VERSION = 2
FACE_SIZES = (0, 96, 160, 256, 10_000)  # pixels, the longer side of the landmarks' box
_CARD_FIGURES = (
    "ROC AUC", "PR AUC", "EER", "accuracy", "balanced accuracy", "precision", "recall", "F1", "specificity", "log loss",
    "Brier", "ECE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The content of `evaluation.json`. Blocks of `by` are of tracks, with a threshold of one half."""

    schema_version: int
    recipe: str
    checkpoint: str  # SHA-256
    measured_on: str
    definitions: dict[str, str]
    levels: dict[str, Block]  # track, file, frame; threshold one half
    at_threshold: dict[str, Block]  # track, file; the shipped threshold
    by: dict[str, dict[str, Block]]  # condition, method, kind, compression, face size
    rule: tuple[ErrorRates, ...]  # of the whole rule, including segments
    cost: Cost


def evaluate_run(recipe: Recipe, run: Path, log: Log, frames: int = 0) -> dict[str, float]:
    """Measure the averaged network of `run` on the held-out people; writes `evaluation.json` and `plots/`.

    `frames` as in `held_out_tracks`. Returns the figures of the card. Raises TrainingError when the run is not
    calibrated.
    """
    outcome = read_outcome(run)
    tracks = held_out_tracks(recipe, run, log, frames)
    cost, is_cross_fitted = measure_cost(recipe, run), recipe.source_folds is not None
    found = measure(tracks, outcome, recipe.name, hash_file(chosen(run)), cost, is_cross_fitted=is_cross_fitted)
    write(run / "evaluation.json", found)
    figures, _ = card_figures(found)
    for name, value in figures.items():
        log(f"{name}: {value:.4f}")
    if recipe.source_folds:
        write_tables(tracks, run, log)
    with writing(run / "plots"):
        draw_plots(recipe, run, tracks, outcome)
    log(f"drew {run / 'plots'}")
    return figures


def measure(
    tracks: Sequence[Track], outcome: Outcome, name: str, checkpoint: str, cost: Cost, *, is_cross_fitted: bool = False
) -> Evaluation:
    """All figures of held-out tracks. Every frame, track or file has the same weight; intervals are over people."""
    scores, high = by_level(tracks, outcome), outcome.threshold.high
    track = scores["track"]
    n_fake = int(track.is_fake.sum())
    on, who = "held-out people of the training sources", "people and pairs"
    if is_cross_fitted:
        on, who = "training sources, each scored by a network that never saw it", "groups of sources"
    return Evaluation(
        schema_version=SCHEMA_VERSION,
        recipe=name,
        checkpoint=checkpoint,
        measured_on=(
            f"{on}: {len(tracks) - n_fake} original and {n_fake} fake tracks with "
            f"{len(scores['frame'].is_fake)} frames of {len(np.unique(track.groups))} {who}, {ALL_FACES}"
        ),
        definitions=DEFINITIONS,
        levels={level: block(found) for level, found in scores.items()},
        at_threshold={level: block(scores[level], high) for level in ("track", "file")},
        by=_breakdowns(tracks, track),
        rule=outcome.error_rates,
        cost=cost,
    )


def _breakdowns(tracks: Sequence[Track], scores: Scores) -> dict[str, dict[str, Block]]:
    """Blocks of tracks by property. A method's fakes are compared with all originals of the same condition.

    Compression is only for tracks as recorded: a degraded track has gone through more than its file's.
    """
    conditions, kinds = (np.array([getattr(t, name) for t in tracks]) for name in ("condition", "kind"))
    methods = np.array([t.what for t in tracks])
    sizes = np.array([t.face_px for t in tracks])
    names = ("condition", "method", "kind", "compression", "face size")
    by: dict[str, dict[str, Block]] = {name: {} for name in names}
    for condition in np.unique(conditions):
        inside = conditions == condition
        by["condition"][str(condition)] = block(scores.take(inside))
        for method in np.unique(methods[inside & scores.is_fake]):
            mine = inside & (~scores.is_fake | (methods == method))
            by["method"][f"{condition}: {method}"] = block(scores.take(mine))
    for kind in np.unique(kinds):
        by["kind"][str(kind)] = block(scores.take(kinds == kind))
    codings = np.array([t.compression if t.condition == AS_RECORDED else "" for t in tracks])
    for coding in np.unique(codings[codings != ""]):
        by["compression"][str(coding)] = block(scores.take(codings == coding))
    for low, high in pairwise(FACE_SIZES):
        mine = (sizes >= low) & (sizes < high)
        if mine.any():
            by["face size"][f"{low} px and more" if high == FACE_SIZES[-1] else f"{low} to {high} px"] = block(
                scores.take(mine)
            )
    return by


def read_evaluation(path: Path) -> Evaluation:
    """A run's `evaluation.json`; TrainingError when it is missing, damaged, or of another version of this program."""
    return read(path, Evaluation, "another version may have written it: run `python -m training evaluate`")


def card_figures(found: Evaluation) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """The figures of an evaluation for the card, by name: values, and 95 % intervals where defined."""
    named: dict[str, Figure] = {}
    for level in ("track", "file", "frame"):
        named |= {f"{name} per {level}": found.levels[level].figures[name] for name in _CARD_FIGURES}
    for what, blocks in found.by.items():
        named |= {f"ROC AUC by {what}, {name}": b.figures["ROC AUC"] for name, b in blocks.items()}
    values = {name: figure.value for name, figure in named.items() if figure.value is not None}
    intervals = {
        name: (figure.low, figure.high)
        for name, figure in named.items()
        if figure.value is not None and figure.low is not None and figure.high is not None
    }
    return values, intervals
