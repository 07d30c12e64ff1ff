"""Files read and written with one clear sentence for whatever is wrong with them."""

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

# What reading raises of a file that is cut off, is another one, or has other fields; msgspec's errors are ValueErrors.
_DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, csv.Error, SafetensorError)


@contextlib.contextmanager
def reading(path: Path, advice: str) -> Iterator[None]:
    """Turns whatever a missing or damaged file raises into a TrainingError that names it, the cause and the advice."""
    try:
        yield
    except FileNotFoundError as error:
        raise TrainingError(f"{path} is missing; {advice}.") from error
    except _DAMAGE as error:
        what = "cannot be read" if isinstance(error, OSError) else "is damaged"
        raise TrainingError(f"{path} {what} ({_reason(error)}); {advice}.") from error


@contextlib.contextmanager
def writing(path: Path, advice: str = "make room or mend it") -> Iterator[None]:
    """Turns what the disk refuses, being full for one, into an OutputError about the file or folder `path`."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        raise OutputError(
            f"{path} cannot be written ({_reason(error)}); {advice} and run the same command again: finished work is "
            "kept."
        ) from error


def read(path: Path, wanted: type[T], advice: str) -> T:
    """A measurement that `write` kept; TrainingError, with `advice`, when it is missing or damaged."""
    with reading(path, advice):
        return msgspec.json.decode(path.read_bytes(), type=wanted)


def write(path: Path, found: object) -> None:
    """Keep a measurement as JSON, whole or not at all; what is not defined is null. OutputError."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(found), indent=1))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; OutputError when the disk does not take it, and the one before stays."""
    with writing(path):
        atomic.write_bytes(path, content)


def check_writable(path: Path) -> None:
    """OutputError unless a file can be written at `path`: to be known before the hours of work that it is to hold."""
    with writing(path, "name another file"):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        with tempfile.TemporaryFile(dir=path.parent):
            pass


def _reason(error: Exception) -> str:
    """The first line of what an error says, without the path that the sentence names already."""
    if isinstance(error, KeyError):
        return f"it has no {error}"
    lines = str(getattr(error, "strerror", None) or error).splitlines()
    return (lines or [type(error).__name__])[0]
