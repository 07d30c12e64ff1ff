"""Progress messages: the type of the callback that receives them, and the one that prints to the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable

from inspector.domain.printable import printable
from inspector.terminal import closing_seen

Log = Callable[[str], None]
"""Receives one line of progress at a time."""


def print_line(text: str) -> None:
    """Print a message after the time of day."""
    with closing_seen():
        print(f"{time.strftime('%H:%M:%S')} {printable(text)}", flush=True)
