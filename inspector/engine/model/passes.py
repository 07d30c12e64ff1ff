"""Work on crops that is shared out over the cores of a CPU, above all passes through a network; each on one core alone.

By itself PyTorch spreads each layer over all cores, and after each of hundreds of layers every core waits for the
slowest, which costs processor time where other threads search faces or other programs run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier, Lock
from typing import TypeVar

import torch

from inspector.engine import activity

T = TypeVar("T")
R = TypeVar("R")

_MOST_THREADS = 16  # each needs memory for its pass
_beginning = Lock()


def cores() -> int:
    """How many passes compute at once."""
    with _beginning:  # meanwhile a new thread would take over that it may use one core
        return min(torch.get_num_threads(), _MOST_THREADS)


def in_passes(work: Callable[[T], R], parts: Sequence[T]) -> list[R]:
    """What `work` makes of each part, in order, in threads of which each computes on one core.

    Raises what the thread's `activity.checked` raises; parts that are not begun then are left out.
    """
    with _beginning:
        pool = _threads()
    futures = [pool.submit(work, part) for part in parts]
    try:
        return [activity.awaited(future) for future in futures]
    finally:
        for future in futures:
            future.cancel()


@cache
def _threads() -> ThreadPoolExecutor:
    """As many threads as PyTorch would use for one layer, each of which uses none but itself."""
    usual = torch.get_num_threads()
    count = min(usual, _MOST_THREADS)
    begun = Barrier(count + 1)

    def begin() -> None:
        torch.get_num_threads()  # a thread takes over the default when it is first asked, and would do so later
        torch.set_num_threads(1)
        begun.wait()

    pool = ThreadPoolExecutor(count, "pass", begin)
    try:
        starts = [pool.submit(int) for _ in range(count)]  # a thread for each: none is idle before all have begun
        begun.wait()
        for each in starts:
            each.result()
    except RuntimeError:  # the system starts no more threads
        begun.abort()  # else those that have begun would wait for the others, and the end of the process for them
        pool.shutdown()
        raise
    finally:
        torch.set_num_threads(usual)  # the last call is the default of all later threads too
    return pool
