"""The bar above a comparison: which frame or face each side shows, and how the two are laid out."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from inspector.ui.session import Session
from inspector.ui.state import Comparison, Layout, Pick
from inspector.ui.widgets.flow_layout import FlowLayout
from inspector.ui.widgets.labels import PlainLabel, plain_tip
from inspector.ui.widgets.language import mark, tr

_LAYOUT_TEXT = {Layout.SIDE_BY_SIDE: mark("Side by side"), Layout.WIPE: mark("Wipe")}


class _SideBox(QWidget):
    """The controls of one side: its frame, and what of the frame is shown."""

    def __init__(self, name: str, session: Session) -> None:
        super().__init__()
        self._session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        title = PlainLabel(name)
        title.setObjectName("heading")
        row.addWidget(title)
        self.frame_box = QSpinBox()
        self.frame_box.setObjectName("frame_box")
        self.frame_box.setAccessibleName(tr("Frame of side {name}", name=name))
        self.frame_box.setToolTip(plain_tip(tr("The frame of side {name}", name=name)))
        self.frame_box.setPrefix(tr("frame "))
        self.frame_box.setKeyboardTracking(False)
        row.addWidget(self.frame_box)
        self.follow = QCheckBox(tr("follows player"))
        self.follow.setAccessibleName(tr("Side {name} follows the player", name=name))
        self.follow.setToolTip(tr("Show the player's frame on this side; switch off to keep the current frame"))
        row.addWidget(self.follow)
        self.what = QComboBox()
        self.what.setAccessibleName(tr("What side {name} shows", name=name))
        self.what.setToolTip(tr("Show the whole frame, or one face aligned by its eyes"))
        row.addWidget(self.what)

    def show_pick(self, pick: Pick) -> None:
        """Set all controls without emitting their signals."""
        session = self._session
        with QSignalBlocker(self.frame_box), QSignalBlocker(self.follow), QSignalBlocker(self.what):
            self.frame_box.setMaximum(0 if session.opened is None else len(session.opened.pts) - 1)
            player = 0 if session.shown is None else session.shown.index
            self.frame_box.setValue(player if pick.index is None else pick.index)
            self.frame_box.setEnabled(pick.index is not None)
            self.follow.setChecked(pick.index is None)
            self.what.clear()
            self.what.addItem(tr("Whole frame"), None)
            for track_id in session.board.track_ids:
                self.what.addItem(session.face_name(track_id), track_id)
            self.what.setCurrentIndex(max(self.what.findData(pick.track_id), 0))

    @property
    def pick(self) -> Pick:
        """The frame or face that the controls are set to."""
        index = None if self.follow.isChecked() else self.frame_box.value()
        return Pick(index, self.what.currentData())


class CompareBar(QWidget):
    """Shows and changes the session's comparison."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        row = FlowLayout(self, 16, 3)
        row.setContentsMargins(10, 4, 10, 4)
        self.left, self.right = _SideBox("A", session), _SideBox("B", session)
        row.addWidget(self.left)
        row.addWidget(self.right)
        for box in (self.left, self.right):
            box.frame_box.valueChanged.connect(self._on_chosen)
            box.follow.toggled.connect(self._on_chosen)
            box.what.activated.connect(self._on_chosen)
        self._add_layouts(row)
        swap = QPushButton(tr("Swap"))
        swap.setToolTip(tr("Swap sides A and B"))
        swap.clicked.connect(self._on_swap)
        row.addWidget(swap)
        session.comparison_changed.connect(self._show)
        session.shown_changed.connect(lambda _shown: self._show(session.comparison))
        session.scores_added.connect(lambda: self._show(session.comparison))

    def _add_layouts(self, row: FlowLayout) -> None:
        self.layouts = {}
        group = QButtonGroup(self)
        for layout, text in _LAYOUT_TEXT.items():
            button = QToolButton()
            button.setText(tr(text))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, layout=layout: self._change(layout=layout))
            group.addButton(button)
            row.addWidget(button)
            self.layouts[layout] = button

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
        self.left.show_pick(comparison.left)
        self.right.show_pick(comparison.right)
        self.layouts[comparison.layout].setChecked(True)
