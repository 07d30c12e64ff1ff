"""A bundle with a small network of fixed weights, for tests of the real pipeline."""

import hashlib
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file

from inspector.domain.model_card import (
    Argument,
    Calibration,
    DataSource,
    DeepCard,
    DeepLimits,
    ErrorRates,
    ModelCard,
    Platt,
    Threshold,
)
from inspector.engine.codec import to_pretty_json
from inspector.engine.model.registry import build

ARCHITECTURE = "mobilenetv2_035"


def make_card(weights: Path, **changes: object) -> ModelCard:
    """A card for the weights, with placeholder numbers that are labelled as such."""
    fields: dict[str, object] = {
        "name": "fake",
        "version": "1",
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "architecture": ARCHITECTURE,
        "architecture_args": {},
        "input_size": 64,
        "mean": (0.5, 0.5, 0.5),
        "std": (0.5, 0.5, 0.5),
        "crop_margin": 0.3,
        "calibration": Calibration(Platt(1.0, 0.0), Platt(1.0, 0.0), "made up for a test", 1, 1, 1),
        "threshold": Threshold(high=0.9, low=0.1, segment=0.6, segment_seconds=1.0, segment_mean=0.95),
        "error_rates": (ErrorRates("track", "made up for a test", 0.05, (0.01, 0.11), 60, 0.3, (0.2, 0.4), 50, 0.2),),
        "target_layer": "body.conv_head",
        "trained_on": (DataSource("nothing", "none", 0, 0),),
        "never_seen": ("everything",),
        "limits": ("It is a test's fake and tells nothing.",),
        "licence": "Apache-2.0",
    }
    return ModelCard(**(fields | changes))  # type: ignore[arg-type]


DEEP_LIMITS = DeepLimits(Platt(0.5, 0.25), ((-4.0, 0.1, 0.4), (4.0, 2.0, 12.0)), 2.0, -2.0, "made up for a test")


def make_bundle(folder: Path, **changes: object) -> Path:
    """Write a bundle whose network has fixed random weights, and return its folder; `changes` go into its card."""
    folder.mkdir(parents=True, exist_ok=True)
    architecture, args = str(changes.get("architecture", ARCHITECTURE)), changes.get("architecture_args", {})
    weights = _write_weights(folder / "weights.safetensors", architecture, args, 7)
    (folder / "card.json").write_bytes(to_pretty_json(make_card(weights, **changes)))
    return folder


def make_deep_bundle(
    folder: Path,
    architecture: str = ARCHITECTURE,
    args: object = (),
    layer: str = "body.conv_head",
    limits: DeepLimits = DEEP_LIMITS,
    **changes: object,
) -> Path:
    """The same with a deep network, 96 px; limits for stills are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    table: dict[str, Argument] = dict(args)  # type: ignore[call-overload]
    weights = _write_weights(folder / "deep.safetensors", architecture, table, 11)
    sha256, half = hashlib.sha256(weights.read_bytes()).hexdigest(), (0.5, 0.5, 0.5)
    stills = replace(limits, high=None, low=None)
    deep = DeepCard(sha256, architecture, table, 64 if table else 96, half, half, layer, limits, stills)
    return make_bundle(folder, deep=deep, **changes)


def _write_weights(path: Path, architecture: str, args: object, seed: int) -> Path:
    torch.manual_seed(seed)
    network = build(architecture, args)  # type: ignore[arg-type]
    for name, value in network.named_parameters():
        if name.endswith(("classifier.weight", "head.weight")):
            torch.nn.init.normal_(value, std=0.3)
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, path)
    return path
