"""What the timeline's colours and patterns mean: as one line below it, and in full as a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from inspector.domain.faces import Abstention
from inspector.ui.timeline.lanes.lane_items import abstention_brush
from inspector.ui.timeline.marks import Mark, draw_mark
from inspector.ui.widgets.labels import plain_tip
from inspector.ui.widgets.language import keep_left_to_right, tr, tr_marked
from inspector.ui.widgets.theme import DARK, Theme, faded, track_colour, ui_font

_SWATCH = 20
_ROW = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """A text and the function that paints its swatch."""

    text: str
    draw: Callable[[QPainter, QRectF, Theme], None]


def entries(
    reasons: Sequence[Abstention],
    marks: Sequence[Mark],
    *,
    is_scored: bool,
    is_screened: bool = False,
    is_indicated: bool = False,
    has_limits: bool = True,
) -> list[Entry]:
    """The entries for a timeline with these abstentions and marks and, if `is_scored`, with probabilities.

    `is_screened` says that a deep look decides, `is_indicated` that manipulation is indicated of a face,
    `has_limits` that the limits of the rule are drawn.
    """
    found = [Entry(tr("not scored: {reason}", reason=tr_marked(reason.value)), _reason(reason)) for reason in reasons]
    if is_screened:
        found += [
            Entry(tr("deep look, decides"), _points),
            Entry(tr("fast look, screening"), _line(1.0, 120)),
            Entry(tr("frames in a row over the upper limit"), _segment(is_indicated)),
        ]
    elif is_scored:
        found += [
            Entry(tr("segment of high probability"), _segment(is_indicated)),
            Entry(tr("smoothed"), _line(2.0, 255)),
            Entry(tr("each frame"), _line(1.0, 120)),
            Entry(tr("spread, 1 σ"), _spread),
        ]
    if is_scored and has_limits:
        found.append(Entry(tr("between the limits: inconclusive"), _inconclusive))
    return found + [Entry(tr_marked(mark.value), _mark(mark)) for mark in marks]


class Legend(QWidget):
    """Entries in one line, as many as fit, or one below the other."""

    def __init__(self, *, is_list: bool = False) -> None:
        super().__init__()
        self.setObjectName("legend")
        self._is_list = is_list
        self._theme = DARK
        self._entries: list[Entry] = []
        self.setFont(ui_font())
        if not is_list:
            self.setFixedHeight(_ROW)

    def set_content(self, theme: Theme, found: list[Entry]) -> None:
        """Show these entries in a theme's colours."""
        self._theme, self._entries = theme, found
        self.setAccessibleName(tr("Legend"))
        self.setAccessibleDescription("; ".join(entry.text for entry in found))
        self.setToolTip(plain_tip("" if self._is_list else "\n".join(entry.text for entry in found)))
        if self._is_list:
            self.setFixedSize(self.sizeHint())
        self.update()

    @property
    def texts(self) -> list[str]:
        """The text of each entry."""
        return [entry.text for entry in self._entries]

    def sizeHint(self) -> QSize:
        """The size that shows all entries."""
        widths = [self._width(entry) for entry in self._entries] or [0]
        if self._is_list:
            return QSize(max(widths) + 16, _ROW * len(widths) + 8)
        return QSize(sum(widths), _ROW)

    def _width(self, entry: Entry) -> int:
        return _SWATCH + 5 + self.fontMetrics().horizontalAdvance(entry.text) + 14

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the swatches and their text."""
        painter = QPainter(self)
        keep_left_to_right(painter)
        painter.fillRect(self.rect(), QColor(self._theme.plot))
        x, y = 8, 4 if self._is_list else 0
        for entry in self._entries:
            if not self._is_list and x + self._width(entry) > self.width():
                break  # the list and the tooltip have all entries
            painter.save()
            entry.draw(painter, QRectF(x, y + 3, _SWATCH, _ROW - 6), self._theme)
            painter.restore()
            painter.setPen(QColor(self._theme.muted))
            line = QRectF(x + _SWATCH + 5, y, self._width(entry), _ROW)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, entry.text)
            x, y = (x, y + _ROW) if self._is_list else (x + self._width(entry), y)
        painter.end()


def _reason(reason: Abstention) -> Callable[[QPainter, QRectF, Theme], None]:
    def draw(painter: QPainter, area: QRectF, theme: Theme) -> None:
        brush = abstention_brush(theme, reason)
        painter.fillRect(area, brush)
        painter.setPen(QPen(brush.color(), 1))
        painter.drawRect(area)

    return draw


def _mark(mark: Mark) -> Callable[[QPainter, QRectF, Theme], None]:
    def draw(painter: QPainter, area: QRectF, theme: Theme) -> None:
        if mark is Mark.KEY:  # a short tick at the foot of the ruler; here in the middle, beside its text
            area = area.adjusted(0, 0, 0, 2 - area.height() / 2)
        is_wide = mark in (Mark.GAP, Mark.RANGE)
        draw_mark(painter, mark, area if is_wide else QRectF(area.center().x(), area.top(), 0, area.height()), theme)

    return draw


def _line(width: float, alpha: int) -> Callable[[QPainter, QRectF, Theme], None]:
    def draw(painter: QPainter, area: QRectF, theme: Theme) -> None:
        _draw_line(painter, area, QPen(faded(track_colour(theme, 1), alpha), width))

    return draw


def _points(painter: QPainter, area: QRectF, theme: Theme) -> None:
    colour = track_colour(theme, 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_line(painter, area, QPen(colour, 1.5))
    painter.setBrush(QBrush(colour))
    painter.drawEllipse(area.center(), 2.5, 2.5)


def _draw_line(painter: QPainter, area: QRectF, pen: QPen) -> None:
    painter.setPen(pen)
    y = area.center().y()
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


def _segment(is_indicated: bool) -> Callable[[QPainter, QRectF, Theme], None]:
    def draw(painter: QPainter, area: QRectF, theme: Theme) -> None:
        painter.fillRect(area, faded(theme.notable if is_indicated else theme.muted, 90))

    return draw


def _spread(painter: QPainter, area: QRectF, theme: Theme) -> None:
    painter.fillRect(area, faded(track_colour(theme, 1), 90))
    _draw_line(painter, area, QPen(track_colour(theme, 1), 2))


def _inconclusive(painter: QPainter, area: QRectF, theme: Theme) -> None:
    painter.fillRect(area, QBrush(faded(theme.muted, 110), Qt.BrushStyle.Dense6Pattern))
    painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DashLine))
    for y in (area.top(), area.bottom()):
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
