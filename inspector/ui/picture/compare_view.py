"""Two pictures with one zoom: side by side, or one over the other with an edge that can be dragged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from inspector.domain.timecode import timecode
from inspector.ui.picture.compare import Pair, Side
from inspector.ui.picture.overlays import paint_aligned_overlays, paint_overlays
from inspector.ui.picture.pixels import CELL_FROM, paint_image, paint_problem, paint_sentence, paint_values
from inspector.ui.picture.scene import Scene
from inspector.ui.picture.view import View, draw_caption
from inspector.ui.picture.zoom_view import ZoomView
from inspector.ui.state import Layout
from inspector.ui.widgets.elided import elided_apart
from inspector.ui.widgets.labels import plain_tip
from inspector.ui.widgets.language import keep_left_to_right, tr

_BETWEEN = 2.0  # widget pixels between the two panes
_TITLE_MARGIN = 22  # pixels around a title: of the caption within the pane, and of the text within it
_LEAST_NAME = 12  # characters of a clip's name, for which the time gives way
_GRIP = 8.0  # widget pixels on each side of the edge in which it can be dragged


class CompareView(ZoomView):
    """Shows a pair; `split` is the position of the wipe's edge, 0 to 1 of the width."""

    split_changed = Signal(object)  # float

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_view")
        self.setAccessibleName(tr("Comparison"))
        self.pair: Pair | None = None
        self.split = 0.5
        self._is_wiping = False
        self._caption = ""
        self._scenes: tuple[Scene | None, Scene | None] = (None, None)

    def set_pair(self, pair: Pair | None, caption: str = "") -> None:
        """Show two pictures; `caption` says how they were filtered."""
        self.pair, self._caption, self._scenes = pair, caption, (None, None)
        image = self._image_of_size()
        if image is not None:
            self.show_size(image.size())
        sides = None if pair is None else (side_text(pair.left), side_text(pair.right))
        self.setAccessibleDescription(
            "" if sides is None else tr("{left} beside {right}", left=sides[0], right=sides[1])
        )
        self.update()

    def set_scenes(self, left: Scene | None, right: Scene | None) -> None:
        """Set the overlays of both sides."""
        self._scenes = left, right
        self.update()

    def set_split(self, split: float) -> None:
        """Move the wipe's edge."""
        self.split = min(max(split, 0.0), 1.0)
        self.split_changed.emit(self.split)
        self.update()

    def panes(self) -> tuple[QRectF, ...]:
        """Two panes side by side, or one for both pictures."""
        whole = QRectF(self.rect())
        if self.pair is None or self.pair.comparison.layout == Layout.WIPE:
            return (whole,)
        width = (whole.width() - _BETWEEN) / 2
        right = QRectF(whole.left() + width + _BETWEEN, whole.top(), width, whole.height())
        return QRectF(whole.left(), whole.top(), width, whole.height()), right

    def _image_of_size(self) -> QImage | None:
        if self.pair is None:
            return None
        return self.pair.left.image or self.pair.right.image

    # --- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both sides with their captions."""
        painter = QPainter(self)
        keep_left_to_right(painter)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Shadow))
        if self.pair is None:  # until the first frames of both sides are decoded
            paint_sentence(painter, QRectF(self.rect()), tr("Opening the pictures …"))
        else:
            panes = self.panes()
            if len(panes) == 2:
                for number, pane in enumerate(panes):
                    self._paint_side(painter, number, pane, pane)
                painter.fillRect(QRectF(panes[0].right(), 0, _BETWEEN, self.height()), QColor("#808080"))
            else:
                self._paint_wipe(painter, panes[0])
        painter.end()

    def _paint_wipe(self, painter: QPainter, pane: QRectF) -> None:
        edge = self._edge()
        self._paint_side(painter, 0, pane, QRectF(0, 0, edge, self.height()))
        self._paint_side(painter, 1, pane, QRectF(edge, 0, self.width() - edge, self.height()))
        for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor("#ffffff"), 1.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(edge, 0), QPointF(edge, self.height()))
            painter.drawLine(QPointF(edge - 5, self.height() / 2), QPointF(edge + 5, self.height() / 2))

    def _paint_side(self, painter: QPainter, number: int, pane: QRectF, shown: QRectF) -> None:
        """Draw side A (0) or B (1) in `pane`, clipped to `shown`."""
        pair = self.pair
        if pair is None:
            return
        side, scene = (pair.left, pair.right)[number], self._scenes[number]
        painter.save()
        painter.setClipRect(shown)
        view = self.view(pane)
        if side.source is None:
            paint_sentence(painter, shown, side.text)  # what is awaited of the other clip, or why it cannot be opened
        elif side.image is None:
            paint_problem(painter, shown, side.text)
        else:
            view = self._fitted_to(view, side.image)
            paint_image(painter, side.image, view, self.devicePixelRatioF())
            if view.scale >= CELL_FROM:
                paint_values(painter, side.image, view)
            captions = view.line * (2 if self._caption else 1) + 6  # labels stay below them
            if scene is not None and side.pick.track_id is None:
                paint_overlays(painter, scene, replace(view, area=shown.adjusted(0, captions, 0, 0)))
            elif scene is not None:
                paint_aligned_overlays(painter, scene, side.placement, side.image.size(), replace(view, area=shown))
        draw_caption(painter, View(1.0, 0.0, 0.0, shown, self.font()), self._title(number, shown.width()))
        if self._caption:
            draw_caption(painter, View(1.0, 0.0, 0.0, shown, self.font()), self._caption, line=1)
        painter.restore()

    def _title(self, number: int, width: float) -> str:
        """The title of side A (0) or B (1), with as much of its clip's name as fits beside the frame and its time."""
        assert self.pair is not None
        side, beside = self.pair.left, self.pair.right
        if number:
            side, beside = beside, side
        metrics, room = QFontMetricsF(self.font()), width - _TITLE_MARGIN
        title, text = f"{'AB'[number]}  ", side_text(side)
        name = "" if side.source is None else side.source.file
        if not name or metrics.horizontalAdvance(title + text) <= room:
            return title + text
        other = "" if beside.source is None else beside.source.file
        rest = metrics.horizontalAdvance(title + text.replace(name, "", 1))
        least = metrics.averageCharWidth() * _LEAST_NAME
        short = elided_apart(name, other, lambda each: metrics.horizontalAdvance(each) <= max(room - rest, least))
        return metrics.elidedText(title + text.replace(name, short, 1), Qt.TextElideMode.ElideRight, room)

    def event(self, event: QEvent) -> bool:
        """Say the whole title of the side under the pointer, which may be cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.pair is not None:
            panes, x = self.panes(), event.pos().x()
            is_right = x > (self._edge() if len(panes) == 1 else panes[0].right())
            QToolTip.showText(event.globalPos(), plain_tip(side_text(self.pair.sides[is_right][1])), self)
            return True
        return super().event(event)

    def _fitted_to(self, view: View, image: QImage) -> View:
        """Scale a picture of another size, such as a face beside a frame, so that it fits a pane when the first does.

        The middles of both are at the same place.
        """
        first, own = self._size, image.size()
        if first is None or own == first:
            return view
        pane = self.panes()[0]
        fit_first, fit_own = (min(pane.width() / s.width(), pane.height() / s.height()) for s in (first, own))
        scale = view.scale * fit_own / fit_first
        x = view.x + (first.width() * view.scale - own.width() * scale) / 2
        y = view.y + (first.height() * view.scale - own.height() * scale) / 2
        return View(scale, x, y, view.area, view.font)

    # --- the edge ----------------------------------------------------------------------------------------------------

    def _edge(self) -> float:
        return round(self.split * self.width())

    def _is_on_edge(self, point: QPointF) -> bool:
        return len(self.panes()) == 1 and self.pair is not None and abs(point.x() - self._edge()) <= _GRIP

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag the edge if it is under the pointer, else the picture."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_on_edge(event.position()):
            self._is_wiping = True
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the edge or the picture."""
        if self._is_wiping:
            self.set_split(event.position().x() / max(self.width(), 1))
            return
        super().mouseMoveEvent(event)
        if self._drag_from is None:
            self.setCursor(
                Qt.CursorShape.SplitHCursor if self._is_on_edge(event.position()) else Qt.CursorShape.ArrowCursor
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        self._is_wiping = False
        super().mouseReleaseEvent(event)


def side_text(side: Side, say: Callable[..., str] = tr) -> str:
    """ "exhibit 2 street.mp4 · frame 12 · 00:00:00:12 · Face 1, aligned by the eyes"; the clip if there are two.

    With `say=english` for evidence.
    """
    source = side.source
    if source is None:
        return say("another clip")
    name = source.name(say)
    if source.clip.is_still:
        parts = [name or source.file]
    else:
        parts = [*filter(None, [name]), say("frame {index}", index=side.index)]
        parts += [] if side.pts is None else [timecode(source.clip, side.pts)]
    if side.pick.track_id is not None:
        face = source.names.get(side.pick.track_id) or say("Face {number}", number=side.pick.track_id)
        parts.append(face + (f", {say(side.text)}" if side.image is not None else ""))
    return " · ".join(parts)
