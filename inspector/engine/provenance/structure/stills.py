"""EXIF, IPTC and XMP of stills: Pillow reads the first two; of XMP only named properties are taken."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from inspector.engine.decode.stills import register_formats
from inspector.engine.faults import is_raised_in
from inspector.engine.provenance.structure.walk import Walk, decoded

_EXIF = {
    "Make": "make", "Model": "model", "Software": "software", "DateTime": "changed", "DateTimeOriginal": "captured",
    "DateTimeDigitized": "digitised", "OffsetTimeOriginal": "captured, zone",
    "BodySerialNumber": "camera serial number", "LensModel": "lens", "Artist": "artist", "Copyright": "copyright",
    "ImageDescription": "description", "HostComputer": "computer",
}  # fmt: skip
_IPTC = {(2, 5): "title", (2, 80): "artist", (2, 90): "city", (2, 101): "country", (2, 110): "credit",
         (2, 115): "source", (2, 116): "copyright", (2, 120): "caption", (2, 55): "date"}  # fmt: skip
_XMP = (
    "CreatorTool", "CreateDate", "ModifyDate", "MetadataDate", "DigitalSourceType", "Make", "Model", "DateCreated",
    "DocumentID", "OriginalDocumentID", "Credit", "provenance",
)  # fmt: skip
_XMP_BYTES = 1 << 20
# It begins with a fixed character, so that a megabyte of letters is passed over at once.
_VALUE = r""":(?<=[\w-].)%s(?:\s{0,9}=\s{0,9}["']([^"'<]{1,300})|>([^<]{1,300})<)"""
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825


def read_still_tags(walk: Walk, path: Path) -> None:
    """Take the tags of a still; what Pillow cannot read is left out, with a remark."""
    register_formats()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks on damaged tags
            with Image.open(path) as picture:
                _exif(walk, picture)
                _iptc(walk, picture)
    except Exception as error:
        if not (isinstance(error, OSError | ValueError | TypeError) or is_raised_in(error, "PIL")):
            raise
        walk.problem("Its EXIF or IPTC tags could not be read.")


def _exif(walk: Walk, picture: Image.Image) -> None:
    exif = picture.getexif()
    values = {**dict(exif), **exif.get_ifd(_EXIF_IFD)}
    for number, value in values.items():
        name = _EXIF.get(ExifTags.TAGS.get(number, ""))
        if name is not None:
            walk.tag("EXIF", name, decoded(value) if isinstance(value, bytes) else value)
    place = exif.get_ifd(_GPS_IFD)
    if place.get(2) and place.get(4):
        degrees = [_degrees(place[at], str(place.get(at - 1, ""))) for at in (2, 4)]
        walk.tag("EXIF", "location", ", ".join(degrees))


def _degrees(parts: tuple[float, float, float], side: str) -> str:
    whole, minutes, seconds = (float(part) for part in parts)
    return f"{whole + minutes / 60 + seconds / 3600:.5f}° {side}".strip()


def _iptc(walk: Walk, picture: ImageFile.ImageFile) -> None:
    for number, value in (IptcImagePlugin.getiptcinfo(picture) or {}).items():
        if number in _IPTC:
            first = value[0] if isinstance(value, list) else value
            walk.tag("IPTC", _IPTC[number], decoded(first))


def read_xmp(walk: Walk) -> None:
    """Take named properties of the XMP packet by their text: a hostile one could make an XML parser work for hours."""
    text = decoded_xmp(walk.xmp[:_XMP_BYTES])
    for name in _XMP:
        found = re.search(_VALUE % name, text)
        if found:
            walk.tag("XMP", name, (found.group(1) or found.group(2)).strip())
    steps = text.count("stEvt:action")
    if steps:
        walk.tag("XMP", "history", f"{steps} steps")


def decoded_xmp(data: bytes) -> str:
    """The packet as text."""
    return data.decode("utf-8", "replace")
