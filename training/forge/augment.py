"""Augmentation: what clips go through on their way to a newsroom, the same for a face and its forged version.

Compression, rescaling, smoothing and noise have the same odds in both classes, or the detector would learn how a source
was stored instead of how a face was made. Operations of torchvision.transforms.v2 are used where they exist (with two
exceptions: docs/decisions/0010), in functional form: a pair, and all frames of a track, share their random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch
from torchvision import tv_tensors
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2 import functional as tv

from inspector.domain.arrays import Image, Points
from inspector.domain.errors import TrainingError
from inspector.domain.faces import Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.engine.analysis.changes import h264
from inspector.engine.faces.crop import crop_box, cut
from training.forge import retouch

Random = np.random.Generator
Change = Callable[[Image], Image]

_UPSCALERS = (InterpolationMode.BILINEAR, InterpolationMode.BICUBIC, InterpolationMode.NEAREST)


def _tensor(image: Image, *changes: Callable[[torch.Tensor], torch.Tensor]) -> Image:
    """The picture after v2's `changes`, each from uint8 (3, h, w) to the same."""
    out = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)
    for change in changes:
        out = change(out)
    return np.ascontiguousarray(out.permute(1, 2, 0).numpy())


def jpeg(image: Image, quality: int) -> Image:
    """A JPEG round trip (4:2:0); torchvision deprecates its own."""
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), (cv2.IMWRITE_JPEG_QUALITY, quality))
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    if decoded is None:
        raise TrainingError("OpenCV cannot read the JPEG that it just wrote; reinstall opencv-contrib-python.")
    return cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB).astype(np.uint8)


def blur(image: Image, sigma: float, angle: float | None) -> Image:
    """Gaussian blur, or motion blur of the same strength along `angle` (radians)."""
    if angle is None:
        side = 2 * min(math.ceil(3 * sigma), min(image.shape[:2]) - 1) + 1
        return _tensor(image, lambda x: tv.gaussian_blur(x, [side, side], [sigma, sigma]))
    radius = max(1, round(2 * sigma))
    kernel = np.zeros((2 * radius + 1, 2 * radius + 1), np.float32)
    reach = np.array([np.cos(angle), np.sin(angle)]) * radius
    start, end = (tuple(int(v) for v in np.round(radius + sign * reach)) for sign in (-1, 1))
    cv2.line(kernel, start, end, (1.0,))
    return cv2.filter2D(image, -1, kernel / kernel.sum()).astype(np.uint8)


def rescale(image: Image, scale: float, up: InterpolationMode = InterpolationMode.BILINEAR) -> Image:
    """The picture scaled down and up again, which removes detail."""
    height, width = image.shape[:2]
    small = [max(8, round(height * scale)), max(8, round(width * scale))]
    return _tensor(image, lambda x: tv.resize(x, small, antialias=True), lambda x: tv.resize(x, [height, width], up))


def smooth_skin(image: Image, strength: float) -> Image:
    """A beauty filter or a denoiser: keeps edges, removes skin texture."""
    soft = cv2.bilateralFilter(image, 7, 20 + 50 * strength, 3 + 4 * strength)
    return cv2.addWeighted(soft, 0.5 + strength / 2, image, 0.5 - strength / 2, 0).astype(np.uint8)


