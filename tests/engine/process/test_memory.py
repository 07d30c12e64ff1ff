"""Free memory goes back to the system, and where the C library cannot do that nothing happens."""

import ctypes
import os
import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest

from inspector.engine.process.memory import LARGE_BLOCKS, give_back

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
