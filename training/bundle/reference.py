"""Adds to an exported bundle the reference scores that each installation checks when it loads the bundle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inspector.domain.model_card import ModelCard, ReferenceScore
from inspector.engine import atomic
from inspector.engine.codec import to_pretty_json
from inspector.engine.model.bundle import CARD, find_bundle
from inspector.engine.model.detector import Detector
from inspector.engine.model.reference import noise_crop
from training.bundle.model_card import describe

_SEED = 1


def add_reference(folder: Path) -> ModelCard:
    """Score the crop of noise with the bundle in `folder` on the CPU, and write its card and page with the logits.

    Raises BundleError if the program cannot load the bundle, and OSError.
    """
    # Bundles of a name that is installed too must not be taken for the installed one.
    detector = Detector.load(find_bundle(str(folder.absolute())), "cpu")
    reference = ReferenceScore(_SEED, _logit(detector), None if detector.deep is None else _logit(detector.deep))
    card = replace(detector.card, reference=reference)
    atomic.write_all({folder / CARD: to_pretty_json(card), folder / "README.md": describe(card).encode()})
    return card


def _logit(detector: Detector) -> float:
    return round(float(detector.logits(noise_crop(_SEED, detector.card.input_size))[0]), 5)
