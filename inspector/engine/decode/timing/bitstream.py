"""What a packet holds by its bitstream: a picture, a picture that is never displayed, or only headers."""

from __future__ import annotations

from collections.abc import Iterator

from av.packet import Packet
from av.video.stream import VideoStream

_START_CODE = b"\0\0\1"
# The bytes after a start code that begin a picture: a picture header (MPEG-1, -2) or a video object plane (MPEG-4).
_PICTURE_CODES = {"mpeg1video": 0x00, "mpeg2video": 0x00, "mpeg4": 0xB6}
# ISO/IEC 14496-15: the byte of the decoder configuration whose two lowest bits are the bytes per length, less one.
_LENGTH_BYTE = {"h264": 4, "hevc": 21}


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


def has_picture(packet: Packet[VideoStream]) -> bool:
    """Whether the packet holds coded picture data.

    False for parameter sets, supplemental information (SEI) and access unit delimiters that are stored apart. True for
    a codec whose bitstream is not read here.
    """
    context = packet.stream.codec_context
    codec = context.name
    if codec in _PICTURE_CODES:
        return _START_CODE + bytes([_PICTURE_CODES[codec]]) in bytes(packet)
    if codec not in _LENGTH_BYTE:
        return True
    extradata = context.extradata or b""
    if len(extradata) > _LENGTH_BYTE[codec] and extradata[0] == 1:
        headers = _headers_by_length(memoryview(packet), (extradata[_LENGTH_BYTE[codec]] & 3) + 1)
    else:
        headers = _headers_by_start_code(bytes(packet))
    # NAL unit types of slices: ITU-T H.264, table 7-1; H.265, table 7-1.
    types = (header & 31 for header in headers) if codec == "h264" else (header >> 1 & 63 for header in headers)
    last = 5 if codec == "h264" else 31
    first = 1 if codec == "h264" else 0
    seen = False
    for kind in types:
        seen = True
        if first <= kind <= last:
            return True
    return not seen  # what cannot be read is left to the decoder


def _headers_by_length(data: memoryview, length_size: int) -> Iterator[int]:
    at = 0
    while at + length_size < len(data):
        size = int.from_bytes(data[at : at + length_size], "big")
        at += length_size
        if size:
            yield data[at]
        at += size


def _headers_by_start_code(data: bytes) -> Iterator[int]:
    at = data.find(_START_CODE)
    while 0 <= at < len(data) - 3:
        yield data[at + 3]
        at = data.find(_START_CODE, at + 3)
