"""Pairs that are learnt from more than once: kept on the network's device and augmented anew each time.

Forging a pair takes 20 ms of a core, learning from it about 1 ms of a GPU. With the latest pairs kept there, several
networks take their share of each batch without uploading it again, every step has the same number of crops, and the GPU
need not wait for the cores.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import affine_grid, avg_pool2d, grid_sample

from training.fit.batch.batches import Batch

_ZOOM, _SHIFT, _DEGREES = 0.08, 0.04, 5.0
_GAIN, _OFFSET = 0.12, 0.04  # of contrast and of each colour; offset as a share of the range
_SOFT, _NOISY, _NOISE = 0.3, 0.2, 4 / 255


@dataclass(frozen=True, slots=True, eq=False)
class DeviceBatch:
    """Pairs on a device: crops uint8 (2 n, s, s, 3) or (2 n, t, s, s, 3) RGB, an original before its fake; labels."""

    crops: torch.Tensor
    labels: torch.Tensor
    pairs: int


class Replay:
    """The latest `size` pairs of a stream of batches."""

    def __init__(self, size: int, seed: int, device: torch.device) -> None:
        self._size, self._seed, self._device = size, seed, device
        self._crops: torch.Tensor | None = None
        self._sources: list[frozenset[str]] = []
        self._clear: dict[frozenset[str], npt.NDArray[np.bool_]] = {}  # by the sources that are left out
        self._next, self._fresh = 0, range(0)

    def add(self, batch: Batch) -> None:
        """Keep the pairs of a batch, in place of the oldest ones when full."""
        count = min(batch.pairs, self._size)
        crops = torch.from_numpy(batch.crops[: 2 * count]).to(self._device)
        crops = crops.view(count, 2, *crops.shape[1:])
        if self._crops is None:
            self._crops = torch.empty((self._size, *crops.shape[1:]), dtype=torch.uint8, device=self._device)
        start = self._next if self._next + count <= self._size else 0
        self._crops[start : start + count] = crops
        self._fresh = range(start, start + count)
        mine = [batch.sources[2 * i] | batch.sources[2 * i + 1] for i in range(count)]
        self._sources[start : start + count] = mine
        for left_out, clear in self._clear.items():
            clear[start : start + count] = [not sources & left_out for sources in mine]
        self._next = start + count

    def draw(self, pairs: int, left_out: frozenset[str], number: int, *, is_fresh: bool) -> DeviceBatch | None:
        """`pairs` pairs without anything of the sources `left_out`; None while none is there.

        With `is_fresh` those of the last batch come first, as they are; all others are drawn at random, with
        repetition, and augmented anew. `number` is the seed.
        """
        able = np.flatnonzero(self._without(left_out))
        if self._crops is None or not len(able):
            return None
        fresh = able[np.isin(able, self._fresh)][: pairs if is_fresh else 0]
        random = np.random.default_rng((self._seed, number))
        again = random.choice(able, pairs - len(fresh))
        crops = self._crops[torch.from_numpy(np.concatenate([fresh, again])).to(self._device)]
        if len(again):
            crops[len(fresh) :] = augment_again(crops[len(fresh) :], int(random.integers(2**62)))
        labels = torch.tensor([0.0, 1.0], device=self._device).repeat(pairs)
        return DeviceBatch(crops.flatten(0, 1), labels, pairs)

    def _without(self, left_out: frozenset[str]) -> npt.NDArray[np.bool_]:
        """Which kept pairs have nothing of these sources, bool (size,)."""
        if left_out not in self._clear:
            clear = np.zeros(self._size, bool)
            clear[: len(self._sources)] = [not sources & left_out for sources in self._sources]
            self._clear[left_out] = clear
        return self._clear[left_out]


def augment_again(pairs: torch.Tensor, seed: int) -> torch.Tensor:
    """Uint8 (n, 2, ..., s, s, 3) mirrored, moved, recoloured, softened and made noisy; both of a pair alike."""
    n, device = len(pairs), pairs.device
    random = torch.Generator(device).manual_seed(seed)
    x = pairs.flatten(1, -4).movedim(-1, -3).float().div(255)  # (n, pictures of a pair, 3, s, s)

    def uniform(low: float, high: float, *shape: int) -> torch.Tensor:
        return torch.rand(n, *shape, generator=random, device=device).mul(high - low).add(low)

    turn, zoom = uniform(-math.radians(_DEGREES), math.radians(_DEGREES)), uniform(1 - _ZOOM, 1 + _ZOOM)
    flip = torch.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    across, down = (uniform(-2 * _SHIFT, 2 * _SHIFT) for _ in range(2))
    rows = [
        torch.stack([zoom * turn.cos() * flip, -zoom * turn.sin(), across], dim=1),
        torch.stack([zoom * turn.sin() * flip, zoom * turn.cos(), down], dim=1),
    ]
    grid = affine_grid(torch.stack(rows, dim=1), [n, 1, *x.shape[-2:]], align_corners=False)
    shape = x.shape
    moved = grid_sample(x.flatten(1, 2), grid, padding_mode="border", align_corners=False).view(shape)
    gain, offset = uniform(1 - _GAIN, 1 + _GAIN, 1, 3, 1, 1), uniform(-_OFFSET, _OFFSET, 1, 3, 1, 1)
    moved = (moved - 0.5) * gain + 0.5 + offset
    soft = (uniform(0, 1, 1, 1, 1, 1) < _SOFT) * uniform(0.2, 0.9, 1, 1, 1, 1)
    blurred = avg_pool2d(moved.flatten(0, 1), 3, 1, 1, count_include_pad=False).view(shape)
    moved = moved + soft * (blurred - moved)
    noise = torch.randn(n, 1, 1, *shape[-2:], generator=random, device=device) * uniform(0, _NOISE, 1, 1, 1, 1)
    moved = moved + (uniform(0, 1, 1, 1, 1, 1) < _NOISY) * noise
    return moved.clamp(0, 1).mul(255).round().byte().movedim(-3, -1).reshape(pairs.shape)
