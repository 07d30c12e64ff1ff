"""Measuring a calibrated network on held-out tracks: ranking, calibration and mistakes, by method and condition."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss

from inspector.domain.errors import TrainingError
from inspector.engine.segments import probability
from training.calibrate import Outcome, held_out_tracks
from training.recipe import Recipe
from training.score import Floats, auc
from training.tracks import Track


def evaluate_run(recipe: Recipe, run: Path, say: Callable[[str], None]) -> dict[str, float]:
    """Measure the averaged network of `run` on the held-out people and keep it as `evaluation.json`."""
    path = run / "calibration.json"
    if not path.exists():
        raise TrainingError(f"{path} is missing; run `python -m training calibrate` first.")
    outcome = msgspec.json.decode(path.read_bytes(), type=Outcome)
    metrics = measure(held_out_tracks(recipe, run, say), outcome)
    (run / "evaluation.json").write_text(json.dumps(metrics, indent=1))
    for name, value in metrics.items():
        say(f"{name}: {value:.4f}")
    return metrics


def measure(tracks: Sequence[Track], outcome: Outcome) -> dict[str, float]:
    """Figures by their plain names; every track counts once. AUC is ROC AUC over track mean logits."""
    labels = np.array([track.is_fake for track in tracks])
    means = np.array([track.logits.mean() for track in tracks])
    scores = probability(means, outcome.calibration.track)
    metrics = {
        "AUC": auc(labels, means),
        "average precision": float(average_precision_score(labels, scores)),
        "log loss": float(log_loss(labels, scores)),
        "Brier score": float(brier_score_loss(labels, scores)),
        "ECE, 10 bins": ece(labels.astype(float), scores),
    }
    for condition in sorted({track.condition for track in tracks}):
        inside = np.array([track.condition == condition for track in tracks])
        metrics[f"AUC, {condition}"] = auc(labels[inside], means[inside])
        for what in sorted({t.what for t in tracks if t.is_fake and t.condition == condition}):
            mine = inside & np.array([not track.is_fake or track.what == what for track in tracks])
            metrics[f"AUC, {condition}: {what}"] = auc(labels[mine], means[mine])
    return metrics


def ece(labels: Floats, scores: Floats, bins: int = 10) -> float:
    """Expected calibration error: |share of fakes - mean probability| over equal bins, weighted by their counts."""
    places = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [
        abs(labels[places == b].mean() - scores[places == b].mean()) * (places == b).mean()
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(gaps))
