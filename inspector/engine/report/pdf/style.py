"""The page's look: colours, paragraph styles, tables, headings that are bookmarks, and free drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from inspector.engine.report import fonts

Flowables = list[Any]

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN, TOP, BOTTOM = 18 * mm, 22 * mm, 18 * mm
WIDTH = PAGE_WIDTH - 2 * MARGIN

INK, MUTED, RULE, PALE = HexColor("#1b2229"), HexColor("#57626d"), HexColor("#cdd4da"), HexColor("#f2f4f6")
ACCENT = HexColor("#1d4a73")
RAW, SMOOTH = HexColor("#9fb6cb"), HexColor("#143a5c")
WARNING = "#b3261e"
SEGMENT, GREY_SEGMENT, BAND = HexColor("#f6dcb4"), HexColor("#d3d6db"), HexColor("#ececf1")
HATCH, GAP = HexColor("#9aa2aa"), HexColor("#b3493a")

_BASE: dict[str, Any] = {
    "fontName": fonts.SANS,
    "textColor": INK,
    "splitLongWords": 1,
    "allowWidows": 0,
    "bulletFontName": fonts.SANS,
}
BODY = ParagraphStyle("body", **_BASE, fontSize=9, bulletFontSize=9, leading=12.6, spaceAfter=4)
FIRST = ParagraphStyle("first", **_BASE, fontSize=9, bulletFontSize=9, leading=12, spaceAfter=3)
FIRST_END = ParagraphStyle("first end", parent=FIRST, spaceBefore=6)
FIRST_ITEM = ParagraphStyle("first item", parent=FIRST, leftIndent=12, bulletIndent=1, spaceAfter=1)
FIRST_HEAD = ParagraphStyle("first head", parent=FIRST, spaceBefore=5, spaceAfter=1.5, keepWithNext=1)
ITEM = ParagraphStyle("item", parent=BODY, leftIndent=12, bulletIndent=1, spaceAfter=2)
CELL = ParagraphStyle("cell", **_BASE, fontSize=8.2, leading=10.8)
NUMBER = ParagraphStyle("number", parent=CELL, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", parent=CELL, fontName=fonts.BOLD)
HEAD_NUMBER = ParagraphStyle("head number", parent=HEAD, alignment=TA_RIGHT)
CAPTION = ParagraphStyle("caption", **_BASE, fontSize=8, leading=10.6, spaceBefore=2, spaceAfter=8)
CODE = ParagraphStyle("code", parent=CELL, fontName=fonts.MONO, backColor=PALE, borderPadding=4, spaceBefore=4,
                      spaceAfter=8)  # fmt: skip
_H1 = ParagraphStyle("h1", parent=BODY, fontName=fonts.BOLD, fontSize=13, leading=17, spaceBefore=14, spaceAfter=5,
                     textColor=ACCENT)  # fmt: skip
_H2 = ParagraphStyle("h2", parent=BODY, fontName=fonts.BOLD, fontSize=9.8, leading=13, spaceBefore=8, spaceAfter=3,
                     )  # fmt: skip
TITLE = ParagraphStyle("title", parent=BODY, fontName=fonts.BOLD, fontSize=17, leading=21, spaceAfter=6,
                       textColor=ACCENT)  # fmt: skip


class Drawn(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A rectangle of the page that `paint` fills, with the canvas' origin at its lower left corner."""

    def __init__(self, width: float, height: float, paint: Callable[[Any], None]) -> None:
        super().__init__()
        self.width, self.height, self.paint = width, height, paint

    def draw(self) -> None:
        """Paint onto the current page."""
        self.paint(self.canv)


class Fitted(Flowable):  # type: ignore[misc]
    """A drawing as high as the page has room for, between two heights; left out where there is less."""

    def __init__(self, least: float, most: float, make: Callable[[float], Drawn]) -> None:
        super().__init__()
        self._least, self._most, self._make = least, most, make
        self._drawn: Drawn | None = None
        self.width = self.height = 0.0

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """The size it takes, in points, of what is available."""
        self._drawn = self._make(min(height, self._most)) if height >= self._least else None
        self.width = 0.0 if self._drawn is None else self._drawn.width
        self.height = 0.0 if self._drawn is None else self._drawn.height
        return self.width, self.height

    def draw(self) -> None:
        """Paint onto the current page."""
        if self._drawn is not None:
            self._drawn.paint(self.canv)


def stacked(parts: Sequence[Drawn]) -> Drawn:
    """Drawings beneath each other as one."""
    height = sum(part.height for part in parts)

    def paint(canvas: Any) -> None:
        top = height
        for part in parts:
            top -= part.height
            canvas.saveState()
            canvas.translate(0, top)
            part.paint(canvas)
            canvas.restoreState()

    return Drawn(WIDTH, height, paint)


def in_row(parts: Sequence[Drawn], height: float, apart: float) -> Drawn:
    """Drawings beside each other as one, `apart` points from left edge to left edge, at the foot of `height` points."""

    def paint(canvas: Any) -> None:
        for column, part in enumerate(parts):
            canvas.saveState()
            canvas.translate(column * apart, 0)
            part.paint(canvas)
            canvas.restoreState()

    return Drawn(WIDTH, height, paint)


def fitted(line: str, size: float, width: float) -> str:
    """As much of a line as fits into `width` points, with an ellipsis where something is missing."""
    if stringWidth(line, fonts.SANS, size) <= width:
        return line
    while line and stringWidth(line + "…", fonts.SANS, size) > width:
        line = line[:-1]
    return line + "…"


