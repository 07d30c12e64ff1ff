"""Measures how long the window's thread is blocked, with a timer that ticks in it; for the tests and the benchmarks."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import NamedTuple, Self

from PySide6.QtCore import Qt, QTimer

INTERVAL = 0.005
SCHEDULER = Path("/proc/thread-self/schedstat")  # Linux: nanoseconds of this thread on a core, and waiting for one


class Tick(NamedTuple):
    """When the timer fired, and how long the thread had waited for a core and had worked until then, in seconds."""

    at: float
    waited: float
    worked: float


class Watchdog:
    """A context manager whose timer ticks in the thread that creates it.

    It does not count the time that the machine took: on Linux, the time for which the thread was ready to run but had
    no core; on other systems, stalls that a second thread had at the same time.
    """

    def __init__(self) -> None:
        self.ticks: list[Tick] = []
        self._control: list[float] = []
        self._stop = Event()
        self._timer = QTimer(interval=round(INTERVAL * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._thread = Thread(target=self._watch, daemon=True)

    def _tick(self) -> None:
        self.ticks.append(Tick(time.monotonic(), waited_for_a_core(), time.thread_time()))

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL):
            self._control.append(time.monotonic())

    def __enter__(self) -> Self:
        self._thread.start()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._timer.stop()
        self._thread.join()

    def late(self) -> list[float]:
        """The seconds by which each tick was late because the thread worked or waited for a lock."""
        return [
            end.at
            - start.at
            - INTERVAL
            - (end.waited - start.waited if SCHEDULER.exists() else self._stall(start, end))
            for start, end in pairwise(self.ticks)
        ]

    def _not_ours(self, start: Tick, end: Tick) -> float:
        return end.waited - start.waited if SCHEDULER.exists() else self._stall(start, end)

    def worked(self) -> list[float]:
        """The seconds for which the thread worked between ticks."""
        return [end.worked - start.worked for start, end in pairwise(self.ticks)]

    def _stall(self, start: Tick, end: Tick) -> float:
        """The longest time between two ticks for which the second thread did not run either."""
        inside = [start.at, *(t for t in self._control if start.at < t < end.at), end.at]
        return max(b - a for a, b in pairwise(inside)) - INTERVAL if len(inside) > 2 else 0.0


def waited_for_a_core() -> float:
    """Seconds for which the calling thread was ready to run and had no core; 0 where the system does not tell."""
    return int(SCHEDULER.read_text().split()[1]) / 1e9 if SCHEDULER.exists() else 0.0
