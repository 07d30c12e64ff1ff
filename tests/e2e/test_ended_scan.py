"""A scan is ended from outside: it says so, keeps what is done, writes its summary, and leaves no process behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import inspector
from inspector.engine.case.case_file import CaseFile
from tests.e2e.conftest import SIGNALS

PROGRAM = Path(inspector.__file__).resolve().parents[1]
SCAN = """
import sys
from inspector.engine.process import launch
launch.engine_command = lambda: ["env", "FAKE_ENGINE_SLEEP_MS=500", sys.executable, "-m", "tests.ui.fake_engine"]
from inspector.__main__ import main
sys.exit(main(sys.argv[1:]))
"""

pytestmark = [
    pytest.mark.usefixtures("default_signals"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc"),
]


def started(clips: list[Path], out: Path) -> subprocess.Popen[str]:
    """A scan whose first analysis has begun."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment |= {"PYTHONPATH": str(PROGRAM)}
    command = [sys.executable, "-c", SCAN, "scan", *map(str, clips), "--out", str(out), "--report", "none"]
    process = subprocess.Popen(
        command, env=environment, cwd=PROGRAM, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    begun = next((line for line in process.stderr if "analysing" in line), None)
    assert begun is not None, process.communicate()[1]
    return process


def children(process: subprocess.Popen[str]) -> list[Path]:
    """The processes that a process has started, as files that last as long as they do."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [Path("/proc", number) for number in listed.split()]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_a_scan_with_its_summary(face_clip: Path, tmp_path: Path, number: signal.Signals):
    clips = [tmp_path / "in" / name for name in ("a.mp4", "b.mp4")]
    clips[0].parent.mkdir()
    for n, clip in enumerate(clips):
        clip.write_bytes(face_clip.read_bytes() + b"\0" * n)
    process = started(clips, tmp_path / "out")
    engines = children(process)
    process.send_signal(number)
    printed, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert "Stopping: " in said
    assert "Traceback" not in said
    assert "not analysed: 2 inputs: The scan was interrupted; run the same command again to continue." in printed
    assert engines
    while any(engine.exists() for engine in engines):
        time.sleep(0.05)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert [clip["status"] for clip in summary["clips"]] == ["failed", "failed"]
    assert (tmp_path / "out" / "summary.html").is_file()
    (path,) = (tmp_path / "out").rglob("*.inspector")
    with CaseFile.open(path, create=False) as case:
        assert list(case.read(1).frames()), "what is done is kept"


def test_a_signal_that_is_ignored_ends_no_scan(face_clip: Path, tmp_path: Path):
    """As of a scan that was started with nohup."""
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = started([face_clip], tmp_path / "out")
    finally:
        signal.signal(signal.SIGHUP, former)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=60)
    assert process.returncode == 0
