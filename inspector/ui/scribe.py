"""The scribe: the examiner's notes, bookmarks, pictures and decisions; each change is one command that is undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from inspector.domain.analysis import Finding
from inspector.domain.case import Bookmark, Decision, Note, Review, SavedPicture, finding_key
from inspector.engine.case_file import CaseFile
from inspector.engine.filter_table import Chain, chain_text
from inspector.engine.writings import Writing, now
from inspector.ui.clerk import Clerk, Writings
from inspector.ui.clock import short_time
from inspector.ui.history import History, Scope
from inspector.ui.session import Session


class _Change:
    """One thing written turned into another; None for its not being there.

    The clerk's one thread does all writing in order, so what `put` gave an id to is known before it is undone.
    """

    scope = Scope.CLIP

    def __init__(self, clerk: Clerk, case_path: Path, before: Writing | None, after: Writing | None) -> None:
        self._clerk, self._case_path = clerk, case_path
        self._before, self._after = before, after

    def redo(self) -> None:
        """Do it, or do it again."""
        self._clerk.write(self._case_path, self._do)

    def undo(self) -> None:
        """Bring back what was there."""
        self._clerk.write(self._case_path, self._take_back)

    def _do(self, case: CaseFile) -> None:
        if self._after is not None:
            self._after = case.writings.put(self._after)
        elif self._before is not None:
            case.writings.remove(self._before)

    def _take_back(self, case: CaseFile) -> None:
        if self._before is not None:
            self._before = case.writings.put(self._before)
        elif self._after is not None:
            case.writings.remove(self._after)


class Scribe(QObject):
    """Writes into the open clip's case through the clerk; what was written comes back as the session's writings."""

    def __init__(self, session: Session, clerk: Clerk, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._clerk = session, clerk
        self.history = History(self)
        session.clip_changed.connect(lambda _opened: self.history.forget(Scope.CLIP))
        clerk.writings_changed.connect(self._on_writings_changed)

    def add_note(self, author: str, text: str, pts: int | None, end_pts: int | None = None) -> None:
        """Write a note on the clip, on a frame, or on a stretch."""
        self._change(None, Note(0, author, now(), text, pts, end_pts))

    def change_note(self, note: Note, text: str) -> None:
        """Write a note anew; the log keeps both."""
        self._change(note, replace(note, text=text, written_at=now()))

    def add_bookmark(self) -> None:
        """Mark the frame on the screen."""
        shown, clip = self._session.shown, self._session.clip
        if shown is not None and clip is not None:
            label = f"frame {shown.index} at {short_time(clip.seconds(shown.pts))}"
            self._change(None, Bookmark(0, shown.pts, label, now()))

    def rename(self, mark: Bookmark | SavedPicture, label: str) -> None:
        """Give a bookmark or a saved picture another label."""
        if label and label != mark.label:
            self._change(mark, replace(mark, label=label))

    def add_picture(self, index: int, pts: int, filters: Chain, on_screen: str) -> None:
        """Keep for the report that the examiner saved a frame's picture; one with the same filters is there once."""
        clip, chain = self._session.clip, chain_text(filters)
        if clip is None or any((kept.pts, kept.filters) == (pts, chain) for kept in self._session.saved_pictures):
            return
        label, author = f"frame {index} at {short_time(clip.seconds(pts))}", self._session.case_info.examiner
        self._change(None, SavedPicture(0, pts, label, chain, on_screen, author, now()))

    def remove(self, writing: Writing) -> None:
        """Take something away; the log keeps its words."""
        self._change(writing, None)

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
        self._change(former, Review(number, key, decision, reason, author, now()))

    def _change(self, before: Writing | None, after: Writing | None) -> None:
        if self._session.case_path is not None:
            self.history.push(_Change(self._clerk, self._session.case_path, before, after))

    def _on_writings_changed(self, writings: Writings) -> None:
        if writings.case_path == self._session.case_path:
            self._session.set_writings(
                writings.notes, writings.bookmarks, writings.pictures, writings.reviews, writings.info
            )
