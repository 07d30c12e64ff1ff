"""Evenly spaced pictures of what is in sight, under the lanes and in line with them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from inspector.ui.player.thumbnails import Thumbnailer, ThumbnailRequest
from inspector.ui.session import Session
from inspector.ui.state import OpenedClip
from inspector.ui.time_text import index_at
from inspector.ui.timeline.lanes.lane_items import LABEL_WIDTH
from inspector.ui.timeline.overview import LEFT
from inspector.ui.widgets.theme import DARK, Theme, ui_font

_HEIGHT = 50
_PICTURE = 46
_SETTLE_MS = 150  # while one zooms or drags, nothing is asked for
_WIDEST = 3.0  # of a picture's shape: a narrower slice of a panorama is enough here


@dataclass(frozen=True, slots=True)
class Tile:
    """A place in the strip, in seconds, and the index and pts of the frame that stands there."""

    start: float
    end: float
    index: int
    pts: int


class Filmstrip(QWidget):
    """A tile shows the key frame nearest to its middle, which is quick to decode, else the frame in its middle."""

    sought = Signal(object)  # int: the pts of the frame clicked on

    def __init__(self, session: Session, thumbnails: Thumbnailer, right_margin: int) -> None:
        super().__init__()
        self.setObjectName("filmstrip")
        self.setAccessibleName("Filmstrip")
        self.setFixedHeight(_HEIGHT)
        self.setMouseTracking(True)
        self._session, self._thumbnails = session, thumbnails
        self._right = 6 + right_margin
        self._theme: Theme = DARK
        self._view = (0.0, 1.0)
        self._playhead = 0.0
        self.tiles: list[Tile] = []
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._lay_out)
        thumbnails.ready.connect(self._on_thumbnail_ready)

    def _on_thumbnail_ready(self, _request: object) -> None:
        # A method and no lambda: Qt lets go of it with the widget, while a thumbnail may still be on its way.
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take on a theme's colours."""
        self._theme = theme
        self.update()

    def set_view(self, start: float, end: float) -> None:
        """What is in sight in the lanes, in seconds."""
        self._view = start, end
        self._settle.start()
        self.update()

    def set_playhead(self, seconds: float) -> None:
        """Where the frame on the screen is; only the columns that change are painted."""
        for at in (self._playhead, seconds):
            self.update(round(self._x(at)) - 2, 0, 5, _HEIGHT)
        self._playhead = seconds

    def tile_at(self, x: float) -> Tile | None:
        """The tile at a place across, in pixels."""
        return next((tile for tile in self.tiles if self._x(tile.start) <= x < self._x(tile.end)), None)

    def _room(self) -> float:
        return max(self.width() - LEFT - self._right, 1)

    def _x(self, seconds: float) -> float:
        start, end = self._view
        return LEFT + (seconds - start) / max(end - start, 1e-9) * self._room()

    # --- laying out --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        opened = self._session.opened
        if opened is None or not self.isVisible():
            self.tiles = []
            self._thumbnails.want("filmstrip", ())
            return
        shape = min(opened.clip.width / max(opened.clip.height, 1), _WIDEST)
        count = max(int(self._room() / (_PICTURE * shape + 2)), 1)
        edges = np.linspace(*self._view, count + 1)
        self.tiles = [_tile(opened, float(a), float(b)) for a, b in pairwise(edges)]
        self._thumbnails.want("filmstrip", [ThumbnailRequest(tile.pts, self._pixels()) for tile in self.tiles])
        self.update()

    def _pixels(self) -> int:
        return round(_PICTURE * self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._settle.start()

    def showEvent(self, event: QShowEvent) -> None:
        """What came while it was hidden is laid out now."""
        super().showEvent(event)
        self._settle.start()

    # --- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tiles within what is to be renewed, and the playhead."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.plot))
        if event.rect().left() < LEFT:
            painter.setFont(ui_font())
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(QRectF(4, 0, LABEL_WIDTH, _HEIGHT), Qt.AlignmentFlag.AlignVCenter, "Filmstrip")
        painter.setClipRect(QRectF(LEFT, 0, self._room(), _HEIGHT))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for tile in self.tiles:
            place = QRectF(self._x(tile.start), 2, self._x(tile.end) - self._x(tile.start) - 2, _PICTURE)
            if place.right() >= event.rect().left() and place.left() <= event.rect().right():
                self._draw_tile(painter, tile, place)
        painter.setPen(QPen(QColor(self._theme.playhead), 1))
        x = round(self._x(self._playhead)) + 0.5
        painter.drawLine(int(x), 0, int(x), _HEIGHT)
        painter.end()

    def _draw_tile(self, painter: QPainter, tile: Tile, place: QRectF) -> None:
        image = self._thumbnails.image(ThumbnailRequest(tile.pts, self._pixels()))
        if image is None or image.isNull():
            painter.fillRect(place, QColor(self._theme.field))
            if image is not None:
                painter.fillRect(place, QColor(self._theme.problem))
            return
        painter.drawImage(*_fitted(image, place))

    # --- the mouse ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the frame that the tile shows."""
        tile = self.tile_at(event.position().x())
        if tile is not None and event.button() == Qt.MouseButton.LeftButton:
            self.sought.emit(tile.pts)


def _tile(opened: OpenedClip, start: float, end: float) -> Tile:
    middle = opened.clip.pts((start + end) / 2)
    low, high = opened.clip.pts(start), opened.clip.pts(end)
    first, last = int(np.searchsorted(opened.pts, low)), int(np.searchsorted(opened.pts, high))
    keys = first + np.flatnonzero(opened.is_key[first:last])
    index = index_at(opened.pts, middle)
    if len(keys):
        index = int(keys[np.argmin(np.abs(opened.pts[keys] - middle))])
    return Tile(start, end, index, int(opened.pts[index]))


def _fitted(image: QImage, place: QRectF) -> tuple[QRectF, QImage, QRectF]:
    """Where to draw an image in a place at the place's height: in its middle, with what is too wide cut off."""
    shown = image.height() * place.width() / place.height()
    if image.width() > shown:
        return place, image, QRectF((image.width() - shown) / 2, 0, shown, image.height())
    width = image.width() * place.height() / image.height()
    inner = QRectF(place.center().x() - width / 2, place.top(), width, place.height())
    return inner, image, QRectF(0, 0, image.width(), image.height())
