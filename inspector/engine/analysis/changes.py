"""Changes of a picture that a re-upload typically causes, and a crop cut after one of them.

All of them take and return uint8 (H, W, 3) RGB of the same size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from io import BytesIO
from typing import Any

import av
import cv2
import numpy as np
from PIL import Image as PilImage

from inspector.domain.arrays import Image
from inspector.domain.geometry import Box
from inspector.engine.decode.still_colour import rgb_pixels
from inspector.engine.faces.crop import cut

Change = Callable[[Image], Image]

_BLOCK = 16  # coding blocks of the part that is changed lie where they would lie in the whole frame


def unchanged(image: Image) -> Image:
    """No change."""
    return image


def jpeg(image: Image, quality: int) -> Image:
    """A JPEG round trip."""
    buffer = BytesIO()
    PilImage.fromarray(image).save(buffer, "JPEG", quality=quality)
    return rgb_pixels(PilImage.open(buffer))


def rescaled(image: Image, share: Fraction) -> Image:
    """Scaled down by area averaging and up again bicubically."""
    height, width = image.shape[:2]
    small = cv2.resize(image, (max(1, int(width * share)), max(1, int(height * share))), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def h264(image: Image, crf: int) -> Image:
    """An H.264 round trip (one intra picture) at a constant rate factor."""
    height, width = (side - side % 2 for side in image.shape[:2])
    if min(height, width) < 16:  # smaller than the encoder takes
        return image
    coder: Any = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt, coder.time_base = width, height, "yuv420p", Fraction(1, 25)
    coder.thread_count = 1
    coder.options = {"crf": str(crf), "preset": "veryfast", "tune": "zerolatency", "x264-params": "log-level=none"}
    decoder: Any = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image[:height, :width]), format="rgb24")
    packets = coder.encode(frame) + coder.encode(None)
    shown = [picture for packet in packets for picture in decoder.decode(packet)] + decoder.decode(None)
    out = image.copy()
    out[:height, :width] = shown[-1].to_ndarray(format="rgb24")
    return out


CODINGS: Mapping[str, Change] = {f"JPEG quality {q}": partial(jpeg, quality=q) for q in (90, 70, 50, 30)} | {
    f"scaled to {share} and back": partial(rescaled, share=share) for share in (Fraction(1, 2), Fraction(1, 4))
}
"""The changes under which the report scores each key frame again."""

MILD: Mapping[str, Change] = {
    "JPEG quality 50": partial(jpeg, quality=50),
    "half size": partial(rescaled, share=Fraction(1, 2)),
    "H.264 crf 32": partial(h264, crf=32),
}
"""The changes that a conclusion of the deep network must survive."""


def cut_changed(image: Image, box: Box, size: int, change: Change) -> Image:
    """Cut `box` from a frame after a change of the part around it: uint8 (size, size, 3) RGB."""
    room, (height, width) = box.width / 4, image.shape[:2]
    left, top = (max(0, int((edge - room) // _BLOCK) * _BLOCK) for edge in (box.x, box.y))
    right, bottom = min(width, int(box.right + room)), min(height, int(box.bottom + room))
    part = np.ascontiguousarray(image[top:bottom, left:right])
    return cut(change(part), Box(box.x - left, box.y - top, box.width, box.height), size)
