"""Confines this process; it cannot be undone. Call it before anything starts a thread."""

from __future__ import annotations

import glob
import importlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from inspector.engine import faults, resources
from inspector.engine.process.confine import access, landlock, macos, privileges, seccomp, windows

# Libraries, time zones, fonts' tables; what tells the number of processors and the memory; the GPU.
_SYSTEM = ("/usr", "/lib", "/lib64", "/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/proc", "/sys")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/nvidia*")
_PATIENCE_SECONDS = 0.2  # a thread that was joined is still counted for a moment


def has_one_thread() -> bool:
    """Whether this process can be confined as a whole: Landlock holds for the thread that asks for it and later ones.

    Elsewhere than on Linux a confinement holds for all threads.
    """
    end = time.monotonic() + _PATIENCE_SECONDS
    while sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) > 1:
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    return True


def confine(*, only_reads: bool = False) -> str:
    """Confine this process to what its parent granted, and say in sentences what is in force and what is lacking.

    `only_reads`: it writes to no folder but its private one.
    """
    readable, writable = access.granted()
    private = writable[-1] if writable else ""
    writable.append(str(faults.log_path().parent))
    for folder in writable:
        with suppress(OSError):  # the job that needs the folder says so
            Path(folder).mkdir(parents=True, exist_ok=True)
    limits = list(_limits())
    _load_libraries()
    return " ".join([*limits, *_restrict(readable, writable, private, only_reads=only_reads)])


def _restrict(readable: list[str], writable: list[str], private: str, *, only_reads: bool) -> Iterator[str]:
    match sys.platform:
        case "linux":
            yield from _restrict_linux(readable, writable)
        case "darwin":
            yield from macos.restrict(_program_folders(), readable, writable)
        case "win32":
            yield from windows.restrict(private, only_reads=only_reads)
        case _:
            yield "This program knows no way to confine it on this system."


def _restrict_linux(readable: list[str], writable: list[str]) -> Iterator[str]:
    """Confine the process, and say how, and what this system lacks."""
    _create_gpu_devices()
    privileges.drop()
    yield "It gains no new privileges."
    version = landlock.version()
    if version:
        landlock.restrict(_rules(readable, writable))
        yield f"Landlock {version} opens no other files to it than those of its job."
    else:
        yield "This system lacks Landlock, so other files are not closed to it."
    if seccomp.restrict():
        yield "A filter (seccomp) refuses it the network and other programs."
    else:
        yield "This system lacks seccomp, so the network and other programs are not closed to it."


def _load_libraries() -> None:
    """Load what the standard library uses of others, which may lie anywhere (Homebrew, pyenv, Guix)."""
    for module in ("_ctypes", "_decimal", "_hashlib", "_sqlite3", "_ssl", "_uuid", "pyexpat"):
        with suppress(ImportError):  # not part of this Python; who needs it says so
            importlib.import_module(module)


def _create_gpu_devices() -> None:
    """NVIDIA's driver makes one of its devices at first use, by a program that cannot be started later."""
    tool = shutil.which("nvidia-modprobe")
    if tool is not None and Path("/dev/nvidiactl").exists() and not Path("/dev/nvidia-uvm").exists():
        with suppress(OSError, subprocess.TimeoutExpired):  # the network then runs on the CPU, and the report says so
            nowhere = subprocess.DEVNULL  # the output of this process is for messages
            subprocess.run([tool, "-u", "-c=0"], check=False, stdin=nowhere, stdout=nowhere, stderr=nowhere, timeout=10)


def _limits() -> Iterator[str]:
    """Limit what a clip can make this process take, and say how."""
    yield "Its environment is cleaned."
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    yield "It leaves no core dump."
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if sys.platform == "linux" and memory > 0:
        allowed = resource.getrlimit(resource.RLIMIT_DATA)[1]  # a shell or a service may have set less
        memory = memory if allowed == resource.RLIM_INFINITY else min(memory, allowed)
        # Not the address space, of which a GPU's driver reserves far more than there is memory.
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        yield f"It gets at most {memory / 2**30:.1f} GiB of memory."


def _rules(readable: list[str], writable: list[str]) -> Iterator[tuple[str, int]]:
    for path in (*_program_folders(), *_SYSTEM, *os.environ.get("LD_LIBRARY_PATH", "").split(":"), *readable):
        if path:
            yield path, landlock.READ
    for path in writable:
        yield path, landlock.WRITE
    for pattern in _DEVICES:
        for path in glob.glob(pattern):  # noqa: PTH207 - patterns are absolute
            yield path, landlock.DEVICE


def _program_folders() -> Iterator[str]:
    """Where this program, its interpreter and its libraries lie."""
    yield from (sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path(sys.executable).resolve().parent))
    yield from (path for path in sys.path if Path(path).is_absolute())
    yield from (str(resources.resource("")), str(resources.models_folder()))
