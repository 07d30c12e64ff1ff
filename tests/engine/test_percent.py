"""Hashing a large file says how far it is, a few times per second."""

import pytest

from inspector.engine import percent
from inspector.engine.decode.evidence import hash_file


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a tenth of a second each time it is asked."""
    now = [0.0]

    def tick():
        now[0] += 0.1
        return now[0]

    monkeypatch.setattr(percent.time, "monotonic", tick)


@pytest.mark.usefixtures("clock")
def test_the_percentage_rises_and_is_told_seldom(tmp_path):
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(20 << 20))
    told = []
    hash_file(path, tell=told.append)
    assert told == [15, 30, 45, 60, 75, 90], "every third of twenty pieces"


def test_what_is_read_at_once_says_nothing(tmp_path):
    (tmp_path / "small.bin").write_bytes(bytes(1 << 20))
    told = []
    hash_file(tmp_path / "small.bin", tell=told.append)
    assert told == []
