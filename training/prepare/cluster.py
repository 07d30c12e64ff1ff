"""Preparing on a Dask cluster: the same jobs on the workers of a scheduler.

The sources and the prepared folder are on a shared file system, under the same paths. Start the workers with one thread
each (`dask worker ADDRESS --nthreads 1 --nworkers auto`). Each thread runs its jobs in a process of its own, so that a
decoder that crashes or hangs ends that process and not the worker.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Generator, Iterable
from functools import partial

from inspector.domain.errors import ClusterError, TrainingError
from inspector.engine.process.cluster import ALONE_SECONDS, Lost, on_cluster
from training.prepare.clip import Cause, Job, Outcome
from training.prepare.pool import SingleProcessPool, Work


def run_on_cluster(
    jobs: Iterable[Job], work: Work, address: str, limit: float | None = None, alone_seconds: float = ALONE_SECONDS
) -> Generator[tuple[Job, Outcome], None, None]:
    """Yield each job with its outcome, in the order of completion; close the generator to stop.

    The time `limit` and the outcome of a crash or a hang are as in `run_local`. Raises TrainingError when Dask is not
    installed, no scheduler answers at `address`, it is lost, or it has no worker for `alone_seconds`.
    """
    try:
        for job, found in on_cluster(jobs, partial(_run_in_own_process, work, limit), address, alone_seconds):
            yield job, Outcome(0, Cause.MACHINE, found.reason) if isinstance(found, Lost) else _meant(job, found)
    except ClusterError as error:
        raise TrainingError(str(error)) from error


def _meant(job: Job, found: object) -> Outcome:
    """A worker's answer, or a failure of its machine in place of one that cannot be meant."""
    if isinstance(found, Outcome) and len(found.others) in (0, len(job.others)) and len(found.reason) <= _LONGEST:
        return found
    return Outcome(0, Cause.MACHINE, "a worker's answer cannot be used; look at that machine")


_LONGEST = 20_000  # characters of a reason
_thread = threading.local()


def _run_in_own_process(work: Work, limit: float | None, job: Job) -> Outcome:
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
