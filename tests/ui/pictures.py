"""What Qt painted, as arrays."""

import numpy as np
from PySide6.QtGui import QImage


def pixels(image):
    """A QImage as uint8 (h, w, 3) RGB; a copy, since the array would not keep the image alive."""
    made = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    return rows[:, : 3 * made.width()].reshape(made.height(), made.width(), 3).copy()
