"""The pieces that timeline lanes are made of: a view that seeks, selects and zooms, bands, a label, a time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from inspector.domain.arrays import Floats
from inspector.domain.faces import Abstention
from inspector.domain.timecode import clock_time
from inspector.ui.series import ABSTENTIONS
from inspector.ui.timeline.lanes.curve_items import LaneItem
from inspector.ui.timeline.lanes.curves import covered_columns, runs
from inspector.ui.widgets.theme import Theme, ui_font

# Each reason has a pattern of its own, so that it is told apart without colour.
PATTERNS = {
    Abstention.NO_FACE: Qt.BrushStyle.Dense6Pattern,
    Abstention.TOO_SMALL: Qt.BrushStyle.HorPattern,
    Abstention.TOO_BLURRED: Qt.BrushStyle.Dense4Pattern,
    Abstention.PROFILE: Qt.BrushStyle.BDiagPattern,
    Abstention.OCCLUDED: Qt.BrushStyle.FDiagPattern,
    Abstention.DECODE_ERROR: Qt.BrushStyle.DiagCrossPattern,
}
_REASONS_ON_DARK = {
    Abstention.NO_FACE: "#9a9a9a",
    Abstention.TOO_SMALL: "#7fb6ff",
    Abstention.TOO_BLURRED: "#b79ae6",
    Abstention.PROFILE: "#4cc8c0",
    Abstention.OCCLUDED: "#d8c94a",
    Abstention.DECODE_ERROR: "#f07a70",
}
_REASONS_ON_LIGHT = {
    Abstention.NO_FACE: "#6a6a6e",
    Abstention.TOO_SMALL: "#2a64b8",
    Abstention.TOO_BLURRED: "#6a45b0",
    Abstention.PROFILE: "#00706a",
    Abstention.OCCLUDED: "#7a6a00",
    Abstention.DECODE_ERROR: "#b3261e",
}
AXIS_WIDTH = 42
LABEL_WIDTH = 124
SPACING = 4  # the same above and below, so that the ruler stands over its lanes to the pixel
PORTRAIT = 44
GAP_PATTERN = Qt.BrushStyle.DiagCrossPattern


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of seconds in one style; `text` is what the pointer is told over it."""

    start: float
    end: float
    style: Qt.BrushStyle
    colour: str
    alpha: int
    text: str


class BandItem(LaneItem):
    """A few bands over a lane's full height, painted in screen pixels so that patterns keep their grain."""

    def __init__(self) -> None:
        super().__init__()
        self.bands: list[Band] = []

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Replace all bands."""
        self.bands = sorted(bands, key=lambda band: band.start)
        self.update()

    def at(self, seconds: float) -> list[Band]:
        """The bands over a moment."""
        return [band for band in self.bands if band.start <= seconds < band.end]

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw what is to be renewed."""
        left, count, transform = self.columns_of(painter, option)
        area = transform.mapRect(self.boundingRect())
        for band in self.bands:
            first, last = (transform.m11() * at + transform.dx() for at in (band.start, band.end))
            if last >= left and first <= left + count:
                colour = QColor(band.colour)
                colour.setAlpha(band.alpha)
                rect = QRectF(first, area.top(), max(last - first, 1.0), area.height())
                painter.fillRect(rect, QBrush(colour, band.style))
                # A bar along the top, so that the stretch is told by its shape too.
                painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 3), QColor(band.colour))


