"""What this process does, counted: a process that is waited for and in which nothing is done any more, hangs.

Work is noted where all of it passes: at each block that is read of a file (`regular_file`), each packet that is demuxed
(`decode.timing.stored`), each step of an analysis (`timings`), each run of a network, each part of a report, and each
module that is imported. So no stage has to report its progress itself, and none can forget to.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from importlib.machinery import ModuleSpec
from types import TracebackType
from typing import Self, TypeVar

from inspector.domain.errors import InspectorError
from inspector.engine import faults

T = TypeVar("T")

_SECONDS = 0.25
_LOOK_SECONDS = 0.2  # from one `look` to the next of a thread that waits for another one


class StoppedError(InspectorError):
    """What is under way is not wanted any more; raised by what is `checked`."""


class Stage(StrEnum):
    """Work that takes long for a large file, and whose end is known."""

    COPY = "copying the file and computing its SHA-256"
    HASH = "computing its SHA-256"
    INDEX = "reading the file's index"
    DEEP = "deep look after the last frame"


Tell = Callable[[Stage | None, float], None]
"""Gets the stage that is under way, None if there is none with a known end, and its percentage."""

Reached = Callable[[int], None]
"""Gets how much of a stage is done."""

_count = 0
_check: ContextVar[Callable[[], None] | None] = ContextVar("check", default=None)
_under_way: dict[object, tuple[Stage, float]] = {}  # the stages, the newest one last, and their percentages
_ahead: dict[object, float] = {}  # frames of an analysis that no answer has told of yet, by the batch that they are for
_counts_frames = False  # whether an analysis runs
_adding = threading.Lock()


def note() -> None:
    """A piece of work is done. For any thread; it takes a tenth of a microsecond.

    Raises what the thread's `checked` raises.
    """
    count()
    look()


def count() -> None:
    """A piece of work is done, in a call of a library, which would drop what is raised: no `checked` is called."""
    global _count
    _count += 1


def look() -> None:
    """Raise what the thread's `checked` raises; for a thread that waits for the work of others."""
    check = _check.get()
    if check is not None:
        check()


def awaited(future: Future[T]) -> T:
    """The result of another thread's work. Raises what that raises, and what this thread's `checked` raises."""
    while not wait((future,), _LOOK_SECONDS).done:
        look()
    return future.result()


def each(items: Iterable[T]) -> Iterator[T]:
    """The items; making each is a piece of work."""
    for item in items:
        note()
        yield item


@contextmanager
def checked(check: Callable[[], None]) -> Iterator[None]:
    """Call `check` at each piece of work of this thread within the block: it may raise, to give the work up.

    After that it is called no more, so that what was opened can be closed.
    """

    def until_raised() -> None:
        try:
            check()
        except BaseException:
            _check.set(None)
            raise

    token = _check.set(until_raised)
    try:
        yield
    finally:
        _check.reset(token)


@contextmanager
def stage(which: Stage, size: int) -> Iterator[Reached]:
    """A stage of so many bytes, or other equal parts; the block calls what it gets with how many of them are done."""
    key, size = object(), max(size, 1)

    def reached(done: int) -> None:
        with _adding:
            if key in _under_way:  # a thread may still work for a stage that was given up
                _under_way[key] = which, min(max(done, 0) * 100 / size, 100.0)

    _under_way[key] = which, 0.0
    try:
        yield reached
    finally:
        with _adding:
            del _under_way[key]


@contextmanager
def frames_counted() -> Iterator[None]:
    """An analysis; after the block none of its frames are ahead, though it was given up and a thread still scores."""
    global _counts_frames
    with _adding:
        _counts_frames = True
    try:
        yield
    finally:
        with _adding:
            _counts_frames = False
            _ahead.clear()


def add_frames(batch: object, frames: float) -> None:
    """Count frames of an analysis, or parts of one, that are worked through and in a batch that is not told of yet."""
    with _adding:
        if _counts_frames:
            _ahead[batch] = _ahead.get(batch, 0.0) + frames


def forget_frames(batch: object) -> None:
    """Count the frames of a batch no more."""
    with _adding:
        _ahead.pop(batch, None)


def frames_ahead() -> float:
    """How many frames are worked through beyond those that batches have told of, in part.

    Where many faces are in a clip, a batch takes a minute on a slow machine.
    """
    with _adding:
        return sum(_ahead.values())


def end_once_still(is_over: threading.Event, seconds: float) -> None:
    """End this process when nothing was done in it for so long, unless `is_over` is set before; never for 0 seconds."""
    if not seconds:
        return
    done = -1
    while done != _count:
        done = _count
        if is_over.wait(seconds):
            return
    os._exit(1)


class Reporter:
    """A thread that tells, a few times per second, that something was done since; a context manager."""

    def __init__(self, tell: Tell, seconds: float = _SECONDS) -> None:
        self._tell, self._seconds = tell, seconds
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="activity", daemon=True)
        self._imports = _Imports()

    def __enter__(self) -> Self:
        sys.meta_path.insert(0, self._imports)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.meta_path.remove(self._imports)
        self._is_over.set()
        self._thread.join()

    @faults.Boundary("reporting what is done")
    def _run(self) -> None:
        told = _count
        while not self._is_over.wait(self._seconds):
            if _count != told:
                told = _count
                self._tell(*next(reversed(list(_under_way.values())), (None, 0.0)))


class _Imports:
    """Finds no module, but notes that one is looked for: large libraries take minutes to load from a cold disk."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Count it; an import that is given up would leave half a library."""
        count()
        return None
