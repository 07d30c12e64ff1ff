"""How much of a file has been read, told a few times per second."""

from __future__ import annotations

import time
from collections.abc import Callable

Tell = Callable[[int], object]
"""Gets the percentage, 0 to 100."""

_SECONDS = 0.25


class Percent:
    """Tells how much of `size` bytes is done; what takes less than a quarter of a second is not told at all."""

    def __init__(self, size: int, tell: Tell | None) -> None:
        self._size, self._tell = max(size, 1), tell
        self.done, self._told, self._at = 0, -1, time.monotonic()

    def add(self, count: int) -> None:
        """So many bytes more are done."""
        self.done += count
        now = time.monotonic()
        if self._tell is None or now - self._at < _SECONDS:
            return
        percent = min(self.done * 100 // self._size, 100)
        if percent != self._told:
            self._told, self._at = percent, now
            self._tell(percent)
