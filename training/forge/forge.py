"""Forged versions of a face, made from originals only, so that a pair differs in nothing but the forgery.

Kinds (KINDS): self-blending (Shiohara and Yamasaki, CVPR 2022), autoencoder swaps (as DeepFaceLab makes them), landmark
swaps between two people (as FaceForensics++'s FaceSwap), whole pictures redrawn without a seam (stand-in for talking
heads and generated portraits), and mouths redrawn (lip-sync). Pictures are uint8 (h, w, 3) RGB, landmarks float32
(478, 2) in their pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from inspector.domain.arrays import Image, Mask, Points
from inspector.domain.errors import TrainingError
from training.forge import masks, retouch
from training.forge.autoencoders import Autoencoder, Kind, reconstruct
from training.forge.retouch import resize

Random = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A face crop and its landmarks."""

    image: Image
    points: Points
    source: str = ""  # of a donor: the source that it comes from


def _ignore(_: Picture) -> None:
    """Receive a donor without use."""


@dataclass(frozen=True, slots=True)
class Forger:
    """Forges one picture at a time, with weighted kinds, a source of donor pictures, and autoencoders."""

    weights: Mapping[str, float]
    draw_donor: Callable[[Random, bool], Picture]  # the flag asks for a generated face
    autoencoders: Sequence[tuple[Kind, Autoencoder]]
    on_donor: Callable[[Picture], None] = _ignore  # receives every donor whose pixels are used

    def __post_init__(self) -> None:
        unknown = sorted(set(self.weights) - set(KINDS))
        if unknown or not any(w > 0 for w in self.weights.values()):
            raise TrainingError(f"Forging kinds {unknown or 'are all off'}: choose among {', '.join(KINDS)}.")

    def forge(self, picture: Picture, random: Random) -> tuple[Image, str]:
        """A forged version of the same size, and its kind."""
        names = list(self.weights)
        shares = np.array([self.weights[n] for n in names])
        kind = names[int(random.choice(len(names), p=shares / shares.sum()))]
        return KINDS[kind](self, picture, random), kind

    def redraw(self, image: Image, random: Random, coarse: bool) -> Image:
        """`image` as reconstructed by a random autoencoder, near its own scale, or at 64 to 128 px if `coarse`."""
        kind, model = self.autoencoders[int(random.integers(len(self.autoencoders)))]
        height, width = image.shape[:2]
        scale = random.uniform(64, 128) / max(height, width) if coarse else random.uniform(0.55, 1.0)
        # Autoencoders that enlarge get half or a quarter of the pixels and invent the rest, as enhancers do.
        scale = min(scale, random.uniform(1, 2) / kind.growth)
        small = resize(image, max(16, round(width * scale)), max(16, round(height * scale)))
        drawn = resize(reconstruct(model, kind, small), width, height)
        # Autoencoders bleach colours, which would be too easy to learn, so the original's broad colours are restored.
        lost = cv2.resize(image.astype(np.float32) - drawn, (12, 12), interpolation=cv2.INTER_AREA)
        broad = cv2.resize(lost, (width, height), interpolation=cv2.INTER_CUBIC)
        out: Image = np.clip(np.rint(drawn + broad), 0, 255).astype(np.uint8)
        return out

    def donor(self, points: Points, random: Random, is_fake: bool = False) -> Picture:
        """Another person's picture: of five, the one with the most similar pose."""
        mine = _outline(points)
        few = [self.draw_donor(random, is_fake) for _ in range(5)]
        found = min(few, key=lambda picture: float(np.abs(_outline(picture.points) - mine).sum()))
        self.on_donor(found)
        return found


def _outline(points: Points) -> Points:
    """Landmarks without position and size."""
    centred = points - points.mean(axis=0)
    scaled: Points = (centred / np.abs(centred).max()).astype(np.float32)
    return scaled


def blend(base: Image, over: Image, mask: Mask) -> Image:
    """`over` blended onto `base` with `mask` float32 (h, w) in 0..1."""
    m = mask[..., None]
    return np.clip(np.rint(base + (over.astype(np.float32) - base) * m), 0, 255).astype(np.uint8)


def self_blend(forger: Forger, picture: Picture, random: Random) -> Image:
    """The face blended onto itself with slightly changed colour, sharpness and position (SBI)."""
    del forger
    image, points = picture.image, picture.points
    over, base = image, image
    if random.random() < 0.5:
        over = retouch.mismatch(image, random)
    else:
        base = retouch.mismatch(image, random)
    mask = masks.draw(points, image.shape[:2], random)
    over, mask = _shifted(over, mask, random)
    mask = masks.soften(masks.elastic(mask, random), random)
    return blend(base, over, mask * random.choice([0.25, 0.5, 0.75, 1.0, 1.0, 1.0]))


def _shifted(image: Image, mask: Mask, random: Random) -> tuple[Image, Mask]:
    height, width = mask.shape
    scale = random.uniform(0.95, 1 / 0.95)
    move = (random.uniform(-0.03, 0.03) * width, random.uniform(-0.015, 0.015) * height)
    centre = np.array([width / 2, height / 2])
    matrix = np.array([[scale, 0, 0], [0, scale, 0]], dtype=np.float64)
    matrix[:, 2] = centre - scale * centre + move
    size = (width, height)
    moved = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8), cv2.warpAffine(mask, matrix, size).astype(np.float32)


