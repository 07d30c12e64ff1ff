"""The menu bar, made from the action table, with submenus of recent clips and cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QMenu, QMenuBar

from inspector.ui.widgets.actions import ACTIONS, MENUS, ActionBook
from inspector.ui.widgets.labels import path_text
from inspector.ui.widgets.language import mark, tr_marked

# The action after which a submenu of recent files is inserted, and the title of the submenu.
_RECENT = {"open_demo": mark("Open &recent"), "open_case": mark("Open recent &case")}
_WIDEST_PATH = 600  # pixels: with the menus beside it, within a small screen


class Menus:
    """The menus; `recent` holds the submenus that `show_recent` fills, by the action that precedes them."""

    def __init__(self, bar: QMenuBar, book: ActionBook) -> None:
        self.recent: dict[str, QMenu] = {}
        titles = dict(zip(MENUS, with_mnemonics([tr_marked(name) for name in MENUS]), strict=True))
        menus = {name: bar.addMenu(titles[name]) for name in MENUS}
        for spec in ACTIONS:
            if spec.starts_group:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(book[spec.id])
            if spec.id in _RECENT:
                self.recent[spec.id] = menus[spec.menu].addMenu(tr_marked(_RECENT[spec.id]))

    def show_recent(self, after: str, paths: list[Path], chosen: Callable[[Path], object]) -> None:
        """Show recent paths in a submenu, newest first."""
        menu = self.recent[after]
        menu.clear()
        menu.setEnabled(bool(paths))
        for path in paths:
            text = path_text(str(path), menu.fontMetrics(), _WIDEST_PATH)
            menu.addAction(text).triggered.connect(lambda _checked=False, path=path: chosen(path))


def with_mnemonics(titles: Sequence[str]) -> list[str]:
    """Titles with an & before the first letter that no title before has, in whatever language they are."""
    taken: set[str] = set()
    found = []
    for title in titles:
        at = next((at for at, letter in enumerate(title.lower()) if letter.isalpha() and letter not in taken), None)
        found.append(title if at is None else f"{title[:at]}&{title[at:]}")
        taken |= set() if at is None else {title[at].lower()}
    return found
