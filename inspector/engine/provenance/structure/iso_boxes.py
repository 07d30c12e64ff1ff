"""What single ISO boxes say: brands, times, handlers, edit lists, encoder names, device and location tags."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from inspector.engine.provenance.structure.walk import Walk, decoded

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_MOST_EDITS, _MOST_ITEMS, _MOST_CHILDREN = 8, 200, 32
_USUAL_RATE = 1 << 16  # of an edit, a fixed-point number
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
# Names of encoders that write themselves into the first coded picture.
_ENCODER = re.compile(
    rb"x264 - core [0-9]+|x265 \(build [0-9]+\)[^\0]{0,30}|Lavc[0-9.]+|SVT-AV1[^\0]{0,30}|aomenc[^\0]{0,30}"
)
_ENCODER_BYTES, _MOST_MEDIA = 1 << 16, 100
_PIECE = 1 << 20
_USER_DATA = {
    "\xa9too": "encoder", "\xa9swr": "software", "\xa9mak": "make", "\xa9mod": "model", "\xa9xyz": "location",
    "\xa9day": "date", "\xa9nam": "title", "\xa9cmt": "comment", "\xa9fmt": "format", "\xa9enc": "encoder",
    "\xa9inf": "information", "\xa9ART": "artist", "desc": "description", "cprt": "copyright",
}  # fmt: skip


def detail(walk: Walk, kind: str, path: str, start: int, end: int) -> str:
    """A line on a box's content, "" for one without; its values become tags."""
    reader = _READERS.get(kind)
    try:
        if reader is not None:
            return reader(walk, path, start, end)
        if path.endswith(f"/ilst/{kind}"):
            return _item(walk, kind, start, end)
        if kind in _USER_DATA and path.endswith(f"/udta/{kind}"):
            return _user_data(walk, kind, start, end)
        if path.endswith(f"/stsd/{kind}"):
            return _sample_entry(walk, start, end)
    except (struct.error, OverflowError, IndexError):
        walk.problem(f"The box {kind!r} at byte {start} is shorter than its content.")
    return ""


def _brands(walk: Walk, _path: str, start: int, end: int) -> str:
    data = decoded(walk.read(start, min(end - start, 256)))
    others = [data[at : at + 4] for at in range(8, len(data), 4)]
    walk.tag("ftyp", "major brand", data[:4])
    walk.tag("ftyp", "compatible brands", " ".join(others))
    return f"{data[:4]}; {' '.join(others)}"


def moment(seconds: int) -> str:
    """A time of ISO boxes, seconds since 1904 in UTC, as text; "" for none."""
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S UTC") if seconds else ""


def _header(walk: Walk, path: str, start: int, _end: int) -> str:
    """Times of mvhd, tkhd and mdhd; version 1 has longer fields."""
    data = walk.read(start, 32)
    made, changed = struct.unpack_from(">QQ", data, 4) if data[0] == 1 else struct.unpack_from(">II", data, 4)
    group = path.rpartition("/")[2]
    if group == "mvhd":
        walk.movie_scale = _scale(data)
    for name, value in (("created", made), ("changed", changed)):
        try:
            walk.tag(group, name, moment(value))
        except OverflowError:
            walk.problem(f"A time in {group} lies outside the calendar.")
            return ""
    return f"created {moment(made)}" if made else "no time of creation"


def _handler(walk: Walk, _path: str, start: int, end: int) -> str:
    data = walk.read(start, min(end - start, 512))
    kind, name = decoded(data[8:12]), data[24:]
    if name[:1] and name[0] == len(name) - 1:  # QuickTime: a length before the text
        name = name[1:]
    text = decoded(name.split(b"\0")[0]).strip()
    walk.tag(f"hdlr {kind}", "handler name", text)
    return f"{kind}; {text}" if text else kind


def _edits(walk: Walk, _path: str, start: int, end: int) -> str:
    head = walk.read(start, 8)
    (count,) = struct.unpack_from(">I", head, 4)
    length = 20 if head[0] == 1 else 12
    room = max(end - start - 8, 0) // length
    if count > room:
        walk.problem(f"An edit list says that it has {count} entries, and has room for {room}.")
    entries = []
    data = walk.read(start + 8, length * min(count, room, _MOST_EDITS))
    for at in range(0, len(data) - length + 1, length):
        duration, begin, rate = struct.unpack_from(">Qqi" if length == 20 else ">Iii", data, at)
        if begin != -1 and rate != _USUAL_RATE:
            walk.problem(
                f"An edit has the rate {rate / _USUAL_RATE:g} (0 holds one picture); it is played here at rate 1."
            )
        length_text = _seconds(duration, walk.movie_scale)
        start_text = "empty" if begin == -1 else f"from {_seconds(begin, walk.media_scale)}"
        entries.append(f"{start_text} for {length_text}")
    walk.tag("elst", "edits", count)
    return f"{count} edit{'s' * (count != 1)}: {', '.join(entries)}" + (", …" if count > _MOST_EDITS else "")


def _seconds(ticks: int, scale: int) -> str:
    """A time of a box by its scale, in ticks per second; 0 if that is not known."""
    return f"{ticks / scale:.3f} s" if scale else f"{ticks} ticks (scale unknown)"


