"""Preparing on a Dask cluster: the same jobs on the workers of a scheduler.

Workers import this package and see the same files: the sources and the prepared folder are on a shared file system,
under the same paths. Start them with one thread each (`dask worker ADDRESS --nthreads 1 --nworkers auto`). Each
thread runs its jobs in a process of its own, so that a decoder that crashes or hangs ends that process and not the
worker. When a worker dies, Dask moves its jobs to another worker; a job that ended as many workers as the scheduler
allows (`distributed.scheduler.allowed-failures`, 3 by default) is given up.
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

_ANSWER_SECONDS = 20.0  # timeout for a scheduler's answer
_COUNT_SECONDS = 5.0  # between counts of the workers
_ALONE_SECONDS = 120.0  # without any worker, after which the run ends


def run_on_cluster(
    jobs: Iterable[Job], work: Work, address: str, limit: float | None = None, alone_seconds: float = _ALONE_SECONDS
) -> Generator[tuple[Job, Outcome], None, None]:
    """Yield each job with its outcome, in the order of completion; close the generator to stop.

    The time `limit` and the outcome of a crash or a hang are as in `run_local`. Raises TrainingError when Dask is not
    installed, no scheduler answers at `address`, it is lost, or it has no worker for `alone_seconds`.
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
    """The jobs that are running on a cluster: a bounded number, so that neither side holds a list of all of them."""

    def __init__(self, client: Any, work: Work, address: str, limit: float | None, alone_seconds: float) -> None:
        self._client, self._address, self._alone = client, address, alone_seconds
        self._work, self._limit = work, limit
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._running: dict[str, tuple[Job, Any]] = {}
        self._threads, self._counted, self._seen = 0, -_COUNT_SECONDS, time.monotonic()

    def outcomes(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Outcome]]:
        while True:
            self._count_threads()
            # One per thread: a job takes seconds and submitting one milliseconds, and a job that waited on a worker
            # would be blamed for its death.
            room = max(self._threads, 1) - len(self._running)
            for job in islice(jobs, max(room, 0)):
                future = self._client.submit(_run_in_own_process, self._work, job, self._limit, pure=False)
                self._running[future.key] = (job, future)
                future.add_done_callback(self._ended.put)
            if not self._running:
                return
            try:
                ended = self._ended.get(timeout=_COUNT_SECONDS)
            except queue.Empty:
                continue
            job, _ = self._running.pop(ended.key)
            yield job, self._outcome(ended)

    def _count_threads(self) -> None:
        """Count the workers' threads every few seconds; cluster workers come and go."""
        now = time.monotonic()
        if now - self._counted < _COUNT_SECONDS:
            return
        self._counted = now
        self._threads = sum(self._query(self._client.nthreads).values())
        if self._threads:
            self._seen = now
        elif now - self._seen > self._alone:
            raise TrainingError(
                f"The Dask scheduler at {self._address} has no worker left; start some and run the same command again: "
                "finished work is kept."
            )

    def _query(self, question: Callable[[], dict[str, int]]) -> dict[str, int]:
        try:
            return question()
        except (OSError, TimeoutError, RuntimeError) as error:
            raise self._lost() from error

    def _outcome(self, future: Any) -> Outcome:
        try:
            error = future.exception()
            if error is None:
                outcome: Outcome = future.result()
                return outcome
        except (OSError, TimeoutError, CancelledError) as error:
            raise self._lost() from error
        # KilledWorker if each worker that ran it died; otherwise an error of sending the job or its result.
        return Outcome(0, Cause.MACHINE, f"lost on the cluster: {type(error).__name__}: {' '.join(str(error).split())}")

    def _lost(self) -> TrainingError:
        return TrainingError(
            f"The Dask scheduler at {self._address} was lost; start it and run the same command again: finished "
            "work is kept."
        )


_thread = threading.local()


def _run_in_own_process(work: Work, job: Job, limit: float | None) -> Outcome:
    """On a Dask worker: do the work in this thread's own process, which is reused for the next job."""
    # Under a nanny the worker is a daemon, which may not start processes; ours end with it in any case.
    multiprocessing.current_process().daemon = False
    pool: SingleProcessPool | None = getattr(_thread, "pool", None)
    if pool is None or (pool.work, pool.limit) != (work, limit):
        pool = SingleProcessPool(work, limit)
    _thread.pool = None  # if it fails, the next job gets a new one
    outcome = pool(job)
    _thread.pool = pool
    return outcome
