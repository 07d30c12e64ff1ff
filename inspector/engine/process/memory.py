"""The memory of an engine process: what is free goes back to the system."""

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
