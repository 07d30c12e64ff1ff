"""How long an engine process may make no progress before it is ended; the command line and the window share it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StallPolicy:
    """Limits in seconds for the time between two messages of an engine process with a job.

    Each message starts the time again. They do not depend on the size of the file: a process that works says so, see
    `inspector.engine.activity`.
    """

    base_seconds: float = 120.0
    load_seconds: float = 240.0  # a busy laptop takes this long to load torch from a cold disk, which is one module

    def limit(self, *, is_loaded: bool) -> float:
        """Seconds to wait for the next message; `is_loaded` says that the process has its libraries."""
        return self.base_seconds if is_loaded else self.base_seconds + self.load_seconds
