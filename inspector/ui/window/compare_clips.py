"""Offers the clips of the list, and any other file, for a comparison with the open one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector.ui.controller import Controller
from inspector.ui.picture.compare_bar import CompareBar
from inspector.ui.picture.compare_side import ClipChoice, SideBox
from inspector.ui.session import Session
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.widgets.language import tr


class CompareClips(QObject):
    """Keeps the choices of the bar up to date; those whose file is not there are left out."""

    def __init__(self, session: Session, controller: Controller, bar: CompareBar, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window, self._bar = session, window, bar
        self._exhibits, self._others = controller.exhibits, controller.other_clips
        self._exhibits.changed.connect(self._offer)
        self._others.files_changed.connect(self._offer)
        session.clip_changed.connect(lambda _opened: self._offer())
        bar.retry_wanted.connect(self._others.open_again)
        bar.file_wanted.connect(self._on_file_wanted)

    def _offer(self) -> None:
        shown = self._exhibits.shown
        choices = [
            ClipChoice(tr("Exhibit {label} {file}", label=row.exhibit.label, file=row.clip_path.name), row.case_path)
            for row in self._exhibits.rows
            if row.is_there and row is not shown
        ]
        choices += [ClipChoice(row.clip_path.name, row.case_path) for row in self._others.files]
        self._bar.set_clips(tuple(choices))

    def _on_file_wanted(self, side: SideBox) -> None:
        clip = self._session.clip
        path = dialogs.ask_for_compared(self._window, None if clip is None else Path(clip.path).parent)
        if path is not None:
            self._others.add_file(path, partial(self._bar.choose, side))
