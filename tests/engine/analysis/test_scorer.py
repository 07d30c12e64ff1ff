"""Batches of the scorer: in order, and as soon as they are scored."""

from __future__ import annotations

import time

from inspector.engine.analysis.scorer import PendingBatch, Scorer


def test_a_batch_is_ready_as_soon_as_it_is_scored_and_not_with_the_next_one() -> None:
    first, second = PendingBatch(), PendingBatch()
    with Scorer(None) as scorer:
        assert list(scorer.score(first)) == []
        ready: list[PendingBatch] = []
        until = time.monotonic() + 10
        while not ready and time.monotonic() < until:
            ready = list(scorer.ready())
        assert ready == [first]
        assert list(scorer.score(second)) == []
        assert list(scorer.finish()) == [second]
        assert list(scorer.ready()) == []
