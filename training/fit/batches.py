"""Batches of forged pairs, generated crops and originals; each is a function of the seed and its number only.

So a resumed run sees the same batches as an uninterrupted one, whatever the number of workers. A recipe without pairs
gets crops of both classes without forging; a network of several frames gets windows of neighbouring frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from torch.utils.data import Dataset

from inspector.domain.arrays import Floats32, Image
from inspector.domain.errors import TrainingError
from training.forge import autoencoders
from training.forge.augment import augment, frame_tightly, pre_degrade, soften
from training.forge.forge import Forger, Picture
from training.prepare.index import Row
from training.prepare.parts import load_crop
from training.recipe import Recipe

Random = np.random.Generator
Sample = tuple[Picture, Row]
Item = tuple[Image, float, str, str]  # crop or window, label, kind, group

SMALLEST_FACE = 48.0  # pixels; the app does not score smaller ones either
TIGHT = 0.35  # share of clip and still crops that are framed as tightly as film faces
SOFT_ORIGINALS = 0.3  # share of pairs with a softened original: forged faces are not always the softer ones
# Generated people are few and easily memorised; a part of a face shows a generator's traces as well as the whole.
PARTIAL_CROPS = 0.7  # share of unpaired crops that show a part only


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Crops uint8 (n, s, s, 3) RGB, or windows (n, t, s, s, 3); labels float32 (n,), fake = 1; kinds and groups."""

    crops: Image
    labels: Floats32
    kinds: tuple[str, ...]
    groups: tuple[str, ...]


class Pool:
    """Prepared crops by class and kind of sample, sampled by file, so that long clips do not dominate."""

    def __init__(self, folder: Path, rows: Sequence[Row]) -> None:
        self._folder = folder
        self._parts: dict[tuple[bool, str], dict[str, list[Row]]] = {}
        for row in rows:
            if row["face_px"] >= SMALLEST_FACE:
                self._parts.setdefault((row["is_fake"], row["kind"]), {}).setdefault(row["part"], []).append(row)
        self._names = {key: sorted(parts) for key, parts in self._parts.items()}

    def draw(self, random: Random, is_fake: bool, shares: Mapping[str, float], count: int = 1) -> list[Sample]:
        """`count` neighbouring frames of a random file: its kind by `shares`, then the file, then the first frame.

        The last frame is repeated for a file with fewer, such as a still.
        """
        able = [k for k in shares if (is_fake, k) in self._names and shares[k] > 0]
        if not able:
            raise TrainingError(self._lacking(is_fake, shares))
        odds = np.array([shares[k] for k in able])
        key = (is_fake, able[int(random.choice(len(able), p=odds / odds.sum()))])
        rows = self._parts[key][self._names[key][int(random.integers(len(self._names[key])))]]
        first = int(random.integers(max(1, len(rows) - count + 1)))
        taken = [rows[min(first + i, len(rows) - 1)] for i in range(count)]
        return [(Picture(*load_crop(self._folder, row)), row) for row in taken]

    def _lacking(self, is_fake: bool, shares: Mapping[str, float]) -> str:
        what, table = ("fakes", "generated_shares") if is_fake else ("originals", "pair_shares or original_shares")
        there = [kind for side, kind in sorted(self._names) if side is is_fake]
        if not there:
            return (
                f"{self._folder} holds no {what} of {SMALLEST_FACE:g} px or more, either to train on or held out; "
                "prepare more."
            )
        return (
            f"{self._folder} holds {what} of the kind {' and '.join(there)}, and the recipe's {table} under [batch] "
            f"draw on {', '.join(shares)} only; give a share to an available kind."
        )


