"""The close-up in full size: in place of the picture, while the player's keys and the timeline go on working."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.ui.panels.close_up import CloseUpPanel
from inspector.ui.picture.picture_worker import PictureWorker
from inspector.ui.session import Session
from inspector.ui.widgets.language import tr


class FullCloseUp(QObject):
    """Adds a page to the stack of the picture, and goes to it and back; another clip goes back, too."""

    def __init__(self, session: Session, worker: PictureWorker, panel: CloseUpPanel, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._session, self._panel, self._stack = session, panel, stack
        self.page = CloseUpPanel(session, worker)
        self.page.setAccessibleName(tr("Close-up of the face in full size"))
        self._former: QWidget | None = None
        stack.addWidget(self.page)
        panel.larger = self.page
        stack.currentChanged.connect(lambda _at: self._on_page_changed())
        for each in (panel, self.page):
            each.size_toggled.connect(self.toggle)

    def toggle(self) -> None:
        """Show the full size, or what was there before."""
        if self._stack.currentWidget() is not self.page:
            if self._session.clip is not None:
                self._former = self._stack.currentWidget()
                self._stack.setCurrentWidget(self.page)
        else:
            self.leave()

    def leave(self) -> None:
        """Show what was there before the full size, if that is shown."""
        if self._stack.currentWidget() is self.page and self._former is not None:
            self._stack.setCurrentWidget(self._former)

    def _on_page_changed(self) -> None:
        """The tab has requested nothing meanwhile, and its heat map is wanted as long as it is visible."""
        if self._stack.currentWidget() is not self.page and self._panel.isVisible():
            self._session.change_overlays(close_up=True)
            self._panel.refresh()
