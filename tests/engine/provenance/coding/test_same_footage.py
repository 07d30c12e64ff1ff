"""Shared footage by hashes: at which times, and not where pictures only look alike for a moment."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.engine.provenance.coding import same_footage
from inspector.engine.provenance.coding.same_footage import Hashes, shared_footage


def film(seconds: float, seed: int, *, start: float = 0.0) -> Hashes:
    """Hashes five times a second; a scene every second, whose hashes differ in few bits."""
    random = np.random.default_rng(seed)
    times = np.arange(0, seconds, 0.2)
    scenes = random.integers(0, 2**63, int(seconds) + 1).astype(np.uint64)
    noise = np.array([1 << int(bit) for bit in random.integers(0, 63, len(times))], np.uint64)
    return times + start, scenes[times.astype(int)] ^ noise


def noisy(hashes: Hashes, bits: int) -> Hashes:
    random = np.random.default_rng(9)
    values = hashes[1].copy()
    for _ in range(bits):
        values ^= np.array([1 << int(bit) for bit in random.integers(0, 63, len(values))], np.uint64)
    return hashes[0], values


def joined(*parts: Hashes) -> Hashes:
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def test_a_cut_of_another_clip_is_found_with_its_times():
    source = film(20, 1)
    inside = (source[0] >= 6) & (source[0] < 12)
    part = noisy((source[0][inside] - 6 + 3.1, source[1][inside]), 3)  # hashed at other moments, and coded again
    copy = joined(film(3, 2), part, film(5, 3, start=9.2))
    (stretch,) = shared_footage(source, copy)
    assert stretch.start == pytest.approx(6.0, abs=0.41)
    assert stretch.end == pytest.approx(11.8, abs=0.41)
    assert stretch.other_start - stretch.start == pytest.approx(-2.9, abs=0.41)
    assert 1 < stretch.bits < 5


def test_a_part_of_a_scene_that_hardly_changes_keeps_its_time():
    """The same file, of which one analysis was of a part, was said to lie 0.3 s apart and to go on behind that part."""
    times = np.arange(0, 7, 0.2)
    steps = np.array([(1 << (3 * n) % 60) | (1 << (3 * n + 1) % 60) for n in range(len(times))], np.uint64)
    values = np.bitwise_xor.accumulate(steps)
    inside = (times >= 1.5) & (times < 4)
    (stretch,) = shared_footage((times, values), (times[inside] + 0.05, values[inside]))
    assert stretch.other_start == pytest.approx(stretch.start, abs=0.11)
    assert stretch.start >= 1.5
    assert stretch.other_start + stretch.end - stretch.start <= 4.0
    assert stretch.end == pytest.approx(3.8, abs=0.1)


def test_two_parts_in_another_order_are_two_stretches():
    source = film(20, 1)
    early, late = ((source[0] >= a) & (source[0] < b) for a, b in ((2, 6), (12, 17)))
    copy = joined((source[0][late] - 12, source[1][late]), (source[0][early] - 2 + 5, source[1][early]))
    stretches = shared_footage(source, copy)
    assert [(round(each.start), round(each.other_start)) for each in stretches] == [(2, 5), (12, 0)]


def test_other_films_and_single_pictures_share_nothing():
    one, other = film(30, 1), film(30, 2)
    assert shared_footage(one, other) == []
    other[1][50:53] = one[1][70:73]  # half a second
    assert shared_footage(one, other) == []
    assert shared_footage(one, (np.zeros(0), np.zeros(0, np.uint64))) == []


def test_two_long_clips_that_stand_still_take_bounded_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("inspector.engine.provenance.coding.same_footage._MOST_PAIRS", 20_000)
    still = np.arange(0, 200, 0.2), np.full(1000, 12345, np.uint64)
    (stretch,) = shared_footage(still, still)[:1]
    assert stretch.bits == 0


@pytest.mark.parametrize("shape", [(5,), (3, 4), (0,), (2, 0)])
def test_bits_are_counted_alike_by_every_numpy(shape):
    values = np.random.default_rng(3).integers(0, 2**64, shape, np.uint64)
    wanted = [int(value).bit_count() for value in values.ravel()]
    for counted in (same_footage._count_by_table(values), same_footage.count_bits(values)):
        assert counted.dtype == np.uint8
        assert counted.shape == shape
        assert counted.ravel().tolist() == wanted
