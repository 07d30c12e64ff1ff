"""Worker processes on this machine, one job each at a time, so that one that dies or hangs costs its own job only.

`concurrent.futures` gives up the whole pool when one process dies, cannot say whose job it was, and waits for ever on
one that hangs; decoders meeting hostile files do both, and the kernel ends processes when memory runs out.
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
from training.prepare.clip import Cause, Job, Outcome, ReportLimit, fair_seconds

Work = Callable[[Job, ReportLimit], Outcome]
_READY = "ready"
_FAILED_STARTS = 3  # in a row: then it is the machine
_END_SECONDS = 5.0  # for a process to end when told to


def run_local(
    jobs: Iterable[Job], work: Work, workers: int, limit: float | None = None
) -> Generator[tuple[Job, Outcome], None, None]:
    """What came of each job, in the order they end; close the generator to stop.

    A job whose process died is tried once more in another; when that one dies too, its cause is MACHINE. So is that of
    a job that takes more than `limit` seconds, or, when that is None, than it tells to be fair: its process is killed.
    Raises TrainingError when processes cannot even start.
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
    begun: float = math.inf  # when the job was sent
    allowed: float = math.inf  # seconds from then


class _Pool:
    def __init__(self, work: Work, jobs: Iterator[Job], workers: int, limit: float | None) -> None:
        self._work, self._jobs, self._most, self._limit = work, jobs, workers, limit
        self._again: deque[Job] = deque()
        self._once_died: set[Job] = set()
        self._workers: list[_Worker] = []
        self._failed_starts = 0

    def outcomes(self) -> Iterator[tuple[Job, Outcome]]:
        while True:
            self._hand_out()
            if not self._workers:
                return
            first = min(worker.begun + worker.allowed for worker in self._workers)
            ready = wait([w.pipe for w in self._workers], None if first == math.inf else max(0.0, first - monotonic()))
            for worker in list(self._workers):
                done = self._heard(worker) if worker.pipe in ready else self._judged(worker)
                if done is not None:
                    yield done

    def _hand_out(self) -> None:
        """Keep every worker busy; end those that nothing is left for."""
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
        theirs.close()  # else the pipe would not end with the process
        return _Worker(process, mine, job)

    def _send(self, worker: _Worker) -> None:
        worker.begun = monotonic()
        worker.allowed = fair_seconds(0, 0) if self._limit is None else self._limit
        with suppress(OSError):  # then it is dead, which `wait` tells of next
            worker.pipe.send(worker.job)

    def _heard(self, worker: _Worker) -> tuple[Job, Outcome] | None:
        assert worker.job is not None
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            return self._died(worker)
        if answer == _READY:
            worker.is_ready, self._failed_starts = True, 0
            self._send(worker)
            return None
        if isinstance(answer, float):
            worker.allowed = answer if self._limit is None else self._limit
            return None
        done, worker.job, worker.begun = (worker.job, answer), None, math.inf
        return done

    def _judged(self, worker: _Worker) -> tuple[Job, Outcome] | None:
        """What came of a job that has used up its time; None when it has not."""
        if worker.job is None or monotonic() < worker.begun + worker.allowed:
            return None
        worker.process.kill()  # a decoder that hangs does not listen to anything less
        self._end(worker)
        reason = f"took longer than {worker.allowed:.0f} s and was stopped; allow more with --limit"
        return worker.job, Outcome(0, Cause.MACHINE, reason)

    def _died(self, worker: _Worker) -> tuple[Job, Outcome] | None:
        job = worker.job
        assert job is not None
        self._end(worker)
        how = _how(worker.process.exitcode)
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts == _FAILED_STARTS:
                raise TrainingError(f"Worker processes cannot begin: each {how}; free memory or use fewer --workers.")
            self._again.appendleft(job)
            return None
        if job not in self._once_died:
            self._once_died.add(job)
            self._again.append(job)
            return None
        return job, Outcome(0, Cause.MACHINE, f"two worker processes in turn died on it; the last {how}")

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join(_END_SECONDS)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join(_END_SECONDS)  # what waits for a dead network disk ends later, or never

    def close(self) -> None:
        """End all processes, whatever they are at."""
        for worker in list(self._workers):
            worker.process.terminate()
            self._end(worker)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _serve(pipe: Connection, work: Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who hands out the jobs
    threading.Thread(target=_end_with_parent, daemon=True).start()
    pipe.send(_READY)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(guarded(work, job, pipe.send))


def _end_with_parent() -> None:
    """Nobody would stop a decoder that hangs once the process that watches over it was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def guarded(work: Work, job: Job, report_limit: ReportLimit) -> Outcome:
    """The work's outcome; what it raises unforeseen costs this job alone, and says what it was."""
    try:
        return work(job, report_limit)
    except Exception as error:  # noqa: BLE001 - it is written down with the job, which is tried again next time
        return Outcome(0, Cause.MACHINE, f"{type(error).__name__}: {' '.join(str(error).split()) or 'no message'}")


class SingleProcessPool:
    """Does jobs one after another in one process of its own, as `run_local` does: for a Dask worker's thread."""

    def __init__(self, work: Work, limit: float | None) -> None:
        self.work, self.limit = work, limit
        self._next: list[Job] = []  # one at most: the pool asks for the next job only when the last one has ended
        self._outcomes = run_local(iter(self._next.pop, None), work, 1, limit)

    def __call__(self, job: Job) -> Outcome:
        """What came of the job. Raises TrainingError when no process can start; then this one is of no further use."""
        self._next.append(job)
        return next(self._outcomes)[1]
