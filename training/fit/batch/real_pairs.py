"""Found fakes beside originals of the same size, so that a pair tells as little as possible but how it was made.

The original is the one that the fake was made from if the data name it (`pair`), at the nearest moment; otherwise one
of the same source, or of any. Among several, one of a similar size is preferred; then both are brought to one size,
since the size of a face alone separates some methods from their originals.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from training.fit.batch.pool import Random, Sample, SourcePool, load, neighbours
from training.forge.forge import Picture
from training.forge.retouch import resize
from training.prepare.folds import source_of
from training.prepare.index import Row
from training.recipe import Recipe

REAL_FAKE = "real fake"  # the kind of such pairs, beside the forging kinds
_TRIES = 10  # originals to look at for one of a similar size
_LEAST_SIDE = 24  # pixels
_SHRUNK = 0.92  # the common side is this share of the smaller crop's side, or more


class RealPairs:
    """Draws pairs from a pool; the kinds of sample are those with a share in `generated_shares`, `original_shares`."""

    def __init__(self, pool: SourcePool, recipe: Recipe) -> None:
        batch = recipe.batch
        assert batch.real_pairs is not None
        self._pool, self._table, self._frames = pool, batch.real_pairs, recipe.network.frames_per_sample
        self._fakes, self._originals = batch.generated_shares, batch.original_shares
        self._of_pair: dict[str, list[str]] = defaultdict(list)
        for part, rows in sorted(pool.files.items()):
            if rows[0]["pair"] and not rows[0]["is_fake"]:
                self._of_pair[rows[0]["pair"]].append(part)

    def draw(self, random: Random) -> tuple[list[Sample], list[Sample]]:
        """The frames of an original and those of a fake, all of one size. Raises TrainingError when a class lacks."""
        rows = self._pool.files[self._pool.draw_file(random, True, self._fakes)]
        first = int(random.integers(max(1, len(rows) - self._frames + 1)))
        beside, at = self._beside(rows[first], random)
        original = load(self._pool.folder, neighbours(beside, at, self._frames))
        fake = load(self._pool.folder, neighbours(rows, first, self._frames))
        smaller = min(picture.image.shape[0] for picture, _ in (*original, *fake))
        side = max(_LEAST_SIDE, round(smaller * random.uniform(_SHRUNK, 1.0)))
        return _resized(original, side), _resized(fake, side)

    def _beside(self, fake: Row, random: Random) -> tuple[list[Row], int]:
        """The rows of an original for this fake, and the number of the one to begin with."""
        own = self._of_pair.get(fake["pair"] or "", [])
        if own:
            rows = self._pool.files[own[int(random.integers(len(own)))]]
            return rows, min(range(len(rows)), key=lambda i: abs(float(rows[i]["seconds"]) - float(fake["seconds"])))
        source = source_of(fake) if random.random() < self._table.same_source else ""
        best: tuple[float, list[Row], int] | None = None
        for number in range(2 * _TRIES):
            # A source whose originals are all of another size does not keep its fakes from a partner of their own.
            part = self._pool.draw_file(random, False, self._originals, source if number < _TRIES else "")
            rows = self._pool.files[part]
            at = int(random.integers(len(rows)))
            apart = abs(float(np.log(rows[at]["side"] / fake["side"])))
            if best is None or apart < best[0]:
                best = (apart, rows, at)
            if apart < np.log(self._table.near_size):
                break
        assert best is not None
        return best[1], best[2]


def _resized(samples: list[Sample], side: int) -> list[Sample]:
    out = []
    for picture, row in samples:
        scale = side / picture.image.shape[0]
        out.append((Picture(resize(picture.image, side, side), (picture.points * scale).astype(np.float32)), row))
    return out