class AbstentionItem(LaneItem):
    """Where a track was not scored, each reason in its colour and pattern; any number of runs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.starts: Floats = np.empty(0)
        self.ends: Floats = np.empty(0)
        self.codes: npt.NDArray[np.uint8] = np.empty(0, np.uint8)

    def set_runs(self, starts: Floats, ends: Floats, codes: npt.NDArray[np.uint8]) -> None:
        """Replace all runs: seconds [start, end), rising and apart, and indices into ABSTENTIONS."""
        self.starts, self.ends, self.codes = starts, ends, codes
        self.update()

    def at(self, seconds: float) -> Abstention | None:
        """The reason over a moment."""
        row = int(np.searchsorted(self.starts, seconds, side="right")) - 1
        return ABSTENTIONS[self.codes[row]] if row >= 0 and seconds < self.ends[row] else None

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw what is to be renewed, reason by reason, at most a stretch for each pixel column."""
        left, count, transform = self.columns_of(painter, option)
        if count <= 0 or not len(self.starts):
            return
        area = transform.mapRect(self.boundingRect())
        start = (left - transform.dx()) / transform.m11()
        first = int(np.searchsorted(self.ends, start))
        last = int(np.searchsorted(self.starts, start + count / transform.m11()))
        codes = self.codes[first:last]
        painter.setPen(Qt.PenStyle.NoPen)
        for code in np.unique(codes):
            chosen = codes == code
            starts, ends = self.starts[first:last][chosen], self.ends[first:last][chosen]
            brush = abstention_brush(self._theme, ABSTENTIONS[code])
            columns = runs(covered_columns(starts, ends, start, 1 / transform.m11(), count))
            rects = [QRectF(left + low, area.top(), high - low, area.height()) for low, high in columns]
            for fill in (QBrush(_tint(brush.color())), brush):
                painter.setBrush(fill)
                painter.drawRects(rects)


def abstention_brush(theme: Theme, reason: Abstention) -> QBrush:
    """A reason's pattern in its colour."""
    colours = _REASONS_ON_LIGHT if theme.name == "light" else _REASONS_ON_DARK
    return QBrush(QColor(colours[reason]), PATTERNS[reason])


def _tint(colour: QColor) -> QColor:
    faint = QColor(colour)
    faint.setAlpha(36)
    return faint


class SpanItem(LaneItem):
    """Over all else: what lies outside the in and out points dimmed, and the selected stretch lit."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setZValue(40)
        self._dim, self._lit = QColor(theme.plot), QColor(theme.accent)
        self._dim.setAlpha(150)
        self._lit.setAlpha(60)
        self.range: tuple[float, float] | None = None
        self.selection: tuple[float, float] | None = None

    def set_spans(self, between: tuple[float, float] | None, selection: tuple[float, float] | None) -> None:
        """In seconds; None for none."""
        if (between, selection) != (self.range, self.selection):
            self.range, self.selection = between, selection
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw both."""
        area = self.boundingRect()
        if self.range is not None:
            low, high = self.range
            painter.fillRect(_across(area, area.left(), min(low, area.right())), self._dim)
            painter.fillRect(_across(area, max(high, area.left()), area.right()), self._dim)
        if self.selection is not None:
            painter.fillRect(_across(area, *self.selection), self._lit)
            pen = QPen(QColor(self._lit.red(), self._lit.green(), self._lit.blue()), 0)
            painter.setPen(pen)
            for at in self.selection:
                painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))


def _across(area: QRectF, start: float, end: float) -> QRectF:
    return QRectF(start, area.top(), max(end - start, 0.0), area.height())


