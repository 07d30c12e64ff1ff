"""HEIF and AVIF files (ISO/IEC 23008-12): their items, what each is for, and how the primary one is to be shown."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from inspector.engine.decode.formats.isobmff import Box, aperture, boxes, find, read_table
from inspector.engine.regular_file import open_regular

_IMAGES = {b"hvc1", b"hev1", b"av01", b"grid", b"iden", b"iovl", b"jpeg", b"avc1", b"tmap", b"vvc1", b"j2k1", b"unci"}
_DERIVED, _DERIVED_AVIF = {"grid", "iden", "iovl"}, {"grid"}  # images made of others; those that libavif makes
_MOST_ITEMS = 4096
_FULL_BOX = 4  # bytes of version and flags


@dataclass(frozen=True, slots=True)
class Item:
    """One image item."""

    item_id: int
    codec: str
    width: int = 0
    height: int = 0
    is_hidden: bool = False
    is_part: bool = False  # of a grid or another derived image
    parts: tuple[int, ...] = ()  # the items that it is derived from
    thumbnail_of: int | None = None
    auxiliary_to: int | None = None
    auxiliary_type: str = ""  # a URN, such as that of an alpha channel, a depth map or a gain map
    cicp: tuple[int, int, int, int] | None = None  # primaries, transfer, matrix (ISO/IEC 23091-2), full range
    depth: int = 8
    rotation: int = 0  # degrees clockwise
    is_mirrored: bool = False  # before the rotation
    crop: tuple[int, int, int, int] = (0, 0, 0, 0)  # pixels outside the clean aperture: left, top, right, bottom


@dataclass(slots=True)
class Heif:
    """The image items of a file in its order."""

    primary: int = 0
    items: list[Item] = field(default_factory=list)

    @property
    def primary_item(self) -> Item | None:
        """The image that the file is opened with."""
        return self.item(self.primary)

    def item(self, item_id: int) -> Item | None:
        """The image with that number."""
        return next((item for item in self.items if item.item_id == item_id), None)

    def coded_as(self, item: Item) -> set[str]:
        """The codecs of an image, or of those that it is derived from; empty where they are unknown or too many."""
        known = {each.item_id: each for each in self.items}
        found: set[str] = set()
        waiting, seen, parts = [item], {item.item_id}, 0
        while waiting:
            each = waiting.pop()
            if each.codec not in _DERIVED:
                found.add(each.codec)
                continue
            parts += len(each.parts)
            if parts > _MOST_ITEMS:  # grids of grids of the same parts would take minutes
                return set()
            new = set(each.parts) - seen
            seen |= new
            waiting += [known[number] for number in new if number in known]
        return found

    def library_of(self, item: Item) -> str:
        """Pillow's name of the format whose library decodes an image, "" where none does."""
        codecs = self.coded_as(item)
        if codecs <= {"hvc1"}:
            return "HEIF" if codecs or item.codec in _DERIVED else ""
        return "AVIF" if codecs == {"av01"} and item.codec in _DERIVED_AVIF | codecs else ""


def read_heif(path: Path) -> Heif:
    """The items of the file at `path`; what cannot be read of them is missing."""
    meta = read_table(path, b"meta")
    found = Heif()
    with suppress(struct.error, IndexError):
        found.primary = _primary(meta)
        infos = {item.item_id: item for item in _infos(meta)}
        for item_id, item in _with_properties(meta, infos):
            infos[item_id] = item
        for item_id, item in _with_references(meta, infos):
            infos[item_id] = item
        found.items = [item for item in infos.values() if item.codec.encode("latin-1") in _IMAGES]
    return found


def as_primary(path: Path, item_id: int) -> bytes:
    """The bytes of the file with that item as the one that it is opened with, and as a picture of its own.

    Libraries show the primary image, and of HEIC those that are no part or aid of another one. Raises OSError.
    """
    with open_regular(path) as file:
        data = bytearray(file.read())
    with suppress(struct.error, IndexError):
        meta = next(find(data, "meta"), None)
        if meta is not None:
            _make_primary(data, meta.start + _FULL_BOX, meta.end, item_id)
    return bytes(data)


def _make_primary(data: bytearray, start: int, end: int, item_id: int) -> None:
    for box in find(data, "pitm", start, end):
        size = 2 if data[box.start] == 0 else 4
        data[box.start + 4 : box.start + 4 + size] = item_id.to_bytes(size, "big")
    for table in find(data, "iinf", start, end):
        for entry in boxes(data, table.start + (6 if data[table.start] == 0 else 8), table.end):
            size = 2 if data[entry.start] == 2 else 4
            if int.from_bytes(data[entry.start + 4 : entry.start + 4 + size], "big") == item_id:
                data[entry.start + 3] &= ~1  # hidden
    for table in find(data, "iref", start, end):
        size = 2 if data[table.start] == 0 else 4
        for box in boxes(data, table.start + _FULL_BOX, table.end):
            is_own = int.from_bytes(data[box.start : box.start + size], "big") == item_id
            if is_own and box.kind in (b"thmb", b"auxl"):
                data[box.start - 4 : box.start] = b"free"


