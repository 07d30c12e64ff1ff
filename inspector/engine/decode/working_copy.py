"""A private copy of the evidence: hashed while it is written, it alone is decoded, whatever becomes of the original."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.errors import ClipError
from inspector.engine.decode.evidence import check_file, detect_kind, read_header

_CHUNK = 1 << 20
_SPARE = 64 << 20  # bytes of the disk that stay free
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A read-only file with the name of the evidence, and the SHA-256 of its bytes, which the evidence had."""

    path: Path
    sha256: str


@contextmanager
def working_copy(evidence: Path) -> Iterator[WorkingCopy]:
    """Copy the evidence through one descriptor into the folder for temporary files, for the time of the block.

    Raises ClipError if it is no clip by its first bytes, cannot be read, or there is no room for the copy.
    """
    size = check_file(evidence).st_size
    detect_kind(evidence, read_header(evidence))
    place = Path(tempfile.gettempdir())
    if shutil.disk_usage(place).free < size + _SPARE:
        raise ClipError(
            f"{evidence.name} needs {size / 1e9:.1f} GB in {place} for its working copy, which the disk has not; free "
            "some space there, or set TMPDIR to a folder on a larger disk and start the program again."
        )
    folder = Path(tempfile.mkdtemp(prefix="evidence-", dir=place))
    try:
        copy = folder / evidence.name
        sha256 = _copied(evidence, copy)
        yield WorkingCopy(copy, sha256)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(evidence: Path, copy: Path) -> str:
    """Write a copy that only its owner can read, and return the SHA-256 of the bytes."""
    digest = hashlib.sha256()
    try:
        with os.fdopen(os.open(evidence, os.O_RDONLY | _FLAGS), "rb") as source:
            if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                raise ClipError(f"{evidence.name} is no file any more; save the clip to a file first.")
            with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o400), "wb") as target:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
    except OSError as error:
        raise ClipError(
            f"{evidence.name} cannot be copied for its analysis ({error.strerror}); check the permissions, and the "
            f"disks of the file and of {copy.parent}."
        ) from None
    return digest.hexdigest()
