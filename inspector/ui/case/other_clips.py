"""Opens the other clip of a comparison: an exhibit of the list beside the open one, with what its analysis found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from inspector.domain.case import face_names
from inspector.domain.errors import InspectorError
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.imports import admit
from inspector.engine.faults import attempt
from inspector.engine.percent import Tell
from inspector.engine.process.player.messages import Service
from inspector.ui.case.background import Background
from inspector.ui.case.case_store import read_contents
from inspector.ui.case.exhibit_list import ExhibitList
from inspector.ui.case.exhibit_rows import ExhibitRow
from inspector.ui.case.opening import open_known
from inspector.ui.engine.queue import AnalysisEnded, AnalysisQueue
from inspector.ui.other_clip import OtherClip
from inspector.ui.player.players import PLAYERS
from inspector.ui.session import Session
from inspector.ui.state import Comparison, OpenedClip
from inspector.ui.widgets.language import tr


class OtherClips(QObject):
    """Follows the session's comparison. What it opens is a process of its own, which ends with the comparison."""

    _told = Signal(object, object)  # int: which opening, str: what is done for it

    def __init__(self, session: Session, exhibits: ExhibitList, queue: AnalysisQueue, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._exhibits = session, exhibits
        self._row: ExhibitRow | None = None  # the one that is open or being opened
        self._opening = 0  # the number of the last opening; what an earlier one brings is dropped
        self.background = Background("comparison", self)
        self._told.connect(self._on_told)
        session.comparison_changed.connect(self._on_comparison_changed)
        queue.ended.connect(self._on_analysis_ended)

    def open_again(self) -> None:
        """Try again to open a clip that could not be opened."""
        if self._row is not None and self._session.other is None:
            self._open(self._row)

    def stop(self) -> None:
        """End the thread; what it reads is interrupted."""
        self._opening += 1
        self.background.stop(cancel=True)

    def _on_comparison_changed(self, comparison: Comparison | None) -> None:
        wanted = None if comparison is None else comparison.other
        if wanted == (None if self._row is None else self._row.case_path):
            return
        self._row = next((row for row in self._exhibits.rows if row.case_path == wanted), None)
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
            self._session.set_other(None, tr("{problem} Choose the clip again to try again.", problem=read))


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
    return replace(other, analysis_id=newest, analysis=found.analysis, board=found.board, face_names=named)
