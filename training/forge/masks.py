"""Regions of a face from its landmarks, and warping pictures from one set of landmarks to another."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from scipy.interpolate import LinearNDInterpolator

from inspector.domain.arrays import Image, Mask, Points

Shape = tuple[int, int]

# Indices into MediaPipe's 478-point mesh.
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
        150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
INNER_LIPS = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
EYES = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380)
BROWS = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
NOSE = (168, 6, 197, 195, 5, 4, 1, 2, 98, 327, 48, 278)
CHEEKS = (205, 425, 50, 280, 118, 347, 214, 434)
CHIN = (152, 148, 377, 176, 400, 149, 378)
ANCHORS = (*OVAL, *LIPS, *INNER_LIPS[::2], *EYES, *BROWS, *NOSE, *CHEEKS)
"""Mesh points for warping; all 478 would take three times as long and look the same."""

_OUTLINES = {
    "whole": OVAL,
    "inner": (*BROWS, *LIPS, *NOSE, 205, 425, 50, 280),
    "mouth": (*LIPS, 2, 98, 327, 214, 434, *CHIN[:3]),
    "lower": (*CHIN, *CHEEKS[:4], 2, 172, 397, 58, 288, 136, 365, 150, 379),
}
SHAPES = (*_OUTLINES, "forehead", "side")


def hull(points: Points, shape: Shape, name: str, left: bool = True) -> Mask:
    """The convex region `name` (one of SHAPES), 1 inside: float32 (h, w). "side" is one half of the whole face."""
    outline = np.array(points[list(_OUTLINES.get(name, OVAL))])
    if name == "forehead":
        # The mesh ends below the hairline; masks of swap tools often reach higher.
        centre = outline.mean(axis=0)
        upper = outline[:, 1] < centre[1]
        outline[upper] = centre + (outline[upper] - centre) * 1.18
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(outline).astype(np.int32)), (1,))
    if name == "side":
        top, bottom = points[10], points[152]
        x, y = np.meshgrid(np.arange(shape[1]), np.arange(shape[0]))
        across = (bottom[0] - top[0]) * (y - top[1]) - (bottom[1] - top[1]) * (x - top[0])
        mask[(across > 0) != left] = 0
    return mask.astype(np.float32)


def draw(points: Points, shape: Shape, random: np.random.Generator) -> Mask:
    """A random region."""
    name = SHAPES[int(random.choice(len(SHAPES), p=[0.35, 0.2, 0.15, 0.08, 0.12, 0.1]))]
    return hull(points, shape, name, bool(random.random() < 0.5))


def elastic(mask: Mask, random: np.random.Generator, strength: float = 0.03) -> Mask:
    """The mask warped by a smooth random field of up to about `strength` of its side."""
    height, width = mask.shape
    grid = int(random.integers(4, 9))
    field = random.uniform(-1, 1, (grid, grid, 2)).astype(np.float32) * (strength * width)
    field = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return cv2.remap(mask, x + field[..., 0], y + field[..., 1], cv2.INTER_LINEAR).astype(np.float32)


def erode(mask: Mask, share: float) -> Mask:
    """The mask shrunk by `share` of its side."""
    radius = round(share * mask.shape[1])
    if radius < 1:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return cv2.erode(mask, kernel).astype(np.float32)


def soften(mask: Mask, random: np.random.Generator) -> Mask:
    """A feathered edge of random width, sometimes nearly hard, inside the region as with SBI's two blurs."""
    width = mask.shape[1]
    first, second = random.uniform(0.004, 0.035, 2) * width
    soft = cv2.GaussianBlur(mask, (0, 0), max(first, 0.5))
    soft = np.where(soft < 0.9, soft * 0.8, 1.0).astype(np.float32) if random.random() < 0.5 else soft
    return np.clip(cv2.GaussianBlur(soft, (0, 0), max(second, 0.5)), 0, 1).astype(np.float32)


def jitter(points: Points, random: np.random.Generator, strength: float) -> Points:
    """Landmarks moved smoothly at random, by up to about `strength` of the face: another expression or identity."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = float((high - low).max())
    unit = (points - low) / span
    moved = np.zeros_like(points)
    for _ in range(4):
        centre, reach = random.uniform(0, 1, 2), random.uniform(0.15, 0.4)
        push = random.normal(0, strength * span, 2)
        near = np.exp(-((unit - centre) ** 2).sum(axis=1) / (2 * reach**2))
        moved += near[:, None] * push
    return (points + moved).astype(np.float32)


def speak(points: Points, random: np.random.Generator) -> Points:
    """Landmarks with the mouth opened or closed and the lips wider or narrower."""
    moved = points.copy()
    centre = points[list(LIPS)].mean(axis=0)
    span = float(np.ptp(points[:, 1]))
    down, wide = random.uniform(-0.03, 0.06) * span, random.uniform(-0.12, 0.12)
    lips = np.zeros(len(points))
    lips[[*LIPS, *INNER_LIPS]] = 1
    lower = points[:, 1] > centre[1]
    moved[:, 0] += (lips * wide * (points[:, 0] - centre[0])).astype(np.float32)
    chin = np.clip((points[:, 1] - centre[1]) / (0.3 * span), 0, 1) * np.exp(
        -((points[:, 0] - centre[0]) ** 2) / (0.3 * span) ** 2
    )
    moved[:, 1] += (down * np.where(lips > 0, lower, chin * lower)).astype(np.float32)
    return moved


def warp_to(image: Image, source: Points, target: Points, shape: Shape) -> Image:
    """`image` warped from landmarks `source` to `target`, as a picture of `shape` (h, w).

    Piecewise affine between the anchors (as FF++'s FaceSwap), evaluated on a coarse grid, which is as good and 20 times
    faster; outside the face the warp fades to a similarity.
    """
    height, width = shape
    anchors = list(ANCHORS)
    found: Any = cv2.estimateAffinePartial2D(target[anchors], source[anchors], method=cv2.LMEDS)
    similarity = found[0]
    if similarity is None:  # all points coincide
        return cv2.resize(image, (width, height)).astype(np.uint8)
    around = [(x, y) for x in (-0.5, 0.5, 1.5) for y in (-0.5, 0.5, 1.5) if (x, y) != (0.5, 0.5)]
    frame = np.array(around) * (width, height)
    to = np.concatenate([target[anchors], frame])
    come = np.concatenate([source[anchors], frame @ similarity[:, :2].T + similarity[:, 2]])
    steps = 32
    gx, gy = np.meshgrid(np.linspace(0, width - 1, steps), np.linspace(0, height - 1, steps))
    coarse = LinearNDInterpolator(to, come)(gx, gy).astype(np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.remap(image, field[..., 0], field[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
        np.uint8
    )
