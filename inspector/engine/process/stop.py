"""Why a scan ends before its last input."""

from __future__ import annotations

import threading
from types import FrameType

INTERRUPTED = "The scan was interrupted; run the same command again to continue."
DISK_FULL = (
    "Not analysed, because the disk is full; what is finished is kept: free some space and run the same command again."
)


class Stop(threading.Event):
    """Asks a scan to end soon; what is under way ends first."""

    def __init__(self, interrupted: str = INTERRUPTED) -> None:
        super().__init__()
        self.reason = interrupted  # why the other inputs are not analysed
        self.number = 0  # the signal that asked for it, 0 if none did

    def interrupt(self, number: int, _frame: FrameType | None = None) -> None:
        """A signal asks for it; only the first one counts."""
        self.number = self.number or number
        self.set()

    def disk_full(self) -> None:
        """Nothing more can be written: further inputs would fail as well."""
        self.reason = DISK_FULL
        self.set()
