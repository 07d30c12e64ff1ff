"""The queue of analyses: the engine process runs one at a time, and a failed one does not stop the others.

An analysis that is stopped, or that yields to a more urgent one, keeps its finished frames and resumes from there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.domain.analysis import Analysis
from inspector.engine.process.confine.access import Access
from inspector.engine.process.protocol import (
    AnalysisDone,
    Analyze,
    Answer,
    BatchDone,
    Cancel,
    Failed,
    Started,
    Working,
)
from inspector.ui.engine.access import access_to, bundle_files
from inspector.ui.engine.client import EngineClient
from inspector.ui.session import Session
from inspector.ui.state import AnalysisJob


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """A requested analysis: of which file, into which case file."""

    clip_path: Path
    case_path: Path
    sha256: str  # the expected hash; a file with another one is not analysed
    stream: int | None = None  # None for the main stream of pictures

    def access(self, model: str) -> Access:
        """What the engine needs for it with the bundle `model`."""
        return access_to([self.clip_path, *bundle_files(model)], [self.case_path.parent])


@dataclass(frozen=True, slots=True)
class AnalysisEnded:
    """How an analysis ended: with its result, with one sentence on the problem, or stopped (neither)."""

    request: AnalysisRequest
    analysis: Analysis | None = None
    analysis_id: int = 0  # of `analysis` in the case file
    problem: str = ""


class AnalysisQueue(QObject):
    """The waiting requests, the running one and its progress. `changed` is emitted with every step."""

    started = Signal(object)  # AnalysisJob of `running`
    changed = Signal()
    begun_or_done = Signal(object, object)  # Path of the case file, id of the analysis: it is to be signed
    ended = Signal(object)  # AnalysisEnded
    emptied = Signal()  # the last one has ended

    def __init__(self, session: Session, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._engine = session, engine
        self.running: AnalysisRequest | None = None
        self.job = AnalysisJob(0)
        self._waiting: list[AnalysisRequest] = []
        self._begun_id = 0  # of the running analysis; 0 while it has not begun, or if the case file held its result
        self._paused: AnalysisRequest | None = None  # it yielded to something more urgent and is resumed afterwards
        self._behind = 0  # so many of those that wait
        # The next one starts from the event loop, so that all slots of `ended` run before it.
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._start_next)
        engine.answered.connect(self._on_answered)
        engine.crashed.connect(self._on_crashed)

    @property
    def is_busy(self) -> bool:
        """Whether anything runs or waits."""
        return self.running is not None or bool(self._waiting)

    def is_waiting(self, case_path: Path) -> bool:
        """Whether an analysis into that case file is waiting."""
        return any(request.case_path == case_path for request in self._waiting)

    def job_of(self, case_path: Path) -> AnalysisJob | None:
        """The progress of the running analysis, if it is into that case file."""
        return self.job if self.running is not None and self.running.case_path == case_path else None

    def add(self, request: AnalysisRequest) -> None:
        """Queue an analysis behind all others."""
        if self.job_of(request.case_path) is None and not self.is_waiting(request.case_path):
            self._waiting.append(request)
            self._engine.allow(request.access(self._session.settings.model))
            self._proceed()

    def add_first(self, request: AnalysisRequest) -> None:
        """Start an analysis now; the running one is paused and resumed after it."""
        if self.job_of(request.case_path) is not None:
            return
        self._waiting = [request, *(other for other in self._waiting if other.case_path != request.case_path)]
        self.pause(behind=1)
        self._proceed()

    def pause(self, behind: int = 0) -> None:
        """Let what is requested next, such as a report, come before the rest of the running analysis.

        It is resumed after so many of the waiting ones.
        """
        if self.running is None:
            return
        if not self.job.is_cancelling:
            self._paused, self._behind = self.running, 0
            self._stop_running()
        self._behind = max(self._behind, behind)  # an urgent analysis may follow while it stops for a report

    def cancel(self, case_path: Path) -> None:
        """Stop or dequeue the analysis into that case file; finished frames are kept."""
        self._waiting = [request for request in self._waiting if request.case_path != case_path]
        if self._paused is not None and self._paused.case_path == case_path:
            self._paused = None
        if self.job_of(case_path) is not None:
            self._stop_running()
        self.changed.emit()

    def cancel_all(self) -> None:
        """Stop the running analysis and dequeue the others; finished frames are kept."""
        self._waiting, self._paused = [], None
        if self.running is not None:
            self._stop_running()
        self.changed.emit()

    def _stop_running(self) -> None:
        if not self.job.is_cancelling:
            self._engine.send(Cancel(self.job.job))
            self.job = replace(self.job, is_cancelling=True)

    def _proceed(self) -> None:
        if self.running is None and not self._next.isActive():
            self._start_next()
        self.changed.emit()

    def _start_next(self) -> None:
        if self.running is not None or not self._waiting:
            return
        self.running = request = self._waiting.pop(0)
        settings = replace(self._session.settings, stream=request.stream)
        self.job = AnalysisJob(self._engine.next_job(), settings=settings)
        clip, case = str(request.clip_path), str(request.case_path)
        message = Analyze(self.job.job, clip, case, settings, request.sha256, prepares_report=True)
        self._engine.send(message, request.access(settings.model))
        self.started.emit(self.job)
        self.changed.emit()

    def _on_answered(self, answer: Answer) -> None:
        if self.running is None or answer.job != self.job.job:
            return
        self._sign(answer, self.running.case_path)
        if isinstance(answer, AnalysisDone):
            analysis = answer.analysis if answer.analysis.is_complete else None
            self._end(AnalysisEnded(self.running, analysis, answer.analysis_id))
        elif isinstance(answer, Failed):
            self._end(AnalysisEnded(self.running, problem="" if answer.is_cancelled else answer.message))
        else:
            self.job = progressed(self.job, answer, time.monotonic())
            self.changed.emit()

    def _sign(self, answer: Answer, case_path: Path) -> None:
        """Have an analysis signed that was seen to begin, and again when its result is there."""
        if isinstance(answer, Started):
            self._begun_id = answer.analysis_id
            self.begun_or_done.emit(case_path, answer.analysis_id)
        elif isinstance(answer, AnalysisDone):
            if answer.analysis.is_complete and answer.analysis_id == self._begun_id:
                self.begun_or_done.emit(case_path, answer.analysis_id)
            self._begun_id = 0

    def _on_crashed(self, message: str) -> None:
        if self.running is not None:
            self._end(AnalysisEnded(self.running, problem=message))

    def _end(self, ended: AnalysisEnded) -> None:
        self.running, self.job, self._begun_id = None, AnalysisJob(0), 0
        if self._paused is not None:
            if self._paused == ended.request and ended.analysis is None and not ended.problem:
                self._waiting.insert(self._behind, self._paused)
            self._paused = None
        self.ended.emit(ended)
        self.changed.emit()
        if self._waiting:
            self._next.start()
        else:
            self.emptied.emit()


def progressed(job: AnalysisJob, answer: Answer, now: float) -> AnalysisJob:
    """The progress of a job after `answer` arrived at `now` (monotonic seconds)."""
    if isinstance(answer, Started):
        done = answer.frames_done
        job = replace(job, stage=None, started=now, now=now)
        return replace(job, frames_done=done, frames_before=done, frames_total=answer.frames_total)
    if isinstance(answer, Working):
        # A batch that is being stored is counted neither among those ahead nor among those done.
        begun = max(job.frames_begun, job.frames_done + answer.frames)
        now = job.now if begun <= job.frames_worked else now
        return replace(job, stage=answer.stage, percent=answer.percent, frames_begun=begun, now=now)
    if isinstance(answer, BatchDone):
        stage = None if answer.frames else job.stage  # the deep look after the last frame finds no further ones
        return replace(job, frames_done=answer.frames_done, stage=stage, now=now)
    return job
