"""The elements of Matroska and WebM files (RFC 8794, RFC 9559)."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from inspector.engine.provenance.structure.walk import DEEPEST, Walk, decoded

_MASTER, _TEXT, _NUMBER, _FLOAT, _DATE, _OTHER = "master", "text", "number", "float", "date", ""
_NAMES: dict[int, tuple[str, str]] = {
    0x1A45DFA3: ("EBML", _MASTER), 0x4286: ("EBMLVersion", _NUMBER), 0x42F7: ("EBMLReadVersion", _NUMBER),
    0x42F2: ("EBMLMaxIDLength", _NUMBER), 0x42F3: ("EBMLMaxSizeLength", _NUMBER), 0x4282: ("DocType", _TEXT),
    0x4287: ("DocTypeVersion", _NUMBER), 0x4285: ("DocTypeReadVersion", _NUMBER), 0xEC: ("Void", _OTHER),
    0xBF: ("CRC-32", _OTHER), 0x18538067: ("Segment", _MASTER), 0x114D9B74: ("SeekHead", _MASTER),
    0x4DBB: ("Seek", _MASTER), 0x53AB: ("SeekID", _OTHER), 0x53AC: ("SeekPosition", _NUMBER),
    0x1549A966: ("Info", _MASTER), 0x2AD7B1: ("TimestampScale", _NUMBER), 0x4D80: ("MuxingApp", _TEXT),
    0x5741: ("WritingApp", _TEXT), 0x4489: ("Duration", _FLOAT), 0x4461: ("DateUTC", _DATE), 0x7BA9: ("Title", _TEXT),
    0x73A4: ("SegmentUUID", _OTHER), 0x1F43B675: ("Cluster", _OTHER), 0x1654AE6B: ("Tracks", _MASTER),
    0xAE: ("TrackEntry", _MASTER), 0xD7: ("TrackNumber", _NUMBER), 0x73C5: ("TrackUID", _OTHER),
    0x83: ("TrackType", _NUMBER), 0x86: ("CodecID", _TEXT), 0x258688: ("CodecName", _TEXT), 0x536E: ("Name", _TEXT),
    0x63A2: ("CodecPrivate", _OTHER), 0xE0: ("Video", _MASTER), 0xE1: ("Audio", _MASTER), 0x55B0: ("Colour", _MASTER),
    0x23E383: ("DefaultDuration", _NUMBER), 0x22B59C: ("Language", _TEXT), 0x9C: ("FlagLacing", _NUMBER),
    0x88: ("FlagDefault", _NUMBER), 0xB9: ("FlagEnabled", _NUMBER), 0x55AA: ("FlagForced", _NUMBER),
    0xB0: ("PixelWidth", _NUMBER), 0xBA: ("PixelHeight", _NUMBER), 0x54B0: ("DisplayWidth", _NUMBER),
    0x54BA: ("DisplayHeight", _NUMBER), 0x9A: ("FlagInterlaced", _NUMBER), 0x1C53BB6B: ("Cues", _OTHER),
    0x1254C367: ("Tags", _MASTER), 0x7373: ("Tag", _MASTER), 0x63C0: ("Targets", _MASTER),
    0x67C8: ("SimpleTag", _MASTER), 0x45A3: ("TagName", _TEXT), 0x4487: ("TagString", _TEXT),
    0x1941A469: ("Attachments", _MASTER), 0x61A7: ("AttachedFile", _MASTER), 0x466E: ("FileName", _TEXT),
    0x4660: ("FileMediaType", _TEXT), 0x465C: ("FileData", _OTHER), 0x1043A770: ("Chapters", _OTHER),
    0x46AE: ("FileUID", _OTHER), 0x54B2: ("DisplayUnit", _NUMBER), 0x55EE: ("MaxBlockAdditionID", _NUMBER),
    0x63C5: ("TagTrackUID", _OTHER), 0x68CA: ("TargetTypeValue", _NUMBER), 0x447A: ("TagLanguage", _TEXT),
    0x4484: ("TagDefault", _NUMBER), 0x55B1: ("MatrixCoefficients", _NUMBER), 0x55B7: ("ChromaSitingHorz", _NUMBER),
    0x55B8: ("ChromaSitingVert", _NUMBER), 0x55B9: ("Range", _NUMBER), 0x55BA: ("TransferCharacteristics", _NUMBER),
    0x55BB: ("Primaries", _NUMBER), 0x55BC: ("MaxCLL", _NUMBER), 0x55BD: ("MaxFALL", _NUMBER),
    0x55D0: ("MasteringMetadata", _OTHER), 0xB5: ("SamplingFrequency", _FLOAT), 0x9F: ("Channels", _NUMBER),
    0x78B5: ("OutputSamplingFrequency", _FLOAT), 0x6264: ("BitDepth", _NUMBER), 0x56AA: ("CodecDelay", _NUMBER),
    0x56BB: ("SeekPreRoll", _NUMBER), 0x9D: ("FieldOrder", _NUMBER), 0x53B8: ("StereoMode", _NUMBER),
    0x53C0: ("AlphaMode", _NUMBER), 0x6D80: ("ContentEncodings", _OTHER), 0x22B59D: ("LanguageBCP47", _TEXT),
    0x54AA: ("PixelCropBottom", _NUMBER), 0x54BB: ("PixelCropTop", _NUMBER), 0x54CC: ("PixelCropLeft", _NUMBER),
    0x54DD: ("PixelCropRight", _NUMBER), 0x7670: ("Projection", _OTHER), 0x41E4: ("BlockAdditionMapping", _OTHER),
    0x55AB: ("FlagHearingImpaired", _NUMBER), 0x55AC: ("FlagVisualImpaired", _NUMBER),
    0x55AE: ("FlagOriginal", _NUMBER), 0x6DE7: ("MinCache", _NUMBER), 0x23314F: ("TrackTimestampScale", _FLOAT),
    0xAA: ("CodecDecodeAll", _NUMBER), 0xBB: ("CuePoint", _OTHER),
}  # fmt: skip
_UNITS = {
    **dict.fromkeys("TimestampScale DefaultDuration CodecDelay SeekPreRoll".split(), "ns"),
    **dict.fromkeys(
        "PixelWidth PixelHeight PixelCropBottom PixelCropTop PixelCropLeft PixelCropRight".split(), "px"
    ),
    **dict.fromkeys("DisplayWidth DisplayHeight".split(), "in the unit of DisplayUnit (px by default)"),
    **dict.fromkeys("SamplingFrequency OutputSamplingFrequency".split(), "Hz"),
    **dict.fromkeys("MaxCLL MaxFALL".split(), "cd/m²"),
    **dict.fromkeys("EBMLMaxIDLength EBMLMaxSizeLength".split(), "bytes"),
    "SeekPosition": "bytes from the start of the segment", "BitDepth": "bits", "MinCache": "frames",
    "Duration": "times TimestampScale",
}  # fmt: skip
_KEPT = {"MuxingApp", "WritingApp", "Title", "DocType", "CodecID", "CodecName", "Name", "FileName", "DateUTC"}
_LEVEL_1 = {0x114D9B74, 0x1549A966, 0x1F43B675, 0x1654AE6B, 0x1C53BB6B, 0x1254C367, 0x1941A469, 0x1043A770}
_CLUSTER = 0x1F43B675


def walk_elements(walk: Walk) -> None:
    """Note all elements down to the clusters, whose blocks are not listed."""
    end = _elements(walk, 0, walk.size, 0)
    if end < walk.size:
        walk.tag("computed", "trailing bytes", walk.size - end)
        walk.add("(no element)", 0, end, walk.size - end, "bytes that are no element", is_known=False)


def _elements(walk: Walk, start: int, end: int, depth: int) -> int:
    name = ""
    while start < end:
        kind, size, content = _header(walk, start)
        if kind is None or (depth == 0 and kind not in (0x1A45DFA3, 0x18538067, 0xEC)):
            break
        named, sort = _NAMES.get(kind, (f"0x{kind:X}", _OTHER))
        stop = end if size is None else content + size
        if size is None and kind == _CLUSTER:
            stop = _next_level_1(walk, content, end)
        if stop > end:
            walk.problem(f"The element {named} at byte {start} says that it is longer than what holds it.")
            stop = end
        value = _value(walk, sort, content, stop)
        value = f"{value} {_UNITS[named]}" if value and named in _UNITS else value
        walk.add(named, depth, start, stop - start, value, is_known=kind in _NAMES)
        name = _tag(walk, named, value, name)
        if sort == _MASTER and depth + 1 < DEEPEST:
            _elements(walk, content, stop, depth + 1)
        elif sort == _MASTER:
            walk.problem(f"Elements are nested more than {DEEPEST} deep; those further in were not read.")
        start = stop
    return start


def _tag(walk: Walk, named: str, value: str, name: str) -> str:
    """Keep values that matter as tags; a TagName names the TagString behind it."""
    if named == "TagName":
        return value
    if named == "TagString":
        walk.tag("Tags", name or "tag", value)
    elif named in _KEPT:
        walk.tag("Matroska", named, value)
    return name


def _header(walk: Walk, at: int) -> tuple[int | None, int | None, int]:
    """An element's id, its size (None if unknown) and where its content begins; the id is None for no element."""
    data = walk.read(at, 12)
    first = data[0] if data else 0
    length = 9 - first.bit_length()
    if not first or length > 4 or len(data) <= length:
        return None, None, at
    kind, lead = int.from_bytes(data[:length], "big"), data[length]
    width = 9 - lead.bit_length()
    if not lead or len(data) < length + width:
        return None, None, at
    mask = (1 << 7 * width) - 1
    size = int.from_bytes(data[length : length + width], "big") & mask
    return kind, None if size == mask else size, at + length + width


def _next_level_1(walk: Walk, at: int, end: int) -> int:
    """Where a cluster of unknown size ends, as in a live recording: before the next element of its level."""
    while at < end:
        kind, size, content = _header(walk, at)
        if kind is None or kind in _LEVEL_1 or size is None:
            return at
        at = content + size
    return end


def _value(walk: Walk, sort: str, start: int, end: int) -> str:
    if sort == _TEXT:
        return decoded(walk.read(start, min(end - start, 1200))).strip("\0")
    if sort == _NUMBER and end - start <= 8:
        return str(int.from_bytes(walk.read(start, end - start), "big"))
    if sort == _FLOAT and end - start in (4, 8):
        kind, digits = (">f", 7) if end - start == 4 else (">d", 15)
        (number,) = struct.unpack(kind, walk.read(start, end - start))
        return f"{number:.{digits}g}"
    if sort == _DATE and end - start == 8:
        (nanoseconds,) = struct.unpack(">q", walk.read(start, 8))
        return (datetime(2001, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)).strftime(
            "%Y-%m-%d %H:%M:%S UTC"
        )
    return ""
