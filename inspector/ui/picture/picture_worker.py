"""A thread for filters, close-ups, comparisons and saved pictures, with frames of its own from the player's process.

Each kind of job has one position in the queue: a new job replaces a waiting one of its kind. A job that must be done in
any case, such as saving a picture, is enqueued as pending: nothing replaces or drops it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import FaultError
from inspector.domain.faces import Face
from inspector.engine import faults
from inspector.engine.case.case_file import CaseFile
from inspector.engine.process.player.client import Link
from inspector.engine.process.player.messages import Service
from inspector.ui.player.players import PLAYERS

_CACHE_BYTES = 128 * 1024 * 1024
_CLIPS = 2  # the open one, and the one that it is compared with


class WorkerContext:
    """What jobs work with: the frames and the case files of up to two clips, which stay open between jobs.

    Not thread-safe.
    """

    def __init__(self) -> None:
        self._links: list[Link] = []  # the one that was used last is at the end
        self._cases: dict[Path, CaseFile] = {}

    def frame(self, clip: Clip, index: int) -> Frame | Gap | None:
        """The frame or gap at a display index, or None outside the clip. Raises InspectorError."""
        link = next((link for link in self._links if link.clip is clip), None)
        if link is None:
            while len(self._links) >= _CLIPS:
                self._links.pop(0).close()
            link = PLAYERS.link(Service.PICTURES, clip, _CACHE_BYTES)
        else:
            self._links.remove(link)
        self._links.append(link)
        return link.frame(index) if 0 <= index < len(link.index[0]) else None

    def faces(self, case_path: Path | None, analysis_id: int | None, pts: int) -> dict[int, Face]:
        """The faces that an analysis in the case file has at a pts, by track id. Raises CaseError."""
        if case_path is None or analysis_id is None:
            return {}
        case = self._cases.pop(case_path, None)
        if case is None:
            if not CaseFile.exists(case_path):
                return {}
            while len(self._cases) >= _CLIPS:
                self._cases.pop(next(iter(self._cases))).close()
            case = CaseFile.open(case_path, create=False)
        self._cases[case_path] = case
        return dict(case.read(analysis_id).faces_at(pts))

    def forget(self, clip: Clip) -> None:
        """Close a clip, and end its process if nothing else uses it."""
        for link in [link for link in self._links if link.clip is clip]:
            self._links.remove(link)
            link.close()
        PLAYERS.end_unused(Path(clip.path))

    def close(self) -> None:
        """Close the files."""
        for link in self._links:
            link.close()
        for case in self._cases.values():
            case.close()
        self._links, self._cases = [], {}


class Job(Protocol):
    """A task for the worker's thread; it holds only immutable values."""

    @property
    def kind(self) -> str:
        """A new job replaces a waiting one of the same kind."""
        ...

    @property
    def doing(self) -> str:
        """What the job does, for the sentence about an error, as in "filtering a frame"."""
        ...

    def make(self, context: WorkerContext) -> object:
        """Do the job and return its result. Raises InspectorError; any other exception is an error of the program."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A job with its result, or with the InspectorError that it raised."""

    job: Job
    result: object


class PictureWorker(QThread):
    """Has frames of its own, independent of the viewer's, from the first job that needs some."""

    answered = Signal(object)  # Answer

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._waiting: dict[str, Job] = {}
        self._pending: list[Job] = []  # includes the one that is running
        self._forgotten: list[Clip] = []
        self._is_releasing = self._is_stopping = False

    def ask(self, job: Job) -> None:
        """Queue a job; it replaces a waiting job of the same kind, in that job's position in the queue."""
        with self._changed:
            if self._is_stopping:
                return
            self._waiting[job.kind] = job
            self._changed.notify_all()
        if not self.isRunning():
            self.start()

    def enqueue(self, job: Job) -> None:
        """Queue a job that must be done: before all that `ask` queued, and even after another clip is opened."""
        with self._changed:
            if self._is_stopping:
                return
            self._pending.append(job)
            self._changed.notify_all()
        if not self.isRunning():
            self.start()

    def finish(self) -> None:
        """Wait until all pending jobs are done or the thread has ended."""
        with self._changed:
            while self._pending and self.isRunning():
                self._changed.wait(0.1)

    def release(self) -> None:
        """Drop the waiting jobs and close the clip's files; pending jobs are kept."""
        with self._changed:
            self._waiting.clear()
            self._is_releasing = True
            self._changed.notify_all()

    def forget(self, clip: Clip, kind: str) -> None:
        """Drop the waiting job of a kind, and close the files of the clip that only such jobs use, once none runs."""
        with self._changed:
            self._waiting.pop(kind, None)  # it would open the clip again
            self._forgotten.append(clip)
            self._changed.notify_all()
        if not self.isRunning() and not self._is_stopping:
            self.start()

    def stop(self) -> None:
        """Do the pending jobs, end the thread and wait for it."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self.wait()

    @faults.Boundary("running the picture worker")
    def run(self) -> None:
        """Do jobs until `stop` is called."""
        context = WorkerContext()
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: (
                        bool(self._pending or self._waiting or self._forgotten)
                        or self._is_releasing
                        or self._is_stopping
                    )
                )
                if self._is_stopping and not self._pending:
                    break
                is_releasing, self._is_releasing = self._is_releasing, False
                forgotten, self._forgotten = self._forgotten, []
                pending = self._pending[0] if self._pending else None
                asked = self._waiting.pop(next(iter(self._waiting))) if self._waiting and pending is None else None
            if is_releasing:
                with faults.Boundary("closing the files of another clip"):
                    context.close()
            for clip in forgotten:
                with faults.Boundary("closing the files of a compared clip"):
                    context.forget(clip)
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
        """Do a job; whatever happens, it is answered, and the next job can be done."""
        result = faults.attempt(job.doing, lambda: job.make(context))
        if isinstance(result, FaultError):
            with faults.Boundary("closing the files of a failed job"):
                context.close()  # nobody knows what state the error left behind
        self.answered.emit(Answer(job, result))
