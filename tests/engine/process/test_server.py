"""The server of the engine process: messages in, messages out, in its own thread and as the process itself."""

import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import open_clip
from inspector.engine.process import protocol
from inspector.engine.process.jobs import JobRunner
from inspector.engine.process.server import Server
from tests.fakes import make_bundle

SECONDS = 120.0


class RunningServer:
    """A `Server` on two pipes, as a context manager; leaving it closes the requests and waits for the end."""

    def __init__(self) -> None:
        requests_read, requests_write = os.pipe()
        answers_read, answers_write = os.pipe()
        self.requests = os.fdopen(requests_write, "wb")
        self._streams = [os.fdopen(requests_read, "rb"), os.fdopen(answers_write, "wb")]
        self._answers = os.fdopen(answers_read, "rb")
        self._received: queue.Queue[protocol.Answer | None] = queue.Queue()
        self.error: BaseException | None = None
        self._threads = [threading.Thread(target=self._serve), threading.Thread(target=self._receive)]

    def _serve(self) -> None:
        requests, answers = self._streams
        try:
            Server(requests, answers).run()  # type: ignore[arg-type]
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.error = error
        answers.close()

    def _receive(self) -> None:
        while (body := protocol.read_body(self._answers)) is not None:
            self._received.put(protocol.unpack_answer(body))
        self._received.put(None)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        assert isinstance(self.answer(), protocol.Ready)
        return self

    def __exit__(self, *_: object) -> None:
        self.requests.close()
        for thread in self._threads:
            thread.join(SECONDS)
            assert not thread.is_alive()
        self._streams[0].close()
        self._answers.close()

    def send(self, *messages: protocol.Message) -> None:
        self.requests.write(b"".join(map(protocol.pack, messages)))
        self.requests.flush()

    def answer(self) -> protocol.Answer | None:
        """The next answer; None when the server has ended."""
        return self._received.get(timeout=SECONDS)

    def answers_until(self, kind: type[protocol.Message]) -> list[protocol.Answer]:
        """The answers up to the first of a kind."""
        found: list[protocol.Answer] = []
        while not found or not isinstance(found[-1], kind):
            answer = self.answer()
            assert answer is not None
            found.append(answer)
        return found


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with RunningServer() as running:
        yield running


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return replace(Settings(), model=str(make_bundle(tmp_path_factory.mktemp("bundle"))), device="cpu", every=1)


@pytest.fixture
def analyze(face_clip: Path, tmp_path: Path, settings: Settings) -> Callable[[int], protocol.Analyze]:
    return lambda job: protocol.Analyze(job, str(face_clip), str(tmp_path / "a.inspector"), settings)


def test_an_analysis_answers_started_batches_and_done_in_order(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze]
):
    server.send(analyze(7))
    started, *batches, done = server.answers_until(protocol.AnalysisDone)
    assert isinstance(started, protocol.Started)
    assert all(isinstance(batch, protocol.BatchDone) for batch in batches)
    assert {answer.job for answer in (started, *batches, done)} == {7}
    counts = [batch.frames_done for batch in batches if isinstance(batch, protocol.BatchDone)]
    assert counts == sorted(counts)
    assert isinstance(done, protocol.AnalysisDone)
    assert done.analysis.is_complete
    assert done.analysis.summary.frames_analysed == counts[-1] == started.frames_total
    server.send(analyze(8))
    (again,) = server.answers_until(protocol.AnalysisDone)
    assert again.job == 8, "a finished analysis is answered from the case file"


def test_cancel_stops_after_the_batch_and_the_next_request_resumes(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze]
):
    server.send(analyze(1), protocol.Cancel(1))
    *_, batch, stopped = server.answers_until(protocol.AnalysisDone)
    assert isinstance(batch, protocol.BatchDone)
    assert isinstance(stopped, protocol.AnalysisDone)
    assert not stopped.analysis.is_complete
    server.send(protocol.Cancel(1), analyze(2), protocol.Cancel(1))
    started, *_, done = server.answers_until(protocol.AnalysisDone)
    assert isinstance(started, protocol.Started)
    assert started.frames_done == batch.frames_done > 0
    assert isinstance(done, protocol.AnalysisDone)
    assert done.analysis.is_complete, "a Cancel of another job changes nothing"


