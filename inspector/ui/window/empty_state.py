"""The page shown while no clip is open: how to open one, and what the tool can and cannot tell."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.ui import text
from inspector.ui.widgets.labels import PlainLabel, path_text, plain_tip
from inspector.ui.widgets.language import tr, tr_marked
from inspector.ui.widgets.scrolled_dialog import fill_scrolled

_SHOWN_RECENT = 4
_WIDEST = 860
_WIDEST_NAME = 300  # pixels of a file name


class EmptyState(QWidget):
    """A drop zone with buttons, the recent clips and cases, and what the tool can and cannot tell."""

    open_wanted = Signal()
    demo_wanted = Signal()
    path_wanted = Signal(object)  # Path

    def __init__(self, has_demo: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        page, area = fill_scrolled(self, tr("Start page"))
        area.setObjectName("plain")
        outer = QVBoxLayout(page)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addStretch(1)
        middle = QHBoxLayout()
        middle.addStretch(1)
        block = QWidget()
        block.setMaximumWidth(_WIDEST)
        inner = QVBoxLayout(block)
        inner.setSpacing(18)
        inner.addWidget(self._drop_zone(has_demo))
        inner.addLayout(self._lists())
        middle.addWidget(block, 6)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(1)

    def _drop_zone(self, has_demo: bool) -> QFrame:
        zone = QFrame()
        zone.setObjectName("drop_zone")
        column = QVBoxLayout(zone)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(10)
        title = PlainLabel(tr("Drop a clip here"))
        title.setObjectName("title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(title)
        about = PlainLabel(tr("Video or still image. It is played and analysed on this computer; no data leaves it."))
        about.setAlignment(Qt.AlignmentFlag.AlignCenter)
        about.setWordWrap(True)
        column.addWidget(about)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        opening = QPushButton(tr("Open a clip …"))
        opening.setProperty("primary", True)
        opening.clicked.connect(self.open_wanted)
        buttons.addWidget(opening)
        if has_demo:
            demo = QPushButton(tr("Try the demo clip"))
            demo.clicked.connect(self.demo_wanted)
            buttons.addWidget(demo)
        buttons.addStretch(1)
        column.addLayout(buttons)
        recent = QHBoxLayout()
        recent.setSpacing(36)
        recent.addStretch(1)
        self._clips, self._cases = _Recent(tr("Recent clips")), _Recent(tr("Recent cases"))
        for group in (self._clips, self._cases):
            group.path_wanted.connect(self.path_wanted)
            recent.addWidget(group, 0, Qt.AlignmentFlag.AlignTop)
        recent.addStretch(1)
        column.addLayout(recent)
        return zone

    def _lists(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(28)
        for title, sentences in (
            (tr("What it can tell"), text.CAN_TELL),
            (tr("What it cannot tell"), text.CANNOT_TELL),
        ):
            column = QVBoxLayout()
            column.setSpacing(5)
            head = PlainLabel(title)
            head.setStyleSheet("font-weight: bold")
            column.addWidget(head)
            for sentence in sentences:
                line = PlainLabel(tr_marked(sentence))
                line.setWordWrap(True)
                line.setObjectName("muted")
                column.addWidget(line)
            column.addStretch(1)
            row.addLayout(column, 1)
        return row

    def set_recent(self, paths: list[Path]) -> None:
        """Show the clips opened last."""
        self._clips.show_paths(paths)

    def set_recent_cases(self, folders: list[Path]) -> None:
        """Show the cases opened last."""
        self._cases.show_paths(folders)


class _Recent(QWidget):
    """A heading with buttons for recent files; hidden while there are none."""

    path_wanted = Signal(object)  # Path

    def __init__(self, title: str) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        head = PlainLabel(title)
        head.setObjectName("muted")
        self._column.addWidget(head)
        self._title = title
        self._buttons: list[QPushButton] = []
        self.hide()

    def show_paths(self, paths: list[Path]) -> None:
        """Show up to four paths, newest first."""
        for button in self._buttons:
            self._column.removeWidget(button)
            button.deleteLater()
        self._buttons = [self._button(path) for path in paths[:_SHOWN_RECENT]]
        for button in self._buttons:
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setVisible(bool(self._buttons))

    def _button(self, path: Path) -> QPushButton:
        button = QPushButton(path_text(path.name, self.fontMetrics(), _WIDEST_NAME))
        button.setFlat(True)
        button.setToolTip(plain_tip(str(path)))
        button.setAccessibleName(f"{self._title}: {path.name}")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.path_wanted.emit(path))
        return button
