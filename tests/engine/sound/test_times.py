"""To which section of joined recordings a piece of sound belongs."""

from dataclasses import replace
from fractions import Fraction

import pytest

from inspector.domain.clip import Section
from inspector.engine.sound.times import ClipTimes
from tests.engine.report.conftest import build

JOINED = replace(
    build(1, 1).analysis.clip,
    start_pts=100,
    time_base=Fraction(1, 100),
    sections=(Section(100, 100), Section(600, 110, "back")),  # the second begins at 5 s
)


@pytest.mark.parametrize("ends", [1.5, 3.0, 4.99, 5.3])
def test_sound_of_a_part_begins_with_its_pictures_however_early_that_of_the_part_before_ends(ends: float):
    """Where it ended early, all sound behind the seam was measured and played too early."""
    times = ClipTimes(JOINED, 0.0)
    pieces = [0.0, 0.5, ends - 0.5]
    assert [times.of(1.0 + at, 0.5) for at in pieces] == pytest.approx(pieces)
    assert [times.of(1.1 + at, 0.5) for at in (0.03, 0.53, 3.0)] == pytest.approx([5.03, 5.53, 8.0])


def test_a_stamp_that_goes_back_far_from_a_seam_begins_no_part():
    later = replace(JOINED, sections=(Section(100, 100), Section(6100, 110, "back")))
    times = ClipTimes(later, 0.0)
    assert [times.of(1.0 + at, 0.5) for at in (0.0, 20.0, 9.0, 20.5)] == pytest.approx([0.0, 20.0, 9.0, 20.5])
