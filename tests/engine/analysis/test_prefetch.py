"""Working ahead keeps order, raises the thread's errors, and leaves no thread behind."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from inspector.engine.analysis.prefetch import prefetched


def names() -> list[str]:
    return [t.name for t in threading.enumerate()]


def test_order_is_kept_and_the_thread_ends():
    assert list(prefetched(range(100), 3)) == list(range(100))
    assert "prefetch" not in names()


def test_errors_come_through_after_what_was_done():
    def failing() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    items = prefetched(failing(), 2)
    assert next(items) == 1
    with pytest.raises(OSError, match="gone"):
        next(items)
    assert "prefetch" not in names()


def test_closing_early_ends_the_thread_and_stops_fetching():
    fetched = []

    def endless() -> Iterator[int]:
        while True:
            fetched.append(1)
            yield 1

    with closing(prefetched(endless(), 4)) as items:
        next(items)
    assert "prefetch" not in names()
    assert len(fetched) <= 8
