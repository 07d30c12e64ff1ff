"""Boxes of MP4 and HEIF files that no encoder here writes, added to files that the tests make."""

from __future__ import annotations

import struct

_PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")


def box(kind: bytes, content: bytes) -> bytes:
    """One box."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def add_to_sample_entry(data: bytes, codec: bytes, extra: bytes) -> bytes:
    """An MP4 file, whose tables stand behind its pictures, with one more box in the first sample entry of a codec."""
    entry = data.index(codec, data.index(b"stsd")) - 4
    end = entry + struct.unpack_from(">I", data, entry)[0]
    changed = bytearray(data[:end] + extra + data[end:])
    at, positions = 0, [entry]
    for parent in _PARENTS:
        at = data.index(parent, at)
        positions.append(at - 4)
    assert data.index(b"mdat") < data.index(b"moov"), "the offsets of the pictures would change"
    for position in positions:
        struct.pack_into(">I", changed, position, struct.unpack_from(">I", changed, position)[0] + len(extra))
    return bytes(changed)
