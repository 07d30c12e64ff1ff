"""The hover card of the timeline: the frame under the pointer, its time, and what was measured in it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from inspector.ui.player.thumbnails import Thumbnailer, ThumbnailRequest
from inspector.ui.widgets.labels import PlainLabel
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.theme import Theme

_HEIGHT = 104
_GAP = 14  # between the card and the pointer
_WIDEST = 440  # pixels of its text, which wraps: a wider card would hide the timeline beside the pointer


class HoverCard(QFrame):
    """Floats above the pointer; takes no clicks and no focus."""

    def __init__(self, thumbnails: Thumbnailer, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("hover_card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._thumbnails, self._window = thumbnails, window
        self._request: ThumbnailRequest | None = None
        self._at = QPoint()
        self._picture, self._text = PlainLabel(), PlainLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setFixedHeight(_HEIGHT)
        self._text.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        column.addWidget(self._picture)
        column.addWidget(self._text)
        thumbnails.ready.connect(self._on_ready)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self.setStyleSheet(
            f"#hover_card {{ background: {theme.raised}; border: 1px solid {theme.border}; }}"
            f"#hover_card QLabel {{ color: {theme.text}; background: transparent; }}"
        )

    @property
    def text(self) -> str:
        """The text that it shows."""
        return self._text.text()

    @property
    def has_picture(self) -> bool:
        """Whether the frame's thumbnail is decoded and shown."""
        return self._request is not None and not self._picture.pixmap().isNull()

    def show_at(self, at: QPoint, pts: int, text: str) -> None:
        """Show the text at once at a position of the window, and the frame at `pts` as soon as it is decoded."""
        self._at = at
        request = ThumbnailRequest(pts, round(_HEIGHT * self.devicePixelRatioF()))
        if request != self._request:
            self._request = request
            self._show_picture(request)
            self._thumbnails.hover(request)
        self._text.setText(text)
        self._text.ensurePolished()
        self._text.setFixedWidth(min(self._text.fontMetrics().size(0, text).width() + 2, _WIDEST))
        self._fit_into_window()
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        """Hide the card: the pointer has left the timeline."""
        self.hide()
        self._request = None
        self._thumbnails.hover(None)

    def _on_ready(self, request: ThumbnailRequest) -> None:
        if request == self._request:
            self._show_picture(request)
            self._fit_into_window()

    def _show_picture(self, request: ThumbnailRequest) -> None:
        image = self._thumbnails.image(request)
        if image is None or image.isNull():
            # Another frame's picture must never be shown beside this text.
            self._picture.clear()
            self._picture.setText("…" if image is None else tr("no picture"))
            return
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(pixmap)

    def _fit_into_window(self) -> None:
        self.adjustSize()
        area = self._window.rect()
        left = min(max(self._at.x() - self.width() // 2, 4), area.width() - self.width() - 4)
        top = self._at.y() - self.height() - _GAP
        self.move(left, top if top >= 0 else self._at.y() + _GAP)
