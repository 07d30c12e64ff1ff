"""PNG files (W3C PNG 3rd edition): the chunks before the picture that decide how it is read."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inspector.engine.regular_file import open_regular

MAGIC = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS, _MOST_ANIMATION_CHUNKS = 10_000, 1_000_000
_DELAY_AT, _DEFAULT_DENOMINATOR = 20, 100  # of a frame control chunk; where it declares a denominator of 0
_SRGB_GAMMA, _NEARLY = 45455, 0.05  # what gAMA gives for sRGB; viewers take what differs by less for that
_OLD_FFMPEG_GAMMA = 50994  # of BT.709 video, which is shown as it is stored; newer FFmpeg writes that of sRGB
_SRGB_CHROMATICITIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)  # cHRM: white, red, green, blue
_NEARLY_POINT = 500  # of 100,000
_D50 = (0.9642, 1.0, 0.8249)  # XYZ of the white of ICC profiles
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_LEAST_DELAY = Fraction(1, 15)  # FFmpeg's, where a picture declares none


@dataclass(frozen=True, slots=True)
class PngHeader:
    """Bits of a sample, whether the file is animated, and its CICP numbers (primaries, transfer, matrix, range).

    `has_default`: a picture besides the animation, which programs that do not animate show; `size` in pixels;
    `profile`: an ICC profile of the gamma and the chromaticities (gAMA, cHRM), empty where they are those of sRGB, are
    not declared, or do not count beside other chunks.
    """

    depth: int = 8
    is_animated: bool = False
    cicp: tuple[int, int, int, int] | None = None
    has_default: bool = False
    size: tuple[int, int] = (0, 0)
    profile: bytes = b""


def read_header(path: Path) -> PngHeader:
    """The header of the file at `path`, as far as it is whole; chunks of metadata may be of any size."""
    depth, is_animated, cicp, is_controlled, size = 8, False, None, False, (0, 0)
    colour: dict[bytes, bytes] = {}
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
            elif kind in (b"gAMA", b"cHRM", b"iCCP", b"sRGB"):
                colour[kind] = file.read(32)
            elif kind == b"cICP" and length == 4:
                values = file.read(4)
                cicp = (values[0], values[1], values[2], values[3]) if len(values) == 4 else None
            file.seek(start + length + 4)
    profile = b"" if cicp else _profile(colour)
    return PngHeader(depth, is_animated, cicp, is_animated and not is_controlled, size, profile)


def _profile(chunks: dict[bytes, bytes]) -> bytes:
    """See `PngHeader.profile`."""
    gamma = int.from_bytes(chunks.get(b"gAMA", b"")[:4], "big")
    if not 0 < gamma < 1_000_000 or chunks.keys() & {b"iCCP", b"sRGB"}:
        return b""
    gamma = _SRGB_GAMMA if gamma == _OLD_FFMPEG_GAMMA else gamma
    stored = chunks.get(b"cHRM", b"")
    declared = struct.unpack(">8I", stored) if len(stored) == 32 else _SRGB_CHROMATICITIES
    is_srgb = np.allclose(declared, _SRGB_CHROMATICITIES, atol=_NEARLY_POINT)
    if is_srgb and abs(gamma / _SRGB_GAMMA - 1) < _NEARLY:
        return b""
    with np.errstate(all="ignore"):
        columns = _to_d50(np.array(declared).reshape(4, 2) / 100_000)
    if not np.abs(columns).max() < 1 << 15:
        return b""  # no colours: what an ICC profile can hold, and a number
    curve = b"curv" + struct.pack(">IIH2x", 0, 1, min(max(round(256 * 100_000 / gamma), 1), 0xFFFF))
    tags = [
        (b"wtpt", _xyz(_D50)),
        *((name + b"XYZ", _xyz(column)) for name, column in zip((b"r", b"g", b"b"), columns.T, strict=True)),
    ]
    tags += [(name + b"TRC", curve) for name in (b"r", b"g", b"b")]
    at = 128 + 4 + 12 * len(tags)
    table = struct.pack(">I", len(tags))
    for name, content in tags:
        table += struct.pack(">4sII", name, at, len(content))
        at += len(content)
    head = struct.pack(">I4xI4s4s4s12x4s28x", at, 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp") + _xyz(_D50)[8:]
    return head.ljust(128, b"\0") + table + b"".join(content for _, content in tags)


def _to_d50(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The XYZ of red, green and blue as columns, float64 (3, 3), of the xy (4, 2) of white, red, green and blue.

    Not numbers where these are no colours.
    """
    xyz = np.column_stack([points, 1 - points.sum(axis=1)]).T / points[:, 1]
    white, primaries = xyz[:, 0], xyz[:, 1:]
    if not np.isfinite(xyz).all() or not np.linalg.det(primaries):
        return np.full((3, 3), np.nan)
    cone = np.diag(_BRADFORD @ _D50 / (_BRADFORD @ white))
    adapted: npt.NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ cone @ _BRADFORD @ primaries
    return adapted * np.linalg.solve(primaries, white)


def _xyz(values: Iterable[float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


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
