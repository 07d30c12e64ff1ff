"""The label at the left of a lane."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsSceneMouseEvent, QStyleOptionGraphicsItem, QWidget

from inspector.ui.timeline.lanes.plots import LABEL_WIDTH
from inspector.ui.widgets.language import keep_left_to_right
from inspector.ui.widgets.theme import Theme, ui_font

PORTRAIT = 44  # pixels: the largest side of a track's face


class LaneLabel(pg.GraphicsWidget):  # type: ignore[misc]
    """A lane's name with its colour, the current frame's value below it and, for a track, its face at the left."""

    name_wanted = Signal()  # by a double click: somebody wants to name the face

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(LABEL_WIDTH)
        self._theme = theme
        self._name = self._value = self._colour = ""
        self._portrait: QImage | None = None

    def set_text(self, name: str, value: str, colour: str) -> None:
        """Show the lane's name, the current frame's value, and the lane's colour."""
        if (name, value, colour) != (self._name, self._value, self._colour):
            self._name, self._value, self._colour = name, value, colour
            self.update()

    def set_portrait(self, image: QImage) -> None:
        """Show the track's face."""
        self._portrait = image
        self.update()

    @property
    def text(self) -> str:
        """Both lines."""
        return f"{self._name}\n{self._value}"

    @property
    def has_portrait(self) -> bool:
        """Whether the track's face is shown."""
        return self._portrait is not None

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Ask for a name."""
        event.accept()
        self.name_wanted.emit()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the face, and name and value centred on the row."""
        keep_left_to_right(painter)
        area = QRectF(self.rect())
        left = 4.0
        if self._portrait is not None:
            side = min(area.height() - 2, PORTRAIT)
            frame = QRectF(left, area.center().y() - side / 2, side, side)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(frame, self._portrait)
            painter.fillRect(QRectF(frame.left(), frame.bottom(), frame.width(), 2), QColor(self._colour))
            left += side + 6
        painter.setFont(ui_font())
        line = painter.fontMetrics().height()
        top = max(area.center().y() - (line if self._value else line / 2), 0.0)
        indent = 0.0
        if self._portrait is None:
            painter.fillRect(QRectF(left, top + line / 2 - 4, 8, 8), QColor(self._colour))
            indent = 13.0
        painter.setPen(QColor(self._theme.text))
        _draw_line(painter, QRectF(left + indent, top, area.right() - left - indent, line), self._name)
        painter.setPen(QColor(self._theme.muted))
        _draw_line(painter, QRectF(left, top + line, area.right() - left, line), self._value)


def _draw_line(painter: QPainter, area: QRectF, text: str) -> None:
    short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, short)
