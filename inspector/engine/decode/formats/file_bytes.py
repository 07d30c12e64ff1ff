"""The bytes of a file by their positions, read in blocks."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, overload

from inspector.engine.regular_file import open_regular

_BLOCK = 1 << 18
_SHRUNK = "the file became shorter while it was read"


class FileBytes:
    """The bytes of an open file, as long as it was when it was opened, like a `bytes` object.

    A mapping of the file would end the process (SIGBUS) once somebody else makes it shorter; here such a read raises
    OSError. Not for several threads.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._size = file, os.fstat(file.fileno()).st_size
        self._start, self._kept = 0, b""  # the newest block

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int, /) -> int: ...
    @overload
    def __getitem__(self, at: slice, /) -> bytes: ...
    def __getitem__(self, at: int | slice, /) -> int | bytes:
        if isinstance(at, slice):
            start, stop, step = at.indices(self._size)
            return self._read(start, max(stop, start))[::step]
        if not 0 <= at < self._size:
            raise IndexError(at)
        return self._read(at, at + 1)[0]

    def find(self, what: bytes, start: int = 0, end: int | None = None, /) -> int:
        """The first position of `what` from `start` on that ends before `end`; -1 where there is none."""
        stop = self._size if end is None else min(end, self._size)
        while start + len(what) <= stop:
            block_end = min(stop, start + _BLOCK)
            found = self._read(start, block_end).find(what)
            if found >= 0:
                return start + found
            start = max(block_end - len(what) + 1, start + 1)
        return -1

    def _read(self, start: int, end: int) -> bytes:
        at = start - self._start
        if at >= 0 and end - self._start <= len(self._kept):
            return self._kept[at : end - self._start]
        self._file.seek(start)
        data = self._file.read(max(end - start, min(_BLOCK, self._size - start)))
        if len(data) < end - start:
            raise OSError(errno.EIO, _SHRUNK)
        self._start, self._kept = start, data
        return data[: end - start]


@contextmanager
def file_bytes(path: Path) -> Iterator[FileBytes]:
    """The bytes of a regular file. Raises OSError, also while they are used."""
    with open_regular(path) as file:
        yield FileBytes(file)


def zeros_at_end(path: Path) -> int:
    """How many zero bytes a file ends with. Raises OSError.

    A hole of a sparse file, which may be of terabytes in a few stored bytes, is not read.
    """
    with open_regular(path) as file:
        data = FileBytes(file)
        for stop in range(_end_of_data(file.fileno(), len(data)), 0, -_BLOCK):
            start = max(stop - _BLOCK, 0)
            kept = len(data[start:stop].rstrip(b"\0"))
            if kept:
                return len(data) - start - kept
        return len(data)


def _end_of_data(handle: int, size: int) -> int:
    """Where the hole begins with which a sparse file ends; `size` where there is none, or the system tells of none."""
    if not hasattr(os, "SEEK_DATA"):
        return size
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        try:
            os.lseek(handle, middle, os.SEEK_DATA)
            low = middle + 1
        except OSError as error:
            if error.errno != errno.ENXIO:  # "no data behind this"
                return size
            high = middle
    return low
