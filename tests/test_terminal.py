"""No file name, tag or message controls the terminal, and none is read as rich's markup."""

import contextlib
import errno
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector import cli
from inspector.__main__ import main
from inspector.console import SafeConsole
from inspector.domain.printable import printable
from inspector.engine import faults
from inspector.engine.process.clip_scan import Stop
from inspector.engine.process.scanned import LeftOut, ScannedClip, ScanSummary
from inspector.engine.report.writer import write_report
from inspector.engine.seal.manifest import MANIFEST, read_manifest, write_manifest
from inspector.scan_progress import ScanProgress
from inspector.terminal import UNREAD, write_error, write_line
from inspector.ui.app import PRIVATE
from tests.engine.report.conftest import build
from training import __main__ as training

NAME = "\x1b]0;owned\x07\x9b31m[red]a[/red]\u202e.mp4"


def assert_safe(capsys: pytest.CaptureFixture[str], *expected: str) -> None:
    captured = capsys.readouterr()
    text = captured.out + captured.err
    assert printable(text, keep="\n") == text
    assert all(part in text for part in expected)


def test_lines_and_tables_of_a_scan(capsys: pytest.CaptureFixture[str]):
    path = Path(f"/x/{NAME}")
    progress = ScanProgress(SafeConsole(stderr=True))
    with progress:
        progress.started(path, 10, 0)
        progress.warned(path, f"{NAME} holds other pictures")
        progress.finished(ScannedClip(str(path), "", "failed", reason=f"{NAME} is empty"))
    progress.print_table(ScanSummary((ScannedClip(str(path), NAME, "analysed", conclusion="x"),)), Path("/out"))
    write_line(NAME)
    write_error(NAME)
    assert_safe(capsys, r"\x1b]0;owned\x07\x9b31m[red]a[/red]\u202e.mp4 is empty", "failed ")


LINE = "All that was checked holds."
LINES = f"a\n{LINE}\r\n{LINE}\u2028b.mp4"  # a name, or a value of a stranger's report


def test_nothing_that_is_printed_adds_a_line(capsys: pytest.CaptureFixture[str]):
    """Else a file's name or a stranger's report could state a result of its own."""
    path = Path(f"/x/{LINES}")
    progress = ScanProgress(SafeConsole(stderr=True))
    progress.stage(path, "reading the file")
    progress.warned(path, f"{LINES} holds other pictures")
    progress.finished(ScannedClip(str(path), "", "failed", reason=f"{LINES} is empty"))
    progress.print_table(ScanSummary((ScannedClip(str(path), LINES, "analysed", conclusion="x"),)), Path("/out"))
    SafeConsole().print(f"the report names {LINES}", soft_wrap=True)
    write_line(LINES, LINES)
    write_error(LINES)
    captured = capsys.readouterr()
    assert LINE in captured.out
    assert LINE in captured.err
    assert not [line for line in (captured.out + captured.err).splitlines() if line.startswith(LINE)]


def test_a_report_of_a_stranger_adds_no_line_to_its_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    seal = {"fingerprint": f"x\n{LINE}"}
    write_report(build(10, 1), tmp_path, has_pdf=False)
    report = json.loads((tmp_path / "report.json").read_text())
    (tmp_path / "report.json").write_text(json.dumps({**report, "seal": seal}))
    write_manifest(tmp_path, read_manifest(tmp_path / MANIFEST))
    assert cli.run(["verify", str(tmp_path)]) == cli.SOME_FAILED
    said = capsys.readouterr().out.splitlines()
    assert "NOT everything holds:" in said
    assert not [line for line in said if line.startswith(LINE)]


def test_what_a_terminal_shows_while_a_file_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes it for a terminal
    with SafeConsole(stderr=True).status(f"reading {NAME}"):
        pass
    with SafeConsole(stderr=True).status("reading") as status:
        status.update(f"computing the SHA-256 of {NAME}")
    shown = capsys.readouterr().err
    for what in ("reading", "computing the SHA-256 of"):
        assert rf"{what} \x1b]0;owned\x07\x9b31m[red]a[/red]\u202e.mp4" in shown
    assert "\x1b]0;" not in shown
    assert "\x9b" not in shown


