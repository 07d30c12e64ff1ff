"""The case's exhibits: clips and stills in the examiner's order, each with what became of it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPalette, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.analysis import Conclusion
from inspector.domain.case import Standing
from inspector.ui.case.exhibit_list import ExhibitList
from inspector.ui.case.exhibit_rows import ExhibitRow
from inspector.ui.engine.queue import AnalysisQueue
from inspector.ui.session import Session
from inspector.ui.widgets.actions import ActionBook
from inspector.ui.widgets.labels import heading, wrapped
from inspector.ui.widgets.theme import THEMES

_ROW = int(Qt.ItemDataRole.UserRole)  # ExhibitRow
_STATUS = _ROW + 1  # str
_SHARE = _ROW + 2  # float | None: of a running analysis
_PAD = 6
_BAR = 3

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def status_text(row: ExhibitRow, queue: AnalysisQueue) -> str:
    """What became of an exhibit, in the words of the list."""
    job = queue.job_of(row.case_path)
    if job is not None:
        if job.is_cancelling:
            return "stopping …"
        if job.started is None:
            return "running: loading the detector"
        if not job.frames_total:
            return f"running: {job.frames_done} frames"
        return f"running: {min(100 * job.frames_done // job.frames_total, 100)} %"
    if queue.is_waiting(row.case_path):
        return "queued"
    if row.standing in (Standing.MISSING, Standing.OTHER):
        return f"file {row.standing}" if row.standing is Standing.MISSING else str(row.standing)
    if row.failure:
        return f"failed: {row.failure}"
    if row.outcome.conclusion is not None:
        return f"analysed: {row.outcome.conclusion}"
    return "analysed in part" if row.outcome.is_begun else "not analysed"


def has_problem(row: ExhibitRow) -> bool:
    """Whether the examiner should look at an exhibit's row."""
    return bool(row.problem)


class _Rows(QAbstractListModel):
    """The desk's rows for a view."""

    def __init__(self, desk: ExhibitList, queue: AnalysisQueue, parent: QWidget) -> None:
        super().__init__(parent)
        self._exhibits, self._queue = desk, queue
        self._rows: tuple[ExhibitRow, ...] = ()

    def take(self) -> None:
        """Show the rows as they now are; the chosen one stays so while the list has the same exhibits."""
        rows = self._exhibits.rows
        is_same = [r.exhibit.exhibit_id for r in rows] == [r.exhibit.exhibit_id for r in self._rows]
        if not is_same:
            self.beginResetModel()
        self._rows = rows
        if not is_same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """A list: only the root has rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """A row's words, its status, and how much of a running analysis is done."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        name = f"{row.exhibit.label}  {row.clip_path.name}"
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == _SHARE:
            job = self._queue.job_of(row.case_path)
            return None if job is None or not job.frames_total else min(job.frames_done / job.frames_total, 1.0)
        status = status_text(row, self._queue)
        if role == _STATUS:
            return status
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Exhibit {name}, {status}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.clip_path}\nSHA-256 {row.exhibit.sha256}\n{row.problem or status}"
        return None


