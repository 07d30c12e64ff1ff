"""What a scan takes in, and how it stands engines that crash, stall or talk nonsense."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from unittest.mock import Mock

import pytest

from inspector.domain.case import CaseInfo
from inspector.domain.errors import EngineError, OutputError
from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
from inspector.engine.process import launch, protocol
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.clip_scan import ClipScan, Stop
from inspector.engine.process.confine.access import Access
from inspector.engine.process.report_folders import ReportFolder, ReportFolders
from inspector.engine.process.scan import _held_folder, _make_folder, _run_threads, scan
from inspector.engine.process.stall import StallPolicy
from tests.engine.case.test_case_file import CLIP

READY = (
    "import sys; from inspector.engine.process import protocol as p; w = sys.stdout.buffer; "
    "w.write(p.pack(p.Ready(0, ()))); w.flush();"
)


def analyze(job: int) -> protocol.Message:
    return protocol.Analyze(job, "a", "b", Settings())


def test_an_output_folder_that_cannot_be_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is a file, not a folder"):
        _make_folder(tmp_path / "file")


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_a_folder_in_which_another_scan_is_at_work_is_refused(tmp_path: Path):
    """The summary of the one that ended first was lost to the other."""
    (tmp_path / "linked").symlink_to(tmp_path / "out")
    with _held_folder(tmp_path / "out"), pytest.raises(OutputError, match="linked is in use by another scan; wait"):
        scan([tmp_path / "missing.mp4"], tmp_path / "linked", Settings(), CaseInfo(), 1, Silent())
    assert not (tmp_path / "out" / "summary.json").exists()
    scan([tmp_path / "missing.mp4"], tmp_path / "linked", Settings(), CaseInfo(), 1, Silent())


def engine_of(monkeypatch: pytest.MonkeyPatch, code: str, seconds: float = 60.0) -> EngineProcess:
    monkeypatch.setattr(launch, "engine_command", lambda: [sys.executable, "-c", code])
    return EngineProcess(policy=StallPolicy(base_seconds=seconds, load_seconds=0.0))


@pytest.mark.parametrize(
    ("code", "seconds", "message"),
    [
        (
            READY + "import os; sys.stdin.buffer.read(8); os.kill(os.getpid(), 9)",
            60.0,
            "SIGKILL: killed by another program",
        ),
        (READY + "sys.stdin.buffer.read(8); sys.exit(3)", 60.0, "exit code 3: an error of the program"),
        (READY + "sys.stdin.buffer.read(8); w.write(b'\\xff' * 9); w.flush(); sys.stdin.read()", 60.0, "ended"),
        (READY + "import time; time.sleep(60)", 0.3, "no message"),
    ],
)
def test_an_engine_that_fails_is_ended_with_its_cause(
    monkeypatch: pytest.MonkeyPatch, code: str, seconds: float, message: str, capsys: pytest.CaptureFixture[str]
):
    with engine_of(monkeypatch, code, seconds) as engine:
        with pytest.raises(EngineError, match=message):
            list(engine.ask(analyze))
        assert engine._process is None
    capsys.readouterr()
    assert "answers" not in [t.name for t in threading.enumerate() if not t.daemon]


def test_after_a_crash_the_next_job_gets_a_fresh_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    marker = tmp_path / "crashed"
    code = READY + (
        f"import os, pathlib; m = pathlib.Path({str(marker)!r});\n"
        "body = p.read_body(sys.stdin.buffer)\n"
        "if not m.exists():\n    m.touch(); os.kill(os.getpid(), 11)\n"
        "w.write(p.pack(p.Failed(p.unpack_request(body).job, 'as asked'))); w.flush(); sys.stdin.read()"
    )
    with engine_of(monkeypatch, code) as engine:
        with pytest.raises(EngineError, match="SIGSEGV"):
            list(engine.ask(analyze))
        (answer,) = engine.ask(analyze)
        assert isinstance(answer, protocol.Failed)


def test_a_job_that_fails_at_once_does_not_say_that_the_libraries_are_loaded(monkeypatch: pytest.MonkeyPatch):
    code = READY + (
        "body = p.read_body(sys.stdin.buffer)\n"
        "w.write(p.pack(p.Failed(p.unpack_request(body).job, 'no such file'))); w.flush(); sys.stdin.read()"
    )
    with engine_of(monkeypatch, code) as engine:
        assert [type(answer) for answer in engine.ask(analyze)] == [protocol.Failed]
        assert not engine._is_loaded


def test_a_file_that_took_a_name_since_the_scan_began_gets_an_engine_that_may_read_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    clip, other = tmp_path / "a.mp4", tmp_path / "b.mp4"
    clip.write_bytes(b"one")
    other.write_bytes(b"two")
    with engine_of(monkeypatch, READY + "sys.stdin.read()") as engine:
        engine.allow(Access.to([clip]))
        engine.start()
        first = engine._process
        engine.allow(Access.to([clip]))
        engine.start()
        assert engine._process is first
        other.replace(clip)
        engine.allow(Access.to([clip]))
        engine.start()
        assert engine._process is not first


def test_an_engine_that_cannot_start_says_so_and_its_last_words_are_logged(
    monkeypatch: pytest.MonkeyPatch, own_log: Path
):
    engine = engine_of(monkeypatch, "raise ImportError('libmissing.so')")
    with engine, pytest.raises(EngineError, match=r"cannot start .*run inspector selftest") as raised:
        list(engine.ask(analyze))
    assert "damaged" not in str(raised.value)
    assert str(own_log) in str(raised.value)
    assert "libmissing.so" in own_log.read_text()


def test_of_a_crash_the_beginning_is_logged_too(monkeypatch: pytest.MonkeyPatch, own_log: Path):
    """It has the cause and the stack that crashed; those of some ten other threads follow."""
    code = READY + (
        "import os; sys.stdin.buffer.read(8); print('Fatal Python error: the cause', file=sys.stderr);"
        "print('  File a_module.py, line 1 in work; ' * 400, file=sys.stderr, flush=True); os.kill(os.getpid(), 11)"
    )
    with engine_of(monkeypatch, code) as engine, pytest.raises(EngineError, match="SIGSEGV"):
        list(engine.ask(analyze))
    assert "Fatal Python error: the cause" in own_log.read_text()


def test_a_process_that_ends_while_it_writes_a_report_leaves_no_draft(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_log: Path
):
    (tmp_path / ".report-abc" / "figures").mkdir(parents=True)
    (tmp_path / "frames.csv").write_text("of a former report")
    folders = ReportFolders(tmp_path, Settings(), "m")
    clip_scan = ClipScan(tmp_path, Settings(), CaseInfo(), Mock(), folders, Stop())
    code = READY + "import os; sys.stdin.buffer.read(8); os.kill(os.getpid(), 9)"
    with engine_of(monkeypatch, code) as engine, pytest.raises(EngineError, match="SIGKILL"):
        clip_scan._write_report(engine, tmp_path / "a.mp4", ReportFolder(tmp_path), 1)
    assert [path.name for path in tmp_path.iterdir() if path != own_log.parents[2]] == ["frames.csv"]


class Silent:
    """Progress that nobody sees."""

    def stage(self, *_: object) -> None: ...
    def started(self, *_: object) -> None: ...
    def worked(self, *_: object) -> None: ...
    def advanced(self, *_: object) -> None: ...
    def warned(self, *_: object) -> None: ...
    def stopping(self) -> None: ...
    def finished(self, _clip: object) -> None:
        raise RuntimeError("the terminal is gone")


def test_an_error_of_the_program_costs_one_input_and_not_the_scan(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def crash(_case: CaseFile, _info: CaseInfo) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("inspector.engine.process.clip_scan.fill_cover", crash)
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_bytes(b"\x00" * 64 + name.encode())
    summary = scan([tmp_path / "a.mp4", tmp_path / "b.mp4"], tmp_path / "out", Settings(), CaseInfo(), 1, Silent())
    assert [clip.status for clip in summary.clips] == ["failed", "failed"]
    assert all("Deepfake Inspector made an error while scanning" in clip.reason for clip in summary.clips)
    capsys.readouterr()


def test_a_signal_within_that_of_another_does_not_wait_for_itself(monkeypatch: pytest.MonkeyPatch):
    """A terminal that is closed sends two, and the second may come while the first is being noted."""
    stop, known, calls = Stop(), threading.Event.set, list[int]()

    def noted(event: threading.Event) -> None:
        calls.append(1)
        if len(calls) < 9:
            stop.interrupt(signal.SIGHUP)
        known(event)

    monkeypatch.setattr(Stop, "set", noted)
    stop.interrupt(signal.SIGINT)
    assert (stop.number, calls, stop.is_set()) == (signal.SIGINT, [1], True)


@pytest.mark.usefixtures("interruptible")
def test_a_second_signal_at_the_end_of_a_scan_does_not_cost_its_summary(tmp_path: Path):
    class Closed(Silent):
        def finished(self, *_: object) -> None:
            signal.raise_signal(signal.SIGINT)

    scan([tmp_path / "missing.mp4"], tmp_path / "out", Settings(), CaseInfo(), 1, Closed())
    assert (tmp_path / "out" / "summary.json").is_file()


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_scan_waits_for_what_is_under_way():
    """Else its summary calls a clip interrupted whose report is being written, and ends the process that does it."""
    stop, ended, progress = Stop(), list[bool](), Mock()

    def work() -> None:
        if not stop.is_set():
            os.kill(os.getpid(), signal.SIGINT)
        is_told = stop.wait(60)
        time.sleep(0.5)  # a report is written
        ended.append(is_told)

    _run_threads([threading.Thread(target=work) for _ in range(2)], stop, progress)
    assert ended == [True, True]
    progress.stopping.assert_called_once()
    assert stop.number == signal.SIGINT
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_scan_goes_on_without_the_key_that_signs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A read-only or broken folder of the user's data is no reason to leave the evidence unread."""
    (tmp_path / "Deepfake Inspector").mkdir()
    (tmp_path / "Deepfake Inspector" / "installation.key").write_bytes(b"broken")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder, progress = ReportFolder(tmp_path), Mock()
    with CaseFile.open(folder.case_path) as case:
        number = case.begin(CLIP, Settings(), "m")
    folders = ReportFolders(tmp_path, Settings(), "m")
    one = ClipScan(tmp_path, Settings(), CaseInfo(), progress, folders, Stop())
    told = one._sign(Path(CLIP.path), folder, number)
    one._sign(Path(CLIP.path), folder, number, told)  # again at the end of the analysis
    (warning,) = progress.warned.call_args_list
    assert "is not signed: " in warning.args[1]
    assert "installation.key is not the key that signs results" in warning.args[1]


def test_an_engine_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(launch, "engine_command", lambda: ["/nonexistent/engine"])
    expected = r"cannot be started \(/nonexistent/engine: No such"
    with EngineProcess() as engine, pytest.raises(EngineError, match=expected):
        list(engine.ask(analyze))