class LaneView(pg.ViewBox):  # type: ignore[misc]
    """A lane's plot area: a click seeks, a drag selects or scrubs, middle or Shift-drag pans, the wheel zooms."""

    sought = Signal(object)  # float: seconds
    selected = Signal(object, object, object)  # float, float: seconds from and to; bool: the button was let go

    def __init__(self, *, drag_selects: bool = True) -> None:
        super().__init__(enableMenu=False)
        self._drag_selects = drag_selects
        self.setMouseEnabled(x=True, y=False)
        self.setDefaultPadding(0.0)
        self.disableAutoRange()  # what is in sight is the user's choice, not the data's

    def mouseClickEvent(self, event: Any) -> None:
        """Seek."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.sought.emit(self.mapSceneToView(event.scenePos()).x())

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Select or scrub, or pan."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        at = self.mapSceneToView(event.scenePos()).x()
        if event.button() == Qt.MouseButton.LeftButton and not shift:
            event.accept()
            if self._drag_selects:
                began = self.mapSceneToView(event.buttonDownScenePos()).x()
                self.selected.emit(min(began, at), max(began, at), event.isFinish())
            else:
                self.sought.emit(at)
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            event.accept()
            self.translateBy(x=self.mapSceneToView(event.lastScenePos()).x() - at)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """Zoom about the pointer; with Shift, move."""
        turned = event.delta()
        event.accept()
        low, high = self.viewRange()[0]
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.translateBy(x=-(high - low) * turned / 1200)
            return
        factor = 0.85 ** (turned / 120)
        about = self.mapSceneToView(event.scenePos()).x()
        self.setXRange(about - (about - low) * factor, about + (high - about) * factor, padding=0)


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Time since the first picture, as finely as the zoom asks for."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """One label per tick."""
        return [axis_time(value, spacing) for value in values]


def axis_time(seconds: float, spacing: float) -> str:
    """ "0:05", "1:02:03" or, where ticks lie closer than a second, "0:05.25"."""
    text = clock_time(max(seconds, 0.0))
    head, milliseconds = text.split(".")
    hours, minutes, rest = head.split(":")
    short = f"{int(hours)}:{minutes}:{rest}" if int(hours) else f"{int(minutes)}:{rest}"
    if spacing >= 1:
        return short
    return f"{short}.{milliseconds[: 1 if spacing >= 0.1 else 2 if spacing >= 0.01 else 3]}"


class LaneLabel(pg.GraphicsWidget):  # type: ignore[misc]
    """A lane's name with its colour, below it the value of the frame on the screen, before both the track's face."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(LABEL_WIDTH)
        self._theme = theme
        self._text = ("", "", "")
        self._portrait: QImage | None = None

    def set_text(self, title: str, below: str, colour: str) -> None:
        """Name, value and colour."""
        if (title, below, colour) != self._text:
            self._text = (title, below, colour)
            self.update()

    def set_portrait(self, image: QImage) -> None:
        """The track's face."""
        self._portrait = image
        self.update()

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(self._text[:2])

    @property
    def has_portrait(self) -> bool:
        """Whether the track's face is shown."""
        return self._portrait is not None

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the face, and name and value about the middle of the row."""
        title, below, colour = self._text
        area = QRectF(self.rect())
        left = 4.0
        if self._portrait is not None:
            side = min(area.height() - 2, PORTRAIT)
            frame = QRectF(left, area.center().y() - side / 2, side, side)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(frame, self._portrait)
            painter.fillRect(QRectF(frame.left(), frame.bottom(), frame.width(), 2), QColor(colour))
            left += side + 6
        painter.setFont(ui_font())
        step = painter.fontMetrics().height()
        top = max(area.center().y() - (step if below else step / 2), 0.0)
        indent = 0.0
        if self._portrait is None:
            painter.fillRect(QRectF(left, top + step / 2 - 4, 8, 8), QColor(colour))
            indent = 13.0
        painter.setPen(QColor(self._theme.text))
        _draw_line(painter, QRectF(left + indent, top, area.right() - left - indent, step), title)
        painter.setPen(QColor(self._theme.muted))
        _draw_line(painter, QRectF(left, top + step, area.right() - left, step), below)


def _draw_line(painter: QPainter, area: QRectF, text: str) -> None:
    short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, short)


def curve_pen(colour: QColor, width: int) -> QPen:
    """A pen of `width` at 100 %, as thick to the eye on a finer screen."""
    screen = QGuiApplication.primaryScreen()
    pen = QPen(colour, width * (screen.devicePixelRatio() if screen is not None else 1.0))
    pen.setCosmetic(True)
    return pen


def playhead_line(colour: str) -> Any:
    """The playhead in one lane."""
    line = pg.InfiniteLine(angle=90, movable=False, pen=curve_pen(QColor(colour), 1))
    line.setZValue(50)
    return line


def threshold_line(at: float, colour: str) -> Any:
    """A dashed line across a lane."""
    pen = curve_pen(QColor(colour), 1)
    pen.setStyle(Qt.PenStyle.DashLine)
    line = pg.InfiniteLine(pos=at, angle=0, movable=False, pen=pen)
    line.setZValue(5)
    return line


class LevelBand(LaneItem):
    """The stretch of probabilities that the tool calls inconclusive, dotted across the whole lane."""

    def __init__(self, low: float, high: float, colour: str) -> None:
        super().__init__()
        self._low, self._high, self._colour = low, high, QColor(colour)
        self._colour.setAlpha(70)

    def boundingRect(self) -> QRectF:
        """In the lane's own units."""
        view = super().boundingRect()
        return QRectF(view.left(), self._low, view.width(), self._high - self._low)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw what is to be renewed."""
        rect = painter.worldTransform().mapRect(self.boundingRect() & option.exposedRect)
        painter.resetTransform()
        painter.fillRect(rect, QBrush(self._colour, Qt.BrushStyle.Dense6Pattern))
