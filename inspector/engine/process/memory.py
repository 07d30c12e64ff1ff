"""Memory that is free inside this process goes back to the system between two jobs."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return free memory to the system, where the C library can: glibc keeps it for later, a gigabyte after some clips.

    Milliseconds; nothing happens on other systems.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
