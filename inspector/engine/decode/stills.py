"""Still images and animated WebP, decoded by Pillow: JPEG, PNG, WebP, TIFF, BMP, HEIC, AVIF."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from inspector.domain.clip import Clip, Colour, Frame
from inspector.domain.errors import ClipError
from inspector.engine.decode.container import MAX_PIXELS, TOO_LARGE
from inspector.engine.decode.evidence import read_header
from inspector.engine.decode.frame_index import FrameIndex, make_index

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF")
_ORIENTATION = 0x0112
# EXIF orientation -> degrees clockwise that turn the picture upright; 2, 4, 5 and 7 are mirrored before that.
_DEGREES = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
_DEPTHS = {"I;16": 16, "I;16B": 16, "I;16L": 16, "I": 16, "F": 32, "1": 1}
_TIME_BASE = Fraction(1, 1000)  # Pillow's durations are in milliseconds
_DEFAULT_MS = 100  # the duration that browsers give a frame of an animation without one


@dataclass(frozen=True, slots=True)
class StillFrame:
    """One picture of the file: its pts in milliseconds and uint8 (H, W, 3) RGB as displayed."""

    pts: int
    duration: int
    image: npt.NDArray[np.uint8]
    is_corrupt: bool  # a part of it is missing from the file


@cache
def _register_formats() -> None:
    """Register the formats of `_FORMATS` on first use; registering all of Pillow's takes several times as long."""
    import pillow_heif
    from PIL import AvifImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401 - registered by the import

    Image.preinit()
    pillow_heif.register_heif_opener()


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open the image and read its header. Raises ClipError when Pillow cannot read it or it is too large."""
    _register_formats()
    try:
        with _open_quietly(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ClipError(TOO_LARGE.format(name=path.name, size=f"{image.width} x {image.height}"))
            yield image
    except Image.DecompressionBombError:
        raise ClipError(TOO_LARGE.format(name=path.name, size="far too many")) from None
    except UnidentifiedImageError:
        raise ClipError(f"{path.name} is not a readable picture; choose another file or copy it again.") from None
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, MemoryError, LookupError, TypeError) as error:
        # All that Pillow and its codecs raise for damaged files; a SyntaxError is raised for a broken PNG.
        reason = " ".join(str(error).split())
        raise ClipError(f"{path.name} is damaged ({reason}); copy it again from its source.") from None


def _open_quietly(path: Path) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MAX_PIXELS is stricter, and its message says what to do
        return Image.open(path, formats=_FORMATS)


def _exif(image: Image.Image) -> Image.Exif:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid metadata is ignored
        return image.getexif()


def open_still(path: Path, sha256: str, size_bytes: int) -> Clip:
    """Read the properties of the image at `path`. Raises ClipError when it cannot be decoded."""
    for still in read_stills(path):
        shown, end = still.image, still.pts + still.duration
    with _opened(path) as image:
        declared = _count(image)
        orientation = _exif(image).get(_ORIENTATION, 1) if image.format != "HEIF" else 1
        has_profile = bool(image.info.get("icc_profile"))
        return Clip(
            path=str(path),
            sha256=sha256,
            size_bytes=size_bytes,
            container=str(image.format).lower(),
            codec=str(image.format).lower(),
            pix_fmt=image.mode.lower(),
            width=shown.shape[1],
            height=shown.shape[0],
            coded_width=image.width,
            coded_height=image.height,
            rotation=_DEGREES.get(orientation, 0),
            sample_aspect=Fraction(1),
            colour=Colour(
                primaries="icc profile" if has_profile else "bt709",
                transfer="icc profile" if has_profile else "iec61966-2-1",
                matrix="gbr",
                range="pc",
                assumed=() if has_profile else ("primaries", "transfer"),
            ),
            time_base=_TIME_BASE,
            start_pts=0,
            duration_pts=end if declared > 1 else None,
            declared_frames=declared,
            average_rate=None,
            is_variable_rate=declared > 1,
            is_interlaced=False,
            has_audio=False,
            bit_depth=_bit_depth(path, image.mode),
            is_still=declared == 1,
            metadata=_tags(image),
        )


def read_stills(path: Path) -> Iterator[StillFrame]:
    """Yield the images of the file: one, unless it is an animated WebP. Raises ClipError when it cannot be read.

    A truncated JPEG is decoded as far as possible and marked as corrupt.
    """
    first = None
    try:
        for still in _read(path, is_corrupt=False):
            first = still
            yield still
    except ClipError:
        if first is not None or not read_header(path).startswith(b"\xff\xd8\xff"):
            raise
        with _allow_truncation():
            partial = list(_read(path, is_corrupt=True))
        yield from partial


@contextmanager
def _allow_truncation() -> Iterator[None]:
    # Pillow has this switch for the whole process only.
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _read(path: Path, *, is_corrupt: bool) -> Iterator[StillFrame]:
    with _opened(path) as image:
        pts = 0
        for index in range(_count(image)):
            if index:
                image.seek(index)
            pixels = _to_displayed(image)
            duration = int(image.info.get("duration") or _DEFAULT_MS)
            yield StillFrame(pts, duration, pixels, is_corrupt)
            pts += duration


def _count(image: Image.Image) -> int:
    """The number of frames; further images in TIFF, MPO and HEIF are pages and previews, not frames."""
    return int(getattr(image, "n_frames", 1)) if image.format == "WEBP" else 1


def _to_displayed(image: Image.Image) -> npt.NDArray[np.uint8]:
    """The image upright, as uint8 (H, W, 3) sRGB; transparent areas become white."""
    _exif(image)  # loads and caches the EXIF data, so that exif_transpose does not warn again
    upright = ImageOps.exif_transpose(image)
    if upright.mode in _DEPTHS and upright.mode != "1":
        return _grey(upright)
    profile = image.info.get("icc_profile")
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    if has_alpha:
        layered = upright.convert("RGBA")
        white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        upright = Image.alpha_composite(white, layered).convert("RGB")
    elif profile:
        upright = _to_srgb(upright, profile)
    return np.array(upright.convert("RGB"))


def _grey(image: Image.Image) -> npt.NDArray[np.uint8]:
    """8-bit grey, uint8 (H, W, 3), from 16-bit integers (their high byte) or floats (0..1 scaled, else clipped)."""
    samples = np.asarray(image)
    if image.mode == "F":
        scale = 255 if samples.max(initial=0) <= 1 else 1
        levels = np.clip(np.nan_to_num(samples) * scale, 0, 255)
    else:
        levels = np.clip(samples, 0, 0xFFFF).astype(np.uint16) >> 8
    return np.repeat(levels.astype(np.uint8)[..., None], 3, axis=2)


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert `image` to sRGB by its ICC profile; unchanged when the profile does not fit, as browsers do."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted if converted is not None else image


def _bit_depth(path: Path, mode: str) -> int:
    with path.open("rb") as file:
        head = file.read(26)
    if head.startswith(b"\x89PNG") and len(head) > 24:
        return head[24]  # IHDR; Pillow shows 16-bit RGB as 8-bit
    return _DEPTHS.get(mode, 8)


def _tags(image: Image.Image) -> tuple[tuple[str, str], ...]:
    from PIL.ExifTags import TAGS

    return tuple((TAGS.get(key, hex(key)), str(value)) for key, value in _exif(image).items())


def is_animated(clip: Clip) -> bool:
    """Whether the clip is an animated WebP, which Pillow decodes."""
    return clip.container == "webp" and not clip.is_still


class StillSource:
    """Frames of one still or of one animated WebP."""

    def __init__(self, clip: Clip) -> None:
        self._path = Path(clip.path)
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
        for index, still in enumerate(read_stills(self._path)):
            if end_pts is not None and still.pts >= end_pts:
                return
            if start_pts is None or still.pts >= start_pts:
                yield Frame(index, still.pts, still.image, True, still.is_corrupt, "I")

    def pictures(self, start_pts: int) -> Iterator[Frame]:
        """Frames from a pts on; they need no conversion."""
        return self.frames(start_pts, None)

    def fast_seek(self, start_pts: int) -> None:
        """None: there is no faster way than `pictures`."""

    def frame_at(self, pts: int) -> Frame:
        """The frame displayed at `pts`; the last one is cached."""
        index = self.index.position(pts)
        if self._kept is None or self._kept.index != index:
            self._kept = next(self.frames(int(self.index.pts[index]), None))
        return self._kept
