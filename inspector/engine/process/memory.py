"""Memory that is free inside an engine process goes back to the system: large blocks at once, the rest between jobs."""

from __future__ import annotations

import ctypes
import sys

LARGE_BLOCKS = {"MALLOC_MMAP_THRESHOLD_": str(6 << 20), "MALLOC_TRIM_THRESHOLD_": str(32 << 20)}
"""Environment of an engine process, in bytes, which glibc reads when it is loaded; others ignore it.

A picture above Full HD gets pages of its own, which the system has back when it is freed. By itself glibc takes those
of up to 32 MB from its heaps, one for each thread, where smaller blocks that live longer keep the freed ones occupied.
Smaller blocks stay in the heaps: new pages for each of them would take time. Those of the networks are smaller because
`Detector` scores few crops at a time.
"""


def give_back() -> None:
    """Return free memory to the system, where the C library can: glibc keeps it for later, a gigabyte after some clips.

    Milliseconds; nothing happens on other systems.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
