"""Errors of the program: logged once with their traceback, in a bounded log, and named as ours in one sentence."""

import subprocess
import sys
import threading
from pathlib import Path

import av
import pytest

from inspector.domain.errors import ClipError, FaultError, InspectorError
from inspector.engine import faults


@pytest.fixture(autouse=True)
def quiet(capsys: pytest.CaptureFixture[str]):
    """The hooks as they were, and nothing of the tracebacks on the screen."""
    yield
    faults.remove()
    capsys.readouterr()


def crash(number: int = 0) -> float:
    return 1 / number


def caught(error: BaseException, doing: str = "analysing a.mp4") -> InspectorError:
    try:
        raise error
    except BaseException as raised:  # noqa: BLE001 - what is caught is the matter of the test
        return faults.describe(raised, doing)


def test_an_error_of_the_program_is_named_as_ours_and_logged_with_its_traceback(own_log: Path):
    error = faults.attempt("analysing a.mp4", crash)
    assert isinstance(error, FaultError)
    text = str(error)
    assert text.startswith(
        "Deepfake Inspector made an error while analysing a.mp4 (ZeroDivisionError: division by zero);"
    )
    assert "the evidence and the stored results are not affected" in text
    assert str(own_log) in text
    assert "damaged" not in text
    assert "\n" not in text
    log = own_log.read_text()
    assert "while analysing a.mp4" in log
    assert "in crash" in log
    assert "ZeroDivisionError" in log
    assert faults.report_of(text) in log


def test_an_expected_error_passes_unchanged_and_is_not_logged(own_log: Path):
    expected = ClipError("a.mp4 is empty; choose another file.")
    assert caught(expected) is expected
    assert not own_log.exists()


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes")]
)
def test_a_lack_of_memory_is_no_error_of_the_program(error: Exception):
    found = caught(error)
    assert not isinstance(found, FaultError)
    assert "not enough memory" in str(found)


def test_what_the_system_refuses_is_named(own_log: Path):
    text = str(caught(OSError(28, "No space left on device", "/x/case.inspector")))
    assert text.startswith("Analysing a.mp4 failed (No space left on device: /x/case.inspector); check the disk")
    assert "No space left" in own_log.read_text()


def test_an_error_of_ffmpeg_is_the_files(own_log: Path):
    text = str(caught(av.error.InvalidDataError(1, "Invalid data found when processing input")))
    assert text.startswith("FFmpeg failed while analysing a.mp4")
    assert "may be damaged" in text
    assert "InvalidDataError" in own_log.read_text()


def test_the_same_place_is_logged_once(own_log: Path):
    for _ in range(5):
        faults.attempt("filtering", crash)
    assert own_log.read_text().count("ZeroDivisionError") == 1


def test_a_boundary_lets_no_exception_out_and_all_interrupts(own_log: Path):
    answers: list[InspectorError] = []

    @faults.Boundary("guessing", answers.append)
    def guess(kind: type[BaseException]) -> str:
        raise kind("wrong")

    assert guess(KeyError) is None
    assert [type(answer) for answer in answers] == [FaultError]
    with pytest.raises(KeyboardInterrupt):
        guess(KeyboardInterrupt)


def test_a_large_log_is_renamed_and_a_large_entry_shortened(own_log: Path):
    own_log.parent.mkdir(parents=True)
    own_log.write_text("x" * (faults.LARGEST_LOG + 1))
    caught(RuntimeError("first " + "y" * 500_000 + " last"))
    assert own_log.with_name("faults.old.log").stat().st_size == faults.LARGEST_LOG + 1
    assert own_log.stat().st_size < 70_000
    log = own_log.read_text()
    assert "RuntimeError: first yy" in log
    assert "yy last" in log


def test_a_log_that_cannot_be_written_is_said(own_log: Path, capsys: pytest.CaptureFixture[str]):
    own_log.parent.parent.mkdir(parents=True)
    own_log.parent.write_text("a file in the place of the folder")
    assert "could not be written" in str(faults.attempt("filtering", crash))
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_threads_log_at_the_same_time_without_mixing_their_entries(own_log: Path):
    def fail(number: int) -> None:
        faults.record_text(f"begin {number} " + "z" * 10_000 + f" end {number}")

    threads = [threading.Thread(target=fail, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = [line for line in own_log.read_text().splitlines() if line.startswith("begin")]
    assert len(entries) == 20
    assert all(entry.split()[1] == entry.split()[-1] for entry in entries)


def test_uncaught_errors_go_to_the_log_and_to_who_shows_them(own_log: Path):
    shown: list[InspectorError] = []
    before = sys.excepthook, threading.excepthook
    faults.install("test", shown.append, prints=False)
    thread = threading.Thread(target=crash)
    thread.start()
    thread.join()
    sys.excepthook(RuntimeError, RuntimeError("the moon fell"), None)
    faults.remove()
    assert (sys.excepthook, threading.excepthook) == before
    assert [type(error) for error in shown] == [FaultError, FaultError]
    assert "the moon fell" in str(shown[1])
    assert ", test, Python" in own_log.read_text()


def test_the_command_line_names_the_error_and_the_log(own_log: Path):
    code = (
        "import sys; from inspector import cli; from inspector.engine.model import bundle\n"
        "bundle.list_bundles = lambda: 1 / 0\n"
        "sys.exit(cli.run(['models']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        "inspector: Deepfake Inspector made an error while running inspector models (ZeroDivisionError"
    )
    assert str(own_log) in line
    assert "ZeroDivisionError" in own_log.read_text()


def test_where_an_exception_comes_from_is_told_by_its_traceback():
    with pytest.raises(ValueError, match="bad") as ours:
        int("bad")
    with pytest.raises(av.error.FFmpegError) as theirs:
        av.open("/nonexistent/a.mp4")
    assert not faults.is_raised_in(ours.value, "av")
    assert faults.is_raised_in(ours.value, "tests")
    assert faults.is_raised_in(theirs.value, "av")
    assert not faults.is_raised_in(KeyError(), "av"), "never raised"
