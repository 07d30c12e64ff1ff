"""Reading the headers of coded pictures bit by bit: units of H.264 and H.265, and parameter sets as far as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from av.packet import Packet
from av.video.stream import VideoStream

_START_CODE = b"\0\0\1"
_MOST_UNITS = 512  # of a packet
_MOST_HEADER_BYTES = 1024  # of a unit, for its header
# ISO/IEC 14496-15: the byte of the decoder configuration whose two lowest bits are the bytes per length, less one.
LENGTH_BYTE = {"h264": 4, "hevc": 21}
# ITU-T H.264, 7.3.2.1.1: profiles whose parameter sets tell the chroma format and scaling matrices.
_HIGH_PROFILES = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_MOST_BITS = 16  # of a number that counts pictures
_SLICE_BYTES, _B_SLICE = 40, 1  # of a slice of H.264, in which its number is, and a type of slices
_Read = TypeVar("_Read")


class Bits:
    """The bits of a unit without its emulation prevention bytes. Raises IndexError behind the end."""

    def __init__(self, unit: bytes) -> None:
        data = unit[:_MOST_HEADER_BYTES].replace(b"\0\0\3", b"\0\0")
        self._value, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def read(self, count: int) -> int:
        """The next bits as a number."""
        self._left -= count
        if self._left < 0:
            raise IndexError
        return self._value >> self._left & ((1 << count) - 1)

    def number(self) -> int:
        """An Exp-Golomb number (ue)."""
        rest = self._value & ((1 << self._left) - 1)
        return self.read(2 * (self._left - rest.bit_length()) + 1) - 1

    def signed(self) -> int:
        """A signed one (se)."""
        value = self.number()
        return (value + 1) // 2 if value & 1 else -(value // 2)


def units(packet: Packet[VideoStream]) -> Iterator[bytes]:
    """The units of a packet of H.264 or H.265, each as far as its header may reach."""
    context = packet.stream.codec_context
    extradata = context.extradata or b""
    at = LENGTH_BYTE[context.name]
    data = bytes(packet)
    if len(extradata) > at and extradata[0] == 1:
        return _after_lengths(data, (extradata[at] & 3) + 1)
    return _after_start_codes(data)


def extradata_units(packet: Packet[VideoStream]) -> Iterator[bytes]:
    """The parameter sets that stand in the header of the file, as far as it is whole."""
    context = packet.stream.codec_context
    return _units_of_header(context.extradata or b"", context.name)


def changed_extradata_units(packet: Packet[VideoStream]) -> Iterator[bytes]:
    """Those of a header that applies from this packet on, as where an MP4 file holds parts of several encodings."""
    extradata = bytes(packet.get_sidedata("new_extradata")) if packet.has_sidedata("new_extradata") else b""
    return _units_of_header(extradata, packet.stream.codec_context.name)


def _units_of_header(extradata: bytes, codec: str) -> Iterator[bytes]:
    if extradata[:1] != b"\1":
        return _after_start_codes(extradata)
    at, is_hevc = LENGTH_BYTE[codec] + 1, codec == "hevc"
    return _configured(extradata[at + is_hevc :], extradata[at : at + 1] if is_hevc else b"\1", is_hevc)


def _configured(data: bytes, arrays: bytes, is_hevc: bool) -> Iterator[bytes]:
    """The units of a decoder configuration (ISO/IEC 14496-15) behind its fixed fields; of H.264 the first array."""
    at = 0
    for _ in range(int.from_bytes(arrays, "big")):
        start = at + is_hevc  # behind the type
        at = start + 1 + is_hevc
        count = int.from_bytes(data[start:at], "big") & (0xFFFF if is_hevc else 31)
        for _ in range(min(count, _MOST_UNITS)):
            size = int.from_bytes(data[at : at + 2], "big")
            if not size or at + 2 + size > len(data):
                return
            yield data[at + 2 : at + 2 + size]
            at += 2 + size


def _after_lengths(data: bytes, length_size: int) -> Iterator[bytes]:
    at = 0
    for _ in range(_MOST_UNITS):
        size = int.from_bytes(data[at : at + length_size], "big")
        at += length_size
        if not 0 < size <= len(data) - at:
            return
        yield data[at : at + min(size, _MOST_HEADER_BYTES)]
        at += size


def _after_start_codes(data: bytes) -> Iterator[bytes]:
    at = data.find(_START_CODE)
    for _ in range(_MOST_UNITS):
        if at < 0 or at + 3 >= len(data):
            return
        end = data.find(_START_CODE, at + 3)
        stop = end if end >= 0 else len(data)
        yield data[at + 3 : min(stop, at + 3 + _MOST_HEADER_BYTES)].rstrip(b"\0") or b"\0"
        at = end


@dataclass(frozen=True, slots=True)
class Counter:
    """How a sequence parameter set has its pictures counted: the bits of the number, and what stands before it."""

    bits: int
    has_planes: bool
    may_have_gaps: bool = False
    may_have_fields: bool = False


def counter_of_h264(unit: bytes) -> Counter:
    """Of frame_num (ITU-T H.264, 7.3.2.1.1). Raises IndexError."""
    bits = Bits(unit[1:])
    profile = bits.read(24) >> 16
    bits.number()
    has_planes = False
    if profile in _HIGH_PROFILES:
        chroma = bits.number()
        has_planes = chroma == 3 and bool(bits.read(1))
        bits.number(), bits.number(), bits.read(1)
        if bits.read(1):
            for at in range(8 if chroma != 3 else 12):
                _skip_scaling_list(bits, 16 if at < 6 else 64)
    count = bits.number() + 4
    kind = bits.number()
    if kind == 0:
        bits.number()
    elif kind == 1:
        bits.read(1), bits.signed(), bits.signed()
        for _ in range(min(bits.number(), 256)):
            bits.signed()
    bits.number()
    may_have_gaps = bool(bits.read(1))
    bits.number(), bits.number()
    return Counter(_checked(count), has_planes, may_have_gaps, not bits.read(1))


def _checked(count: int) -> int:
    if count > _MOST_BITS:
        raise IndexError
    return count


@dataclass(frozen=True, slots=True)
class Slice:
    """The header of a slice of H.264: frame_num, whether it is of a field, of the bottom one, and may refer to two."""

    number: int
    is_field: bool
    is_bottom: bool
    is_of_two: bool


def slice_of_h264(unit: bytes, counter: Counter) -> Slice:
    """What stands in the header of a slice (ITU-T H.264, 7.3.3). Raises IndexError."""
    bits = Bits(unit[1:_SLICE_BYTES])
    bits.number()
    is_of_two = bits.number() % 5 == _B_SLICE
    bits.number(), bits.read(2 * counter.has_planes)
    number, is_field = bits.read(counter.bits), bool(bits.read(counter.may_have_fields))
    return Slice(number, is_field, bool(bits.read(is_field)), is_of_two)


def _skip_scaling_list(bits: Bits, size: int) -> None:
    if not bits.read(1):
        return
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def counter_of_hevc(unit: bytes) -> Counter:
    """Of the lower bits of the picture order count (ITU-T H.265, 7.3.2.2). Raises IndexError."""
    bits = Bits(unit[2:])
    bits.read(4)
    layers = bits.read(3)
    bits.read(1 + 88 + 8)
    present = [(bits.read(1), bits.read(1)) for _ in range(layers)]
    bits.read(2 * (8 - layers) if layers else 0)
    for has_profile, has_level in present:
        bits.read(88 * has_profile + 8 * has_level)
    bits.number()
    has_planes = bits.number() == 3 and bool(bits.read(1))
    bits.number(), bits.number()
    if bits.read(1):
        bits.number(), bits.number(), bits.number(), bits.number()
    bits.number(), bits.number()
    return Counter(_checked(bits.number() + 4), has_planes)


def extra_bits_of_hevc(unit: bytes) -> tuple[bool, int]:
    """By a picture parameter set: whether slices tell that they are shown, and their reserved bits. IndexError."""
    bits = Bits(unit[2:])
    bits.number(), bits.number(), bits.read(1)
    return bool(bits.read(1)), bits.read(3)


def agreed(read: Callable[[bytes], _Read], found: Iterable[bytes]) -> _Read | None:
    """What all of these parameter sets say; None where one cannot be read, or they do not agree."""
    try:
        said = {read(unit) for unit in found}
    except IndexError:
        return None
    return said.pop() if len(said) == 1 else None
