"""The examiner's own words: notes and bookmarks, kept apart from what the tool says, and the report's cover fields."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.case import CaseInfo
from inspector.ui.clock import clock_time
from inspector.ui.panels.facts import heading
from inspector.ui.session import Session

_KIND = int(Qt.ItemDataRole.UserRole)
_ID = _KIND + 1
_PTS = _KIND + 2


class NotesPanel(QWidget):
    """Shows the session's writings and asks for changes by signals."""

    note_added = Signal(object, object)  # text, pts | None
    note_removed = Signal(object)  # note_id
    bookmark_removed = Signal(object)  # bookmark_id
    pts_wanted = Signal(object)
    info_changed = Signal(object)  # CaseInfo

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        column.addWidget(heading("Report cover"))
        column.addLayout(self._cover())
        column.addWidget(heading("Notes and bookmarks"))
        self._list = QListWidget()
        self._list.setAccessibleName("Notes and bookmarks")
        self._list.setWordWrap(True)
        self._list.itemActivated.connect(self._on_item_activated)
        self._list.itemClicked.connect(self._on_item_activated)
        column.addWidget(self._list, 1)
        self._text = QPlainTextEdit()
        self._text.setPlaceholderText("Your note. It is printed in the report, apart from the tool's output.")
        self._text.setAccessibleName("New note")
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(64)
        column.addWidget(self._text)
        column.addLayout(self._buttons())
        session.notes_changed.connect(self._fill)
        session.clip_changed.connect(lambda _clip: self._fill())
        self._fill()

    def _cover(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(10)
        self._fields: dict[str, QLineEdit] = {}
        for name, label in (
            ("name", "Case"),
            ("exhibit", "Exhibit"),
            ("examiner", "Examiner"),
            ("organisation", "Organisation"),
        ):
            field = QLineEdit()
            field.setAccessibleName(label)
            field.editingFinished.connect(self._on_cover_edited)
            self._fields[name] = field
            form.addRow(label, field)
        return form

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._on_frame = QPushButton("Add to frame")
        self._on_frame.clicked.connect(lambda: self._add(with_pts=True))
        self._on_clip = QPushButton("Add to clip")
        self._on_clip.clicked.connect(lambda: self._add(with_pts=False))
        self._remove = QPushButton("Remove")
        self._remove.clicked.connect(self._on_remove)
        for button in (self._on_frame, self._on_clip, self._remove):
            row.addWidget(button)
        return row

    def _fill(self) -> None:
        session = self._session
        is_open = session.clip is not None
        for name, field in self._fields.items():
            field.setEnabled(is_open)
            if not field.hasFocus():
                field.setText(getattr(session.case_info, name))
        for widget in (self._text, self._on_frame, self._on_clip, self._remove):
            widget.setEnabled(is_open)
        self._list.clear()
        if session.clip is None:
            return
        rows: list[tuple[int, str, int, str]] = []
        for mark in session.bookmarks:
            rows.append((mark.pts, "bookmark", mark.bookmark_id, f"Bookmark · {mark.label}"))
        for note in session.notes:
            where = "clip" if note.pts is None else clock_time(session.clip.seconds(note.pts))
            author = f" · {note.author}" if note.author else ""
            pts = session.clip.start_pts - 1 if note.pts is None else note.pts
            rows.append((pts, "note", note.note_id, f"Note · {where}{author}\n{note.text}"))
        for pts, kind, number, words in sorted(rows):
            item = QListWidgetItem(words)
            item.setData(_KIND, kind)
            item.setData(_ID, number)
            item.setData(_PTS, pts if pts >= session.clip.start_pts else None)
            self._list.addItem(item)

    def _add(self, with_pts: bool) -> None:
        text = self._text.toPlainText().strip()
        shown = self._session.shown
        if text:
            self.note_added.emit(text, shown.pts if with_pts and shown is not None else None)
            self._text.clear()

    def _on_remove(self) -> None:
        if self._list.currentRow() < 0:
            return
        item = self._list.currentItem()
        signal = self.note_removed if item.data(_KIND) == "note" else self.bookmark_removed
        signal.emit(item.data(_ID))

    def _on_item_activated(self, item: QListWidgetItem) -> None:
        if item.data(_PTS) is not None:
            self.pts_wanted.emit(item.data(_PTS))

    def _on_cover_edited(self) -> None:
        if self._session.clip is None:
            return
        texts = {name: field.text().strip() for name, field in self._fields.items()}
        info: CaseInfo = replace(self._session.case_info, **texts)
        self.info_changed.emit(info)
