"""PNG files (W3C PNG 3rd edition): the chunks before the picture that decide how it is read."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from inspector.engine.regular_file import open_regular

MAGIC = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS, _MOST_ANIMATION_CHUNKS = 10_000, 1_000_000
_DELAY_AT, _DEFAULT_DENOMINATOR = 20, 100  # of a frame control chunk; where it declares a denominator of 0
_LEAST_DELAY = Fraction(1, 15)  # FFmpeg's, where a picture declares none


@dataclass(frozen=True, slots=True)
class PngHeader:
    """Bits of a sample, whether the file is animated, and its CICP numbers (primaries, transfer, matrix, range).

    `has_default`: a picture besides the animation, which programs that do not animate show; `size` in pixels.
    """

    depth: int = 8
    is_animated: bool = False
    cicp: tuple[int, int, int, int] | None = None
    has_default: bool = False
    size: tuple[int, int] = (0, 0)


def read_header(path: Path) -> PngHeader:
    """The header of the file at `path`, as far as it is whole; chunks of metadata may be of any size."""
    depth, is_animated, cicp, is_controlled, size = 8, False, None, False, (0, 0)
    with open_regular(path) as file:
        file.seek(len(MAGIC))
        for _ in range(_MOST_CHUNKS):
            head = file.read(8)
            if len(head) < 8 or head[4:] in (b"IDAT", b"IEND"):
                break
            length, kind = struct.unpack(">I4s", head)
            start = file.tell()
            if kind == b"IHDR":
                content = file.read(9).ljust(9, b"\x08")
                size, depth = struct.unpack_from(">II", content), content[8]
            elif kind == b"acTL":
                is_animated = True
            elif kind == b"fcTL":  # before the picture's data: that is the first frame too
                is_controlled = True
            elif kind == b"cICP" and length == 4:
                values = file.read(4)
                cicp = (values[0], values[1], values[2], values[3]) if len(values) == 4 else None
            file.seek(start + length + 4)
    return PngHeader(depth, is_animated, cicp, is_animated and not is_controlled, size)


def delays(path: Path) -> list[Fraction]:
    """How long each picture of an animation is shown, in seconds; as far as the file is whole. Raises OSError."""
    found = []
    with open_regular(path) as file:
        file.seek(len(MAGIC))
        for _ in range(_MOST_ANIMATION_CHUNKS):
            head = file.read(8)
            if len(head) < 8 or head[4:] == b"IEND":
                break
            length, kind = struct.unpack(">I4s", head)
            start = file.tell()
            content = file.read(_DELAY_AT + 4) if kind == b"fcTL" else b""
            if len(content) == _DELAY_AT + 4:
                count, per_second = struct.unpack_from(">HH", content, _DELAY_AT)
                found.append(Fraction(count, per_second or _DEFAULT_DENOMINATOR) or _LEAST_DELAY)
            file.seek(start + length + 4)
    return found
