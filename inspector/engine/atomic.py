"""Files that appear whole or not at all: written beside their target, synced to the disk, then moved to its name.

A draft is a new file named `.TARGET.RANDOM.partial`: it follows no link, and two writers of one target do not meet.
Everything here raises OSError (or what the caller's own writing raises) and leaves the target as it was; the caller
turns the error into its own sentence.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

SUFFIX = ".partial"
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a new, empty file beside `path` to write to; it takes the name `path` when the block ends without error."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{SUFFIX}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        yield draft
        sync(draft)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_bytes(path: Path, data: bytes) -> None:
    """Write one file whole or not at all."""
    with replacing(path) as draft:
        draft.write_bytes(data)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files: no target is touched until the last byte of the last one was accepted by the disk."""
    with contextlib.ExitStack() as stack:
        for path, data in files.items():
            draft = stack.enter_context(replacing(path))
            draft.write_bytes(data)
            sync(draft)


def move(source: Path, target: Path) -> None:
    """Move a file to another folder of the same disk."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # The first version of Landlock, that of Linux 5.15, allows this to no process that it confines.
        with replacing(target) as draft:
            shutil.copyfile(source, draft)
        source.unlink()


def sync(path: Path) -> None:
    """Wait until the disk has the file's content: some disks say only then that they are full."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def is_full_disk(error: BaseException | None) -> bool:
    """Whether an error, or one that it was raised from, says that the disk is full: other files would fail as well."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        error = error.__cause__
    return False


def remove_drafts(folder: Path, name: str = "") -> None:
    """Remove drafts that killed writers left in `folder`, of the target `name` or of all targets.

    Nobody else may be writing those targets at the time.
    """
    for draft in folder.glob(f".{glob.escape(name) or '*'}.*{SUFFIX}"):
        draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Sync the new name too. Windows cannot open folders, and some network file systems cannot sync them."""
    if os.name == "posix":
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
