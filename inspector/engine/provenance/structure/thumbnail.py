"""The thumbnail in a JPEG's EXIF data or in a HEIC or AVIF file against its picture.

Programs that change the one may leave the other.
"""

from __future__ import annotations

import io
import warnings
from itertools import islice
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from PIL import ExifTags, Image

from inspector.domain import arrays
from inspector.domain.errors import ClipError
from inspector.engine.decode.container import MediaSource, open_container
from inspector.engine.decode.formats.heif import read_heif
from inspector.engine.decode.stills import read_stills
from inspector.engine.faults import is_raised_in
from inspector.engine.provenance.coding.perceptual import LEAST_CONTENT, distance, perceptual_hash
from inspector.engine.provenance.structure.walk import Walk

NAME = "embedded thumbnail"
_MOST_BYTES, _LARGEST = 1 << 20, 2048  # of a thumbnail; EXIF allows 64 kB
_SMALL = 512  # pixels to which the picture is decoded
_OFFSET, _LENGTH = 0x0201, 0x0202  # JPEGInterchangeFormat and its length


def note_thumbnail(walk: Walk, path: Path, *, is_jpeg: bool) -> None:
    """A tag with the distance of a still's thumbnail to its picture, 0 to 64 bits; none without a thumbnail.

    A turned thumbnail is turned back, and bars above and below the picture are cut off.
    """
    try:
        found = _of_jpeg(path) if is_jpeg else _of_heif(path)
    except Exception as error:
        if not (isinstance(error, OSError | ValueError | TypeError | ClipError) or is_raised_in(error, "PIL", "av")):
            raise  # an error of this program is not the file's
        walk.problem("Its thumbnail could not be compared with its picture.")
        return
    if found is None or min(float(each.std()) for each in found) < LEAST_CONTENT:
        return
    main, thumbnail = found
    height, width = thumbnail.shape
    bits = min(bits_between(main, np.rot90(thumbnail, turns)) for turns in range(4))
    walk.tag("computed", NAME, f"{width} x {height} px, {bits} of 64 bits of a perceptual hash differ")


def _of_jpeg(path: Path) -> tuple[arrays.Image, arrays.Image] | None:
    """The picture and the thumbnail in its EXIF data, uint8 (h, w) grey; None without one that can be compared."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on damaged tags
        with Image.open(path, formats=["JPEG"]) as picture:
            stored = _stored(picture)
            if stored is None:
                return None
            picture.draft("L", (_SMALL, _SMALL))
            main = grey(picture)
        with Image.open(io.BytesIO(stored), formats=["JPEG"]) as thumbnail:
            return None if max(thumbnail.size) > _LARGEST else (main, grey(thumbnail))


def _of_heif(path: Path) -> tuple[arrays.Image, arrays.Image] | None:
    """The primary picture of a HEIC or AVIF file and its thumbnail, as for JPEG; FFmpeg gives items as streams."""
    heif = read_heif(path)
    item = next((each for each in heif.items if each.thumbnail_of == heif.primary), None)
    if item is None or max(item.width, item.height) > _LARGEST:
        return None
    with open_container(MediaSource(path)) as container:
        stream = next((each for each in container.streams.video if each.id == item.item_id), None)
        pictures = [] if stream is None else list(islice(container.decode(stream), 1))
        if not pictures:
            return None
        thumbnail = grey_of(pictures[0])
    return grey(Image.fromarray(next(read_stills(path)).image)), thumbnail


def _stored(picture: Image.Image) -> bytes | None:
    """The bytes of the thumbnail; its offset counts from behind the six bytes that announce EXIF."""
    place = picture.getexif().get_ifd(ExifTags.IFD.IFD1)
    data = picture.info.get("exif", b"")[6:]
    start, length = place.get(_OFFSET), place.get(_LENGTH)
    if not isinstance(start, int) or not isinstance(length, int) or not 0 < length <= _MOST_BYTES or start < 8:
        return None
    return data[start : start + length] if start + length <= len(data) else None


def grey(picture: Image.Image) -> arrays.Image:
    """A picture as uint8 (h, w) grey, made smaller where it is larger than needed."""
    small = picture.convert("L")
    small.thumbnail((_SMALL, _SMALL))
    return np.asarray(small, np.uint8)


def grey_of(frame: VideoFrame) -> arrays.Image:
    """A decoded frame like `grey`."""
    return grey(Image.fromarray(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)))


def bits_between(main: arrays.Image, thumbnail: arrays.Image) -> int:
    """The bits in which two pictures differ, of the part of the thumbnail that has the picture's shape."""
    height, width = thumbnail.shape
    wanted = main.shape[1] / main.shape[0]
    tall, wide = min(height, round(width / wanted)), min(width, round(height * wanted))
    top, left = (height - tall) // 2, (width - wide) // 2
    part = np.ascontiguousarray(thumbnail[top : top + max(tall, 1), left : left + max(wide, 1)])
    return distance(perceptual_hash(main), perceptual_hash(part))
