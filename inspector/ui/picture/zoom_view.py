"""Zooming and panning of pictures: the base of the picture view and of the comparison. It paints nothing itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.ui.picture.pixels import pixel_at
from inspector.ui.picture.view import View
from inspector.ui.widgets.language import keep_left_to_right

_ZOOM_STEP = 1.25
_PAN_STEP = 1 / 8  # of a pane
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_LARGEST_ZOOM, _SMALLEST_ZOOM = 128.0, 0.05


class ZoomView(QWidget):
    """One or more panes that show pictures of the same size, with the same zoom and centre."""

    zoom_changed = Signal(object)  # float: the current scale
    pixel_hovered = Signal(object)  # (x, y) of the picture, or None outside it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._size: QSize | None = None
        self._zoom: float | None = None  # device pixels per picture pixel; None: fitted
        self._centre = QPointF(0, 0)  # the picture point at a pane's centre, while zoomed
        self._drag_from: QPointF | None = None
        self.hovered: tuple[int, int] | None = None

    def sizeHint(self) -> QSize:
        """The size of a moderate 16:9 picture."""
        return QSize(960, 540)

    def panes(self) -> tuple[QRectF, ...]:
        """The areas in which pictures are drawn, in widget pixels."""
        return (QRectF(self.rect()),)

    def show_size(self, size: QSize) -> None:
        """Set the picture's size; a new size is fitted, the same size keeps zoom and centre."""
        if size != self._size:
            self._size = size
            self._centre = QPointF(size.width() / 2, size.height() / 2)
            self._zoom = None
            self._view_changed()

    def view(self, pane: QRectF | None = None) -> View:
        """The transform of the picture in a pane, by default the first one."""
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
        """Fit the picture into the view."""
        self._zoom = None
        self._view_changed()

    def one_to_one(self) -> None:
        """Show one screen pixel per picture pixel."""
        self._zoom_to(1.0, self.panes()[0].center())

    def zoom_by(self, steps: float) -> None:
        """Zoom in (positive) or out by a number of steps, about the centre."""
        self._zoom_to(self.scale * _ZOOM_STEP**steps, self.panes()[0].center())

    def _zoom_to(self, zoom: float, about: QPointF) -> None:
        """Set the zoom so that the picture point at `about` stays there."""
        if self._size is None:
            return
        pane = self._pane_at(about)
        before = self.view(pane)
        point = QPointF((about.x() - before.x) / before.scale, (about.y() - before.y) / before.scale)
        self._zoom = min(max(zoom, _SMALLEST_ZOOM), _LARGEST_ZOOM)
        self._centre = self._clamped(point - (about - pane.center()) / (self._zoom / self.devicePixelRatioF()))
        self._view_changed()

    def _pane_at(self, point: QPointF) -> QRectF:
        panes = self.panes()
        return next((pane for pane in panes if pane.contains(point)), panes[0])

    def _clamped(self, centre: QPointF) -> QPointF:
        """Keep the centre within the picture, so that panning cannot move it out of sight."""
        if self._size is None:
            return centre
        return QPointF(min(max(centre.x(), 0.0), self._size.width()), min(max(centre.y(), 0.0), self._size.height()))

    def _view_changed(self) -> None:
        self.zoom_changed.emit(self.scale)
        self.update()

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Announce the new scale: a fitted picture changes it."""
        super().resizeEvent(event)
        self.zoom_changed.emit(self.scale)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        steps = event.angleDelta().y() / 120
        if steps:
            self._zoom_to(self.scale * _ZOOM_STEP**steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag the picture."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan a zoomed picture, and report the pixel under the pointer."""
        self._hover(event.position())
        # A fitted picture cannot be panned.
        if self._drag_from is not None and self._zoom is not None:
            self._centre = self._clamped(self._centre - (event.position() - self._drag_from) / self.view().scale)
            self._drag_from = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        self._drag_from = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom in on a fitted picture; fit a zoomed one."""
        if self._zoom is None:
            self._zoom_to(max(1.0, self.scale * 2), event.position())
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """Report that no pixel is under the pointer."""
        super().leaveEvent(event)
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move a zoomed picture with Ctrl and the arrows; leave all other keys to the window's actions."""
        towards = _ARROWS.get(Qt.Key(event.key()))
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if towards is None or modifiers != Qt.KeyboardModifier.ControlModifier or self._zoom is None:
            event.ignore()
            return
        pane, scale = self.panes()[0], self.view().scale
        step = QPointF(towards[0] * pane.width(), towards[1] * pane.height()) * (_PAN_STEP / scale)
        self._centre = self._clamped(self._centre + step)
        self.update()

    def _hover(self, point: QPointF | None) -> None:
        pixel = None
        if point is not None and self._size is not None:
            pixel = pixel_at(self._size, self.view(self._pane_at(point)), point)
        if pixel != self.hovered:
            self.hovered = pixel
            self.pixel_hovered.emit(pixel)
