"""The colours of stills: from their pixel mode, ICC profile or CICP numbers to opaque 8-bit sRGB."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from inspector.domain.arrays import Image as Pixels
from inspector.domain.clip import Colour
from inspector.engine.decode.colour import declared_colour, to_sdr

_WIDE = {"bt2020", "smpte432"}
_HDR = {"smpte2084", "arib-std-b67"}
_BITS_PER_SAMPLE, _PHOTOMETRIC = 258, 262  # TIFF tags
_DEEP_GREY = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
_ROWS = 256  # of a picture that are copied at once
SRGB = Colour("bt709", "iec61966-2-1", "gbr", "pc", ("primaries", "transfer"))
BY_PROFILE = Colour("icc profile", "icc profile", "gbr", "pc")
BY_CHUNKS = Colour("png cHRM", "png gAMA", "gbr", "pc")
_PROFILE_IGNORED = (
    "The embedded colour profile (ICC) cannot be applied to this picture ({reason}); its values are shown as sRGB."
)


@dataclass(frozen=True, slots=True)
class StillColour:
    """How the colours of a still are declared, and a sentence where that could not be followed."""

    colour: Colour = SRGB
    remark: str = ""


def cicp_colour(cicp: tuple[int, int, int, int]) -> Colour | None:
    """The colours of a still by CICP numbers (primaries, transfer, matrix, full range); None where they are sRGB's.

    Only wide gamut and HDR are converted: browsers, phones and Pillow show BT.709 values as sRGB.
    """
    primaries, transfer, matrix, is_full = cicp
    declared = declared_colour(primaries, transfer, matrix, 2 if is_full else 1, "yuv")
    if declared.primaries not in _WIDE and declared.transfer not in _HDR:
        return None
    is_hdr = declared.transfer in _HDR
    guesses = {"primaries": "bt2020" if is_hdr else "bt709", "transfer": "iec61966-2-1", "matrix": "bt2020nc"}
    filled = {name: guess for name, guess in guesses.items() if getattr(declared, name) == "unknown"}
    return replace(declared, **filled, assumed=tuple(filled), tone_mapped=is_hdr)


def show_codes(codes: npt.NDArray[np.uint16], colour: Colour) -> Pixels:
    """uint8 (H, W, 3) sRGB from 16-bit R'G'B' codes, uint16 (H, W, 3), of a wide or HDR colour."""
    return to_sdr(codes >> 4, colour)


def show(image: Image.Image, profile: bytes | None, tags: Mapping[int, Any]) -> tuple[Pixels, StillColour]:
    """The upright image as uint8 (H, W, 3) sRGB, transparent areas white, and how its colours were declared.

    `tags` are those of a TIFF file.
    """
    if image.mode in _DEEP_GREY:
        return _show_grey(image, profile, tags)
    if image.mode == "LAB":
        return np.array(_from_lab(image)), StillColour(replace(SRGB, primaries="cielab", transfer="cielab", assumed=()))
    has_alpha = "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info
    layered = image.convert("RGBA") if has_alpha else None
    opaque, found = _without_alpha(image, layered), StillColour()
    if profile:
        opaque, found = _to_srgb(opaque, profile)
    return rgb_pixels(opaque if layered is None else _on_white(_as_rgb(opaque), layered.getchannel("A"))), found


def rgb_pixels(image: Image.Image) -> Pixels:
    """The pixels of an image of Pillow as uint8 (H, W, 3) RGB, in the memory of one array.

    Pillow's own way to an array has two more of them at its height, and `convert` copies an image that is RGB already.
    """
    image = _as_rgb(image)
    pixels = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _ROWS):
        end = min(top + _ROWS, image.height)
        pixels[top:end] = np.asarray(image.crop((0, top, image.width, end)))
    return pixels


def _as_rgb(image: Image.Image) -> Image.Image:
    return image if image.mode == "RGB" else image.convert("RGB")


def _without_alpha(image: Image.Image, layered: Image.Image | None) -> Image.Image:
    """The image without its opacity, in a mode that a colour profile can describe."""
    if image.mode == "LA":
        return image.getchannel("L")
    if layered is not None and image.mode not in {"L", "RGB", "CMYK"}:
        return layered.convert("RGB")
    return image.convert("RGB") if image.mode == "P" else image


def _on_white(opaque: Image.Image, alpha: Image.Image) -> Image.Image:
    layered = Image.merge("RGBA", (*opaque.split(), alpha))
    white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, layered).convert("RGB")


def _show_grey(image: Image.Image, profile: bytes | None, tags: Mapping[int, Any]) -> tuple[Pixels, StillColour]:
    """Deep grey reduced to 8 bits by dropping the lower ones; floats as 0..1 if they fit, else clipped."""
    samples = np.asarray(image)
    if image.mode == "F":
        scale = 255 if samples.max(initial=0) <= 1 else 1
        levels = np.clip(np.nan_to_num(samples) * scale, 0, 255).astype(np.uint8)
    else:
        levels = _upper_bits(samples, image.mode, tags)
    shown, found = Image.fromarray(levels), StillColour()
    if profile:
        shown, found = _to_srgb(shown, profile)
    pixels = np.array(shown.convert("RGB"))
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        pixels[samples == transparent] = 255
    return pixels, found


def _upper_bits(samples: npt.NDArray[Any], mode: str, tags: Mapping[int, Any]) -> Pixels:
    """The upper 8 bits of integer samples, uint8 (H, W); Pillow leaves 12-bit and white-is-zero values as they are."""
    bits = next(iter(tags.get(_BITS_PER_SAMPLE, ())), 16)
    if bits == 32 and samples.max(initial=0) > 0xFFFF:
        levels = samples.astype(np.uint32) >> 24
    else:
        levels = np.clip(samples, 0, 0xFFFF).astype(np.uint16) >> (4 if bits == 12 else 8)
    is_white_zero = tags.get(_PHOTOMETRIC) == 0 and mode.startswith("I;16")
    return (255 - levels if is_white_zero else levels).astype(np.uint8)


def _to_srgb(image: Image.Image, profile: bytes) -> tuple[Image.Image, StillColour]:
    """Convert an opaque image to sRGB by its ICC profile; unchanged when the profile does not fit, as browsers do."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        fitting = _fitting(image, source.profile.xcolor_space.strip())
        converted = ImageCms.profileToProfile(fitting, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or "unknown error"
        return image, StillColour(SRGB, _PROFILE_IGNORED.format(reason=reason))
    return (image if converted is None else converted), StillColour(BY_PROFILE)


def _fitting(image: Image.Image, space: str) -> Image.Image:
    """The image in the mode that a profile of a colour space describes. Raises ValueError when it has none."""
    if space == "RGB":
        return image if image.mode in {"RGB", "RGBX"} else image.convert("RGB")
    if space == "GRAY" and image.mode in {"1", "L"}:
        return image.convert("L")
    if space == image.mode == "CMYK":
        return image
    raise ValueError(f"it describes {space} values, and these are {image.mode}")


def _from_lab(image: Image.Image) -> Image.Image:
    """sRGB of CIE L*a*b*; no TIFF reader but a colour manager converts it."""
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB")) or image.convert("L")
