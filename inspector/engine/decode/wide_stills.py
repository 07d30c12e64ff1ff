"""Stills of wide gamut or HDR by CICP numbers (AVIF, HEIC, PNG): at their full depth, tone-mapped as clips are."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from PIL import Image

from inspector.domain.arrays import Image as Pixels
from inspector.domain.clip import Colour, StreamInfo
from inspector.domain.errors import ClipError
from inspector.engine import activity
from inspector.engine.decode.colour import Converter, Geometry, on_white
from inspector.engine.decode.container import MediaSource, open_media
from inspector.engine.decode.formats import png
from inspector.engine.decode.formats.heif import as_primary, read_heif
from inspector.engine.decode.still_colour import StillColour, cicp_colour, show_codes

Cicp = tuple[int, int, int, int]
Codes = npt.NDArray[np.uint16]
Shown = tuple[Pixels, StillColour]

_REDUCED = "The picture was read at 8 bits a channel before it was tone-mapped, so dark areas may show steps."
# EXIF orientation: what turns the stored picture upright.
_UPRIGHT: dict[int, Callable[[Pixels], Pixels]] = {
    2: lambda image: np.fliplr(image),
    3: lambda image: np.rot90(image, 2),
    4: lambda image: np.flipud(image),
    5: lambda image: np.rot90(np.fliplr(image), 1),
    6: lambda image: np.rot90(image, -1),
    7: lambda image: np.rot90(np.fliplr(image), -1),
    8: lambda image: np.rot90(image, 1),
}


def read_wide(path: Path, stream: StreamInfo, image: Image.Image, orientation: int) -> Shown | None:
    """The picture, uint8 (H, W, 3) sRGB, upright and on white, if it declares wide gamut or HDR by CICP; else None.

    `image` is the same picture opened by Pillow, `orientation` that of its EXIF data.
    """
    match image.format:
        case "PNG":
            colour = _colour(png.read_header(path).cicp)
            shown = None if colour is None else _show_png(path, colour)
        case "HEIF":
            colour = _colour(_item_cicp(path, stream) or _libheif_cicp(image))
            shown = None if colour is None else _show_heif(path, stream, colour)
            orientation = 1  # libheif turns it
        case "AVIF" if not image.info.get("icc_profile"):
            return _show_avif(path, stream, image, orientation)
        case _:
            return None
    if colour is None or shown is None:
        return None
    return np.ascontiguousarray(_UPRIGHT.get(orientation, np.asarray)(shown)), StillColour(colour)


def _colour(cicp: Cicp | None) -> Colour | None:
    return None if cicp is None else cicp_colour(cicp)


def _item_cicp(path: Path, stream: StreamInfo) -> Cicp | None:
    heif = read_heif(path)
    wanted = stream.inner if stream.number else heif.primary
    return next((item.cicp for item in heif.items if item.item_id == wanted), None)


def _libheif_cicp(image: Image.Image) -> Cicp | None:
    found = image.info.get("nclx_profile")
    if not isinstance(found, dict):
        return None
    names = ("color_primaries", "transfer_characteristics", "matrix_coefficients", "full_range_flag")
    primaries, transfer, matrix, is_full = (int(found.get(name, 2)) for name in names)
    return primaries, transfer, matrix, is_full


def _show_png(path: Path, colour: Colour) -> Pixels | None:
    stored = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    if stored is None:
        return None
    codes = _deep(np.asarray(stored))
    if codes.ndim == 2:
        codes = np.repeat(codes[..., None], 3, axis=2)
    shown = show_codes(np.ascontiguousarray(codes[..., 2::-1]), colour)
    return on_white(shown, (codes[..., 3] >> 8).astype(np.uint8)) if codes.shape[2] == 4 else shown


def _show_heif(path: Path, stream: StreamInfo, colour: Colour) -> Pixels:
    import pillow_heif

    opened = io.BytesIO(as_primary(path, stream.inner)) if stream.number else path
    file = pillow_heif.open_heif(opened, convert_hdr_to_8bit=False, bgr_mode=False)
    codes = _deep(np.asarray(file[file.primary_index]))
    shown = show_codes(np.ascontiguousarray(codes[..., :3]), colour)
    return on_white(shown, (codes[..., 3] >> 8).astype(np.uint8)) if codes.shape[2] == 4 else shown


def _deep(samples: npt.NDArray[Any]) -> Codes:
    """Samples of 8 or 16 bits as 16-bit codes."""
    return samples.astype(np.uint16) * np.uint16(1 if samples.dtype == np.uint16 else 257)


def _show_avif(path: Path, stream: StreamInfo, image: Image.Image, orientation: int) -> Shown | None:
    cicp = _item_cicp(path, stream)
    colour = _colour(cicp)
    if colour is None and cicp is not None:
        return None
    frame = None if stream.number else _decoded(path)  # FFmpeg decodes the primary image
    if cicp is None:  # the numbers may stand in the coded picture alone
        colour = None if frame is None else _colour(_frame_cicp(frame))
    if colour is None:
        return None
    alpha = np.asarray(image.getchannel("A")) if "A" in image.getbands() else None
    remark = ""
    if frame is not None and (frame.width, frame.height) == image.size:
        shown = Converter(colour, Geometry(frame.width, frame.height)).rgb(frame)
    else:  # a grid of several coded pictures, which Pillow puts together, or another image than the primary one
        shown, remark = show_codes(_deep(np.asarray(image.convert("RGB"))), colour), _REDUCED
    shown = shown if alpha is None else on_white(shown, alpha)
    return np.ascontiguousarray(_UPRIGHT.get(orientation, np.asarray)(shown)), StillColour(colour, remark)


def _decoded(path: Path) -> VideoFrame | None:
    """The first picture as FFmpeg decodes it, at full depth; None where it cannot."""
    try:
        with open_media(MediaSource(path), threaded=False) as media:
            for packet in activity.each(media.container.demux(media.stream)):
                for frame in media.stream.decode(packet):
                    return frame
    except (ClipError, av.error.FFmpegError, ValueError):
        pass
    return None


def _frame_cicp(frame: VideoFrame) -> Cicp:
    return int(frame.color_primaries), int(frame.color_trc), int(frame.colorspace), int(frame.color_range) == 2
