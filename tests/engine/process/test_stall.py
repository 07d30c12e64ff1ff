"""The limits after which an engine process counts as stalled."""

import inspect

from inspector.engine.process.stall import StallPolicy


def test_the_limit_is_fixed_but_for_a_cold_start():
    policy = StallPolicy()
    assert (policy.limit(is_loaded=True), policy.limit(is_loaded=False)) == (120, 360)
    assert list(inspect.signature(policy.limit).parameters) == ["is_loaded"], "nothing about the file"
