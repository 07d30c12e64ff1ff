"""No file name, tag or message controls the terminal, and none is read as rich's markup."""

from pathlib import Path

import pytest

from inspector import cli
from inspector.__main__ import main
from inspector.domain.printable import printable
from inspector.engine import faults
from inspector.engine.process.scanned import ScannedClip, ScanSummary
from inspector.scan_progress import ScanProgress
from inspector.terminal import SafeConsole, write_error, write_line
from inspector.ui.app import PRIVATE

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
    said = ["a.mp4: reading the file and its SHA-256", *hashed, "a.mp4: analysing 10 frames", "a.mp4: inconclusive"]
    assert [line for line in capsys.readouterr().err.splitlines() if line] == said


def test_a_word_that_is_neither_command_nor_file_opens_no_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    opened: list[list[str]] = []
    monkeypatch.setattr("inspector.ui.app.run", lambda arguments: opened.append(arguments) or 0)
    clips = [str(tmp_path / name) for name in ("a.mp4", "b.mp4")]
    for clip in clips:
        Path(clip).touch()
    assert main(["scna", clips[0]]) == cli.WRONG_USAGE
    assert "'scna': no such file, and no command" in capsys.readouterr().err
    assert main(clips) == cli.OK
    assert main([PRIVATE, *clips]) == cli.OK
    assert opened == [clips, [PRIVATE, *clips]]


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
