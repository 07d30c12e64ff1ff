"""A full disk, for tests: `monkeypatch.setattr(os, "fsync", full_disk)`."""

import errno
import os


def full_disk(_handle: int) -> None:
    """Refuse what was written, as a disk does that notices at the sync that it is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
