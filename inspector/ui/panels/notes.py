"""The notes panel: the examiner's notes, bookmarks and pictures, and the fields of the report cover."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.case import CUSTODY, Bookmark, CaseInfo, Note, SavedPicture
from inspector.domain.clip import Clip
from inspector.domain.timecode import clock_time
from inspector.engine.filters.table import describe_chain, parse_chain
from inspector.ui.session import Session
from inspector.ui.time_text import frame_text, index_at, shown_label
from inspector.ui.widgets.labels import heading
from inspector.ui.widgets.language import tr, tr_marked
from inspector.ui.widgets.scrolled_dialog import fill_scrolled

_ANNOTATION = int(Qt.ItemDataRole.UserRole)  # Listed

_LIST_HEIGHT = 130

Listed = Note | Bookmark | SavedPicture


@dataclass(frozen=True, slots=True)
class _Draft:
    """A text that is typed and not added or saved yet, and the annotation that it changes; None for a new note."""

    text: str = ""
    edited: Listed | None = None


class NotesPanel(QWidget):
    """Shows the annotations of the session and requests changes by signals."""

    note_added = Signal(object, object)  # text, pts | None
    note_changed = Signal(object, object)  # Note, its new text
    renamed = Signal(object, object)  # Bookmark | SavedPicture, its new label
    removed = Signal(object)  # Listed
    pts_wanted = Signal(object)
    info_changed = Signal(object)  # CaseInfo

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._edited: Listed | None = None  # the annotation that the text field changes; None while it adds a note
        self._clip = ""  # the SHA-256 of the open clip
        self._drafts: dict[str, _Draft] = {}  # by the SHA-256 of clips that are not open, or not read yet
        page, area = fill_scrolled(self, tr("Notes"))
        page.setObjectName("page")
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        self._make_buttons()
        title = heading(tr("Your note"))
        title.installEventFilter(self)
        column.addWidget(title)
        column.addWidget(self._field())
        column.addLayout(_row(self._save, self._on_frame, self._on_clip))
        column.addWidget(heading(tr("Notes, bookmarks and pictures")))
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Notes, bookmarks and pictures"))
        self._list.setObjectName("notes")
        self._list.setWordWrap(True)
        self._list.setResizeMode(QListView.ResizeMode.Adjust)  # wrapped again, a note has another height
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It takes only the height that is left, so that its buttons are visible on a small screen.
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._list.setMinimumHeight(_LIST_HEIGHT)
        self._list.itemActivated.connect(self._on_item_activated)
        self._list.itemClicked.connect(self._on_item_activated)
        self._list.currentRowChanged.connect(lambda _row: self._update_buttons())
        column.addWidget(self._list, 1)
        column.addLayout(_row(self._edit, self._remove))
        column.addWidget(heading(tr("Report cover")))
        column.addLayout(self._cover())
        session.notes_changed.connect(self._fill)
        session.clip_changed.connect(lambda _clip: self._on_clip_changed())
        session.busy_changed.connect(lambda _text: self._keep_cover())
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Focus the text field when its heading is clicked."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.focus_text()
        return super().eventFilter(watched, event)

    def focus_text(self) -> None:
        """Give the keys to the text field, unless there is no clip to write about."""
        if self._text.isEnabled() and self._text.isVisible():
            self._text.setFocus()

    def _field(self) -> QPlainTextEdit:
        self._text = QPlainTextEdit()
        self._text.setPlaceholderText(tr("Your observations. The report prints them apart from the tool's results."))
        self._text.setAccessibleName(tr("New note"))
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(64)
        self._text.textChanged.connect(self._update_buttons)
        return self._text

    def _cover(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(10)
        self._fields: dict[str, QLineEdit] = {}
        for name, label in (
            ("name", tr("Case")),
            ("exhibit", tr("Exhibit")),
            ("examiner", tr("Examiner")),
            ("organisation", tr("Organisation")),
            *((name, tr_marked(label)) for name, label in CUSTODY.items()),
        ):
            field = QLineEdit()
            field.setAccessibleName(label)
            field.editingFinished.connect(self._on_cover_edited)
            self._fields[name] = field
            form.addRow(label, field)
        self._recorded = QPushButton(tr("Use the downloader's record"))
        self._recorded.setToolTip(tr("Fill empty fields by the info.json that lies beside the clip"))
        self._recorded.clicked.connect(self._use_record)
        form.addRow("", self._recorded)
        return form

    def _use_record(self) -> None:
        """Fill what is empty: the examiner's own words stay."""
        for name, value in self._offered().items():
            self._fields[name].setText(value)
        self._on_cover_edited()

    def _offered(self) -> dict[str, str]:
        """What the record says about empty fields."""
        opened = self._session.opened
        record = {} if opened is None else opened.download
        return {name: value for name, value in record.items() if not self._fields[name].text().strip()}

    def _make_buttons(self) -> None:
        self._on_frame = QPushButton(tr("Add to frame"))
        self._on_frame.clicked.connect(lambda: self._add(with_pts=True))
        self._on_clip = QPushButton(tr("Add to clip"))
        self._on_clip.clicked.connect(lambda: self._add(with_pts=False))
        self._edit = QPushButton(tr("Edit"))
        self._edit.setToolTip(
            tr("Change the text of the selected note, or the label of the selected bookmark or picture")
        )
        self._edit.clicked.connect(self._on_edit)
        self._save = QPushButton(tr("Save change"))
        self._save.setProperty("primary", True)
        self._save.clicked.connect(self._on_save)
        self._remove = QPushButton(tr("Remove"))
        self._remove.clicked.connect(self._on_remove)

    def _on_clip_changed(self) -> None:
        """Show what belongs to another clip; a note or change that is not added yet waits for its own."""
        clip = self._session.clip
        text = self._text.toPlainText()  # none where what waits for this clip has not found its annotation yet
        if self._clip and text and (self._edited is None or self._text.document().isModified()):
            self._drafts[self._clip] = _Draft(text, self._edited)
        self._set_edited(None)
        self._clip = "" if clip is None else clip.sha256
        draft = self._drafts.get(self._clip, _Draft())
        self._text.clear()
        if draft.edited is None:
            self._text.setPlainText(draft.text)
            self._drafts.pop(self._clip, None)
        self._fill(is_new=True)

    def _go_on(self, annotations: tuple[Listed, ...]) -> None:
        """Go on with the change of an annotation that was being typed when another clip was opened."""
        draft = self._drafts.get(self._clip, _Draft())
        if draft.edited in annotations and not self._text.toPlainText():
            del self._drafts[self._clip]
            self._set_edited(draft.edited)
            self._text.setPlainText(draft.text)
            self._text.document().setModified(True)

    def _fill(self, is_new: bool = False) -> None:
        session = self._session
        is_open = session.clip is not None
        for name, field in self._fields.items():
            field.setEnabled(is_open)
            if is_new or not field.isModified():
                field.setText(getattr(session.case_info, name))
        self._recorded.setVisible(bool(self._offered()))
        self._text.setEnabled(is_open)
        annotations: tuple[Listed, ...] = (*session.notes, *session.bookmarks, *session.saved_pictures)
        if self._edited not in annotations:
            self._set_edited(None)
        self._go_on(annotations)
        self._list.clear()
        self._update_buttons()
        if session.clip is None:
            return
        before = session.clip.start_pts - 1  # notes on the whole clip come first
        rows: list[tuple[int, str, Listed]] = []
        rows += [(mark.pts, f"{tr('Bookmark')} · {self._label_text(mark)}", mark) for mark in session.bookmarks]
        rows += [
            (
                picture.pts,
                f"{tr('Picture')} · {self._label_text(picture)}\n{_filter_text(picture)}",
                picture,
            )
            for picture in session.saved_pictures
        ]
        rows += [
            (before if note.pts is None else note.pts, _note_text(note, session.clip), note) for note in session.notes
        ]
        for _, text, annotation in sorted(rows, key=lambda row: row[:2]):
            item = QListWidgetItem(text)
            item.setData(_ANNOTATION, annotation)
            self._list.addItem(item)

    def _label_text(self, mark: Bookmark | SavedPicture) -> str:
        """The label, and the frame too if the examiner wrote the label."""
        opened = self._session.opened
        if opened is None:
            return mark.label
        position = frame_text(opened.clip, index_at(opened.pts, mark.pts), mark.pts)
        label = self._own_text(mark)
        return label if label == position else f"{label}\n{position}"

    def _own_text(self, annotation: Listed) -> str:
        """What the examiner wrote, or the label of the program in the language of the window."""
        opened = self._session.opened
        if isinstance(annotation, Note):
            return annotation.text
        if opened is None:
            return annotation.label
        return shown_label(annotation.label, opened.clip, index_at(opened.pts, annotation.pts), annotation.pts)

    def _selected(self) -> Listed | None:
        item = self._list.currentItem() if self._list.currentRow() >= 0 else None
        annotation: Listed | None = None if item is None else item.data(_ANNOTATION)
        return annotation

    @property
    def has_draft(self) -> bool:
        """Whether a note or a change is not added yet, to this clip or to one that was open before."""
        waiting = (draft.text for draft in self._drafts.values())
        return any(text.strip() for text in (self._text.toPlainText(), *waiting))

    def _update_buttons(self) -> None:
        for button in (self._on_frame, self._on_clip, self._save):
            button.setEnabled(self._session.clip is not None and bool(self._text.toPlainText().strip()))
        for button in (self._edit, self._remove):
            button.setEnabled(self._selected() is not None)

    def _set_edited(self, annotation: Listed | None) -> None:
        if (self._edited is None) and annotation is None:
            self._save.hide()
            return
        self._edited = annotation
        self._text.setPlainText("" if annotation is None else self._own_text(annotation))
        self._save.setVisible(annotation is not None)
        for button in (self._on_frame, self._on_clip):
            button.setVisible(annotation is None)

    def _add(self, with_pts: bool) -> None:
        text = self._text.toPlainText().strip()
        shown = self._session.shown
        if text:
            self.note_added.emit(text, shown.pts if with_pts and shown is not None else None)
            self._text.setFocus()  # for the next note; the buttons are disabled now
            self._text.clear()

    def _on_edit(self) -> None:
        self._set_edited(self._selected())
        if self._edited is not None:
            self._text.setFocus()
            if not isinstance(self._edited, Note):
                self._text.selectAll()  # a new label replaces the old one

    def _on_save(self) -> None:
        text, annotation = self._text.toPlainText().strip(), self._edited
        if annotation is None or not text:
            return
        if text != self._own_text(annotation):  # a label of the program stays English in the case file
            (self.note_changed if isinstance(annotation, Note) else self.renamed).emit(annotation, text)
        self._text.setFocus()
        self._set_edited(None)

    def _on_remove(self) -> None:
        if (annotation := self._selected()) is not None:
            self._list.setFocus()
            self.removed.emit(annotation)

    def _on_item_activated(self, item: QListWidgetItem) -> None:
        if item.data(_ANNOTATION).pts is not None:
            self.pts_wanted.emit(item.data(_ANNOTATION).pts)

    def _keep_cover(self) -> None:
        """Keep what is typed into a field that still has the focus, before another clip takes its place."""
        modified = [field for field in self._fields.values() if field.isModified()]
        if modified and self._session.is_opening:  # which is told with each per cent of the new file
            self._on_cover_edited()

    def _on_cover_edited(self) -> None:
        if self._session.clip is None:
            return
        for field in self._fields.values():
            field.setModified(False)
        texts = {name: field.text().strip() for name, field in self._fields.items()}
        info: CaseInfo = replace(self._session.case_info, **texts)
        self.info_changed.emit(info)


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        button.setProperty("small", True)
        row.addWidget(button)
    return row


def _filter_text(picture: SavedPicture) -> str:
    try:
        filters = describe_chain(parse_chain(picture.filters), tr_marked)
    except ValueError:
        filters = picture.filters  # of another version: the report describes the problem
    return filters or tr("as decoded")


def _note_text(note: Note, clip: Clip) -> str:
    where = tr("whole clip") if note.pts is None else clock_time(clip.seconds(note.pts))
    if clip.is_still:
        where = tr("still")
    elif note.end_pts is not None:
        where += f" – {clock_time(clip.seconds(note.end_pts))}"
    when = f"{note.written_at[:16].replace('T', ' ')} UTC"
    author = f"{note.author}, " if note.author else ""
    return f"{tr('Note')} · {where}\n{note.text}\n{author}{when}"
