"""What a process can do that a hostile clip has taken over: it tries from inside, and says how each attempt ended."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.domain.errors import EngineError
from inspector.engine import work_folder
from inspector.engine.model.bundle import outside_files
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.confine import apply, attempts, landlock, seccomp
from inspector.engine.process.confine.access import Access, EngineFolder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines the engine process so far")
needs_landlock = pytest.mark.skipif(
    sys.platform == "linux" and landlock.version() == 0, reason="this kernel has no Landlock, or it is switched off"
)

ATTEMPTS = r"""
import json, os, resource, signal, socket, subprocess, sys, threading
from pathlib import Path
from inspector.engine.process.confine.apply import confine
confinement = confine()
print("confined", flush=True)
sys.stdin.readline()
folder, parent = Path(sys.argv[1]), int(sys.argv[2])
thread = threading.Thread(target=lambda: results.update(thread=True))

def fork():
    if os.fork() == 0:
        os._exit(0)

attempts = {
    "read the evidence": lambda: (folder / "evidence.mp4").read_bytes(),
    "read a model of the program": lambda: next(Path("models").glob("*/card.json")).read_bytes(),
    "write to the output": lambda: (folder / "out" / "new" / "report.json").write_text("{}"),
    "move within the output": lambda: (folder / "out" / "draft").rename(folder / "out" / "new" / "final"),
    "read a model that lies elsewhere": lambda: (folder / "bundle" / "weights.safetensors").read_bytes(),
    "write a temporary file": lambda: Path(os.environ["TMPDIR"], "x").write_text("x"),
    "start a thread": lambda: (thread.start(), thread.join()),
    "read a foreign file": lambda: (folder / "foreign.txt").read_bytes(),
    "read another file that took the name": lambda: (folder / "swapped.mp4").read_bytes(),
    "list a foreign folder": lambda: os.listdir(folder),
    "write to the evidence": lambda: (folder / "evidence.mp4").open("r+b"),
    "truncate the evidence": lambda: os.truncate(folder / "evidence.mp4", 0),
    "delete the evidence": lambda: (folder / "evidence.mp4").unlink(),
    "date the evidence back": lambda: os.utime(folder / "evidence.mp4", (0, 0)),
    "make the evidence writable for all": lambda: os.chmod(folder / "evidence.mp4", 0o777),
    "write a foreign file": lambda: (folder / "new.txt").write_text("x"),
    "link out of the output": lambda: (folder / "out" / "link").symlink_to("/etc/passwd"),
    "move the evidence into the output": lambda: (folder / "evidence.mp4").rename(folder / "out" / "moved"),
    "read the parent's environment": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
    "open an internet socket": lambda: socket.socket(),
    "open a local socket": lambda: socket.socket(socket.AF_UNIX),
    "run a program": lambda: subprocess.run(["/bin/true"]),
    "replace itself by a program": lambda: os.execv("/bin/true", ["true"]),
    "fork": fork,
    "signal its parent": lambda: os.kill(parent, 0),
}
results = {}
for name, attempt in attempts.items():
    try:
        attempt()
        results[name] = "done"
    except PermissionError:
        results[name] = "refused"
    except Exception as error:
        results[name] = repr(error)
