"""Zoom and pan of pictures: what the picture view and the comparison have in common. It paints nothing itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.ui.picture.overlays import View
from inspector.ui.picture.pixels import pixel_at

_ZOOM_STEP = 1.25
_LARGEST_ZOOM, _SMALLEST_ZOOM = 128.0, 0.05


class ZoomView(QWidget):
    """One or more panes that show pictures of one size at one zoom about one point.

    `zoom` None means fitted; else device pixels per picture pixel.
    """

    zoom_changed = Signal(object)  # float: the scale now in use
    pixel_hovered = Signal(object)  # (x, y) of the picture, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._size: QSize | None = None
        self._zoom: float | None = None
        self._centre = QPointF(0, 0)  # the picture point in a pane's middle, while zoomed
        self._drag_from: QPointF | None = None
        self.hovered: tuple[int, int] | None = None

    def sizeHint(self) -> QSize:
        """A 16:9 picture of moderate size."""
        return QSize(960, 540)

    def panes(self) -> tuple[QRectF, ...]:
        """Where pictures are drawn; the pane under the pointer is the one that it speaks of."""
        return (QRectF(self.rect()),)

    def show_size(self, size: QSize) -> None:
        """Another size of picture starts fitted; the same size keeps zoom and place."""
        if size != self._size:
            self._size = size
            self._centre = QPointF(size.width() / 2, size.height() / 2)
            self._zoom = None
            self._view_changed()

    def view(self, pane: QRectF | None = None) -> View:
        """Where the picture lies now in a pane, the first one unless said."""
        area = self.panes()[0] if pane is None else pane
        if self._size is None or self._size.isEmpty():
            return View(1.0, 0.0, 0.0, area, self.font())
        width, height, middle = self._size.width(), self._size.height(), area.center()
        if self._zoom is None:
            scale = min(area.width() / width, area.height() / height)
            centre = QPointF(width / 2, height / 2)
        else:
            scale, centre = self._zoom / self.devicePixelRatioF(), self._centre
        return View(scale, middle.x() - centre.x() * scale, middle.y() - centre.y() * scale, area, self.font())

    @property
    def scale(self) -> float:
        """Screen pixels per picture pixel."""
        return self.view().scale * self.devicePixelRatioF()

    def fit(self) -> None:
        """The whole picture."""
        self._zoom = None
        self._view_changed()

    def one_to_one(self) -> None:
        """One screen pixel per picture pixel."""
        self._zoom_to(1.0, self.panes()[0].center())

    def zoom_by(self, steps: float) -> None:
        """Closer or further about the middle."""
        self._zoom_to(self.scale * _ZOOM_STEP**steps, self.panes()[0].center())

    def _zoom_to(self, zoom: float, about: QPointF) -> None:
        """Zoom so that the picture point under `about` stays there."""
        if self._size is None:
            return
        pane = self._pane_at(about)
        before = self.view(pane)
        point = QPointF((about.x() - before.x) / before.scale, (about.y() - before.y) / before.scale)
        self._zoom = min(max(zoom, _SMALLEST_ZOOM), _LARGEST_ZOOM)
        self._centre = self._held(point - (about - pane.center()) / (self._zoom / self.devicePixelRatioF()))
        self._view_changed()

    def _pane_at(self, point: QPointF) -> QRectF:
        panes = self.panes()
        return next((pane for pane in panes if pane.contains(point)), panes[0])

    def _held(self, centre: QPointF) -> QPointF:
        """A point of the picture: whoever pans cannot lose it."""
        if self._size is None:
            return centre
        return QPointF(min(max(centre.x(), 0.0), self._size.width()), min(max(centre.y(), 0.0), self._size.height()))

    def _view_changed(self) -> None:
        self.zoom_changed.emit(self.scale)
        self.update()

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the new scale."""
        super().resizeEvent(event)
        self.zoom_changed.emit(self.scale)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        steps = event.angleDelta().y() / 120
        if steps:
            self._zoom_to(self.scale * _ZOOM_STEP**steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the picture by a point."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the zoomed picture, and say which pixel the pointer is on."""
        self._hover(event.position())
        # A fitted picture has nowhere to go.
        if self._drag_from is not None and self._zoom is not None:
            self._centre = self._held(self._centre - (event.position() - self._drag_from) / self.view().scale)
            self._drag_from = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the picture go."""
        self._drag_from = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Closer, or back to the whole picture."""
        if self._zoom is None:
            self._zoom_to(max(1.0, self.scale * 2), event.position())
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer points at no pixel any more."""
        super().leaveEvent(event)
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the window's actions."""
        event.ignore()

    def _hover(self, point: QPointF | None) -> None:
        pixel = None
        if point is not None and self._size is not None:
            pixel = pixel_at(self._size, self.view(self._pane_at(point)), point)
        if pixel != self.hovered:
            self.hovered = pixel
            self.pixel_hovered.emit(pixel)
