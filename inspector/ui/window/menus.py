"""The menu bar, made from the table of actions, with the lists of what was opened last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMenu, QMenuBar

from inspector.ui.widgets.actions import ACTIONS, MENUS, ActionBook

# Behind which action of its menu a list of recent things stands, and what it is called.
_RECENT = {"open_demo": "Open &recent", "open_case": "Open recent &case"}


class Menus:
    """The bar's menus; `recent` are those that `show_recent` fills, by the action they stand behind."""

    def __init__(self, bar: QMenuBar, book: ActionBook) -> None:
        self.recent: dict[str, QMenu] = {}
        menus = {name: bar.addMenu(f"&{name}") for name in MENUS}
        for spec in ACTIONS:
            if spec.starts_group:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(book[spec.id])
            if spec.id in _RECENT:
                self.recent[spec.id] = menus[spec.menu].addMenu(_RECENT[spec.id])

    def show_recent(self, behind: str, paths: list[Path], chosen: Callable[[Path], object]) -> None:
        """Offer what was opened last, the newest first."""
        menu = self.recent[behind]
        menu.clear()
        menu.setEnabled(bool(paths))
        for path in paths:
            menu.addAction(str(path)).triggered.connect(lambda _checked=False, path=path: chosen(path))
