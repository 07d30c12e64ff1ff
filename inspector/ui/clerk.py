"""The clerk: hashing, case files and model cards on a thread of its own, so that no disk holds up the window."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from inspector.domain.analysis import Analysis
from inspector.domain.case import Bookmark, CaseInfo, Note, Review
from inspector.domain.clip import Clip, Gap
from inspector.domain.errors import BundleError, CaseError, InspectorError
from inspector.domain.model_card import ModelCard
from inspector.engine.assets import find_bundle
from inspector.engine.case_file import CaseFile
from inspector.ui.frame_source import open_evidence
from inspector.ui.series import ScoreBoard

CASE_SUFFIX = ".inspector"


@dataclass(frozen=True, slots=True)
class Evidence:
    """An opened clip and where its case is kept."""

    clip: Clip
    case_path: Path


@dataclass(frozen=True, slots=True)
class CaseContents:
    """What a case file held when it was read; `analysis` is None while none was finished."""

    case_path: Path
    analysis: Analysis | None
    board: ScoreBoard
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Writings:
    """The examiner's own words in a case."""

    case_path: Path
    notes: tuple[Note, ...]
    bookmarks: tuple[Bookmark, ...]
    reviews: tuple[Review, ...]
    info: CaseInfo


def cases_folder() -> Path:
    """Where the window keeps its case files."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(base) / "cases"


class Clerk(QObject):
    """Does one thing after another; each result comes as a signal."""

    evidence_opened = Signal(object)  # Evidence
    case_loaded = Signal(object)  # CaseContents
    writings_changed = Signal(object)  # Writings
    card_read = Signal(object)  # ModelCard | BundleError
    open_failed = Signal(object)  # str
    failed = Signal(object)  # str

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clerk")

    def stop(self) -> None:
        """Finish what is being done, drop the rest."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    # --- asked by the UI thread --------------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Open a clip, or the clip that a case file speaks of."""
        self._pool.submit(self._guarded, self._open, path, failed=self.open_failed.emit)

    def load_case(self, case_path: Path) -> None:
        """Read the scores and results, and the examiner's words, if there is a case yet."""
        self._pool.submit(self._guarded, self._load_case, case_path)

    def read_card(self, model: str) -> None:
        """Read the card of the bundle that an analysis would use."""
        self._pool.submit(self._read_card, model)

    def write(self, case_path: Path, change: Callable[[CaseFile], object]) -> None:
        """Change the examiner's words in a case, then tell what they are now."""
        self._pool.submit(self._guarded, self._write, case_path, change)

    # --- the thread --------------------------------------------------------------------------------------------------

    def _guarded(self, task: Callable[..., None], *values: object, failed: Callable[[str], None] | None = None) -> None:
        try:
            task(*values)
        except (InspectorError, OSError) as error:
            (failed or self.failed.emit)(str(error))

    def _open(self, path: Path) -> None:
        if path.suffix == CASE_SUFFIX:
            with CaseFile.open(path, create=False) as case:
                stored = case.clip()
            if stored is None:
                raise CaseError(f"{path} speaks of no clip yet; open the clip itself.")
            clip = open_evidence(Path(stored.path))
            if clip.sha256 != stored.sha256:
                raise CaseError(f"{stored.path} is not the file this case was made from: its SHA-256 differs.")
            self.evidence_opened.emit(Evidence(clip, path))
            return
        clip = open_evidence(path)
        folder = cases_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self.evidence_opened.emit(Evidence(clip, folder / f"{clip.sha256[:16]}{CASE_SUFFIX}"))

    def _load_case(self, case_path: Path) -> None:
        if not case_path.exists():
            return
        with CaseFile.open(case_path, create=False) as case:
            analysis = case.analysis()
            board = ScoreBoard()
            board.add(case.scores())
            board.note_shots(case.frames())
            gaps = case.gaps()
            self._tell_writings(case)
        self.case_loaded.emit(CaseContents(case_path, analysis, board, gaps))

    def _read_card(self, model: str) -> None:
        card: ModelCard | BundleError
        try:
            card = find_bundle(model).card
        except BundleError as error:
            card = error
        self.card_read.emit(card)

    def _write(self, case_path: Path, change: Callable[[CaseFile], object]) -> None:
        with CaseFile.open(case_path) as case:
            change(case)
            self._tell_writings(case)

    def _tell_writings(self, case: CaseFile) -> None:
        kept = case.writings
        self.writings_changed.emit(
            Writings(case.path, kept.notes(), kept.bookmarks(), kept.reviews(), case.case_info())
        )
