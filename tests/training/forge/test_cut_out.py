"""Faces before another background."""

import numpy as np

from training.forge.cut_out import cut_out


def test_both_crops_of_a_pair_get_the_same_background_and_keep_their_faces() -> None:
    random = np.random.default_rng(1)
    pair = random.integers(0, 256, (2, 56, 56, 3), dtype=np.uint8)
    for seed in range(20):
        found = cut_out(pair, np.random.default_rng(seed))
        assert found.shape == pair.shape
        assert found.dtype == np.uint8
        assert np.array_equal(found, cut_out(pair, np.random.default_rng(seed)))
        np.testing.assert_array_equal(found[:, 22:32, 22:32], pair[:, 22:32, 22:32])
        is_changed = (found[:, 0, 0] != pair[:, 0, 0]).any(axis=1)
        assert is_changed.all()


def test_a_plain_background_hides_what_was_behind_the_face() -> None:
    pair = np.stack([np.full((56, 56, 3), 90, np.uint8), np.full((56, 56, 3), 200, np.uint8)])
    shown = [cut_out(pair, np.random.default_rng(seed))[:, 0, 0] for seed in range(40)]
    same = [bool((one == other).all()) for one, other in shown]
    assert 0.7 < np.mean(same) < 1.0, "a blurred background, of each picture its own, is one of six kinds"
    assert sum(bool((one > 240).all()) for (one, _), is_same in zip(shown, same, strict=True) if is_same) > 5
