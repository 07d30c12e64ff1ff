"""The icons: Lucide's SVGs (ISC licence, resources/icons), tinted for the theme."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from inspector.engine.resources import resource
from inspector.ui.widgets.theme import Theme

_SIZES = (18, 36, 54)  # pixels: the toolbar's size at 100, 200 and 300 %


def icon(name: str, theme: Theme) -> QIcon:
    """An icon in the theme's text colour, muted when disabled, in the accent colour when checked."""
    renderer = QSvgRenderer(str(resource(f"icons/{name}.svg")))
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off, theme.text),
        (QIcon.Mode.Disabled, QIcon.State.Off, theme.border),
        (QIcon.Mode.Normal, QIcon.State.On, theme.accent),
    )
    result = QIcon()
    for size in _SIZES:
        drawing = _drawn(renderer, size)
        for mode, state, colour in states:
            result.addPixmap(_tinted(drawing, colour), mode, state)
    return result


def _tinted(drawing: QPixmap, colour: str) -> QPixmap:
    """A drawing in one colour: quicker than to draw it again in that one."""
    image = QPixmap(drawing)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), QColor(colour))
    painter.end()
    return image


def _drawn(renderer: QSvgRenderer, size: int) -> QPixmap:
    image = QPixmap(size, size)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image
