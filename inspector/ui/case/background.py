"""A thread for slow work, such as reading disks; the result of each piece of work comes back on the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from inspector.engine.faults import describe

T = TypeVar("T")


class Background(QObject):
    """Runs one piece of work after another. `failed` carries the sentence about an exception that ended one.

    Whoever waits in words for its work passes `otherwise`, which gets the sentence instead, so that the words end.
    """

    failed = Signal(object)  # str
    _done = Signal(object, object, object)  # Future, the callbacks for its result and for a problem

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._name = name
        self._is_stopped = self._is_cancelled = False
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._done.connect(self._on_done)

    def run(
        self, work: Callable[[], T], then: Callable[[T], None], otherwise: Callable[[str], None] | None = None
    ) -> None:
        """Call `work` on the thread, then `then` with its result on the UI thread; ignored once stopped."""
        if not self._is_stopped:
            done = self._pool.submit(work)
            done.add_done_callback(lambda future: self._done.emit(future, then, otherwise or self.failed.emit))

    def is_open(self) -> bool:
        """Whether work is still wanted; long work asks this from the thread."""
        return not self._is_stopped

    def finish(self) -> None:
        """Wait until the work that was submitted is done."""
        self._pool.submit(lambda: None).result()

    def stop(self, *, cancel: bool) -> None:
        """End the thread: with `cancel`, nobody wants any result any more, else all work is finished first."""
        self._is_stopped, self._is_cancelled = True, cancel
        self._pool.shutdown(wait=True, cancel_futures=cancel)

    def _on_done(self, future: Future[Any], then: Callable[[Any], None], otherwise: Callable[[str], None]) -> None:
        if self._is_cancelled or future.cancelled():
            return  # what the result is for may be closed by now
        error = future.exception()
        if error is not None:
            otherwise(str(describe(error, f"working on the {self._name}")))
        else:
            then(future.result())
