"""Worker processes on this machine, one job each at a time, so that a crash or a hang affects a single job.

`concurrent.futures` gives up the whole pool when a process dies, cannot name its job, and waits forever for one that
hangs. Decoders do both on hostile files, and the kernel kills processes when memory runs out. docs/decisions/0011 says
why this is not a library's pool.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic

from inspector.domain.errors import TrainingError
from inspector.engine.faults import Boundary
from training.prepare.clip import Cause, Job, Outcome, ReportLimit, fair_seconds

Work = Callable[[Job, ReportLimit], Outcome]
_READY = "ready"
_FAILED_STARTS = 3  # consecutive ones, after which the machine is at fault
_END_SECONDS = 5.0  # for a process to end after it was asked to


def run_local(
    jobs: Iterable[Job], work: Work, workers: int, limit: float | None = None
) -> Generator[tuple[Job, Outcome], None, None]:
    """Yield each job with its outcome, in the order of completion; close the generator to stop.

    A job whose process died is tried once more in another one; if that dies too, its cause is MACHINE. A job that takes
    more than `limit` seconds (by default the limit that it reports itself) is killed, also with the cause MACHINE.
    Raises TrainingError when processes cannot start.
    """
    pool = _Pool(work, iter(jobs), workers, limit)
    try:
        yield from pool.outcomes()
    finally:
        pool.close()


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    is_ready: bool = False
    begun: float = math.inf  # time at which the job was sent
    allowed: float = math.inf  # seconds from then on


class _Pool:
    def __init__(self, work: Work, jobs: Iterator[Job], workers: int, limit: float | None) -> None:
        self._work, self._jobs, self._most, self._limit = work, jobs, workers, limit
        self._again: deque[Job] = deque()
        self._died_once: set[Job] = set()
        self._workers: list[_Worker] = []
        self._failed_starts = 0

    def outcomes(self) -> Iterator[tuple[Job, Outcome]]:
        while True:
            self._assign_jobs()
            if not self._workers:
                return
            first = min(worker.begun + worker.allowed for worker in self._workers)
            ready = wait([w.pipe for w in self._workers], None if first == math.inf else max(0.0, first - monotonic()))
            for worker in list(self._workers):
                done = self._receive(worker) if worker.pipe in ready else self._check_limit(worker)
                if done is not None:
                    yield done

    def _assign_jobs(self) -> None:
        """Give every idle worker a job; end the workers without one."""
        while len(self._workers) < self._most and (job := self._next()) is not None:
            self._workers.append(self._started(job))
        for worker in list(self._workers):
            if worker.job is None:
                worker.job = self._next()
                if worker.job is None:
                    self._end(worker)
                else:
                    self._send(worker)

    def _next(self) -> Job | None:
        return self._again.popleft() if self._again else next(self._jobs, None)

    def _started(self, job: Job) -> _Worker:
        # Spawned, not forked: MediaPipe's and PyAV's threads do not survive a fork.
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._work), daemon=True)
        try:
            process.start()
        except OSError as error:
            raise TrainingError(f"No worker process can be started ({error.strerror}); use fewer --workers.") from error
        theirs.close()  # otherwise the pipe would outlive the process
        return _Worker(process, mine, job)

    def _send(self, worker: _Worker) -> None:
        worker.begun = monotonic()
        worker.allowed = fair_seconds(0, 0) if self._limit is None else self._limit
        with suppress(OSError):  # then it is dead, and `wait` returns its pipe next
            worker.pipe.send(worker.job)

    def _receive(self, worker: _Worker) -> tuple[Job, Outcome] | None:
        assert worker.job is not None
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            return self._handle_death(worker)
        if answer == _READY:
            worker.is_ready, self._failed_starts = True, 0
            self._send(worker)
            return None
        if isinstance(answer, float):
            worker.allowed = answer if self._limit is None else self._limit
            return None
        done, worker.job, worker.begun = (worker.job, answer), None, math.inf
        return done

    def _check_limit(self, worker: _Worker) -> tuple[Job, Outcome] | None:
        """The outcome of a job that exceeded its limit; None if it did not."""
        if worker.job is None or monotonic() < worker.begun + worker.allowed:
            return None
        worker.process.kill()  # a hanging decoder ignores milder signals
        self._end(worker)
        reason = f"took longer than {worker.allowed:.0f} s and was stopped; allow more with --limit"
        return worker.job, Outcome(0, Cause.MACHINE, reason)

    def _handle_death(self, worker: _Worker) -> tuple[Job, Outcome] | None:
        job = worker.job
        assert job is not None
        self._end(worker)
        how = _exit_text(worker.process.exitcode)
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts == _FAILED_STARTS:
                raise TrainingError(f"Worker processes cannot begin: each {how}; free memory or use fewer --workers.")
            self._again.appendleft(job)
            return None
        if job not in self._died_once:
            self._died_once.add(job)
            self._again.append(job)
            return None
        return job, Outcome(0, Cause.MACHINE, f"two worker processes in turn died on it; the last {how}")

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join(_END_SECONDS)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join(_END_SECONDS)  # a process that waits for a dead network disk may never end

    def close(self) -> None:
        """End all processes, busy or not."""
        for worker in list(self._workers):
            worker.process.terminate()
            self._end(worker)


def _exit_text(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


@Boundary("preparing training data")
def _serve(pipe: Connection, work: Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the parent process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    pipe.send(_READY)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(run_guarded(work, job, pipe.send))


@Boundary("waiting for the end of the parent process")
def _end_with_parent() -> None:
    """End this process with its parent: nobody else would stop a hanging decoder."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def run_guarded(work: Work, job: Job, report_limit: ReportLimit) -> Outcome:
    """The work's outcome; an unexpected exception becomes the outcome of this job alone."""
    try:
        return work(job, report_limit)
    except Exception as error:  # noqa: BLE001 - recorded with the job, which is tried again in the next run
        return Outcome(0, Cause.MACHINE, f"{type(error).__name__}: {' '.join(str(error).split()) or 'no message'}")


class SingleProcessPool:
    """Runs one job at a time in one process, with the guarantees of `run_local`: for a Dask worker's thread."""

    def __init__(self, work: Work, limit: float | None) -> None:
        self.work, self.limit = work, limit
        self._next: list[Job] = []  # at most one: the pool asks for the next job when the last one has ended
        self._outcomes = run_local(iter(self._next.pop, None), work, 1, limit)

    def __call__(self, job: Job) -> Outcome:
        """The outcome of the job. Raises TrainingError when no process can start; the pool is then unusable."""
        self._next.append(job)
        return next(self._outcomes)[1]
