"""Every file and socket that the program asks the system for, recorded by strace: nothing leaves the machine.

It also counts what libraries do behind Python's back: FFmpeg, Qt, PyTorch, MediaPipe.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import inspector
from tests.clips import make_clip, moving_portrait
from tests.fakes import make_bundle

PROGRAM = Path(inspector.__file__).resolve().parents[1]
STRACE = shutil.which("strace")
pytestmark = pytest.mark.skipif(STRACE is None, reason="strace is not installed")

# The operating system and the interpreter with its packages; no user's data.
SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc",
    "/proc",
    "/sys",
    "/dev",
    "/opt",
    "/var/cache/fontconfig",
    "/var/lib/dbus",
)
# PyTorch and pyqtgraph look for CUDA's libraries, matplotlib (which MediaPipe imports) for fonts.
LIBRARIES_ASK = ("ldconfig", "fc-list")
CALL = re.compile(
    r'^\d+ +(?P<call>\w+)\((?:AT_FDCWD(?:<[^>]*>)?, |\d+<(?P<folder>[^>]*)>, )?"(?P<path>[^"]*)"(?P<rest>.*)$'
)
WRITES = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC)")
USER = """
import sys
sys.path.insert(0, {program!r})
from PySide6.QtCore import QSettings
from inspector.engine.filters.table import default_step
from inspector.ui import app
from tests.e2e.script import run_through

def user(window):
    yield lambda: window.session.shown is not None
    window.book["analyse"].trigger()
    yield lambda: window.session.analysis is not None and window.session.job is None
    window.book["frame_on"].trigger()
    yield lambda: window.session.shown.index == 1
    window.session.set_filters((default_step("gamma"),))
    yield lambda: window.session.shown.chain
    # What decodes belongs to the process of the player, which is confined.
    assert not {{"av", "pillow_heif", "inspector.engine.decode.decoder"}} & set(sys.modules)

app.make_application()
QSettings().setValue("was_used", "yes")
sys.exit(run_through([{clip!r}], user))
"""


class Recorded:
    """A home of its own with a file that nobody asked for, a clip and a model, and what a command did there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("home", "evidence", "out", "temporary"):
            (folder / name).mkdir()
        (folder / "home" / "diary.txt").write_text("private")
        (folder / "evidence" / "other.txt").write_text("private")
        self.clip = make_clip(
            folder / "evidence" / "clip.mp4", frames=12, size=(320, 240), fps=24, picture=moving_portrait()
        )
        self.bundle = make_bundle(folder / "bundle")
        self.calls: list[str] = []

    def run(self, arguments: list[str]) -> str:
        """Run Python with these arguments and return what it prints."""
        assert STRACE is not None
        trace = self.folder / "trace"
        follow = [STRACE, "-f", "--seccomp-bpf", "-qq", "-y", "-s", "4096", "-o", str(trace)]
        calls = ["-e", "trace=open,openat,openat2,creat,socket,connect,execve"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "COV"))}
        environment |= {
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "temporary"),
            "PYTHONPATH": str(PROGRAM),
            "PYTHONDONTWRITEBYTECODE": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }
        done = subprocess.run(
            [*follow, *calls, sys.executable, *arguments],
            env=environment, cwd=PROGRAM, capture_output=True, text=True, timeout=280, check=False,
        )  # fmt: skip
        self.calls = trace.read_text(encoding="utf-8", errors="replace").splitlines()
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sockets(self) -> list[str]:
        """The calls that open a socket of any kind, or connect one."""
        return [line for line in self.calls if re.match(r"\d+ +(socket|connect)\(", line)]

    def programs(self) -> list[str]:
        """The programs that were started."""
        return [match["path"] for match in self._matches("execve") if match["rest"].rstrip().endswith("= 0")]

    def opened(self, *, written: bool) -> set[Path]:
        """The files that were opened, or only those that were opened for writing."""
        found = set()
        for match in self._matches("open", "openat", "openat2", "creat"):
            if re.search(r"= \d", match["rest"]) and (not written or WRITES.search(match["rest"])):
                found.add(Path(os.path.normpath(Path(match["folder"] or PROGRAM, match["path"]))))
        return found

    def _matches(self, *names: str) -> list[re.Match[str]]:
        matches = (CALL.match(line) for line in self.calls)
        return [match for match in matches if match and match["call"] in names]


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path)


def is_below(path: Path, *folders: str | Path) -> bool:
    return any(path == Path(folder) or path.is_relative_to(folder) for folder in folders)


def check(recorded: Recorded, *results: Path) -> None:
    """No socket, no other program, no file but the system's, the program's, the evidence and the results."""
    folder = recorded.folder
    own = (folder / "home" / ".local", folder / "home" / ".config", folder / "home" / ".cache", folder / "temporary")
    assert recorded.sockets() == []
    assert {Path(program).name for program in recorded.programs()} <= {Path(sys.executable).name, *LIBRARIES_ASK}
    prefixes = {sys.prefix, sys.base_prefix, *filter(None, sys.path), str(PROGRAM)}
    reads: tuple[str | Path, ...] = (*SYSTEM, *prefixes, recorded.clip, recorded.bundle, *results, *own)
    opened = recorded.opened(written=False)
    assert recorded.clip in opened, "the recorder sees the evidence"
    assert sorted(path for path in opened if not is_below(path, *reads)) == []
    written = recorded.opened(written=True)
    assert sorted(path for path in written if not is_below(path, "/dev", "/proc/self", *results, *own)) == []
    assert (folder / "home" / "diary.txt").read_text() == "private"


def test_a_scan_and_its_rerun_touch_nothing_else(recorded: Recorded) -> None:
    out = recorded.folder / "out"
    settings = ["--model", str(recorded.bundle), "--report", "json"]
    recorded.run(["-m", "inspector", "scan", str(recorded.clip), "--out", str(out), *settings])
    check(recorded, out)
    report = next(out.rglob("report.json"))
    recorded.run(
        ["-m", "inspector", "rerun", str(report), "--evidence", str(recorded.clip), "--model", str(recorded.bundle)]
    )
    check(recorded, out)


def test_a_scan_needs_no_network_at_all(recorded: Recorded) -> None:
    """In a network namespace of its own there is not even a way to this machine itself."""
    unshare = shutil.which("unshare")
    alone = [unshare or "", "--map-root-user", "--net"]
    if unshare is None or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody make a network namespace")
    out = recorded.folder / "out"
    scan = ["scan", str(recorded.clip), "--out", str(out), "--model", str(recorded.bundle), "--report", "json"]
    command = [*alone, sys.executable, "-m", "inspector", *scan]
    environment = {**os.environ, "PYTHONPATH": str(PROGRAM)}
    done = subprocess.run(
        command, env=environment, cwd=PROGRAM, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert next(out.rglob("report.json")).is_file()


def test_a_selftest_touches_nothing_else(recorded: Recorded) -> None:
    recorded.clip = PROGRAM / "resources" / "demo" / "demo.mp4"
    recorded.run(["-m", "inspector", "selftest"])
    check(recorded)


def test_the_window_touches_nothing_else(recorded: Recorded) -> None:
    recorded.run(["-c", USER.format(program=str(PROGRAM), clip=str(recorded.clip))])
    check(recorded)
