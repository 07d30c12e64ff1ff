"""Adds, changes and removes the examiner's notes, bookmarks, pictures and decisions; each change can be undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from inspector.domain.analysis import Finding
from inspector.domain.case import MOST_NAME, Bookmark, Decision, FaceName, Note, Review, SavedPicture, finding_key
from inspector.engine.case.annotations import Annotation
from inspector.engine.case.case_file import CaseFile
from inspector.engine.clock import now
from inspector.engine.filters.table import Chain, encode_chain
from inspector.ui.case.case_store import CaseStore
from inspector.ui.case.undo import History, Scope
from inspector.ui.session import Session
from inspector.ui.state import CaseAnnotations
from inspector.ui.time_text import frame_text
from inspector.ui.widgets.language import english

Replacement = tuple[Annotation | None, Annotation | None]
"""An annotation before and after a change; None where it does not exist."""


class _Change:
    """An undoable change of annotations.

    The case store's one thread writes in order, so the id that `put` gave is known before the change is undone.
    """

    scope = Scope.CLIP

    def __init__(self, case_store: CaseStore, case_path: Path, *replacements: Replacement) -> None:
        self._case_store, self._case_path, self._replacements = case_store, case_path, list(replacements)

    def redo(self) -> None:
        """Make the change."""
        self._case_store.write(self._case_path, self._apply)

    def undo(self) -> None:
        """Revert the change."""
        self._case_store.write(self._case_path, self._revert)

    def _apply(self, case: CaseFile) -> None:
        for index, (before, after) in enumerate(self._replacements):
            # One by one: when the disk is full in between, a retry does not add again what already has its id.
            self._replacements[index] = before, _replaced(case, before, after)

    def _revert(self, case: CaseFile) -> None:
        for index, (before, after) in enumerate(self._replacements):
            self._replacements[index] = _replaced(case, after, before), after


def _replaced(case: CaseFile, old: Annotation | None, new: Annotation | None) -> Annotation | None:
    """Write `new` in place of `old`, or remove `old`; returns `new` with its id."""
    if new is not None:
        return case.annotations.put(new)
    if old is not None:
        case.annotations.remove(old)
    return None


class Annotator(QObject):
    """Writes into the open clip's case file through the case store; the session then gets the new annotations."""

    def __init__(self, session: Session, case_store: CaseStore, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._case_store = session, case_store
        self.history = History(self)
        session.clip_changed.connect(lambda _opened: self.history.forget(Scope.CLIP))
        case_store.annotations_changed.connect(self._on_annotations_changed)

    def add_note(self, author: str, text: str, pts: int | None, end_pts: int | None = None) -> None:
        """Add a note on the clip, on a frame, or on a range of frames."""
        self._change((None, Note(0, author, now(), text, pts, end_pts)))

    def change_note(self, note: Note, text: str) -> None:
        """Change the text of a note; the log keeps both versions."""
        self._change((note, replace(note, text=text, written_at=now())))

    def add_bookmark(self) -> None:
        """Bookmark the frame on the screen; with filters on, its filtered picture is added to the report."""
        shown, clip = self._session.shown, self._session.clip
        if shown is not None and clip is not None:
            index, pts, chain = shown.index, shown.pts, shown.chain
            added: list[Annotation | None] = [Bookmark(0, pts, self._label(index, pts), now())]
            if chain and shown.image is not None:
                added.append(self._picture(index, pts, chain, "not recorded: the frame was bookmarked"))
            self._change(*((None, annotation) for annotation in added if annotation is not None))

    def rename(self, mark: Bookmark | SavedPicture, label: str) -> None:
        """Give a bookmark or a saved picture another label."""
        if label and label != mark.label:
            self._change((mark, replace(mark, label=label)))

    def add_picture(self, index: int, pts: int, filters: Chain, on_screen: str) -> None:
        """Add a saved picture of a frame to the report, unless it has one with the same filters."""
        picture = self._picture(index, pts, filters, on_screen)
        if picture is not None:
            self._change((None, picture))

    def _picture(self, index: int, pts: int, filters: Chain, on_screen: str) -> SavedPicture | None:
        chain, author = encode_chain(filters), self._session.case_info.examiner
        if any((kept.pts, kept.filters) == (pts, chain) for kept in self._session.saved_pictures):
            return None
        return SavedPicture(0, pts, self._label(index, pts), chain, on_screen, author, now())

    def _label(self, index: int, pts: int) -> str:
        clip = self._session.clip
        return f"frame {index}" if clip is None else frame_text(clip, index, pts, english)

    def remove(self, annotation: Annotation) -> None:
        """Remove an annotation; the log keeps its text."""
        self._change((annotation, None))

    def review(self, finding: Finding, decision: Decision | None, reason: str) -> None:
        """Accept or reject a finding of the shown analysis, or withdraw the decision (None)."""
        analysis = self._session.analysis
        if analysis is None:
            return
        key = finding_key(analysis, finding)
        former = self._session.review_of(finding)
        if decision is None:
            if former is not None:
                self.remove(former)
            return
        number = 0 if former is None else former.review_id
        author = self._session.case_info.examiner
        self._change((former, Review(number, key, decision, reason, author, now())))

    def name_face(self, track_id: int, name: str) -> None:
        """Give a face of the shown analysis a name, or its number again ("")."""
        analysis = self._session.analysis
        if analysis is None:
            return
        name = "".join(c for c in " ".join(name.split()) if c.isprintable())[:MOST_NAME].strip()
        known = (each for each in self._session.names if (each.analysis, each.track) == (analysis.started_at, track_id))
        former = next(known, None)
        if name == ("" if former is None else former.name):
            return
        number, author = 0 if former is None else former.name_id, self._session.case_info.examiner
        named = FaceName(number, analysis.started_at, track_id, name, author, now()) if name else None
        self._change((former, named))

    def _change(self, *replacements: Replacement) -> None:
        if self._session.case_path is not None:
            self.history.push(_Change(self._case_store, self._session.case_path, *replacements))

    def _on_annotations_changed(self, annotations: CaseAnnotations) -> None:
        if annotations.case_path == self._session.case_path:
            self._session.set_annotations(annotations)
