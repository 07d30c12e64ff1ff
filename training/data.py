"""Batches: forged pairs beside generated crops and originals, each batch a function of the seed and its number alone.

So a resumed run draws what an unbroken one would have drawn, whatever the number of workers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from torch.utils.data import Dataset

from inspector.domain.errors import TrainingError
from training import autoencoders
from training.augment import augment, frame_tightly, soften
from training.forge import Forger, Picture
from training.prepare import load_crop
from training.recipe import Recipe

Image = npt.NDArray[np.uint8]
Random = np.random.Generator
Row = dict[str, Any]

SMALLEST_FACE = 48.0  # pixels; smaller ones the app does not score either
TIGHT = 0.35  # share of clip and still crops that are framed as tightly as film faces come
SOFT_ORIGINALS = 0.3  # share of pairs whose original alone is softened: forged faces are not always the softer ones
# Generated people are few and easily remembered. A part of the face shows a generator's traces as well as the whole.
GLIMPSES = 0.7  # share of unpaired crops that show a part only


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Crops uint8 (n, s, s, 3) RGB, labels float32 (n,) with fake = 1, and what each is."""

    crops: Image
    labels: npt.NDArray[np.float32]
    kinds: tuple[str, ...]
    groups: tuple[str, ...]


class Pool:
    """Prepared crops by class and kind of sample, drawn so that a long clip weighs no more than a short one."""

    def __init__(self, folder: Path, rows: Sequence[Row]) -> None:
        self._folder = folder
        self._parts: dict[tuple[bool, str], dict[str, list[Row]]] = {}
        for row in rows:
            if row["face_px"] >= SMALLEST_FACE:
                self._parts.setdefault((row["is_fake"], row["kind"]), {}).setdefault(row["part"], []).append(row)
        self._names = {key: sorted(parts) for key, parts in self._parts.items()}

    def draw(self, random: Random, is_fake: bool, shares: Mapping[str, float]) -> tuple[Picture, Row]:
        """A random crop: its kind by `shares` (of those there are), then its file, then its frame."""
        able = [k for k in shares if (is_fake, k) in self._names and shares[k] > 0]
        if not able:
            what = "fakes" if is_fake else "originals"
            raise TrainingError(f"{self._folder} holds no {what} of the kinds {', '.join(shares)}; prepare some.")
        odds = np.array([shares[k] for k in able])
        key = (is_fake, able[int(random.choice(len(able), p=odds / odds.sum()))])
        rows = self._parts[key][self._names[key][int(random.integers(len(self._names[key])))]]
        row = rows[int(random.integers(len(rows)))]
        return Picture(*load_crop(self._folder, row)), row


class Batches(Dataset[Batch]):
    """The endless stream of a recipe: item `i` is batch `i`."""

    def __init__(self, recipe: Recipe, rows: Sequence[Row], length: int, seed: int) -> None:
        self._recipe, self._length, self._seed = recipe, length, seed
        self._pool = Pool(Path(recipe.prepare.folder), rows)
        needed = {"autoencoder_swap", "redrawn_whole", "redrawn_mouth"}
        wants = any(recipe.forge.kinds.get(kind, 0) > 0 for kind in needed)
        models = autoencoders.load(Path(recipe.forge.autoencoders)) if wants else []
        self.forger = Forger(recipe.forge.kinds, self._donor, models)

    def __len__(self) -> int:
        return self._length

    def _donor(self, random: Random, is_fake: bool) -> Picture:
        table = self._recipe.batch
        return self._pool.draw(random, is_fake, table.generated_shares if is_fake else table.pair_shares)[0]

    def __getitem__(self, number: int) -> Batch:
        random = np.random.default_rng((self._seed, number))
        network, batch = self._recipe.network, self._recipe.batch
        items: list[tuple[Image, float, str, str]] = []
        for _ in range(batch.pairs):
            picture, row = self._pool.draw(random, False, batch.pair_shares)
            forged, kind = self.forger.forge(picture, random)
            original = soften(picture.image, random) if random.random() < SOFT_ORIGINALS else picture.image
            pair = augment((original, forged), picture.points, network.margin, network.input_size, random)
            items += [(pair[0], 0.0, f"original of {kind}", row["group"]), (pair[1], 1.0, kind, row["group"])]
        for is_fake, shares in ((True, batch.generated_shares), (False, batch.original_shares)):
            for _ in range(batch.generated):
                picture, row = self._pool.draw(random, is_fake, shares)
                image = picture.image
                if row["kind"] != "face" and random.random() < TIGHT:
                    image = frame_tightly(image, picture.points, random)
                margin, size = network.margin, network.input_size
                one = augment((image,), picture.points, margin, size, random, glimpse=random.random() < GLIMPSES)
                items.append((one[0], float(is_fake), row["method"], row["group"]))
        crops, labels, kinds, groups = zip(*items, strict=True)
        return Batch(np.stack(crops), np.array(labels, np.float32), kinds, groups)


def start_worker(_: int) -> None:
    """One thread per worker: the cores belong to the network."""
    torch.set_num_threads(1)
    calm_threads()


def calm_threads() -> None:
    """Keep OpenCV and BLAS to one thread: on pictures this small, more of them only wait for each other."""
    threadpool_limits(1, user_api="blas")
    cv2.setNumThreads(1)
