"""Worker processes on this machine, one job each at a time, so that a process that dies costs its own job only.

`concurrent.futures` gives up the whole pool when one process dies and cannot say whose job it was; decoders meeting
hostile files, and the kernel when memory runs out, do end processes.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from inspector.domain.errors import TrainingError
from training.prepare_clip import Cause, Job, Outcome

Work = Callable[[Job], Outcome]
_READY = "ready"
_FAILED_STARTS = 3  # in a row: then it is the machine


def run_local(jobs: Iterable[Job], work: Work, workers: int) -> Generator[tuple[Job, Outcome], None, None]:
    """What came of each job, in the order they end; close the generator to stop.

    A job whose process died is tried once more in another; when that one dies too, its cause is MACHINE.
    Raises TrainingError when processes cannot even start.
    """
    pool = _Pool(work, iter(jobs), workers)
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


class _Pool:
    def __init__(self, work: Work, jobs: Iterator[Job], workers: int) -> None:
        self._work, self._jobs, self._most = work, jobs, workers
        self._again: deque[Job] = deque()
        self._once_died: set[Job] = set()
        self._workers: list[_Worker] = []
        self._failed_starts = 0

    def outcomes(self) -> Iterator[tuple[Job, Outcome]]:
        while True:
            self._hand_out()
            if not self._workers:
                return
            ready = wait([worker.pipe for worker in self._workers])
            for worker in [w for w in self._workers if w.pipe in ready]:
                done = self._heard(worker)
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
        try:
            worker.pipe.send(worker.job)
        except OSError:
            return  # it is dead, which `wait` tells of next

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
        done, worker.job = (worker.job, answer), None
        return done

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
        worker.process.join(5)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()

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
    pipe.send(_READY)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(guarded(work, job))


def guarded(work: Work, job: Job) -> Outcome:
    """The work's outcome; what it raises unforeseen costs this job alone, and says what it was."""
    try:
        return work(job)
    except Exception as error:  # noqa: BLE001 - it is written down with the job, which is tried again next time
        return Outcome(0, Cause.MACHINE, f"{type(error).__name__}: {' '.join(str(error).split()) or 'no message'}")
