"""The face crop that the network gets as input; training uses the same functions."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.domain.arrays import Image
from inspector.domain.clip import Frame
from inspector.domain.faces import Face
from inspector.domain.geometry import Box


def crop_box(face: Face, margin: float) -> Box:
    """A square around a face: the longer side of its landmarks' (else the detector's) box, times 1 + margin.

    In whole pixels, so that a stored crop can be reproduced exactly. It may extend beyond the frame.
    """
    box = face.landmarks.bounds if face.landmarks is not None else face.box
    side = max(8, round(max(box.width, box.height) * (1 + margin)))
    cx, cy = box.centre
    return Box(float(round(cx - side / 2)), float(round(cy - side / 2)), float(side), float(side))


def cut(image: Image, box: Box, size: int) -> Image:
    """Cut `box` from `image` (uint8 (H, W, 3) RGB) and scale it to uint8 (size, size, 3) RGB.

    Outside the image its edge is repeated. Shrinks by area averaging, enlarges bicubically. ValueError if the box does
    not intersect the image.
    """
    x, y, side_x, side_y = round(box.x), round(box.y), round(box.width), round(box.height)
    height, width = image.shape[:2]
    left, top = max(-x, 0), max(-y, 0)
    right, bottom = max(x + side_x - width, 0), max(y + side_y - height, 0)
    part = image[max(y, 0) : max(y + side_y, 0), max(x, 0) : max(x + side_x, 0)]
    if part.size == 0:
        raise ValueError(f"The crop {box} lies outside the {width}x{height} picture.")
    if left or top or right or bottom:
        part = np.asarray(cv2.copyMakeBorder(part, top, bottom, left, right, cv2.BORDER_REPLICATE), dtype=np.uint8)
    how = cv2.INTER_AREA if part.shape[0] >= size else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(part, (size, size), interpolation=how), dtype=np.uint8)


def whole_face(frame: Frame) -> Face:
    """The whole frame as a face without landmarks: the smallest square around it, centred."""
    height, width = frame.image.shape[:2]
    side = float(max(width, height))
    return Face(frame.pts, Box((width - side) // 2, (height - side) // 2, side, side), None, 1.0)
