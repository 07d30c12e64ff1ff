"""Thumbnails of frames and faces."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.domain.arrays import Image
from inspector.domain.geometry import Box

_FACE_MARGIN = 1.25


def thumbnail(image: Image, height: int, box: Box | None) -> Image:
    """A picture, or the face within a box of it, `height` pixels high: uint8 (height, w, 3) from (H, W, 3) RGB."""
    shown = image if box is None else _face(image, box)
    width = max(round(shown.shape[1] * height / shown.shape[0]), 1)
    return np.asarray(cv2.resize(shown, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _face(image: Image, box: Box) -> Image:
    """The square around a face: uint8 (s, s, 3) RGB, black outside the picture."""
    height, width = image.shape[:2]
    side = min(max(round(max(box.width, box.height) * _FACE_MARGIN), 1), 2 * max(height, width))
    left, top = round(box.centre[0] - side / 2), round(box.centre[1] - side / 2)
    square = np.zeros((side, side, 3), np.uint8)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + side, width), min(top + side, height)
    if x1 > x0 and y1 > y0:
        square[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
    return square
