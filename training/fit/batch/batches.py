"""Batches of pairs, generated crops and originals; each is a function of the seed and its number only.

So a resumed run sees the same batches as an uninterrupted one, whatever the number of workers. A recipe without pairs
gets crops of both classes without forging; a network of several frames gets windows of neighbouring frames.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from torch.utils.data import Dataset

from inspector.domain.arrays import Floats32, Image
from inspector.domain.errors import TrainingError
from training.fit.batch.pool import SMALLEST_FACE, KindPool, Pool, SourcePool
from training.fit.batch.real_pairs import REAL_FAKE, RealPairs
from training.forge import autoencoders
from training.forge.augment import augment, frame_tightly, pre_degrade, soften
from training.forge.forge import Forger, Picture
from training.prepare.folds import source_of
from training.prepare.index import Row
from training.recipe import Recipe

Random = np.random.Generator

TIGHT = 0.35  # share of clip and still crops that are framed as tightly as film faces
SOFT_ORIGINALS = 0.3  # share of pairs with a softened original: forged faces are not always the softer ones
# Generated people are few and easily memorised; a part of a face shows a generator's traces as well as the whole.
PARTIAL_CROPS = 0.7  # share of unpaired crops that show a part only


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One crop uint8 (s, s, 3) RGB or window (t, s, s, 3) of a batch, and the sources that its pixels come from."""

    crop: Image
    label: float
    kind: str
    group: str
    sources: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Crops uint8 (n, s, s, 3) RGB, or windows (n, t, s, s, 3); labels float32 (n,), fake = 1; kinds, groups, sources.

    The first `2 * pairs` are pairs: an original, then its fake.
    """

    crops: Image
    labels: Floats32
    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    sources: tuple[frozenset[str], ...] = ()
    pairs: int = 0

    def take(self, numbers: Sequence[int], pairs: int) -> Batch:
        """The items at `numbers`, of which the first `2 * pairs` are pairs."""
        few = list(numbers)
        return Batch(
            self.crops[few],
            self.labels[few],
            tuple(self.kinds[i] for i in few),
            tuple(self.groups[i] for i in few),
            tuple(self.sources[i] for i in few),
            pairs,
        )

    def without(self, left_out: frozenset[str], most: int) -> Batch:
        """At most `most` pairs, and the single crops, in which nothing comes from the sources `left_out`."""
        clear = [not (sources & left_out) for sources in self.sources]
        pairs = [i for i in range(0, 2 * self.pairs, 2) if clear[i] and clear[i + 1]][:most]
        single = [i for i in range(2 * self.pairs, len(self.labels)) if clear[i]]
        return self.take([i for first in pairs for i in (first, first + 1)] + single, len(pairs))


class Batches(Dataset[Batch]):
    """The batches of a recipe as a dataset; item `i` is batch `i`."""

    def __init__(self, recipe: Recipe, rows: Sequence[Row], length: int, seed: int) -> None:
        self._recipe, self._length, self._seed = recipe, length, seed
        folder, real = Path(recipe.prepare.folder), recipe.batch.real_pairs
        if recipe.batch.without:
            rows = [row for row in rows if recipe.batch.without not in row["path"]]
        by_source = SourcePool(folder, rows) if recipe.batch.draw == "source" else None
        self._pool: Pool = by_source or KindPool(folder, rows)
        self._real = RealPairs(by_source, recipe) if by_source and real else None
        needed = {"autoencoder_swap", "redrawn_whole", "redrawn_mouth"}
        wants = any(recipe.forge.kinds.get(kind, 0) > 0 for kind in needed)
        models = autoencoders.load(Path(recipe.forge.autoencoders)) if wants else []
        self._forger = Forger(recipe.forge.kinds, self._donor, models) if recipe.batch.pairs else None

    def __len__(self) -> int:
        return self._length

    def _donor(self, random: Random, is_fake: bool) -> Picture:
        table = self._recipe.batch
        shares = table.generated_shares if is_fake else table.pair_shares
        picture, row = self._pool.draw(random, is_fake, shares)[0]
        return replace(picture, source=source_of(row))

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
        if self._real and batch.real_pairs:
            for _ in range(batch.real_pairs.count):
                items += self._real_pair(self._real, random)
        paired = len(items) // 2
        for is_fake, shares in ((True, batch.generated_shares), (False, batch.original_shares)):
            items += [self._single(random, is_fake, shares) for _ in range(batch.generated)]
        return Batch(
            np.stack([item.crop for item in items]),
            np.array([item.label for item in items], np.float32),
            tuple(item.kind for item in items),
            tuple(item.group for item in items),
            tuple(item.sources for item in items),
            paired,
        )

    def _pair(self, random: Random) -> list[Item]:
        """An original and its forged version, with the same augmentation."""
        samples = self._pool.draw(random, False, self._recipe.batch.pair_shares, self._recipe.network.frames_per_sample)
        pictures, row = [picture for picture, _ in samples], samples[0][1]
        pictures = [self.pre_degrade(picture, random) for picture in repeatably(random, pictures)]
        # Forging may draw more numbers for a larger picture, so `random` is reset before the augmentation.
        donors: list[Picture] = []
        forger = replace(self._forger, on_donor=donors.append) if self._forger else None
        assert forger is not None  # a recipe with pairs forges
        forgeries = [forger.forge(picture, random) for picture in repeatably(random, pictures)]
        kind, pairs = forgeries[0][1], []
        for picture, (forged, _) in zip(repeatably(random, pictures), forgeries, strict=True):
            original = soften(picture.image, random) if random.random() < SOFT_ORIGINALS else picture.image
            pairs.append(self._augment((original, forged), picture, random))
        before, after = (as_sample([pair[side] for pair in pairs]) for side in (0, 1))
        mine = frozenset({source_of(row)})
        return [
            Item(before, 0.0, f"original of {kind}", row["group"], mine),
            Item(after, 1.0, kind, row["group"], mine | {donor.source for donor in donors}),
        ]

    def _real_pair(self, pairs: RealPairs, random: Random) -> list[Item]:
        """An original and a found fake, brought to the same size and augmented with the same random numbers."""
        both = pairs.draw(random)
        is_tight = random.random() < TIGHT and all(samples[0][1]["kind"] != "face" for samples in both)
        state, items = random.bit_generator.state, []
        for label, samples in enumerate(both):
            frames, row = [], samples[0][1]
            for picture, _ in samples:
                random.bit_generator.state = state
                image = frame_tightly(picture.image, picture.points, random) if is_tight else picture.image
                frames += self._augment((image,), picture, random)
            kind = REAL_FAKE if label else f"original of {REAL_FAKE}"
            items.append(Item(as_sample(frames), float(label), kind, row["group"], frozenset({source_of(row)})))
        return items

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
        return Item(as_sample(frames), float(is_fake), row["method"], row["group"], frozenset({source_of(row)}))

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
    if batch.real_pairs:
        originals.append(batch.original_shares)
    fakes = [batch.generated_shares] * (batch.generated > 0 or with_donors or batch.real_pairs is not None)
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
    """Set up a worker process with one thread; the other cores are for the network.

    A terminal sends Ctrl-C to it as well. It ends with its parent, which finishes its step first.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)
    limit_threads()


def limit_threads() -> None:
    """Limit OpenCV and BLAS to one thread: on small pictures more threads only wait for each other."""
    threadpool_limits(1, user_api="blas")
    cv2.setNumThreads(1)
