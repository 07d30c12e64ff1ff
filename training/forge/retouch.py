"""Colour, size and sharpness changes for forging; pictures are uint8 (h, w, 3) RGB.

Augmentation uses torchvision's instead (docs/decisions/0010), except for the colour cast, which v2 lacks, and the
resizing of pre-degraded pictures. `shrink_and_enlarge` is not augment.rescale: their filters give other pixels.
"""

from __future__ import annotations

import cv2
import numpy as np

from inspector.domain.arrays import Floats, Image, Mask


def resize(image: Image, width: int, height: int) -> Image:
    """Scale a picture; area averaging when it shrinks, else cubic."""
    how = cv2.INTER_AREA if width < image.shape[1] else cv2.INTER_CUBIC
    return cv2.resize(image, (width, height), interpolation=how).astype(np.uint8)


def sharpen(image: Image, amount: float, radius: float = 1.2) -> Image:
    """Unsharp mask."""
    soft = cv2.GaussianBlur(image, (0, 0), radius)
    return cv2.addWeighted(image, 1 + amount, soft, -amount, 0).astype(np.uint8)


def match_sharpness(image: Image, like: Image) -> Image:
    """Sharpen to the fine detail of `like` (standard deviation of the Laplacian), at most fourfold."""
    mine, theirs = (float(cv2.Laplacian(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std()) for x in (image, like))
    amount = min(3.0, theirs / max(mine, 0.5) - 1)
    return sharpen(image, amount) if amount > 0 else image


def shrink_and_enlarge(image: Image, scale: float) -> Image:
    """The picture scaled down and up again, which removes detail."""
    height, width = image.shape[:2]
    small = cv2.resize(
        image, (max(8, round(width * scale)), max(8, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def tone(image: Image, gain: float, offset: float, channels: Floats) -> Image:
    """Contrast around mid-grey, brightness (grey levels) and a shift per channel, with one lookup table."""
    levels = np.arange(256)[:, None]
    table = np.clip(np.rint((levels - 127.5) * gain + 127.5 + offset + channels[None, :]), 0, 255).astype(np.uint8)
    return cv2.LUT(image, table[:, None, :].reshape(1, 256, 3)).astype(np.uint8)


def saturate(image: Image, amount: float) -> Image:
    """Saturation reduced (`amount` below 1) or increased."""
    grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return cv2.addWeighted(image, amount, grey, 1 - amount, 0).astype(np.uint8)


def mismatch(image: Image, random: np.random.Generator) -> Image:
    """Change colour, tone and sharpness of one side of a blend (SBI's source augmentation)."""
    out = tone(image, random.uniform(0.9, 1.1), random.uniform(-12, 12), random.uniform(-14, 14, 3))
    if random.random() < 0.5:
        out = saturate(out, random.uniform(0.7, 1.3))
    if random.random() < 0.5:
        return sharpen(out, random.uniform(0.2, 1.0))
    return shrink_and_enlarge(out, random.uniform(0.3, 0.8))


def match_colours(image: Image, like: Image, mask: Mask, strength: float) -> Image:
    """Move mean and spread of Lab inside `mask` towards those of `like` (Reinhard et al. 2001); strength 1 is fully."""
    inside = mask > 0.5
    if inside.sum() < 16:
        return image
    mine = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32)
    theirs = cv2.cvtColor(like, cv2.COLOR_RGB2LAB).astype(np.float32)
    my_mean, my_spread = mine[inside].mean(axis=0), mine[inside].std(axis=0) + 1e-3
    mean, spread = theirs[inside].mean(axis=0), theirs[inside].std(axis=0) + 1e-3
    moved = (mine - my_mean) * np.clip(spread / my_spread, 0.5, 2.0) + mean
    lab: Image = np.clip(mine + strength * (moved - mine), 0, 255).astype(np.uint8)
    return cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).astype(np.uint8)
