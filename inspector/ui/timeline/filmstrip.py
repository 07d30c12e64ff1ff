"""Evenly spaced thumbnails of the visible range, below the lanes and aligned with them."""

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
from inspector.ui.timeline.lanes.plots import LABEL_INDENT, LABEL_WIDTH, LEFT
from inspector.ui.widgets.language import keep_left_to_right, tr
from inspector.ui.widgets.theme import DARK, Theme, ui_font

_HEIGHT = 50
_PICTURE = 46
_SETTLE_MS = 150  # no thumbnails are requested while the user zooms or drags
_WIDEST = 3.0  # width / height of a tile; of a wider picture it shows the middle


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its range in seconds, and the index and pts of the frame that it shows."""

    start: float
    end: float
    index: int
    pts: int


class Filmstrip(QWidget):
    """Each tile shows the key frame nearest to its middle, which is fast to decode, else the frame in its middle."""

    sought = Signal(object)  # int: the pts of the clicked frame

    def __init__(self, session: Session, thumbnails: Thumbnailer, right_margin: int) -> None:
        super().__init__()
        self.setObjectName("filmstrip")
        self.setAccessibleName(tr("Filmstrip"))
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
        # A method, not a lambda: Qt disconnects it when the widget is deleted, and a thumbnail may still arrive then.
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self._theme = theme
        self.update()

    def set_view(self, start: float, end: float) -> None:
        """Show the range that the lanes show, in seconds."""
        self._view = start, end
        self._settle.start()
        self.update()

    def set_playhead(self, seconds: float) -> None:
        """Move the playhead; only the columns that change are painted."""
        for at in (self._playhead, seconds):
            self.update(round(self._x(at)) - 2, 0, 5, _HEIGHT)
        self._playhead = seconds

    def tile_at(self, x: float) -> Tile | None:
        """The tile at an x coordinate in pixels."""
        return next((tile for tile in self.tiles if self._x(tile.start) <= x < self._x(tile.end)), None)

    def _plot_width(self) -> float:
        return max(self.width() - LEFT - self._right, 1)

    def _x(self, seconds: float) -> float:
        start, end = self._view
        return LEFT + (seconds - start) / max(end - start, 1e-9) * self._plot_width()

    # --- laying out --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        opened = self._session.opened
        if opened is None or not self.isVisible():
            self.tiles = []
            self._thumbnails.want("filmstrip", ())
            return
        shape = min(opened.clip.width / max(opened.clip.height, 1), _WIDEST)
        count = max(int(self._plot_width() / (_PICTURE * shape + 2)), 1)
        edges = np.linspace(*self._view, count + 1)
        self.tiles = [_tile(opened, float(a), float(b)) for a, b in pairwise(edges)]
        self._thumbnails.want("filmstrip", [ThumbnailRequest(tile.pts, self._pixels()) for tile in self.tiles])
        self.update()

    def _pixels(self) -> int:
        return round(_PICTURE * self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the tiles again, once the size settles."""
        super().resizeEvent(event)
        self._settle.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out the tiles: a hidden strip has none."""
        super().showEvent(event)
        self._settle.start()

    # --- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the exposed tiles and the playhead."""
        painter = QPainter(self)
        keep_left_to_right(painter)
        painter.fillRect(event.rect(), QColor(self._theme.plot))
        if event.rect().left() < LEFT:
            painter.setFont(ui_font())
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(
                QRectF(LABEL_INDENT, 0, LABEL_WIDTH - LABEL_INDENT, _HEIGHT),
                Qt.AlignmentFlag.AlignVCenter,
                tr("Filmstrip"),
            )
        painter.setClipRect(QRectF(LEFT, 0, self._plot_width(), _HEIGHT))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for tile in self.tiles:
            area = QRectF(self._x(tile.start), 2, self._x(tile.end) - self._x(tile.start) - 2, _PICTURE)
            if area.right() >= event.rect().left() and area.left() <= event.rect().right():
                self._draw_tile(painter, tile, area)
        painter.setPen(QPen(QColor(self._theme.playhead), 1))
        x = round(self._x(self._playhead)) + 0.5
        painter.drawLine(int(x), 0, int(x), _HEIGHT)
        painter.end()

    def _draw_tile(self, painter: QPainter, tile: Tile, area: QRectF) -> None:
        image = self._thumbnails.image(ThumbnailRequest(tile.pts, self._pixels()))
        if image is None or image.isNull():
            painter.fillRect(area, QColor(self._theme.field))
            if image is not None:
                painter.fillRect(area, QColor(self._theme.problem))
            return
        painter.drawImage(*_fitted(image, area))

    # --- the mouse ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek to the frame that the tile shows."""
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


def _fitted(image: QImage, area: QRectF) -> tuple[QRectF, QImage, QRectF]:
    """Where to draw an image at the height of `area`: centred, and cropped at the sides if it is too wide."""
    shown = image.height() * area.width() / area.height()
    if image.width() > shown:
        return area, image, QRectF((image.width() - shown) / 2, 0, shown, image.height())
    width = image.width() * area.height() / image.height()
    inner = QRectF(area.center().x() - width / 2, area.top(), width, area.height())
    return inner, image, QRectF(0, 0, image.width(), image.height())
