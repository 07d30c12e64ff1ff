"""Following is refused where the two ends do not agree, and what it misses between them is counted."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.domain.arrays import Image
from inspector.engine.faces.finder import FaceFinder
from tests.benchmarks.following import Difference, compare, full_searches, search, shown
from tests.clips import make_clip, portrait

_WIDTH, _HEIGHT, _FRAMES = 640, 320, 9


@pytest.fixture(scope="module")
def finder() -> Iterator[FaceFinder]:
    with FaceFinder() as made:
        yield made


def compared(path: Path, finder: FaceFinder, second: range) -> Difference:
    """One face in each frame, and a smaller one in those of `second`; searched in full at both ends only."""

    def scene(number: int) -> Image:
        image = np.repeat(np.linspace(20, 230, _WIDTH)[None, :, None], _HEIGHT, 0).repeat(3, 2).astype(np.uint8)
        for x, side, shows in ((10 + number, 240, True), (430, 200, number in second)):
            if shows:
                image[20 : 20 + side, x : x + side] = cv2.resize(portrait(), (side, side), interpolation=cv2.INTER_AREA)
        return image

    make_clip(path, frames=_FRAMES, size=(_WIDTH, _HEIGHT), fps=30, picture=scene)
    found = search(path, finder, _FRAMES)
    assert full_searches(found, 30) == [0, _FRAMES - 1]
    assert full_searches(found, 3) == [0, 3, 6, 8]
    return compare(found, finder, 30, 2, None)


def test_a_steady_face_is_followed(tmp_path: Path, finder: FaceFinder):
    given = compared(tmp_path / "steady.mp4", finder, range(0))
    assert (given.followed, given.refused, given.other_count, given.other_tracks) == (_FRAMES - 2, 0, 0, 0)
    assert given.pairs == len(given.landmarks) == _FRAMES - 2
    assert 0 < max(given.landmarks) < 3
    assert next(iter(shown({(30, 2): given}, 1).columns[1].cells)) == "9, 7"


def test_a_face_that_comes_and_goes_between_two_searches_is_counted_as_missed(tmp_path: Path, finder: FaceFinder):
    given = compared(tmp_path / "short.mp4", finder, range(3, 6))
    assert (given.followed, given.other_count, given.other_tracks) == (_FRAMES - 2, 3, 1)


@pytest.mark.parametrize("second", [range(4, _FRAMES), range(5)])
def test_a_face_that_only_one_end_shows_refuses_to_follow(tmp_path: Path, finder: FaceFinder, second: range):
    given = compared(tmp_path / "one_end.mp4", finder, second)
    assert (given.followed, given.refused, given.other_count) == (0, 1, 0)
