"""The tables of MPEG transport streams (ISO/IEC 13818-1): programs, streams, and how many packets each has."""

from __future__ import annotations

from collections import Counter

from inspector.engine.decode.formats.mpegts import (
    PACKET,
    SYNC,
    packet_size,
    program_map_of,
    programs_of,
    section_of,
)
from inspector.engine.provenance.structure.walk import Walk

_HEAD_BYTES = 1 << 20
_STREAMS = {
    0x01: "MPEG-1 video", 0x02: "MPEG-2 video", 0x03: "MPEG-1 audio", 0x04: "MPEG-2 audio", 0x06: "private data",
    0x0F: "AAC", 0x10: "MPEG-4 video", 0x11: "AAC (LATM)", 0x1B: "H.264", 0x24: "H.265", 0x81: "AC-3", 0x87: "E-AC-3",
}  # fmt: skip
_STAMP = 4  # bytes of the time stamp before each packet that cameras write (AVCHD, Blu-ray)
# Streams without an entry in a map: tables of ISO/IEC 13818-1 and DVB (ETSI EN 300 468), which AVCHD uses too.
_TABLES = {0: "PAT", 1: "CAT", 16: "NIT", 17: "SDT", 18: "EIT", 19: "RST", 20: "TDT", 31: "SIT", 0x1FFF: "padding"}


def walk_packets(walk: Walk) -> None:
    """Note the tables in the first MiB, with the packets of each stream there."""
    head = walk.read(0, _HEAD_BYTES)
    found = packet_size(head)
    if found is None:
        return
    size, lead = found
    counts: Counter[int] = Counter()
    programs: dict[int, int] = {}  # PIDs of the maps by program number
    streams = dict(_TABLES)
    for at in range(lead, len(head) - PACKET + 1, size):
        if head[at] != SYNC:
            walk.problem(f"The packets are out of step from byte {at} on.")
            break
        pid = int.from_bytes(head[at + 1 : at + 3], "big") & 0x1FFF
        counts[pid] += 1
        section = section_of(head[at : at + PACKET])
        if pid == 0 and section[:1] == b"\0" and not programs:
            programs = programs_of(section)
        elif pid in programs.values() and section[:1] == b"\2":
            clock = int.from_bytes(section[8:10], "big") & 0x1FFF
            streams.update({clock: "clock", **{of: _name(kind) for of, kind in program_map_of(section).items()}})
    walk.add("packets", 0, lead, walk.size - lead, f"{size} bytes each; the first {len(head) >> 10} KiB were read")
    for number, pid in programs.items():
        walk.add("PMT", 1, lead, size, f"program {number}, PID {pid}")
    for pid, count in sorted(counts.items()):
        name = streams.get(pid) or ("PMT" if pid in programs.values() else "")
        walk.add(
            f"PID {pid}", 1, lead, count * size, f"{name or 'not in a table'}, {count} packets", is_known=bool(name)
        )
    trailing = (walk.size - lead + (_STAMP if size == PACKET + _STAMP else 0)) % size
    if trailing:
        walk.tag("computed", "trailing bytes", trailing)


def _name(kind: int) -> str:
    return _STREAMS.get(kind, f"stream type 0x{kind:02X}")
