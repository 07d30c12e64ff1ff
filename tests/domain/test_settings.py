"""Ranges of settings, and arithmetic of boxes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.geometry import Box
from inspector.domain.settings import Settings, check

SIDES = st.floats(0.5, 500)
COORDINATES = st.floats(-500, 500)
BOXES = st.builds(Box, COORDINATES, COORDINATES, SIDES, SIDES)


def test_defaults_are_valid():
    check(Settings())


@pytest.mark.parametrize(
    "changes",
    [
        {"every": 0},
        {"device": "tpu"},
        {"detection_confidence": float("nan")},
        {"start_seconds": -1.0},
        {"end_seconds": float("inf")},
        {"cam_method": "x"},
    ],
)
def test_values_out_of_range_are_reported(changes: dict):
    (name,) = changes
    with pytest.raises(ValueError, match=Settings.__dataclass_fields__[name].metadata["label"]):
        check(replace(Settings(), **changes))


def test_a_limit_that_there_is_not_is_not_named():
    with pytest.raises(ValueError, match=r"^Start must be a number from 0\.0 s, not -1\.0\.$"):
        check(replace(Settings(), start_seconds=-1.0))


@given(BOXES, BOXES)
def test_iou_is_symmetric_and_between_0_and_1(one: Box, other: Box):
    assert one.iou(other) == pytest.approx(other.iou(one))
    assert 0 <= one.iou(other) <= 1 + 1e-9
    assert one.iou(one) == pytest.approx(1)


@given(BOXES, st.floats(0.1, 5))
def test_expanded_keeps_the_centre(box: Box, factor: float):
    grown = box.expanded(factor)
    assert grown.centre == pytest.approx(box.centre, abs=1e-6)
    assert grown.area == pytest.approx(box.area * factor**2)