def _primary(meta: bytes) -> int:
    box = next(find(meta, "pitm", _FULL_BOX), None)
    if box is None:
        return 0
    return int.from_bytes(meta[box.start + 4 : box.start + (6 if meta[box.start] == 0 else 8)], "big")


def _infos(meta: bytes) -> Iterator[Item]:
    for table in find(meta, "iinf", _FULL_BOX):
        start = table.start + (6 if meta[table.start] == 0 else 8)
        for entry in boxes(meta, start, table.end):
            version = meta[entry.start]
            if entry.kind != b"infe" or version < 2:
                continue
            size = 2 if version == 2 else 4
            item_id = int.from_bytes(meta[entry.start + 4 : entry.start + 4 + size], "big")
            kind = meta[entry.start + 6 + size : entry.start + 10 + size]
            yield Item(item_id, kind.decode("latin-1"), is_hidden=bool(meta[entry.start + 3] & 1))


def _with_properties(meta: bytes, infos: dict[int, Item]) -> Iterator[tuple[int, Item]]:
    container = next(find(meta, "iprp/ipco", _FULL_BOX), None)
    if container is None:
        return
    properties = list(boxes(meta, container.start, container.end))
    for item_id, numbers in islice(_associations(meta), _MOST_ITEMS):
        item = infos.get(item_id)
        if item is None:
            continue
        known = [properties[number - 1] for number in numbers if 0 < number <= len(properties)]
        for box in sorted(known, key=lambda box: box.kind != b"ispe"):  # the size first, which a clean aperture needs
            item = _with_property(meta, item, box)
        yield item_id, item


def _with_property(meta: bytes, item: Item, box: Box) -> Item:
    data = meta[box.start : box.end]
    match box.kind:
        case b"ispe":
            width, height = struct.unpack_from(">II", data, 4)
            return replace(item, width=width, height=height)
        case b"clap":
            return replace(item, crop=aperture(meta, box, item.width, item.height))
        case b"pixi":
            return replace(item, depth=max(data[5 : 5 + data[4]], default=8))
        case b"colr" if data[:4] == b"nclx":
            primaries, transfer, matrix, flags = struct.unpack_from(">HHHB", data, 4)
            return replace(item, cicp=(primaries, transfer, matrix, flags >> 7))
        case b"auxC":
            return replace(item, auxiliary_type=data[4:].split(b"\x00")[0].decode("latin-1"))
        case b"irot":
            turned = 360 - 90 * (data[0] & 3)
            return replace(item, rotation=(item.rotation + turned) % 360)
        case b"imir":
            # Mirrored behind a rotation: the same as mirrored before the opposite one. Axis 0 swaps top and bottom.
            upside_down = 0 if data[0] & 1 else 180
            return replace(item, is_mirrored=True, rotation=(upside_down - item.rotation) % 360)
    return item


def _associations(meta: bytes) -> Iterator[tuple[int, list[int]]]:
    for box in find(meta, "iprp/ipma", _FULL_BOX):
        version, flags = meta[box.start], meta[box.start + 3]
        (count,) = struct.unpack_from(">I", meta, box.start + 4)
        at = box.start + 8
        for _ in range(min(count, _MOST_ITEMS)):
            if at >= box.end:  # there may be 10,000 boxes that say that they go on behind their end
                break
            size = 2 if version == 0 else 4
            item_id = int.from_bytes(meta[at : at + size], "big")
            entries, at = meta[at + size], at + size + 1
            wide = 2 if flags & 1 else 1
            mask = 0x7FFF if flags & 1 else 0x7F
            starts = range(at, at + wide * entries, wide)
            yield item_id, [int.from_bytes(meta[start : start + wide], "big") & mask for start in starts]
            at += wide * entries


def _with_references(meta: bytes, infos: dict[int, Item]) -> Iterator[tuple[int, Item]]:
    changes: dict[int, dict[str, object]] = defaultdict(dict)
    for table in find(meta, "iref", _FULL_BOX):
        size = 2 if meta[table.start] == 0 else 4
        for box in boxes(meta, table.start + _FULL_BOX, table.end):
            source = int.from_bytes(meta[box.start : box.start + size], "big")
            at = box.start + size + 2
            count = min(int.from_bytes(meta[at - 2 : at], "big"), (box.end - at) // size)
            targets = [int.from_bytes(meta[at + size * n : at + size * (n + 1)], "big") for n in range(count)]
            if not targets:
                continue
            if box.kind == b"thmb":
                changes[source]["thumbnail_of"] = targets[0]
            elif box.kind == b"auxl":
                changes[source]["auxiliary_to"] = targets[0]
            elif box.kind == b"dimg":
                changes[source]["parts"] = tuple(targets[:_MOST_ITEMS])
                for target in targets:
                    changes[target]["is_part"] = True
    for item_id, values in changes.items():
        if item_id in infos:
            yield item_id, replace(infos[item_id], **values)  # type: ignore[arg-type]
