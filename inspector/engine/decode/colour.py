"""Conversion of decoded samples to displayed RGB: matrix, range, transfer, primaries, aspect ratio, rotation."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from inspector.domain.arrays import Floats, Floats32, Image
from inspector.domain.clip import Colour

_UNKNOWN = "unknown"
# FFmpeg's names of the numbers of ISO/IEC 23091-2, as `ffprobe` prints them.
_PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020",
    10: "smpte428", 11: "smpte431", 12: "smpte432", 22: "ebu3213",
}  # fmt: skip
_TRANSFERS = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100", 10: "log316",
    11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084",
    17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
_MATRICES = {
    0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc",
    10: "bt2020c", 12: "chroma-derived-nc", 14: "ictcp",
}  # fmt: skip
# swscale's numbers of its matrices; both names of BT.601 are 5.
_SWS_MATRIX = {"bt709": 1, "fcc": 4, "bt470bg": 5, "smpte170m": 5, "smpte240m": 7, "bt2020nc": 9, "bt2020c": 9}
_SWS_RANGE = {"tv": 1, "pc": 2}

# Accurate rounding and bit-exact paths give the same bytes on every processor; full chroma interpolation keeps the
# error against the exact formula within one level (measured), and planar output makes that path the fastest one.
_BASE_FLAGS = Interpolation.ACCURATE_RND | Interpolation.BITEXACT | Interpolation.FULL_CHR_H_INT
_SAME_SIZE = int(Interpolation.BILINEAR | _BASE_FLAGS)
_RESIZED = int(Interpolation.BICUBIC | _BASE_FLAGS)
_THREADS = min(os.cpu_count() or 1, 4)  # their number does not change a byte (tested)
_CODES = 4096  # 12 bits per channel for the conversion through linear light
_REFERENCE_WHITE = 203.0  # cd/m2, ITU-R BT.2408: HDR diffuse white, which SDR white is mapped to
_SOURCE_PEAK = 1000.0  # cd/m2: HLG's nominal peak, and what nearly all PQ clips are graded for

# To linear BT.709 (ITU-R BT.2087; Display P3 from its chromaticities, SMPTE EG 432-1).
_TO_BT709 = {
    "bt2020": np.array(
        [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]],
        np.float32,
    ),
    "smpte432": np.array(
        [[1.224940, -0.224940, 0.0], [-0.042057, 1.042057, 0.0], [-0.019638, -0.078636, 1.098274]], np.float32
    ),
}
_HDR = {"smpte2084", "arib-std-b67"}
_SRGB = "iec61966-2-1"


def declared_colour(primaries: int, transfer: int, matrix: int, range_: int, pix_fmt: str) -> Colour:
    """The colour that a frame or stream declares by ISO/IEC 23091-2 numbers; "unknown" where it declares none."""
    named_range = {1: "tv", 2: "pc"}.get(range_, _UNKNOWN)
    if pix_fmt.startswith("yuvj"):
        named_range = "pc"  # these deprecated pixel formats imply full range
    return Colour(
        primaries=_PRIMARIES.get(primaries, _UNKNOWN),
        transfer=_TRANSFERS.get(transfer, _UNKNOWN),
        matrix="gbr" if _is_rgb(pix_fmt) else _MATRICES.get(matrix, _UNKNOWN),
        range="pc" if _is_rgb(pix_fmt) else named_range,
    )


def _is_rgb(pix_fmt: str) -> bool:
    return pix_fmt.startswith(("rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal8", "mono", "x2"))


def assume(colour: Colour, width: int, height: int) -> Colour:
    """Fill in undeclared properties by picture size, as players do, and list them in `assumed`."""
    is_hd = width >= 1280 or height > 576
    is_wide = colour.transfer in _HDR
    standard = "bt709" if is_hd else ("bt470bg" if height == 576 else "smpte170m")
    guesses = {
        "primaries": "bt2020" if is_wide else standard,
        "transfer": "bt709" if is_hd else "smpte170m",
        "matrix": "bt2020nc" if is_wide or colour.primaries == "bt2020" else standard,
        "range": "tv",
    }
    filled = {name: guess for name, guess in guesses.items() if getattr(colour, name) == _UNKNOWN}
    if colour.matrix not in _SWS_MATRIX and colour.matrix != "gbr":
        filled["matrix"] = guesses["matrix"]  # declared, but not supported by swscale
    return replace(colour, **filled, assumed=tuple(filled), tone_mapped=colour.transfer in _HDR)


def override(colour: Colour, declared: Colour) -> Colour:
    """`colour` with the properties that a later picture of the stream declares differently."""
    names = ("primaries", "transfer", "matrix", "range")
    known = {name: value for name in names if (value := getattr(declared, name)) != _UNKNOWN}
    kept = tuple(name for name in colour.assumed if name not in known)
    changed = assume(replace(colour, **known), 0, 0)
    assumed = tuple(name for name in names if name in kept or name in changed.assumed)
    return replace(changed, assumed=assumed)


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a decoded picture is displayed: `crop` pixels (left, top, right, bottom) are cut off, the rest is scaled to
    `width` x `height`, mirrored, and turned clockwise by `quarter_turns`."""

    width: int
    height: int
    quarter_turns: int = 0
    is_mirrored: bool = False
    crop: tuple[int, int, int, int] = (0, 0, 0, 0)


