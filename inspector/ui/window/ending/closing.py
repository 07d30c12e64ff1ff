"""What would be lost if the window closed now: each of it refuses one attempt to close, and is said."""

from __future__ import annotations

from inspector.ui.case.case_export import CaseExport
from inspector.ui.controller import Controller
from inspector.ui.panels.notes import NotesPanel
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.widgets.language import mark, tr_marked

_UNSAVED = mark(
    "Your last changes are not saved: see that the case's folder can be written and its disk has room, and save again, "
    "or close again to discard them."
)
_UNADDED = mark("A note that you typed is not added to its clip yet: add it, or close again to discard it.")
_UNWRITTEN = mark("A report is still being written: wait until it is there, or close again to give it up.")
MOST_REFUSALS = 3


class Closing:
    """Asked for each attempt to close the window, after all that can be saved was."""

    def __init__(self, session: Session, controller: Controller, notes: NotesPanel, export: CaseExport) -> None:
        self._session, self._controller, self._notes, self._export = session, controller, notes, export
        self._said: set[str] = set()

    def is_refused(self) -> bool:
        """Whether something would be lost that was not said yet; it is said now."""
        new = [problem for problem in self._losses() if problem not in self._said]
        if not new:
            return False
        self._said.add(new[0])
        action = "save_again" if new[0] is _UNSAVED else ""
        self._session.post(Notice(tr_marked(new[0]), is_problem=True, action_id=action))
        return True

    def _losses(self) -> list[str]:
        is_writing = self._controller.analyses.is_reporting or self._export.is_writing
        found = (
            (_UNSAVED, self._controller.has_unsaved),
            (_UNADDED, self._notes.has_draft),
            (_UNWRITTEN, is_writing),
        )
        return [problem for problem, is_there in found if is_there]
