"""Progress messages: the type of the callback that receives them, and the one that prints to the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable

from inspector.domain.printable import printable

Log = Callable[[str], None]
"""Receives one line of progress at a time."""


def print_line(text: str) -> None:
    """Print a message after the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {printable(text)}", flush=True)
