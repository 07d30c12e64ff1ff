"""The engine process gets the files of what was opened: for more of them it is replaced, but not while it works."""

import json
import os
import sys
import tempfile

import pytest

from inspector.domain.settings import Settings
from inspector.engine.process.confine.access import Access
from inspector.engine.process.launch import LARGE_BLOCKS
from inspector.engine.process.protocol import Cancel, Explain, Failed
from inspector.ui.engine.client import EngineClient

# It answers each request with what it may write to; the request with the method "slow" only when it is cancelled.
ANSWERS = """
import json, os, sys
from pathlib import Path
from inspector.engine.process import protocol as p
if sys.argv[1:] == ["--ahead"] and not sys.stdin.buffer.read(1):
    sys.exit()
write = lambda m: (sys.stdout.buffer.write(p.pack(m)), sys.stdout.buffer.flush())
write(p.Ready(0, ()))
while (body := p.read_body(sys.stdin.buffer)) is not None:
    request = p.unpack_request(body)
    if getattr(request, "method", "") != "slow":
        folder = Path(os.environ["DEEPFAKE_INSPECTOR_ENGINE_FOLDER"])
        write(p.Failed(request.job, (folder / "access.json").read_text()))
"""


class Client(EngineClient):
    """It keeps the last answers of its jobs."""

    def __init__(self, command):
        super().__init__(command)
        self.answers = []
        self.answered.connect(lambda answer: self.answers.append(answer) if isinstance(answer, Failed) else None)


@pytest.fixture
def client(qapp, qtbot):
    client = Client([sys.executable, "-c", ANSWERS])
    yield client
    client.close()
    client.deleteLater()


@pytest.fixture
def no_place(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))


def test_a_process_without_a_folder_is_told_like_one_that_does_not_start(no_place, client, qtbot):
    with qtbot.waitSignal(client.crashed) as crashed:
        client.send(explain(1))
    assert "set TMPDIR to another folder" in crashed.args[0]
    assert not client.is_running


def test_the_process_has_the_memory_settings_of_a_scans(client):
    client.start()
    environment = client._process.processEnvironment()
    assert {name: environment.value(name) for name in LARGE_BLOCKS} == LARGE_BLOCKS


def explain(job, method="GradCAM"):
    return Explain(job, "case", 1, 1, 0, method)


def granted(answer):
    return json.loads(answer.message)["write"]


def test_a_request_that_needs_more_waits_for_the_running_ones_and_then_gets_a_new_process(client, qtbot, tmp_path):
    first, second = Access.to(write=[tmp_path / "a"]), Access.to(write=[tmp_path / "b"])
    client.send(explain(1, "slow"), first)
    process = client.process_id
    client.send(explain(2), second)
    client.send(explain(3), first)
    qtbot.waitUntil(lambda: len(client.answers) == 1)
    assert client.answers[0].job == 3, "it needs no more than the running process has"
    assert client.process_id == process
    client.send(Cancel(1))
    qtbot.waitUntil(lambda: len(client.answers) == 3)
    assert [answer.job for answer in client.answers[1:]] == [1, 2]
    assert granted(client.answers[1]) == [str(tmp_path / "a")]
    assert granted(client.answers[2]) == [str(tmp_path / "a"), str(tmp_path / "b")]
    process = client.process_id
    client.send(explain(4), first)
    qtbot.waitUntil(lambda: len(client.answers) == 4)
    assert client.process_id == process, "access is kept"


def test_a_request_that_waits_can_be_cancelled(client, qtbot, tmp_path):
    client.send(explain(1, "slow"), Access.to(write=[tmp_path / "a"]))
    client.send(explain(2, "slow"), Access.to(write=[tmp_path / "b"]))
    client.send(Cancel(2))
    client.send(Cancel(1))
    qtbot.waitUntil(lambda: len(client.answers) == 2)
    assert [answer.job for answer in client.answers] == [1, 2]


def test_a_process_that_waits_is_given_what_the_first_request_needs(client, qtbot, tmp_path):
    client.start_ahead()
    process = client.process_id
    assert process
    client.prepare(Access.to(write=[tmp_path / "a"]), Settings())
    client.send(explain(1), Access.to(write=[tmp_path / "a"]))
    qtbot.waitUntil(lambda: len(client.answers) == 2)
    assert client.process_id == process
    assert granted(client.answers[-1]) == [str(tmp_path / "a")]


def test_a_process_that_ends_before_it_is_needed_is_replaced_without_a_word(qapp, qtbot, tmp_path):
    client = Client([sys.executable, "-c", "import sys; sys.exit(3)"])
    said = []
    client.crashed.connect(said.append)
    client.start_ahead()
    qtbot.waitUntil(lambda: not client.is_running)
    client._command = [sys.executable, "-c", ANSWERS]
    client.send(explain(1), Access.to(write=[tmp_path]))
    qtbot.waitUntil(lambda: len(client.answers) == 1)
    assert said == []
    client.close()
    client.deleteLater()


def test_no_process_waits_where_memory_is_scarce(client, monkeypatch):
    monkeypatch.setattr("inspector.ui.engine.client.has_room", lambda: False)
    client.start_ahead()
    assert not client.is_running


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sessions")
def test_a_key_of_the_terminal_that_ends_the_window_does_not_end_the_process_before(client, qtbot):
    client.start()
    qtbot.waitUntil(lambda: client._is_ready)
    assert os.getsid(client.process_id) == client.process_id
