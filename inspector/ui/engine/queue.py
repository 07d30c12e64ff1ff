"""The queue of analyses: one at a time through the engine process, each with its progress; one failure stops no other.

An analysis that is stopped, or that makes room for a more urgent one, keeps what is done and goes on from there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.domain.analysis import Analysis
from inspector.engine.process.protocol import AnalysisDone, Analyze, Answer, BatchDone, Cancel, Failed, Started
from inspector.ui.engine.client import EngineClient
from inspector.ui.session import Session
from inspector.ui.state import AnalysisJob


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """An analysis that is asked for: of which file, into which case file."""

    clip_path: Path
    case_path: Path
    sha256: str  # of the file as it is known; another one is not analysed in its place
    size_bytes: int = 0  # how patient to be with the engine; 0 when that was said before


@dataclass(frozen=True, slots=True)
class AnalysisEnded:
    """How an analysis ended: with its result, with a sentence that says why not, or stopped (neither)."""

    wanted: AnalysisRequest
    analysis: Analysis | None = None
    problem: str = ""


class AnalysisQueue(QObject):
    """Who waits, who runs and how far it is. `changed` comes with every step."""

    started = Signal(object)  # AnalysisJob: of `running`
    changed = Signal()
    ended = Signal(object)  # AnalysisEnded
    emptied = Signal()  # the last one has ended

    def __init__(self, session: Session, engine: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._engine = session, engine
        self.running: AnalysisRequest | None = None
        self.job = AnalysisJob(0)
        self._waiting: list[AnalysisRequest] = []
        self._again: AnalysisRequest | None = None  # what made room and goes on afterwards
        # The next one starts from the event loop: whoever else hears of an ending hears it before the next beginning.
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._start_next)
        engine.answered.connect(self._on_answered)
        engine.crashed.connect(self._on_crashed)

    @property
    def is_busy(self) -> bool:
        """Whether anything runs or waits."""
        return self.running is not None or bool(self._waiting)

    def is_waiting(self, case_path: Path) -> bool:
        """Whether an analysis into that case file waits for its turn."""
        return any(wanted.case_path == case_path for wanted in self._waiting)

    def job_of(self, case_path: Path) -> AnalysisJob | None:
        """The running analysis into that case file."""
        return self.job if self.running is not None and self.running.case_path == case_path else None

    def add(self, wanted: AnalysisRequest) -> None:
        """Analyse it when all others before it are done."""
        if self.job_of(wanted.case_path) is None and not self.is_waiting(wanted.case_path):
            self._waiting.append(wanted)
            self._proceed()

    def add_first(self, wanted: AnalysisRequest) -> None:
        """Analyse it now; what runs makes room and goes on behind it."""
        if self.job_of(wanted.case_path) is not None:
            return
        self._waiting = [wanted, *(other for other in self._waiting if other.case_path != wanted.case_path)]
        if self.running is not None and not self.job.is_cancelling:
            self._again = self.running
            self._stop_running()
        self._proceed()

    def cancel(self, case_path: Path) -> None:
        """Stop or forget the analysis into that case file; what is done is kept."""
        self._waiting = [wanted for wanted in self._waiting if wanted.case_path != case_path]
        if self._again is not None and self._again.case_path == case_path:
            self._again = None
        if self.job_of(case_path) is not None:
            self._stop_running()
        self.changed.emit()

    def cancel_all(self) -> None:
        """Stop what runs and forget what waits; what is done is kept."""
        self._waiting, self._again = [], None
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
        self.running = wanted = self._waiting.pop(0)
        self.job = AnalysisJob(self._engine.next_job())
        if wanted.size_bytes:
            self._engine.allow_for(wanted.size_bytes)
        clip, kept, settings = str(wanted.clip_path), str(wanted.case_path), self._session.settings
        self._engine.send(Analyze(self.job.job, clip, kept, settings, wanted.sha256))
        self.started.emit(self.job)
        self.changed.emit()

    def _on_answered(self, answer: Answer) -> None:
        if self.running is None or answer.job != self.job.job:
            return
        if isinstance(answer, AnalysisDone):
            analysis = answer.analysis if answer.analysis.is_complete else None
            self._end(AnalysisEnded(self.running, analysis))
        elif isinstance(answer, Failed):
            self._end(AnalysisEnded(self.running, problem=answer.message))
        else:
            self.job = progressed(self.job, answer, time.monotonic())
            self.changed.emit()

    def _on_crashed(self, sentence: str) -> None:
        if self.running is not None:
            self._end(AnalysisEnded(self.running, problem=sentence))

    def _end(self, ending: AnalysisEnded) -> None:
        self.running, self.job = None, AnalysisJob(0)
        if self._again is not None:
            if self._again == ending.wanted and ending.analysis is None and not ending.problem:
                self._waiting.insert(1, self._again)
            self._again = None
        self.ended.emit(ending)
        self.changed.emit()
        if self._waiting:
            self._next.start()
        else:
            self.emptied.emit()


def progressed(job: AnalysisJob, answer: Answer, now: float) -> AnalysisJob:
    """How far a job is once `answer` has come, at `now` (monotonic seconds)."""
    if isinstance(answer, Started):
        done = answer.frames_done
        return replace(
            job, frames_done=done, frames_before=done, frames_total=answer.frames_total, started=now, now=now
        )
    if isinstance(answer, BatchDone):
        return replace(job, frames_done=answer.frames_done, now=now)
    return job
