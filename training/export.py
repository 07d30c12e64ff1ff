"""From a calibrated run to a bundle that the app loads: weights.safetensors, card.json, and a README for people."""

from __future__ import annotations

import hashlib
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors.torch import save

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DataSource, ModelCard, QualityBand
from inspector.engine import network as networks
from inspector.engine.codec import to_pretty_json
from inspector.engine.decode import hash_file
from training.calibrate import Outcome
from training.checkpoint import averaged_network, chosen
from training.evaluate import Evaluation, card_figures, read_evaluation
from training.model_card import describe
from training.prepare import load_index
from training.recipe import Recipe


def export(recipe: Recipe, run: Path, out: Path, version: str, say: Callable[[str], None]) -> ModelCard:
    """Write the bundle of a calibrated and evaluated run into `out`; TrainingError when a step is missing."""
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
    out.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("weights.safetensors", data),
        ("card.json", to_pretty_json(card)),
        ("README.md", describe(card).encode()),
    ):
        partial = out / f"{name}.partial"
        partial.write_bytes(content)
        partial.replace(out / name)
    say(f"wrote {out}, {len(data) / 1e6:.1f} MB of weights")
    return card


def _card(recipe: Recipe, outcome: Outcome, evaluation: Evaluation, sha256: str, version: str) -> ModelCard:
    table, texts = recipe.network, recipe.card
    metrics, intervals = card_figures(evaluation)
    rows = load_index(Path(recipe.prepare.folder))
    faces = [row["face_px"] for row in rows if not row["is_held_out"]]
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


def sources(rows: Sequence[dict[str, Any]]) -> tuple[DataSource, ...]:
    """What was trained on, file by file counted, by repository and licence."""
    licences: dict[str, Counter[str]] = defaultdict(Counter)
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    seen = set()
    for row in rows:
        if row["is_held_out"] or row["part"] in seen:
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
