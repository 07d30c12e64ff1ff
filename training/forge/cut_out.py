"""Faces cut out and put before another background, in both classes, so that a cut-out alone does not look forged.

Many fakes of the training sources stand before white and few originals do, and networks took cut-outs for fakes. The
mask is a rounded shape around the middle of a network's crop, where the face is.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from inspector.domain.arrays import Floats, Image

# Backgrounds and how often each is drawn.
_KINDS = {"white": 0.3, "black": 0.15, "grey": 0.15, "colour": 0.15, "gradient": 0.1, "blur": 0.15}


def cut_out(crops: Image, random: np.random.Generator) -> Image:
    """Crops uint8 (n, s, s, 3) RGB with the same random mask and background: plain, a gradient or blurred."""
    side = crops.shape[1]
    kind = str(random.choice(list(_KINDS), p=list(_KINDS.values())))
    plain = {
        "white": 255 - np.full(3, random.uniform(0, 12)),
        "black": np.full(3, random.uniform(0, 12)),
        "grey": np.full(3, random.uniform(40, 220)),
        "colour": random.uniform(0, 255, 3),
    }
    colours = plain.get(kind, plain["colour"]), random.uniform(0, 255, 3)
    angle = random.uniform(0, 2 * np.pi)
    mask = _mask(side, random)
    behind = _gradient(side, colours, angle) if kind == "gradient" else np.broadcast_to(colours[0], (side, side, 3))
    out = []
    for crop in crops:
        background = cv2.GaussianBlur(crop, (0, 0), side / 9) if kind == "blur" else behind
        out.append(np.clip(crop * mask + background * (1 - mask), 0, 255).round().astype(np.uint8))
    return np.stack(out)


def _mask(side: int, random: np.random.Generator) -> Floats:
    """(side, side, 1), 1 in a superellipse with a soft edge."""
    unit = side / 224
    across, down = 112 + random.normal(0, 4), 106 + random.normal(0, 5)
    width, height, power = random.uniform(70, 100), random.uniform(88, 125), random.uniform(2, 3.5)
    softness = np.exp(random.uniform(np.log(0.6), np.log(6)))
    y, x = np.mgrid[:side, :side] / unit
    inside = np.abs((x - across) / width) ** power + np.abs((y - down) / height) ** power < 1
    return np.asarray(cv2.GaussianBlur(inside.astype(np.float64), (0, 0), softness * unit)[..., None])


def _gradient(side: int, colours: Sequence[Floats], angle: float) -> Floats:
    """From one colour to another across the picture, (side, side, 3)."""
    y, x = np.mgrid[:side, :side] / side - 0.5
    share = np.clip((np.cos(angle) * x + np.sin(angle) * y) * 0.7 + 0.5, 0, 1)[..., None]
    return np.asarray(colours[0] * share + colours[1] * (1 - share))
