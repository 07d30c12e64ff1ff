"""The secret key of this installation, with which results in case files are signed (decision 0021).

Only the window and the command line read it. The engine process, which decodes strangers' files, never does.
"""

from __future__ import annotations

import os
import secrets
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from inspector.domain.errors import CaseError

_BYTES = 32
_lock = threading.Lock()


def key_path() -> Path:
    """The file of the key, in the platform's folder for data."""
    import platformdirs  # imported here because most runs never need it

    return platformdirs.user_data_path("Deepfake Inspector", appauthor=False) / "installation.key"


def installation_key() -> bytes:
    """The key, 32 random bytes, made at the first call. Raises CaseError if it can be neither read nor made."""
    with _lock:
        return _key(key_path())


@cache
def _key(path: Path) -> bytes:
    try:
        key = _read(path) if path.exists() else _make(path)
    except OSError as error:
        raise CaseError(
            f"{path}, the key that signs results, cannot be used ({error.strerror}); check its permissions "
            "and the space on its disk."
        ) from error
    if len(key) != _BYTES:
        raise CaseError(f"{path} is not the key that signs results; restore it, or remove it to begin a new one.")
    return key


def _read(path: Path) -> bytes:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        with suppress(OSError):  # a disk without such permissions, as under Windows
            path.chmod(0o600)
    return path.read_bytes()


def _make(path: Path) -> bytes:
    """Write a new key, or read the one that another process made meanwhile: it appears whole, and only once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key, draft = secrets.token_bytes(_BYTES), path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            os.fsync(file.fileno())
        _name(draft, path)
    except FileExistsError:
        return path.read_bytes()
    finally:
        draft.unlink(missing_ok=True)
    return key


def _name(draft: Path, path: Path) -> None:
    """Give a file its name. Raises FileExistsError if it is taken."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        draft.rename(path)
