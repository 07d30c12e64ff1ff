"""What the pointer is told over the timeline: the frame's picture, where it is, and what was measured in it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from inspector.ui.player.thumbnails import Thumbnailer, ThumbnailRequest
from inspector.ui.widgets.theme import Theme

_HEIGHT = 104
_GAP = 14  # between the card and the pointer


class HoverCard(QFrame):
    """Floats in the window above the pointer; takes no clicks and no focus."""

    def __init__(self, thumbnails: Thumbnailer, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("hover_card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._thumbnails, self._window = thumbnails, window
        self._request: ThumbnailRequest | None = None
        self._at = QPoint()
        self._picture, self._text = QLabel(), QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setFixedHeight(_HEIGHT)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        column.addWidget(self._picture)
        column.addWidget(self._text)
        thumbnails.ready.connect(self._on_ready)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take on a theme's colours."""
        self.setStyleSheet(
            f"#hover_card {{ background: {theme.raised}; border: 1px solid {theme.border}; }}"
            f"#hover_card QLabel {{ color: {theme.text}; background: transparent; }}"
        )

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    @property
    def has_picture(self) -> bool:
        """Whether the frame's own picture is shown already."""
        return self._request is not None and not self._picture.pixmap().isNull()

    def tell(self, at: QPoint, pts: int, text: str) -> None:
        """Show text at once at a place of the window, and the frame of that pts as soon as it is decoded."""
        self._at = at
        request = ThumbnailRequest(pts, round(_HEIGHT * self.devicePixelRatioF()))
        if request != self._request:
            self._request = request
            self._show_picture(request)
            self._thumbnails.hover(request)
        self._text.setText(text)
        self._place()
        self.show()
        self.raise_()

    def leave(self) -> None:
        """The pointer is elsewhere."""
        self.hide()
        self._request = None
        self._thumbnails.hover(None)

    def _on_ready(self, request: ThumbnailRequest) -> None:
        if request == self._request:
            self._show_picture(request)
            self._place()

    def _show_picture(self, request: ThumbnailRequest) -> None:
        image = self._thumbnails.image(request)
        if image is None or image.isNull():
            # Another frame's picture must never stand beside these text.
            self._picture.clear()
            self._picture.setText("…" if image is None else "no picture")
            return
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(pixmap)

    def _place(self) -> None:
        self.adjustSize()
        room = self._window.rect()
        left = min(max(self._at.x() - self.width() // 2, 4), room.width() - self.width() - 4)
        top = self._at.y() - self.height() - _GAP
        self.move(left, top if top >= 0 else self._at.y() + _GAP)
