"""The logged speed of a run."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from training.fit import watch
from training.fit.watch import Watch
from training.recipe import Recipe


def test_the_pace_does_not_count_what_starting_took(tiny: Recipe, tmp_path: Path, monkeypatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(watch, "HeldOut", lambda *_: None)
    state: Any = SimpleNamespace(step=10, seen=[], optimiser=SimpleNamespace(param_groups=[{"lr": 0.1}]))
    messages: list[str] = []
    one = Watch(tiny.with_steps(20), tmp_path, [], cast(Any, state), messages.append)
    for step, time in ((11, 1600.0), (12, 1602.0), (13, 1604.0)):  # ten minutes until the workers gave a batch
        state.step, now[0] = step, time
        state.seen.append([0.5, 0.75])
        one.progress(8 * (step - 10), is_due=step != 12)
    one.close()
    steps = [line for line in messages if line.startswith("step")]
    assert len(steps) == 2
    assert steps[0].endswith("learning rate 0.1"), "one step says nothing of the pace"
    assert steps[1].endswith("4.0 crops/s, 14 s left")
    assert "loss 0.5000, accuracy 0.750" in steps[1]


@pytest.mark.parametrize(("seconds", "expected"), [(3.2, "3 s"), (61, "1 min"), (7300, "2 h 02 min")])
def test_durations_are_formatted_for_people(seconds: float, expected: str) -> None:
    assert watch.duration(seconds) == expected
