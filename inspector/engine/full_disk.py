"""Whether an error means that a disk is full, which no other file changes."""

from __future__ import annotations

import errno
import sqlite3

_NUMBERS = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def is_full_disk(error: BaseException | None) -> bool:
    """Whether the error, or one that it was raised from, says that there is no room left."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NUMBERS:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        error = error.__cause__
    return False
