"""The thumbnail in the EXIF data of a JPEG against its picture: programs that change the one may leave the other."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from inspector.domain import arrays
from inspector.engine.provenance.coding.perceptual import distance, perceptual_hash
from inspector.engine.provenance.structure.walk import Walk

NAME = "embedded thumbnail"
_MOST_BYTES, _LARGEST = 1 << 20, 2048  # of a thumbnail; EXIF allows 64 kB
_SMALL = 512  # pixels to which the picture is decoded
_OFFSET, _LENGTH = 0x0201, 0x0202  # JPEGInterchangeFormat and its length
_LEAST_CONTENT = 4.0  # grey levels of standard deviation, as for the hashes of frames


def note_thumbnail(walk: Walk, path: Path) -> None:
    """A tag with the distance of a JPEG's thumbnail to its picture, 0 to 64 bits; none without a thumbnail.

    A turned thumbnail is turned back, and bars above and below the picture are cut off.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks on damaged tags
            with Image.open(path, formats=["JPEG"]) as picture:
                stored = _stored(picture)
                if stored is None:
                    return
                picture.draft("L", (_SMALL, _SMALL))
                main = _grey(picture)
            with Image.open(io.BytesIO(stored), formats=["JPEG"]) as opened:
                width, height = opened.size
                if max(width, height) > _LARGEST:
                    return
                thumbnail = _grey(opened)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, IndexError, Image.DecompressionBombError):
        walk.problem("The thumbnail in its EXIF data could not be read.")
        return
    if min(float(main.std()), float(thumbnail.std())) < _LEAST_CONTENT:
        return
    bits = min(_distance(main, np.rot90(thumbnail, turns)) for turns in range(4))
    walk.tag("computed", NAME, f"{width} x {height} px, {bits} of 64 bits of a perceptual hash differ")


def _stored(picture: Image.Image) -> bytes | None:
    """The bytes of the thumbnail; its offset counts from behind the six bytes that announce EXIF."""
    place = picture.getexif().get_ifd(ExifTags.IFD.IFD1)
    data = picture.info.get("exif", b"")[6:]
    start, length = place.get(_OFFSET), place.get(_LENGTH)
    if not isinstance(start, int) or not isinstance(length, int) or not 0 < length <= _MOST_BYTES or start < 8:
        return None
    return data[start : start + length] if start + length <= len(data) else None


def _grey(picture: Image.Image) -> arrays.Image:
    small = picture.convert("L")
    small.thumbnail((_SMALL, _SMALL))
    return np.asarray(small, np.uint8)


def _distance(main: arrays.Image, thumbnail: arrays.Image) -> int:
    """The bits in which two pictures differ, of the part of the thumbnail that has the picture's shape."""
    height, width = thumbnail.shape
    wanted = main.shape[1] / main.shape[0]
    tall, wide = min(height, round(width / wanted)), min(width, round(height * wanted))
    top, left = (height - tall) // 2, (width - wide) // 2
    part = np.ascontiguousarray(thumbnail[top : top + max(tall, 1), left : left + max(wide, 1)])
    return distance(perceptual_hash(main), perceptual_hash(part))
