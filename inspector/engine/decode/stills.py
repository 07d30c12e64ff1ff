"""Still images and animated WebP, decoded by Pillow: JPEG, PNG, WebP, TIFF, BMP, HEIC, AVIF."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from inspector.domain.clip import Clip, Frame, PictureFormat, StreamInfo, StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode.container import TOO_LARGE, refuse_large
from inspector.engine.decode.evidence import read_header
from inspector.engine.decode.formats import jpeg, png, tiff
from inspector.engine.decode.formats.declared_size import still_size
from inspector.engine.decode.formats.heif import Item
from inspector.engine.decode.formats.heif_pictures import cropped, item_of, open_item
from inspector.engine.decode.formats.tiff_samples import can_read, describe, is_unusual, read_samples, to_levels
from inspector.engine.decode.frame_index import FrameIndex, make_index
from inspector.engine.decode.jpeg_stills import is_damaged, refuse_deep
from inspector.engine.decode.still_colour import BY_CHUNKS, StillColour, show
from inspector.engine.decode.wide_stills import read_wide
from inspector.engine.faults import is_raised_in
from inspector.engine.regular_file import open_regular

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
_ORIENTATION = 0x0112
# EXIF orientation -> degrees clockwise that turn the picture upright; 2, 4, 5 and 7 are mirrored before that.
_DEGREES = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
_MIRRORED = {2, 4, 5, 7}
_WIDTH, _HEIGHT, _BITS_PER_SAMPLE = 256, 257, 258  # TIFF tags
_DEPTHS = {"I;16": 16, "I;16B": 16, "I;16L": 16, "I": 16, "F": 32, "1": 1}
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}  # by the number of samples
_TIME_BASE = Fraction(1, 1000)  # Pillow's durations are in milliseconds
_DEFAULT_MS = 100  # the duration that browsers give a frame of an animation without one
_REMARK, _BITS, _TURNED = "remark", "bits", "turned"  # of an image that was not opened by Pillow
UNUSUAL = (
    "{name} stores its picture as {samples}, which none of the program's libraries reads; save it with 8 or 16 bits a "
    "channel and say so in the notes."
)
_READ_IN_PART = (jpeg.SOI, png.MAGIC, *tiff.MAGIC, b"BM")
_CUT = "{name} breaks off: it has {size} bytes and declares at least {declared}; copy it again from its source."
_MOST_TEXT_BYTES = 8 << 20
_FIRST = StreamInfo(0, StreamKind.STILL, "", 0, 0)


@dataclass(frozen=True, slots=True)
class StillFrame:
    """One picture of the file: its pts in milliseconds and uint8 (H, W, 3) RGB as displayed."""

    pts: int
    duration: int
    image: npt.NDArray[np.uint8]
    is_corrupt: bool  # a part of it is missing from the file
    colour: StillColour


@cache
def register_formats() -> None:
    """Register the formats of `_FORMATS` with Pillow; registering all that it has takes several times as long."""
    import pillow_heif
    from PIL import AvifImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401 - registered so

    # A PNG with more than 1 MB in one compressed text or colour profile is whole; one of 50 MB is made to fill memory.
    PngImagePlugin.MAX_TEXT_CHUNK = _MOST_TEXT_BYTES
    Image.preinit()
    pillow_heif.register_heif_opener()


@contextmanager
def _opened(path: Path, stream: StreamInfo, *, with_pixels: bool = True) -> Iterator[Image.Image]:
    """Open a picture of the file and read its header. Raises ClipError when Pillow cannot, or it is too large.

    Without `with_pixels` those of a picture that Pillow does not read are black.
    """
    register_formats()
    try:
        with _open_quietly(path, stream, with_pixels) as image:
            refuse_large(path, image.width, image.height, is_animation=_count(image) > 1)
            yield image
    except Image.DecompressionBombError:
        raise ClipError(TOO_LARGE.format(name=path.name, size="far too many")) from None
    except UnidentifiedImageError:
        refuse_deep(path)
        _refuse_cut(path)
        raise ClipError(f"{path.name} is not a readable picture; choose another file or copy it again.") from None
    except (ClipError, MemoryError):
        raise
    except Exception as error:
        if not is_raised_in(error, "PIL", "pillow_heif"):
            raise  # an error of this program is not the file's
        # Pillow and its codecs raise exceptions of every kind for damaged files; a SyntaxError for a broken PNG.
        _refuse_cut(path)
        reason = " ".join(str(error).split())
        raise ClipError(f"{path.name} is damaged ({reason}); copy it again from its source.") from None


def _refuse_cut(path: Path) -> None:
    """Raise ClipError if the file declares more bytes than it has."""
    with suppress(OSError, struct.error):
        declared, size = still_size(path) or 0, path.stat().st_size
        if declared > size:
            raise ClipError(_CUT.format(name=path.name, size=f"{size:,}", declared=f"{declared:,}")) from None


def _open_quietly(path: Path, stream: StreamInfo, with_pixels: bool) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MAX_PIXELS is stricter, and its message says what to do
        if stream.length:
            with open_regular(path) as file:
                file.seek(stream.offset)
                return Image.open(io.BytesIO(file.read(stream.length)), formats=_FORMATS)
        unusual = _unusual_tiff(path, stream, with_pixels)
        if unusual is not None:
            return unusual
        if read_header(path)[4:8] == b"ftyp":
            return open_item(path, stream)
        image = Image.open(path, formats=_FORMATS)
        if image.format == "TIFF" and stream.inner:
            image.seek(stream.inner)
        return image


def _unusual_tiff(path: Path, stream: StreamInfo, with_pixels: bool) -> Image.Image | None:
    """The page of a TIFF file that Pillow does not read rightly, reduced to 8 bits; None for another file or page.

    Raises ClipError where no library reads its samples.
    """
    if not read_header(path).startswith(tiff.MAGIC):
        return None
    pages = tiff.read_layout(path).pages
    page = pages[stream.inner] if stream.inner < len(pages) else None
    if page is None or not is_unusual(page):
        return None
    refuse_large(path, page.width, page.height)
    if not can_read(page):
        raise ClipError(UNUSUAL.format(name=path.name, samples=describe(page)))
    if with_pixels:
        image = _read_unusual(path, stream.inner, page)
    else:
        image = Image.new(_MODES[page.samples], (page.width, page.height))
    image.format = "TIFF"
    if page.is_planar:
        image.getexif()[_ORIENTATION] = page.orientation
    else:
        image.info[_TURNED] = page.orientation  # OpenCV turned it
    image.info[_BITS] = page.bits
    return image


def _read_unusual(path: Path, number: int, page: tiff.Page) -> Image.Image:
    samples = read_samples(path, number, page)
    if samples is None:
        raise ClipError(f"{path.name} is damaged (its samples cannot be read); copy it again from its source.")
    levels, how = to_levels(samples)
    image = Image.fromarray(255 - levels if page.photometric == 0 else levels)
    profile = " Its colour profile (ICC) is not applied." if page.has_profile else ""
    image.info[_REMARK] = f"The picture stores {describe(page)}, {how}.{profile}"
    return image


def _exif(image: Image.Image) -> Image.Exif:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid metadata is ignored
        return image.getexif()


def open_still(path: Path, sha256: str, size_bytes: int, streams: tuple[StreamInfo, ...], stream: StreamInfo) -> Clip:
    """Read the properties of one of the pictures of the file at `path`. Raises ClipError when it cannot be decoded."""
    for still in read_stills(path, stream):
        shown, end, colour = still.image, still.pts + still.duration, still.colour
    partly = _allow_truncation() if still.is_corrupt else nullcontext()  # the tags of a PNG may follow its pixels
    with partly, _opened(path, stream, with_pixels=False) as image:
        declared = _count(image)
        item = item_of(path, stream) if image.format in {"HEIF", "AVIF"} else None
        rotation, is_mirrored = _orientation(image, item)
        coded = _coded_size(image, item)
        return Clip(
            path=str(path),
            sha256=sha256,
            size_bytes=size_bytes,
            container=str(image.format).lower(),
            codec=str(image.format).lower(),
            pix_fmt=image.mode.lower(),
            width=shown.shape[1],
            height=shown.shape[0],
            coded_width=coded[0],
            coded_height=coded[1],
            rotation=rotation,
            sample_aspect=Fraction(1),
            colour=colour.colour,
            time_base=_TIME_BASE,
            start_pts=0,
            duration_pts=end if declared > 1 else None,
            declared_frames=declared,
            average_rate=None,
            is_variable_rate=declared > 1,
            is_interlaced=False,
            has_audio=False,
            bit_depth=_bit_depth(path, image, item),
            is_still=declared == 1,
            metadata=_tags(image),
            is_mirrored=is_mirrored,
            crop=item.crop if item is not None else (0, 0, 0, 0),
            stream=stream.number,
            streams=_completed(streams, stream, image),
            remarks=(colour.remark,) if colour.remark else (),
        )


def _completed(streams: tuple[StreamInfo, ...], stream: StreamInfo, image: Image.Image) -> tuple[StreamInfo, ...]:
    """The streams, with the codec and size of the opened one where its file format does not list them."""
    codec, size = stream.codec or str(image.format).lower(), (stream.width, stream.height)
    width, height = size if all(size) else image.size
    opened = replace(stream, codec=codec, width=width, height=height, pictures=_count(image))
    return tuple(opened if info.number == stream.number else info for info in streams)


def _coded_size(image: Image.Image, item: Item | None) -> tuple[int, int]:
    """Width and height as stored, before turning."""
    if item is not None and item.width:
        return item.width, item.height
    tags = getattr(image, "tag_v2", {})  # the size that Pillow gives of a TIFF page is that of the turned picture
    return tags.get(_WIDTH, image.width), tags.get(_HEIGHT, image.height)


def _orientation(image: Image.Image, item: Item | None) -> tuple[int, bool]:
    """Degrees clockwise that turn the stored picture upright, and whether it is mirrored before that."""
    if image.format == "HEIF":  # libheif turned it, by the properties of its item
        return (item.rotation, item.is_mirrored) if item is not None else (0, False)
    orientation = image.info.get(_TURNED) or _exif(image).get(_ORIENTATION, 1)
    return _DEGREES.get(orientation, 0), orientation in _MIRRORED


def read_stills(path: Path, stream: StreamInfo = _FIRST) -> Iterator[StillFrame]:
    """Yield the images of a stream: one, unless it is an animated WebP. Raises ClipError when it cannot be read.

    A truncated or damaged JPEG, PNG, TIFF or BMP is decoded as far as possible and marked as corrupt, unless it is a
    JPEG that is only without its end.
    """
    first = None
    try:
        for still in _read(path, stream):
            first = still
            yield still
    except ClipError:
        if first is not None or not read_header(path).startswith(_READ_IN_PART):
            raise
        with _allow_truncation():
            partial = list(_read(path, stream, is_refused=True))
        yield from partial


@contextmanager
def _allow_truncation() -> Iterator[None]:
    # Pillow has this switch for the whole process only.
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _read(path: Path, stream: StreamInfo, *, is_refused: bool = False) -> Iterator[StillFrame]:
    with _opened(path, stream) as image:
        is_jpeg = image.format in {"JPEG", "MPO"}
        is_corrupt = is_damaged(path, stream, is_refused=is_refused) if is_jpeg else is_refused
        pts, count = 0, _count(image)
        for index in range(count):
            if index:
                image.seek(index)
            pixels, colour = _to_displayed(path, stream, image)
            if image.format == "AVIF":  # libheif crops a picture itself
                pixels = cropped(pixels, item_of(path, stream), *_orientation(image, None))
            duration = int(image.info.get("duration") or _DEFAULT_MS)
            still = StillFrame(pts, duration, pixels, is_corrupt, colour)
            pts += duration
            if index + 1 < count:
                yield still
    del image  # 133 MB for 33 Mpx, which are not to stay while the last picture is looked at
    yield still


def _count(image: Image.Image) -> int:
    """The number of frames; further images in TIFF, MPO and HEIF are pages and previews, not frames."""
    return int(getattr(image, "n_frames", 1)) if image.format == "WEBP" else 1


def _to_displayed(path: Path, stream: StreamInfo, image: Image.Image) -> tuple[npt.NDArray[np.uint8], StillColour]:
    """The image upright, as uint8 (H, W, 3) sRGB; transparent areas become white."""
    exif = _exif(image)  # loads and caches the EXIF data, so that exif_transpose does not warn again
    orientation = exif.get(_ORIENTATION, 1)
    wide = read_wide(path, stream, image, orientation)
    if wide is not None:
        return wide
    tags = getattr(image, "tag_v2", {})  # of the image itself: a turned copy has none
    upright = image if orientation == 1 else ImageOps.exif_transpose(image)  # which copies in any case
    profile = image.info.get("icc_profile")
    made = png.read_header(path).profile if image.format == "PNG" and not profile else b""
    shown, colour = show(upright, profile or made, tags)
    if made:
        colour = replace(colour, colour=BY_CHUNKS)
    return shown, replace(colour, remark=image.info[_REMARK]) if _REMARK in image.info else colour


def _bit_depth(path: Path, image: Image.Image, item: Item | None) -> int:
    if image.format == "PNG":
        return png.read_header(path).depth  # Pillow shows 16-bit RGB as 8-bit
    if item is not None:
        return item.depth
    if _BITS in image.info:
        return int(image.info[_BITS])
    bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, ())
    return max(bits, default=_DEPTHS.get(image.mode, 8)) if isinstance(bits, tuple) else _DEPTHS.get(image.mode, 8)


def _tags(image: Image.Image) -> tuple[tuple[str, str], ...]:
    from PIL.ExifTags import TAGS

    return tuple((TAGS.get(key, hex(key)), str(value)) for key, value in _exif(image).items())


def is_animated(clip: Clip) -> bool:
    """Whether the clip is an animated WebP, which Pillow decodes."""
    return clip.container == "webp" and not clip.is_still


def _format_of(clip: Clip) -> PictureFormat:
    return PictureFormat(
        width=clip.width,
        height=clip.height,
        coded_width=clip.coded_width,
        coded_height=clip.coded_height,
        sample_aspect=clip.sample_aspect,
        rotation=clip.rotation,
        is_mirrored=clip.is_mirrored,
        is_interlaced=False,
        pix_fmt=clip.pix_fmt,
        colour=clip.colour,
    )


class StillSource:
    """Frames of one still or of one animated WebP."""

    def __init__(self, clip: Clip) -> None:
        self._path, self._format = Path(clip.path), _format_of(clip)
        self._stream = next((info for info in clip.streams if info.number == clip.stream), _FIRST)
        self._is_still = clip.is_still
        self._kept: Frame | None = None
        self._index: FrameIndex | None = None

    def close(self) -> None:
        """Release the cached picture."""
        self._kept = None

    @property
    def index(self) -> FrameIndex:
        """The pts of every picture; each is a keyframe."""
        if self._index is None:
            entries = [(0, True, -1)] if self._is_still else [(f.pts, True, -1) for f in self.frames(None, None)]
            self._index = make_index(entries, can_seek=False)
        return self._index

    def frames(self, start_pts: int | None, end_pts: int | None) -> Iterator[Frame]:
        """Frames with start_pts <= pts < end_pts."""
        for index, still in enumerate(read_stills(self._path, self._stream)):
            if end_pts is not None and still.pts >= end_pts:
                return
            if start_pts is None or still.pts >= start_pts:
                yield Frame(index, still.pts, still.image, True, still.is_corrupt, "I", format=self._format)

    def pictures(self, start_pts: int | None, end_pts: int | None = None) -> Iterator[Frame]:
        """Frames with start_pts <= pts < end_pts; they need no conversion."""
        return self.frames(start_pts, end_pts)

    def fast_seek(self, start_pts: int) -> None:
        """None: there is no faster way than `pictures`."""

    def account(self, shown: int, damaged: int, gaps: object) -> None:
        """A still stores no packets."""

    def frame_at(self, pts: int) -> Frame:
        """The frame displayed at `pts`; the last one is cached."""
        index = self.index.position(pts)
        if self._kept is None or self._kept.index != index:
            self._kept = next(self.frames(int(self.index.pts[index]), None))
        return self._kept
