"""The icons: Lucide's SVGs (ISC licence, resources/icons), tinted for the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from inspector.engine.assets import resource
from inspector.ui.theme import Theme

_SIZES = (16, 20, 32, 40, 64)  # up to 64 px, so that a toolbar at 200 or 300 % stays crisp


def icon(name: str, theme: Theme) -> QIcon:
    """An icon in the theme's text colour, greyed when disabled, accented when checked."""
    result = QIcon()
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off, theme.text),
        (QIcon.Mode.Disabled, QIcon.State.Off, theme.border),
        (QIcon.Mode.Normal, QIcon.State.On, theme.accent),
        (QIcon.Mode.Disabled, QIcon.State.On, theme.border),
    )
    for mode, state, colour in states:
        for size in _SIZES:
            result.addPixmap(pixmap(name, colour, size), mode, state)
    return result


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """One icon drawn at `size` device pixels in one colour (#rrggbb)."""
    text = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(text.encode("utf-8")))
    image = QPixmap(size, size)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image
