"""How strongly a file is compressed: as its dataset states, otherwise as measured.

Neither is complete: a clip that was recoded at a high bit rate has lost what the first encoder removed, and the
measurement does not show that.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from inspector.domain.clip import Clip
from inspector.domain.errors import InspectorError
from inspector.engine.decode.decoder import Decoder, open_clip

JPEG_QUALITIES = (1, 75, 90, 101)
BITS = (0.0, 0.02, 0.05, 0.1, 0.2, 1e9)  # per pixel and frame


@dataclass(frozen=True, slots=True)
class Coding:
    """The codec, the bits of the whole file per pixel and frame, and a JPEG's quality, 1 to 100.

    Sound and headers are included; `jpeg_quality` is None for other formats.
    """

    codec: str
    bits_per_pixel: float
    jpeg_quality: int | None = None


def measure_coding(clip: Clip, frames: int) -> Coding:
    """The coding of an opened clip of `frames` frames. Reads only a JPEG's header."""
    bits = 8 * clip.size_bytes / (clip.coded_width * clip.coded_height * max(frames, 1))
    is_jpeg = clip.is_still and clip.codec == "jpeg"
    return Coding(clip.codec, bits, jpeg_quality(Path(clip.path)) if is_jpeg else None)


def jpeg_quality(path: Path) -> int | None:
    """The quality at which libjpeg quantises the luminance equally; None when the file is not a JPEG.

    Exact for files of libjpeg; for other tables the quality with the nearest sum.
    """
    try:
        with JpegImageFile(path) as image:
            steps = sum(image.quantization[0])
    except (OSError, KeyError, SyntaxError):
        return None
    return int(np.abs(_libjpeg_sums() - steps).argmin()) + 1


@cache
def _libjpeg_sums() -> Any:
    """The sum of libjpeg's luminance quantisation steps at each quality from 1 to 100, int64 (100,)."""
    sums = []
    for quality in range(1, 101):
        file = io.BytesIO()
        Image.new("L", (8, 8)).save(file, "JPEG", quality=quality)
        file.seek(0)
        with JpegImageFile(file) as image:
            sums.append(sum(image.quantization[0]))
    return np.array(sums)


def compression_of(row: Mapping[str, Any]) -> str:
    """The compression class of an index row's file as text; "" when unknown.

    As the dataset states it (c0, c23, c40), otherwise as measured. An old index lacks the measurement; then the file is
    measured, if it still exists.
    """
    if row["compression"]:
        return str(row["compression"])
    if row["codec"]:
        return _named(row["codec"], row["bits_per_pixel"], row["jpeg_quality"])
    return _of_file(row["path"])


@cache  # a file has several tracks, and opening it computes its hash
def _of_file(path: str) -> str:
    try:
        clip = open_clip(path)
        with Decoder(clip) as decoder:
            return _named(**asdict(measure_coding(clip, len(decoder.index))))
    except InspectorError:
        return ""


def _named(codec: str, bits_per_pixel: float, jpeg_quality: int | None) -> str:
    if jpeg_quality is not None:
        low, high = next((a, b) for a, b in pairwise(JPEG_QUALITIES) if a <= jpeg_quality < b)
        return f"jpeg, quality {low} to {high - 1}"
    low_bits, high_bits = next((a, b) for a, b in pairwise(BITS) if a <= bits_per_pixel < b)
    top = "and more" if high_bits == BITS[-1] else f"to {high_bits:g}"
    return f"{codec}, {low_bits:g} {top} bits a pixel"
