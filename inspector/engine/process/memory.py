"""How an engine process is started, and its memory: what is free goes back to the system, large blocks at once."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from inspector.engine import faults

_ROOM_KILOBYTES = 2 << 20  # a process with its libraries and networks takes less than half of it
_ENOUGH = 1100 << 20  # bytes; an analysis of 720p hardly takes more
_STEP = 64 << 20  # bytes more than these or than after the last time, which are worth a look for free ones
_SECONDS = 0.1  # between two looks, of 50 microseconds; frames of 4K fill 10 to 20 MB meanwhile

LARGE_BLOCKS = {
    "MALLOC_MMAP_THRESHOLD_": str(6 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),
    "NUMPY_MADVISE_HUGEPAGE": "0",
}
"""Environment of an engine process: two limits in bytes, which glibc reads when it is loaded, others ignore them; and
a switch that NumPy reads.

A picture above Full HD gets pages of its own, which the system has back when it is freed. By itself glibc takes those
of up to 32 MB from its heaps, one for each thread, where smaller blocks that live longer keep the freed ones occupied.
Smaller blocks stay in the heaps: new pages for each of them would take time. Those of the networks are smaller because
`Detector` scores few crops at a time. By itself NumPy asks for pages of 2 MB where an array above 4 MB lies. In a heap
this holds for all that lies there later, so that what was given back to the system comes again, 2 MB at a time.
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


def resident_bytes() -> int:
    """The memory of this process that is in RAM, with pages of its libraries; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    return 0


@contextmanager
def kept_low(resident: Callable[[], int] = resident_bytes, seconds: float = _SECONDS) -> Iterator[None]:
    """Give free memory back whenever this process has taken much of it, on a thread, until the block ends.

    Large frames pass through the heaps of many threads, and glibc keeps what each of them has freed: a third of all
    memory at the height of a 4K clip. A look takes microseconds, giving back mostly one to three milliseconds, and
    what is needed again costs new pages; so smaller clips hardly reach it. `resident` gives the memory in bytes.
    """
    stop = threading.Event()

    @faults.Boundary("giving free memory back")
    def work() -> None:
        if not resident():
            return  # the system does not say
        least = _ENOUGH  # after free memory was given back
        while not stop.wait(seconds):
            now = resident()
            if now >= least + _STEP:
                give_back()
                least = now = resident()
            least = max(_ENOUGH, min(least, now))

    thread = threading.Thread(target=work, name="memory", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def has_room() -> bool:
    """Whether there is memory for work that may turn out useless; where the system does not say, there is."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) >= _ROOM_KILOBYTES
    return True
