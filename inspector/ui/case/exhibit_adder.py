"""Adds files to the list of exhibits: finds them, hashes them on a thread, and says what became of each."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from inspector.engine.process.scan_inputs import Inputs
from inspector.ui.case.background import Background
from inspector.ui.case.busy_percent import BusyPercent
from inspector.ui.case.exhibit_rows import ExhibitRow, files_of, hashed
from inspector.ui.session import Session
from inspector.ui.state import Notice, Task
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import plural, tr

_MOST_REASONS = 3  # of one drop that are named


class Taker(Protocol):
    """What files are added to: the list of exhibits."""

    folder: Path | None
    rows: tuple[ExhibitRow, ...]

    def take(self, path: Path, sha256: str, size_bytes: int) -> None:
        """Add a file by its hash, or note where that of an exhibit is whose file was missing."""
        ...


class ExhibitAdder(QObject):
    """Tells once, when the last file is hashed, what was added, what is there already and what could not be read."""

    ended = Signal()  # no file is left to hash

    def __init__(
        self, session: Session, hasher: Background, percent: BusyPercent, exhibits: Taker, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._hasher, self._percent, self._exhibits = session, hasher, percent, exhibits
        self._files_to_hash = 0
        self._rejected: list[str] = []  # one sentence for each file that was not added
        self._duplicates: list[str] = []  # one sentence for each file that is in the list already
        self._added: list[str] = []  # names of files

    def add(self, paths: list[Path]) -> None:
        """Add files, and all clips and stills in folders."""
        self._hasher.run(partial(files_of, paths), self._on_files_listed)

    def _on_files_listed(self, found: Inputs) -> None:
        self._rejected += [unused.reason for unused in found.unreadable]
        self._files_to_hash += len(found.wanted)
        self._tell()  # before a small file is hashed, which may be at once
        for number, path in enumerate(found.wanted, 1):
            said = tr("Computing the SHA-256 of {name}, file {number} of {count} …",
                      name=path.name, number=number, count=len(found.wanted))  # fmt: skip
            work = partial(hashed, path, self._hasher.is_open, self._percent.of(Task.HASHING, said))
            done = partial(self._on_hashed, self._exhibits.folder, path)
            self._hasher.run(work, done, done)  # a problem is a sentence in place of the hash

    def _on_hashed(self, folder: Path | None, path: Path, result: tuple[str, int] | str) -> None:
        self._files_to_hash -= 1
        if folder == self._exhibits.folder:  # no other case was opened meanwhile
            if isinstance(result, str):
                self._rejected.append(result)
            else:
                self._take(path, *result)
        self._tell()

    def _take(self, path: Path, sha256: str, size_bytes: int) -> None:
        known = next((row for row in self._exhibits.rows if row.exhibit.sha256 == sha256), None)
        if known is not None and known.is_there:
            label = known.exhibit.label
            self._duplicates.append(
                tr("{name} is already in the list, as exhibit {label}.", name=path.name, label=label)
            )
            return
        self._exhibits.take(path, sha256, size_bytes)
        if known is None:
            self._added.append(path.name)

    def _tell(self) -> None:
        count = self._files_to_hash
        if count:
            said = plural("Computing the SHA-256 of %n files …", "Computing the SHA-256 of a file …", count)
            self._session.set_busy(Task.HASHING, said)
            return
        self._session.end_busy(Task.HASHING)
        added = self._added if self._exhibits.folder is not None else []
        if self._rejected:
            self._post_rejected()
        elif self._duplicates or added:
            first = [tr("Added to the case: {added}.", added=", ".join(added))] if added else []
            self._session.post(Notice(" ".join([*first, *self._duplicates])))
        self._rejected, self._duplicates, self._added = [], [], []
        self.ended.emit()

    def _post_rejected(self) -> None:
        """The first reasons, with all of them as its detail."""
        said, rest = " ".join(map(shown, self._rejected[:_MOST_REASONS])), len(self._rejected) - _MOST_REASONS
        if rest > 0:
            said += " " + plural("%n more were not added.", "%n more was not added.", rest)
        self._session.post(Notice(said, is_problem=True, detail="\n".join(map(shown, self._rejected))))
