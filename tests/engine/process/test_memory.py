"""Free memory goes back to the system, and where the C library cannot do that nothing happens."""

import ctypes
from types import SimpleNamespace

import pytest

from inspector.engine.process.memory import give_back


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
