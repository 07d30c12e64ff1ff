"""The pieces that timeline lanes are made of: a view that seeks and zooms, bands with patterns, a time axis."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from inspector.domain.faces import Abstention
from inspector.ui.clock import clock_time
from inspector.ui.theme import Theme, ui_font

# Each reason has a pattern of its own, so that it is told apart without colour.
PATTERNS = {
    Abstention.NO_FACE: Qt.BrushStyle.Dense7Pattern,
    Abstention.TOO_SMALL: Qt.BrushStyle.HorPattern,
    Abstention.TOO_BLURRED: Qt.BrushStyle.Dense5Pattern,
    Abstention.PROFILE: Qt.BrushStyle.BDiagPattern,
    Abstention.OCCLUDED: Qt.BrushStyle.FDiagPattern,
    Abstention.DECODE_ERROR: Qt.BrushStyle.DiagCrossPattern,
}
AXIS_WIDTH = 42
LABEL_WIDTH = 124
SPACING = 4  # the same above and below, so that the ruler stands over its lanes to the pixel
GAP_PATTERN = Qt.BrushStyle.DiagCrossPattern


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of seconds in one style; `words` is its tooltip."""

    start: float
    end: float
    style: Qt.BrushStyle
    colour: str
    alpha: int
    words: str


class BandItem(pg.GraphicsObject):  # type: ignore[misc]
    """Bands over a lane's full height, painted in screen pixels so that patterns keep their grain at any zoom."""

    def __init__(self) -> None:
        super().__init__()
        self._bands: list[Band] = []
        self._starts: list[float] = []
        self._longest = 0.0

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Replace all bands."""
        self._bands = sorted(bands, key=lambda band: band.start)
        self._starts = [band.start for band in self._bands]
        self._longest = max((band.end - band.start for band in self._bands), default=0.0)
        self.prepareGeometryChange()
        self.update()

    @property
    def bands(self) -> list[Band]:
        """What is drawn, by start."""
        return self._bands

    def at(self, seconds: float) -> list[Band]:
        """The bands over a moment."""
        return [band for band in self._between(seconds, seconds) if band.start <= seconds < band.end]

    def _between(self, start: float, end: float) -> list[Band]:
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end + 1e-9)
        return [band for band in self._bands[first:last] if band.end >= start]

    def boundingRect(self) -> QRectF:
        """In the lane's own units."""
        return QRectF(self.viewRect()) if self.getViewBox() is not None else QRectF()

    def viewTransformChanged(self) -> None:
        """The area in sight is the item's own."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw what is in sight."""
        area = self.boundingRect()
        transform = painter.worldTransform()
        painter.resetTransform()
        painter.setPen(Qt.PenStyle.NoPen)
        drawn_to = -1e9
        for band in self._between(area.left(), area.right()):
            rect = transform.mapRect(QRectF(band.start, area.top(), band.end - band.start, area.height()))
            if rect.right() < drawn_to + 0.5:
                continue  # falls within a pixel column that is painted already
            rect.setLeft(max(rect.left(), drawn_to))
            rect.setWidth(max(rect.width(), 1.0))
            colour = QColor(band.colour)
            colour.setAlpha(band.alpha)
            painter.fillRect(rect, QBrush(colour, band.style))
            drawn_to = rect.right()


class LaneView(pg.ViewBox):  # type: ignore[misc]
    """A lane's plot area: left click and drag seek, middle or Shift-drag pans, the wheel zooms about the pointer."""

    sought = Signal(object)  # float: seconds

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=True, y=False)
        self.setDefaultPadding(0.0)
        self.disableAutoRange()  # what is in sight is the user's choice, not the data's

    def mouseClickEvent(self, event: Any) -> None:
        """Seek."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.sought.emit(self.mapSceneToView(event.scenePos()).x())

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Scrub, or pan."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.LeftButton and not shift:
            event.accept()
            self.sought.emit(self.mapSceneToView(event.scenePos()).x())
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            event.accept()
            before, now = self.mapSceneToView(event.lastScenePos()).x(), self.mapSceneToView(event.scenePos()).x()
            self.translateBy(x=before - now)

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
    """A lane's name with its colour and, below, the value of the frame on the screen; painted, as it changes often."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(LABEL_WIDTH)
        self._theme = theme
        self._words = ("", "", "")

    def set_words(self, title: str, below: str, colour: str) -> None:
        """Name, value and colour."""
        if (title, below, colour) != self._words:
            self._words = (title, below, colour)
            self.update()

    @property
    def words(self) -> str:
        """What it says."""
        return "\n".join(self._words[:2])

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw name and value about the middle of the row."""
        title, below, colour = self._words
        painter.setFont(ui_font())
        step = painter.fontMetrics().height()
        area = QRectF(self.rect())
        top = max(area.center().y() - (step if below else step / 2), 0.0)
        painter.fillRect(QRectF(4, top + step / 2 - 4, 8, 8), QColor(colour))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRectF(17, top, area.width() - 17, step), Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QRectF(4, top + step, area.width() - 4, step), Qt.AlignmentFlag.AlignVCenter, below)


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


class LevelBand(pg.GraphicsObject):  # type: ignore[misc]
    """The stretch of probabilities that the tool calls inconclusive, dotted across the whole lane."""

    def __init__(self, low: float, high: float, colour: str) -> None:
        super().__init__()
        self._low, self._high, self._colour = low, high, QColor(colour)
        self._colour.setAlpha(70)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption, False)

    def boundingRect(self) -> QRectF:
        """In the lane's own units."""
        if self.getViewBox() is None:
            return QRectF()
        view = self.viewRect()
        return QRectF(view.left(), self._low, view.width(), self._high - self._low)

    def viewTransformChanged(self) -> None:
        """The area in sight is the item's own."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw what is in sight."""
        rect = painter.worldTransform().mapRect(self.boundingRect())
        painter.resetTransform()
        painter.fillRect(rect, QBrush(self._colour, Qt.BrushStyle.Dense6Pattern))
