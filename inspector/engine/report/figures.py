"""Pictures of a key frame: the face marked, the heat map over the crop with its scale, the landmarks."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageDraw

from inspector.domain.arrays import Floats32, Image
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.mesh import CONTOURS
from inspector.domain.scores import CamMap
from inspector.engine.analysis.cam_text import NOT_EXPLAINED, has_scale, is_unexplained, scale_text
from inspector.engine.faces.crop import cut
from inspector.engine.report.fonts import for_pictures

Colour = tuple[int, int, int]

BOX_COLOUR: Colour = (255, 255, 255)  # not orange, which stands for "manipulation indicated"
LINE_COLOUR: Colour = (0, 214, 255)
_DARK: Colour = (10, 14, 20)

_SHIFT = 4  # cv2 draws with 1/16 pixel


def _fixed(points: npt.NDArray[np.floating]) -> npt.NDArray[np.int32]:
    """Pixel positions float (n, 2) as cv2's fixed point numbers; far-off ones are held near the picture."""
    return np.asarray(np.rint(np.clip(points, -20_000, 20_000) * 2**_SHIFT), dtype=np.int32)


def _label(image: Image, text: str, x: float, y: float, height: int) -> Image:
    """Write `text` on a dark plate with its lower left corner at (x, y), moved to lie inside the picture."""
    picture = Pillow.fromarray(image)
    font, pad = for_pictures(height), max(2, height // 4)
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    wide, high = right - left + 2 * pad, bottom - top + 2 * pad
    x0 = int(min(max(x, 0), max(image.shape[1] - wide, 0)))
    y0 = int(min(max(y - high, 0), max(image.shape[0] - high, 0)))
    draw.rectangle((x0, y0, x0 + wide, y0 + high), fill=_DARK)
    draw.text((x0 + pad - left, y0 + pad - top), text, font=font, fill=BOX_COLOUR)
    return np.asarray(picture)


def _rectangle(image: Image, box: Box, colour: Colour, width: int) -> None:
    corners = np.array([[box.x, box.y], [box.right, box.y], [box.right, box.bottom], [box.x, box.bottom]])
    for ink, thick in ((_DARK, width + 2), (colour, width)):
        cv2.polylines(image, [_fixed(corners)], True, ink, thick, cv2.LINE_AA, _SHIFT)


def draw_landmarks(image: Image, points: npt.NDArray[np.floating], width: int = 1) -> None:
    """Draw the lines of a face and all its points, float (478, >= 2) px of this picture, onto uint8 (H, W, 3) RGB."""
    places = _fixed(points[:, :2])
    for x, y in places:
        cv2.circle(image, (int(x), int(y)), max(1, width) << _SHIFT, LINE_COLOUR, -1, cv2.LINE_AA, _SHIFT)
    for start, end in places[CONTOURS]:
        cv2.line(image, start.tolist(), end.tolist(), LINE_COLOUR, width, cv2.LINE_AA, _SHIFT)


def marked_frame(image: Image, box: Box | None, landmarks: LandmarkSet | None, label: str) -> Image:
    """The whole frame, uint8 (H, W, 3) RGB, with the face's box, its landmarks if given, and a label
    if it is not empty.
    """
    marked = image.copy()
    width = max(1, round(max(image.shape[:2]) / 640))
    if landmarks is not None:
        draw_landmarks(marked, landmarks.points, max(1, width // 2))
    if box is None:
        return marked
    _rectangle(marked, box, BOX_COLOUR, width)
    if not label:
        return marked
    return _label(marked, label, box.x, box.y - width, max(11, round(max(image.shape[:2]) / 55)))


def face_crop(image: Image, crop: Box, size: int) -> Image:
    """The scored crop as the network saw its part of the frame, at `size` pixels: uint8 (size, size, 3) RGB."""
    return cut(image, crop, size)


def crop_landmarks(image: Image, crop: Box, landmarks: LandmarkSet, size: int) -> Image:
    """The landmarks over the crop, uint8 (size, size, 3) RGB."""
    picture = face_crop(image, crop, size)
    scale = size / max(crop.width, 1.0)
    draw_landmarks(picture, (landmarks.points[:, :2] - np.array([crop.x, crop.y])) * scale)
    return picture


def _colours(shares: Floats32) -> Image:
    """INFERNO, whose lightness rises evenly with the value, for shares 0..1: uint8 RGB of the same shape + (3,)."""
    levels = np.asarray(np.rint(np.clip(np.nan_to_num(shares), 0.0, 1.0) * 255), dtype=np.uint8)
    flat = cv2.applyColorMap(levels.reshape(-1, 1), cv2.COLORMAP_INFERNO)
    return np.asarray(flat[:, 0, ::-1].reshape(*shares.shape, 3), dtype=np.uint8)


def heat_map(image: Image, cam: CamMap, size: int) -> Image:
    """The heat map over its crop, uint8 (size, size, 3) RGB; full colour is `cam.reference`, not the map's own maximum.

    The crop beneath is grey, so that its own colours are not taken for heat, and shows through where values are low.
    A map that failed its deletion check has no colours.
    """
    grey = cv2.cvtColor(face_crop(image, cam.crop, size), cv2.COLOR_RGB2GRAY)
    base = np.repeat(grey[:, :, None], 3, axis=2).astype(np.float32)
    reference = cam.reference if has_scale(cam) else np.inf
    shares = np.clip(np.nan_to_num(cam.values.astype(np.float32)) / reference, 0.0, 1.0)
    # Linear, because a cubic would overshoot beyond values that were never computed.
    even = np.asarray(cv2.resize(shares, (size, size), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    alpha = (0.85 * even)[:, :, None]
    if is_unexplained(cam):
        alpha, colours = alpha / 2, np.full_like(base, 255.0)
    else:
        colours = _colours(even).astype(np.float32)
    return np.asarray(np.rint(base * (1 - alpha) + colours * alpha), dtype=np.uint8)


def scale_bar(length: int, thickness: int) -> Image:
    """The colours from 0 (left) to the reference (right), blended over mid grey as the heat map is."""
    shares = np.linspace(0.0, 1.0, length, dtype=np.float32)
    alpha = (0.85 * shares)[:, None]
    row = np.rint(128.0 * (1 - alpha) + _colours(shares) * alpha)
    return np.ascontiguousarray(np.repeat(row[None], thickness, axis=0), dtype=np.uint8)


def heat_map_with_scale(image: Image, cam: CamMap, size: int) -> Image:
    """The heat map with its scale bar and what full colour stands for beneath: uint8 (size + strip, size, 3) RGB.

    Beneath a map that failed its deletion check there is a warning instead.
    """
    text = max(11, size // 32)
    strip = np.full((3 * text, size, 3), 255, dtype=np.uint8)
    is_used = not is_unexplained(cam)
    if is_used:
        strip[text // 2 : text // 2 + text, text : size - text] = scale_bar(size - 2 * text, text)
    whole = Pillow.fromarray(np.vstack([heat_map(image, cam, size), strip]))
    draw, font, top = ImageDraw.Draw(whole), for_pictures(text), size + text + text // 2
    if is_used:
        draw.text((text, top), "0", font=font, fill=_DARK)
        draw.text((size - text, top), scale_text(cam), font=font, fill=_DARK, anchor="ra")
    else:
        draw.text((text, size + text), NOT_EXPLAINED, font=font, fill=_DARK)
    return np.asarray(whole)
