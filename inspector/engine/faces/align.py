"""Faces rotated and scaled so that the eyes are at fixed positions, for comparing frames; never scored."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.domain.arrays import Floats, Image
from inspector.domain.faces import Face

# The corners of each eye in the face mesh; unlike the irises they do not move with the gaze.
_LEFT_EYE, _RIGHT_EYE = (33, 133), (263, 362)
_EYE_HEIGHT = 0.42
_EYE_APART = 0.30  # of the side: the whole face with some hair and chin
_BOX_ROOM = 1.25


def aligned_face(image: Image, face: Face, side: int) -> tuple[Image, str]:
    """The face as uint8 (side, side, 3) RGB with level eyes at fixed positions, and "eyes" or "box".

    The text says what the face is aligned by: one without landmarks is aligned by its box. `image` is uint8 (H, W, 3)
    RGB; areas outside it are black.
    """
    matrix, by = alignment(face, side)
    return _warped(image, matrix, float(np.hypot(*matrix[:, 0])), side), by


def alignment(face: Face, side: int) -> tuple[Floats, str]:
    """The float64 (2, 3) matrix from pixels of the frame to those of `aligned_face`, and "eyes" or "box"."""
    if face.landmarks is None:
        box = face.box.expanded(_BOX_ROOM)
        scale = side / max(box.width, box.height, 1.0)
        cx, cy = box.centre
        matrix = np.array([[scale, 0, side / 2 - cx * scale], [0, scale, side / 2 - cy * scale]])
        return matrix, "box"
    points = face.landmarks.points[:, :2].astype(np.float64)
    left, right = points[list(_LEFT_EYE)].mean(axis=0), points[list(_RIGHT_EYE)].mean(axis=0)
    across = right - left
    length = max(float(np.hypot(*across)), 1e-3)
    scale = _EYE_APART * side / length
    cosine, sine = across / length * scale
    turn = np.array([[cosine, sine], [-sine, cosine]])
    shift = np.array([side / 2, side * _EYE_HEIGHT]) - turn @ ((left + right) / 2)
    return np.column_stack([turn, shift]), "eyes"


def _warped(image: Image, matrix: Floats, scale: float, side: int) -> Image:
    """Warp `image`, low-pass filtered first when it is shrunk: warpAffine alone would skip pixels and alias."""
    if scale < 0.5:
        radius = 0.4 / scale
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), radius), dtype=np.uint8)
    warped = cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(warped, dtype=np.uint8)
