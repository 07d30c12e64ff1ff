"""The picture: one frame with its overlays, fitted, zoomed or panned down to its pixels. It paints what it is given."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from inspector.ui.picture.overlays import OVERLAYS, Scene, caption
from inspector.ui.picture.pixels import CELL_FROM, paint_image, paint_problem, paint_values
from inspector.ui.picture.zoom_view import ZoomView


class FrameView(ZoomView):
    """Shows one picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frame_view")
        self.setAccessibleName("Picture")
        self._image: QImage | None = None
        self._problem = ""
        self._caption = ""
        self._scene: Scene | None = None

    def set_picture(self, image: QImage | None, scene: Scene | None, problem: str = "", text: str = "") -> None:
        """Show a frame and its overlays; without an image, the text of `problem`. `text` say how it was filtered."""
        self._image, self._scene, self._problem, self._caption = image, scene, problem, text
        if image is not None:
            self.show_size(image.size())
        self.update()

    def set_scene(self, scene: Scene) -> None:
        """Other overlays over the same frame."""
        self._scene = scene
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw picture, then overlays."""
        painter = QPainter(self)
        view = self.view()
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Shadow))
        if self._image is None:
            paint_problem(painter, view.area, self._problem)
        else:
            paint_image(painter, self._image, view, self.devicePixelRatioF())
            if view.scale >= CELL_FROM:
                paint_values(painter, self._image, view)
        if self._scene is not None:
            for _name, render in OVERLAYS:
                painter.save()
                render(painter, self._scene, view)
                painter.restore()
        if self._caption:
            caption(painter, view, self._caption)
        painter.end()
