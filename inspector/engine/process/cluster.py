"""Work on a Dask cluster: what a scan and the preparation of training data have in common.

Workers import this program and see the same files under the same paths. When a worker dies, Dask moves its work to
another one; what ended as many workers as the scheduler allows (`distributed.scheduler.allowed-failures`, 3 by default)
is given up. A worker that raises UnfitWorkerError gets no more work of this run.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Generic, Self, TypeVar

from inspector.domain.errors import ClusterError

Item = TypeVar("Item")
Result = TypeVar("Result")

ALONE_SECONDS = 120.0  # without any worker, after which the run ends
_ANSWER_SECONDS = 20.0  # timeout for a scheduler's answer
_LONGEST = 1000  # characters of an error of another machine
_COUNT_SECONDS = 5.0  # between counts of the workers


@dataclass(frozen=True, slots=True)
class Lost:
    """An item that the cluster gave up, and why."""

    reason: str


class UnfitWorkerError(Exception):
    """Raised by work: nothing more of this run can be done on this `worker`, an address, for this `reason`."""

    def __init__(self, worker: str, reason: str) -> None:
        super().__init__(worker, reason)
        self.worker, self.reason = worker, reason

    @classmethod
    def here(cls, reason: str) -> Self:
        """About the worker that runs this."""
        from distributed import get_worker

        return cls(get_worker().contact_address, reason)


def on_cluster(
    items: Iterable[Item],
    work: Callable[[Item], Result],
    address: str,
    alone_seconds: float = ALONE_SECONDS,
    left_out: Callable[[Item, UnfitWorkerError], None] = lambda _item, _error: None,
) -> Generator[tuple[Item, Result | Lost], None, None]:
    """Yield each item with what `work` returns for it on a worker, in the order of completion; close it to stop.

    `left_out` is called with each unfit worker's error, and with the item, which goes to another worker.

    Raises ClusterError when Dask is not installed, no scheduler answers at `address`, it is lost, or it has no worker
    for `alone_seconds`.
    """
    client = _connected(address)
    try:
        yield from _Run(client, work, address, alone_seconds).results(iter(items), left_out)
    finally:
        client.close()


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "--cluster needs Dask, which is not installed; add it with `pip install 'deepfake-inspector[cluster]'`."
        ) from error
    try:
        return Client(address, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (TypeError, RuntimeError) as error:  # a tls: address without certificates, or one that must be encrypted
        raise ClusterError(
            f"Dask's TLS settings do not fit the address {address!r}; set its certificates, or give another address."
        ) from error
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"No Dask scheduler answers at {address!r}; start one with `dask scheduler` and give the address it prints."
        ) from error


class _Run(Generic[Item, Result]):
    """The items that are on a cluster: a bounded number, so that neither side holds a list of all of them."""

    def __init__(self, client: Any, work: Callable[[Item], Result], address: str, alone_seconds: float) -> None:
        self._client, self._work, self._address, self._alone = client, work, address, alone_seconds
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._running: dict[str, tuple[Item, Any]] = {}
        self._threads: dict[str, int] = {}  # of the workers that are fit
        self._unfit: dict[str, UnfitWorkerError] = {}
        self._counted, self._seen = -_COUNT_SECONDS, time.monotonic()

    def results(
        self, items: Iterator[Item], left_out: Callable[[Item, UnfitWorkerError], None]
    ) -> Iterator[tuple[Item, Result | Lost]]:
        while True:
            self._count_threads()
            # One per thread: an item takes seconds and submitting one milliseconds, and an item that waited on a worker
            # would be blamed for its death. Without any worker one waits for the first, but not for an unfit one.
            room = max(sum(self._threads.values()), 0 if self._unfit else 1) - len(self._running)
            for item in islice(items, max(room, 0)):
                self._submit(item)
            if not self._running:
                following = list(islice(items, 1))
                if not following:
                    return
                items = chain(following, items)
            try:
                ended = self._ended.get(timeout=_COUNT_SECONDS)
            except queue.Empty:
                continue
            item, _ = self._running.pop(ended.key)
            found = self._result(ended)
            if not isinstance(found, UnfitWorkerError):
                yield item, found
                continue
            items = chain([item], items)
            self._counted = -_COUNT_SECONDS  # at once: where the others are gone, Dask would give it to this one again
            if found.worker not in self._unfit:
                self._unfit[found.worker] = found
                left_out(item, found)

    def _submit(self, item: Item) -> None:
        # If all of these are gone by then, one that came later may take it.
        among = {"workers": list(self._threads), "allow_other_workers": True} if self._unfit else {}
        future = self._client.submit(self._work, item, pure=False, **among)
        self._running[future.key] = (item, future)
        future.add_done_callback(self._ended.put)

    def _count_threads(self) -> None:
        """Count the workers' threads every few seconds; cluster workers come and go."""
        now = time.monotonic()
        if now - self._counted < _COUNT_SECONDS:
            return
        self._counted = now
        counted = self._query(self._client.nthreads)
        self._threads = {worker: threads for worker, threads in counted.items() if worker not in self._unfit}
        if self._threads:
            self._seen = now
        elif now - self._seen > self._alone:
            last = next(reversed(self._unfit.values()), None)
            why = "" if last is None else f" that can be used (of {last.worker}, {last.reason})"
            raise ClusterError(
                f"The Dask scheduler at {self._address} has no worker left{why}; start some and run the same command "
                "again: finished work is kept."
            )

    def _query(self, question: Callable[[], dict[str, int]]) -> dict[str, int]:
        try:
            return question()
        except (OSError, TimeoutError, RuntimeError) as error:
            raise self._lost() from error

    def _result(self, future: Any) -> Result | Lost | UnfitWorkerError:
        try:
            error = future.exception()
            if error is None:
                result: Result = future.result()
                return result
        except (OSError, TimeoutError, CancelledError) as error:
            raise self._lost() from error
        if isinstance(error, UnfitWorkerError):
            return error
        # KilledWorker if each worker that ran it died; otherwise an error of sending the item or its result.
        why = " ".join(str(error)[:_LONGEST].split())
        return Lost(f"lost on the cluster: {type(error).__name__[:100]}: {why}")

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"The Dask scheduler at {self._address} was lost; start it and run the same command again: finished "
            "work is kept."
        )
