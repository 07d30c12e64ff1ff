"""Work that is noted keeps a process alive, and work that is not is a process that hangs: at any size of the file."""

import ast
import importlib
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from inspector.domain.errors import EngineError, InspectorError
from inspector.engine import activity, regular_file
from inspector.engine.activity import Reporter, Stage
from inspector.engine.decode.container import open_media
from inspector.engine.decode.evidence import hash_file
from inspector.engine.decode.timing.stored import read_packets
from inspector.engine.decode.working_copy import working_copy
from inspector.engine.process import launch, protocol
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.stall import StallPolicy
from tests.clips import make_clip

ENGINE = Path(activity.__file__).parent
LIMIT = 1.0  # second
WORKS = "[(time.sleep(0.1), activity.note()) for _ in range(25)]"
HANGS = "time.sleep(60)"
CHILD = """
import sys, time
from inspector.domain.errors import InspectorError
from inspector.engine import activity
from inspector.engine.process import server
def described(path):
    {what}
    raise InspectorError("it is over")
server.describe_file = described
server._load = lambda: None
server.Server(sys.stdin.buffer, sys.stdout.buffer).run()
"""


@pytest.fixture
def count():
    """How many pieces of work were noted since."""
    before = activity._count
    return lambda: activity._count - before


@pytest.fixture
def sparse(tmp_path):
    """A file of 8 TiB on nearly no disk."""
    path = tmp_path / "sparse.mp4"
    with path.open("wb") as file:
        try:
            file.truncate(8 << 40)
        except OSError:
            pytest.skip("this file system has no such files")
    return path


def ask(monkeypatch, path, what):
    """The answers of an engine process that does `what` for a request about a file, with a limit of a second."""
    command = [sys.executable, "-P", "-c", CHILD.format(what=what)]
    monkeypatch.setattr(launch, "engine_command", lambda: command)
    monkeypatch.setenv("PYTHONPATH", str(ENGINE.parents[1]))
    with EngineProcess(policy=StallPolicy(LIMIT, 30.0)) as engine:
        engine.start()
        engine._is_loaded = True
        return list(engine.ask(lambda job: protocol.DescribeFile(job, str(path))))


def test_slow_work_over_the_limit_is_not_ended(monkeypatch, sparse):
    started = time.monotonic()
    *working, last = ask(monkeypatch, sparse, WORKS)
    assert isinstance(last, protocol.Failed)
    assert last.message == "it is over"
    assert time.monotonic() - started > 2 * LIMIT
    assert len(working) > 3
    assert all(isinstance(answer, protocol.Working) for answer in working)


def test_a_process_that_hangs_is_ended_however_large_its_file(monkeypatch, sparse):
    started = time.monotonic()
    with pytest.raises(EngineError, match="sent no message for 1 s"):
        ask(monkeypatch, sparse, HANGS)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(("what", "code"), [(HANGS, 1), (WORKS, 0)])
def test_a_process_whose_parent_was_killed_ends_by_itself(what, code, monkeypatch):
    child = CHILD.format(what=what).replace("stdout.buffer)", "stdout.buffer, still_seconds=0.7)")
    monkeypatch.setenv("PYTHONPATH", str(ENGINE.parents[1]))
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-P", "-c", child], stdin=pipe, stdout=pipe) as process:
        assert protocol.read_body(process.stdout) is not None, "it is ready"  # type: ignore[arg-type]
        process.stdin.write(protocol.pack(protocol.DescribeFile(1, "a.mp4")))
        process.stdin.close()  # as the system does then
        process.stdout.close()
        assert process.wait(30) == code


def test_nothing_is_told_while_nothing_is_done():
    told = []
    with Reporter(lambda *now: told.append(now), 0.01):
        time.sleep(0.1)
        before = len(told)
        activity.note()
        time.sleep(0.1)
        assert len(told) == before + 1


def test_a_stage_has_a_percentage_and_the_newest_one_counts():
    told = []
    with Reporter(lambda *now: told.append(now), 0.01), activity.stage(Stage.COPY, 200) as outer:
        outer(50)
        with activity.stage(Stage.INDEX, 0) as inner:
            inner(5)
            activity.note()
            time.sleep(0.1)
        activity.note()
        time.sleep(0.1)
    assert told == [(Stage.INDEX, 100), (Stage.COPY, 25)]


def test_what_a_thread_does_after_the_work_was_given_up_counts_for_nothing():
    with activity.stage(Stage.DEEP, 2) as reached, activity.frames_counted():
        reached(1)
        activity.add_frames("batch", 1)
        assert activity.frames_ahead() == 1
    reached(2)
    activity.add_frames("batch", 1)
    assert not activity._under_way
    assert activity.frames_ahead() == 0


def test_work_is_given_up_in_the_thread_that_is_checked_only():
    def refuse():
        raise InspectorError("enough")

    others = []
    with activity.checked(refuse):
        thread = threading.Thread(target=lambda: others.append(activity.note()))
        thread.start()
        thread.join()
        with pytest.raises(InspectorError, match="enough"):
            activity.note()
    activity.note()
    assert others == [None]


def test_reading_hashing_copying_indexing_and_importing_are_noted(tmp_path, count):
    path = make_clip(tmp_path / "clip.mp4", frames=30)
    before = count()
    with regular_file.open_regular(path) as file:
        file.read()
    assert count() > before
    for work in (hash_file, lambda path: working_copy(path).__enter__()):
        before = count()
        work(path)
        assert count() > before
    before = count()
    with open_media(path) as media:
        assert len(read_packets(media)) == 30
    assert count() >= before + 30, "each packet"
    sys.modules.pop("colorsys", None)
    with Reporter(lambda *_: None):
        before = count()
        importlib.import_module("colorsys")
        assert count() > before


def opens(tree):
    """The calls in a module by which it would read a file, or demux one, without a note: their lines."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        modes = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if name == "read_bytes" or (name == "open" and modes[:1] == ["rb"]):
            yield node.lineno
        if name == "demux" and not _is_noted(tree, node):
            yield node.lineno


def _is_noted(tree, call):
    return any(
        isinstance(node, ast.Call) and call in node.args and ast.unparse(node.func) == "activity.each"
        for node in ast.walk(tree)
    )


# Small files of this program, read at once.
SMALL = {
    "installation.py", "model/bundle.py", "model/bases.py", "selftest.py", "process/report_folders.py",
    "process/player/child.py", "report/writer.py", "provenance/trust.py",
}  # fmt: skip


def test_every_file_is_read_through_what_notes_it():
    found = {}
    for path in ENGINE.rglob("*.py"):
        name = path.relative_to(ENGINE).as_posix()
        lines = list(opens(ast.parse(path.read_text(encoding="utf-8"))))
        if lines and name not in SMALL:
            found[name] = lines
    assert found == {}, "use regular_file.open_regular, and activity.each around demux"


def test_without_a_limit_no_process_is_ended(monkeypatch):
    ended = []
    monkeypatch.setattr(activity.os, "_exit", ended.append)
    activity.end_once_still(threading.Event(), 0.0)
    assert ended == []


def test_what_was_opened_can_be_closed_after_work_was_given_up():
    """Closing is work too."""

    def stopped() -> None:
        raise activity.StoppedError("stopped")

    with activity.checked(stopped):
        with pytest.raises(activity.StoppedError):
            activity.note()
        activity.note()