def _face_square(points: Points, shape: tuple[int, int], factor: float) -> tuple[slice, slice]:
    low, high = points.min(axis=0), points.max(axis=0)
    half = float((high - low).max()) * factor / 2
    cx, cy = (low + high) / 2
    rows = slice(max(0, round(cy - half)), min(shape[0], round(cy + half)))
    return rows, slice(max(0, round(cx - half)), min(shape[1], round(cx + half)))


def autoencoder_swap(forger: Forger, picture: Picture, random: Random) -> Image:
    """A low-resolution face drawn by a network, colours matched, blended in with a feathered mask."""
    image, points = picture.image, picture.points
    base = image
    if random.random() < 0.5:
        donor = forger.donor(points, random)
        base = masks.warp_to(donor.image, donor.points, points, image.shape[:2])
    elif random.random() < 0.7:
        base = masks.warp_to(image, masks.jitter(points, random, 0.02), points, image.shape[:2])
    rows, columns = _face_square(points, image.shape[:2], random.uniform(1.0, 1.2))
    drawn = base.copy()
    drawn[rows, columns] = forger.redraw(np.ascontiguousarray(base[rows, columns]), random, random.random() < 0.65)
    hull = masks.hull(points, image.shape[:2], "whole" if random.random() < 0.7 else "inner")
    drawn = retouch.match_colours(drawn, image, hull, random.uniform(0.6, 1.0))
    drawn = _crisp(drawn, image, random)
    mask = masks.soften(masks.erode(hull, random.uniform(0.0, 0.06)), random)
    return blend(image, drawn, mask)


def landmark_swap(forger: Forger, picture: Picture, random: Random) -> Image:
    """Another person's face warped to these landmarks, colours matched, cloned in or feathered."""
    return _swap(picture, forger.donor(picture.points, random), random)


def generated_swap(forger: Forger, picture: Picture, random: Random) -> Image:
    """The same with a generated face: its texture within the surroundings of the pair's original.

    So a generator's traces are learnt from pairs, where memorising the few generated people does not help.
    """
    return _swap(picture, forger.donor(picture.points, random, is_fake=True), random)


def _swap(picture: Picture, donor: Picture, random: Random) -> Image:
    image, points = picture.image, picture.points
    bent = masks.warp_to(donor.image, donor.points, points, image.shape[:2])
    hull = masks.hull(points, image.shape[:2], "whole" if random.random() < 0.6 else "inner")
    hull = masks.erode(hull, 0.02)
    bent = retouch.match_colours(bent, image, hull, random.uniform(0.5, 1.0))
    if random.random() < 0.5:
        binary = (hull > 0.5).astype(np.uint8) * 255
        binary[[0, -1], :], binary[:, [0, -1]] = 0, 0
        x, y, w, h = cv2.boundingRect(binary)
        if w > 8 and h > 8:
            return cv2.seamlessClone(bent, image, binary, (x + w // 2, y + h // 2), cv2.NORMAL_CLONE).astype(np.uint8)
    return blend(image, bent, masks.soften(hull, random))


def redrawn_whole(forger: Forger, picture: Picture, random: Random) -> Image:
    """The whole picture redrawn by a network, without a seam, sometimes with a slightly different expression."""
    image, points = picture.image, picture.points
    if random.random() < 0.4:
        image = masks.warp_to(image, masks.jitter(points, random, 0.015), points, image.shape[:2])
    drawn = forger.redraw(image, random, random.random() < 0.08)
    return _crisp(drawn, image, random)


def _crisp(drawn: Image, like: Image, random: Random) -> Image:
    """Usually sharpened to the original, sometimes with grain; else blur would be the only trace to learn."""
    if random.random() < 0.65:
        drawn = retouch.match_sharpness(drawn, like)
    if random.random() < 0.2:
        grain = random.standard_normal((*drawn.shape[:2], 1), np.float32) * random.uniform(1, 4)
        drawn = np.clip(drawn + grain, 0, 255).astype(np.uint8)
    return drawn


def redrawn_mouth(forger: Forger, picture: Picture, random: Random) -> Image:
    """The mouth or lower half of the face redrawn with other lips and blended in as a soft patch (as HyperLips).

    Or the whole square that the network drew (as Wav2Lip).
    """
    image, points = picture.image, picture.points
    spoken = masks.speak(points, random)
    bent = masks.warp_to(image, points, spoken, image.shape[:2])
    rows, columns = _face_square(points, image.shape[:2], 1.05)
    drawn = bent.copy()
    drawn[rows, columns] = forger.redraw(np.ascontiguousarray(bent[rows, columns]), random, random.random() < 0.6)
    drawn = _crisp(drawn, image, random)
    if random.random() < 0.25:
        mask = np.zeros(image.shape[:2], np.float32)
        mask[rows, columns] = 1
    else:
        shape = "mouth" if random.random() < 0.6 else "lower"
        mask = masks.elastic(masks.hull(points, image.shape[:2], shape), random)
    return blend(image, drawn, masks.soften(mask, random))


KINDS: dict[str, Callable[[Forger, Picture, Random], Image]] = {
    "self_blend": self_blend,
    "autoencoder_swap": autoencoder_swap,
    "landmark_swap": landmark_swap,
    "generated_swap": generated_swap,
    "redrawn_whole": redrawn_whole,
    "redrawn_mouth": redrawn_mouth,
}
"""Every kind of forging, by its name in recipes."""
