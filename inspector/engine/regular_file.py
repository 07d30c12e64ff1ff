"""Reading files that strangers may have put there: a pipe is not waited for, and a huge file is not read whole.

Each block that is read counts as work done (see `activity`).
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.engine import activity

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_BLOCK = 1 << 20


class _Noted(io.FileIO):
    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        activity.note()
        return super().readinto(buffer)

    def readall(self) -> bytes:
        return b"".join(activity.each(iter(lambda: self.read(_BLOCK), b"")))


class NotRegularError(OSError):
    """The path leads to a folder, pipe, socket or device."""


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file to read it, without blocking on anything else. Raises OSError, of which NotRegularError."""
    handle = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotRegularError(errno.EINVAL, "it is a folder, pipe, socket or device, not a file", str(path))
    return io.BufferedReader(_Noted(handle, "rb"))


def read_regular(path: Path, most: int) -> bytes | None:
    """The bytes of a regular file, None if they are more than `most`. Raises OSError, of which NotRegularError."""
    with open_regular(path) as file:
        data = file.read(most + 1)
    return data if len(data) <= most else None


def files_below(folder: Path, refused: Callable[[Path, OSError], object] = lambda _folder, _error: None) -> list[Path]:
    """Everything in a folder and below that is no folder, in order, however deep it lies.

    No link is followed. A folder that cannot be listed holds nothing, and `refused` gets it with the error.
    """
    found, waiting = [], [os.fspath(folder)]
    while waiting:  # `Path.rglob` and `os.walk` end with RecursionError in a thousand folders within each other
        inner = waiting.pop()
        try:
            with os.scandir(inner) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        found.append(Path(entry.path))
        except OSError as error:
            refused(Path(inner), error)
    return sorted(found)
