"""Boxes of MP4 and HEIF files that no encoder here writes, added to files that the tests make."""

from __future__ import annotations

import struct

_PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")


def box(kind: bytes, content: bytes) -> bytes:
    """One box."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def add_to_sample_entry(data: bytes, codec: bytes, extra: bytes) -> bytes:
    """An MP4 file, whose tables stand behind its pictures, with one more box in the first sample entry of a codec."""
    entry = data.index(codec, data.index(b"stsd")) - 4
    end = entry + struct.unpack_from(">I", data, entry)[0]
    changed = bytearray(data[:end] + extra + data[end:])
    at, positions = 0, [entry]
    for parent in _PARENTS:
        at = data.index(parent, at)
        positions.append(at - 4)
    assert data.index(b"mdat") < data.index(b"moov"), "the offsets of the pictures would change"
    for position in positions:
        struct.pack_into(">I", changed, position, struct.unpack_from(">I", changed, position)[0] + len(extra))
    return bytes(changed)


def full_box(kind: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """One box with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags) + content)


def make_grid(single: list[bytes], columns: int, tile: tuple[int, int], size: tuple[int, int]) -> bytes:
    """A HEIC or AVIF file whose primary item of `size` is a grid of the images in these files, all of one tile size.

    ISO/IEC 23008-12, 6.6.2.3. Each file has one image and no other item.
    """
    kind, configuration = (b"av01", b"av1C") if single[0][8:12] == b"avif" else (b"hvc1", b"hvcC")
    grid = len(single) + 1
    layout = struct.pack(">4B2H", 0, 0, grid // columns - 1, columns - 1, *size)
    contents = [*(_content(data, b"mdat") for data in single), layout]
    properties = [full_box(b"ispe", struct.pack(">2I", *tile)), full_box(b"ispe", struct.pack(">2I", *size))]
    properties += [box(configuration, _content(data, configuration)) for data in single]
    links = b"".join(struct.pack(">H3B", at, 2, 1, 0x80 | (2 + at)) for at in range(1, grid))
    names = [full_box(b"infe", struct.pack(">2H4sx", at, 0, kind), 2, 1) for at in range(1, grid)]
    names.append(full_box(b"infe", struct.pack(">2H4sx", grid, 0, b"grid"), 2))

    links += struct.pack(">H2B", grid, 1, 2)
    reference = box(b"dimg", struct.pack(f">{grid + 1}H", grid, grid - 1, *range(1, grid)))
    return _heif(single[0][8:12], contents, names, reference, properties, (grid, links))


def _heif(
    brand: bytes,
    contents: list[bytes],
    names: list[bytes],
    reference: bytes,
    properties: list[bytes],
    links: tuple[int, bytes],
) -> bytes:
    """A file of items numbered from 1, the last of which is primary; `links` are the items that have properties."""
    primary = len(contents)

    def head(at: int) -> bytes:
        places = []
        for item, content in enumerate(contents, 1):
            places.append(struct.pack(">3H2I", item, 0, 1, at, len(content)))
            at += len(content)
        tables = (
            full_box(b"hdlr", bytes(4) + b"pict" + bytes(13)),
            full_box(b"pitm", struct.pack(">H", primary)),
            full_box(b"iloc", b"\x44\x00" + struct.pack(">H", primary) + b"".join(places)),
            full_box(b"iinf", struct.pack(">H", primary) + b"".join(names)),
            full_box(b"iref", reference) if reference else b"",
            box(
                b"iprp",
                box(b"ipco", b"".join(properties)) + full_box(b"ipma", struct.pack(">I", links[0]) + links[1]),
            ),
        )
        return box(b"ftyp", brand + bytes(4) + b"mif1" + brand) + full_box(b"meta", b"".join(tables))

    return head(len(head(0)) + 8) + box(b"mdat", b"".join(contents))


def _content(data: bytes, kind: bytes) -> bytes:
    at = data.index(kind)
    return data[at + 4 : at - 4 + struct.unpack_from(">I", data, at - 4)[0]]


def make_heif(
    items: dict[bytes, bytes], properties: list[bytes], *, brand: bytes = b"heic", parts: tuple[int, ...] = ()
) -> bytes:
    """A HEIF file with items of these types and contents, numbered from 1, of which the last one is the primary.

    It has all the properties, and the first item those of its coding alone. `parts` are what it is derived from.
    """
    primary = len(items)
    coding = [at for at, made in enumerate(properties, 1) if made[4:8] in (b"ispe", b"hvcC", b"av1C", b"avcC")]
    needed = [at | 0x80 * (made[4:8] not in (b"ispe", b"colr")) for at, made in enumerate(properties, 1)]
    links = {1: [needed[at - 1] for at in coding], primary: needed}
    association = b"".join(struct.pack(f">HB{len(at)}B", item, len(at), *at) for item, at in sorted(links.items()))
    names = [full_box(b"infe", struct.pack(">2H4sx", at, 0, kind), 2) for at, kind in enumerate(items, 1)]
    reference = box(b"dimg", struct.pack(f">{2 + len(parts)}H", primary, len(parts), *parts)) if parts else b""

    return _heif(brand, list(items.values()), names, reference, properties, (len(links), association))


def coded_item(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The type, content and configuration (a property) of the only image of a HEIC or AVIF file."""
    kind, configuration = (b"av01", b"av1C") if data[8:12] == b"avif" else (b"hvc1", b"hvcC")
    return kind, _content(data, b"mdat"), box(configuration, _content(data, configuration))
