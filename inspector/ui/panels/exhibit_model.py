"""The model and the delegate of the exhibit list: one row per exhibit, with the status of its analysis."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from inspector.domain.analysis import Conclusion
from inspector.domain.case import FileStatus
from inspector.domain.printable import printable
from inspector.ui.case.exhibit_list import ExhibitList
from inspector.ui.case.exhibit_rows import ExhibitRow
from inspector.ui.engine.queue import AnalysisQueue
from inspector.ui.session import Session
from inspector.ui.stages import percent_text, stage_text
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.labels import plain_tip
from inspector.ui.widgets.language import plural, tr, tr_marked
from inspector.ui.widgets.theme import THEMES

ROW_ROLE = int(Qt.ItemDataRole.UserRole)  # ExhibitRow
_STATUS_ROLE = ROW_ROLE + 1  # str
_PROGRESS_ROLE = ROW_ROLE + 2  # float | None: the share of a running analysis that is done, 0..1
_PAD = 6
_BAR = 3

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def status_text(row: ExhibitRow, queue: AnalysisQueue) -> str:
    """The status of an exhibit, as the list shows it."""
    job = queue.job_of(row.case_path)
    if job is not None:
        if job.is_cancelling:
            return tr("stopping …")
        if job.stage is not None:
            return stage_text(job.stage, job.percent)
        if job.started is None:
            return tr("running: loading the detector")
        if not job.frames_total:
            return plural("running: %n frames", "running: %n frame", int(job.frames_worked))
        return tr("running: {percent} %", percent=percent_text(job))
    if queue.is_waiting(row.case_path):
        return tr("queued")
    if row.file_status in (FileStatus.MISSING, FileStatus.OTHER):
        return tr("file missing") if row.file_status is FileStatus.MISSING else tr_marked(row.file_status)
    if row.analysis_problem:
        return tr("failed: {reason}", reason=shown(row.analysis_problem))
    if row.outcome.conclusion is not None:
        return tr("analysed: {conclusion}", conclusion=tr_marked(row.outcome.conclusion))
    if row.outcome.is_elsewhere:
        return tr("analysed elsewhere: open it to use that")
    return tr("partly analysed") if row.outcome.is_begun else tr("not analysed")


class ExhibitModel(QAbstractListModel):
    """The rows of the exhibit list, for a view."""

    def __init__(self, exhibits: ExhibitList, queue: AnalysisQueue, parent: QWidget) -> None:
        super().__init__(parent)
        self._exhibits, self._queue = exhibits, queue
        self._rows: tuple[ExhibitRow, ...] = ()

    def refresh(self) -> None:
        """Update to the current rows; the selection is kept while the list has the same exhibits."""
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
        """The number of exhibits; only the root has rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The name, the status, the tooltip and the progress of a row."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        name = printable(f"{row.exhibit.label}  {row.clip_path.name}")
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == _PROGRESS_ROLE:
            job = self._queue.job_of(row.case_path)
            return None if job is None else job.share
        status = printable(status_text(row, self._queue))
        if role == _STATUS_ROLE:
            return status
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return tr("Exhibit {name}, {status}", name=name, status=status)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{row.clip_path}\nSHA-256 {row.exhibit.sha256}\n{shown(row.problem) or status}")
        return None


class ExhibitDelegate(QStyledItemDelegate):
    """Draws two lines per row: label and file name, then the status; a running analysis has a progress bar below."""

    def __init__(self, session: Session, view: QListView) -> None:
        super().__init__(view)
        self._session = session

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Room for two lines."""
        return QSize(100, 2 * QFontMetrics(option.font).height() + 2 * _PAD + _BAR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one row."""
        row: ExhibitRow = index.data(ROW_ROLE)
        self.initStyleOption(option, index)
        option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_shown = row.case_path == self._session.case_path
        theme = THEMES[self._session.theme_name]
        strong = option.palette.color(QPalette.ColorRole.HighlightedText) if is_selected else QColor(theme.text)
        area = QStyle.visualRect(option.direction, option.rect, option.rect.adjusted(_PAD + 4, _PAD, -_PAD, -_PAD))
        line = QRect(area.left(), area.top(), area.width(), option.fontMetrics.height())
        painter.save()
        painter.setClipRect(option.rect)
        painter.setPen(strong)
        _draw_name(painter, line, row, option, is_shown=is_shown)
        painter.setPen(strong if is_selected else QColor(self._colour(row)))
        _draw_line(painter, line.translated(0, line.height()), index.data(_STATUS_ROLE), Qt.TextElideMode.ElideRight)
        if is_shown:
            edge = QRect(option.rect.left(), option.rect.top(), 3, option.rect.height())
            painter.fillRect(QStyle.visualRect(option.direction, option.rect, edge), QColor(theme.accent))
        progress = index.data(_PROGRESS_ROLE)
        if progress is not None:
            bar = QRect(area.left(), option.rect.bottom() - _BAR - 1, area.width(), _BAR)
            painter.fillRect(bar, QColor(theme.border))
            done = QRect(bar.topLeft(), QSize(round(bar.width() * progress), bar.height()))
            painter.fillRect(
                QStyle.visualRect(option.direction, bar, done), strong if is_selected else QColor(theme.accent)
            )
        painter.restore()

    def _colour(self, row: ExhibitRow) -> str:
        theme = THEMES[self._session.theme_name]
        if row.problem:
            return theme.problem
        return theme.notable if row.outcome.conclusion is Conclusion.INDICATED else theme.muted


def _draw_name(
    painter: QPainter, line: QRect, row: ExhibitRow, option: QStyleOptionViewItem, *, is_shown: bool
) -> None:
    """The label in bold, then the file name, which is bold too if its clip is in the window."""
    font = option.font
    font.setBold(True)
    painter.setFont(font)
    metrics = QFontMetrics(font)
    label = row.exhibit.label
    width = min(metrics.horizontalAdvance(label), line.width() // 2)
    place = QStyle.visualRect(option.direction, line, QRect(line.topLeft(), QSize(width, line.height())))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft, metrics.elidedText(label, Qt.TextElideMode.ElideRight, width))
    font.setBold(is_shown)
    painter.setFont(font)
    rest = QStyle.visualRect(option.direction, line, line.adjusted(width + 8, 0, 0, 0))
    _draw_line(painter, rest, printable(row.clip_path.name), Qt.TextElideMode.ElideMiddle)
    font.setBold(False)
    painter.setFont(font)


def _draw_line(painter: QPainter, line: QRect, text: str, elide: Qt.TextElideMode) -> None:
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft, painter.fontMetrics().elidedText(text, elide, line.width()))
