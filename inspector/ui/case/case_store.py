"""Opens evidence, case files and model cards on a thread of its own, so that a slow disk does not block the window."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.domain.analysis import Analysis
from inspector.domain.analysis import Signal as Series
from inspector.domain.case import CaseExhibit, CaseInfo
from inspector.domain.clip import Clip, Gap
from inspector.domain.errors import BundleError, CaseError, InspectorError
from inspector.domain.model_card import ModelCard
from inspector.domain.observations.coding import CodingFact
from inspector.domain.settings import Settings
from inspector.engine.case.case_entry import point_to
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import ANALYSIS_SUFFIX, CASE_JSON, candidates, delete_analyses, is_case_path
from inspector.engine.case.download_record import download_record
from inspector.engine.case.imports import admit
from inspector.engine.case.records import (
    Earlier,
    find_earlier,
    forget_record,
    has_result,
    note_record,
    other_places,
    take_over,
)
from inspector.engine.faces.blinks import NO_BLINKS, track_blinks
from inspector.engine.faces.signals import EYES
from inspector.engine.faults import attempt
from inspector.engine.installation import installation_key
from inspector.engine.model.bundle import find_bundle
from inspector.engine.provenance.coding.history import coding_history
from inspector.engine.provenance.coding.lanes import coding_signals
from inspector.engine.provenance.coding.repeats import repeat_measures
from inspector.ui.case.opening import Opening, open_clip, open_known
from inspector.ui.case.places import cases_folder, is_private
from inspector.ui.series import ScoreBoard
from inspector.ui.state import CaseAnnotations, TrackSignals
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import tr

Change = Callable[[CaseFile], object]
Coding = tuple[dict[str, Series], tuple[CodingFact, ...]]
"""The series of the coding lanes, and what the rules say."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An opened clip and the path of its case file, which may not exist yet."""

    clip: Clip
    case_path: Path
    problem: str = ""  # one sentence, when the clip can be viewed but nothing about it can be saved
    download: Mapping[str, str] = field(default_factory=dict)  # as in `OpenedClip`
    opening: int = 0  # which one of `CaseStore` it comes from


@dataclass(frozen=True, slots=True)
class CaseContents:
    """The scores and results of one analysis in a case file; `analysis` is None while it is not finished."""

    case_path: Path
    analysis_id: int
    analysis: Analysis | None
    settings: Settings
    board: ScoreBoard
    gaps: tuple[Gap, ...]
    losses: tuple[str, ...] = ()  # what an earlier version stored wrongly, one sentence each
    imported: str = ""  # where the analysis comes from if this installation did not make it


