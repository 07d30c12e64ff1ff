"""JPEG pictures in a row among other bytes: FFmpeg's parser may return several of them as one packet.

It takes any 0xFF among the other bytes for a marker with a length, and passes over up to 64 KiB behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from av.packet import Packet

from inspector.engine.decode.formats import jpeg

_LEAST_NAMED = 128  # bytes; headers of other formats between the pictures are shorter
_PADDING = b"\x00\xff\r\n"
_HTTP_PART = b"image/jpeg"
OTHER_BYTES = "{count:,} bytes belong to no picture"


def separated(packets: Iterable[Packet[Any]]) -> Iterator[Packet[Any] | str]:
    """The packets of a stream without a container with one picture each; text names bytes that belong to none.

    Packets behind one that is divided get later stamps: the stream has none, and FFmpeg counts its packets.
    """
    shift = 0
    for packet in packets:
        parts, others = _divided(bytes(packet)) if packet.size else ([], 0)
        if others >= _LEAST_NAMED:
            yield OTHER_BYTES.format(count=others)
        if not parts:
            if shift and packet.pts is not None and packet.dts is not None:
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            yield packet
            continue
        for number, part in enumerate(parts):
            shift += int(packet.duration or 0) * bool(number)
            yield _with_data(packet, part, shift)


def _with_data(packet: Packet[Any], data: bytes, shift: int) -> Packet[Any]:
    made: Packet[Any] = Packet(data)
    made.pts = None if packet.pts is None else packet.pts + shift
    made.dts = None if packet.dts is None else packet.dts + shift
    made.time_base, made.duration, made.stream = packet.time_base, packet.duration, packet.stream
    made.is_keyframe = True
    return made


def _divided(data: bytes) -> tuple[list[bytes], int]:
    """The pictures in a packet, [] where it is one from its start on or holds no whole one, and how many other bytes.

    A picture between whole ones that is not whole counts as one.
    """
    pictures = list(jpeg.whole_pictures(data))
    if not pictures:
        return [], 0
    parts, others, at = [], 0, 0
    for start, end in [*pictures, (len(data), len(data))]:
        damaged = data.find(jpeg.SOI, at, start)
        between = data[at : start if damaged < 0 else damaged]
        others += 0 if _HTTP_PART in between.lower() else len(between.strip(_PADDING))
        parts += [data[damaged:start]] if damaged >= 0 else []
        parts += [data[start:end]] if end > start else []
        at = end
    return (parts if len(parts) > 1 or pictures[0][0] else []), others
