"""The table of where the time goes: steps add up over threads, and the whole covers them."""

import threading

import pytest

from inspector.engine.timings import PROCESSOR, WHOLE, Timings


def test_steps_add_up_over_threads_and_keep_the_order_in_which_they_began():
    timings = Timings()
    timings.add("decode", 1.0)

    def work() -> None:
        for _ in range(500):
            timings.add("find", 0.01)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    timings.add("decode", 0.5, calls=3)
    rows = {row.step: row for row in timings.table()}
    assert list(rows) == ["decode", "find", WHOLE, PROCESSOR]
    assert (rows["decode"].seconds, rows["decode"].calls) == (1.5, 4)
    assert rows["find"].calls == 2000
    assert rows["find"].seconds == pytest.approx(20.0)


def test_a_step_that_fails_is_counted_and_an_iterator_counts_its_items():
    timings = Timings()
    with pytest.raises(OSError, match="gone"), timings.step("open"):
        raise OSError("gone")
    assert list(timings.each("decode", iter("abc"))) == ["a", "b", "c"]
    calls = {row.step: row.calls for row in timings.table()}
    assert (calls["open"], calls["decode"]) == (1, 3)
    assert all(row.seconds >= 0 for row in timings.table())