class CaseStore(QObject):
    """Does one task after another; each result comes as a signal."""

    evidence_opened = Signal(object)  # Evidence
    folder_found = Signal(object, object, object)  # int: which opening, Path, bool: whether of a case
    hash_advanced = Signal(object, object)  # int: which opening it is about, int: percent of the file that is hashed
    case_loaded = Signal(object)  # CaseContents
    signals_read = Signal(object)  # TrackSignals
    annotations_changed = Signal(object)  # CaseAnnotations
    earlier_found = Signal(object, object)  # Path of the case file, tuple[Earlier, ...] from other ones
    places_found = Signal(object, object)  # Path of the case file, tuple[Path, ...]: others with the same clip
    forgotten = Signal(object)  # Path of the case file that was deleted
    card_read = Signal(object)  # ModelCard | BundleError
    open_failed = Signal(object)  # str
    save_failed = Signal(object)  # str: the change is kept, see `write_again`
    failed = Signal(object)  # str
    _not_saved = Signal(object, object, object)  # Path, Change, str
    _not_opened = Signal(object, object)  # int: the opening, str

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.new_cover = CaseInfo()  # the cover of new case files
        self._coding: tuple[Path, int, Coding] | None = None  # of the analysis that was read last
        self._new_cases: set[Path] = set()  # case files that did not exist when their clip was opened
        self._unsaved: list[tuple[Path, Change]] = []
        self._is_stopping = False
        self.openings = 0  # how many were asked for: only the newest one is wanted
        self.opening_path: Path | None = None  # of its clip or case file
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="case-store")
        self._not_saved.connect(self._on_not_saved)
        self._not_opened.connect(self._on_not_opened)

    def finish(self) -> None:
        """Wait until all changes are written; hashing of a clip is interrupted, which `open_failed` reports."""
        self._is_stopping = True
        self._pool.submit(lambda: None).result()
        self._is_stopping = False

    def stop(self) -> None:
        """Write the pending changes, interrupt what is read, and end the thread."""
        self._is_stopping = True
        self._pool.shutdown()

    # --- called by the UI thread -------------------------------------------------------------------------------------

    def open(self, path: Path, case_path_of: Callable[[str], Path]) -> None:
        """Open a clip, or the clip of a case file; `case_path_of` gives the path of the case file for a SHA-256.

        What is being opened is given up, as by `open_exhibit` and `open_stream`: a large file takes long to hash.
        """
        self._submit_opening(self._open, path, path, case_path_of)

    def open_exhibit(self, exhibit: CaseExhibit, clip: Path, case_path: Path) -> None:
        """Open an exhibit's file, if its SHA-256 is the one in the case."""
        self._submit_opening(self._open_known, clip, exhibit, clip, case_path)

    def open_stream(self, clip: Clip, number: int, case_path: Path) -> None:
        """Open another stream of pictures of the file of an open clip."""
        known = CaseExhibit(0, "", clip.path, clip.sha256, clip.size_bytes, case_path.name)
        self._submit_opening(self._open_known, Path(clip.path), known, Path(clip.path), case_path, number)

    def load_case(self, case_path: Path, analysis_id: int | None = None) -> None:
        """Read the annotations, and the scores and results of one analysis, if the case file exists.

        Without an id, the analysis that is shown when a clip is opened: the newest finished one, else the newest.
        """
        self._submit(self._load_case, case_path, analysis_id)

    def sign(self, case_path: Path, analysis_id: int) -> None:
        """Sign an analysis that this program has just seen begin or end."""
        self._submit(self._sign, case_path, analysis_id)

    def find_earlier(self, clip: Clip, case_path: Path) -> None:
        """Look for analyses of a clip in other case files, unless its own has a result; `earlier_found` follows."""
        self._submit(self._find_earlier, clip, case_path)

    def take_over(self, earlier: Earlier, clip: Clip, case_path: Path) -> None:
        """Copy an earlier analysis with its notes into the clip's case file, and load it."""
        self._submit(self._take_over, earlier, clip, case_path)

    def find_places(self, sha256: str, case_path: Path) -> None:
        """Look for the other case files of a clip; `places_found` follows."""
        self._submit(self._find_places, sha256, case_path)

    def forget(self, case_path: Path, sha256: str) -> None:
        """Delete a clip's case files, wherever they are, with everything beside them; `forgotten` follows."""
        self._unsaved = [each for each in self._unsaved if each[0] != case_path]  # it would make the file again
        self._submit(self._forget, case_path, sha256)

    def read_signals(self, case_path: Path, analysis_id: int, track_id: int | None) -> None:
        """Read the signals of one track; `signals_read` follows."""
        self._submit(self._read_signals, case_path, analysis_id, track_id)

    def read_card(self, model: str) -> None:
        """Read the card of the model bundle that an analysis would use."""
        self._submit(self._read_card, model)

    def write(self, case_path: Path, change: Change) -> None:
        """Change a case file, after the changes that could not be saved before; `annotations_changed` follows."""
        self.write_again()
        self._submit(self._write, case_path, change, failed=partial(self._not_saved.emit, case_path, change))

    def write_again(self) -> None:
        """Try again to write the changes that could not be saved, in their order."""
        unsaved, self._unsaved = self._unsaved, []
        for case_path, change in unsaved:
            self.write(case_path, change)

    @property
    def has_unsaved(self) -> bool:
        """Whether a change is in no file because writing it failed."""
        return bool(self._unsaved)

    def _on_not_saved(self, case_path: Path, change: Change, problem: str) -> None:
        self._unsaved.append((case_path, change))
        self.save_failed.emit(problem)

    def _is_newest(self, opening: int) -> bool:
        return opening == self.openings and not self._is_stopping

    def _is_wanted(self) -> bool:
        return not self._is_stopping

    def _submit_opening(self, task: Callable[..., None], path: Path, *values: object) -> None:
        self.openings, self.opening_path = self.openings + 1, path
        opening = Opening(self.openings, self._is_newest, self.hash_advanced.emit)
        self._submit(task, opening, *values, failed=partial(self._not_opened.emit, opening.number))

    def _on_not_opened(self, number: int, problem: str) -> None:
        if number == self.openings:  # else another file is being opened
            self.open_failed.emit(problem)

    def _submit(self, task: Callable[..., None], *values: object, failed: Callable[[str], None] | None = None) -> None:
        if self._is_stopping and task not in (self._write, self._sign):
            return
        done = self._pool.submit(attempt, "working on the case file", partial(task, *values))
        done.add_done_callback(lambda future: self._answer(future, failed or self.failed.emit))

    # --- on the thread-----------------------------------------------------------------------------------------------

    @staticmethod
    def _answer(future: Future[InspectorError | None], failed: Callable[[str], None]) -> None:
        error = None if future.cancelled() else future.result()
        if error is not None:
            failed(str(error))

    def _open(self, opening: Opening, path: Path, case_path_of: Callable[[str], Path]) -> None:
        if is_case_path(path):  # of a disk that was too slow for whoever asked for it to know
            self.folder_found.emit(opening.number, path, path.name == CASE_JSON or (path / CASE_JSON).exists())
            return
        if path.suffix == ANALYSIS_SUFFIX:
            admit(path, self._is_wanted)
            with CaseFile.open(path, create=False) as case:
                newest = case.newest_id()
                if newest is None:
                    raise CaseError(tr("{path} contains no clip yet; open the clip itself.", path=path))
                stored = case.read(newest).clip()
            known = CaseExhibit(0, "", stored.path, stored.sha256, stored.size_bytes, path.name)
            paths = candidates(path.parent, known)
            file = next((file for file in paths if file.is_file()), paths[0])
            self._open_known(opening, known, file, path, stored.chosen_stream)
            return
        clip = open_clip(path, opening.is_wanted, tell=opening.tell)
        case_path = case_path_of(clip.sha256)
        problem = ""
        try:
            case_path.parent.mkdir(parents=True, exist_ok=True)
            if os.name == "posix" and case_path.parent == cases_folder():
                case_path.parent.chmod(0o700)  # earlier versions made it readable by others
        except OSError as error:
            problem = tr(
                "Nothing about this clip can be saved: {parent} cannot be created ({strerror}); free some space "
                "there or change its permissions, and open the clip again.",
                parent=case_path.parent,
                strerror=shown(error.strerror or str(error)),
            )
        self._emit_opened(opening, clip, case_path, problem)

    def _open_known(
        self, opening: Opening, known: CaseExhibit, path: Path, case_path: Path, stream: int | None = None
    ) -> None:
        clip = open_known(known, path, opening.is_wanted, stream, opening.tell)
        self._emit_opened(opening, clip, case_path)

    def _emit_opened(self, opening: Opening, clip: Clip, case_path: Path, problem: str = "") -> None:
        if CaseFile.exists(case_path):
            try:
                admit(case_path, self._is_wanted)
                with CaseFile.open(case_path, create=False) as case:
                    point_to(case, clip.sha256, Path(clip.path))
            except CaseError as error:
                problem = str(error)
        else:
            self._new_cases.add(case_path)
            with suppress(CaseError):  # said when a result is to be signed
                installation_key()  # made now, and not on a disk that an analysis has filled
        self.evidence_opened.emit(Evidence(clip, case_path, problem, download_record(Path(clip.path)), opening.number))

    def _load_case(self, case_path: Path, analysis_id: int | None) -> None:
        if not CaseFile.exists(case_path):
            return
        with CaseFile.open(case_path, create=False, is_wanted=self._is_wanted) as case:
            self._fill_cover(case)
            wanted = case.newest_id() if analysis_id is None else analysis_id
            contents = None if wanted is None else read_contents(case, wanted)
            self._emit_annotations(case)
        if contents is not None:
            self.case_loaded.emit(contents)

    def _read_signals(self, case_path: Path, analysis_id: int, track_id: int | None) -> None:
        with CaseFile.open(case_path, create=False, is_wanted=self._is_wanted) as case:
            stored = case.read(analysis_id)
            found = () if track_id is None else stored.signals(track_id)
            names, clip = stored.signal_names(), stored.clip()
            if self._coding is None or self._coding[:2] != (case_path, analysis_id):
                series = stored.coding()
                repeats = repeat_measures(stored.frames(), stored.frame_hashes(), clip) if len(series) else {}
                coding = coding_signals(series, clip), coding_history(series, clip, repeats).facts
                # What an interrupted analysis has grows when it goes on.
                self._coding = (case_path, analysis_id, coding) if stored.is_finished else None
            else:
                coding = self._coding[2]
        by_name = {signal.name: signal for signal in found}
        eyes = by_name.get(EYES)
        blinks = NO_BLINKS if eyes is None else track_blinks(eyes.pts, eyes.values, clip)
        self.signals_read.emit(TrackSignals(case_path, analysis_id, track_id, names, by_name, blinks, *coding))

    def _read_card(self, model: str) -> None:
        card: ModelCard | BundleError
        try:
            card = find_bundle(model).card
        except BundleError as error:
            card = error
        self.card_read.emit(card)

    def _write(self, case_path: Path, change: Change) -> None:
        if not CaseFile.exists(case_path):
            self._new_cases.add(case_path)
        with CaseFile.open(case_path) as case:
            self._fill_cover(case)
            change(case)
            self._emit_annotations(case)

    @staticmethod
    def _sign(case_path: Path, analysis_id: int) -> None:
        with CaseFile.open(case_path, create=False) as case:
            case.sign(analysis_id)
            stored = case.read(analysis_id)
            sha256 = stored.clip().sha256 if stored.is_finished else ""
        if sha256:
            _note(sha256, case_path)

    def _find_earlier(self, clip: Clip, case_path: Path) -> None:
        found: tuple[Earlier, ...] = ()
        with suppress(CaseError):  # said when the clip was opened
            if has_result(case_path):
                _note(clip.sha256, case_path)  # it may have come here with its folder
            else:
                found = find_earlier(clip, case_path, self._is_wanted)
        self.earlier_found.emit(case_path, found)

    def _take_over(self, earlier: Earlier, clip: Clip, case_path: Path) -> None:
        if not CaseFile.exists(case_path):
            self._new_cases.add(case_path)
        number = take_over(earlier, clip, case_path)
        _note(clip.sha256, case_path)
        self._load_case(case_path, number)

    def _find_places(self, sha256: str, case_path: Path) -> None:
        self.places_found.emit(case_path, other_places(sha256, case_path))

    def _forget(self, case_path: Path, sha256: str) -> None:
        for place in (case_path, *other_places(sha256, case_path)):
            delete_analyses(place)
        forget_record(sha256)
        self.forgotten.emit(case_path)

    def _fill_cover(self, case: CaseFile) -> None:
        """Put the examiner's name on the cover of a case file that was created since the clip was opened."""
        if case.path in self._new_cases:
            info, new = case.case_info(), self.new_cover
            filled = replace(
                info, examiner=info.examiner or new.examiner, organisation=info.organisation or new.organisation
            )
            if filled != info:
                case.set_case_info(filled)
            self._new_cases.discard(case.path)

    def _emit_annotations(self, case: CaseFile) -> None:
        kept = case.annotations
        self.annotations_changed.emit(
            CaseAnnotations(
                case.path,
                kept.notes(),
                kept.bookmarks(),
                kept.pictures(),
                kept.reviews(),
                kept.names(),
                case.case_info(),
            )
        )


def _note(sha256: str, case_path: Path) -> None:
    """Note where a clip was analysed, unless the session is to leave nothing."""
    if not is_private():
        note_record(sha256, case_path)


def read_contents(case: CaseFile, analysis_id: int) -> CaseContents:
    """The scores and results of an analysis. Raises CaseError."""
    stored, board = case.read(analysis_id), ScoreBoard()
    board.add(stored.scores())
    board.add_shots(stored.frames())
    result, losses = stored.result(), case.losses()
    settings = stored.settings() if result is None else result.settings
    return CaseContents(case.path, analysis_id, result, settings, board, stored.gaps(), losses, stored.imported())
