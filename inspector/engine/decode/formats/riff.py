"""The chunks of an AVI file, counted without decoding: FFmpeg passes over the empty ones, which repeat a picture."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

_LISTS = {b"RIFF", b"LIST"}
_MAX_CHUNKS = 10_000_000


def count_chunks(path: Path, stream: int) -> tuple[int, int]:
    """How many chunks of a stream an AVI file holds, and how many of them are empty; up to the first broken one."""
    wanted = {f"{stream:02d}dc".encode(), f"{stream:02d}db".encode()}
    total = empty = 0
    with path.open("rb") as file:
        end = os.fstat(file.fileno()).st_size
        at = 0
        for _ in range(_MAX_CHUNKS):
            name, size = _header(file, at)
            if len(name) < 4:
                break
            if name in wanted:
                if at + 8 + size > end:
                    break
                total, empty = total + 1, empty + (size == 0)
            # A list's chunks follow its four-byte type. Its own size is not needed, so that a wrong one does no harm.
            at += 12 if name in _LISTS else 8 + size + size % 2
    return total, empty


def _header(file: BinaryIO, at: int) -> tuple[bytes, int]:
    file.seek(at)
    data = file.read(8)
    return data[:4] if len(data) == 8 else b"", int.from_bytes(data[4:8], "little")
