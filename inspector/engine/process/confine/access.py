"""The files that an engine process may use; its parent writes them down before the process confines itself."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from inspector.domain.errors import EngineError

FOLDER_VARIABLE = "DEEPFAKE_INSPECTOR_ENGINE_FOLDER"
_ACCESS = "access.json"
_PREFIX = "deepfake-inspector-"
_LARGE = "/var/tmp"  # noqa: S108 - the folder in it has a random name and is private

# All else stays with the parent: keys, tokens, agents' sockets and addresses of the session.
_VARIABLES = {
    *("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_STATE_HOME"),  # the user's folders, for the log
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV"),  # of the program and its libraries
    *("LANG", "LANGUAGE", "TZ", "NUMBER_OF_PROCESSORS", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR"),
    *("PROCESSOR_ARCHITECTURE", "PROCESSOR_ARCHITEW6432"),  # by which libraries for Windows are chosen
    *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUBLAS_WORKSPACE_CONFIG"),
}
VARIABLE_PREFIXES = ("LC_", "PYTHON", "OMP_", "MKL_", "OPENBLAS_", "COVERAGE_")


@dataclass(frozen=True, slots=True)
class Access:
    """Files and folders to read, with the identity that the path had, and folders to write to, with all below them."""

    read: frozenset[tuple[str, str]] = frozenset()
    write: frozenset[str] = frozenset()

    @classmethod
    def to(cls, read: Iterable[Path] = (), write: Iterable[Path] = ()) -> Access:
        """Access to paths. Another file that takes the name of one of them later is not included."""
        readable = frozenset((str(path.absolute()), _identity(path)) for path in read)
        return cls(readable, frozenset(str(path.absolute()) for path in write))

    def __or__(self, other: Access) -> Access:
        return Access(self.read | other.read, self.write | other.write)

    def __ge__(self, other: Access) -> bool:
        return self.read >= other.read and self.write >= other.write


def _identity(path: Path) -> str:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{status.st_dev}:{status.st_ino}"


class EngineFolder:
    """The private folder of one engine process, for its access list and its temporary files.

    Raises EngineError if it cannot be made.
    """

    def __init__(self, access: Access) -> None:
        place = _place()
        try:
            _remove_abandoned(place)
            self._folder = tempfile.TemporaryDirectory(
                prefix=f"{_PREFIX}{os.getpid()}-", dir=place, ignore_cleanup_errors=True
            )
            # Open, and so locked, as long as the folder is used.
            self._listed = Path(self._folder.name, _ACCESS).open("w", encoding="ascii")  # noqa: SIM115
            _lock(self._listed)
            self.grant(access)
        except OSError as error:
            raise EngineError(
                f"The analysis process cannot have its working files in {place} ({error.strerror or error}); free some "
                "space there, or set TMPDIR to another folder and start the program again."
            ) from error

    @property
    def path(self) -> Path:
        """Where the folder is."""
        return Path(self._folder.name)

    def grant(self, access: Access) -> None:
        """Write down another access, for a process that has not read it yet. Raises OSError."""
        listed = {"read": sorted(path for path, _ in access.read), "write": sorted(access.write)}
        self._listed.seek(0)
        self._listed.truncate()
        self._listed.write(json.dumps(listed))
        self._listed.flush()

    def environment(self) -> dict[str, str]:
        """The environment of the process: the variables it needs, and this folder as its temporary one."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name.upper() in _VARIABLES or name.upper().startswith(VARIABLE_PREFIXES)
        }
        own = dict.fromkeys((FOLDER_VARIABLE, "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"), self._folder.name)
        return {**kept, **own}

    def remove(self) -> None:
        """Delete the folder with all that the process left in it."""
        self._listed.close()
        self._folder.cleanup()


def _place() -> str:
    """Where the folder is made: working copies of clips are large, and the usual folder may lie in memory."""
    is_chosen = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return tempfile.gettempdir() if is_chosen or not os.access(_LARGE, os.W_OK | os.X_OK) else _LARGE


def _remove_abandoned(place: str) -> None:
    """Remove the folders of programs that were killed: they may hold copies of evidence."""
    if os.name != "posix":
        return
    for folder in Path(place).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            is_own = pid.isdigit() and folder.lstat().st_uid == os.getuid()
            if is_own and not _runs(int(pid)) and not _is_held(folder / _ACCESS):
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


def granted() -> tuple[list[str], list[str]]:
    """What this process may read and write, as its parent wrote it down; nothing if it did not."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return [], []
    listed = json.loads(Path(folder, _ACCESS).read_text(encoding="ascii"))
    return listed["read"], [*listed["write"], folder]
