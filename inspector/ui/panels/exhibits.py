"""The exhibits panel: the exhibits of the case in the examiner's order, each with its status."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.ui.case.exhibit_list import ExhibitList
from inspector.ui.case.exhibit_rows import ExhibitRow
from inspector.ui.engine.queue import AnalysisQueue
from inspector.ui.panels.exhibit_model import ROW_ROLE, ExhibitDelegate, ExhibitModel
from inspector.ui.session import Session
from inspector.ui.widgets.actions import ActionBook
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.flow_layout import FlowLayout
from inspector.ui.widgets.labels import PlainLabel, heading, plain_tip, wrapped
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.scrolled_dialog import fill_scrolled

_LEAST_LIST = 104  # pixels: two exhibits


class _List(QListView):
    """Takes the room that is there, and has the page scroll where it is less than two rows; Qt's hint is larger."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(_LEAST_LIST)

    def sizeHint(self) -> QSize:
        """The least."""
        return QSize(super().sizeHint().width(), _LEAST_LIST)


class ExhibitsPanel(QWidget):
    """Shows the exhibit list and requests changes by signals; the actions of the whole case are in the action table."""

    open_wanted = Signal(object)  # ExhibitRow
    find_wanted = Signal(object)  # ExhibitRow
    removed = Signal(object)  # ExhibitRow
    renamed = Signal(object, object)  # ExhibitRow, str
    selection_changed = Signal()

    def __init__(self, session: Session, exhibits: ExhibitList, queue: AnalysisQueue, book: ActionBook) -> None:
        super().__init__()
        self.setObjectName("page")
        self._session, self._exhibits, self._queue, self._book = session, exhibits, queue, book
        self._buttons: dict[str, QPushButton] = {}
        page, area = fill_scrolled(self, tr("Case"))
        page.setObjectName("page")
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        self._title = heading("")
        self._location = PlainLabel("")
        self._location.setObjectName("muted")
        self._location.setWordWrap(True)
        self._location.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column.addWidget(self._title)
        column.addWidget(self._location)
        column.addWidget(self._row_of("new_case", "open_case"))
        column.addWidget(self._make_list(), 1)
        self._detail = wrapped("")
        self._detail.setObjectName("muted")
        column.addWidget(self._detail)
        column.addLayout(self._selected_row())
        column.addWidget(self._row_of("add_clips", "analyse_all", "stop_all", "export_case"))
        exhibits.changed.connect(self._on_rows_changed)
        exhibits.missed.connect(self._select)
        queue.changed.connect(self._on_progress)
        session.clip_changed.connect(lambda _clip: self._on_clip_changed())
        session.theme_changed.connect(lambda _name: self._view.viewport().update())
        self._on_rows_changed()

    def _make_list(self) -> QListView:
        self._view = _List()
        self._view.setAccessibleName(tr("Exhibits"))
        self._view.setUniformItemSizes(True)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setTabKeyNavigation(False)
        self._model = ExhibitModel(self._exhibits, self._queue, self)
        self._view.setModel(self._model)
        self._view.setItemDelegate(ExhibitDelegate(self._session, self._view))
        self._view.activated.connect(lambda index: self.open_wanted.emit(index.data(ROW_ROLE)))
        self._view.selectionModel().currentChanged.connect(self._on_selected)
        key = QShortcut(QKeySequence(Qt.Key.Key_Delete), self._view)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self._on_remove)
        return self._view

    def _selected_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._label = QLineEdit()
        self._label.setAccessibleName(tr("Label of the selected exhibit"))
        self._label.setToolTip(tr("Label of this exhibit in the list and on the report cover"))
        self._label.setPlaceholderText(tr("Label"))
        self._label.setMaximumWidth(70)
        self._label.editingFinished.connect(self._on_label_edited)
        caption = PlainLabel(tr("Label"))
        caption.setBuddy(self._label)
        row.addWidget(caption)
        row.addWidget(self._label)
        self._open = _button(tr("Open"), tr("Open this exhibit (double-click, Enter)"), self._on_open)
        self._find = _button(tr("Find file …"), tr("Choose the file of this exhibit"), self._on_find)
        self._remove = _button(
            tr("Remove"), tr("Remove this exhibit from the list; its files are not deleted (Del)"), self._on_remove
        )
        for button in (self._open, self._find, self._remove):
            row.addWidget(button)
        return row

    def _row_of(self, *action_ids: str) -> QWidget:
        """Buttons that trigger actions of the action table, in as many rows as they need."""
        holder = QWidget()
        row = FlowLayout(holder, 6, 6)
        row.setContentsMargins(0, 0, 0, 0)
        for action_id in action_ids:
            action = self._book[action_id]
            button = _button(action.text().replace("&", ""), action.toolTip(), action.trigger)
            action.changed.connect(lambda button=button, action=action: button.setEnabled(action.isEnabled()))
            button.setEnabled(action.isEnabled())
            self._buttons[action_id] = button
            row.addWidget(button)
        return holder

    # --- display -----------------------------------------------------------------------------------------------------

    @property
    def selected(self) -> ExhibitRow | None:
        """The row that is selected in the list."""
        row: ExhibitRow | None = self._view.currentIndex().data(ROW_ROLE)
        return row

    def _on_rows_changed(self) -> None:
        former = self.selected
        self._model.refresh()
        at = [
            n
            for n, row in enumerate(self._exhibits.rows)
            if (row.exhibit.sha256 == former.exhibit.sha256 if former else row.case_path == self._session.case_path)
        ]
        if at and not self._view.currentIndex().isValid():
            self._view.setCurrentIndex(self._model.index(at[0]))
        folder = self._exhibits.folder
        self._title.setText(
            tr("Clips opened in this session") if folder is None else tr("Case: {name}", name=self._exhibits.case.name)
        )
        self._location.setText(
            tr("Create a case to keep them together in one folder, with notes and analyses.")
            if folder is None
            else str(folder)
        )
        # In a small window the list needs the space; both actions are in the menu too.
        for action_id in ("new_case", "open_case"):
            self._buttons[action_id].setVisible(folder is None)
        self._on_progress()

    def _on_clip_changed(self) -> None:
        """Select the exhibit that is shown: name and label below the list are of what is seen."""
        self._label.clearFocus()  # a label that is being edited belongs to the exhibit that was selected
        self._on_rows_changed()
        former, shown = self.selected, self._exhibits.shown
        # An exhibit whose file is missing stays selected: it was chosen by hand, and its file is being looked for.
        if shown is not None and (former is None or former.is_there):
            self._select(shown)

    def _on_selected(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show_selected()
        self.selection_changed.emit()

    def _select(self, row: ExhibitRow) -> None:
        self._view.setCurrentIndex(self._model.index(self._exhibits.rows.index(row)))

    def _on_progress(self) -> None:
        self._view.viewport().update()
        self._buttons["analyse_all"].setVisible(not self._queue.is_busy)
        self._buttons["stop_all"].setVisible(self._queue.is_busy)
        self._show_selected()

    def _show_selected(self) -> None:
        row = self.selected
        for widget in (self._label, self._open, self._remove):
            widget.setEnabled(row is not None)
        self._find.setVisible(row is not None and not row.is_there)
        self._open.setVisible(row is None or row.is_there)
        if not self._label.hasFocus():
            self._label.setText("" if row is None else row.exhibit.label)
        message = "" if row is None else shown(row.problem)
        if not self._exhibits.rows:
            message = tr("Add clips and stills, or drop them on the window.")
        self._detail.setText(message)
        self._detail.setVisible(bool(message))

    # --- requests ----------------------------------------------------------------------------------------------------

    def _on_open(self) -> None:
        if (row := self.selected) is not None:
            self.open_wanted.emit(row)

    def _on_find(self) -> None:
        if (row := self.selected) is not None:
            self.find_wanted.emit(row)

    def _on_remove(self) -> None:
        if (row := self.selected) is not None:
            self.removed.emit(row)

    def _on_label_edited(self) -> None:
        if (row := self.selected) is not None:
            self.renamed.emit(row, self._label.text())


def _button(label: str, tip: str, pressed: object) -> QPushButton:
    button = QPushButton(label)
    button.setProperty("small", True)
    button.setToolTip(plain_tip(tip))
    button.clicked.connect(pressed)
    return button
