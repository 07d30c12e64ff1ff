"""The picture: one frame with its overlays, fitted, zoomed or panned down to its pixels. It paints what it is given."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.ui.overlays import OVERLAYS, Scene, View, caption
from inspector.ui.pixels import CELL_FROM, paint_image, paint_values, pixel_at

_ZOOM_STEP = 1.25
_LARGEST_ZOOM = 128.0


class FrameView(QWidget):
    """Shows one picture. `zoom` None means fitted; else device pixels per picture pixel."""

    zoom_changed = Signal(object)  # float: the scale now in use
    pixel_hovered = Signal(object)  # (x, y) of the picture, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frame_view")
        self.setAccessibleName("Picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._image: QImage | None = None
        self._caption = ""
        self._hovered: QPoint | None = None
        self._problem = ""
        self._scene: Scene | None = None
        self._zoom: float | None = None
        self._centre = QPointF(0, 0)  # the picture point in the widget's middle, while zoomed
        self._drag_from: QPointF | None = None

    def sizeHint(self) -> QSize:
        """A 16:9 picture of moderate size."""
        return QSize(960, 540)

    def set_picture(self, image: QImage | None, scene: Scene | None, problem: str = "", words: str = "") -> None:
        """Show a frame and its overlays; without an image, the words of `problem`; `words` say how it was filtered."""
        if image is not None and (self._image is None or image.size() != self._image.size()):
            self._centre = QPointF(image.width() / 2, image.height() / 2)
            self._zoom = None
            self._image = image
            self._view_changed()
        self._image, self._scene, self._problem, self._caption = image, scene, problem, words
        self.update()

    def set_scene(self, scene: Scene) -> None:
        """Other overlays over the same frame."""
        self._scene = scene
        self.update()

    # --- view --------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """The whole picture."""
        self._zoom = None
        self._view_changed()

    def one_to_one(self) -> None:
        """One screen pixel per picture pixel."""
        self._zoom_to(1.0, QPointF(self.rect().center()))

    def zoom_by(self, steps: float) -> None:
        """Closer or further about the middle."""
        self._zoom_to(self._device_scale() * _ZOOM_STEP**steps, QPointF(self.rect().center()))

    def _device_scale(self) -> float:
        return self.view().scale * self.devicePixelRatioF()

    def _zoom_to(self, zoom: float, about: QPointF) -> None:
        """Zoom so that the picture point under `about` stays there."""
        if self._image is None:
            return
        before = self.view()
        point = QPointF((about.x() - before.x) / before.scale, (about.y() - before.y) / before.scale)
        self._zoom = min(max(zoom, 0.05), _LARGEST_ZOOM)
        scale = self._zoom / self.devicePixelRatioF()
        middle = QRectF(self.rect()).center()
        self._centre = self._held(point - (about - middle) / scale)
        self._view_changed()

    def _held(self, centre: QPointF) -> QPointF:
        """A point of the picture: whoever pans cannot lose it."""
        if self._image is None:
            return centre
        return QPointF(min(max(centre.x(), 0.0), self._image.width()), min(max(centre.y(), 0.0), self._image.height()))

    def _view_changed(self) -> None:
        self.zoom_changed.emit(self._device_scale())
        self.update()

    def view(self) -> View:
        """Where the picture lies now."""
        area = QRectF(self.rect())
        if self._image is None or not self._image.width():
            return View(1.0, 0.0, 0.0, area, self.font())
        width, height = self._image.width(), self._image.height()
        if self._zoom is None:
            scale = min(area.width() / width, area.height() / height)
            return View(
                scale, (area.width() - width * scale) / 2, (area.height() - height * scale) / 2, area, self.font()
            )
        scale = self._zoom / self.devicePixelRatioF()
        middle = area.center()
        return View(
            scale, middle.x() - self._centre.x() * scale, middle.y() - self._centre.y() * scale, area, self.font()
        )

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw picture, then overlays."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Shadow))
        if self._image is None:
            painter.setPen(Qt.GlobalColor.lightGray)
            words = f"No picture at this point: {self._problem}" if self._problem else ""
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        else:
            paint_image(painter, self._image, self.view(), self.devicePixelRatioF())
        if self._scene is not None:
            view = self.view()
            for _name, render in OVERLAYS:
                painter.save()
                render(painter, self._scene, view)
                painter.restore()
        if self._image is not None and self.view().scale >= CELL_FROM:
            paint_values(painter, self._image, self.view())
        if self._caption:
            caption(painter, self.view(), self._caption)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the new scale."""
        super().resizeEvent(event)
        self.zoom_changed.emit(self._device_scale())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        steps = event.angleDelta().y() / 120
        if steps:
            self._zoom_to(self._device_scale() * _ZOOM_STEP**steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the picture by a point."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the zoomed picture."""
        view = self.view()
        self._hover(pixel_at(self._image, view, event.position()))
        if self._drag_from is None or self._image is None:
            return
        if self._zoom is None:
            # A fitted picture has nowhere to go.
            return
        self._centre = self._held(self._centre - (event.position() - self._drag_from) / view.scale)
        self._drag_from = event.position()
        self.update()

    def _hover(self, pixel: QPoint | None) -> None:
        if pixel != self._hovered:
            self._hovered = pixel
            self.pixel_hovered.emit(None if pixel is None else (pixel.x(), pixel.y()))

    @property
    def hovered(self) -> tuple[int, int] | None:
        """The pixel under the pointer."""
        return None if self._hovered is None else (self._hovered.x(), self._hovered.y())

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer points at no pixel any more."""
        super().leaveEvent(event)
        self._hover(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the picture go."""
        self._drag_from = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Closer, or back to the whole picture."""
        if self._zoom is None:
            self._zoom_to(max(1.0, self._device_scale() * 2), event.position())
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the window's actions."""
        # Keys belong to the window's actions; the picture swallows none.
        event.ignore()
