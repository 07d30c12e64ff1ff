"""A bundle with a small network of fixed weights, for tests of the real pipeline."""

import hashlib
from pathlib import Path

import torch
from safetensors.torch import save_file

from inspector.domain.model_card import Calibration, DataSource, ErrorRates, ModelCard, Platt, Threshold
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


def make_bundle(folder: Path, **changes: object) -> Path:
    """Write a bundle whose network has fixed random weights, and return its folder; `changes` go into its card."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    network = build(str(changes.get("architecture", ARCHITECTURE)), changes.get("architecture_args", {}))  # type: ignore[arg-type]
    for name, value in network.named_parameters():
        if name.endswith(("classifier.weight", "head.weight")):
            torch.nn.init.normal_(value, std=0.3)
    weights = folder / "weights.safetensors"
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, weights)
    (folder / "card.json").write_bytes(to_pretty_json(make_card(weights, **changes)))
    return folder