class _Painter(QStyledItemDelegate):
    """Two lines a row: label and name, and the status; a running analysis has a bar under them."""

    def __init__(self, session: Session, view: QListView) -> None:
        super().__init__(view)
        self._session = session

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Room for two lines."""
        return QSize(100, 2 * QFontMetrics(option.font).height() + 2 * _PAD + _BAR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one row."""
        row: ExhibitRow = index.data(_ROW)
        self.initStyleOption(option, index)
        option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        theme = THEMES[self._session.theme_name]
        painter.save()
        painter.setClipRect(option.rect)
        area = option.rect.adjusted(_PAD + 4, _PAD, -_PAD, -_PAD)
        line = QRect(area.left(), area.top(), area.width(), option.fontMetrics.height())
        strong = option.palette.color(QPalette.ColorRole.HighlightedText) if is_chosen else QColor(theme.text)
        font = option.font
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(strong)
        label = row.exhibit.label
        metrics = QFontMetrics(font)
        room = min(metrics.horizontalAdvance(label), line.width() // 2)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, metrics.elidedText(label, Qt.TextElideMode.ElideRight, room))
        is_shown = row.case_path == self._session.case_path
        font.setBold(is_shown)
        painter.setFont(font)
        _draw_line(painter, line.adjusted(room + 8, 0, 0, 0), row.clip_path.name, Qt.TextElideMode.ElideMiddle)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(strong if is_chosen else QColor(self._colour(row)))
        _draw_line(painter, line.translated(0, line.height()), index.data(_STATUS), Qt.TextElideMode.ElideRight)
        if is_shown:
            painter.fillRect(
                QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), QColor(theme.accent)
            )
        share = index.data(_SHARE)
        if share is not None:
            bar = QRect(area.left(), option.rect.bottom() - _BAR - 1, area.width(), _BAR)
            painter.fillRect(bar, QColor(theme.border))
            bar.setWidth(round(bar.width() * share))
            painter.fillRect(bar, strong if is_chosen else QColor(theme.accent))
        painter.restore()

    def _colour(self, row: ExhibitRow) -> str:
        theme = THEMES[self._session.theme_name]
        if has_problem(row):
            return theme.problem
        return theme.notable if row.outcome.conclusion is Conclusion.INDICATED else theme.muted


def _draw_line(painter: QPainter, line: QRect, text: str, elide: Qt.TextElideMode) -> None:
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft, painter.fontMetrics().elidedText(text, elide, line.width()))