class _Bookmark(Flowable):  # type: ignore[misc]
    """An entry in the outline and the contents; it takes no room on the page."""

    def __init__(self, title: str, level: int, on_page: Callable[[str, int], None] | None) -> None:
        super().__init__()
        self.width = self.height = 0
        self._title, self._level, self._on_page = title, level, on_page

    def draw(self) -> None:
        key = f"{self._level}:{self._title}"
        self.canv.bookmarkHorizontal(key, 0, 16 if self._level == 0 else 32)
        self.canv.addOutlineEntry(self._title, key, self._level, closed=self._level > 0)
        if self._on_page is not None:
            self._on_page(self._title, self.canv.getPageNumber())


def heading(title: str, on_page: Callable[[str, int], None], room: float) -> Flowables:
    """A section's heading with its bookmark, where at least `room` is left; `title` is plain text of our own."""
    # Not keepWithNext: it would drag the whole of a long table to the next page.
    return [CondPageBreak(room), _Bookmark(title, 0, on_page), Paragraph(title, _H1)]


def subheading(title: str) -> Flowables:
    """A smaller heading (`title` is markup), where there is room for some lines beneath it."""
    return [CondPageBreak(24 * mm), Paragraph(title, _H2)]


def block(title: str, content: Flowables) -> Any:
    """A smaller heading (plain text of our own) with its bookmark and content, not torn apart by a page's end."""
    # The heading comes first: KeepTogether does not count the space above a flowable that follows a bookmark.
    return KeepTogether([Paragraph(title, _H2), _Bookmark(title, 1, None), *content])


def paragraph(markup: str, style: ParagraphStyle = BODY) -> Any:
    """A paragraph of markup that is already escaped."""
    return Paragraph(markup, style)


def warning(markup: str) -> str:
    """Markup in red."""
    return f'<font color="{WARNING}">{markup}</font>'


def items(texts: Sequence[str], style: ParagraphStyle = ITEM) -> Flowables:
    """A bulleted list of markup."""
    return [Paragraph(each, style, bulletText="–") for each in texts]


class _Rows(Table):  # type: ignore[misc]
    """A table that tears a row apart only where it is higher than half a page.

    A lower one moves to the next page, where it can be read as a whole, and its head is not repeated above its rest.
    """

    def split(self, width: float, height: float) -> Flowables:
        """The parts that fit, called after `wrap`."""
        self.splitInRow = int(max(self._rowHeights) > PAGE_HEIGHT / 2)
        return list(super().split(width, height))


def facts(
    rows: Sequence[tuple[str, str]],
    style: ParagraphStyle = CELL,
    label_width: float = 44 * mm,
    width: float = WIDTH,
) -> Any:
    """Labels and values (markup) beneath each other."""
    label = ParagraphStyle("fact label", parent=style, textColor=MUTED)
    body = [[Paragraph(name, label), Paragraph(value, style)] for name, value in rows]
    table = _Rows(body, colWidths=[label_width, width - label_width], hAlign="LEFT")
    table.setStyle(TableStyle([*_PADDING, ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE)]))
    return table


_PADDING: list[tuple[Any, ...]] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 1.8),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4),
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
]


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], sides: str) -> Any:
    """A table of markup with a repeated head; `widths` are shares of the page's, `sides` has "l" or "r" per column."""
    total = sum(widths)

    def cells(row: Sequence[str], left: ParagraphStyle, right: ParagraphStyle) -> list[Any]:
        return [Paragraph(text, left if side == "l" else right) for text, side in zip(row, sides, strict=True)]

    body = [cells(head, HEAD, HEAD_NUMBER), *(cells(row, CELL, NUMBER) for row in rows)]
    table = _Rows(body, colWidths=[WIDTH * w / total for w in widths], repeatRows=1, hAlign="LEFT")
    lines = [("LINEBELOW", (0, 0), (-1, 0), 0.8, INK), ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE)]
    # A right-aligned number needs space before the text of the next column.
    air = [("RIGHTPADDING", (at, 0), (at, -1), 14) for at in range(len(sides)) if sides[at : at + 2] == "rl"]
    table.setStyle(TableStyle([*_PADDING, *lines, *air]))
    return table


def mono(markup: str) -> str:
    """Markup in the mono face, for hashes and commands."""
    return f'<font name="{fonts.MONO}" size="7.6">{markup}</font>'


def together(flowables: Flowables) -> Any:
    """What should not be torn apart by a page's end."""
    return KeepTogether(flowables)


def as_new(flowables: Flowables) -> None:
    """Make flowables ready to be laid out again: reportlab marks those that it moved to the next page."""
    for each in flowables:
        each.__dict__.pop("_postponed", None)
        if isinstance(each, KeepTogether):
            as_new(each._content)


def space(points: float) -> Any:
    """Room between things."""
    return Spacer(1, points)


def bookmark(title: str) -> Flowables:
    """An outline entry without a heading."""
    return [_Bookmark(title, 0, None)]


def beside(left: Any, right: Flowables, right_width: float) -> Any:
    """Two things side by side, the right one `right_width` points wide."""
    table = Table([[left, right]], colWidths=[WIDTH - right_width, right_width], hAlign="LEFT")
    no_room = [(side, (0, 0), (-1, -1), 0) for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")]
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *no_room]))
    return table