def media_scale(walk: Walk, start: int, end: int) -> int:
    """The ticks per second of a track's media, which stand behind its edit list; 0 if they are not found."""
    for kind in ("mdia", "mdhd"):
        found = next((place for name, *place in _first_boxes(walk, start, end) if name == kind), None)
        if found is None:
            return 0
        start, end = found
    return _scale(walk.read(start, 32))


def _first_boxes(walk: Walk, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The kinds of the first boxes between two positions, and between which their contents lie."""
    for _ in range(_MOST_CHILDREN):
        head = walk.read(start, 8)
        size, kind = struct.unpack_from(">I4s", head) if len(head) == 8 else (0, b"")
        if size < 8 or start + size > end:
            return
        yield kind.decode("latin-1"), start + 8, start + size
        start += size


def _scale(header: bytes) -> int:
    """The ticks per second in a mvhd or mdhd; 0 if it is cut off."""
    at = 20 if header[:1] == b"\1" else 12
    return int.from_bytes(header[at : at + 4], "big") if len(header) >= at + 4 else 0


def _sample_sizes(walk: Walk, _path: str, start: int, end: int) -> str:
    """Add up what the samples of a track take, to compare it with the media."""
    fixed, count = struct.unpack_from(">II", walk.read(start, 12), 4)
    room = max(end - start - 12, 0) // 4
    if fixed == 0 and count > room:
        walk.problem(f"A table of sizes says that it has {count} entries, and has room for {room}.")
        walk.sample_bytes = None
    if walk.sample_bytes is None:
        return ""
    total = fixed * count
    for at in range(start + 12, start + 12 + 4 * count * (fixed == 0), _PIECE):
        piece = walk.read(at, min(_PIECE, start + 12 + 4 * count - at))
        total += int(np.frombuffer(piece, ">u4", len(piece) // 4).sum(dtype=np.int64))
    walk.sample_bytes += total
    return f"{count} samples of {total} bytes"


def _no_sizes(walk: Walk, _path: str, _start: int, _end: int) -> str:
    walk.sample_bytes = None
    return ""


def _sample_entry(walk: Walk, start: int, end: int) -> str:
    if end - start < 78:
        return ""
    data = walk.read(start, 78)
    name = decoded(data[43 : 43 + min(data[42], 31)]).strip(" \0")
    if name.isprintable():
        walk.tag("stsd", "compressor name", name)
        return name
    return ""


def _user_data(walk: Walk, kind: str, start: int, end: int) -> str:
    data = walk.read(start, min(end - start, 1200))
    text = decoded(data[4:] if kind.startswith("\xa9") else data[6:]).strip("\0 ")
    walk.tag("udta", _USER_DATA[kind], text)
    return text


def _keys(walk: Walk, _path: str, start: int, end: int) -> str:
    """Names of metadata items (QuickTime), which the items of the next list refer to by number."""
    names: list[str] = []
    data, at = walk.read(start, end - start), 8
    while at + 8 <= len(data) and len(names) < _MOST_ITEMS:
        (size,) = struct.unpack_from(">I", data, at)
        if size < 8:
            break
        names.append(decoded(data[at + 8 : at + size]))
        at += size
    walk.keys = names
    return ", ".join(names[:4])


def _item(walk: Walk, kind: str, start: int, end: int) -> str:
    data = walk.read(start, min(end - start, 1500))
    if data[4:8] != b"data":
        return ""
    number = int.from_bytes(kind.encode("latin-1"), "big")
    named = walk.keys[number - 1] if 0 < number <= len(walk.keys) else _USER_DATA.get(kind, kind)
    (type_code,) = struct.unpack_from(">I", data, 8)
    text = decoded(data[16:]) if type_code == 1 else ""
    walk.tag("ilst", named.removeprefix("com.apple.quicktime."), text)
    return f"{named}: {text}" if text else named


def _extension(walk: Walk, _path: str, start: int, end: int) -> str:
    kind = walk.read(start, 16)
    if kind == _C2PA:
        walk.tag("computed", "credential bytes", end - start)
        return "Content Credentials"
    if kind == _XMP:
        walk.xmp = walk.read(start + 16, end - start - 16)
        return "XMP"
    return kind.hex()


def _media(walk: Walk, _path: str, start: int, end: int) -> str:
    if walk.top["mdat"] >= _MOST_MEDIA:  # a file of many fragments: what they begin with is read of the first ones
        return ""
    found = _ENCODER.search(walk.read(start, min(end - start, _ENCODER_BYTES)))
    if found is None:
        return ""
    name = decoded(found.group())
    walk.tag("mdat", "encoder", name)
    return f"begins with pictures coded by {name}"


_READERS = {
    "ftyp": _brands, "styp": _brands, "mvhd": _header, "tkhd": _header, "mdhd": _header, "hdlr": _handler,
    "elst": _edits, "keys": _keys, "uuid": _extension, "mdat": _media,
    "stsz": _sample_sizes, "stz2": _no_sizes, "moof": _no_sizes, "iloc": _no_sizes,
}  # fmt: skip