class ExhibitsPanel(QWidget):
    """Shows the desk's list and asks for changes by signals; what belongs to the whole case is in the action table."""

    open_wanted = Signal(object)  # ExhibitRow
    find_wanted = Signal(object)  # ExhibitRow
    removed = Signal(object)  # ExhibitRow
    renamed = Signal(object, object)  # ExhibitRow, str
    chosen_changed = Signal()

    def __init__(self, session: Session, desk: ExhibitList, queue: AnalysisQueue, book: ActionBook) -> None:
        super().__init__()
        self.setObjectName("page")
        self._session, self._exhibits, self._queue, self._book = session, desk, queue, book
        self._buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        self._title = heading("")
        self._place = QLabel("")
        self._place.setObjectName("muted")
        self._place.setWordWrap(True)
        self._place.setTextFormat(Qt.TextFormat.PlainText)
        self._place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column.addWidget(self._title)
        column.addWidget(self._place)
        column.addLayout(self._row_of("new_case", "open_case"))
        column.addWidget(self._make_list(), 1)
        self._detail = wrapped("")
        self._detail.setObjectName("muted")
        column.addWidget(self._detail)
        column.addLayout(self._chosen_row())
        column.addLayout(self._row_of("add_clips", "analyse_all", "stop_all", "export_case"))
        desk.changed.connect(self._on_rows_changed)
        desk.missed.connect(self._choose)
        queue.changed.connect(self._on_progress)
        session.clip_changed.connect(lambda _clip: self._on_rows_changed())
        session.theme_changed.connect(lambda _name: self._view.viewport().update())
        self._on_rows_changed()

    def _make_list(self) -> QListView:
        self._view = QListView()
        self._view.setAccessibleName("Exhibits")
        self._view.setUniformItemSizes(True)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setTabKeyNavigation(False)
        self._rows = _Rows(self._exhibits, self._queue, self)
        self._view.setModel(self._rows)
        self._view.setItemDelegate(_Painter(self._session, self._view))
        self._view.activated.connect(lambda index: self.open_wanted.emit(index.data(_ROW)))
        self._view.selectionModel().currentChanged.connect(self._on_chosen)
        key = QShortcut(QKeySequence(Qt.Key.Key_Delete), self._view)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self._on_remove)
        return self._view

    def _chosen_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._label = QLineEdit()
        self._label.setAccessibleName("Label of the chosen exhibit")
        self._label.setToolTip("What the report's cover calls this exhibit")
        self._label.setPlaceholderText("Label")
        self._label.setMaximumWidth(70)
        self._label.editingFinished.connect(self._on_label_edited)
        caption = QLabel("Label")
        caption.setBuddy(self._label)
        row.addWidget(caption)
        row.addWidget(self._label)
        self._open = _button("Open", "Show this exhibit (double click, Enter)", self._on_open)
        self._find = _button("Find file …", "Choose where this exhibit's file went", self._on_find)
        self._remove = _button("Remove", "Take this exhibit off the list; its files stay (Del)", self._on_remove)
        for button in (self._open, self._find, self._remove):
            row.addWidget(button)
        return row

    def _row_of(self, *action_ids: str) -> QHBoxLayout:
        """Buttons that are the actions themselves."""
        row = QHBoxLayout()
        for action_id in action_ids:
            action = self._book[action_id]
            button = _button(action.text().replace("&", ""), action.toolTip(), action.trigger)
            action.changed.connect(lambda button=button, action=action: button.setEnabled(action.isEnabled()))
            button.setEnabled(action.isEnabled())
            self._buttons[action_id] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    # --- what is shown -----------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> ExhibitRow | None:
        """The row that is chosen in the list."""
        row: ExhibitRow | None = self._view.currentIndex().data(_ROW)
        return row

    def _on_rows_changed(self) -> None:
        former = self.chosen
        self._rows.take()
        at = [
            n
            for n, row in enumerate(self._exhibits.rows)
            if (row.exhibit.sha256 == former.exhibit.sha256 if former else row.case_path == self._session.case_path)
        ]
        if at and not self._view.currentIndex().isValid():
            self._view.setCurrentIndex(self._rows.index(at[0]))
        folder = self._exhibits.folder
        self._title.setText("Clips opened since the start" if folder is None else f"Case: {self._exhibits.case.name}")
        self._place.setText(
            "Make a case to keep them together, with notes and analyses, in a folder of yours."
            if folder is None
            else str(folder)
        )
        # In a small window the list needs the room; both stand in the menu.
        for action_id in ("new_case", "open_case"):
            self._buttons[action_id].setVisible(folder is None)
        self._on_progress()

    def _on_chosen(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show_chosen()
        self.chosen_changed.emit()

    def _choose(self, row: ExhibitRow) -> None:
        self._view.setCurrentIndex(self._rows.index(self._exhibits.rows.index(row)))

    def _on_progress(self) -> None:
        self._view.viewport().update()
        self._buttons["analyse_all"].setVisible(not self._queue.is_busy)
        self._buttons["stop_all"].setVisible(self._queue.is_busy)
        self._show_chosen()

    def _show_chosen(self) -> None:
        row = self.chosen
        for widget in (self._label, self._open, self._remove):
            widget.setEnabled(row is not None)
        self._find.setVisible(row is not None and not row.is_there)
        self._open.setVisible(row is None or row.is_there)
        if not self._label.hasFocus():
            self._label.setText("" if row is None else row.exhibit.label)
        words = "" if row is None else row.problem
        if not self._exhibits.rows:
            words = "Add clips and stills, or drop them on the window."
        self._detail.setText(words)
        self._detail.setVisible(bool(words))

    # --- what is asked for -------------------------------------------------------------------------------------------

    def _on_open(self) -> None:
        if (row := self.chosen) is not None:
            self.open_wanted.emit(row)

    def _on_find(self) -> None:
        if (row := self.chosen) is not None:
            self.find_wanted.emit(row)

    def _on_remove(self) -> None:
        if (row := self.chosen) is not None:
            self.removed.emit(row)

    def _on_label_edited(self) -> None:
        if (row := self.chosen) is not None:
            self.renamed.emit(row, self._label.text())


def _button(label: str, tip: str, pressed: object) -> QPushButton:
    button = QPushButton(label)
    button.setProperty("small", True)
    button.setToolTip(tip)
    button.clicked.connect(pressed)
    return button
