"""A probability is never written as certainty."""

import pytest

from inspector.domain.scores import rounded
from inspector.engine.report.text import probability


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.996, 2, ">0.99"),
        (0.994, 2, "0.99"),
        (1.0, 2, ">0.99"),
        (0.9996, 3, ">0.999"),
        (0.5, 2, "0.50"),
        (0.005, 2, "0.01"),
        (0.004, 2, "<0.01"),
        (0.0, 3, "<0.001"),
    ],
)
def test_a_probability_is_never_rounded_to_zero_or_one(value: float, digits: int, expected: str) -> None:
    assert rounded(value, digits) == expected
    assert probability(value, digits) == expected.replace(">", "over ").replace("<", "under ")
