"""The files that an engine process may use; its parent writes them down before the process confines itself."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.errors import EngineError
from inspector.engine.work_folder import WorkFolder, large_place

FOLDER_VARIABLE = "DEEPFAKE_INSPECTOR_ENGINE_FOLDER"
_ACCESS = "access.json"

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
    def to(
        cls, read: Iterable[Path] = (), write: Iterable[Path] = (), identity: Callable[[Path], str] | None = None
    ) -> Access:
        """Access to paths. Another file that takes the name of one of them later is not included.

        `identity` says by what a path is known; who may not wait for a disk has another one than `identity_of`.
        """
        identity = identity or identity_of
        readable = frozenset((str(path.absolute()), identity(path)) for path in read)
        return cls(readable, frozenset(str(path.absolute()) for path in write))

    def __or__(self, other: Access) -> Access:
        return Access(self.read | other.read, self.write | other.write)

    def __ge__(self, other: Access) -> bool:
        return self.read >= other.read and self.write >= other.write


def identity_of(path: Path) -> str:
    """The device and the number of what a path names now, "" if it cannot be read."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{status.st_dev}:{status.st_ino}"


class EngineFolder(WorkFolder):
    """The private folder of one engine process, for its access list and its temporary files.

    Raises EngineError if it cannot be made.
    """

    def __init__(self, access: Access) -> None:
        place = large_place()
        try:
            super().__init__(place)
            self.grant(access)
        except OSError as error:
            raise EngineError(
                f"The analysis process cannot have its working files in {place} ({error.strerror or error}); free some "
                "space there, or set TMPDIR to another folder and start the program again."
            ) from error

    def grant(self, access: Access) -> None:
        """Write down another access, for a process that has not read it yet. Raises OSError."""
        listed = {"read": sorted(path for path, _ in access.read), "write": sorted(access.write)}
        (self.path / _ACCESS).write_text(json.dumps(listed), encoding="ascii")

    def environment(self) -> dict[str, str]:
        """The environment of the process: the variables it needs, and this folder as its temporary one."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name.upper() in _VARIABLES or name.upper().startswith(VARIABLE_PREFIXES)
        }
        own = dict.fromkeys((FOLDER_VARIABLE, "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"), str(self.path))
        return {**kept, **own}


def granted() -> tuple[list[str], list[str]]:
    """What this process may read and write, as its parent wrote it down; nothing if it did not."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return [], []
    listed = json.loads(Path(folder, _ACCESS).read_text(encoding="ascii"))
    return listed["read"], [*listed["write"], folder]
