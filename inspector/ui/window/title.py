"""The window title: the open clip, the open case, and whether there are unsaved changes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector.domain.printable import printable
from inspector.ui.case.places import is_private
from inspector.ui.controller import Controller
from inspector.ui.session import Session
from inspector.ui.widgets.language import tr

PROGRAM = "Deepfake Inspector"


class WindowTitle(QObject):
    """Updates the title; Qt replaces "[*]" by the platform's mark for a modified window."""

    def __init__(self, session: Session, controller: Controller, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._controller, self._window = session, controller, window
        exhibits, case_store = controller.exhibits, controller.case_store
        for signal in (session.clip_changed, exhibits.opened, exhibits.unsaved_changed, case_store.save_failed,
                       case_store.annotations_changed):  # fmt: skip
            signal.connect(self._show)
        self._show()

    def _show(self, *_args: object) -> None:
        clip, exhibits = self._session.clip, self._controller.exhibits
        parts = [] if clip is None else [Path(clip.path).name]
        if exhibits.folder is not None:
            parts.append(exhibits.case.name or exhibits.folder.name)
        # Qt reads "[*]" as the position of the mark, and "[*][*]" as a literal "[*]".
        shown = [printable(part).replace("[*]", "[*][*]") for part in parts]
        session = [tr("private session")] if is_private() else []
        self._window.setWindowTitle("[*]" + " – ".join([*shown, *session, PROGRAM]))
        self._window.setWindowModified(self._controller.has_unsaved)
