"""Fixtures that every test may use; what makes the clips is in tests/clips.py."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.engine import faults
from inspector.engine.process.confine import access
from tests.clips import make_clip, moving_portrait

# Without a screen Qt aborts the whole process; a test run on one needs none either.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests read the window in English, on a system of any language, those with a window process too.
os.environ["INSPECTOR_LANGUAGE"] = "en"
# The key store of whoever runs the tests is left alone; tests/engine/test_installation.py has stores of its own.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@pytest.fixture(autouse=True)
def own_log(tmp_path, monkeypatch) -> Path:
    """The log of errors of the program, in the test's own folder; nothing is known to be logged yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(faults, "_logged", set())
    return faults.log_path()


@pytest.fixture(autouse=True, scope="session")
def own_data_folder(tmp_path_factory):
    """The key of this installation in the tests' own folder."""
    former = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))
    yield
    os.environ.pop("XDG_DATA_HOME") if former is None else os.environ.update(XDG_DATA_HOME=former)


@pytest.fixture(autouse=True)
def unchanged_priority() -> Iterator[None]:
    """No test leaves the process at real-time priority: see `ordinary_priority` in tests/clips.py."""
    yield
    if hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) in {os.SCHED_FIFO, os.SCHED_RR}:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        pytest.fail("this test left the process at real-time priority; encode AV1 within ordinary_priority()")


@pytest.fixture(autouse=True)
def fake_engine_settings(monkeypatch) -> None:
    """An engine process gets few variables of the environment; those of the fake one are added to them."""
    monkeypatch.setattr(access, "VARIABLE_PREFIXES", (*access.VARIABLE_PREFIXES, "FAKE_ENGINE_"))


@pytest.fixture(scope="session")
def face_clip(tmp_path_factory) -> Path:
    """A short H.264 clip (48 frames, 320 x 240, 24 frames/s) of the portrait with mild motion."""
    path = tmp_path_factory.mktemp("face") / "face.mp4"
    return make_clip(path, frames=48, size=(320, 240), fps=24, bframes=2, gop=24, picture=moving_portrait())


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared clips beside the checkout; tests that use it are skipped where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("shared data is not here")
    return folder


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: the garbage collector need not search them again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end they are collected as ever: libraries warn of objects that are left."""
    gc.unfreeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why each test that was run again had failed: pytest-rerunfailures names it only."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.write_sep("_", f"failed before it was run again: {report.nodeid} ({report.when})")
        report.toterminal(terminalreporter._tw)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """This process and those that it starts notice SIGINT, also where a shell runs the tests in the background.

    It starts background jobs with SIGINT ignored, and processes inherit that.
    """
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)
