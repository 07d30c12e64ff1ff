"""What surrounds a face in its crop: a plain surface of one colour, as behind a cut-out, a passport photo or a key."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from inspector.domain.arrays import Flags, Image

# The face with its hair in a crop, in shares of the side; below are neck and shoulders.
_CENTRE, _RADII, _BOTTOM = (0.5, 0.47), (0.375, 0.445), 0.85
_STEP = 1  # grey levels between neighbours on a plain surface
_SPREAD = 4  # grey levels around its colour, the median of the surroundings


def plain_share(crop: Image) -> float:
    """The share of a face's surroundings that is plain and of one colour, 0 to 1.

    `crop` is a network's input with the face in its middle, uint8 (s, s, 3) RGB. A pixel is plain if no channel differs
    by more than a level from the pixels right of and below it.
    """
    around = _around(crop.shape[0])
    right, below = (cv2.absdiff(crop, np.roll(crop, -1, axis)).max(2) for axis in (1, 0))
    colour = np.median(crop[around], axis=0)
    is_plain = (right <= _STEP) & (below <= _STEP) & (np.abs(crop - colour).max(2) <= _SPREAD)
    return float(is_plain[around].mean())


@lru_cache(4)
def _around(side: int) -> Flags:
    """The pixels of a crop that are not of a face in its middle, bool (side, side)."""
    y, x = (np.mgrid[:side, :side] + 0.5) / side
    ellipse = ((x - _CENTRE[0]) / _RADII[0]) ** 2 + ((y - _CENTRE[1]) / _RADII[1]) ** 2
    return np.asarray((ellipse > 1) & (y < _BOTTOM))
