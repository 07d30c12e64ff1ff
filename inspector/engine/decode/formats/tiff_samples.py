"""TIFF pages whose samples Pillow does not read, or not rightly: floating point, 32 bits, 16 bits in planes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.codeccontext import VideoCodecContext

from inspector.engine.decode.formats.tiff import Page
from inspector.engine.regular_file import open_regular

Samples = npt.NDArray[Any]

_UNSIGNED, _SIGNED, _FLOAT = 1, 2, 3  # tag 339
_NAMES = {
    _UNSIGNED: "unsigned integers",
    _SIGNED: "signed integers",
    _FLOAT: "floating-point numbers",
    5: "complex integers",
    6: "complex floating-point numbers",
}
_HIGHEST_LIGHT = 16
_PLAIN = {0, 1, 2}  # photometric: white is zero, black is zero, RGB


def describe(page: Page) -> str:
    """The samples of a page, as part of a sentence."""
    planes = ", each in a plane of its own" if page.is_planar and page.samples > 1 else ""
    kind = _NAMES.get(page.sample_format, f"of the unknown kind {page.sample_format}")
    return f"{page.samples} x {page.bits} bits, {kind}{planes}"


def is_unusual(page: Page) -> bool:
    """Whether Pillow cannot read the samples, or shows them wrongly."""
    is_deep_colour = page.bits > 16 and page.samples > 1
    is_float = page.sample_format == _FLOAT and not (page.bits == 32 and page.samples == 1)
    is_other = page.sample_format not in (_UNSIGNED, _SIGNED, _FLOAT)
    return is_deep_colour or is_float or is_other or (page.is_planar and page.samples > 1 and page.bits > 8)


def can_read(page: Page) -> bool:
    """Whether one of the libraries reads such samples."""
    is_known = page.photometric in _PLAIN and page.samples in (1, 3, 4)
    if page.is_planar and page.samples > 1:
        return is_known and (page.sample_format, page.bits) == (_UNSIGNED, 16)
    return is_known and (page.sample_format, page.bits) in ((_UNSIGNED, 32), (_FLOAT, 32), (_FLOAT, 64))


def read_samples(path: Path, number: int, page: Page) -> Samples | None:
    """The samples of the page with that number, (H, W) or (H, W, 3 or 4) R, G, B, opacity; None if it is damaged.

    Raises OSError.
    """
    if page.is_planar and page.samples > 1:
        return _by_ffmpeg(path, number, page.samples)
    read, pages = cv2.imdecodemulti(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED, range=(number, number + 1))
    if not read or not pages:
        return None
    samples = np.asarray(pages[0])
    return samples if samples.ndim == 2 else np.ascontiguousarray(samples[..., [2, 1, 0, 3][: samples.shape[2]]])


def _by_ffmpeg(path: Path, number: int, count: int) -> Samples | None:
    """16-bit samples in planes, of which FFmpeg's decoder gives an array."""
    context = av.CodecContext.create("tiff", "r")
    assert isinstance(context, VideoCodecContext)
    context.options = {"page": str(number + 1)}
    try:
        with open_regular(path) as file:
            frame = next(iter(context.decode(av.Packet(file.read()))), None)
    except (av.error.FFmpegError, ValueError):
        return None
    if frame is None or not frame.format.name.startswith("gbr"):
        return None
    return frame.to_ndarray(format="rgb48le" if count == 3 else "rgba64le")


def to_levels(samples: Samples) -> tuple[npt.NDArray[np.uint8], str]:
    """Samples as uint8 of the same shape, and how their values were read, as part of a sentence."""
    if samples.dtype.kind in "ui":
        shift = 8 * (samples.dtype.itemsize - 1)
        return (samples >> shift).astype(np.uint8), "of which the upper 8 bits are shown"
    highest = float(samples[np.isfinite(samples)].max(initial=0))
    # Photographs are 0 to 1, with lights above it in HDR; others have the range of the integers that they were.
    white = 1.0 if highest <= _HIGHEST_LIGHT else 255.0 if highest <= 255 else 65535.0
    levels = np.nan_to_num(samples / white * 255, posinf=255, neginf=0).clip(0, 255).astype(np.uint8)
    return levels, f"of which 0 is shown as black and {white:g} as white, without a transfer curve"
