"""The reference score of a bundle: the logit of a crop of noise, which shows whether an installation scores alike."""

from __future__ import annotations

import hashlib

import numpy as np

from inspector.domain.arrays import Image
from inspector.domain.errors import BundleError
from inspector.domain.model_card import ModelCard

TOLERANCE = 0.02  # of logits; processors and thread counts round differently


def noise_crop(seed: int, size: int) -> Image:
    """Uniform noise uint8 (1, size, size, 3), the same on every system: the bytes of SHAKE-128 of the seed as text."""
    data = hashlib.shake_128(str(seed).encode()).digest(size * size * 3)
    return np.frombuffer(data, np.uint8).reshape(1, size, size, 3).copy()


def check_reference(card: ModelCard, logit: float, folder: str) -> None:
    """Raise BundleError if the logit of the noise differs from the card's."""
    stated = None if card.reference is None else card.reference.logit
    if stated is not None and not abs(logit - stated) <= TOLERANCE:
        raise BundleError(
            f"{folder} does not score as its card states: the crop of noise gets a logit of {logit:.4f} instead of "
            f"{stated:.4f}; copy the bundle again, and run inspector selftest to check this installation."
        )
