"""Temporary folders that the program removes at its end; those of a program that was killed, the next one removes."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

_PREFIX = "deepfake-inspector-"
_HELD = "in-use"
_LARGE = "/var/tmp"  # noqa: S108 - the folder in it has a random name and is private

# Nothing that ends the program ends this as well; what still writes there ends with the program, but not at once.
_REMOVE = """
trap '' HUP INT TERM
read -r nothing
for second in 1 2 3 4 5; do
    rm -rf -- "$1"*
    rm -rf -- "$2"*
    sleep 1
done
"""


class WorkFolder:
    """A folder for this user alone, in `place`. Raises OSError if it cannot be made."""

    def __init__(self, place: str) -> None:
        for each in _places():
            _remove_abandoned(each)
        self._folder = tempfile.TemporaryDirectory(
            prefix=_beginning(os.getpid()), dir=place, ignore_cleanup_errors=True
        )
        # Open, and so locked, as long as the folder is used.
        self._held = Path(self._folder.name, _HELD).open("w", encoding="ascii")  # noqa: SIM115
        _lock(self._held)

    @property
    def path(self) -> Path:
        """Where the folder is."""
        return Path(self._folder.name)

    def remove(self) -> None:
        """Delete the folder with all that is in it."""
        self._held.close()
        self._folder.cleanup()


def large_place() -> str:
    """Where there is room for copies of clips: the usual folder for temporary files may lie in memory."""
    is_chosen = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return tempfile.gettempdir() if is_chosen or not os.access(_LARGE, os.W_OK | os.X_OK) else _LARGE


def _places() -> set[str]:
    return {tempfile.gettempdir(), large_place()}


@cache
def _beginning(pid: int) -> str:
    """How the names of this process's folders begin; in another container one may have the same number."""
    return f"{_PREFIX}{pid}-{secrets.token_hex(4)}-"


@contextmanager
def removed_even_if_killed() -> Iterator[None]:
    """Have all work folders of this process removed when it ends within the block, however it ends.

    A shell waits for that: what the system ends at once cannot tidy up after itself. Where there is none, the folders
    stay until the program is started again.
    """
    watch = None
    if os.name == "posix":
        with suppress(OSError):
            watch = _watch()
    try:
        yield
    finally:
        if watch is not None:
            watch.kill()
            watch.communicate()


def _watch() -> subprocess.Popen[bytes]:
    """A shell that removes the work folders of this process when it has ended. Raises OSError if there is none."""
    mine = [str(Path(place, _beginning(os.getpid()))) for place in sorted(_places())]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        ["/bin/sh", "-c", _REMOVE, "sh", mine[0], mine[-1]],
        stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, env={"PATH": os.defpath}, cwd="/",
        start_new_session=True,
    )  # fmt: skip


def _remove_abandoned(place: str) -> None:
    """Remove the folders of programs that were killed: they may hold copies of evidence."""
    if os.name != "posix":
        return
    for folder in Path(place).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            is_own = pid.isdigit() and folder.lstat().st_uid == os.getuid()
            if is_own and not _runs(int(pid)) and not _is_held(folder / _HELD):
                shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _lock(file: IO[str]) -> bool:
    """Lock a file of this process until it is closed, and return whether no other process has locked it."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _is_held(path: Path) -> bool:
    """Whether a program in another container, whose numbers of processes are others, still uses the folder."""
    try:
        with path.open("r+", encoding="ascii") as file:
            return not _lock(file)
    except FileNotFoundError:
        return False
