"""H.264 clips whose pictures are stored as two fields each, written by hand: no encoder at hand writes them."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from inspector.domain.arrays import Image
from tests.clips import code_picture

_SIZE = (96, 64)
_I, _B = 2, 1  # types of slices
_PCM = {_I: 25, _B: 48}  # types of macroblocks that hold their samples as they are


def ue(number: int) -> str:
    """An Exp-Golomb number."""
    bits = f"{number + 1:b}"
    return "0" * (len(bits) - 1) + bits


def unit(header: int, bits: str, data: bytes = b"") -> bytes:
    """A unit behind its start code; `data` begins at a whole byte."""
    bits += "" if data else "1"
    bits += "0" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big") + data + (b"\x80" if data else b"")
    at = 2
    while at < len(body):
        if body[at - 2 : at] == b"\0\0" and body[at] < 4:
            body = body[:at] + b"\3" + body[at:]
            at += 2
        at += 1
    return b"\0\0\0\1" + bytes([header]) + body


def parameter_sets() -> bytes:
    """Main profile, 4 bits for the number, 8 for the order, fields, 25 pictures a second, of which one is reordered."""
    restriction = "1" + ue(0) + ue(0) + ue(0) + ue(0) + ue(1) + ue(2)
    vui = "0000" + "1" + f"{1:032b}{50:032b}" + "1" + "0" + "0" + "0" + "1" + restriction
    size = ue(_SIZE[0] // 16 - 1) + ue(_SIZE[1] // 32 - 1)
    sequence = f"{77:08b}{0:08b}{30:08b}" + ue(0) + ue(0) + ue(0) + ue(4) + ue(2) + "0" + size + "0" + "0" + "1" + "0"
    picture = ue(0) + ue(0) + "0" + "0" + ue(0) + ue(0) + ue(0) + "0" + "00" + ue(0) + ue(0) + ue(0) + "1" + "0" + "0"
    return unit(0x67, sequence + "1" + vui) + unit(0x68, picture)


def field(image: Image, number: int, order: int, *, is_bottom: bool, is_idr: bool, is_reference: bool) -> bytes:
    """One field of a picture, uint8 (h, w, 3) with its luma first; B-slices where it is no reference."""
    kind = _I if is_reference else _B
    header = ue(0) + ue(kind) + ue(0) + f"{number % 16:04b}" + "1" + str(int(is_bottom))
    header += ue(0) * is_idr + f"{order % 256:08b}"
    header += "1" + "0" + "00" if kind == _B else ""
    header += ("00" if is_idr else "0") * is_reference + ue(0) + ue(1)
    luma = image[int(is_bottom) :: 2, :, 0]
    bits, data = header + ue(0) * (kind == _B) + ue(_PCM[kind]), b""
    for at, (y, x) in enumerate(np.ndindex(luma.shape[0] // 16, luma.shape[1] // 16)):
        if at:
            lead = ue(0) * (kind == _B) + ue(_PCM[kind])
            data += int(lead.ljust(-len(lead) // 8 * -8, "0"), 2).to_bytes(-len(lead) // 8 * -1, "big")
        data += luma[16 * y : 16 * y + 16, 16 * x : 16 * x + 16].tobytes() + b"\x80" * 128
    return unit(0x65 if is_idr else 0x41 if is_reference else 0x01, bits, data)


def fields(frames: int, gop: int, *, is_reordered: bool = True) -> Iterator[tuple[int, bytes, bytes]]:
    """The pictures in the order of decoding: the number in display order and both fields, with headers."""
    number = 0
    for key in range(0, frames, gop):
        end = min(key + gop, frames)
        order = [key, *(at for two in range(key + 2, end, 2) for at in (two, two - 1))]
        order = [*order, end - 1][: end - key] if is_reordered else [*range(key, end)]
        for shown in order:
            is_key, is_reference = shown == key, (shown - key) % 2 == 0 or shown == end - 1 or not is_reordered
            number = 0 if is_key else number
            image = code_picture(shown, _SIZE)
            one, two = (
                b"\0\0\0\1\x09\xf0"
                + (parameter_sets() if is_key and not bottom else b"")
                + field(
                    image,
                    number,
                    2 * (shown - key) + bottom,
                    is_bottom=bool(bottom),
                    is_idr=is_key and not bottom,
                    is_reference=is_reference,
                )
                for bottom in (0, 1)
            )
            yield shown, one, two
            number += is_reference


def field_coded(
    path: Path, *, frames: int = 36, gop: int = 12, is_apart: bool = False, is_reordered: bool = True
) -> Path:
    """A clip of 25 pictures a second; `is_apart`: each field is a packet (PES) of its own with a time stamp.

    The container follows from the suffix.
    """
    pictures = list(fields(frames, gop, is_reordered=is_reordered))
    raw = path.with_suffix(".h264")
    raw.write_bytes(b"".join(one + two for _, one, two in pictures))
    if path == raw:
        return path
    with av.open(str(raw)) as reading, av.open(str(path), "w") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        for at, (shown, one, two) in enumerate(pictures):
            parts = [(one, 0), (two, 1)] if is_apart else [(one + two, 0)]
            for data, half in parts:
                packet: Any = av.Packet(data)
                packet.time_base = Fraction(1, 50)
                packet.pts, packet.dts = 2 * (shown + 2) + half, 2 * at + half
                packet.is_keyframe = b"\0\0\1\x65" in data
                packet.stream = stream
                writing.mux(packet)
    raw.unlink()
    return path