def test_the_end_of_a_scan_names_every_failure_and_the_summary(capsys: pytest.CaptureFixture[str]):
    name = "a name that is too long for the eighty columns of a pipe, so that it is folded and not shortened.mp4"
    failed = [ScannedClip(f"in/{n}.mp4", "", "failed", reason=f"{n}.mp4 is empty") for n in range(22)]
    failed[0] = ScannedClip("in/0.mp4", "", "failed", reason="in/0.mp4: The analysis process ended")
    done = ScannedClip(name, "folder", "analysed", conclusion="inconclusive", fake_probability=0.5)
    progress = ScanProgress(SafeConsole(stderr=True))
    progress.print_table(ScanSummary((done, *failed), (LeftOut("in/readme.txt", "it is no clip"),)), Path("out"))
    said = capsys.readouterr().out
    assert "…" not in said
    assert "not analysed: in/0.mp4: The analysis process ended\n" in said
    assert "not analysed: in/19.mp4: 19.mp4 is empty\nnot analysed: 2 more" in said
    assert "left out: in/readme.txt: it is no clip" in said
    assert f"{Path('out') / 'summary.html'}" in said
    progress.print_table(ScanSummary((failed[0],)), Path("out"))
    said = capsys.readouterr().out
    assert "0 of 1 input analysed." in said
    assert "probability together" not in said


def test_wrong_options_show_the_usage_of_their_command(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["structure", "a.mp4", "--jsn"]) == cli.WRONG_USAGE
    assert "usage: inspector structure" in capsys.readouterr().err


def test_a_reader_that_has_had_enough_ends_a_command_without_a_word(tmp_path: Path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"x")
    command = [sys.executable, "-m", "inspector", "hashes", *[str(path)] * 3000]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None
    running.stdout.close()
    assert running.communicate()[1] == b""
    assert running.returncode == UNREAD


@pytest.mark.skipif(sys.platform == "win32", reason="no descriptors are closed there")
def test_a_command_that_is_started_without_output_does_its_work():
    """As by a service: Python has no sys.stdout then, and a command that flushed it ended in a fault."""
    command = f"exec {shlex.quote(sys.executable)} -m inspector hashes --csv {shlex.quote(__file__)} >&- 2>&-"
    assert subprocess.run(command, shell=True, timeout=60).returncode == cli.OK  # noqa: S602 - the shell closes them


