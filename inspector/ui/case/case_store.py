"""The clerk: hashing, case files and model cards on a thread of its own, so that no disk holds up the window."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from inspector.domain.analysis import Analysis
from inspector.domain.case import Bookmark, CaseExhibit, CaseInfo, Note, Review, SavedPicture
from inspector.domain.clip import Clip, Gap
from inspector.domain.errors import BundleError, CaseError, InspectorError
from inspector.domain.model_card import ModelCard
from inspector.engine.case.case_entry import point_to
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import ANALYSIS_SUFFIX, candidates, other_words
from inspector.engine.model.bundle import find_bundle
from inspector.ui.faults import report_if_failed
from inspector.ui.series import ScoreBoard

Change = Callable[[CaseFile], object]


@dataclass(frozen=True, slots=True)
class Evidence:
    """An opened clip and where its case is kept."""

    clip: Clip
    case_path: Path
    problem: str = ""  # one sentence, when the clip can be looked at but nothing of it kept


@dataclass(frozen=True, slots=True)
class CaseContents:
    """What a case file held when it was read; `analysis` is None while none was finished."""

    case_path: Path
    analysis: Analysis | None
    board: ScoreBoard
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Annotations:
    """The examiner's own words in a case."""

    case_path: Path
    notes: tuple[Note, ...]
    bookmarks: tuple[Bookmark, ...]
    pictures: tuple[SavedPicture, ...]
    reviews: tuple[Review, ...]
    info: CaseInfo


