"""Memory that the window shares with the process that decodes for it: a few slots, each for one picture.

It is sparse: only what pictures fill takes memory. The window makes it and, on Linux, seals its size, because reading
beyond the end of memory that the other process has made smaller would end the window (SIGBUS). macOS lets the size of
such memory be set once only. On Linux and macOS it has no name: a descriptor of it is inherited.
"""

from __future__ import annotations

import mmap
import os
import sys

import numpy as np

from inspector.domain.arrays import Bytes, Image
from inspector.domain.errors import ClipError

SLOTS = 6
SLOT_BYTES = 3 << 26  # the largest picture that is decoded, 64 Mpx


class PictureMemory:
    """The slots, in the process that makes them, or in the one that has got their `handle`.

    Raises OSError if the memory cannot be made or found.
    """

    def __init__(self, handle: str = "") -> None:
        self.descriptor: int | None = None  # to be inherited by the other process
        size = SLOTS * SLOT_BYTES
        if sys.platform != "win32":
            self.descriptor = int(handle) if handle else _sealed(size) if sys.platform == "linux" else unnamed(size)
            self.handle = str(self.descriptor)
            self._mapped = mmap.mmap(self.descriptor, size)
            self._bytes: Bytes = np.frombuffer(self._mapped, np.uint8)
        else:
            from multiprocessing.shared_memory import SharedMemory

            self._shared = SharedMemory(handle or None, create=not handle, size=size)
            self.handle = self._shared.name
            self._bytes = np.frombuffer(self._shared.buf, np.uint8)
        self._is_own = not handle

    def put(self, slot: int, image: Image) -> None:
        """Copy uint8 (H, W, 3) into a slot. Raises ClipError if it does not fit."""
        if image.nbytes > SLOT_BYTES:
            height, width = image.shape[:2]
            raise ClipError(f"A picture of {width} x {height} pixels is too large to be shown; scale it down first.")
        self._slot(slot)[: image.nbytes].reshape(image.shape)[:] = image

    def take(self, slot: int, height: int, width: int) -> Image:
        """A copy of the picture in a slot, uint8 (H, W, 3). Raises ValueError for an impossible size."""
        size = 3 * height * width
        if height < 1 or width < 1 or size > SLOT_BYTES:
            raise ValueError(f"a picture of {width} x {height} pixels")
        return self._slot(slot)[:size].reshape(height, width, 3).copy()

    def _slot(self, slot: int) -> Bytes:
        return self._bytes[slot * SLOT_BYTES : (slot + 1) * SLOT_BYTES]

    def close(self) -> None:
        """Give the memory back; it stays as long as the other process uses it."""
        self._bytes = np.zeros(0, np.uint8)
        if self.descriptor is not None:
            self._mapped.close()
            os.close(self.descriptor)
            self.descriptor = None
        elif sys.platform == "win32":
            self._shared.close()
            if self._is_own:
                self._shared.unlink()


def unnamed(size: int) -> int:
    """Shared memory whose name is taken away at once, as `SharedMemory` makes it for POSIX systems without Linux's way.

    `SharedMemory` itself starts a process that tracks names, which a confined process may not.
    """
    import _posixshmem  # type: ignore[import-not-found]  # of the standard library; it has no types

    name = f"/inspector-{os.urandom(8).hex()}"
    made: int = _posixshmem.shm_open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode=0o600)
    try:
        _posixshmem.shm_unlink(name)
        os.ftruncate(made, size)
    except OSError:
        os.close(made)
        raise
    return made


if sys.platform == "linux":
    import fcntl

    def _sealed(size: int) -> int:
        """Anonymous memory whose size can no longer be changed by anybody."""
        made = os.memfd_create("pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(made, size)
            fcntl.fcntl(made, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        except OSError:
            os.close(made)
            raise
        return made
