"""The icons are drawn once, and tinted for each state."""

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from inspector.engine.resources import resource
from inspector.ui.widgets.icons import icon
from inspector.ui.widgets.theme import DARK, LIGHT


def levels(image):
    """The pixels of an image as int (height, width, 4) BGRA, premultiplied."""
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("size", [18, 36])
def test_each_state_has_its_colour(qapp, theme, size):
    made = icon("flame", theme)
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off, theme.text),
        (QIcon.Mode.Disabled, QIcon.State.Off, theme.border),
        (QIcon.Mode.Normal, QIcon.State.On, theme.accent),
    )
    source = resource("icons/flame.svg").read_text(encoding="utf-8")
    for mode, state, colour in states:
        expected = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        expected.fill(Qt.GlobalColor.transparent)
        painter = QPainter(expected)
        coloured = source.replace("currentColor", QColor(colour).name())
        QSvgRenderer(QByteArray(coloured.encode())).render(painter, QRectF(0, 0, size, size))
        painter.end()
        drawn = levels(made.pixmap(size, mode, state).toImage())
        assert drawn[..., 3].max() > 200
        assert np.abs(drawn - levels(expected)).max() <= 2  # of 255, by rounding
