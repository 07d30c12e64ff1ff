"""The chunks of an AVI file, counted without decoding: FFmpeg passes over the empty ones, which repeat a picture."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_LISTS = {b"RIFF", b"LIST"}
_NAME = re.compile(rb"RIFF|LIST|JUNK|idx1|ix\d\d|\d\d[a-z]{2}|[A-Za-z]{4}")
_MAX_CHUNKS = 10_000_000


@dataclass(frozen=True, slots=True)
class Chunks:
    """How many chunks of a stream are empty, and how many bytes the file lacks to its declared end."""

    empty: int = 0
    missing_bytes: int = 0


def read_chunks(path: Path, stream: int) -> Chunks:
    """Go through the chunks of an AVI file up to its end or the first broken one. Raises OSError."""
    wanted = {f"{stream:02d}dc".encode(), f"{stream:02d}db".encode()}
    empty = missing = 0
    with path.open("rb") as file:
        end = os.fstat(file.fileno()).st_size
        at = 0
        for _ in range(_MAX_CHUNKS):
            name, size = _header(file, at)
            if not _NAME.fullmatch(name):
                break  # the size of a damaged chunk tells nothing
            missing = max(missing, at + 8 + size - end)
            empty += name in wanted and not size
            # A list's chunks follow its four-byte type.
            at += 12 if name in _LISTS else 8 + size + size % 2
    return Chunks(empty, missing)


def _header(file: BinaryIO, at: int) -> tuple[bytes, int]:
    file.seek(at)
    data = file.read(8)
    return data[:4] if len(data) == 8 else b"", int.from_bytes(data[4:8], "little")
