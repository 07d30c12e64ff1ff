"""Perceptual hashes of frames: bits that hardly change where a picture is coded again, scaled or brightened."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.domain.arrays import Image

BITS = 64
LEAST_CONTENT = 4.0  # grey levels of standard deviation: below it the bits of a hash are those of the noise
_SIDE, _KEPT = 32, 8


def perceptual_hash(grey: Image) -> int:
    """The hash pHash of a picture, uint8 (h, w) grey: which of the 64 lowest frequencies exceed their median.

    As `imagehash.phash` computes it (Zauner 2010), from 32 x 32 means instead of Lanczos.
    """
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = np.asarray(cv2.dct(small))[:_KEPT, :_KEPT]
    bits = (low > np.median(low)).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ: about 32 for unrelated pictures."""
    return (one ^ other).bit_count()
