"""The sheet of keys and controls, made from the action table, and the sheet of what the tool can and cannot tell."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.ui import text
from inspector.ui.widgets.actions import ACTIONS, MENUS, Keys, key_text
from inspector.ui.widgets.labels import PlainLabel, heading
from inspector.ui.widgets.language import mark, tr, tr_marked
from inspector.ui.widgets.scrolled_dialog import ScrolledDialog
from inspector.ui.widgets.theme import mono_font

_FIRST, _SECOND = (
    ("Playback",),
    ("Analysis", "File", "Edit"),
)  # menus of the first and the second column; the third holds the others
_WIDE = 900  # pixels of a screen on which three columns fit, or nearly so; on a smaller one there is one
MOUSE_GESTURES = (
    (mark("Click in the timeline, drag its ruler"), mark("Seek")),
    (mark("Drag in a lane"), mark("Select a range")),
    (mark("Wheel over the timeline"), mark("Zoom in time")),
    (mark("Middle or Shift-drag, Shift-wheel"), mark("Scroll in time")),
    (mark("Wheel over the picture"), mark("Zoom at the pointer")),
    (mark("Drag the picture"), mark("Move it while zoomed in")),
    (mark("Double-click on the picture"), mark("Zoom in, or fit")),
    (mark("Click on a finding or face"), mark("Worst frame and heat map")),
)

FOCUS_KEYS = (
    (mark("Tab"), mark("Go to the next control")),
    (mark("Space, Enter"), mark("Press the control")),
    (mark("Ctrl+arrows"), mark("Move the zoomed picture")),
    (mark("Esc"), mark("Focus the player")),
)


class Sheet(ScrolledDialog):
    """A dialog that closes with Escape or its one button."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._page = QWidget()
        self.page_column = QVBoxLayout(self._page)
        self.page_column.setContentsMargins(0, 0, 8, 0)

    def finish(self) -> None:
        """Show the page and add the Close button."""
        self.area.setWidget(self._page)
        button = QPushButton(tr("Close"))
        button.clicked.connect(self.reject)
        self.column.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        button.setFocus()


class HelpSheet(Sheet):
    """All keys and mouse controls."""

    def __init__(self, keys: Mapping[str, Keys], parent: QWidget) -> None:
        super().__init__(tr("Keys and controls"), parent)
        row = QHBoxLayout()
        row.setSpacing(28)
        rest = tuple(menu for menu in MENUS if menu not in (*_FIRST, *_SECOND))
        is_narrow = self.screen().availableSize().width() < _WIDE
        for names in (_FIRST, _SECOND, rest):
            if not is_narrow or names == _FIRST:
                column = QVBoxLayout()
                column.setSpacing(3)
                row.addLayout(column)
            for menu in MENUS:
                if menu in names:
                    listed = [spec for spec in ACTIONS if spec.menu == menu and keys[spec.id]]
                    rows = [
                        (key_text(keys[spec.id]), tr_marked(spec.text).replace("&", "").strip(" …")) for spec in listed
                    ]
                    column.addWidget(heading(tr_marked(menu)))
                    column.addLayout(two_columns(rows, is_mono=True, wraps=True))
            if names == _SECOND:
                column.addWidget(heading(tr("Controls")))
                column.addLayout(
                    two_columns(
                        [(tr_marked(keys), tr_marked(meaning)) for keys, meaning in FOCUS_KEYS],
                        is_mono=True,
                        wraps=True,
                    )
                )
            if "Playback" in names:
                column.addWidget(heading(tr("Mouse")))
                column.addLayout(
                    two_columns(
                        [(tr_marked(gesture), tr_marked(meaning)) for gesture, meaning in MOUSE_GESTURES], wraps=True
                    )
                )
            if not is_narrow or names == rest:
                column.addStretch(1)
        self.page_column.addLayout(row)
        self.finish()


class LimitsSheet(Sheet):
    """What a probability means and what it does not mean."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("What this tool can and cannot tell"), parent)
        self.setMinimumWidth(520)
        for title, sentences in (
            (tr("What it can tell"), text.CAN_TELL),
            (tr("What it cannot tell"), text.CANNOT_TELL),
        ):
            self.page_column.addWidget(heading(title))
            for sentence in sentences:
                line = PlainLabel(f"•  {tr_marked(sentence)}")
                line.setWordWrap(True)
                self.page_column.addWidget(line)
        self.page_column.addStretch(1)  # without it, the free space would go between the lines
        self.finish()


def two_columns(rows: list[tuple[str, str]], *, is_mono: bool = False, wraps: bool = False) -> QGridLayout:
    """A grid of a short text and what it means; `is_mono` is for keys, `wraps` for whole sentences."""
    grid = QGridLayout()
    grid.setVerticalSpacing(2)
    grid.setHorizontalSpacing(14)
    grid.setColumnMinimumWidth(0, 96)
    grid.setColumnStretch(1, 1)
    for at, (keys, meaning) in enumerate(rows):
        left = PlainLabel(keys)
        left.setObjectName("muted")
        if is_mono:
            left.setFont(mono_font(8.5))
        right = PlainLabel(meaning)
        right.setWordWrap(wraps)
        grid.addWidget(left, at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(right, at, 1)
    return grid
