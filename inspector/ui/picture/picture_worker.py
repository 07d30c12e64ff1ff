"""A thread for looking closer: filters, close-ups and comparisons, each on frames that it decodes itself.

Every kind of job has one place in the queue: the newest request of a kind replaces one that still waits. What must be
done whatever comes, like a picture that is being saved, is pending: nothing replaces or drops it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError
from inspector.domain.faces import Face
from inspector.engine.case.case_file import CaseFile
from inspector.ui.player.frame_source import FrameSource

_CACHE_BYTES = 128 * 1024 * 1024


class WorkerContext:
    """What a job works with: one clip's frames and one case's faces, kept open from job to job. For one thread."""

    def __init__(self) -> None:
        self._source: FrameSource | None = None
        self._case: CaseFile | None = None
        self._case_path: Path | None = None

    def frame(self, clip: Clip, index: int) -> Frame | Gap | None:
        """The frame at a display index, the gap in its place, or None outside the clip. Raises ClipError."""
        if self._source is None or self._source.clip is not clip:
            self.close()
            self._source = FrameSource(clip, _CACHE_BYTES)
        return self._source.frame(index) if 0 <= index < len(self._source) else None

    def faces(self, case_path: Path | None, pts: int) -> dict[int, Face]:
        """The faces that the case file holds at a pts, by track. Raises CaseError."""
        if case_path != self._case_path:
            self._close_case()
            self._case_path = case_path
        if self._case is None and case_path is not None and CaseFile.exists(case_path):
            self._case = CaseFile.open(case_path, create=False)
        return {} if self._case is None else dict(self._case.faces_at(pts))

    def close(self) -> None:
        """Let go of the files."""
        if self._source is not None:
            self._source.close()
        self._source = None
        self._close_case()

    def _close_case(self) -> None:
        if self._case is not None:
            self._case.close()
        self._case, self._case_path = None, None


class Job(Protocol):
    """Something to be made on the worker's thread, from frozen values alone."""

    @property
    def kind(self) -> str:
        """Jobs of one kind replace each other while they wait."""
        ...

    def make(self, context: WorkerContext) -> object:
        """The result. Raises InspectorError."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A job and what came of it: its result, or the error whose text says why there is none."""

    job: Job
    result: object


class PictureWorker(QThread):
    """Owns a decoder of its own beside the viewer's, opened with the first job that needs frames."""

    answered = Signal(object)  # Answer

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._waiting: dict[str, Job] = {}
        self._pending: list[Job] = []  # the one being done among them
        self._is_releasing = self._is_stopping = False

    def ask(self, job: Job) -> None:
        """Do this next; a job of the same kind that still waits is dropped and its place in the queue kept."""
        with self._changed:
            if self._is_stopping:
                return
            self._waiting[job.kind] = job
            self._changed.notify_all()
        if not self.isRunning():
            self.start()

    def enqueue(self, job: Job) -> None:
        """Do this before all that is only asked for, even if the clip is turned away from."""
        with self._changed:
            if self._is_stopping:
                return
            self._pending.append(job)
            self._changed.notify_all()
        if not self.isRunning():
            self.start()

    def finish(self) -> None:
        """Wait until what is pending is done, or the thread has ended over it."""
        with self._changed:
            while self._pending and self.isRunning():
                self._changed.wait(0.1)

    def release(self) -> None:
        """Turn away from the present clip: drop what waits and close its files."""
        with self._changed:
            self._waiting.clear()
            self._is_releasing = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Do what is pending, end the thread and wait for it."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self.wait()

    def run(self) -> None:
        """Serve until told to stop."""
        context = WorkerContext()
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: bool(self._pending or self._waiting) or self._is_releasing or self._is_stopping
                )
                if self._is_stopping and not self._pending:
                    break
                is_releasing, self._is_releasing = self._is_releasing, False
                pending = self._pending[0] if self._pending else None
                asked = self._waiting.pop(next(iter(self._waiting))) if self._waiting and pending is None else None
            if is_releasing:
                context.close()
            if pending is not None:
                try:
                    self._serve(pending, context)
                finally:
                    with self._changed:
                        self._pending.remove(pending)
                        self._changed.notify_all()
            elif asked is not None:
                self._serve(asked, context)
        context.close()

    def _serve(self, job: Job, context: WorkerContext) -> None:
        try:
            result = job.make(context)
        except InspectorError as error:
            result = error
        self.answered.emit(Answer(job, result))
