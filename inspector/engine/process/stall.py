"""How long an engine process may make no progress before it is ended; the command line and the window share it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StallPolicy:
    """Limits in seconds for the time between two messages of an engine process with a job.

    Each message, such as a finished batch, starts the time again.
    """

    base_seconds: float = 120.0
    load_seconds: float = 240.0  # a busy laptop takes this long to load torch and the other libraries from a cold disk
    bytes_per_second: float = 20e6  # a file on a slow disk is indexed or hashed at least this fast, without a message
    longest_hash_seconds: float = 3600.0  # whatever size a file declares: a sparse one can declare any
    report_factor: float = 10.0  # a report is one long piece of work without a message until it is written

    def limit(self, size_bytes: int, *, is_loaded: bool, is_report: bool = False) -> float:
        """Seconds to wait for the next message.

        `size_bytes` is the size of the evidence file, which is hashed before and after an analysis. `is_loaded` says
        that the process has answered a request before, so that its libraries are loaded.
        """
        seconds = self.base_seconds + min(size_bytes / self.bytes_per_second, self.longest_hash_seconds)
        if is_report:
            seconds *= self.report_factor
        return seconds if is_loaded else seconds + self.load_seconds
