"""The tables of MPEG transport streams (ISO/IEC 13818-1): programs, streams, and how many packets each has."""

from __future__ import annotations

from collections import Counter

from inspector.engine.provenance.structure.walk import Walk

_PACKET, _SYNC = 188, 0x47
_HEAD_BYTES = 1 << 20
_STREAMS = {
    0x01: "MPEG-1 video", 0x02: "MPEG-2 video", 0x03: "MPEG-1 audio", 0x04: "MPEG-2 audio", 0x06: "private data",
    0x0F: "AAC", 0x10: "MPEG-4 video", 0x11: "AAC (LATM)", 0x1B: "H.264", 0x24: "H.265", 0x81: "AC-3", 0x87: "E-AC-3",
}  # fmt: skip


def packet_size(head: bytes) -> tuple[int, int] | None:
    """The length of a packet and where the first one begins; None where there are none."""
    for size, lead in ((188, 0), (192, 4), (204, 0)):
        if len(head) >= 3 * size and all(head[lead + at * size] == _SYNC for at in range(3)):
            return size, lead
    return None


def walk_packets(walk: Walk) -> None:
    """Note the tables in the first MiB, with the packets of each stream there."""
    head = walk.read(0, _HEAD_BYTES)
    found = packet_size(head)
    if found is None:
        return
    size, lead = found
    counts: Counter[int] = Counter()
    programs: dict[int, int] = {}
    streams: dict[int, str] = {}
    for at in range(lead, len(head) - _PACKET + 1, size):
        if head[at] != _SYNC:
            walk.problem(f"The packets are out of step from byte {at} on.")
            break
        pid = int.from_bytes(head[at + 1 : at + 3], "big") & 0x1FFF
        counts[pid] += 1
        section = _section(head[at : at + _PACKET])
        if pid == 0 and section[:1] == b"\0" and not programs:
            programs = _programs(section)
        elif pid in programs and section[:1] == b"\2":
            streams.update(_program_map(section))
    walk.add("packets", 0, lead, walk.size - lead, f"{size} bytes each; the first {len(head) >> 10} KiB were read")
    for pid, number in programs.items():
        walk.add("PMT", 1, lead, size, f"program {number}, PID {pid}")
    for pid, count in sorted(counts.items()):
        name = streams.get(pid) or ("PAT" if pid == 0 else "SDT" if pid == 17 else "PMT" if pid in programs else "")
        walk.add(
            f"PID {pid}", 1, lead, count * size, f"{name or 'not in a table'}, {count} packets", is_known=bool(name)
        )
    if (walk.size - lead) % size:
        walk.tag("computed", "trailing bytes", (walk.size - lead) % size)


def _section(packet: bytes) -> bytes:
    """The table section that begins in a packet; b"" where none does."""
    if not packet[1] & 0x40:
        return b""
    at = 5 + packet[4] if packet[3] & 0x20 else 4
    return packet[at + 1 + packet[at] :] if at < len(packet) else b""


def _programs(section: bytes) -> dict[int, int]:
    end = 3 + (int.from_bytes(section[1:3], "big") & 0xFFF) - 4
    found = {}
    for at in range(8, min(end, len(section)) - 3, 4):
        number, pid = (int.from_bytes(section[at + i : at + i + 2], "big") for i in (0, 2))
        if number:
            found[pid & 0x1FFF] = number
    return found


def _program_map(section: bytes) -> dict[int, str]:
    end = min(3 + (int.from_bytes(section[1:3], "big") & 0xFFF) - 4, len(section))
    at = 12 + (int.from_bytes(section[10:12], "big") & 0xFFF)
    found = {}
    while at + 5 <= end:
        kind, pid = section[at], int.from_bytes(section[at + 1 : at + 3], "big") & 0x1FFF
        found[pid] = _STREAMS.get(kind, f"stream type 0x{kind:02X}")
        at += 5 + (int.from_bytes(section[at + 3 : at + 5], "big") & 0xFFF)
    return found