def cases_folder() -> Path:
    """Where the window keeps its case files."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(base) / "cases"


class CaseStore(QObject):
    """Does one thing after another; each result comes as a signal."""

    evidence_opened = Signal(object)  # Evidence
    case_loaded = Signal(object)  # CaseContents
    annotations_changed = Signal(object)  # Annotations
    card_read = Signal(object)  # ModelCard | BundleError
    open_failed = Signal(object)  # str
    save_failed = Signal(object)  # str: what was to be written is kept, see `write_again`
    failed = Signal(object)  # str
    _not_saved = Signal(object, object, object)  # Path, Change, str

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.new_cover = CaseInfo()  # what the cover of a new case file says at first
        self._unsigned: set[Path] = set()  # case files that were not there when their clip was opened
        self._unsaved: list[tuple[Path, Change]] = []
        self._is_leaving = False
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clerk")
        self._not_saved.connect(self._on_not_saved)

    def finish(self) -> None:
        """Wait until all that is to be written is; the hashing of a clip is broken off, which `open_failed` says."""
        self._is_leaving = True
        self._pool.submit(lambda: None).result()
        self._is_leaving = False

    def stop(self) -> None:
        """Write what is to be written, and end the thread; what is read is broken off."""
        self._is_leaving = True
        self._pool.shutdown()

    # --- asked by the UI thread --------------------------------------------------------------------------------------

    def open(self, path: Path, case_path_of: Callable[[str], Path]) -> None:
        """Open a clip, or the clip of a case file; `case_path_of` a SHA-256 is where a clip's own case file lies."""
        self._submit(self._open, path, case_path_of, failed=self.open_failed.emit)

    def open_exhibit(self, exhibit: CaseExhibit, clip: Path, case_path: Path) -> None:
        """Open a clip of a case, if it still is the one that the case speaks of."""
        self._submit(self._open_known, exhibit, clip, case_path, failed=self.open_failed.emit)

    def load_case(self, case_path: Path) -> None:
        """Read the scores and results, and the examiner's words, if there is a case yet."""
        self._submit(self._load_case, case_path)

    def read_card(self, model: str) -> None:
        """Read the card of the bundle that an analysis would use."""
        self._submit(self._read_card, model)

    def write(self, case_path: Path, change: Change) -> None:
        """Change the examiner's words in a case, then tell what they are now; what could not be saved goes first."""
        self.write_again()
        self._submit(self._write, case_path, change, failed=partial(self._not_saved.emit, case_path, change))

    def write_again(self) -> None:
        """Try once more to write what could not be saved, in its order."""
        unsaved, self._unsaved = self._unsaved, []
        for case_path, change in unsaved:
            self.write(case_path, change)

    @property
    def has_unsaved(self) -> bool:
        """Whether something that the examiner wrote is in no file."""
        return bool(self._unsaved)

    def _on_not_saved(self, case_path: Path, change: Change, sentence: str) -> None:
        self._unsaved.append((case_path, change))
        self.save_failed.emit(sentence)

    def _is_staying(self) -> bool:
        return not self._is_leaving

    def _submit(self, task: Callable[..., None], *values: object, failed: Callable[[str], None] | None = None) -> None:
        if self._is_leaving and task != self._write:
            return
        future = self._pool.submit(self._guarded, task, *values, failed=failed)
        future.add_done_callback(report_if_failed)

    # --- the thread --------------------------------------------------------------------------------------------------

    def _guarded(self, task: Callable[..., None], *values: object, failed: Callable[[str], None] | None = None) -> None:
        try:
            task(*values)
        except (InspectorError, OSError) as error:
            (failed or self.failed.emit)(str(error))

    def _open(self, path: Path, case_path_of: Callable[[str], Path]) -> None:
        if path.suffix == ANALYSIS_SUFFIX:
            with CaseFile.open(path, create=False) as case:
                stored = case.clip()
            if stored is None:
                raise CaseError(f"{path} speaks of no clip yet; open the clip itself.")
            known = CaseExhibit(0, "", stored.path, stored.sha256, stored.size_bytes, path.name)
            places = candidates(path.parent, known)
            self._open_known(known, next((place for place in places if place.is_file()), places[0]), path)
            return
        clip = _open_clip(path, self._is_staying)
        case_path = case_path_of(clip.sha256)
        problem = ""
        try:
            case_path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = (
                f"Nothing on this clip can be kept: {case_path.parent} cannot be made ({error.strerror}); free some "
                "space there or mend its permissions, and open the clip again."
            )
        self._emit_opened(clip, case_path, problem)

    def _open_known(self, known: CaseExhibit, path: Path, case_path: Path) -> None:
        clip = _open_clip(path, self._is_staying)
        if clip.sha256 != known.sha256:
            raise CaseError(other_words(path, known))
        self._emit_opened(clip, case_path)

    def _emit_opened(self, clip: Clip, case_path: Path, problem: str = "") -> None:
        if CaseFile.exists(case_path):
            try:
                with CaseFile.open(case_path, create=False) as case:
                    point_to(case, clip.sha256, Path(clip.path))
            except CaseError as error:
                problem = str(error)
        else:
            self._unsigned.add(case_path)
        self.evidence_opened.emit(Evidence(clip, case_path, problem))

    def _load_case(self, case_path: Path) -> None:
        if not CaseFile.exists(case_path):
            return
        with CaseFile.open(case_path, create=False) as case:
            self._sign(case)
            analysis = case.analysis()
            board = ScoreBoard()
            board.add(case.scores())
            board.add_shots(case.frames())
            gaps = case.gaps()
            self._emit_annotations(case)
        self.case_loaded.emit(CaseContents(case_path, analysis, board, gaps))

    def _read_card(self, model: str) -> None:
        card: ModelCard | BundleError
        try:
            card = find_bundle(model).card
        except BundleError as error:
            card = error
        self.card_read.emit(card)

    def _write(self, case_path: Path, change: Change) -> None:
        if not CaseFile.exists(case_path):
            self._unsigned.add(case_path)
        with CaseFile.open(case_path) as case:
            self._sign(case)
            change(case)
            self._emit_annotations(case)

    def _sign(self, case: CaseFile) -> None:
        """Put the examiner's name on the cover of a case file that this window saw begin."""
        if case.path in self._unsigned:
            info, new = case.case_info(), self.new_cover
            signed = replace(
                info, examiner=info.examiner or new.examiner, organisation=info.organisation or new.organisation
            )
            if signed != info:
                case.set_case_info(signed)
            self._unsigned.discard(case.path)

    def _emit_annotations(self, case: CaseFile) -> None:
        kept = case.annotations
        self.annotations_changed.emit(
            Annotations(case.path, kept.notes(), kept.bookmarks(), kept.pictures(), kept.reviews(), case.case_info())
        )


def _open_clip(path: Path, is_wanted: Callable[[], bool]) -> Clip:
    """Open a clip and take its SHA-256, as long as it `is_wanted`. Raises ClipError."""
    # PyAV takes a third of a second to load: the window opens before that, and this runs on the thread.
    from inspector.engine.decode.decoder import open_clip

    return open_clip(path, is_wanted)
