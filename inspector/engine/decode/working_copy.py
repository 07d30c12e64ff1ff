"""A private copy of the evidence: hashed while it is written, it alone is decoded, whatever becomes of the original."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.clip import Clip
from inspector.domain.errors import CaseError, ClipError
from inspector.engine import activity
from inspector.engine.decode.evidence import check_file, detect_kind, open_regular, read_header

_CHUNK = 1 << 20
_SPARE = 64 << 20  # bytes of the disk that stay free
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_MODE = 0o400 if os.name == "posix" else 0o600  # Windows deletes no read-only file


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """A read-only file with the name of the evidence, and the SHA-256 of its bytes, which the evidence had."""

    path: Path
    sha256: str

    def check_unchanged(self, clip: Clip) -> None:
        """Raises CaseError where the evidence is not the file any more that `clip` was analysed as."""
        if self.path.stat().st_size > clip.size_bytes:
            raise CaseError(
                f"{clip.path} is larger than when it was analysed; if it was still being written, wait until it is "
                "whole and analyse it again, otherwise restore the original."
            )
        if self.sha256 != clip.sha256:
            raise CaseError(
                f"{clip.path} is not the file that was analysed (its SHA-256 differs); "
                "restore the original, or analyse this file."
            )


@contextmanager
def working_copy(evidence: Path) -> Iterator[WorkingCopy]:
    """Copy the evidence through one descriptor into the folder for temporary files, for the time of the block.

    Raises ClipError if it is no clip by its first bytes, cannot be read, or there is no room for the copy.
    """
    length = check_file(evidence).st_size
    detect_kind(evidence, read_header(evidence))
    place, size = _place(), length + _SPARE
    if shutil.disk_usage(place).free < size:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if is_full(place) else None
        raise ClipError(
            f"{evidence.name} needs {size / 1e9:.1f} GB in {place} for its working copy, which the disk has not; "
            "free some space there, or set TMPDIR to a folder on a larger disk and start the program again."
        ) from full
    folder = Path(tempfile.mkdtemp(prefix="evidence-", dir=place))
    try:
        copy = folder / evidence.name
        with activity.stage(activity.Stage.COPY, length) as reached:
            sha256 = _copied(evidence, copy, reached, length)
        yield WorkingCopy(copy, sha256)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_full(place: Path) -> bool:
    """Whether the disk of that folder has no room for the working copy of the smallest clip."""
    return shutil.disk_usage(place).free < _SPARE


def _place() -> Path:
    """The folder for temporary files, though it may be full."""
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:  # it looks for one that a few bytes can be written to
        return Path(os.environ.get("TMPDIR", os.curdir))


def _copied(evidence: Path, copy: Path, reached: Callable[[int], None], size: int) -> str:
    """Write a copy of `size` bytes that only its owner can read, and return its SHA-256."""
    digest, written = hashlib.sha256(), 0
    try:
        with open_regular(evidence) as source, os.fdopen(os.open(copy, _NEW_FILE, _MODE), "wb") as target:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > size:
                    raise ClipError(f"{evidence.name} is still being written to; wait until it is complete.")
                digest.update(chunk)
                target.write(chunk)
                reached(written)
    except OSError as error:
        raise ClipError(
            f"{evidence.name} cannot be copied for its analysis ({error.strerror}); check the permissions, and the "
            f"disks of the file and of {copy.parent}."
        ) from None
    return digest.hexdigest()
