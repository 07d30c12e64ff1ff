"""MPEG transport streams (ISO/IEC 13818-1): their packets and tables, and where they go on with another video."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes

Bytes = npt.NDArray[np.uint8]

PACKET, SYNC = 188, 0x47
_SCRAMBLED = 0xC0  # bits of the fourth byte
_BLOCK, _SYNC_BLOCK = 1 << 20, 1 << 16
_MOST_RESYNCS = 1000
HEAD_BYTES, _AGREEING = 2048, 6
_MOST_CHANGES = 8
_MOST_PADDING = 64 << 20
# Stream types of video: MPEG-1, -2, -4, H.264, H.265, VVC, AVS, Dirac, VC-1.
_VIDEO = {0x01, 0x02, 0x10, 0x1B, 0x24, 0x33, 0x42, 0xD1, 0xEA}
_PAT, _PMT, _STUFFING = 0, 2, 0xFF  # table identifiers
_SECTION_HEADER = 8
_POLYNOMIAL = 0x04C11DB7


def packet_size(head: bytes) -> tuple[int, int] | None:
    """The length of a packet and where the first one begins; None where there are none."""
    for size, lead in ((188, 0), (192, 4), (204, 0)):
        if len(head) >= 3 * size and all(head[lead + at * size] == SYNC for at in range(3)):
            return size, lead
    return None


def find_packets(head: bytes) -> tuple[int, int] | None:
    """As `packet_size`, for a recording that may begin within a packet."""
    for size in (188, 192, 204):
        for lead in range(size):
            syncs = head[lead::size]
            if len(syncs) >= _AGREEING and syncs == syncs[:1] * len(syncs) and syncs[0] == SYNC:
                return size, lead
    return None


def is_scrambled(head: bytes) -> bool:
    """Whether most of the first packets of a file say that their content is scrambled, as that of paid television."""
    size, lead = packet_size(head) or (0, 0)
    control = [head[at + 3] & _SCRAMBLED for at in range(lead, len(head) - PACKET + 1, size)] if size else []
    return 2 * sum(map(bool, control)) > len(control)


def section_of(packet: bytes) -> bytes:
    """The table section that begins in a packet; b"" where none does."""
    if not packet[1] & 0x40:
        return b""
    at = 5 + packet[4] if packet[3] & 0x20 else 4
    return packet[at + 1 + packet[at] :] if at < len(packet) else b""


def programs_of(section: bytes) -> dict[int, int]:
    """The PIDs of the programs' maps by the number of the program, of a program association section."""
    end = _end(section)
    found = {}
    for at in range(8, min(end, len(section)) - 3, 4):
        number, pid = (int.from_bytes(section[at + i : at + i + 2], "big") for i in (0, 2))
        if number:
            found[number] = pid & 0x1FFF
    return found


def program_map_of(section: bytes) -> dict[int, int]:
    """The stream types by PID of a program map section."""
    end = min(_end(section), len(section))
    at = 12 + (int.from_bytes(section[10:12], "big") & 0xFFF)
    found = {}
    while at + 5 <= end:
        kind, pid = section[at], int.from_bytes(section[at + 1 : at + 3], "big") & 0x1FFF
        found[pid] = kind
        at += 5 + (int.from_bytes(section[at + 3 : at + 5], "big") & 0xFFF)
    return found


def _end(section: bytes) -> int:
    """Where the content of a section ends, which is where its checksum begins."""
    return 3 + (int.from_bytes(section[1:3], "big") & 0xFFF) - 4


def is_whole(section: bytes) -> bool:
    """Whether a section's checksum (CRC-32 of annex A) is right."""
    end = _end(section) + 4
    if not 12 <= end <= len(section):
        return False
    register = 0xFFFFFFFF
    for byte in section[:end]:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ (_POLYNOMIAL if register & 0x80000000 else 0)) & 0xFFFFFFFF
    return register == 0


@dataclass(frozen=True, slots=True)
class Change:
    """A program's map lists other video from the packet at `position` on; the program table before it is at `tables`.

    `gone`: the PIDs of the videos that are not listed any more, `listed`: of those that the map lists now.
    """

    position: int
    tables: int
    gone: frozenset[int]
    listed: frozenset[int]


def changes_of(changes: list[Change], pid: int | None) -> list[Change]:
    """Those of the changes that concern the video of a PID, or the one that takes its place; all where it is None."""
    own = frozenset() if pid is None else frozenset((pid,))
    found = []
    for change in changes:
        if pid is None or own & change.gone:
            found.append(change)
            own = own - change.gone | change.listed
    return found


