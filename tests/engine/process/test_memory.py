"""Free memory goes back to the system, and where the C library cannot do that nothing happens."""

import ctypes
import mmap
import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from inspector.engine.process import memory
from inspector.engine.process.launch import LARGE_BLOCKS
from inspector.engine.process.memory import give_back

# Twelve pictures of 8 MB are freed, of which each has a small neighbour that stays; the first one teaches glibc to take
# such blocks from its heap.
_PICTURES = """
import ctypes, os
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
def filled(size):
    block = libc.malloc(size)
    ctypes.memset(block, 1, size)
    return block
libc.free(filled(8 << 20))
before = resident()
blocks = [(filled(8 << 20), filled(1 << 16)) for _ in range(12)]
for large, _ in blocks:
    libc.free(large)
print(resident() - before)
"""

_KEPT_LOW = """
import time
from inspector.engine.process import memory
memory._ENOUGH = before << 20
with memory.kept_low(seconds=0.01):
    end = time.monotonic() + 5
    while resident() - before > 8 and time.monotonic() < end:
        time.sleep(0.01)
    print(resident() - before)
"""


_HUGE_PAGES = """
import re
import numpy as np
array = np.ones(5 << 20, np.uint8)
print(len(re.findall("^VmFlags:.* hg", open("/proc/self/smaps").read(), re.M)))
"""


@pytest.mark.skipif(not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="this kernel has no such pages")
def test_arrays_do_not_ask_for_pages_of_2_mb_in_a_process_with_these_settings():
    asked = [
        int(subprocess.run([sys.executable, "-c", _HUGE_PAGES], env=env, stdout=-1, check=True).stdout)
        for env in ({**os.environ, "NUMPY_MADVISE_HUGEPAGE": "1"}, {**os.environ, **LARGE_BLOCKS})
    ]
    assert asked[0] > 0
    assert asked[1] == 0


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the settings are glibc's")
def test_freed_pictures_leave_no_holes_in_a_process_with_these_settings():
    kept = [
        int(subprocess.run([sys.executable, "-c", _PICTURES], env={**os.environ, **more}, stdout=-1, check=True).stdout)
        for more in ({}, LARGE_BLOCKS)
    ]
    assert kept[0] > 80
    assert kept[1] < 8


def test_the_c_library_is_told(monkeypatch: pytest.MonkeyPatch):
    told: list[int] = []
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(malloc_trim=told.append))
    give_back()
    assert told == [0]


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_a_c_library_without_it_is_left_alone(monkeypatch: pytest.MonkeyPatch, platform: str):
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    give_back()


_MEGABYTE = 1 << 20


def test_free_memory_is_given_back_once_much_more_is_taken(monkeypatch: pytest.MonkeyPatch):
    taken, given = [900 * _MEGABYTE], []

    def give_back() -> None:
        given.append(taken[0] // _MEGABYTE)
        taken[0] -= 50 * _MEGABYTE

    def looks(number: int) -> int:
        """Wait for so many looks, and return how often memory was given back until then."""
        end = len(seen) + number
        while len(seen) < end:
            time.sleep(0.001)
        return len(given)

    seen: list[int] = []
    monkeypatch.setattr(memory, "give_back", give_back)
    with memory.kept_low(lambda: seen.append(taken[0]) or taken[0], seconds=0.001):
        assert looks(5) == 0
        taken[0] = 1300 * _MEGABYTE
        assert looks(5) == 1  # 50 MB less, and no more free memory was made since
        taken[0] += 60 * _MEGABYTE
        assert looks(5) == 1
        taken[0] += 10 * _MEGABYTE
        assert looks(5) == 2
        taken[0] = 1000 * _MEGABYTE  # the next clip begins
        assert looks(5) == 2
        taken[0] = 1200 * _MEGABYTE
        assert looks(5) == 3
    assert given == [1300, 1320, 1200]
    assert "memory" not in {thread.name for thread in threading.enumerate()}


def test_no_thread_goes_on_where_the_system_does_not_say_how_much_is_taken():
    with memory.kept_low(lambda: 0, seconds=60):
        end = time.monotonic() + 10
        while "memory" in {thread.name for thread in threading.enumerate()}:
            assert time.monotonic() < end
            time.sleep(0.001)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="malloc_trim is glibc's")
def test_holes_between_blocks_that_stay_are_given_back_meanwhile():
    done = subprocess.run([sys.executable, "-c", _PICTURES + _KEPT_LOW], stdout=-1, check=True, text=True)
    before, after = map(int, done.stdout.split())
    assert before > 80
    assert after < 8


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says how much it is")
def test_the_memory_of_this_process_is_known():
    before = memory.resident_bytes()
    with mmap.mmap(-1, 64 * _MEGABYTE) as block:  # an array could lie in what tests before this one have freed
        for _ in range(64):
            block.write(b"1" * _MEGABYTE)
        assert 60 * _MEGABYTE < memory.resident_bytes() - before < 100 * _MEGABYTE
