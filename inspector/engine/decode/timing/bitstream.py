"""What a packet holds by its bitstream: a picture, a picture that is never displayed, or only headers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream

from inspector.engine.decode.timing.coding.bits import LENGTH_BYTE

_START_CODE = b"\0\0\1"
# The bytes after a start code that begin headers, and not a picture: sequence, extension, user data, group and end
# (MPEG-1, -2); visual object sequence, user data, group, visual object and the object layers (MPEG-4).
_HEADER_CODES = {
    "mpeg1video": {0xB2, 0xB3, 0xB5, 0xB7, 0xB8},
    "mpeg2video": {0xB2, 0xB3, 0xB5, 0xB7, 0xB8},
    "mpeg4": {*range(0x30), 0xB0, 0xB1, 0xB2, 0xB3, 0xB5},
}
# NAL unit types of SEI, parameter sets, delimiters and fillers: ITU-T H.264, table 7-1; H.265, table 7-1.
_HEADER_UNITS = {"h264": {*range(6, 14), 15}, "hevc": set(range(32, 41))}
# The blocks of DV, and the kind of each in a sequence of them: header, subcode, auxiliary data, sound and video.
_DV_BLOCK, _DV_VIDEO = 80, 4
_DV_KINDS = np.array([0, 1, 1, 2, 2, 2, *[3, *[_DV_VIDEO] * 15] * 9])
# Codecs, by FFmpeg's names of their decoders, that write no such run of zeros, and of how many bytes. QuickTime's
# animation may store up to 127 black pixels as they are. In pictures of noise, of one colour, and of stills, the
# longest run of VP8 has 40 bytes and that of the others 8, but for those named below. What pads the end of a picture is
# none; those in `_EXACT` end where their last code does.
_ZEROS = 128
_OWN_ZEROS = 9  # no picture of these ends in so many, unless it is padded
_EXACT = {"wmv1", "wmv2", "msmpeg4v1", "msmpeg4v2", "msmpeg4", "ffv1", "huffyuv", "ffvhuff", "utvideo", "qtrle"}
_WITH_PARTS = {"h264", "hevc", "av1", "libdav1d"}  # each of which may be padded
_WITHOUT_ZEROS = {
    **dict.fromkeys([*_EXACT, *_WITH_PARTS, "vp8", "vp9", "wmv3", "vc1", "h263"], _ZEROS),
    "qtrle": 4 * _ZEROS,
}
_WITH_ZEROS_OF_STILLS, _MACROBLOCK = {"wmv2", "wmv3"}, 16  # in a still these may code each as four zero bits
_PADDING = 15  # a type of OBU
_SLICE_ZEROS, _MOST_SLICES = 4, 256  # Ut Video: bytes for the place of each slice, zeros in a plane of one colour
_DV_SEQUENCE = _DV_BLOCK * len(_DV_KINDS)


def is_flush(packet: Packet[VideoStream]) -> bool:
    """Whether it is the empty packet that marks the end of the stream."""
    return not packet.size and packet.pts is None and packet.dts is None


def is_hidden(packet: Packet[VideoStream]) -> bool:
    """Whether it is a VP8 or VP9 reference picture that is never displayed.

    RFC 6386, 9.1, and the VP9 bitstream specification, 6.2: show_frame. A VP9 superframe contains a displayed picture.
    """
    codec = packet.stream.codec_context.name
    if not packet.size or codec not in ("vp8", "vp9"):
        return False
    data = memoryview(packet)
    if codec == "vp8":
        return not data[0] & 0x10
    if data[0] >> 6 != 2 or data[-1] & 0xE0 == 0xC0:
        return False
    # frame_marker (2 bits), profile (2), reserved (1, profile 3 only), show_existing_frame, frame_type, show_frame
    bits = (data[0] << 8 | (data[1] if len(data) > 1 else 0)) << (5 if data[0] >> 4 & 3 == 3 else 4)
    return not bits & 0x8000 and not bits & 0x2000


def is_broken(packet: Packet[VideoStream]) -> bool:
    """Whether a picture has places that no picture of its codec has, where the decoder says nothing of them."""
    codec = packet.stream.codec_context
    if codec.name == "dvvideo":
        return not packet.size % _DV_SEQUENCE and _is_broken_dv(bytes(packet))
    if codec.name in _WITHOUT_ZEROS:
        least = _WITHOUT_ZEROS[codec.name]
        if codec.name in _WITH_ZEROS_OF_STILLS:
            least += -(-codec.width // _MACROBLOCK) * -(-codec.height // _MACROBLOCK) // 2
        elif codec.name == "utvideo":
            least += _SLICE_ZEROS * _slices_of_ut_video(codec.extradata or b"")
        data = bytes(packet)
        if data.find(bytes(least)) < 0:
            return False
        parts = _parts(packet) if codec.name in _WITH_PARTS else [data]
        return any((part if codec.name in _EXACT else part.rstrip(b"\0")).find(bytes(least)) >= 0 for part in parts)
    return codec.name == "v210" and _is_broken_v210(bytes(packet), codec.width, codec.height)


def ends_in_zeros(packet: Packet[VideoStream]) -> bool:
    """Whether a packet of a codec that writes none ends in zeros, which may be padding, or go on behind it."""
    is_known = packet.stream.codec_context.name in _WITHOUT_ZEROS
    return is_known and packet.size > _OWN_ZEROS and not any(memoryview(packet)[-_OWN_ZEROS:])


def _parts(packet: Packet[VideoStream]) -> Iterator[bytes]:
    """The units of H.264 or H.265 and the OBUs of AV1 that hold pictures; what is left where they do not add up."""
    codec, data = packet.stream.codec_context, bytes(packet)
    if codec.name not in LENGTH_BYTE:
        yield from _obus(data)
        return
    extradata, at = codec.extradata or b"", LENGTH_BYTE[codec.name]
    if len(extradata) <= at or extradata[0] != 1:
        yield from data.split(_START_CODE)
        return
    length, at = (extradata[at] & 3) + 1, 0
    while at < len(data):
        size = int.from_bytes(data[at : at + length], "big")
        yield data[at + length : at + length + size]
        if not size:  # a length that is zero leads nowhere; behind a whole unit zeros fill the picture up
            is_padding = at > _OWN_ZEROS and any(data[at - _OWN_ZEROS : at]) and not any(data[at:])
            yield b"" if is_padding else data[at + length :] + b"\1"
            return
        at += length + size


def _slices_of_ut_video(extradata: bytes) -> int:
    """Into how many slices pictures are divided, the most there are where the header does not tell."""
    return extradata[15] + 1 if len(extradata) >= 16 else _MOST_SLICES


def _obus(data: bytes) -> Iterator[bytes]:
    """The contents of OBUs (AV1 bitstream specification, 5.3) other than padding."""
    at = 0
    while at < len(data):
        header, start = data[at], at + 1 + (data[at] >> 2 & 1)
        size = shift = 0
        while header & 2 and start < len(data) and shift < 8 * 7:
            size |= (data[start] & 127) << shift
            shift, start = shift + 7, start + 1
            if data[start - 1] < 128:
                break
        end = start + size if header & 2 else len(data)
        if header >> 3 & 15 != _PADDING:
            yield data[start:end]
        at = max(end, at + 1)


def _is_broken_dv(data: bytes) -> bool:
    """Whether blocks (IEC 61834-2) that hold a part of the picture are not where they belong."""
    kinds = np.frombuffer(data, np.uint8)[::_DV_BLOCK].reshape(-1, len(_DV_KINDS)) >> 5
    return bool((kinds[:, _DV_KINDS == _DV_VIDEO] != _DV_VIDEO).any())


def _is_broken_v210(data: bytes, width: int, height: int) -> bool:
    """Whether six pixels in a row are zeros, which are no levels: they mark the beginnings of lines (ITU-R BT.656)."""
    words, own = -(-width // 48) * 32, width // 6 * 4  # of a line, and of these that are no padding
    if not height or len(data) < 4 * words * height:
        return False
    lines = np.frombuffer(data, np.uint32, words * height).reshape(height, words)[:, :own]
    return bool((lines.reshape(height, -1, 4) == 0).all(axis=2).any())


def has_picture(packet: Packet[VideoStream]) -> bool:
    """False only for a packet that consists of nothing but parameter sets, SEI, delimiters and other headers.

    What is damaged, or of a codec whose bitstream is not read here, counts as a picture.
    """
    context = packet.stream.codec_context
    codec, data = context.name, memoryview(packet)
    # The headers that begin the next one of joined Ogg files. Theora specification, 6.1; VP8 in Ogg has a mark.
    if codec == "theora":
        return not len(data) or not data[0] & 0x80
    if codec == "vp8":
        return bytes(data[:5]) != b"OVP80"
    if codec in _HEADER_CODES:
        codes = list(_bytes_after_start_codes(bytes(data)))
        return bytes(data[:3]) != _START_CODE or not codes or not _HEADER_CODES[codec].issuperset(codes)
    if codec not in _HEADER_UNITS:
        return True
    extradata = context.extradata or b""
    if len(extradata) > LENGTH_BYTE[codec] and extradata[0] == 1:
        headers = _bytes_after_lengths(data, (extradata[LENGTH_BYTE[codec]] & 3) + 1)
    elif bytes(data[:4]).lstrip(b"\0")[:1] == b"\1":
        headers = _bytes_after_start_codes(bytes(data))
    else:
        return True
    units = (header & 31 if codec == "h264" else header >> 1 & 63 for header in headers)
    known = _HEADER_UNITS[codec]
    return not len(data) or any(unit not in known for unit in units)


def _bytes_after_lengths(data: memoryview, length_size: int) -> Iterator[int]:
    """The first byte of each unit; 0, which is no type of a header, where the lengths do not add up."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + length_size], "big")
        at += length_size
        if not 0 < size <= len(data) - at:
            yield 0
            return
        yield data[at]
        at += size


def _bytes_after_start_codes(data: bytes) -> Iterator[int]:
    at = data.find(_START_CODE)
    while 0 <= at < len(data) - 3:
        yield data[at + 3]
        at = data.find(_START_CODE, at + 3)
