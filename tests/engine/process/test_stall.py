"""The limits after which an engine process counts as stalled."""

import pytest

from inspector.engine.process.stall import StallPolicy


@pytest.mark.parametrize(
    ("size_bytes", "is_loaded", "is_report", "seconds"),
    [
        (0, True, False, 120),
        (2_000_000_000, True, False, 220),
        (2_000_000_000, True, True, 2200),
        (8 << 40, True, False, 3720),
        (0, False, False, 360),
        (0, False, True, 1440),
    ],
)
def test_the_limit_grows_with_the_file_the_report_and_a_cold_start(
    size_bytes: int, is_loaded: bool, is_report: bool, seconds: float
):
    assert StallPolicy().limit(size_bytes, is_loaded=is_loaded, is_report=is_report) == seconds
