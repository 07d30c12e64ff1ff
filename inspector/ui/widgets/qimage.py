"""The only place where numpy arrays become Qt images."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from inspector.domain.arrays import Image


def to_qimage(image: Image) -> QImage:
    """A QImage that owns its pixels, from uint8 (H, W, 3) RGB; in RGB32, which QPainter draws fastest."""
    import cv2  # imported here because the window opens before OpenCV is loaded

    height, width = image.shape[:2]
    made = QImage(width, height, QImage.Format.Format_RGB32)
    into = np.frombuffer(made.bits(), np.uint8).reshape(height, width, 4)
    cv2.cvtColor(image, cv2.COLOR_RGB2BGRA, dst=into)
    return made


def wrap_bgra(pixels: npt.NDArray[np.uint8] | npt.NDArray[np.uint32]) -> QImage:
    """A QImage over premultiplied BGRA pixels: uint8 (H, W, 4), or uint32 (H, W) with one pixel each.

    It shares the array's memory, so the array must outlive it; call `copy` on the result for an image of its own. Qt
    blends this format itself; for other formats it starts threads and waits for them.
    """
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_ARGB32_Premultiplied)


def wrap_indexed(levels: npt.NDArray[np.uint8], colours: list[int]) -> QImage:
    """A QImage over uint8 (H, W) indices into at most 256 ARGB `colours`; it shares the array's memory."""
    height, width = levels.shape
    image = QImage(levels.data, width, height, levels.strides[0], QImage.Format.Format_Indexed8)
    image.setColorTable(colours)
    return image
