"""The sheet of keys and controls, made from the action table, and the sheet of what the tool can and cannot tell."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.ui import text
from inspector.ui.widgets.actions import ACTIONS, MENUS, Keys, key_text
from inspector.ui.widgets.labels import PlainLabel, heading
from inspector.ui.widgets.scrolled_dialog import ScrolledDialog
from inspector.ui.widgets.theme import mono_font

_FIRST, _SECOND = (
    ("Playback",),
    ("Analysis", "File", "Edit"),
)  # menus of the first and the second column; the third holds the others
MOUSE_GESTURES = (
    ("Click in the timeline, drag its ruler", "Seek"),
    ("Drag in a lane", "Select a range"),
    ("Wheel over the timeline", "Zoom in time"),
    ("Middle or Shift-drag, Shift-wheel", "Scroll in time"),
    ("Wheel over the picture", "Zoom at the pointer"),
    ("Drag the picture", "Move it while zoomed in"),
    ("Double-click on the picture", "Zoom in, or fit"),
    ("Click on a finding or face", "Worst frame and heat map"),
)

FOCUS_KEYS = (
    ("Tab", "Go to the next control"),
    ("Space, Enter", "Press the control"),
    ("Esc", "Focus the player"),
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
        button = QPushButton("Close")
        button.clicked.connect(self.reject)
        self.column.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        button.setFocus()


class HelpSheet(Sheet):
    """All keys and mouse controls."""

    def __init__(self, keys: Mapping[str, Keys], parent: QWidget) -> None:
        super().__init__("Keys and controls", parent)
        row = QHBoxLayout()
        row.setSpacing(28)
        rest = tuple(menu for menu in MENUS if menu not in (*_FIRST, *_SECOND))
        for names in (_FIRST, _SECOND, rest):
            column = QVBoxLayout()
            column.setSpacing(3)
            for menu in MENUS:
                if menu in names:
                    rows = [(key_text(keys[spec.id]), spec.text.replace("&", "").strip(" …")) for spec in ACTIONS
                            if spec.menu == menu and keys[spec.id]]  # fmt: skip
                    column.addWidget(heading(menu))
                    column.addLayout(two_columns(rows, is_mono=True))
            if names == _SECOND:
                column.addWidget(heading("Controls"))
                column.addLayout(two_columns(list(FOCUS_KEYS), is_mono=True))
            if "Playback" in names:
                column.addWidget(heading("Mouse"))
                column.addLayout(two_columns(list(MOUSE_GESTURES), is_mono=False))
            column.addStretch(1)
            row.addLayout(column)
        self.page_column.addLayout(row)
        self.finish()


class LimitsSheet(Sheet):
    """What a probability means and what it does not mean."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("What this tool can and cannot tell", parent)
        self.setMinimumWidth(520)
        for title, sentences in (("What it can tell", text.CAN_TELL), ("What it cannot tell", text.CANNOT_TELL)):
            self.page_column.addWidget(heading(title))
            for sentence in sentences:
                line = PlainLabel(f"•  {sentence}")
                line.setWordWrap(True)
                self.page_column.addWidget(line)
        self.page_column.addStretch(1)  # without it, the free space would go between the lines
        self.finish()


def two_columns(rows: list[tuple[str, str]], is_mono: bool) -> QGridLayout:
    """A grid of a short text and what it means; `is_mono` is for keys."""
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
        grid.addWidget(left, at, 0)
        grid.addWidget(PlainLabel(meaning), at, 1)
    return grid
