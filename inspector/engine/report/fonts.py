"""The report's own fonts: shipped with the program, so that a page looks the same on every machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from inspector.engine.resources import resource

SANS, BOLD, ITALIC, MONO = "NotoSans", "NotoSans-Bold", "NotoSans-Italic", "NotoSansMono"
_FILES = {
    SANS: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ITALIC: "NotoSans-Italic.ttf",
    MONO: "NotoSansMono-Regular.ttf",
}


def _path(name: str) -> Path:
    return resource("fonts") / _FILES[name]


@cache
def register() -> frozenset[int]:
    """Make the fonts known to reportlab; return the code points that every one of them can draw."""
    drawn: frozenset[int] | None = None
    for name in _FILES:
        font = TTFont(name, str(_path(name)))
        pdfmetrics.registerFont(font)
        covered = frozenset(font.face.charToGlyph)
        drawn = covered if drawn is None else drawn & covered
    for bold, italic, name in ((0, 0, SANS), (1, 0, BOLD), (0, 1, ITALIC), (1, 1, BOLD)):
        addMapping(SANS, bold, italic, name)
    return drawn or frozenset()


@cache
def for_pictures(size: int) -> ImageFont.FreeTypeFont:
    """The sans face for labels on pictures, `size` pixels high."""
    return ImageFont.truetype(str(_path(SANS)), size)