def test_only_the_newest_heat_map_is_made_during_an_analysis_and_a_report_waits(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze], face_clip: Path, tmp_path: Path
):
    request, first = analyze(1), open_clip(face_clip).start_pts
    explain = [protocol.Explain(job, request.case_path, 1, 1, first, "GradCAM") for job in (2, 3)]
    report = protocol.WriteReport(4, request.case_path, 1, str(tmp_path / "report"))
    server.send(request, *explain, report)
    answers = server.answers_until(protocol.ReportDone)
    order = [answer.job for answer in answers if not isinstance(answer, protocol.BatchDone)]
    assert order == [1, 3, 1, 4], "started, the newer heat map, done, the report"
    assert isinstance(answers[-1], protocol.ReportDone)
    assert (tmp_path / "report" / "report.pdf").is_file()


def test_what_cannot_be_done_fails_with_a_sentence_and_the_server_goes_on(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze], face_clip: Path, tmp_path: Path
):
    good = analyze(1)
    missing = protocol.Analyze(2, str(tmp_path / "gone.mp4"), good.case_path, good.settings)
    altered = protocol.Analyze(3, good.clip_path, good.case_path, good.settings, sha256="0" * 64)
    wrong = protocol.Analyze(4, good.clip_path, good.case_path, replace(good.settings, every=0))
    no_case = protocol.Explain(5, str(tmp_path / "none.inspector"), 1, 1, 0, "GradCAM")
    server.send(missing, altered, wrong, no_case)
    failed = [server.answer() for _ in range(4)]
    assert all(isinstance(answer, protocol.Failed) for answer in failed)
    assert [answer.job for answer in failed if answer] == [2, 3, 4, 5]
    for answer, text in zip(failed, ("gone.mp4", "SHA-256 differs", "Analyse every", "does not exist"), strict=True):
        assert isinstance(answer, protocol.Failed)
        assert text in answer.message
        assert "\n" not in answer.message
    assert not Path(good.case_path).exists() or CaseFile.open(Path(good.case_path)).newest_id() is None


def test_too_little_memory_is_a_sentence(server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(JobRunner, "write_report", no_memory)
    server.send(protocol.WriteReport(1, "a", 1, "b"))
    answer = server.answer()
    assert isinstance(answer, protocol.Failed)
    assert "not enough memory" in answer.message


def test_a_job_that_crashes_ends_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def crash(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(JobRunner, "write_report", crash)
    with RunningServer() as server:
        server.send(protocol.WriteReport(1, "a", 1, "b"), protocol.WriteReport(2, "a", 1, "b"))
        assert server.answer() is None, "its parent sees the end of the process and starts another"
    assert isinstance(server.error, ZeroDivisionError)


def test_the_end_of_the_requests_ends_the_server_and_closes_what_it_holds(monkeypatch: pytest.MonkeyPatch):
    closed: list[JobRunner] = []
    monkeypatch.setattr(JobRunner, "close", lambda runner: closed.append(runner))
    with RunningServer() as server:
        server.send(protocol.Explain(1, "/nonexistent/a.inspector", 1, 1, 0, "GradCAM"))
        assert isinstance(server.answer(), protocol.Failed)
    assert server.error is None
    assert len(closed) == 1


def test_bytes_that_are_no_request_end_the_server(capsys: pytest.CaptureFixture[str]):
    with RunningServer() as server:
        server.requests.write(b"\xff\xff\xff\xff junk")
        server.requests.flush()
        assert server.answer() is None
    assert server.error is None
    assert "is not a request" in capsys.readouterr().err


def test_the_process_itself_answers_on_a_clean_stdout_and_ends_with_its_stdin():
    request = protocol.pack(protocol.WriteReport(5, "/nonexistent/a.inspector", 1, "/nonexistent"))
    done = subprocess.run(protocol.engine_command(), input=request, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    buffer, answers = bytearray(done.stdout), []
    while (body := protocol.take_body(buffer)) is not None:
        answers.append(protocol.unpack_answer(body))
    assert not buffer, "nothing but messages"
    assert [type(answer).__name__ for answer in answers] == ["Ready", "Failed"]
