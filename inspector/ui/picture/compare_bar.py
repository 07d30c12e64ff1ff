"""The bar above a comparison: which frame or face each side shows, and how the two are laid out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QToolButton, QWidget

from inspector.ui.picture.compare_side import ClipChoice, SideBox
from inspector.ui.session import Session
from inspector.ui.state import Comparison, Layout, Pick
from inspector.ui.widgets.flow_layout import FlowLayout
from inspector.ui.widgets.language import mark, tr, tr_marked

_LAYOUT_TEXT = {Layout.SIDE_BY_SIDE: mark("Side by side"), Layout.WIPE: mark("Wipe")}


class CompareBar(QWidget):
    """Shows and changes the session's comparison. `retry_wanted` asks for a clip again that could not be opened."""

    retry_wanted = Signal()
    file_wanted = Signal(object)  # SideBox: a file that is in no list is to be chosen for this side

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        row = FlowLayout(self, 16, 3)
        row.setContentsMargins(10, 4, 10, 4)
        self.left, self.right = SideBox("A", session), SideBox("B", session)
        row.addWidget(self.left)
        row.addWidget(self.right)
        row.addWidget(self._layout_box())  # in a narrow window nothing is between A and B, which stand below each other
        for box in (self.left, self.right):
            box.changed.connect(self._on_chosen)
            box.clip_chosen.connect(partial(self.choose, box))
            box.file_wanted.connect(partial(self._on_file_wanted, box))
        session.comparison_changed.connect(self._show)
        session.shown_changed.connect(lambda _shown: self._show(session.comparison))
        session.other_changed.connect(lambda: self._show(session.comparison))
        session.scores_added.connect(lambda: self._show(session.comparison))

    def _layout_box(self) -> QWidget:
        """How the two are arranged, and which is which."""
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        self.layouts = {}
        group = QButtonGroup(self)
        for layout, text in _LAYOUT_TEXT.items():
            button = QToolButton()
            button.setText(tr_marked(text))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, layout=layout: self._change(layout=layout))
            group.addButton(button)
            row.addWidget(button)
            self.layouts[layout] = button
        swap = QPushButton(tr("Swap"))
        swap.setToolTip(tr("Swap sides A and B"))
        swap.clicked.connect(self._on_swap)
        row.addWidget(swap)
        return box

    def set_clips(self, choices: tuple[ClipChoice, ...]) -> None:
        """Offer other clips than the open one."""
        for box in (self.left, self.right):
            box.set_clips(choices)
        self._show(self._session.comparison)

    def _on_file_wanted(self, box: SideBox) -> None:
        self._show(self._session.comparison)  # until a file is chosen, the side keeps its clip
        self.file_wanted.emit(box)

    def choose(self, box: SideBox, case_path: Path | None) -> None:
        """Show another clip on one side: from its first frame, or the open one at the player's."""
        comparison = self._session.comparison
        if comparison is None:
            return
        is_left = box is self.left
        own, beside = (comparison.left, comparison.right) if is_left else (comparison.right, comparison.left)
        if own.is_other == (case_path is not None) and comparison.other == case_path:
            self.retry_wanted.emit()
            return
        own = Pick() if case_path is None else Pick(0, None, is_other=True)
        if beside.is_other and case_path not in (None, comparison.other):
            beside = Pick()  # there is one other clip at a time
        other = case_path or (comparison.other if beside.is_other else None)
        left, right = (own, beside) if is_left else (beside, own)
        self._change(left=left, right=right, other=other)

    def _on_chosen(self) -> None:
        self._change(left=self.left.pick, right=self.right.pick)

    def _on_swap(self) -> None:
        if self._session.comparison is not None:
            self._session.set_comparison(self._session.comparison.swapped())

    def _change(self, **changes: object) -> None:
        if self._session.comparison is not None:
            self._session.set_comparison(replace(self._session.comparison, **changes))  # type: ignore[arg-type]

    def _show(self, comparison: Comparison | None) -> None:
        if comparison is None:
            return
        self.left.show_pick(comparison.left, comparison.other)
        self.right.show_pick(comparison.right, comparison.other)
        self.layouts[comparison.layout].setChecked(True)
