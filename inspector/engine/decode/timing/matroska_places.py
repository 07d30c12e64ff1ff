"""What FFmpeg does not tell of the packets of a Matroska file: stamps before 0, and bytes that are missing inside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from inspector.engine.decode.formats.matroska_clusters import missing_parts, stamps_before_zero
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.file_end import FileEnd
from inspector.engine.decode.timing.losses import MissingBytes
from inspector.engine.decode.timing.stored import Role, StoredPackets

_BLOCK_HEADER = 4  # bytes: the track, the time stamp, flags


def with_stamps_before_zero(stored: StoredPackets, path: Path) -> StoredPackets:
    """The packets with the stamps below 0 that their blocks have. Raises OSError."""
    unknown = np.flatnonzero((stored.pts == NO_PTS) & (stored.pos >= 0) & (np.diff(stored.pos, prepend=-1) > 0))
    found = stamps_before_zero(path, stored.pos[unknown].tolist()) if len(unknown) else {}
    if not found:
        return stored
    pts = stored.pts.copy()
    for at in unknown.tolist():
        pts[at] = found.get(int(stored.pos[at]), NO_PTS)
    return replace(stored, pts=pts)


def without_zeroed(stored: StoredPackets, end: FileEnd) -> StoredPackets:
    """The packets, of which those hold no picture whose blocks' headers lie in zeros at the end of the file."""
    is_zeroed = (stored.pos + _BLOCK_HEADER > end.zeros_at) & (stored.role == Role.PICTURE) & bool(end.zeros)
    if not is_zeroed.any():
        return stored
    return replace(stored, role=np.where(is_zeroed, np.uint8(Role.EXTRA), stored.role))


def find_missing_bytes(path: Path, stored: StoredPackets, total: int) -> MissingBytes:
    """Where `total` bytes are missing between the packets, as far as the file's index tells. Raises OSError."""
    is_known = stored.is_key & (stored.pts != NO_PTS)
    keyframes = dict(zip(stored.pts[is_known].tolist(), stored.pos[is_known].tolist(), strict=True))
    parts = missing_parts(path, keyframes)
    return MissingBytes(tuple(parts), max(total - sum(count for *_, count in parts), 0))