def upload(image: Image, random: Random) -> Image:
    """The picture after an upload: JPEG, in half of the cases of a shrunken version, back at its size."""
    height, width = image.shape[:2]
    share = random.uniform(0.5, 1) if random.random() < 0.5 else 1.0
    shrunk = cv2.resize(image, (round(width * share), round(height * share)), interpolation=cv2.INTER_AREA)
    coded = jpeg(shrunk.astype(np.uint8), int(random.uniform(50, 93)))
    return cv2.resize(coded, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def soften(image: Image, random: Random) -> Image:
    """Detail removed from one picture by rescaling, smoothing or blur, as in many honest recordings."""
    how = int(random.integers(3))
    if how == 0:
        return rescale(image, random.uniform(0.35, 0.8))
    if how == 1:
        return smooth_skin(image, random.uniform(0.2, 1))
    return blur(image, random.uniform(0.6, 1.8) * image.shape[1] / 256, None)


def pre_degrade(image: Image, points: Points, random: Random) -> tuple[Image, Points]:
    """Pre-degrade a picture as forgers find it on the web: small, soft and already compressed; also its landmarks.

    A face forged into such a picture can be sharper than its surroundings.
    """
    scale = min(1.0, random.uniform(64, 200) / float(np.ptp(points, axis=0).max()))
    height, width = (max(16, round(side * scale)) for side in image.shape[:2])
    small = retouch.resize(image, width, height)
    if random.random() < 0.3:
        small = soften(small, random)
    for change in _coding(random):
        small = change(small)
    return small, (points * (width / image.shape[1], height / image.shape[0])).astype(np.float32)


def noise(image: Image, sigma: float, is_grey: bool, seed: int) -> Image:
    """Sensor noise; the same seed gives the same noise, for both pictures of a pair."""
    height, width = image.shape[:2]
    field = np.random.default_rng(seed).standard_normal((height, width, 1 if is_grey else 3), np.float32) * sigma
    return np.clip(image + field, 0, 255).astype(np.uint8)


def _colour(random: Random) -> list[Change]:
    changes: list[Change] = []
    if random.random() < 0.5:
        contrast, brightness, cast = random.uniform(0.75, 1.3), random.uniform(0.77, 1.23), random.uniform(-12, 12, 3)
        steps = (lambda x: tv.adjust_contrast(x, contrast), lambda x: tv.adjust_brightness(x, brightness))
        changes.append(lambda image: _tensor(image, *steps))
        changes.append(lambda image: retouch.tone(image, 1.0, 0.0, cast))
    if random.random() < 0.3:
        amount = random.uniform(0.3, 1.6)
        changes.append(lambda image: _tensor(image, lambda x: tv.adjust_saturation(x, amount)))
    chance = random.random()
    if chance < 0.05:
        changes.append(lambda image: _tensor(image, lambda x: tv.rgb_to_grayscale(x, num_output_channels=3)))
    elif chance < 0.08:
        order = [int(i) for i in random.permutation(3)]
        changes.append(lambda image: _tensor(image, lambda x: tv.permute_channels(x, order)))
    return changes


def _texture(random: Random, side: int) -> list[Change]:
    """Smoothing, blur, rescaling, sharpening and noise; `side` is the picture's, in pixels."""
    changes: list[Change] = []
    if random.random() < 0.15:
        strength = random.uniform(0, 1)
        changes.append(lambda image: smooth_skin(image, strength))
    if random.random() < 0.2:
        sigma = random.uniform(0.4, 1.8) * side / 256
        angle = random.uniform(0, np.pi) if random.random() < 0.4 else None
        changes.append(lambda image: blur(image, sigma, angle))
    if random.random() < 0.5:
        scale, up = random.uniform(0.3, 0.95), _UPSCALERS[int(random.choice(3, p=[0.45, 0.5, 0.05]))]
        least = min(1.0, 64 / side)
        changes.append(lambda image: rescale(image, max(scale, least), up))
    if random.random() < 0.2:
        sharpness = random.uniform(1.2, 3.0)
        changes.append(lambda image: _tensor(image, lambda x: tv.adjust_sharpness(x, sharpness)))
    if random.random() < 0.2:
        level, is_grey, seed = random.uniform(1, 10), bool(random.random() < 0.6), int(random.integers(2**31))
        changes.append(lambda image: noise(image, level, is_grey, seed))
    return changes


def _coding(random: Random) -> list[Change]:
    changes: list[Change] = []
    for chance in (0.8, 0.25):
        if random.random() >= chance:
            continue
        if random.random() < 0.5:
            quality = int(random.uniform(25, 96))
            changes.append(lambda image, q=quality: jpeg(image, q))  # type: ignore[misc]
        else:
            crf = int(random.uniform(16, 39))
            changes.append(lambda image, c=crf: h264(image, c))  # type: ignore[misc]
    return changes


def _occlusion(random: Random, side: int) -> list[Change]:
    """Captions and thumbnails over the face, and black bars of a letterbox."""
    if random.random() >= 0.06:
        return []
    left, top, width, height = (int(v * side) for v in random.uniform([0, 0, 0.1, 0.05], [0.8, 0.8, 0.35, 0.2]))
    colour = random.integers(0, 256, 3) if random.random() < 0.7 else np.zeros(3)
    if random.random() < 0.3:
        left, width, top, colour = 0, side, 0 if random.random() < 0.5 else side - height, np.zeros(3)
    value = torch.as_tensor(colour, dtype=torch.uint8)[:, None, None]
    return [lambda image: _tensor(image, lambda x: tv.erase(x, top, left, height, width, value))]


def letterbox(image: Image, share: float, beside: bool) -> Image:
    """Black bars over `share` of the height at top and bottom, or of the width `beside` the picture."""
    height, width = image.shape[:2]
    bars = (round(share * width), 0) if beside else (0, round(share * height))
    shown = [height - 2 * bars[1], width - 2 * bars[0]]
    return _tensor(image, lambda x: tv.center_crop(x, shown), lambda x: tv.pad(x, bars))


def turn(image: Image, points: Points, degrees: float, flip: bool) -> tuple[Image, Points]:
    """The picture and its landmarks rotated about the centre, and mirrored."""
    size = list(image.shape[:2])
    marks = tv_tensors.KeyPoints(torch.from_numpy(points), canvas_size=tuple(size))
    if degrees:
        # v2 fills only with a colour; padding with the edge first repeats the edge instead.
        room = math.ceil(max(size) / 2 * abs(math.sin(math.radians(degrees)))) + 1
        image = _tensor(
            image,
            lambda x: tv.pad(x, [room], padding_mode="edge"),
            lambda x: tv.rotate(x, degrees, InterpolationMode.BILINEAR),
            lambda x: tv.center_crop(x, size),
        )
        marks = tv.center_crop(tv.rotate(tv.pad(marks, [room]), degrees, InterpolationMode.BILINEAR), size)
    if flip:
        image, marks = _tensor(image, tv.horizontal_flip), tv.horizontal_flip(marks)
    return image, marks.numpy().astype(np.float32)


def network_crop(image: Image, points: Points, margin: float, size: int, shake: tuple[float, float, float]) -> Image:
    """The engine's crop of a picture, shifted by shares (x, y) of its side and scaled by `shake[2]`.

    A whole frame, with NaN landmarks, is used completely, as the engine scores it.
    """
    box = Box(0, 0, image.shape[1], image.shape[0])
    if not np.isnan(points).any():
        low, high = points.min(axis=0), points.max(axis=0)
        face = Face(0, Box(*low.tolist(), *(high - low).tolist()), LandmarkSet(_with_depth(points)), 1.0)
        box = crop_box(face, margin)
    box = Box(box.x + shake[0] * box.width, box.y + shake[1] * box.height, box.width, box.height).expanded(shake[2])
    return cut(image, box, size)


def _with_depth(points: Points) -> Points:
    return np.concatenate([points, np.zeros((len(points), 1), np.float32)], axis=1)


def frame_tightly(image: Image, points: Points, random: Random) -> Image:
    """The picture as if the frame ended close to the face; beyond it the edge repeats, as in `crop.cut`.

    Most film faces are cut like this; with other crops treated the same, repeated edges do not reveal the class. A
    whole frame, with NaN landmarks, is returned unchanged.
    """
    if np.isnan(points).any():
        return image
    height, width = image.shape[:2]
    low, high = points.min(axis=0), points.max(axis=0)
    room = random.uniform(-0.02, 0.12, 4) * float((high - low).max())
    left, top = (max(0, int(v)) for v in low - room[:2])
    right, bottom = max(0, width - int(high[0] + room[2])), max(0, height - int(high[1] + room[3]))
    return _tensor(
        image,
        lambda x: tv.crop(x, top, left, height - top - bottom, width - left - right),
        lambda x: tv.pad(x, [left, top, right, bottom], padding_mode="edge"),
    )


def augment(
    images: Sequence[Image],
    points: Points,
    margin: float,
    size: int,
    random: Random,
    is_partial: bool = False,
    letterboxed: float = 0.0,
) -> list[Image]:
    """The same random augmentation of every picture of one face (equal sizes, shared landmarks), as network crops.

    `is_partial` crops a part of the face only; `letterboxed` is the share of pictures with black bars on two sides.
    """
    side = images[0].shape[1]
    flip = bool(random.random() < 0.5)
    degrees = float(random.normal(0, 7)) if random.random() < 0.25 else 0.0
    turned = [turn(image, points, degrees, flip) for image in images]
    changes = _colour(random)
    if letterboxed and random.random() < letterboxed:
        share, beside = random.uniform(0.05, 0.25), bool(random.random() < 0.3)
        changes.append(lambda image: letterbox(image, share, beside))
    if random.random() < 0.8:  # the rest stays nearly as stored
        changes += [*_texture(random, side), *_occlusion(random, side), *_coding(random)]
    shake = (random.normal(0, 0.02), random.normal(0, 0.02), random.uniform(0.93, 1.08))
    if is_partial:
        scale = random.uniform(0.35, 0.8)
        reach = (1 - scale) / 2
        shake = (random.uniform(-reach, reach), random.uniform(-reach, reach), scale)
    out = []
    for image, moved in turned:
        for change in changes:
            image = change(image)
        out.append(network_crop(image, moved, margin, size, shake))
    return out