def video_changes(data: FileBytes) -> list[Change]:
    """Where a video of the tables ends and another one, of another PID or codec, takes its place. Raises OSError."""
    found = find_packets(data[:HEAD_BYTES])
    if found is None:
        return []
    tables = _Tables()
    size, at = found
    resyncs = 0
    while at + PACKET <= len(data) and len(tables.changes) < _MOST_CHANGES:
        block = data[at : at + _BLOCK]
        rows = np.frombuffer(block, np.uint8, (len(block) - PACKET) // size * size + PACKET)
        count = in_step(rows, size)
        for start in tables.wanted(rows, size, count):
            tables.take(block[start : start + PACKET], at + start)
        at += count * size
        if count < len(rows[::size]):
            resyncs += 1
            at = next_sync(data, at + 1, size)
            if at < 0 or resyncs > _MOST_RESYNCS:
                break
    return tables.changes


def padding_bytes(path: Path, start: int) -> int:
    """How many bytes at a file's end, behind a position, are null packets (2.4.3.3), which keep up a bit rate.

    Raises OSError.
    """
    with file_bytes(path) as data:
        found = find_packets(data[:HEAD_BYTES])
        if found is None or start < 0 or len(data) - start > _MOST_PADDING:
            return 0
        size, lead = found
        first = lead + max(-(-(start - lead) // size), 0) * size
        count = max((len(data) - first) // size, 0)
        rows = np.frombuffer(data[first : first + count * size], np.uint8).reshape(count, size)
        is_null = (rows[:, 0] == SYNC) & (rows[:, 1] & 0x1F == 0x1F) & (rows[:, 2] == 0xFF)
        others = np.flatnonzero(~is_null)
        return (count - (int(others[-1]) + 1 if len(others) else 0)) * size


def in_step(rows: Bytes, size: int) -> int:
    """How many packets of this distance begin with the sync byte, up to the first one that does not."""
    lost = np.flatnonzero(rows[::size] != SYNC)
    return int(lost[0]) if len(lost) else len(rows[::size])


def next_sync(data: FileBytes, at: int, size: int) -> int:
    """Where packets of this length go on from a position, -1 where they do not."""
    while at + 2 * size < len(data):
        is_sync = np.frombuffer(data[at : at + _SYNC_BLOCK], np.uint8) == SYNC
        count = len(is_sync) - 2 * size
        agreeing = np.flatnonzero(is_sync[:count] & is_sync[size : size + count] & is_sync[2 * size :])
        if len(agreeing):
            return at + int(agreeing[0])
        at += count
    return -1


@dataclass(slots=True)
class _Tables:
    """The tables of the packets so far."""

    changes: list[Change] = field(default_factory=list)
    _programs: dict[int, int] = field(default_factory=dict)  # PIDs of the programs' maps by program number
    _videos: dict[int, dict[int, int]] = field(default_factory=dict)  # stream types by PID, by program number
    _newest: dict[tuple[int, int], bytes] = field(default_factory=dict)  # sections by PID and program
    _open: dict[int, tuple[int, bytes]] = field(default_factory=dict)  # where a section began, and its bytes, by PID
    _at: int = 0  # of the newest program association table

    def wanted(self, rows: Bytes, size: int, count: int) -> Iterator[int]:
        """Where packets of tables begin; `take` is called for each before the next one is asked for."""
        first, second = rows[1::size][:count], rows[2::size][:count]
        pids = (first & 0x1F).astype(np.uint16) << 8 | second
        at = 0
        while True:
            before = set(self._programs.values())
            for number in np.flatnonzero(np.isin(pids[at:], [0, *before])).tolist():
                yield (at + number) * size
                if set(self._programs.values()) != before:
                    at += number + 1
                    break
            else:
                return

    def take(self, packet: bytes, position: int) -> None:
        """Take what a packet at a position of the file holds of a section, which may span several packets."""
        pid = int.from_bytes(packet[1:3], "big") & 0x1FFF
        content = packet[5 + packet[4] if packet[3] & 0x20 else 4 :] if packet[3] & 0x10 else b""
        if not content:
            return
        if packet[1] & 0x40:  # a section begins, behind the end of another one
            start = content[0] + 1
            self._continue(pid, content[1:start])
            self._open[pid] = position, b""
            content = content[start:]
        self._continue(pid, content)

    def _continue(self, pid: int, content: bytes) -> None:
        """More bytes of the sections of a PID; those that are whole are used."""
        if pid not in self._open:
            return
        position, section = self._open[pid]
        section += content
        while len(section) > _SECTION_HEADER and section[0] != _STUFFING:
            length = _end(section) + 4
            if len(section) < length:
                break
            self._use(pid, section[:length], position)
            section = section[length:]
        self._open[pid] = position, section

    def _use(self, pid: int, section: bytes, position: int) -> None:
        number = int.from_bytes(section[3:5], "big")  # of the program, in its map
        self._at = position if pid == 0 else self._at
        if self._newest.get((pid, number)) == section or not is_whole(section):
            return
        self._newest[pid, number] = section
        if pid == 0 and section[0] == _PAT:
            self._programs = programs_of(section)
        elif self._programs.get(number) == pid and section[0] == _PMT:
            self._map(number, section, position)

    def _map(self, program: int, section: bytes, position: int) -> None:
        videos = {pid: kind for pid, kind in program_map_of(section).items() if kind in _VIDEO}
        if not videos:
            return
        before = self._listed()
        self._videos = {number: video for number, video in self._videos.items() if number in self._programs}
        self._videos[program] = videos
        gone = before - self._listed()
        if gone:
            self.changes.append(Change(position, self._at, frozenset(pid for pid, _ in gone), frozenset(videos)))

    def _listed(self) -> set[tuple[int, int]]:
        return {item for videos in self._videos.values() for item in videos.items()}
