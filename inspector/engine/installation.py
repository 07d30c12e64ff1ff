"""The secret key of this installation, with which results in case files are signed (decisions 0021 and 0055).

It lies in the system's key store where there is one, else in a file. Only the window and the command line read it. The
engine process, which decodes strangers' files, never does.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from inspector.domain.errors import CaseError
from inspector.engine import keystore
from inspector.engine.clock import now
from inspector.engine.keystore import KeystoreError

_BYTES = 32
# What the file holds in place of the key: where it lies, and its SHA-256, by which the store finds it.
_POINTER = re.compile(rb"In the key store of this system, as ([0-9a-f]{64})\n")
_LOST = ".lost"  # beside it: when a key was found to be gone from the store
_lock = threading.Lock()
_is_lasting = [True]


def key_path() -> Path:
    """The file of the key, or of what says that it lies in the key store, in the platform's folder for data."""
    import platformdirs  # imported here because most runs never need it

    return platformdirs.user_data_path("Deepfake Inspector", appauthor=False) / "installation.key"


def make_no_lasting_key() -> None:
    """In this process a key that does not exist yet is not kept: a private session leaves nothing."""
    _is_lasting[0] = False


def installation_key() -> bytes:
    """The key, 32 random bytes, made at the first call. Raises CaseError if it can be neither read nor made.

    The key store has a few seconds for each of a few questions, and opens no dialog.
    """
    with _lock:
        return _key(key_path())


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where the key lies, as its file says; the key store is not asked."""

    is_made: bool  # else it is made when it is first needed
    store: str = ""  # the name of the key store, "" for the file itself
    lost_at: str = ""  # when the store was found to hold the key before this one no longer

    def __str__(self) -> str:
        if not self.is_made:
            return "not made yet; the first analysis makes it"
        place = f"in the {self.store}" if self.store else "in a file that only you can read"
        return f"{place}; {self.loss}" if self.lost_at else place

    @property
    def loss(self) -> str:
        """Why results of this installation can count as imported, "" if no key was lost."""
        if not self.lost_at:
            return ""
        return (
            f"the key was made anew at {self.lost_at}, because the {keystore.NAME} no longer held the one before it, "
            "and what that one signed counts as imported"
        )


def key_place() -> KeyPlace:
    """Where the key lies; makes nothing. Raises CaseError if its file cannot be read."""
    path = key_path()
    try:
        if not path.exists():
            return KeyPlace(is_made=False)
        lost = path.with_suffix(_LOST)
        lost_at = lost.read_text(encoding="utf-8", errors="replace").strip() if lost.exists() else ""
        is_pointer = _POINTER.fullmatch(_read(path)) is not None
    except OSError as error:
        raise _unusable(path, error) from error
    return KeyPlace(is_made=True, store=keystore.NAME if is_pointer else "", lost_at=lost_at)


@cache
def _key(path: Path) -> bytes:
    if not _is_lasting[0] and not path.exists():
        return secrets.token_bytes(_BYTES)
    try:
        held = _read(path) if path.exists() else _make(path)
        pointer = _POINTER.fullmatch(held)
        if pointer is not None:
            return _from_store(path, pointer[1].decode())
    except OSError as error:
        raise _unusable(path, error) from error
    except KeystoreError as error:
        raise CaseError(
            f"The key that signs results cannot be read from the {keystore.NAME} ({error}); unlock it or use a session "
            f"that has it, or remove {path} to begin a new key: results from before count as imported then."
        ) from error
    if len(held) != _BYTES:
        raise CaseError(f"{path} is not the key that signs results; restore it, or remove it to begin a new one.")
    return held


def _unusable(path: Path, error: OSError) -> CaseError:
    return CaseError(
        f"{path}, the key that signs results, cannot be used ({error.strerror}); check its permissions "
        "and the space on its disk."
    )


def _from_store(path: Path, name: str) -> bytes:
    """The key that the store holds by this name; a new one, and a note of the loss, if it says that it holds none."""
    with suppress(ValueError):  # what is no number in hexadecimal is not the key either
        key = bytes.fromhex(keystore.get(name) or "")
        if hashlib.sha256(key).hexdigest() == name:
            return key
    path.with_suffix(_LOST).write_text(now() + "\n", encoding="utf-8")
    key, held = _new()
    draft = _draft(path, held)
    draft.replace(path)
    return key


def _read(path: Path) -> bytes:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        with suppress(OSError):  # a disk without such permissions, as under Windows
            path.chmod(0o600)
    return path.read_bytes()


def _new() -> tuple[bytes, bytes]:
    """A new key, and what the file is to hold: the key itself where the store does not take it."""
    key = secrets.token_bytes(_BYTES)
    name = hashlib.sha256(key).hexdigest()
    try:
        keystore.put(name, key.hex())
    except KeystoreError:
        return key, key
    return key, f"In the key store of this system, as {name}\n".encode()


def _make(path: Path) -> bytes:
    """Make a key and write the file, or read the one that another process made meanwhile: it appears only once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key, held = _new()
    try:
        draft = _draft(path, held)
        try:
            _name(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        if held != key:
            with suppress(KeystoreError):
                keystore.remove(hashlib.sha256(key).hexdigest())
        if isinstance(error, FileExistsError):
            return path.read_bytes()
        raise
    return held


def _draft(path: Path, held: bytes) -> Path:
    """A file beside `path`, for the user alone, that is whole on the disk."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(held)
            os.fsync(file.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _name(draft: Path, path: Path) -> None:
    """Give a file its name. Raises FileExistsError if it is taken."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        draft.rename(path)
