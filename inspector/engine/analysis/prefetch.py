"""Working ahead: an iterator that is filled by a thread of its own, so that decoding and inference overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar

from inspector.engine.faults import Boundary

T = TypeVar("T")

_POLL_SECONDS = 0.1


class _Failure:
    """An exception on its way from the thread to the reader."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


_END = object()


def prefetched(items: Iterable[T], depth: int) -> Generator[T, None, None]:
    """Yield `items` in order while a thread fetches up to `depth` of them ahead; its errors are raised here.

    The thread has ended when the iterator is exhausted or closed.
    """
    ready: queue.Queue[object] = queue.Queue(depth)
    stop = threading.Event()

    def put(item: object) -> bool:
        while not stop.is_set():
            try:
                ready.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    @Boundary("decoding ahead")
    def work() -> None:
        try:
            for item in items:
                if not put(item):
                    return
                del item  # a large picture would live on while the next one is made
            put(_END)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the reader's thread
            put(_Failure(error))

    thread = threading.Thread(target=work, name="prefetch", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not _END:
            if isinstance(item, _Failure):
                raise item.error
            yield item  # type: ignore[misc]
            del item
    finally:
        stop.set()
        thread.join()
