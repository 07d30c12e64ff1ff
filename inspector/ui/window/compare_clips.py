"""Offers the clips of the list for a comparison with the open one."""

from __future__ import annotations

from PySide6.QtCore import QObject

from inspector.ui.controller import Controller
from inspector.ui.picture.compare_bar import CompareBar
from inspector.ui.picture.compare_side import ClipChoice
from inspector.ui.session import Session
from inspector.ui.widgets.language import tr


class CompareClips(QObject):
    """Keeps the choices of the bar up to date; those whose file is not there are left out."""

    def __init__(self, session: Session, controller: Controller, bar: CompareBar, parent: QObject) -> None:
        super().__init__(parent)
        self._exhibits, self._bar = controller.exhibits, bar
        self._exhibits.changed.connect(self._offer)
        session.clip_changed.connect(lambda _opened: self._offer())
        bar.retry_wanted.connect(controller.other_clips.open_again)

    def _offer(self) -> None:
        rows = [row for row in self._exhibits.rows if row.is_there and row is not self._exhibits.shown]
        choices = (
            ClipChoice(tr("Exhibit {label} {file}", label=row.exhibit.label, file=row.clip_path.name), row.case_path)
            for row in rows
        )
        self._bar.set_clips(tuple(choices))
