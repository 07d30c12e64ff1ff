"""The picture filters: pure functions on uint8 (H, W, 3) RGB, implemented with OpenCV. They never affect scores."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from inspector.domain.arrays import Image
from inspector.domain.errors import PictureError
from inspector.engine.filters.table import Chain

_FLOW_PX = 32  # OpenCV refuses smaller pictures, or reads beyond them and crashes (640 x 8)


def apply(chain: Chain, image: Image, previous: Image | None = None) -> Image:
    """Apply all steps of a chain to `image`; `previous` is the previous frame.

    Raises PictureError if a step needs the previous frame and there is none of the same size, or a larger picture.
    """
    for step in chain:
        if step.spec.needs_previous:
            if previous is None:
                raise PictureError(f"{step.spec.label}: there is no previous frame to compare with")
            if previous.shape != image.shape:
                raise PictureError(f"{step.spec.label}: the previous frame has another size")
            image = _BETWEEN[step.filter_id](image, previous, *step.values)
        else:
            image = _ALONE[step.filter_id](image, *step.values)
    return image


def error_level(image: Image, quality: float, gain: float) -> Image:
    """|image - the image saved as JPEG| x gain (Krawetz 2007), with 4:2:0 chroma as most encoders use."""
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, saved = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, round(quality)])
    again = np.asarray(cv2.imdecode(saved, cv2.IMREAD_COLOR), dtype=np.uint8)
    return _scaled(cv2.cvtColor(cv2.absdiff(bgr, again), cv2.COLOR_BGR2RGB), gain)


def high_pass(image: Image, radius: float, gain: float) -> Image:
    """(image - its Gaussian blur) x gain + 128."""
    smooth = cv2.GaussianBlur(image, (0, 0), radius)
    return np.asarray(cv2.addWeighted(image, gain, smooth, -gain, 128), dtype=np.uint8)


def difference(image: Image, previous: Image, gain: float) -> Image:
    """|image - the previous frame| x gain."""
    return _scaled(cv2.absdiff(image, previous), gain)


def flow(image: Image, previous: Image, full_scale: float) -> Image:
    """Length of the optical flow from the previous frame in pixels, drawn from 0 (dark) to `full_scale` (bright).

    Dense inverse search (Kroeger et al. 2016), OpenCV's fast preset, drawn in matplotlib's "inferno". Raises
    PictureError for a picture that is too small for it.
    """
    if min(image.shape[:2]) < _FLOW_PX:
        raise PictureError(f"Optical flow: the picture has fewer than {_FLOW_PX} rows or columns")
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (previous, image)]
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    moved = search.calc(grey[0], grey[1], np.zeros((*grey[0].shape, 2), np.float32))
    length = cv2.magnitude(moved[..., 0], moved[..., 1])
    drawn = cv2.applyColorMap(_scaled(length, 255 / full_scale), cv2.COLORMAP_INFERNO)
    return np.asarray(cv2.cvtColor(drawn, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def sharpen(image: Image, amount: float, radius: float) -> Image:
    """Unsharp mask: image + amount x (image - its Gaussian blur)."""
    smooth = cv2.GaussianBlur(image, (0, 0), radius)
    return np.asarray(cv2.addWeighted(image, 1 + amount, smooth, -amount, 0), dtype=np.uint8)


def levels(image: Image, black: float, white: float) -> Image:
    """Stretch black..white to 0..255; `white` is at least `black` + 1."""
    span = max(white - black, 1.0)
    table = np.clip((np.arange(256) - black) * 255 / span, 0, 255).round().astype(np.uint8)
    return np.asarray(cv2.LUT(image, table), dtype=np.uint8)


def gamma(image: Image, value: float) -> Image:
    """255 x (v / 255) ** (1 / gamma) on the displayed values."""
    table = (255 * (np.arange(256) / 255) ** (1 / value)).round().astype(np.uint8)
    return np.asarray(cv2.LUT(image, table), dtype=np.uint8)


def _scaled(values: np.ndarray, gain: float) -> Image:
    """|values| x gain, rounded and clipped to 0..255."""
    return np.asarray(cv2.convertScaleAbs(values, alpha=gain), dtype=np.uint8)


_ALONE: dict[str, Callable[..., Image]] = {
    "error_level": error_level,
    "high_pass": high_pass,
    "sharpen": sharpen,
    "levels": levels,
    "gamma": gamma,
}
_BETWEEN: dict[str, Callable[..., Image]] = {"difference": difference, "flow": flow}
