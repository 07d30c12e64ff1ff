"""Applies the session's filters to the viewer's frames before they are shown.

With filters on, a frame is shown only once it is filtered, so that the picture, the overlays and the timeline always
belong to the same pts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from inspector.domain.clip import Frame
from inspector.domain.errors import InspectorError, PictureError
from inspector.engine.filters.table import Chain, needs_previous
from inspector.ui.picture.picture_worker import Answer, PictureWorker, WorkerContext
from inspector.ui.session import Session
from inspector.ui.state import Notice, Shown
from inspector.ui.widgets.qimage import to_qimage


@dataclass(frozen=True, slots=True, eq=False)
class FilterJob:
    """Apply a filter chain to one frame that the viewer has decoded."""

    shown: Shown
    frame: Frame
    chain: Chain
    kind = "filter"
    doing = "filtering a frame"

    def make(self, context: WorkerContext) -> Shown:
        """The frame with its filtered picture, or with the reason why there is none."""
        from inspector.engine.filters import filters

        before = context.frame(self.shown.clip, self.shown.index - 1) if needs_previous(self.chain) else None
        try:
            image = filters.apply(self.chain, self.frame.image, before.image if isinstance(before, Frame) else None)
        except PictureError as error:
            return replace(self.shown, image=None, problem=str(error), chain=self.chain)
        return replace(self.shown, image=to_qimage(image), chain=self.chain)


class FilterView(QObject):
    """Passes the viewer's frames on to the session; while one frame is filtered, only the newest other one waits."""

    def __init__(self, session: Session, worker: PictureWorker, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._worker = session, worker
        self._unfiltered: Shown | None = None
        worker.answered.connect(self._on_answered)
        session.filters_changed.connect(self._on_filters_changed)
        session.clip_changed.connect(self._on_clip_changed)

    def show(self, shown: Shown) -> None:
        """Show a frame once it is filtered; without filters, at once."""
        self._unfiltered = shown
        chain = self._session.filters
        if chain and shown.frame is not None:
            self._worker.ask(FilterJob(shown, shown.frame, chain))
        else:
            self._session.set_shown(shown)

    def _on_filters_changed(self, _chain: Chain) -> None:
        if self._unfiltered is not None and self._unfiltered.clip is self._session.clip:
            self.show(self._unfiltered)

    def _on_clip_changed(self, _opened: object) -> None:
        self._unfiltered = None
        self._worker.release()

    def _on_answered(self, answer: Answer) -> None:
        if not isinstance(answer.job, FilterJob):
            return
        job, session = answer.job, self._session
        is_overtaken = self._unfiltered is None or self._unfiltered.frame is None  # by a gap, which is not filtered
        if is_overtaken or job.shown.clip is not session.clip or job.chain != session.filters:
            return
        if isinstance(answer.result, Shown):
            session.set_shown(answer.result)
        elif isinstance(answer.result, InspectorError):
            session.set_shown(job.shown)
            session.post(Notice(str(answer.result), is_problem=True))
