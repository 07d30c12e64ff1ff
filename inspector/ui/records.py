"""What this installation keeps of the open clip in other case files: it is offered for use, and can be forgotten."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.engine.case.records import Earlier
from inspector.ui.case.case_store import CaseStore
from inspector.ui.case.exhibit_list import ExhibitList
from inspector.ui.engine.queue import AnalysisQueue
from inspector.ui.session import Session
from inspector.ui.state import Notice, OpenedClip
from inspector.ui.widgets.language import tr


class Records(QObject):
    """Looks for other case files whenever a clip is opened; the result is the session's `earlier`."""

    clip_forgotten = Signal(object)  # Path of a clip of which nothing is kept any more

    def __init__(
        self, session: Session, case_store: CaseStore, queue: AnalysisQueue, exhibits: ExhibitList, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._case_store, self._queue, self._exhibits = session, case_store, queue, exhibits
        session.clip_changed.connect(self._on_clip_changed)
        case_store.earlier_found.connect(self._on_earlier_found)
        case_store.places_found.connect(self._on_places_found)
        case_store.forgotten.connect(self._on_forgotten)

    def _on_clip_changed(self, opened: OpenedClip | None) -> None:
        if opened is not None and self._session.case_path is not None:
            self._case_store.find_earlier(opened.clip, self._session.case_path)

    def _on_earlier_found(self, case_path: Path, earlier: tuple[Earlier, ...]) -> None:
        if case_path == self._session.case_path:
            self._session.set_earlier(earlier)

    def use(self, earlier: Earlier) -> None:
        """Show an analysis of the open clip that is in another case file, with its notes; they are copied."""
        session = self._session
        if session.clip is not None and session.case_path is not None and session.job is None:
            session.show_analysis(None)  # an interrupted one may be shown
            self._case_store.take_over(earlier, session.clip, session.case_path)

    # --- forgetting --------------------------------------------------------------------------------------------------

    def ask_to_forget(self) -> None:
        """Ask whether everything that is kept of the open clip is to be deleted, and name the places."""
        clip, case_path = self._session.clip, self._session.case_path
        if clip is not None and case_path is not None:
            self._case_store.find_places(clip.sha256, case_path)

    def _on_places_found(self, case_path: Path, others: tuple[Path, ...]) -> None:
        clip = self._session.clip
        if clip is None or case_path != self._session.case_path:
            return
        listed = ", ".join(str(place.parent) for place in others)
        also = tr(" Those in {listed} are deleted too.", listed=listed) if others else ""
        name = Path(clip.path).name
        text = tr(
            "Delete the analyses, notes and decisions of {name} for good? The clip and its reports stay.{also}",
            name=name,
            also=also,
        )
        self._session.post(Notice(text, action_id="forget_now", detail=str(case_path), is_sticky=True))

    def forget(self, case_path: Path) -> None:
        """Delete everything that is kept of the open clip, whose case file is named to be sure that it is this one."""
        clip = self._session.clip
        if clip is None or case_path != self._session.case_path:
            return
        if self._queue.job_of(case_path) is not None or self._queue.is_waiting(case_path):
            problem = tr("The clip is being analysed; stop its analysis before it is forgotten.")
            self._session.post(Notice(problem, is_problem=True))
            return
        self._case_store.forget(case_path, clip.sha256)

    def _on_forgotten(self, case_path: Path) -> None:
        self._exhibits.drop(case_path)
        clip = self._session.clip
        if clip is not None and case_path == self._session.case_path:
            self.clip_forgotten.emit(Path(clip.path))
            self._session.set_clip(None, None)
            self._session.post(Notice(tr("{name} is forgotten.", name=Path(clip.path).name)))
