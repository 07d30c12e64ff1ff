"""Reading and writing files, with one sentence of error that names the file, the cause and what to do."""

from __future__ import annotations

import contextlib
import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from safetensors import SafetensorError

from inspector.domain.errors import OutputError, TrainingError
from inspector.engine import atomic

T = TypeVar("T")

# What reading a truncated or foreign file raises; msgspec's errors are ValueErrors.
_DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, csv.Error, SafetensorError)


@contextlib.contextmanager
def reading(path: Path, advice: str) -> Iterator[None]:
    """Turn the errors of a missing or damaged file into a TrainingError that names it, the cause and the advice."""
    try:
        yield
    except FileNotFoundError as error:
        raise TrainingError(f"{path} is missing; {advice}.") from error
    except _DAMAGE as error:
        what = "cannot be read" if isinstance(error, OSError) else "is damaged"
        raise TrainingError(f"{path} {what} ({_reason(error)}); {advice}.") from error


@contextlib.contextmanager
def writing(path: Path, advice: str = "free disk space or correct the path") -> Iterator[None]:
    """Turn errors of writing, such as a full disk, into an OutputError about the file or folder `path`."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        raise OutputError(
            f"{path} cannot be written ({_reason(error)}); {advice} and run the same command again: finished work is "
            "kept."
        ) from error


def read(path: Path, wanted: type[T], advice: str) -> T:
    """Read what `write` saved; TrainingError, with `advice`, when it is missing or damaged."""
    with reading(path, advice):
        return msgspec.json.decode(path.read_bytes(), type=wanted)


def write(path: Path, found: object) -> None:
    """Save a value as JSON, atomically; NaN becomes null. Raises OutputError."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(found), indent=1))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically; OutputError when that fails, and the previous file stays."""
    with writing(path):
        atomic.write_bytes(path, content)


def check_writable(path: Path) -> None:
    """Raise OutputError unless a file can be written at `path`, to find out before hours of work."""
    with writing(path, "name another file"):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        with tempfile.TemporaryFile(dir=path.parent):
            pass


def _reason(error: Exception) -> str:
    """The first line of an error's message, without the path, which the sentence names already."""
    if isinstance(error, KeyError):
        return f"it has no {error}"
    lines = str(getattr(error, "strerror", None) or error).splitlines()
    return (lines or [type(error).__name__])[0]
