"""A process that is started before its files are known: it waits with its libraries, and is confined like any other."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector.domain.errors import EngineError
from inspector.domain.settings import Settings
from inspector.engine.process import client, launch, protocol
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.confine import landlock
from inspector.engine.process.confine.access import Access, EngineFolder
from inspector.engine.process.launch import AHEAD
from tests.clips import make_clip

SECONDS = 60.0
# Its libraries start a thread, which could not be confined.
THREADED = """
import sys, threading, time
from inspector.engine.process import start
from inspector.engine.process.confine import apply
def load():
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
start.load_libraries = load
apply._PATIENCE_SECONDS = 0.0
start.main(sys.argv[1:])
"""


@pytest.fixture
def clips(tmp_path: Path) -> list[Path]:
    return [make_clip(tmp_path / name, frames=2) for name in ("own.mp4", "foreign.mp4")]


def described(engine: EngineProcess, path: Path) -> protocol.Answer:
    return list(engine.ask(lambda job: protocol.DescribeFile(job, str(path))))[-1]


def is_refused(answer: protocol.Answer) -> bool:
    assert isinstance(answer, protocol.FileDescribed)
    return "Permission denied" in str(answer.facts)


def test_a_process_that_waited_serves_its_file_and_reaches_no_other(clips: list[Path]):
    with EngineProcess(launched=launch.launch(is_ahead=True)) as engine:
        waiting = engine._process
        engine.allow(Access.to(clips[:1]))
        assert not is_refused(described(engine, clips[0]))
        assert engine._process is waiting
        assert "Its environment is cleaned." in engine.confinement
        if landlock.version():
            assert "Landlock" in engine.confinement
            assert is_refused(described(engine, clips[1])), "it was not given that one"
        engine.allow(Access.to(clips[1:]))
        engine.start()
        assert engine._process is not waiting, "a confined process cannot be given more"


def test_a_process_begins_with_its_access_as_soon_as_networks_are_to_be_loaded(clips: list[Path]):
    with EngineProcess(launched=launch.launch(is_ahead=True)) as engine:
        waiting = engine._process
        engine.allow(Access.to(clips[:1]))
        engine.prepare(Settings())
        assert not engine._is_ahead
        assert not is_refused(described(engine, clips[0]))
        assert engine._process is waiting
        if landlock.version():
            assert is_refused(described(engine, clips[1])), "it was not given that one"


def test_a_process_is_told_once_which_networks_to_load(clips: list[Path], monkeypatch: pytest.MonkeyPatch):
    sent = []
    monkeypatch.setattr(EngineProcess, "_send", lambda _, message: sent.append(message))
    with EngineProcess(Access.to(clips)) as engine:
        for settings in (Settings(), Settings(), Settings(deep="off")):
            engine.prepare(settings)
        assert sent == [protocol.Prepare(0, Settings()), protocol.Prepare(0, Settings(deep="off"))]
        engine.stop()
        engine.prepare(Settings(deep="off"))
        assert len(sent) == 3, "a new process knows of none"


def test_what_keeps_a_process_from_beginning_is_said_by_the_first_job(
    clips: list[Path], monkeypatch: pytest.MonkeyPatch
):
    def fail(error: Exception) -> None:
        raise error

    with EngineProcess(launched=launch.launch(is_ahead=True)) as engine:
        engine.allow(Access.to(clips[:1]))
        monkeypatch.setattr(EngineFolder, "grant", lambda *_: fail(OSError("disk full")))
        monkeypatch.setattr(client, "launch", lambda *_, **__: fail(EngineError("The disk is full.")))
        engine.prepare(Settings())
        with pytest.raises(EngineError, match="The disk is full"):
            described(engine, clips[0])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a confinement holds for all threads")
def test_a_process_whose_libraries_started_a_thread_begins_again_without_them(
    clips: list[Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(launch, "engine_command", lambda: [sys.executable, "-P", "-c", THREADED])
    with EngineProcess(Access.to(clips[:1]), launched=launch.launch(is_ahead=True)) as engine:
        assert not is_refused(described(engine, clips[0]))
        if landlock.version():
            assert is_refused(described(engine, clips[1]))


def test_a_process_that_nobody_needs_ends_at_once_and_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(client, "_GRACE_SECONDS", 60.0)
    with EngineProcess(launched=launch.launch(is_ahead=True)) as engine:
        process = engine._process
        assert process is not None
        begun = time.monotonic()
    assert process.returncode is not None
    assert time.monotonic() - begun < 30, "it was waited for"
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_waits_ends_with_the_program_that_started_it():
    command = [*launch.engine_command(), AHEAD]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    buffer = bytearray(done.stdout)
    while (body := protocol.take_body(buffer)) is not None:
        assert isinstance(protocol.unpack_answer(body), protocol.Working)
    assert not buffer
