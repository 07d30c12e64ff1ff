"""Exporting a calibrated run as a bundle that the app loads: weights.safetensors, card.json and README.md."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from safetensors.torch import save

from inspector.domain.errors import OutputError, TrainingError
from inspector.domain.model_card import DataSource, ModelCard, QualityBand
from inspector.engine import atomic
from inspector.engine.codec import to_pretty_json
from inspector.engine.decode.decoder import hash_file
from training.bundle.model_card import describe
from training.bundle.reference import add_reference
from training.files import read
from training.fit.batch.batches import drawable
from training.fit.checkpoint import averaged_network, check_layers, chosen, commit_of
from training.log import Log
from training.measure.calibrate import Outcome, read_outcome
from training.measure.card import calibrated_card
from training.measure.evaluate import Evaluation, card_figures, read_evaluation
from training.prepare.index import Row, load_index
from training.prepare.split import shared_cohorts
from training.recipe import Recipe

_WITHOUT_EFFECT = {"fit.workers", "fit.save_every", "fit.compile"}
_KINDS = {"face": "pictures of faces", "clip": "clips", "still": "stills"}
_BANDS = {
    "face_px": ("face size", "px"),
    "sharpness": ("sharpness (variance of the Laplacian)", "grey levels squared"),
    "yaw": ("yaw", "degrees"),
    "pitch": ("pitch", "degrees"),
}


def export(recipe: Recipe, run: Path, out: Path, version: str, log: Log, path: str = "", note: str = "") -> ModelCard:
    """Write the bundle of a calibrated and evaluated run into `out`.

    `path` is the recipe's path as the card should state it; `note` is an additional limit for the card.

    Raises TrainingError when a step is missing, OutputError when the folder cannot be written.
    """
    outcome = read_outcome(run)
    evaluation = read_evaluation(run / "evaluation.json")
    if evaluation.checkpoint != hash_file(chosen(run)):
        raise TrainingError(f"{run} was trained further since its evaluation; calibrate and evaluate it again.")
    network = averaged_network(recipe, run)
    check_layers(network, [recipe.network.target_layer], recipe, "target_layer")
    state = {k: v.half() if v.is_floating_point() else v for k, v in network.state_dict().items()}
    data = save({k: v.contiguous() for k, v in state.items()})
    index = load_index(Path(recipe.prepare.folder))
    card = _card(recipe, index, outcome, evaluation, hashlib.sha256(data).hexdigest())
    card = replace(card, version=version, recipe=path, commit=commit_of(run))
    if note:
        card = replace(card, limits=(*card.limits, note))
    if departed := departures(recipe, run):
        card = replace(card, limits=(*card.limits, f"Trained differently from its recipe: {'; '.join(departed)}."))
    if warning := shared_cohorts((row["cohort"], row["is_held_out"]) for row in index):
        card = replace(card, limits=(*card.limits, warning))
    files = {"weights.safetensors": data, "card.json": to_pretty_json(card), "README.md": describe(card).encode()}
    try:
        _write(out, files)
        card = add_reference(out)
    except OSError as error:
        raise OutputError(f"{out} cannot be written ({error.strerror}); make room or name another folder.") from error
    log(f"wrote {out}, {len(data) / 1e6:.1f} MB of weights")
    return card


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write all files or none; an existing bundle is unchanged until all new files are on the disk."""
    out.mkdir(parents=True, exist_ok=True)
    atomic.write_all({out / name: content for name, content in files.items()})


def departures(recipe: Recipe, run: Path) -> list[str]:
    """The settings of the run's training that differ from the recipe, as text."""
    begun = read(run / "recipe.json", Recipe, "restore it, or train in another run folder")
    wanted, done = (
        dict(_fields(msgspec.to_builtins(one.training().with_steps(one.fit.steps)))) for one in (recipe, begun)
    )
    names = [name for name in sorted(wanted.keys() | done.keys()) if name not in _WITHOUT_EFFECT]
    return [
        f"{name} was {done.get(name, 'absent')} instead of {wanted.get(name, 'absent')}"
        for name in names
        if done.get(name) != wanted.get(name)
    ]


def _fields(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Names and values of all fields of nested tables; paths are reduced to their file name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, f"{name}.{key}" if name else key)
    else:
        yield name, json.dumps(Path(value).name if isinstance(value, str) else value)


def _card(recipe: Recipe, index: Sequence[Row], outcome: Outcome, evaluation: Evaluation, sha256: str) -> ModelCard:
    metrics, intervals = card_figures(evaluation)
    rows = drawable([row for row in index if not row["is_held_out"]], recipe)
    card = calibrated_card(recipe, outcome, sha256)
    return replace(
        card,
        trained_on=sources(rows),
        limits=(*card.limits, _amount(rows)),
        quality_bands=tuple(_bands(rows)),
        metrics={name: round(value, 4) for name, value in metrics.items()},
        metric_intervals={name: (round(a, 4), round(b, 4)) for name, (a, b) in intervals.items()},
        metrics_measured_on=evaluation.measured_on,
    )


def sources(rows: Sequence[Mapping[str, Any]]) -> tuple[DataSource, ...]:
    """The training data (`rows`), counted in files, by repository and licence."""
    licences: dict[str, Counter[str]] = defaultdict(Counter)
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    seen = set()
    for row in rows:
        if row["part"] in seen:
            continue
        seen.add(row["part"])
        name = row["source"].split(":")[0]
        licences[name][row["licence"]] += 1
        counts[name][row["is_fake"]] += 1
    return tuple(
        DataSource(name, "; ".join(sorted(licences[name])), counts[name][False], counts[name][True])
        for name in sorted(counts)
    )


def _amount(rows: Sequence[Row]) -> str:
    """The amount of training data, as a limit."""
    files = list({row["part"]: row for row in rows}.values())
    kinds = Counter(row["kind"] for row in files)
    what = ", ".join(f"{kinds[kind]:,} {noun}" for kind, noun in _KINDS.items() if kinds[kind])
    fakes, people = sum(row["is_fake"] for row in files), len({row["group"] for row in files})
    return (
        f"Trained on {what} of {people:,} people and pairs, {fakes:,} of them found fakes; expect errors on "
        "other material."
    )


def _bands(rows: Sequence[Row]) -> Iterator[QualityBand]:
    """The ranges of nine in ten training crops in the app's measures of a face; an old index lacks some."""
    for field, (name, unit) in _BANDS.items():
        values = [row[field] for row in rows if row[field] is not None]
        if len(values) == len(rows):
            low, high = np.round(np.quantile(values, [0.05, 0.95])).tolist()
            yield QualityBand(f"{name} of nine in ten training crops", low, high, unit)
