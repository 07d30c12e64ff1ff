"""The scribe: the examiner's notes, bookmarks, pictures and decisions; each change is one command that is undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from inspector.domain.analysis import Finding
from inspector.domain.case import Bookmark, Decision, Note, Review, SavedPicture, finding_key
from inspector.engine.case.annotations import Annotation, now
from inspector.engine.case.case_file import CaseFile
from inspector.engine.filters.table import Chain, chain_text
from inspector.ui.case.case_store import Annotations, CaseStore
from inspector.ui.case.undo import History, Scope
from inspector.ui.session import Session
from inspector.ui.time_text import frame_text

Turn = tuple[Annotation | None, Annotation | None]


class _Change:
    """Things written turned into others, each from before to after; None for its not being there.

    The clerk's one thread does all writing in order, so what `put` gave an id to is known before it is undone.
    """

    scope = Scope.CLIP

    def __init__(self, clerk: CaseStore, case_path: Path, *turns: Turn) -> None:
        self._case_store, self._case_path, self._turns = clerk, case_path, list(turns)

    def redo(self) -> None:
        """Do it, or do it again."""
        self._case_store.write(self._case_path, self._do)

    def undo(self) -> None:
        """Bring back what was there."""
        self._case_store.write(self._case_path, self._take_back)

    def _do(self, case: CaseFile) -> None:
        for place, (before, after) in enumerate(self._turns):
            # One by one: when a disk is full in between, what got its id is not added twice by doing it again.
            self._turns[place] = before, _written(case, before, after)

    def _take_back(self, case: CaseFile) -> None:
        for place, (before, after) in enumerate(self._turns):
            self._turns[place] = _written(case, after, before), after


def _written(case: CaseFile, former: Annotation | None, wanted: Annotation | None) -> Annotation | None:
    """Put what is wanted in the place of what was there; it comes back with its id."""
    if wanted is not None:
        return case.annotations.put(wanted)
    if former is not None:
        case.annotations.remove(former)
    return None


class Annotator(QObject):
    """Writes into the open clip's case through the clerk; what was written comes back as the session's writings."""

    def __init__(self, session: Session, clerk: CaseStore, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._case_store = session, clerk
        self.history = History(self)
        session.clip_changed.connect(lambda _opened: self.history.forget(Scope.CLIP))
        clerk.annotations_changed.connect(self._on_annotations_changed)

    def add_note(self, author: str, text: str, pts: int | None, end_pts: int | None = None) -> None:
        """Write a note on the clip, on a frame, or on a stretch."""
        self._change((None, Note(0, author, now(), text, pts, end_pts)))

    def change_note(self, note: Note, text: str) -> None:
        """Write a note anew; the log keeps both."""
        self._change((note, replace(note, text=text, written_at=now())))

    def add_bookmark(self) -> None:
        """Mark the frame on the screen; with filters on, the report will show what they made of it."""
        shown, clip = self._session.shown, self._session.clip
        if shown is not None and clip is not None:
            index, pts, chain = shown.index, shown.pts, shown.chain
            added: list[Annotation | None] = [Bookmark(0, pts, self._label(index, pts), now())]
            if chain and shown.image is not None:
                added.append(self._picture(index, pts, chain, "not noted: the frame was bookmarked"))
            self._change(*((None, writing) for writing in added if writing is not None))

    def rename(self, mark: Bookmark | SavedPicture, label: str) -> None:
        """Give a bookmark or a saved picture another label."""
        if label and label != mark.label:
            self._change((mark, replace(mark, label=label)))

    def add_picture(self, index: int, pts: int, filters: Chain, on_screen: str) -> None:
        """Keep for the report that the examiner saved a frame's picture; one with the same filters is there once."""
        picture = self._picture(index, pts, filters, on_screen)
        if picture is not None:
            self._change((None, picture))

    def _picture(self, index: int, pts: int, filters: Chain, on_screen: str) -> SavedPicture | None:
        chain, author = chain_text(filters), self._session.case_info.examiner
        if any((kept.pts, kept.filters) == (pts, chain) for kept in self._session.saved_pictures):
            return None
        return SavedPicture(0, pts, self._label(index, pts), chain, on_screen, author, now())

    def _label(self, index: int, pts: int) -> str:
        clip = self._session.clip
        return f"frame {index}" if clip is None else frame_text(clip, index, pts)

    def remove(self, writing: Annotation) -> None:
        """Take something away; the log keeps its words."""
        self._change((writing, None))

    def review(self, finding: Finding, decision: Decision | None, reason: str) -> None:
        """Accept or reject a finding of the tool, or take the decision back (None)."""
        key = finding_key(finding)
        former = self._session.review_of(finding)
        if decision is None:
            if former is not None:
                self.remove(former)
            return
        number = 0 if former is None else former.review_id
        author = self._session.case_info.examiner
        self._change((former, Review(number, key, decision, reason, author, now())))

    def _change(self, *turns: Turn) -> None:
        if self._session.case_path is not None:
            self.history.push(_Change(self._case_store, self._session.case_path, *turns))

    def _on_annotations_changed(self, writings: Annotations) -> None:
        if writings.case_path == self._session.case_path:
            self._session.set_annotations(
                writings.notes, writings.bookmarks, writings.pictures, writings.reviews, writings.info
            )
