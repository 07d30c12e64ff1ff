"""What the window says beside its results: the status line's words, and notices with a button that leads on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from inspector.ui.controller import Controller
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.widgets.actions import ActionBook
from inspector.ui.window.message_bar import MessageBar

# What a notice's button says, by what it does: an action of the table, or one of those here.
_BUTTONS = {
    "analyse": "Go on",
    "undo": "Undo",
    "find_exhibit": "Find the file …",
    "open": "Open …",
    "settings": "Settings …",
    "reopen": "Open again",
    "save_again": "Save again",
    "export": "Report again …",
    "open_report": "Open folder",
    "copy_fault": "Copy the details",
    "": "",
}


class Notices(QObject):
    """Puts the session's notices on the bar and does what their buttons say."""

    def __init__(
        self, session: Session, bar: MessageBar, book: ActionBook, controller: Controller, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bar, self._book, self._controller = bar, book, controller
        session.notice_posted.connect(self._on_notice_posted)
        session.shown_changed.connect(lambda _shown: bar.hide_position_notice())
        bar.action_wanted.connect(self._on_action_wanted)

    def _on_notice_posted(self, notice: Notice) -> None:
        self._bar.say(notice, _BUTTONS[notice.action_id])

    def _on_action_wanted(self, notice: Notice) -> None:
        if notice.action_id == "open_report":
            QDesktopServices.openUrl(QUrl.fromLocalFile(notice.detail))
        elif notice.action_id == "copy_fault":
            QApplication.clipboard().setText(notice.detail)
        elif notice.action_id == "reopen":
            self._controller.open_path(Path(notice.detail))
        elif notice.action_id == "save_again":
            self._controller.save_again()
        else:
            self._book[notice.action_id].trigger()


def status_text(session: Session) -> str:
    """What the status line says: what is waited for, else which model is in use."""
    if session.busy:
        return session.busy
    if session.pending_index is not None:
        return f"Going to frame {session.pending_index} …"
    if session.job is not None and session.job.started is None:
        return "The analysis process is loading the detector …"
    if session.model is not None:
        return f"Model {session.model.name} {session.model.version}"
    if session.clip is not None:
        return "No model bundle: clips play and faces are found, but nothing is scored."
    return ""