class Batches(Dataset[Batch]):
    """The batches of a recipe as a dataset; item `i` is batch `i`."""

    def __init__(self, recipe: Recipe, rows: Sequence[Row], length: int, seed: int) -> None:
        self._recipe, self._length, self._seed = recipe, length, seed
        self._pool = Pool(Path(recipe.prepare.folder), rows)
        needed = {"autoencoder_swap", "redrawn_whole", "redrawn_mouth"}
        wants = any(recipe.forge.kinds.get(kind, 0) > 0 for kind in needed)
        models = autoencoders.load(Path(recipe.forge.autoencoders)) if wants else []
        self._forger = Forger(recipe.forge.kinds, self._donor, models) if recipe.batch.pairs else None

    def __len__(self) -> int:
        return self._length

    def _donor(self, random: Random, is_fake: bool) -> Picture:
        table = self._recipe.batch
        return self._pool.draw(random, is_fake, table.generated_shares if is_fake else table.pair_shares)[0][0]

    def forge(self, picture: Picture, random: Random) -> tuple[Image, str]:
        """A forged version of a picture, and the forging kind; TrainingError for a recipe without forging."""
        if self._forger is None:
            raise TrainingError(f"The recipe {self._recipe.name} does not forge: its batches have no pairs.")
        return self._forger.forge(picture, random)

    def pre_degrade(self, picture: Picture, random: Random) -> Picture:
        """The picture as stored, or pre-degraded with the recipe's probability `[batch] pre_degrade`."""
        share = self._recipe.batch.pre_degrade
        if share and random.random() < share:
            return Picture(*pre_degrade(picture.image, picture.points, random))
        return picture

    def __getitem__(self, number: int) -> Batch:
        random = np.random.default_rng((self._seed, number))
        batch = self._recipe.batch
        items: list[Item] = []
        for _ in range(batch.pairs):
            items += self._pair(random)
        for is_fake, shares in ((True, batch.generated_shares), (False, batch.original_shares)):
            items += [self._single(random, is_fake, shares) for _ in range(batch.generated)]
        crops, labels, kinds, groups = zip(*items, strict=True)
        return Batch(np.stack(crops), np.array(labels, np.float32), kinds, groups)

    def _pair(self, random: Random) -> list[Item]:
        """An original and its forged version, with the same augmentation."""
        samples = self._pool.draw(random, False, self._recipe.batch.pair_shares, self._recipe.network.frames_per_sample)
        pictures, row = [picture for picture, _ in samples], samples[0][1]
        pictures = [self.pre_degrade(picture, random) for picture in repeatably(random, pictures)]
        # Forging may draw more numbers for a larger picture, so `random` is reset before the augmentation.
        forgeries = [self.forge(picture, random) for picture in repeatably(random, pictures)]
        kind, pairs = forgeries[0][1], []
        for picture, (forged, _) in zip(repeatably(random, pictures), forgeries, strict=True):
            original = soften(picture.image, random) if random.random() < SOFT_ORIGINALS else picture.image
            pairs.append(self._augment((original, forged), picture, random))
        before, after = (as_sample([pair[side] for pair in pairs]) for side in (0, 1))
        return [(before, 0.0, f"original of {kind}", row["group"]), (after, 1.0, kind, row["group"])]

    def _single(self, random: Random, is_fake: bool, shares: Mapping[str, float]) -> Item:
        """A crop of either class, not forged."""
        samples = self._pool.draw(random, is_fake, shares, self._recipe.network.frames_per_sample)
        row = samples[0][1]
        frames = []
        for picture in repeatably(random, [picture for picture, _ in samples]):
            image = picture.image
            if row["kind"] != "face" and random.random() < TIGHT:
                image = frame_tightly(image, picture.points, random)
            frames += self._augment((image,), picture, random, is_partial=random.random() < PARTIAL_CROPS)
        return as_sample(frames), float(is_fake), row["method"], row["group"]

    def _augment(
        self, images: Sequence[Image], picture: Picture, random: Random, is_partial: bool = False
    ) -> list[Image]:
        network, letterbox = self._recipe.network, self._recipe.batch.letterbox
        return augment(images, picture.points, network.margin, network.input_size, random, is_partial, letterbox)


def drawable(rows: Sequence[Row], recipe: Recipe) -> list[Row]:
    """The rows that the recipe's batches can contain, by class, kind and size."""
    batch = recipe.batch
    originals = [batch.pair_shares] * (batch.pairs > 0) + [batch.original_shares] * (batch.generated > 0)
    with_donors = batch.pairs > 0 and recipe.forge.kinds.get("generated_swap", 0) > 0
    fakes = [batch.generated_shares] * (batch.generated > 0 or with_donors)
    kinds = {(False, kind) for shares in originals for kind in shares if shares[kind] > 0}
    kinds |= {(True, kind) for shares in fakes for kind in shares if shares[kind] > 0}
    return [row for row in rows if (row["is_fake"], row["kind"]) in kinds and row["face_px"] >= SMALLEST_FACE]


def repeatably(random: Random, pictures: Sequence[Picture]) -> Iterator[Picture]:
    """The pictures of a window, with `random` reset before each, so that all get the same changes."""
    state = random.bit_generator.state
    for picture in pictures:
        random.bit_generator.state = state
        yield picture


def as_sample(frames: Sequence[Image]) -> Image:
    """The crop itself if there is only one, else the window uint8 (t, s, s, 3)."""
    return frames[0] if len(frames) == 1 else np.stack(frames)


def start_worker(_: int) -> None:
    """Set up a worker process with one thread; the other cores are for the network."""
    torch.set_num_threads(1)
    limit_threads()


def limit_threads() -> None:
    """Limit OpenCV and BLAS to one thread: on small pictures more threads only wait for each other."""
    threadpool_limits(1, user_api="blas")
    cv2.setNumThreads(1)
