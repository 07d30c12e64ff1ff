"""The window's title: the open clip, the open case, and whether something the examiner did is in no file yet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector.ui.controller import Controller
from inspector.ui.session import Session

PROGRAM = "Deepfake Inspector"


class WindowTitle(QObject):
    """Keeps a window's title; Qt marks it, as each system does, where it has "[*]" and the window is modified."""

    def __init__(self, session: Session, controller: Controller, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._controller, self._window = session, controller, window
        desk, clerk = controller.exhibits, controller.case_store
        for signal in (session.clip_changed, desk.opened, desk.unsaved_changed, clerk.save_failed,
                       clerk.annotations_changed):  # fmt: skip
            signal.connect(self._show)
        self._show()

    def _show(self, *_told: object) -> None:
        clip, desk = self._session.clip, self._controller.exhibits
        parts = [] if clip is None else [Path(clip.path).name]
        if desk.folder is not None:
            parts.append(desk.case.name or desk.folder.name)
        # Names come from strangers: what is not printable could turn the title's direction round.
        shown = [_plain(part) for part in parts]
        self._window.setWindowTitle("[*]" + " – ".join([*shown, PROGRAM]))
        self._window.setWindowModified(self._controller.has_unsaved)


def _plain(name: str) -> str:
    # Qt takes "[*]" in a name for the mark's place, and "[*][*]" for the words themselves.
    return "".join(character if character.isprintable() else "\ufffd" for character in name).replace("[*]", "[*][*]")
