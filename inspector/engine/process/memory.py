"""How an engine process is started, and its memory: what is free goes back to the system, large blocks at once."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from pathlib import Path

_ROOM_KILOBYTES = 2 << 20  # a process with its libraries and networks takes less than half of it

LARGE_BLOCKS = {"MALLOC_MMAP_THRESHOLD_": str(6 << 20), "MALLOC_TRIM_THRESHOLD_": str(32 << 20)}
"""Environment of an engine process, in bytes, which glibc reads when it is loaded; others ignore it.

A picture above Full HD gets pages of its own, which the system has back when it is freed. By itself glibc takes those
of up to 32 MB from its heaps, one for each thread, where smaller blocks that live longer keep the freed ones occupied.
Smaller blocks stay in the heaps: new pages for each of them would take time. Those of the networks are smaller because
`Detector` scores few crops at a time.
"""

AHEAD = "--ahead"
"""Argument of an engine process that loads its libraries, and then waits for one byte, which says that its access is
written down."""
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Environment of an engine process: NumPy's library starts a thread per core when it is loaded, of no use here, and a
process with several threads cannot be confined as a whole. Sums do not depend on the number of cores then either."""


def give_back() -> None:
    """Return free memory to the system, where the C library can: glibc keeps it for later, a gigabyte after some clips.

    Milliseconds; nothing happens on other systems.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)


def has_room() -> bool:
    """Whether there is memory for work that may turn out useless; where the system does not say, there is."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) >= _ROOM_KILOBYTES
    return True
