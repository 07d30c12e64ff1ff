"""Opens the other clip of a comparison: an exhibit of the list or any file, with what its analysis found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.domain.case import CaseExhibit, FileStatus, face_names
from inspector.domain.errors import InspectorError
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.imports import admit
from inspector.engine.faults import attempt
from inspector.engine.percent import Tell
from inspector.engine.process.player.messages import Service
from inspector.ui.case.background import Background
from inspector.ui.case.busy_percent import BusyPercent
from inspector.ui.case.case_store import read_contents
from inspector.ui.case.exhibit_list import ExhibitList
from inspector.ui.case.exhibit_rows import ExhibitRow, hashed
from inspector.ui.case.opening import open_known
from inspector.ui.case.places import cases_folder
from inspector.ui.engine.queue import AnalysisEnded, AnalysisQueue
from inspector.ui.other_clip import OtherClip
from inspector.ui.player.players import PLAYERS
from inspector.ui.session import Session
from inspector.ui.state import Comparison, Notice, OpenedClip, Task
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.glance import glance
from inspector.ui.widgets.language import tr


class OtherClips(QObject):
    """Follows the session's comparison. What it opens is a process of its own, which ends with the comparison.

    `files` are those that are compared without being in the list; nothing of them is saved.
    """

    files_changed = Signal()

    _told = Signal(object, object)  # int: which opening, str: what is done for it

    def __init__(self, session: Session, exhibits: ExhibitList, queue: AnalysisQueue, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._exhibits = session, exhibits
        self._files: tuple[ExhibitRow, ...] = ()
        self._row: ExhibitRow | None = None  # the one that is open or being opened
        self._opening = 0  # the number of the last opening; what an earlier one brings is dropped
        self.background = Background("comparison", self)
        self._percent = BusyPercent(session, self)
        self._told.connect(self._on_told)
        session.comparison_changed.connect(self._on_comparison_changed)
        queue.ended.connect(self._on_analysis_ended)
        exhibits.opened.connect(lambda _folder: self._forget_files())

    def open_again(self) -> None:
        """Try again to open a clip that could not be opened."""
        if self._row is not None and self._session.other is None:
            self._open(self._row)

    @property
    def files(self) -> tuple[ExhibitRow, ...]:
        """The files that are in no list, as rows without a label; one that was added to the list is left out."""
        listed = {row.exhibit.sha256 for row in self._exhibits.rows if row.is_there}
        return tuple(row for row in self._files if row.exhibit.sha256 not in listed)

    def add_file(self, path: Path, choose: Callable[[Path | None], None]) -> None:
        """Hash a file, then `choose` it by its case file, or None where it is the open clip's."""
        self._session.set_busy(Task.COMPARING, tr("Computing the SHA-256 of {name} …", name=path.name))
        work = partial(hashed, path, self.background.is_open, self._percent.of(Task.COMPARING))
        done = partial(self._on_hashed, path, choose)
        self.background.run(work, done, done)  # a problem is a sentence in place of the hash

    def _on_hashed(self, path: Path, choose: Callable[[Path | None], None], result: tuple[str, int] | str) -> None:
        self._session.end_busy(Task.COMPARING)
        if isinstance(result, str):
            self._session.post(Notice(result, is_problem=True))
            return
        sha256, size_bytes = result
        clip = self._session.clip
        if clip is not None and clip.sha256 == sha256:
            choose(None)
            return
        rows = (*(row for row in self._exhibits.rows if row.is_there), *self._files)
        known = next((row for row in rows if row.exhibit.sha256 == sha256), None)
        if known is None:
            known = self._row_of(path, sha256, size_bytes)
            self._files += (known,)
            self.files_changed.emit()
        choose(known.case_path)

    def _row_of(self, path: Path, sha256: str, size_bytes: int) -> ExhibitRow:
        """A file with the case file that its analysis would be in, or is in if it was analysed alone."""
        case_path = self._exhibits.case_path_of(sha256)
        alone = cases_folder() / case_path.name
        exhibit = CaseExhibit(0, "", str(path), sha256, size_bytes, case_path.name)
        is_there = glance(CaseFile.exists, alone, False)
        return ExhibitRow(exhibit, path, alone if is_there else case_path, FileStatus.FOUND)

    def _forget_files(self) -> None:
        self._files = ()
        self.files_changed.emit()

    def stop(self) -> None:
        """End the thread; what it reads is interrupted."""
        self._opening += 1
        self.background.stop(cancel=True)

    def _on_comparison_changed(self, comparison: Comparison | None) -> None:
        wanted = None if comparison is None else comparison.other
        if wanted == (None if self._row is None else self._row.case_path):
            return
        self._row = next((row for row in (*self._exhibits.rows, *self._files) if row.case_path == wanted), None)
        if self._row is not None:
            self._open(self._row)
        else:
            self._opening += 1
            self._session.set_other(None, "" if wanted is None else tr("This exhibit is no longer in the list."))

    def _on_analysis_ended(self, ended: AnalysisEnded) -> None:
        if self._row is not None and ended.request.case_path == self._row.case_path:
            self._open(self._row)

    def _open(self, row: ExhibitRow) -> None:
        self._opening += 1
        number, known = self._opening, self._session.other
        said = tr("Opening {name} and comparing its SHA-256 …", name=row.clip_path.name)
        if known is not None and known.case_path == row.case_path:
            opened: OpenedClip | None = known.opened  # its frames are the same, only the results are read again
        else:
            opened = None
            self._session.set_other(None, said)
        shown = self._exhibits.shown
        label = "" if shown is None else shown.exhibit.label
        work = partial(
            _read,
            row,
            label,
            opened,
            lambda: number == self._opening and self.background.is_open(),
            lambda percent: self._told.emit(number, f"{said} {percent} %"),
        )
        self.background.run(partial(attempt, "opening a clip to compare", work), partial(self._on_read, number, row))

    def _on_told(self, number: int, said: str) -> None:
        if number == self._opening and self._session.other is None:
            self._session.set_other(None, said)

    def _on_read(self, number: int, row: ExhibitRow, read: OtherClip | InspectorError) -> None:
        is_wanted = number == self._opening
        if not is_wanted or isinstance(read, InspectorError):
            PLAYERS.end_unused(row.clip_path)
        if not is_wanted:
            return
        if isinstance(read, OtherClip):
            self._session.set_other(read)
        else:
            self._session.set_other(None, tr("{problem} Choose the clip again to try again.", problem=shown(str(read))))


def _read(
    row: ExhibitRow, open_label: str, opened: OpenedClip | None, is_wanted: Callable[[], bool], tell: Tell
) -> OtherClip:
    """Open the file, if it is the one that is in the list, and read its results. Raises InspectorError.

    `tell` gets the percentage that is hashed.
    """
    exhibit = row.exhibit
    if opened is None:
        clip = open_known(exhibit, row.clip_path, is_wanted, tell=tell)
        link = PLAYERS.link(Service.PICTURES, clip)
        try:
            opened = OpenedClip(clip, *link.index)
        finally:
            link.close()
    other = OtherClip(opened, row.case_path, exhibit.label, open_label)
    if not CaseFile.exists(row.case_path):
        return other
    admit(row.case_path, is_wanted)
    with CaseFile.open(row.case_path, create=False, is_wanted=is_wanted) as case:
        newest = case.newest_id()
        if newest is None or case.read(newest).clip().sha256 != exhibit.sha256:
            return other
        found, names = read_contents(case, newest), case.annotations.names()
    named = {} if found.analysis is None else face_names(names, found.analysis)
    kept = replace(other, analysis_id=newest, analysis=found.analysis, imported=found.imported)
    return replace(kept, board=found.board, face_names=named)
