"""The data packets of an ASF file (Advanced Systems Format Specification 01.20.06, 5): whether pictures are whole."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from inspector.domain.arrays import PtsArray
from inspector.engine import activity
from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes

_HEAD_BYTES = 1 << 20
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")  # the GUID of the File Properties Object
_DATA, _DATA_HEADER = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c"), 50  # of the Data Object, and its own bytes
_SYNC = b"\x82\0\0"  # of the error correction that all known writers put before a packet, and FFmpeg looks for
_MOST_PACKET_BYTES = 1 << 20
_USUAL_PACKET_BYTES = 4096
_MOST_TRIED = 100_000  # places that look like the beginning of a packet: other bytes may be full of them
_MOST_PLACES = 100_000  # more are not looked at one by one
_MOST_SHARE = 8  # of so many pictures one may be missing before the numbers are those of a writer that does not count
_LENGTHS = (0, 1, 2, 4)  # bytes of a field by its two bits
_LEAST_REPLICATED = 8  # bytes: the size of the object and its time


@dataclass(frozen=True, slots=True)
class AsfLosses:
    """What is missing of the pictures of a stream, by their time stamps in milliseconds as FFmpeg gives them.

    `whole`: all that are stored to their ends; `torn`: those of them within which bytes are missing or foreign;
    `behind`: those before which others are missing. int64 (n,) each.
    """

    whole: PtsArray = field(default_factory=lambda: np.empty(0, np.int64))
    torn: PtsArray = field(default_factory=lambda: np.empty(0, np.int64))
    behind: PtsArray = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class _Payload:
    """A part of an object, which is a picture: its place in it and the bytes that it has of `size`."""

    number: int
    numbers: int  # how many there are before they begin anew
    offset: int
    size: int
    stamp: int
    count: int


@dataclass(frozen=True, slots=True)
class _Packet:
    payloads: tuple[_Payload, ...]
    is_broken: bool = False  # its parts do not add up


def asf_losses(path: Path, stream: int) -> AsfLosses:
    """What is missing of a stream by its number; nothing where its objects are not numbered. Raises OSError."""
    with file_bytes(path) as data:
        head = data[:_HEAD_BYTES]
        properties, start = head.find(_PROPERTIES), head.find(_DATA)
        if properties < 0 or start < 0 or len(head) < properties + 104:
            return AsfLosses()
        least, size = struct.unpack_from("<2I", head, properties + 92)
        if least != size or not len(_SYNC) < size <= _MOST_PACKET_BYTES:
            return AsfLosses()
        preroll = int(struct.unpack_from("<I", head, properties + 80)[0])  # of 64 bits, of which FFmpeg reads these
        objects = _Objects()
        for packet, is_torn in activity.each(_packets(data, start + _DATA_HEADER, size, stream)):
            for payload in packet.payloads:
                objects.add(payload, is_torn=is_torn or packet.is_broken)
            if len(objects.torn) + len(objects.behind) > _MOST_PLACES:
                return AsfLosses()
    behind = objects.behind if len(objects.behind) * _MOST_SHARE <= len(objects.whole) else []
    found = (np.array(stamps, np.int64) - preroll for stamps in (objects.whole, objects.torn, behind))
    return AsfLosses(*found)


@dataclass(slots=True)
class _Objects:
    """Puts objects together from their parts, which are stored in order."""

    whole: array[int] = field(default_factory=lambda: array("q"))
    torn: list[int] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)
    _open: _Payload | None = None  # the beginning of one
    _covered: int = 0
    _is_torn: bool = False
    _is_missing: bool = False  # something before the next whole one
    _last: int | None = None

    def add(self, part: _Payload, *, is_torn: bool) -> None:
        """Take the next part."""
        begun = self._open
        goes_on = begun is not None and (part.number, part.size, part.stamp) == (begun.number, begun.size, begun.stamp)
        if goes_on and part.offset == self._covered:
            self._covered += part.count
            self._is_torn = self._is_torn or is_torn
        else:
            is_next = self._last is None or part.number == (self._last + 1) % part.numbers
            self._is_missing = self._is_missing or begun is not None or part.offset > 0 or not is_next
            self._open = part if not part.offset else None
            self._covered, self._is_torn, self._last = part.count, is_torn, part.number
        if self._open is not None and self._covered >= self._open.size:
            self._finish(self._open)

    def _finish(self, whole: _Payload) -> None:
        if not whole.size:
            self._open = None
            return  # no picture, and FFmpeg delivers none
        self.whole.append(whole.stamp)
        if self._is_torn:
            self.torn.append(whole.stamp)
        if self._is_missing:
            self.behind.append(whole.stamp)
        self._open, self._is_missing = None, False


def _packets(data: FileBytes, at: int, size: int, stream: int) -> Iterator[tuple[_Packet, bool]]:
    """The packets, and whether bytes are missing or foreign in each: the next one does not begin where it should."""
    tried = 0
    while at >= 0 and at + size <= len(data):
        packet = _packet(data[at : at + size], stream)
        if packet is None:
            at, tried = _next(data, at + 1, size, tried)
            continue
        following = at + size
        if data[following : following + len(_SYNC)] == _SYNC or following >= len(data):
            yield packet, False
        else:
            following, tried = _next(data, at + len(_SYNC), size, tried)
            yield packet, following >= 0 and (following - at) % size > 0
        at = following


def _next(data: FileBytes, start: int, size: int, tried: int) -> tuple[int, int]:
    """Where the next packet begins that another one follows, -1 where none does, and how many places were tried."""
    at = data.find(_SYNC, start)
    while at >= 0:
        tried += 1 + size // _USUAL_PACKET_BYTES  # of which all are read
        if tried > _MOST_TRIED:
            return -1, tried
        following = data[at + size : at + size + len(_SYNC)]
        if following == _SYNC and _packet(data[at : at + size], -1) is not None:
            return at, tried
        at = data.find(_SYNC, at + 1)
    return -1, tried


def _packet(block: bytes, stream: int) -> _Packet | None:
    """The parts of a stream in a packet; None where there is no packet."""
    if len(block) < 16 or block[:3] != _SYNC:
        return None
    flags, kinds = block[3], block[4]
    length, at = _field(block, 5, flags >> 5)
    _, at = _field(block, at, flags >> 1)
    padding, at = _field(block, at, flags >> 3)
    length = length or len(block)
    end = length - padding
    at += 6  # send time and duration
    if length > len(block) or at >= end or not kinds & 3:
        return None
    count, kind = 1, 0
    if flags & 1:
        count, kind = block[at] & 63, block[at] >> 6
        at += 1
    found: list[_Payload] = []
    for _ in range(count):
        if at >= end:
            return _Packet(tuple(found), is_broken=True)
        own, is_known = block[at] & 127 == stream, block[at] & 127 > 0
        number, at = _field(block, at + 1, kinds >> 4)
        offset, at = _field(block, at, kinds >> 2)
        replicated, at = _field(block, at, kinds)
        # One byte stands for several whole objects in a row; no writer does that with pictures.
        stamps = block[at : at + _LEAST_REPLICATED]
        at += replicated
        size, at = _field(block, at, kind) if flags & 1 else (end - at, at)
        if at + size > end or size < 0 or not is_known or 1 < replicated < _LEAST_REPLICATED:
            return _Packet(tuple(found), is_broken=True)
        if own and len(stamps) == _LEAST_REPLICATED <= replicated:
            whole, stamp = struct.unpack("<2I", stamps)
            found.append(_Payload(number, 256 ** _LENGTHS[kinds >> 4 & 3], offset, whole, stamp, size))
        at += size
    return _Packet(tuple(found))


def _field(block: bytes, at: int, kind: int) -> tuple[int, int]:
    """A number whose length two bits tell, and where it ends."""
    end = at + _LENGTHS[kind & 3]
    return int.from_bytes(block[at:end], "little"), end
