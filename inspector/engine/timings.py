"""Where the time of an analysis goes: seconds by step, added up over all threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from inspector.domain.analysis import Timing
from inspector.engine import activity

T = TypeVar("T")

WHOLE, PROCESSOR = "whole analysis", "processor"
"""Two rows that are no steps: from the first step to the end by the clock, and the process's time on all cores."""


class Timings:
    """A table of steps, which any thread may add to; the order is that in which each step began first.

    A step's seconds are by the clock, so those of steps that run at the same time overlap. Each step is work done for
    whoever waits (see `activity`).
    """

    def __init__(self) -> None:
        self._steps: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()
        self._begun = time.perf_counter(), time.process_time()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the duration of the block to a step."""
        activity.note()
        start = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - start)

    def each(self, name: str, items: Iterator[T]) -> Iterator[T]:
        """The items, with the time that making each takes added to a step."""
        while True:
            start = time.perf_counter()
            try:
                item = next(items)
            except StopIteration:
                return
            self.add(name, time.perf_counter() - start)
            yield item

    def add(self, name: str, seconds: float, calls: int = 1) -> None:
        """Add to a step what was measured elsewhere."""
        activity.note()
        with self._lock:
            before, called = self._steps.get(name, (0.0, 0))
            self._steps[name] = before + seconds, called + calls

    def table(self) -> tuple[Timing, ...]:
        """The steps so far, and after them the whole."""
        clock, processor = self._begun
        with self._lock:
            steps = [Timing(name, round(seconds, 4), calls) for name, (seconds, calls) in self._steps.items()]
        whole = Timing(WHOLE, round(time.perf_counter() - clock, 4), 1)
        return *steps, whole, Timing(PROCESSOR, round(time.process_time() - processor, 4), 1)
