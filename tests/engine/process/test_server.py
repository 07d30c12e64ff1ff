"""The server of the engine process: messages in, messages out, in its own thread and as the process itself."""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from inspector.domain.credentials import CredentialStatus
from inspector.domain.settings import Settings
from inspector.engine import activity
from inspector.engine.analysis.cam_maker import CamMaker
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode import working_copy
from inspector.engine.decode.decoder import open_clip
from inspector.engine.process import jobs as jobs_module
from inspector.engine.process import launch, protocol
from inspector.engine.process import server as server_module
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
        self.working: list[protocol.Answer] = []
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
            answer = protocol.unpack_answer(body)
            (self.working.append if isinstance(answer, protocol.Working) else self._received.put)(answer)
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


def test_a_file_is_described_during_an_analysis(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze], face_clip: Path
):
    server.send(analyze(1), protocol.DescribeFile(2, str(face_clip)), protocol.DescribeFile(3, str(face_clip / "x")))
    *before, last = server.answers_until(protocol.AnalysisDone)
    described = {answer.job: answer for answer in before if answer.job != 1}
    assert {job: type(answer) for job, answer in described.items()} == dict.fromkeys((2, 3), protocol.FileDescribed)
    status, sentence = described[3].facts.credentials.status, described[3].facts.credentials.sentence
    assert (status, "cannot be read" in sentence) == (CredentialStatus.UNREADABLE, True)
    assert last.job == 1


def test_cancel_stops_after_the_batch_and_the_next_request_resumes(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze]
):
    server.send(analyze(1))
    server.answers_until(protocol.Started)
    server.send(protocol.Cancel(1))
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


def test_only_the_newest_heat_map_is_made_during_an_analysis_and_each_request_is_answered(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze], face_clip: Path, tmp_path: Path
):
    request, first = analyze(1), open_clip(face_clip).start_pts
    explain = [protocol.Explain(job, request.case_path, 1, 1, first, "GradCAM") for job in (2, 3)]
    report = protocol.WriteReport(4, request.case_path, 1, str(tmp_path / "report"))
    server.send(request, *explain, report)
    answers = server.answers_until(protocol.ReportDone)
    order = [answer.job for answer in answers if not isinstance(answer, protocol.BatchDone)]
    assert order == [1, 2, 3, 1, 4], "started, both heat maps, done, the report"
    assert [answer.job for answer in answers if isinstance(answer, protocol.Explained)] == [3], "2 was overtaken"
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


def test_an_error_of_the_program_in_a_job_is_answered_as_ours_and_the_next_job_starts_afresh(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, own_log: Path, capsys: pytest.CaptureFixture[str]
):
    runners: list[JobRunner] = []

    def crash(runner: JobRunner, *_arguments: object) -> None:
        runners.append(runner)
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(JobRunner, "write_report", crash)
    server.send(protocol.WriteReport(1, "a", 1, "b"), protocol.WriteReport(2, "a", 1, "b"))
    for job in (1, 2):
        answer = server.answer()
        assert isinstance(answer, protocol.Failed)
        assert answer.job == job
        assert "Deepfake Inspector made an error while writing the report" in answer.message
        assert str(own_log) in answer.message
    assert runners[0] is not runners[1]
    assert "a bug" in own_log.read_text()
    capsys.readouterr()


@pytest.mark.parametrize("stop_first", [True, False])
def test_a_heat_map_asked_for_before_a_stop_is_answered(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze], face_clip: Path, stop_first: bool
):
    request, first = analyze(1), open_clip(face_clip).start_pts
    explain = protocol.Explain(2, request.case_path, 1, 1, first, "GradCAM")
    stop = protocol.Cancel(1)
    server.send(request)
    server.answers_until(protocol.Started)
    server.send(*((stop, explain) if stop_first else (explain, stop)))
    answers = server.answers_until(protocol.AnalysisDone)
    assert isinstance(answers[-1], protocol.AnalysisDone)
    assert not answers[-1].analysis.is_complete
    assert 2 in [answer.job for answer in answers if isinstance(answer, protocol.Explained)]


def test_a_waiting_analysis_can_be_cancelled_before_it_starts(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze], tmp_path: Path
):
    first = analyze(1)
    second = protocol.Analyze(2, first.clip_path, str(tmp_path / "b.inspector"), first.settings)
    server.send(first, second, protocol.Cancel(2))
    *_, done = server.answers_until(protocol.AnalysisDone)
    assert isinstance(done, protocol.AnalysisDone)
    assert done.analysis.is_complete
    stopped = server.answer()
    assert isinstance(stopped, protocol.Failed)
    assert (stopped.job, stopped.is_cancelled) == (2, True)
    assert not (tmp_path / "b.inspector").exists()


def endless(begun: threading.Event, ended: threading.Event) -> Callable[..., None]:
    """Work that ends only if it is given up."""

    def work(*_: object, **__: object) -> None:
        begun.set()
        try:
            for _tick in range(int(SECONDS) * 100):
                activity.note()
                time.sleep(0.01)
        finally:
            ended.set()

    return work