from inspector.engine.process.confine import attempts as own
results["own attempts"] = [
    own.starts_program(), own.reaches_network(), own.reads(str(folder)), own.writes(str(folder)),
    own.writes(str(folder / "out")),
]
results["core"] = resource.getrlimit(resource.RLIMIT_CORE)
results["data"] = resource.getrlimit(resource.RLIMIT_DATA)[0]
results["variables"] = sorted(os.environ)
results["confinement"] = confinement
results["libraries"] = sorted({"_hashlib", "_sqlite3", "_ssl"} & set(sys.modules))
results["threaded"] = "numpy" in sys.modules
print(json.dumps(results))
"""
ALLOWED = (
    "read the evidence",
    "read a model of the program",
    "read a model that lies elsewhere",
    "write to the output",
    "move within the output",
    "write a temporary file",
    "start a thread",
)
REFUSED_FILES = (
    "read a foreign file",
    "read another file that took the name",
    "list a foreign folder",
    "write to the evidence",
    "truncate the evidence",
    "delete the evidence",
    "write a foreign file",
    "link out of the output",
    "move the evidence into the output",
    "read the parent's environment",
)
REFUSED_CALLS = (
    "date the evidence back",
    "make the evidence writable for all",
    "open an internet socket",
    "open a local socket",
    "run a program",
    "replace itself by a program",
    "fork",
    "signal its parent",
)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("confined")
    for name in ("evidence.mp4", "foreign.txt", "swapped.mp4"):
        (folder / name).write_bytes(b"content")
    (folder / "out" / "new").mkdir(parents=True)
    (folder / "out" / "draft").write_text("x")
    (folder / "bundle").mkdir()
    (folder / "bundle" / "card.json").write_text("{}")
    (folder / "blob").write_bytes(b"weights")
    (folder / "bundle" / "weights.safetensors").symlink_to("../blob")  # as in a cache of models
    readable = [folder / "evidence.mp4", folder / "swapped.mp4", *outside_files(str(folder / "bundle"))]
    access = Access.to(readable, [folder / "out"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_TOKEN", "x")
        patch.setenv("SSH_AUTH_SOCK", "agent")
        own = EngineFolder(access)
        environment = own.environment()
    command = [sys.executable, "-P", "-c", ATTEMPTS, str(folder), str(os.getpid())]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "confined\n"
        (folder / "foreign.txt").replace(folder / "swapped.mp4")
        (folder / "foreign.txt").write_bytes(b"content")
        output, errors = process.communicate("\n", timeout=60)
    own.remove()
    assert process.returncode == 0, errors
    found: dict[str, object] = json.loads(output)
    return found


@pytest.mark.parametrize("attempt", ALLOWED)
def test_a_confined_process_can_do_its_work(results: dict[str, object], attempt: str):
    assert results[attempt] == "done"


@needs_landlock
@pytest.mark.parametrize("attempt", REFUSED_FILES)
def test_a_confined_process_reaches_no_file_that_it_was_not_given(results: dict[str, object], attempt: str):
    assert results[attempt] == "refused"


@pytest.mark.skipif(not seccomp.is_supported(), reason="the numbers of this processor's calls are not known")
@pytest.mark.parametrize("attempt", REFUSED_CALLS)
def test_a_confined_process_has_no_network_and_starts_nothing(results: dict[str, object], attempt: str):
    assert results[attempt] == "refused"


def test_a_confined_process_has_limits_and_no_secrets_in_its_environment(results: dict[str, object]):
    assert results["core"] == [0, 0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert results["data"] == memory
    assert not {"SECRET_TOKEN", "SSH_AUTH_SOCK"} & set(results["variables"])  # type: ignore[call-overload]


def test_nothing_that_starts_threads_is_loaded_before(results: dict[str, object]):
    """They would not be confined: Landlock holds for the thread that asks for it and those that it starts."""
    assert results["threaded"] is False


def test_libraries_of_the_standard_library_are_loaded_before(results: dict[str, object]):
    """They may lie anywhere, such as in Homebrew's folder, and could not be read afterwards."""
    assert results["libraries"] == ["_hashlib", "_sqlite3", "_ssl"]


@needs_landlock
def test_a_report_takes_its_place_under_the_first_version_of_landlock_too(tmp_path: Path):
    """That of Linux 5.15 allows no move to another folder at all."""
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "report.json").write_text("{}")
    code = (
        "import sys; from pathlib import Path; from inspector.engine import atomic;"
        "from inspector.engine.process.confine import landlock, privileges;"
        "folder = Path(sys.argv[1]); landlock.version = lambda: 1; privileges.drop();"
        "landlock.restrict([(str(folder), landlock.WRITE)]);"
        "atomic.move(folder / 'draft' / 'report.json', folder / 'report.json')"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)
    assert (tmp_path / "report.json").read_text() == "{}"
    assert not list((tmp_path / "draft").iterdir())


