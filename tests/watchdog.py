"""How long the window's thread is held up: a heart that beats in it, for the tests and the benchmarks."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import NamedTuple, Self

from PySide6.QtCore import Qt, QTimer

BEAT = 0.005
SCHEDULER = Path("/proc/thread-self/schedstat")  # Linux: nanoseconds of this thread on a core, and waiting for one


class Beat(NamedTuple):
    """When it came, and what the thread had waited for a core and worked until then, in seconds."""

    at: float
    waited: float
    worked: float


class Watchdog:
    """Beats in the thread that makes it, as a context manager.

    What the machine took is not counted: the time for which the thread could have run but got no core, or elsewhere
    than on Linux the stalls that a thread beside it had, too.
    """

    def __init__(self) -> None:
        self.beats: list[Beat] = []
        self._control: list[float] = []
        self._stop = Event()
        self._timer = QTimer(interval=round(BEAT * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._thread = Thread(target=self._watch, daemon=True)

    def _beat(self) -> None:
        self.beats.append(Beat(time.monotonic(), waited_for_a_core(), time.thread_time()))

    def _watch(self) -> None:
        while not self._stop.wait(BEAT):
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
        """For each beat, the seconds by which it came late by our own fault: the thread worked or waited for a lock."""
        return [
            end.at - start.at - BEAT - (end.waited - start.waited if SCHEDULER.exists() else self._stall(start, end))
            for start, end in pairwise(self.beats)
        ]

    def worked(self) -> list[float]:
        """The seconds for which the thread worked from each beat to the next."""
        return [end.worked - start.worked for start, end in pairwise(self.beats)]

    def _stall(self, start: Beat, end: Beat) -> float:
        """The longest stretch between two beats for which the thread beside it stood still, too."""
        inside = [start.at, *(t for t in self._control if start.at < t < end.at), end.at]
        return max(b - a for a, b in pairwise(inside)) - BEAT if len(inside) > 2 else 0.0


def waited_for_a_core() -> float:
    """Seconds for which the calling thread was ready to run and did not, as far as the system says."""
    return int(SCHEDULER.read_text().split()[1]) / 1e9 if SCHEDULER.exists() else 0.0
