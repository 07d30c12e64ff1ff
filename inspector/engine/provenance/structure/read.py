"""Reading the structure of a file: which reader takes it, what its tags amount to, and the facts by the rules."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from inspector.domain.structure import Structure
from inspector.engine.decode.evidence import check_file, read_header
from inspector.engine.decode.formats.file_bytes import file_bytes
from inspector.engine.decode.formats.mpegts import packet_size
from inspector.engine.provenance.structure.cover import note_cover
from inspector.engine.provenance.structure.ebml import walk_elements
from inspector.engine.provenance.structure.iso import walk_boxes
from inspector.engine.provenance.structure.mpegts import walk_packets
from inspector.engine.provenance.structure.quantised_twice import THRESHOLD, look_for_requantising
from inspector.engine.provenance.structure.riff import walk_chunks
from inspector.engine.provenance.structure.rules import facts_of, load_rules
from inspector.engine.provenance.structure.segments import walk_jpeg, walk_png
from inspector.engine.provenance.structure.stills import read_still_tags, read_xmp
from inspector.engine.provenance.structure.thumbnail import note_thumbnail
from inspector.engine.provenance.structure.walk import TooMuchError, Walk
from inspector.engine.regular_file import open_regular

ISO, MATROSKA, RIFF, TS, PS = "ISO base media", "Matroska", "RIFF", "MPEG transport stream", "MPEG program stream"
JPEG, PNG, TIFF, OTHER = "JPEG", "PNG", "TIFF", "other"
CREDENTIAL_BYTES = "computed", "credential bytes"  # the tag with the size of what holds Content Credentials
_SLACK = 4096  # bytes of media between samples that are not worth a word
_STILLS = {JPEG, PNG, TIFF}
_CLIPS = {ISO, MATROSKA, RIFF, OTHER}
_STILL_BRANDS = (b"mif1", b"heic", b"heix", b"avif", b"msf1")
_ISO_STARTS = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp"}
_TIME = re.compile(r"(\d{4})[-:](\d\d)[-:](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_TIME_NAMES = {"created", "captured", "creationdate", "DateUTC", "CreateDate"}


def read_structure(path: Path) -> Structure:
    """The structure of a file. Raises ClipError if it cannot be opened, OSError while it is read."""
    size = check_file(path).st_size
    head = read_header(path)
    kind = format_of(head)
    with open_regular(path) as file:
        walk = Walk(file, size)
        try:
            _walk(walk, kind, path)
        except TooMuchError as limit:
            walk.problem(f"The structure was not read to its end: {limit}.")
        if kind in _STILLS or head[8:12] == b"WEBP" or head[8:12] in _STILL_BRANDS:
            read_still_tags(walk, path)
        if walk.xmp:
            read_xmp(walk)
    is_heif = kind == ISO and head[8:12] in _STILL_BRANDS
    if kind == JPEG:
        _note_requantising(walk, path)
    if kind == JPEG or is_heif:
        note_thumbnail(walk, path, is_jpeg=kind == JPEG)
    if kind in _CLIPS and not is_heif:
        note_cover(walk, path)
    _compute(walk, kind)
    found = Structure(
        kind, size, tuple(walk.elements), tuple(walk.tags), tuple(walk.problems), left_out=walk.left_out
    )  # fmt: skip
    rules, remarks = load_rules()
    return Structure(
        kind, size, found.elements, found.tags, (*found.problems, *remarks), facts_of(found, rules), found.left_out
    )


def format_of(head: bytes) -> str:
    """The container's format by the first bytes of the file."""
    if head[4:8] in _ISO_STARTS:
        return ISO
    for magic, kind in (
        (b"\x1a\x45\xdf\xa3", MATROSKA), (b"RIFF", RIFF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG),
        (b"II*\0", TIFF), (b"MM\0*", TIFF), (b"\0\0\1\xba", PS),
    ):  # fmt: skip
        if head.startswith(magic):
            return kind
    return TS if packet_size(head) is not None else OTHER


def _note_requantising(walk: Walk, path: Path) -> None:
    """A tag if the picture was saved before with other steps of quantisation."""
    found = look_for_requantising(path)
    if found is not None and found.score > THRESHOLD:
        count = sum(first > 0 for first in found.former)
        walk.tag("computed", "earlier quantisation", f"in {count} of {len(found.former)} frequencies")


def _walk(walk: Walk, kind: str, path: Path) -> None:
    if kind == JPEG:
        with file_bytes(path) as data:
            walk_jpeg(walk, data)
        return
    readers = {ISO: walk_boxes, MATROSKA: walk_elements, RIFF: walk_chunks, TS: walk_packets, PNG: walk_png}
    reader = readers.get(kind)
    if reader is not None:
        reader(walk)


def _compute(walk: Walk, kind: str) -> None:
    """Tags that the program derives: differing times, unknown parts, and the order of the index and the media."""
    times = sorted({time for tag in walk.tags if tag.name in _TIME_NAMES for time in [_time(tag.value)] if time})
    if len(times) > 1:
        walk.tag("computed", "time difference", _span(int((times[-1] - times[0]).total_seconds())))
    unknown = dict.fromkeys(e.kind for e in walk.elements if not e.is_known and not e.kind.startswith("("))
    if unknown:
        walk.tag("computed", "unknown parts", ", ".join(list(unknown)[:12]))
    if kind == ISO:
        top = list(walk.top)  # in the order of the file
        if "moov" in top and "mdat" in top:
            is_behind = top.index("moov") > top.index("mdat")
            walk.tag("computed", "index", "behind the media" if is_behind else "before the media")
        if not any(tag.name == "created" for tag in walk.tags):
            walk.tag("computed", "no time of creation", "none in mvhd, tkhd or mdhd")
        media = walk.top_bytes["mdat"] - 8 * walk.top["mdat"]
        if walk.sample_bytes and media > walk.sample_bytes + _SLACK:
            walk.tag("computed", "unused media bytes", media - walk.sample_bytes)
        if "moof" in top:
            walk.tag("computed", "fragments", walk.top["moof"])


def _time(text: str) -> datetime | None:
    """The time in a text; without regard to its zone, which many programs write wrongly."""
    found = _TIME.search(text)
    try:
        return datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*found.groups())) if found else None
    except ValueError:
        return None


def _span(seconds: int) -> str:
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds % 60, "s")]
    return " ".join(f"{value} {unit}" for value, unit in parts if value)
