"""Copies of case files, of which only the copy is opened: the file may be a stranger's."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from inspector.domain.errors import CaseError
from inspector.engine.case.database import check_beside
from inspector.engine.regular_file import open_regular

_MOST_BYTES = 16 << 30
_CHUNK = 1 << 20


def copied(path: Path, target: Path, is_wanted: Callable[[], bool] = lambda: True) -> str:
    """Copy a case file with what SQLite left beside it when a process was killed; returns the file's SHA-256.

    Raises CaseError if they are larger than a case file is: a sparse one of terabytes takes no room until it is copied.
    """
    check_beside(path)
    digest = hashlib.sha256()
    beside = [path.with_name(path.name + suffix) for suffix in ("-journal", "-wal")]
    beside = [each for each in beside if each.exists()]
    if sum(each.stat().st_size for each in (path, *beside)) > _MOST_BYTES:
        raise CaseError(f"{path} is larger than {_MOST_BYTES >> 30} GiB, which no case file is; choose another file.")
    for each in beside:
        shutil.copyfile(each, target.with_name(target.name + each.name.removeprefix(path.name)))
    with open_regular(path) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
            if not is_wanted():
                raise CaseError(f"{path.name} was not read to its end: the program is closing; open it again.")
    return digest.hexdigest()


def copied_to_read(path: Path, target: Path) -> None:
    """`copied`, with CaseError for every cause. The sentence is for files of which nothing else says what is wrong."""
    try:
        copied(path, target)
    except OSError as error:
        raise CaseError(
            f"{path} cannot be copied to be read ({error.strerror or error}); check its permissions and the free space "
            f"in {target.parent.parent}."
        ) from error
