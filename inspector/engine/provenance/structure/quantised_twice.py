"""Signs that a JPEG picture was quantised twice with other steps: gaps and peaks in the histograms of its DCT.

After a first quantisation in steps of q1, the second one in steps of q2 finds only the multiples of q1: some of its
bins stay empty or get two of them (Lukas and Fridrich 2003). For each of the lowest frequencies the likelihood of the
histogram is compared: a smooth curve, or one times the pattern that a first quantisation in steps of q1 leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from inspector.domain.arrays import Floats

THRESHOLD = 1.0
"""Above it the picture is said to have been saved before; what that finds and misses is measured in docs/method.md."""

_MOST_PIXELS = 64_000_000
_SIDE = 2048  # pixels of the middle of the picture that are looked at
_FREQUENCIES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0))
_BINS, _STEPS = 40, 48  # of a histogram on each side of 0, and the largest q1
_FEWEST = 500  # blocks
_FLOOR = 0.03  # of coefficients that fit neither model: clipped pixels, edited parts
_FEWEST_LEVELS, _ITERATIONS = 6, 8
_ROUNDING = 0.35  # standard deviation that rounding to whole pixels between both codings adds to a coefficient


@dataclass(frozen=True, slots=True)
class Requantised:
    """How much likelier "quantised before" is, as a sum of log likelihood ratios; and the steps of both."""

    score: float
    former: tuple[int, ...]  # 0 where a frequency tells nothing
    present: tuple[int, ...]


def look_for_requantising(path: Path) -> Requantised | None:
    """Look at a JPEG file; None where it has too few blocks, too many pixels, or cannot be decoded."""
    try:
        with Pillow.open(path, formats=["JPEG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS or picture.mode not in ("L", "RGB"):
                return None
            tables = getattr(picture, "quantization", {})
            if picture.mode == "RGB":
                picture.draft("YCbCr", picture.size)
            if picture.mode not in ("L", "YCbCr") or 0 not in tables:
                return None
            left, top = (max((side - _SIDE) // 16 * 8, 0) for side in picture.size)
            box = left, top, min(left + _SIDE, picture.width), min(top + _SIDE, picture.height)
            luma = np.asarray(picture.getchannel(0).crop(box), np.float64)
    except (OSError, Pillow.DecompressionBombError, ValueError, SyntaxError):  # what Pillow raises for damaged files
        return None
    return score_luma(luma, np.array(tables[0], np.int64).reshape(8, 8))


def score_luma(luma: Floats, table: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Requantised | None:
    """The comparison for a plane float64 (h, w) with blocks from its corner on, and its table of steps, (8, 8)."""
    height, width = luma.shape[0] // 8, luma.shape[1] // 8
    if height * width < _FEWEST:
        return None
    blocks = luma[: height * 8, : width * 8].reshape(height, 8, width, 8).transpose(0, 2, 1, 3) - 128.0
    basis = _basis()
    score, former, present = 0.0, [], []
    for row, column in _FREQUENCIES:
        step = int(table[row, column])
        coefficients = np.einsum("abij,i,j->ab", blocks, basis[row], basis[column]).ravel()
        ratio, first = _compare(coefficients / step, step)
        score += max(ratio, 0.0)
        former.append(first if ratio > 0 else 0)
        present.append(step)
    return Requantised(score, tuple(former), tuple(present))


@cache
def _basis() -> Floats:
    """The rows of the orthonormal DCT of 8 values, float64 (8, 8)."""
    k, n = np.arange(8)[:, None], np.arange(8)[None, :]
    scale = np.where(k == 0, np.sqrt(1 / 8), np.sqrt(1 / 4))
    return np.asarray(scale * np.cos(np.pi * (2 * n + 1) * k / 16), np.float64)


_PENALTY = 4.0  # for the choice among the q1
_MOST_COUNTED = 20000.0  # more coefficients would make a wrong model of the scene count more


def _compare(levels: Floats, step: int) -> tuple[float, int]:
    """The log likelihood ratio of the best q1 against none, less the penalty, and that q1; levels are in steps."""
    whole = np.abs(np.round(levels)).astype(np.int64)
    counts = np.bincount(whole[(whole > 0) & (whole <= _BINS)], minlength=_BINS + 1)[1:].astype(np.float64)
    total = counts.sum()
    if np.count_nonzero(counts) < _FEWEST_LEVELS or total < _FEWEST:
        return 0.0, 0
    counts *= min(1.0, _MOST_COUNTED / total)
    used = int(np.flatnonzero(counts)[-1]) + 1
    counts = counts[:used]
    once = _likelihood(counts, np.ones(used))
    ratios = [
        (_likelihood(counts, _weights(first, step)[:used]) - once, first)
        for first in range(2, _STEPS + 1)
        # Other steps give the same bins, or too few of them to be told from a smooth curve.
        if first != step and not (step % first == 0 and step // first % 2) and 0.4 * step < first < 0.34 * used * step
    ]
    best, first = max(ratios, default=(0.0, 0))
    return best - _PENALTY, first


@cache
def _weights(first: int, step: int) -> Floats:
    """How much each level 1 .. _BINS of the second quantisation gets of a flat histogram, less a floor: mean 1."""
    multiples = np.arange(0, int(np.ceil((_BINS + 1) * step / first)) + 2)
    centres = multiples[:, None] * first / step
    levels = np.arange(1, _BINS + 1)[None, :]
    sigma = _ROUNDING / step
    shares = _normal((levels + 0.5 - centres) / sigma) - _normal((levels - 0.5 - centres) / sigma)
    return np.asarray(shares.sum(axis=0) * first / step * (1 - _FLOOR) + _FLOOR, np.float64)


def _normal(x: Floats) -> Floats:
    """The normal distribution function by a logistic one, within 0.01: enough for a rounding error."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(1.702 * x, -40, 40))), np.float64)


def _likelihood(counts: Floats, weights: Floats) -> float:
    """The log likelihood of a histogram of levels 1, 2 ... : Poisson, a smooth curve times the weights.

    The curve's logarithm is linear in 1, k, its root and its logarithm, fitted by Newton's method.
    """
    k = np.arange(1, len(counts) + 1, dtype=np.float64)
    terms = np.stack([np.ones_like(k), k / 10, np.sqrt(k), np.log(k)], axis=1)
    mean = np.maximum(counts, 0.5) * 1.0
    for _ in range(_ITERATIONS):
        working = np.log(mean / weights) + (counts - mean) / mean
        scaled = terms * mean[:, None]
        fitted = np.linalg.solve(scaled.T @ terms + 1e-6 * np.eye(4), scaled.T @ working)
        mean = weights * np.exp(np.clip(terms @ fitted, -12.0, 14.0))
    return float((counts * np.log(mean) - mean).sum())
