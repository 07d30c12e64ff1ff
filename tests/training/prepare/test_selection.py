"""What is selected of an index."""

from pathlib import Path

import pytest

from training.prepare.index import load_index
from training.prepare.selection import scorable
from training.recipe import Recipe

GOOD = {"face_px": 100.0, "sharpness": 100.0, "yaw": 0.0, "pitch": 0.0, "roll": 0.0, "inside": 1.0}


@pytest.mark.parametrize("poor", [{"face_px": 47.0}, {"sharpness": 11.0}, {"yaw": -51.0}, {"inside": 0.79}])
def test_a_face_that_the_program_would_not_score_is_not_measured(tiny: Recipe, poor: dict[str, float]):
    first, second, *_ = load_index(Path(tiny.prepare.folder))
    assert scorable([first | GOOD, second | GOOD | poor, second | GOOD]) == [first | GOOD, second | GOOD]
