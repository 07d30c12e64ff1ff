"""The picture view: one frame with its overlays, fitted or zoomed."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from inspector.ui.picture.overlays import paint_overlays
from inspector.ui.picture.pixels import CELL_FROM, paint_image, paint_problem, paint_values
from inspector.ui.picture.scene import Scene
from inspector.ui.picture.view import draw_caption
from inspector.ui.picture.zoom_view import ZoomView
from inspector.ui.widgets.language import keep_left_to_right, tr


class FrameView(ZoomView):
    """Paints the picture and the scene that it is given; it reads no session."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("frame_view")
        self.setAccessibleName(tr("Picture"))
        self._image: QImage | None = None
        self._problem = ""
        self._caption = ""
        self._scene: Scene | None = None

    def set_picture(self, image: QImage | None, scene: Scene | None, problem: str = "", caption: str = "") -> None:
        """Show a frame and its overlays, or `problem` if there is no image; `caption` says how it was filtered."""
        self._image, self._scene, self._problem, self._caption = image, scene, problem, caption
        if image is not None:
            self.show_size(image.size())
        self.update()

    def set_scene(self, scene: Scene) -> None:
        """Change the overlays of the same frame."""
        self._scene = scene
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, the overlays and the caption."""
        painter = QPainter(self)
        keep_left_to_right(painter)
        view = self.view()
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Shadow))
        if self._image is None:
            paint_problem(painter, view.area, self._problem)
        else:
            paint_image(painter, self._image, view, self.devicePixelRatioF())
            if view.scale >= CELL_FROM:
                paint_values(painter, self._image, view)
        if self._scene is not None:
            paint_overlays(painter, self._scene, view)
        if self._caption:
            draw_caption(painter, view, self._caption)
        painter.end()
