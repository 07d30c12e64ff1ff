"""From a calibrated run to a bundle that the app loads: weights.safetensors, card.json, and a README for people."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors.torch import save

from inspector.domain.errors import OutputError, TrainingError
from inspector.domain.model_card import DataSource, ModelCard, QualityBand
from inspector.engine import network as networks
from inspector.engine.codec import to_pretty_json
from inspector.engine.decode import hash_file
from training.calibrate import Outcome
from training.checkpoint import averaged_network, chosen
from training.data import drawable
from training.evaluate import Evaluation, card_figures, read_evaluation
from training.model_card import describe
from training.prepare import load_index
from training.recipe import Recipe
from training.split import shared_cohorts

_WITHOUT_EFFECT = {"fit.workers", "fit.save_every", "fit.compile"}


def export(recipe: Recipe, run: Path, out: Path, version: str, say: Callable[[str], None]) -> ModelCard:
    """Write the bundle of a calibrated and evaluated run into `out`.

    Raises TrainingError when a step is missing, OutputError when the folder cannot be written.
    """
    for name, command in (("calibration.json", "calibrate"), ("evaluation.json", "evaluate")):
        if not (run / name).exists():
            raise TrainingError(f"{run / name} is missing; run `python -m training {command}` first.")
    outcome = msgspec.json.decode((run / "calibration.json").read_bytes(), type=Outcome)
    evaluation = read_evaluation(run / "evaluation.json")
    if evaluation.checkpoint != hash_file(chosen(run)):
        raise TrainingError(f"{run} was trained on since it was evaluated; calibrate and evaluate it again.")
    network = averaged_network(recipe, run)
    networks.layer(network, recipe.network.target_layer)
    state = {k: v.half() if v.is_floating_point() else v for k, v in network.state_dict().items()}
    data = save({k: v.contiguous() for k, v in state.items()})
    card = _card(recipe, outcome, evaluation, hashlib.sha256(data).hexdigest(), version)
    if departed := departures(recipe, run):
        card = replace(card, limits=(*card.limits, f"Trained otherwise than its recipe says: {'; '.join(departed)}."))
    rows = load_index(Path(recipe.prepare.folder))
    if warning := shared_cohorts((row["cohort"], row["is_held_out"]) for row in rows):
        card = replace(card, limits=(*card.limits, warning))
    files = {"weights.safetensors": data, "card.json": to_pretty_json(card), "README.md": describe(card).encode()}
    try:
        _write(out, files)
    except OSError as error:
        raise OutputError(f"{out} cannot be written ({error.strerror}); make room or name another folder.") from error
    say(f"wrote {out}, {len(data) / 1e6:.1f} MB of weights")
    return card


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    """All files or none: an earlier bundle stays whole until the last byte of this one is on the disk."""
    out.mkdir(parents=True, exist_ok=True)
    partial = [(out / f"{name}.partial", out / name) for name in files]
    try:
        for (path, _), content in zip(partial, files.values(), strict=True):
            path.write_bytes(content)
        for path, final in partial:
            path.replace(final)
    finally:
        for path, _ in partial:
            path.unlink(missing_ok=True)


def departures(recipe: Recipe, run: Path) -> list[str]:
    """What of the network, batches and fit was otherwise in the run than the recipe says, in words."""
    begun = msgspec.json.decode((run / "recipe.json").read_bytes(), type=Recipe)
    tables = ("network", "batch", "fit", "svm", "folds")
    wanted, done = (
        dict(_fields({table: msgspec.to_builtins(getattr(one, table)) for table in tables})) for one in (recipe, begun)
    )
    names = [name for name in sorted(wanted.keys() | done.keys()) if name not in _WITHOUT_EFFECT]
    return [
        f"{name} was {done.get(name, 'absent')} instead of {wanted.get(name, 'absent')}"
        for name in names
        if done.get(name) != wanted.get(name)
    ]


def _fields(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The names and values of all fields of nested tables; of a path only the file's name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, f"{name}.{key}" if name else key)
    else:
        yield name, json.dumps(Path(value).name if isinstance(value, str) else value)


def _card(recipe: Recipe, outcome: Outcome, evaluation: Evaluation, sha256: str, version: str) -> ModelCard:
    table, texts = recipe.network, recipe.card
    metrics, intervals = card_figures(evaluation)
    index = load_index(Path(recipe.prepare.folder))
    rows = drawable([row for row in index if not row["is_held_out"]], recipe)
    faces = [row["face_px"] for row in rows]
    low, high = torch.quantile(torch.tensor(faces), torch.tensor([0.05, 0.95])).tolist()
    return ModelCard(
        name=recipe.name,
        version=version,
        sha256=sha256,
        architecture=table.architecture,
        architecture_args=table.args,
        input_size=table.input_size,
        mean=table.mean,
        std=table.std,
        crop_margin=table.margin,
        frames_per_sample=table.frames_per_sample,
        calibration=outcome.calibration,
        threshold=outcome.threshold,
        error_rates=outcome.error_rates,
        target_layer=table.target_layer,
        trained_on=sources(rows),
        never_seen=tuple(texts.never_seen),
        limits=tuple(texts.limits),
        licence=texts.licence,
        quality_bands=(QualityBand("face size of nine in ten training crops", round(low), round(high), "px"),),
        metrics={name: round(value, 4) for name, value in metrics.items()},
        recipe=f"training/recipes/{recipe.name}.toml",
        commit=_commit(),
        metric_intervals={name: (round(a, 4), round(b, 4)) for name, (a, b) in intervals.items()},
        metrics_measured_on=evaluation.measured_on,
    )


def sources(rows: Sequence[Mapping[str, Any]]) -> tuple[DataSource, ...]:
    """What was trained on (`rows`), file by file counted, by repository and licence."""
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


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip()