@pytest.mark.parametrize("stage", ["copy", "index"])
def test_an_analysis_is_stopped_while_its_file_is_copied_or_indexed(
    server: RunningServer,
    analyze: Callable[[int], protocol.Analyze],
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
):
    begun, ended = threading.Event(), threading.Event()
    name = "_copied" if stage == "copy" else "read_clip"
    monkeypatch.setattr(working_copy if stage == "copy" else server_module, name, endless(begun, ended))
    server.send(analyze(1))
    assert begun.wait(SECONDS)
    server.send(protocol.Cancel(1), protocol.DescribeFile(2, "none"))
    stopped = server.answer()
    assert isinstance(stopped, protocol.Failed)
    assert (stopped.job, stopped.is_cancelled) == (1, True)
    assert ended.is_set()
    assert isinstance(server.answer(), protocol.FileDescribed), "what came meanwhile is served"


@pytest.mark.parametrize("what", ["heat map", "report"])
def test_a_heat_map_and_a_report_are_stopped_while_the_clip_is_copied_for_them(
    server: RunningServer, analyze: Callable[[int], protocol.Analyze], monkeypatch, tmp_path: Path, what: str
):
    request, begun = analyze(1), threading.Event()
    server.send(request)
    server.answers_until(protocol.AnalysisDone)
    monkeypatch.setattr(jobs_module._KeptCopy, "is_of", lambda _copy, _clip: False)
    monkeypatch.setattr(working_copy, "_copied", endless(begun, threading.Event()))
    explain = protocol.Explain(2, request.case_path, 1, 1, 0, "GradCAM")
    server.send(explain if what == "heat map" else protocol.WriteReport(2, request.case_path, 1, str(tmp_path / "r")))
    assert begun.wait(SECONDS)
    server.send(protocol.Cancel(2))
    stopped = server.answer()
    assert isinstance(stopped, protocol.Failed)
    assert (stopped.job, stopped.is_cancelled) == (2, True)
    assert not (tmp_path / "r").exists()


def test_an_error_of_the_program_in_a_heat_map_does_not_end_the_analysis(
    server: RunningServer,
    analyze: Callable[[int], protocol.Analyze],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def crash(*_: object, **__: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(CamMaker, "cam", crash)
    request = analyze(1)
    server.send(request, protocol.Explain(2, request.case_path, 1, 1, 0, "GradCAM"))
    answers = server.answers_until(protocol.AnalysisDone)
    (failed,) = [answer for answer in answers if isinstance(answer, protocol.Failed)]
    assert failed.job == 2
    assert "made an error while making a heat map" in failed.message
    assert isinstance(answers[-1], protocol.AnalysisDone)
    assert answers[-1].analysis.is_complete
    capsys.readouterr()


def test_the_end_of_the_requests_ends_the_server_and_closes_what_it_holds(monkeypatch: pytest.MonkeyPatch):
    closed: list[JobRunner] = []
    monkeypatch.setattr(JobRunner, "close", lambda runner: closed.append(runner))
    with RunningServer() as server:
        server.send(protocol.Explain(1, "/nonexistent/a.inspector", 1, 1, 0, "GradCAM"))
        assert isinstance(server.answer(), protocol.Failed)
    assert server.error is None
    assert len(closed) == 1


def test_bytes_that_are_no_request_end_the_server(capsys: pytest.CaptureFixture[str], own_log: Path):
    with RunningServer() as server:
        server.requests.write(b"\xff\xff\xff\xff junk")
        server.requests.flush()
        assert server.answer() is None
    assert server.error is None
    assert "made an error while reading requests" in capsys.readouterr().err
    assert "too long for this protocol" in own_log.read_text()


def test_the_process_itself_answers_on_a_clean_stdout_and_ends_with_its_stdin():
    request = protocol.pack(protocol.WriteReport(5, "/nonexistent/a.inspector", 1, "/nonexistent"))
    done = subprocess.run(launch.engine_command(), input=request, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    buffer, answers = bytearray(done.stdout), []
    while (body := protocol.take_body(buffer)) is not None:
        answers.append(protocol.unpack_answer(body))
    assert not buffer, "nothing but messages"
    names = [type(answer).__name__ for answer in answers]
    assert [name for name in names if name != "Working"] == ["Ready", "Failed"]
    assert names[0] == "Ready"
    assert names[-1] == "Failed", "nothing comes for a job after its end"


@pytest.mark.parametrize("seconds", [0.0, 1.0, 2.0])
def test_the_process_ends_cleanly_while_its_libraries_are_still_loading(seconds: float):
    with subprocess.Popen(launch.engine_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert protocol.read_body(process.stdout) is not None, "it is ready"  # type: ignore[arg-type]
        time.sleep(seconds)
        process.stdin.close()
        assert process.wait(SECONDS) == 0


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_of_the_terminal_ends_the_process_without_a_crash():
    with subprocess.Popen(
        launch.engine_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert protocol.read_body(process.stdout) is not None, "it is ready"  # type: ignore[arg-type]
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 1


def test_a_signal_to_all_processes_of_a_service_leaves_the_end_to_the_parent():
    with subprocess.Popen(
        launch.engine_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert protocol.read_body(process.stdout) is not None, "it is ready"  # type: ignore[arg-type]
        process.send_signal(signal.SIGTERM)
        process.stdin.close()
        assert process.wait(SECONDS) == 0


def test_the_engine_imports_nothing_from_the_working_directory(tmp_path: Path):
    for name in ("msgspec", "numpy", "inspector"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\n")
    subprocess.run(launch.engine_command(), stdin=subprocess.DEVNULL, cwd=tmp_path, timeout=SECONDS, check=True)
    assert not (tmp_path / "ran").exists()
