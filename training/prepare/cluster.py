"""Preparing on a Dask cluster: the same jobs, handed to whatever workers a scheduler has.

Workers import this package and see the same files: sources and the prepared folder lie on a file system that all
share, under the same names. Start them with one thread each (`dask worker ADDRESS --nthreads 1 --nworkers auto`). Each
thread works through a process of its own, so that a clip on which a decoder crashes or hangs ends that process and no
worker. When a worker does die, Dask gives what it was doing to another; a job that ends as many workers as the
scheduler allows (`distributed.scheduler.allowed-failures`, 3 unless set) is given up alone.
"""

from __future__ import annotations

import multiprocessing
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from itertools import islice
from typing import Any

from inspector.domain.errors import TrainingError
from training.prepare.clip import Cause, Job, Outcome
from training.prepare.pool import SingleProcessPool, Work

_ANSWER_SECONDS = 20.0  # until a scheduler has to have answered
_LOOK_SECONDS = 5.0  # between looks at how many workers there are
_ALONE_SECONDS = 120.0  # without any worker, after which the run ends: a lost one is soon started again, or never


def run_on_cluster(
    jobs: Iterable[Job], work: Work, address: str, limit: float | None = None, alone_seconds: float = _ALONE_SECONDS
) -> Generator[tuple[Job, Outcome], None, None]:
    """What came of each job, in the order they end, whichever worker did it; close the generator to stop.

    A job's `limit` of seconds, and what it costs when it crashes or hangs, is as in `run_local`.
    Raises TrainingError when Dask is not installed, no scheduler answers at `address`, it goes away, or it has had no
    worker for `alone_seconds`.
    """
    client = _connected(address)
    try:
        yield from _Run(client, work, address, limit, alone_seconds).outcomes(iter(jobs))
    finally:
        client.close()


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise TrainingError(
            "--cluster needs Dask, which is not installed; add it with `pip install 'deepfake-inspector[cluster]'`."
        ) from error
    try:
        return Client(address, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise TrainingError(
            f"No Dask scheduler answers at {address!r}; start one with `dask scheduler` and give the address it prints."
        ) from error


class _Run:
    """The jobs under way on a cluster: a bounded number, so that neither side holds a list of them all."""

    def __init__(self, client: Any, work: Work, address: str, limit: float | None, alone_seconds: float) -> None:
        self._client, self._address, self._alone = client, address, alone_seconds
        self._work, self._limit = work, limit
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._under_way: dict[str, tuple[Job, Any]] = {}
        self._threads, self._looked, self._seen = 0, -_LOOK_SECONDS, time.monotonic()

    def outcomes(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Outcome]]:
        while True:
            self._look()
            # One a thread: a job takes seconds, handing out the next one milliseconds, and none waits on a worker whose
            # death it would be blamed for.
            room = max(self._threads, 1) - len(self._under_way)
            for job in islice(jobs, max(room, 0)):
                future = self._client.submit(_run_in_own_process, self._work, job, self._limit, pure=False)
                self._under_way[future.key] = (job, future)
                future.add_done_callback(self._ended.put)
            if not self._under_way:
                return
            try:
                ended = self._ended.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            job, _ = self._under_way.pop(ended.key)
            yield job, self._outcome(ended)

    def _look(self) -> None:
        """Count the workers' threads now and then; cluster workers come and go."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        self._threads = sum(self._asked(self._client.nthreads).values())
        if self._threads:
            self._seen = now
        elif now - self._seen > self._alone:
            raise TrainingError(
                f"The Dask scheduler at {self._address} has no worker left; start some and run the same command again: "
                "finished work is kept."
            )

    def _asked(self, question: Callable[[], dict[str, int]]) -> dict[str, int]:
        try:
            return question()
        except (OSError, TimeoutError, RuntimeError) as error:
            raise self._gone() from error

    def _outcome(self, future: Any) -> Outcome:
        try:
            error = future.exception()
            if error is None:
                outcome: Outcome = future.result()
                return outcome
        except (OSError, TimeoutError, CancelledError) as lost:
            raise self._gone() from lost
        # KilledWorker, when each worker that took it died; else what kept the job from getting there or back.
        return Outcome(0, Cause.MACHINE, f"lost on the cluster: {type(error).__name__}: {' '.join(str(error).split())}")

    def _gone(self) -> TrainingError:
        return TrainingError(
            f"The Dask scheduler at {self._address} went away; start it and run the same command again: finished "
            "work is kept."
        )


_kept = threading.local()


def _run_in_own_process(work: Work, job: Job, limit: float | None) -> Outcome:
    """On a Dask worker: the work done in this thread's own process, which stays for the next job."""
    # Under a nanny the worker is a daemon, which may have no children; these end with it in any case.
    multiprocessing.current_process().daemon = False
    pool: SingleProcessPool | None = getattr(_kept, "pool", None)
    if pool is None or (pool.work, pool.limit) != (work, limit):
        pool = SingleProcessPool(work, limit)
    _kept.pool = None  # should it fail, the next job gets another
    outcome = pool(job)
    _kept.pool = pool
    return outcome
