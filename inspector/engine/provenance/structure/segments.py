"""The segments of JPEG files (ISO/IEC 10918-1) and the chunks of PNG files."""

from __future__ import annotations

import struct
import zlib

from inspector.engine.decode.formats import jpeg
from inspector.engine.decode.formats.file_bytes import FileBytes
from inspector.engine.provenance.structure.walk import Walk, decoded

_NAMES = {
    0xD8: "SOI", 0xD9: "EOI", 0xDA: "SOS", 0xDB: "DQT", 0xC4: "DHT", 0xDD: "DRI", 0xFE: "COM", 0xC0: "SOF0 (baseline)",
    0xC1: "SOF1 (extended)", 0xC2: "SOF2 (progressive)", 0xCC: "DAC", 0xDC: "DNL",
}  # fmt: skip
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_APPLICATIONS = (
    (b"JFIF\0", "JFIF"), (b"Exif\0", "EXIF"), (_XMP, "XMP"), (b"ICC_PROFILE\0", "ICC profile"), (b"MPF\0", "MP index"),
    (b"Photoshop 3.0\0", "Photoshop, IPTC"), (b"JP", "JUMBF, Content Credentials"), (b"Adobe\0", "Adobe"),
    (b"http://ns.adobe.com/xmp/extension/\0", "extended XMP"), (b"Ducky", "Ducky (saved for the web)"),
)  # fmt: skip
# Of the standard's quantisation table for luminance, as zigzag: what IJG's quality scales (ISO/IEC 10918-1, K.1).
_LUMINANCE = (16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40,
              58, 51, 61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104,
              103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99)  # fmt: skip
_PNG_KNOWN = set("IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB tEXt zTXt iTXt bKGD hIST pHYs sPLT tIME eXIf acTL "
                 "fcTL fdAT cICP mDCV cLLI caBX".split())  # fmt: skip
_MOST_TEXT = 1 << 16


def walk_jpeg(walk: Walk, data: FileBytes) -> None:
    """Note the segments of the first picture, and what follows it."""
    walk.add("SOI", 0, 0, 2)
    at, credentials, end = 2, 0, len(data)
    while at + 4 <= end and data[at] == 0xFF:
        at = jpeg.marker_start(data, at)
        marker = data[at + 1] if at + 4 <= end else 0xD9
        if marker == 0xD9:
            break
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        content = data[at + 4 : min(at + 2 + length, end)]
        name = _NAMES.get(marker) or (f"APP{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else f"0xFF{marker:02X}")
        text = _application(walk, marker, content)
        credentials += length if marker == 0xEB and content.startswith(b"JP") else 0
        walk.add(name, 0, at, 2 + length, text, is_known=not name.startswith("0x"))
        at += 2 + length
        if marker == 0xDA:
            stop = jpeg.scan_end(data, at)
            walk.add("(coded picture)", 0, at, stop - at)
            at = stop
    if data[at : at + 2] == b"\xff\xd9":
        walk.add("EOI", 0, at, 2)
        at += 2
    else:
        walk.problem(f"The picture breaks off at byte {at}, before its end marker.")
    if credentials:
        walk.tag("computed", "credential bytes", credentials)
    if at < end:
        walk.tag("computed", "trailing bytes", end - at)
        walk.add("(behind the picture)", 0, at, end - at, "bytes behind the end of the picture", is_known=False)


def _application(walk: Walk, marker: int, content: bytes) -> str:
    if marker == 0xDB:
        return _quality(walk, content)
    if marker == 0xFE:
        walk.tag("JPEG", "comment", decoded(content))
        return decoded(content)
    if content.startswith(_XMP):
        walk.xmp = content[len(_XMP) :]
    if 0xE0 <= marker <= 0xEF:
        return next((name for magic, name in _APPLICATIONS if content.startswith(magic)), decoded(content[:16]))
    return ""


def _quality(walk: Walk, content: bytes) -> str:
    """The quality of IJG's library that gives this table for luminance, if one does."""
    if len(content) < 65 or content[0] != 0:
        return ""
    for quality in range(1, 101):
        scale = 5000 // quality if quality < 50 else 200 - 2 * quality
        if all(min(max((q * scale + 50) // 100, 1), 255) == c for q, c in zip(_LUMINANCE, content[1:65], strict=True)):
            walk.tag("JPEG", "quality", f"{quality} (standard table)")
            return f"standard table of quality {quality}"
    walk.tag("JPEG", "quality", "a table of its own")
    return "a table of its own"


def walk_png(walk: Walk) -> None:
    """Note the chunks, and what follows them."""
    at, credentials = 8, 0
    while at + 12 <= walk.size:
        length, raw = struct.unpack(">I4s", walk.read(at, 8))
        kind = decoded(raw)
        if at + 12 + length > walk.size:
            walk.problem(f"The chunk {kind!r} at byte {at} says that it is {length} bytes long, more than there are.")
            length = walk.size - at - 12
        text = _png_text(walk, kind, at + 8, length)
        credentials += length if kind == "caBX" else 0
        walk.add(kind, 0, at, 12 + length, text, is_known=kind in _PNG_KNOWN)
        at += 12 + length
        if kind == "IEND":
            break
    if credentials:
        walk.tag("computed", "credential bytes", credentials)
    if at < walk.size:
        walk.tag("computed", "trailing bytes", walk.size - at)
        walk.add("(behind the picture)", 0, at, walk.size - at, "bytes behind the last chunk", is_known=False)


def _png_text(walk: Walk, kind: str, start: int, length: int) -> str:
    if kind not in ("tEXt", "iTXt", "zTXt"):
        return ""
    data = walk.read(start, min(length, 1 << 20))
    key, _, rest = data.partition(b"\0")
    if kind == "zTXt":
        rest = _inflated(rest[1:])
    elif kind == "iTXt":
        is_packed, rest = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
        rest = _inflated(rest) if is_packed else rest
    if key == b"XML:com.adobe.xmp":
        walk.xmp = rest
        return "XMP"
    walk.tag("PNG", decoded(key), decoded(rest))
    return decoded(key)


def _inflated(data: bytes) -> bytes:
    """At most 64 KiB of a packed text: a few bytes may stand for gigabytes."""
    try:
        return zlib.decompressobj().decompress(data, _MOST_TEXT)
    except zlib.error:
        return b""