class Converter:
    """Converts decoded frames of one format to displayed RGB; reuses swscale's context between frames."""

    def __init__(self, colour: Colour, geometry: Geometry, *, has_alpha: bool = False) -> None:
        self._colour = colour
        self._geometry = geometry
        self._has_alpha = has_alpha
        self._reformatter, self._alpha_reformatter = VideoReformatter(), VideoReformatter()
        self._is_linear_path = colour.transfer in _HDR or colour.primaries in _TO_BT709

    def rgb(self, frame: VideoFrame) -> Image:
        """The displayed picture of `frame`: uint8 (H, W, 3) RGB, transparent areas white."""
        if self._is_linear_path:
            image = to_sdr(self._planes(frame, "gbrp12le", np.uint16), self._colour)
        else:
            image = self._planes(frame, "gbrp", np.uint8)
        if self._has_alpha:
            image = on_white(image, self._alpha(frame))
        if any(self._geometry.crop):
            image = self._cropped(image)
        if self._geometry.is_mirrored:
            image = np.asarray(cv2.flip(image, 1), np.uint8)
        turns = self._geometry.quarter_turns
        if turns:
            code = (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)[turns - 1]
            image = np.asarray(cv2.rotate(image, code), np.uint8)
        return image

    def _cropped(self, image: Image) -> Image:
        left, top, right, bottom = self._geometry.crop
        part = np.ascontiguousarray(image[top : image.shape[0] - bottom, left : image.shape[1] - right])
        size = self._geometry.width, self._geometry.height
        if (part.shape[1], part.shape[0]) != size:
            part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_CUBIC), np.uint8)
        return part

    def _alpha(self, frame: VideoFrame) -> Image:
        """Opacity, uint8 (H, W), at the size of `_planes`."""
        size = self._scaled_size(frame)
        out = self._alpha_reformatter.reformat(
            frame, width=size[0], height=size[1], format="gbrap", interpolation=_RESIZED, threads=_THREADS
        )
        plane = out.planes[3]
        return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)[:, : plane.width]

    def _scaled_size(self, frame: VideoFrame) -> tuple[int, int]:
        """The size that swscale converts to: the displayed one, unless a part is cut off first."""
        geometry = self._geometry
        return (frame.width, frame.height) if any(geometry.crop) else (geometry.width, geometry.height)

    def _planes(self, frame: VideoFrame, pix_fmt: str, dtype: type[np.uint8] | type[np.uint16]) -> Image:
        width, height = self._scaled_size(frame)
        matrix = _SWS_MATRIX.get(self._colour.matrix, 1)
        same = (frame.width, frame.height) == (width, height)
        out = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format=pix_fmt,
            src_colorspace=matrix,
            dst_colorspace=matrix,
            interpolation=_SAME_SIZE if same else _RESIZED,
            src_color_range=_SWS_RANGE[self._colour.range],
            dst_color_range=_SWS_RANGE["pc"],
            threads=_THREADS,
        )
        green, blue, red = (
            np.frombuffer(memoryview(plane), np.dtype(dtype)).reshape(plane.height, -1)[:, : plane.width]
            for plane in out.planes
        )
        merged: npt.NDArray[Any] = cv2.merge((red, green, blue))
        return merged


