"""Stills in HEIF and AVIF files: opening the image that is wanted, and cropping it where the library does not."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from inspector.domain.arrays import Image as Pixels
from inspector.domain.clip import StreamInfo
from inspector.engine.decode.formats.heif import Item, as_primary, read_heif
from inspector.engine.regular_file import open_regular

# What the libraries want a file of stills to be called, whatever its items are.
_BRANDS = {"AVIF": (b"avif",), "HEIF": (b"heic", b"heix", b"heim", b"heis", b"mif1")}
_SEQUENCES = (b"avis", b"hevc", b"hevx", b"msf1")  # which make a library look for a track
_LONGEST_FTYP = 1024


def item_of(path: Path, stream: StreamInfo) -> Item | None:
    """The item of a picture of the file."""
    heif = read_heif(path)
    return heif.item(stream.inner) if stream.number else heif.primary_item


def open_item(path: Path, stream: StreamInfo) -> Image.Image:
    """Open an image with the library that decodes it, by its items: brands of the file may name both or none.

    Raises OSError, and what Pillow and its libraries raise.
    """
    heif = read_heif(path)
    item = item_of(path, stream)
    library = heif.library_of(item) if item is not None else ""
    formats = (library,) if library else tuple(_BRANDS)
    with open_regular(path) as file:
        brand = file.read(12)[8:]
    if not stream.number and (not library or brand in _BRANDS[library]):
        return Image.open(path, formats=formats)
    data = bytearray(as_primary(path, stream.inner if stream.number else heif.primary))
    if library and brand not in _BRANDS[library]:
        for at in (8, *range(16, min(int.from_bytes(data[:4], "big"), len(data), _LONGEST_FTYP), 4)):
            if at == 8 or data[at : at + 4] in _SEQUENCES:
                data[at : at + 4] = _BRANDS[library][0]
    return Image.open(io.BytesIO(data), formats=formats)


def cropped(image: Pixels, item: Item | None, rotation: int, is_mirrored: bool) -> Pixels:
    """The part of an upright picture, uint8 (H, W, 3), that is inside the clean aperture of the stored one.

    `rotation` in degrees clockwise, and the mirroring before that, turned it upright.
    """
    if item is None or not any(item.crop):
        return image
    left, top, right, bottom = item.crop
    if is_mirrored:
        left, right = right, left
    sides = (top, right, bottom, left)
    turns = rotation // 90
    top, right, bottom, left = sides[-turns:] + sides[:-turns] if turns else sides
    height, width = image.shape[:2]
    return np.ascontiguousarray(image[top : height - bottom, left : width - right])