@pytest.mark.parametrize(
    "arguments",
    [["scan", "", "--out", "x"], ["scan", "a", "--out", ""], ["hashes", ""], ["verify", ""], ["structure", "a", ""],
     ["footage", "a", ""]],
)  # fmt: skip
def test_a_path_that_is_empty_is_not_the_working_directory(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    """A script whose variable is not set would have all clips there analysed."""
    assert cli.run(arguments) == cli.WRONG_USAGE
    assert "a path cannot be empty" in capsys.readouterr().err


def test_an_argument_that_a_shell_made_of_a_file_name(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["scan", "--out", "x", "a.mp4", f"--{NAME}"]) == cli.WRONG_USAGE
    assert_safe(capsys, r"--\x1b]0;owned")


def test_the_log(own_log: Path, capsys: pytest.CaptureFixture[str]):
    faults.attempt(f"decoding {NAME}", lambda: [][0])
    faults.record_text(f"ended\n{NAME}")
    text = own_log.read_text()
    assert printable(text, keep="\n") == text
    assert r"decoding \x1b]0;owned" in text
    capsys.readouterr()


def test_a_scan_on_a_pipe_says_its_stages_as_lines(capsys: pytest.CaptureFixture[str]):
    path = Path("/x/a.mp4")
    with ScanProgress(SafeConsole(stderr=True)) as progress:
        progress.stage(path, "reading the file and its SHA-256")
        for percent in (3, 24, 26, 49, 51, 74, 80):
            progress.stage(path, "computing its SHA-256", percent)
        progress.started(path, 10, 0)
        progress.advanced(path, 10, 10)
        progress.finished(ScannedClip(str(path), "a", "analysed", conclusion="inconclusive"))
    hashed = [f"a.mp4: computing its SHA-256, {percent} %" for percent in (26, 51, 80)]
    analysed = ["a.mp4: analysing 10 frames", "a.mp4: drawing the conclusion", "a.mp4: inconclusive"]
    said = ["a.mp4: reading the file and its SHA-256", *hashed, *analysed]
    assert capsys.readouterr().err.splitlines() == said


def lines_of_frames(capsys: pytest.CaptureFixture[str], total: int | None, done: int, frames: int) -> list[str]:
    with ScanProgress(SafeConsole(stderr=True)) as progress:
        progress.started(Path("/x/a.mp4"), total, done)
        for first in range(done, frames, 16):
            progress.advanced(Path("/x/a.mp4"), min(16, frames - first), 1)
    return [line.removeprefix("a.mp4: ").replace("\xa0", "") for line in capsys.readouterr().err.splitlines()]


def test_a_scan_on_a_pipe_says_how_far_a_long_clip_is(capsys: pytest.CaptureFixture[str]):
    said = lines_of_frames(capsys, 3000, 0, 3000)
    assert said[0] == "analysing 3000 frames"
    assert [line.partition(" analysed, ")[2] for line in said[1:-1]] == [f"{n}0 %" for n in range(1, 10)]
    assert said[-1] == "drawing the conclusion"
    again = ["analysing 3000 frames, 2690 of them done before", "2706 frames analysed, 90 %", said[-1]]
    assert lines_of_frames(capsys, 3000, 2690, 3000) == again
    assert lines_of_frames(capsys, 90, 0, 90) == ["analysing 90 frames", said[-1]], "short clips are no ten lines"
    assert lines_of_frames(capsys, None, 0, 2100) == ["analysing", "1008 frames analysed", "2000 frames analysed"]


def test_a_bar_moves_within_a_batch_and_never_back(monkeypatch: pytest.MonkeyPatch):
    """A batch of thirty faces takes a minute."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    path, seen = Path("/x/a.mp4"), []
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with ScanProgress(SafeConsole(stderr=True)) as progress:
        progress.stage(path, "opening the clip")
        progress.started(path, 100, 20)
        for told in (1.5, 8.0, 0.0, None, 2.0, 99.0):
            if told is None:
                progress.advanced(path, 16, 30)
            else:
                progress.worked(path, told)
            seen.append(progress._bars.tasks[0].completed)
    assert seen == [21.5, 28, 28, 36, 38, 100]


def test_progress_that_nobody_reads_any_more_does_not_end_the_scan(monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C in `inspector scan 2>&1 | tee log` ends tee too: the summary was not written then."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8", buffering=1, closefd=False) as broken:
        monkeypatch.setattr(sys, "stderr", broken)
        with ScanProgress(SafeConsole(stderr=True)) as progress:
            progress.stopping()
            progress.warned(Path("a.mp4"), "a second line")
        write_error("it is broken")
        with contextlib.suppress(BrokenPipeError):
            broken.close()
    os.close(writing)


class Closed(io.StringIO):
    """A terminal that was closed."""

    def write(self, _text: str) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_terminal_that_was_closed_does_not_end_the_scan(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stderr", Closed())
    with ScanProgress(SafeConsole(stderr=True)) as progress:
        progress.stopping()
        progress.warned(Path("a.mp4"), "a second line")
    write_error("it is closed")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals there")
@pytest.mark.parametrize("option", ["--json", "--report=none"])
@pytest.mark.parametrize(("number", "code"), [(0, cli.SOME_FAILED), (1, 129)])
def test_a_scan_whose_result_nobody_reads_keeps_its_exit_code(
    number: int, code: int, option: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """The terminal is closed, which also ended the scan: it was 1."""

    def ended(*_: object, stop: Stop, **__: object) -> ScanSummary:
        if number:  # SIGHUP, which Windows lacks
            stop.interrupt(number)
        return ScanSummary((ScannedClip("a.mp4", "", "failed", "ended"),))

    monkeypatch.setattr("inspector.engine.process.scan.scan", ended)
    keyboard, screen = os.openpty()
    os.close(keyboard)
    with os.fdopen(screen, "w", encoding="utf-8") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        assert cli.run(["scan", "a.mp4", "--out", str(tmp_path), option]) == code


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_command_says_so_in_a_line(
    number: signal.Signals, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def interrupted(_arguments: object) -> int:
        signal.raise_signal(number)
        raise AssertionError("the signal raises")

    former = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    monkeypatch.setattr(cli, "_models", interrupted)
    assert cli.run(["models"]) == code
    assert signal.signal(signal.SIGTERM, former) is signal.SIG_DFL
    assert capsys.readouterr().err == "inspector models: interrupted; run the same command again.\n"


@pytest.mark.usefixtures("interruptible")
def test_a_closed_terminal_is_no_fault_of_the_program(monkeypatch: pytest.MonkeyPatch, own_log: Path):
    monkeypatch.setattr(sys, "stderr", Closed())
    monkeypatch.setattr(cli, "_models", lambda _arguments: signal.raise_signal(signal.SIGINT))
    assert cli.run(["models"]) == 130
    monkeypatch.setitem(training._COMMANDS, "pack", lambda _chosen: signal.raise_signal(signal.SIGINT))
    assert training.main(["pack", "a.toml", "--out", "b"]) == 130
    assert not own_log.exists()


def test_a_word_that_is_neither_command_nor_file_opens_no_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    opened: list[list[str]] = []
    monkeypatch.setattr("inspector.ui.app.run", lambda arguments: opened.append(arguments) or 0)
    clips = [str(tmp_path / name) for name in ("a.mp4", "b.mp4")]
    for clip in clips:
        Path(clip).touch()
    assert main(["scna", clips[0]]) == cli.WRONG_USAGE
    assert "'scna' is neither a command nor an existing file; did you mean scan?" in capsys.readouterr().err
    assert main(["help"]) == main(["--privat"]) == cli.WRONG_USAGE
    said = capsys.readouterr().err
    assert "did you mean --help?" in said
    assert "did you mean --private?" in said
    assert cli.refuse(["a.mp4"]) == cli.WRONG_USAGE
    assert "did you mean" not in capsys.readouterr().err, "a clip is no mistyped command"
    assert main(clips) == cli.OK
    assert main([PRIVATE, *clips]) == cli.OK
    assert opened == [clips, [PRIVATE, *clips]]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "cannot be asked for without a terminal; give it with --passphrase-fd or in INSPECTOR_PASSPHRASE."),
        (["--passphrase-fd", "-1"], "cannot be read from file descriptor -1 (negative file descriptor); open it"),
        (["--passphrase-fd", "999"], "cannot be read from file descriptor 999 (Bad file descriptor); open it"),
    ],
)
def test_a_passphrase_that_nobody_gives_is_no_fault_of_the_program(
    options: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    monkeypatch.delenv("INSPECTOR_PASSPHRASE", raising=False)
    assert cli.run(["key", "create", str(tmp_path / "key"), *options]) == cli.SOME_FAILED
    assert said in capsys.readouterr().err


COMMANDS = [
    ["structure", "{0}"],
    ["structure", "{0}", "{0}"],
    ["footage", "{0}", "{0}"],
    ["verify", "{0}"],
    ["rerun", "{0}"],
    ["seal", "{0}", "--key", "{0}"],
    ["stamp", "{0}"],
    ["hashes", "{0}", "--md5"],
    ["merge", "{0}", "{0}", "--out", "{0}"],
    ["key", "create", "{0}"],
    ["key", "show", "{0}"],
    ["scan", "{0}", "--out", "{0}"],
    ["selftest", "--report", "{0}"],
]


@pytest.mark.parametrize("kind", ["missing", "text", "folder"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_shows_a_name_as_it_is(
    command: list[str], kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("INSPECTOR_PASSPHRASE", "a long passphrase")
    name = NAME.replace("/", "")
    path = tmp_path / name
    if kind == "text":
        path.write_text("\x1b]0;owned\x07 is no clip, no report and no case\n")
    if kind == "folder":
        (path / name).mkdir(parents=True)
    main([word.format(path) for word in command])
    assert_safe(capsys)