def test_a_lower_limit_of_the_shell_holds():
    code = (
        "import resource as r; from inspector.engine.process.confine.apply import _limits;"
        "r.setrlimit(r.RLIMIT_DATA, (1 << 30, 1 << 30)); print(*_limits(), r.getrlimit(r.RLIMIT_DATA))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "at most 1.0 GiB of memory" in found
    assert found.endswith(f"({1 << 30}, {1 << 30})\n")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_that_cannot_be_made_is_one_sentence(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(place / "missing"))
    with pytest.raises(EngineError, match=r"working files in .*missing .*set TMPDIR"):
        EngineFolder(Access())


def test_without_a_place_for_large_files_the_usual_one_is_taken(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(work_folder, "_LARGE", "/proc/missing")
    folder = EngineFolder(Access())
    assert len(list(place.glob("deepfake-inspector-*"))) == 1
    folder.remove()
    assert list(place.iterdir()) == []


def test_the_folder_of_a_program_in_another_container_is_kept(place: Path, monkeypatch: pytest.MonkeyPatch):
    used = EngineFolder(Access())
    monkeypatch.setattr(work_folder, "_runs", lambda _pid: False)  # its number means nothing here
    EngineFolder(Access()).remove()
    (folder,) = place.iterdir()
    used._held.close()  # as when it is killed
    EngineFolder(Access()).remove()
    assert not folder.exists()
    used.remove()


def test_the_process_sees_its_confinement_by_forbidden_acts(results: dict[str, object], tmp_path: Path):
    """Where the system's word is not enough, what the process says of itself rests on these."""
    assert results["own attempts"] == [False, False, landlock.version() == 0, landlock.version() == 0, True]
    assert attempts.starts_program()
    assert attempts.reaches_network()
    assert attempts.reads(str(tmp_path))
    assert attempts.writes(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_confinement_in_force_is_named(results: dict[str, object]):
    named = str(results["confinement"])
    assert ("This system lacks Landlock" in named) == (landlock.version() == 0)
    assert ("This system lacks seccomp" in named) != seccomp.is_supported()
    assert "Landlock" in named
    assert "seccomp" in named


def test_a_system_that_is_not_known_is_not_called_confined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(apply.sys, "platform", "freebsd14")
    monkeypatch.setattr(apply.faults, "log_path", lambda: tmp_path / "log" / "faults.log")
    monkeypatch.setattr(apply, "_limits", lambda: ["It leaves no core dump."])
    said = apply.confine()
    assert said == "It leaves no core dump. This program knows no way to confine it on this system."


@pytest.mark.parametrize(("platform", "room"), [("darwin", "macos"), ("win32", "windows")])
def test_each_system_gets_its_own_means(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, room: str):
    """They were never run there: what they do is tested with stand-ins, in the tests of their own."""
    asked: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def restrict(*values: Any, **names: Any) -> Iterator[str]:
        asked.append((values, names))
        return iter(["One thing is closed to it.", "Another one is not."])

    monkeypatch.setattr(apply.sys, "platform", platform)
    monkeypatch.setattr(apply.faults, "log_path", lambda: tmp_path / "log" / "faults.log")
    monkeypatch.setattr(apply, "_limits", list)
    monkeypatch.setattr(apply.access, "granted", lambda: ([], [str(tmp_path)]))
    monkeypatch.setattr(getattr(apply, room), "restrict", restrict)
    said = apply.confine(only_reads=True)
    assert said == "One thing is closed to it. Another one is not."
    ((values, names),) = asked
    assert str(tmp_path) in (values[0] if room == "windows" else values[2])
    assert names == ({"only_reads": True} if room == "windows" else {})


def test_another_file_of_the_same_name_needs_new_access(tmp_path: Path):
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"one")
    given = Access.to([clip], [tmp_path])
    assert given >= Access.to([clip])
    (tmp_path / "other").write_bytes(b"two")
    (tmp_path / "other").replace(clip)
    assert not given >= Access.to([clip])


def test_the_engine_says_how_it_is_confined_and_leaves_no_folder(place: Path):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    abandoned = place / f"deepfake-inspector-{ended.pid}-x" / "evidence-y"
    abandoned.mkdir(parents=True)
    with EngineProcess() as engine:
        engine.start()
        assert not abandoned.exists(), "the program that made it was killed"
        assert len(list(place.glob("deepfake-inspector-*"))) == 1
        assert "Its environment is cleaned." in engine.confinement
    assert list(place.glob("deepfake-inspector-*")) == []
