"""Where packets of a transport stream are missing, by their continuity counters (ISO/IEC 13818-1, 2.4.3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inspector.engine import activity
from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes
from inspector.engine.decode.formats.mpegts import HEAD_BYTES, PACKET, find_packets, in_step, next_sync

_BLOCK = 1 << 20
_MOST_RESYNCS = 1000
_MOST_PLACES = 100_000  # more are not looked at one by one: a file of nothing but losses would fill the memory
_MOST_SHARE = 8  # of so many packets one may break before the counters are those of a writer that does not count
_FLAGS = ("starts", "is_full", "is_wrong", "is_new")
_ROW = np.dtype([("at", np.int64), ("counter", np.uint8), *((flag, np.bool_) for flag in _FLAGS)])


@dataclass(frozen=True, slots=True)
class Torn:
    """Packets of a stream are missing between those at two positions of the file, `before` and `behind`.

    `begins`: with the one behind a new piece (PES) of the stream begins, so that whole ones may be missing. `is_open`:
    the one before is full, as hardly any last packet of a piece is.
    """

    before: int
    behind: int
    begins: bool
    is_open: bool


def torn_places(path: Path, pid: int, end: int) -> list[Torn]:
    """The places up to a position at which packets of a stream (PID) are missing; none where its counters do not count.

    Positions are those that FFmpeg gives packets, which counts the bytes beside longer ones to the front. Raises
    OSError.
    """
    torn: list[Torn] = []
    count = 0
    with file_bytes(path) as data:
        found = find_packets(data[:HEAD_BYTES])
        if found is None:
            return []
        rows = np.empty(0, _ROW)
        for chunk in activity.each(_packets_of(data, pid, end, *found)):
            count += len(chunk)
            rows = np.concatenate([rows[-1:], chunk])  # not all at once: ten gigabytes have 50 million packets
            torn += _torn_of(rows)
            if len(torn) > _MOST_PLACES:
                return []
    return torn if len(torn) * _MOST_SHARE <= count else []


def _torn_of(rows: npt.NDArray[np.void]) -> list[Torn]:
    counters: npt.NDArray[np.int64] = rows["counter"].astype(np.int64)
    step = np.diff(counters) & 15
    # One that is sent twice, as the standard allows, is decoded twice by FFmpeg.
    is_torn = ((step != 1) & ~rows["is_new"][1:]) | rows["is_wrong"][1:]
    return [
        Torn(int(rows["at"][at]), int(rows["at"][at + 1]), bool(rows["starts"][at + 1]), bool(rows["is_full"][at]))
        for at in np.flatnonzero(is_torn).tolist()
    ]


def _packets_of(data: FileBytes, pid: int, end: int, size: int, at: int) -> Iterator[npt.NDArray[np.void]]:
    """The packets of a PID with a payload, up to a position or soon behind it; `at`: where the first of all begins."""
    resyncs = marks = 0
    while at >= 0 and at + PACKET <= min(end, len(data)) and resyncs <= _MOST_RESYNCS:
        block = data[at : at + _BLOCK]
        values = np.frombuffer(block, np.uint8, (len(block) - PACKET) // size * size + PACKET)
        count = in_step(values, size)
        headers = np.stack([values[byte::size][:count] for byte in range(1, 6)]).astype(np.int64)
        own = (headers[0] & 0x1F) << 8 | headers[1] == pid
        kept = np.flatnonzero(own & (headers[2] & 0x10 > 0))
        # discontinuity_indicator, which may also stand in packets without a payload before
        is_marked = own & (headers[2] & 0x20 > 0) & (headers[3] > 0) & (headers[4] & 0x80 > 0)
        marked = (marks + np.cumsum(is_marked))[kept]
        rows = np.empty(len(kept), _ROW)
        rows["at"], rows["counter"] = at - (size - PACKET) + kept * size, headers[2][kept] & 15
        rows["starts"], rows["is_wrong"] = headers[0][kept] & 0x40 > 0, headers[0][kept] & 0x80 > 0
        rows["is_full"], rows["is_new"] = headers[2][kept] & 0x20 == 0, np.diff(marked, prepend=0) > 0
        marks += int(is_marked.sum()) - int(marked.max(initial=0))  # those behind the last payload
        yield rows
        at += count * size
        if count < len(values[::size]):
            resyncs += 1
            at = next_sync(data, at + 1, size)
