"""Footage that a clip holds twice: exact and near repeats are found, still and unrelated pictures are none."""

import numpy as np
import pytest

from inspector.domain.analysis import FrameRecord
from inspector.domain.observations.coding import FrameHash
from inspector.engine.provenance.coding.history import coding_history
from inspector.engine.provenance.coding.repeats import EXACT, NEAR, exact_repeats, near_repeats, repeat_measures
from tests.engine.provenance.coding.test_history import clip_of, series_of

CLIP = clip_of(500)  # 25 frames a second, the first pts is 100


def frames_of(names) -> list[FrameRecord]:
    return [FrameRecord(at, 100 + at, False, str(name)) for at, name in enumerate(names)]


def hashes_of(values, every=5) -> list[FrameHash]:
    return [FrameHash(100 + every * at, int(value)) for at, value in enumerate(values)]


def moving(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**63, count, dtype=np.uint64)


def test_an_exact_loop_is_found_where_it_begins_again() -> None:
    once = list(range(50))
    assert exact_repeats(frames_of([*once, *once, *once[:20]]), CLIP) == [(150, 219)]
    assert exact_repeats(frames_of([*range(100, 130), *once[:30], *range(200, 230), *once[5:30]]), CLIP) == [(190, 214)]


@pytest.mark.parametrize(
    "names",
    [
        range(200),
        [7] * 200,  # it stands still
        [0, 1] * 100,  # it flickers
        [*range(50), *range(10), *range(100, 150)],  # too short
        [*range(50), *reversed(range(50))],  # played backwards: not in the same order
    ],
)
def test_no_exact_loop(names) -> None:
    assert exact_repeats(frames_of(names), CLIP) == []


def test_an_exact_loop_whose_frames_are_doubled_is_found() -> None:
    once = [at // 2 for at in range(60)]
    ((first, last),) = exact_repeats(frames_of([*once, *once]), CLIP)
    assert (first, last) == pytest.approx((160, 218), abs=2)


def test_a_near_loop_is_found_and_what_stands_still_is_none() -> None:
    once = moving(30)
    again = once ^ np.uint64(0b101)  # coded again
    found = near_repeats(hashes_of([*once, *moving(10, 2), *again]), CLIP)
    assert found == [(100 + 5 * 40, 100 + 5 * 69)]
    still = np.repeat(moving(1, 3), 30)
    assert near_repeats(hashes_of([*still, *moving(10, 2), *still]), CLIP) == []
    assert near_repeats(hashes_of(moving(80)), CLIP) == []
    assert near_repeats([], CLIP) == []


def test_what_repeats_exactly_is_said_once_and_by_a_rule_with_its_causes() -> None:
    once = moving(25)
    names = [at % 125 for at in range(250)]
    found = repeat_measures(frames_of(names), hashes_of([*once, *once]), CLIP)
    assert set(found) == {EXACT}
    assert found[EXACT].value == pytest.approx(4.96)
    near = repeat_measures(frames_of(range(250)), hashes_of([*once, *once]), CLIP)
    assert set(near) == {NEAR}
    said = [fact.sentence for fact in coding_history(series_of(), CLIP, {**found, **near}).facts]
    assert any("For 5.0 s the frames are, pixel by pixel, frames that were shown before" in one for one in said)
    assert any("looks like footage that was shown before: from 5.00 to 9.80 s" in one for one in said)