def to_sdr(codes: npt.NDArray[Any], colour: Colour) -> Image:
    """SDR BT.709 uint8 (H, W, 3) from 12-bit R'G'B' codes uint16 (H, W, 3) of a wider transfer or gamut.

    HDR is mapped to SDR by the EETF of ITU-R BT.2390-10 (1000 to 203 cd/m2) on the largest of the three channels, which
    keeps the hue and leaves everything up to about 90 cd/m2, the range of faces, unchanged.
    """
    linear: Floats32 = _linear_table(colour.transfer)[codes]
    if colour.transfer == "arib-std-b67":
        # BT.2100's opto-optical transfer: light on the screen from light in the scene, gamma 1.2 at 1000 cd/m2.
        luminance = cv2.transform(linear, np.array([[0.2627, 0.6780, 0.0593]], np.float32))
        linear *= (np.maximum(luminance, 1e-6) ** 0.2 * (_SOURCE_PEAK / _REFERENCE_WHITE))[..., None]
    if colour.transfer in _HDR:
        peak = linear.max(axis=2)
        # The table is indexed by the square root, which gives dark levels more steps, as in human vision.
        steps = np.sqrt(np.minimum(peak * (_REFERENCE_WHITE / _SOURCE_PEAK), 1.0)) * (_CODES - 1)
        linear *= _tone_table()[steps.astype(np.uint16)][..., None]
    wide = _TO_BT709.get(colour.primaries)
    if wide is not None:
        linear = np.asarray(cv2.transform(linear, wide), np.float32)
    steps = np.sqrt(np.clip(linear, 0.0, 1.0)) * (_CODES - 1) + 0.5
    return _display_table(is_srgb=colour.transfer == _SRGB)[steps.astype(np.uint16)]


def on_white(image: Image, alpha: Image) -> Image:
    """`image`, uint8 (H, W, 3), by its opacity, uint8 (H, W), in front of white."""
    if (alpha == 255).all():
        return image
    weight = alpha.astype(np.uint16)[..., None]
    return ((image * weight + 255 * (255 - weight) + 127) // 255).astype(np.uint8)


@cache
def _linear_table(transfer: str) -> Floats32:
    """Linear light per 12-bit code, float32 (4096,): PQ relative to reference white, others to their peak."""
    code = np.arange(_CODES) / (_CODES - 1)
    if transfer == "smpte2084":
        light = _pq_to_nits(code) / _REFERENCE_WHITE
    elif transfer == "arib-std-b67":
        light = np.where(code <= 0.5, code**2 / 3, (np.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    elif transfer == _SRGB:
        light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    else:
        light = code**2.4  # BT.1886, the reference display of SDR video
    return light.astype(np.float32)


@cache
def _tone_table() -> Floats32:
    """Factor on light, float32 (4096,), over the square root of the brightest channel's share of the source peak."""
    nits = (np.arange(_CODES) / (_CODES - 1)) ** 2 * _SOURCE_PEAK
    nits[0] = nits[1]
    white = _nits_to_pq(np.array(_REFERENCE_WHITE)) / _nits_to_pq(np.array(_SOURCE_PEAK))
    knee = 1.5 * white - 0.5
    signal = _nits_to_pq(nits) / _nits_to_pq(np.array(_SOURCE_PEAK))
    t = (signal - knee) / (1 - knee)
    spline = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * white
    mapped = np.where(signal < knee, signal, spline) * _nits_to_pq(np.array(_SOURCE_PEAK))
    return (_pq_to_nits(mapped) / nits).astype(np.float32)


@cache
def _display_table(*, is_srgb: bool) -> Image:
    """Displayed level, uint8 (4096,), over the square root of linear light; the inverse of BT.1886, or of sRGB."""
    root = np.arange(_CODES) / (_CODES - 1)
    level = np.where(root**2 <= 0.0031308, root**2 * 12.92, 1.055 * root ** (2 / 2.4) - 0.055) if is_srgb else (
        root ** (2 / 2.4)
    )  # fmt: skip
    return np.asarray(np.rint(level * 255), np.uint8)


_M1, _M2, _C1, _C2, _C3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128  # SMPTE ST 2084


def _pq_to_nits(signal: Floats) -> Floats:
    root = signal ** (1 / _M2)
    return np.asarray(10000 * (np.maximum(root - _C1, 0) / (_C2 - _C3 * root)) ** (1 / _M1))


def _nits_to_pq(nits: Floats) -> Floats:
    light = (nits / 10000) ** _M1
    return np.asarray(((_C1 + _C2 * light) / (1 + _C3 * light)) ** _M2)
