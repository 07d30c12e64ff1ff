"""Where the pictures of the close-up lie: the arrangement that makes the face largest in the room that there is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

GAP, EDGE = 8.0, 10.0  # widget pixels
_NOTES = 3.5  # lines of text below the pictures


@dataclass(frozen=True, slots=True)
class Places:
    """Rectangles in widget pixels; below each picture there is one line for its caption."""

    title: QRectF
    face: QRectF
    heat: QRectF
    tiles: tuple[QRectF, QRectF, QRectF]
    notes: QRectF


def arrange(width: float, height: float, line: float) -> Places:
    """Face and heat map beside or above each other, three neighbours below or beside them; `line` is a text's height.

    Of all arrangements the one with the largest face. The notes stand below everything, across the whole width.
    """
    wide = max(width - 2 * EDGE, 60.0)
    top = EDGE + line + GAP / 2
    high = max(height - top - EDGE - _NOTES * line, 60.0)
    candidates = [_beside(wide, high, line), _above(wide, high, line), _column(wide, high, line)]
    candidates.append(_row(wide, high, line))
    face, heat, *tiles = max(candidates, key=lambda rects: rects[0].width())
    placed = [rect.translated(EDGE, top) for rect in (face, heat, *tiles)]
    bottom = max(rect.bottom() for rect in placed) + line + 4
    notes = QRectF(EDGE, bottom, wide, max(height - bottom, 0.0))
    title = QRectF(EDGE, EDGE - 2, wide, line)
    return Places(title, placed[0], placed[1], (placed[2], placed[3], placed[4]), notes)


def _square(x: float, y: float, side: float) -> QRectF:
    return QRectF(x, y, side, side)


def _tiles_below(top: float, small: float) -> list[QRectF]:
    return [_square(column * (small + GAP), top, small) for column in range(3)]


def _beside(wide: float, high: float, line: float) -> list[QRectF]:
    """Face and heat map beside each other, the neighbours below."""
    big, small = (wide - GAP) / 2, (wide - 2 * GAP) / 3
    share = min(1.0, max(high - 2 * line - GAP, 40.0) / (big + small))
    big, small = big * share, small * share
    return [_square(0, 0, big), _square(big + GAP, 0, big), *_tiles_below(big + line + GAP, small)]


def _above(wide: float, high: float, line: float) -> list[QRectF]:
    """The face above the heat map, the neighbours below."""
    big, small = wide, (wide - 2 * GAP) / 3
    share = min(1.0, max(high - 3 * line - 2 * GAP, 40.0) / (2 * big + small))
    big, small = big * share, small * share
    second = big + line + GAP
    return [_square(0, 0, big), _square(0, second, big), *_tiles_below(2 * second, small)]


def _column(wide: float, high: float, line: float) -> list[QRectF]:
    """The face above the heat map, and a column of the neighbours beside both."""
    big = max(min((high - 2 * line - GAP) / 2, 0.7 * (wide - GAP)), 20.0)
    small = max(min(wide - GAP - big, (2 * big - line - GAP) / 3), 10.0)
    tiles = [_square(big + GAP, row * (small + line + GAP), small) for row in range(3)]
    return [_square(0, 0, big), _square(0, big + line + GAP, big), *tiles]


def _row(wide: float, high: float, line: float) -> list[QRectF]:
    """Face, heat map and a column of the neighbours beside each other."""
    small = max((high - 3 * line - 2 * GAP) / 3, 10.0)
    big = min(max(high - line, 20.0), (wide - small - 2 * GAP) / 2)
    left = 2 * (big + GAP)
    tiles = [_square(left, row * (small + line + GAP), small) for row in range(3)]
    return [_square(0, 0, big), _square(big + GAP, 0, big), *tiles]
