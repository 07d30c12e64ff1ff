"""Pairs that are learnt from more than once."""

import numpy as np
import pytest
import torch

from training.fit.batch.batches import Batch
from training.fit.batch.replay import Replay, augment_again
from training.recipe import Recipe, SourceFoldsTable

CPU = torch.device("cpu")


def batch(names: str, start: int = 0) -> Batch:
    """A pair of each source; both crops have one value, by which they are known."""
    values = np.repeat(np.arange(start, start + len(names)), 2)
    crops = np.broadcast_to(values[:, None, None, None], (2 * len(names), 8, 8, 3)).astype(np.uint8)
    sources = tuple(frozenset(name) for name in names for _ in range(2))
    labels = np.tile(np.array([0, 1], np.float32), len(names))
    return Batch(crops, labels, ("",) * len(sources), ("",) * len(sources), sources, len(names))


def test_fresh_pairs_come_first_as_they_are_and_kept_ones_fill_the_step() -> None:
    replay = Replay(6, 1, CPU)
    assert replay.draw(2, frozenset(), 0, is_fresh=True) is None
    replay.add(batch("aab", 10))
    found = replay.draw(3, frozenset("b"), 0, is_fresh=True)
    assert found is not None
    assert found.crops.shape == (6, 8, 8, 3)
    assert found.crops[::2, 0, 0, 0].tolist()[:2] == [10, 11]
    assert found.labels.tolist() == [0, 1, 0, 1, 0, 1]
    assert replay.draw(2, frozenset("ab"), 0, is_fresh=True) is None
    replay.add(batch("bbb", 100))
    old = replay.draw(4, frozenset("b"), 1, is_fresh=True)
    assert old is not None
    assert old.crops.max() < 90, "none of b, although all fresh pairs are of b"
    replay.add(batch("bbb", 200))
    assert replay.draw(4, frozenset("b"), 2, is_fresh=True) is None, "the oldest pairs are gone"


def test_both_of_a_pair_change_alike_and_two_draws_differ() -> None:
    random = np.random.default_rng(0)
    image = torch.from_numpy(random.integers(0, 256, (32, 1, 24, 24, 3), np.uint8))
    pairs = image.repeat(1, 2, 1, 1, 1)
    once, twice = augment_again(pairs, 1), augment_again(pairs, 2)
    assert once.shape == pairs.shape
    assert once.dtype == torch.uint8
    assert torch.equal(once[:, 0], once[:, 1])
    assert not torch.equal(once, twice)
    assert torch.equal(once, augment_again(pairs, 1))
    ramp = torch.arange(0, 240, 10, dtype=torch.uint8).view(1, 1, 1, 24, 1).expand(64, 2, 24, 24, 3).contiguous()
    out = augment_again(ramp, 3).float()
    mirrored = out[:, 0, 12, 2, 0] > out[:, 0, 12, 21, 0]
    assert 16 < int(mirrored.sum()) < 48, "half of them"
    assert (out.mean(dim=(1, 2, 3, 4)) - 115).abs().max() < 40, "otherwise they stay what they are"


def test_a_difference_between_the_two_survives() -> None:
    pairs = torch.full((16, 2, 24, 24, 3), 100, dtype=torch.uint8)
    pairs[:, 1, 8:16, 8:16] = 140
    out = augment_again(pairs, 1).float()
    assert (out[:, 1] - out[:, 0]).amax(dim=(1, 2, 3)).min() > 20
    assert (out[:, 1, :2, :2] - out[:, 0, :2, :2]).abs().max() == 0


def test_windows_of_frames_keep_their_order() -> None:
    pairs = torch.stack([torch.full((2, 8, 8, 3), v, dtype=torch.uint8) for v in (50, 150)], dim=1)[None]
    assert pairs.shape == (1, 2, 2, 8, 8, 3)
    out = augment_again(pairs, 1).float().mean(dim=(3, 4, 5))
    assert (out[0, :, 1] - out[0, :, 0]).min() > 60


def test_what_a_recipe_may_not_ask_for(tiny: Recipe) -> None:
    with pytest.raises(ValueError, match="set kept as well"):
        SourceFoldsTable(count=2, pairs=2, steps_per_batch=1)
    with pytest.raises(ValueError, match="set pairs as well"):
        SourceFoldsTable(count=2, kept=10)
