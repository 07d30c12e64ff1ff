"""The steps of an analysis, one by one: its batches and then itself; a step that is not wanted any more is given up."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from itertools import chain

from inspector.domain.analysis import Analysis, Batch
from inspector.engine import activity
from inspector.engine.model.detector import Detector

Step = Batch | Analysis


def steps_of(run: Generator[Batch, None, Analysis], check: Callable[[], None]) -> Iterator[Step]:
    """The batches of an analysis, and then itself. `check` may raise StoppedError while one is made."""
    steps = _with_result(run)
    while True:
        with activity.checked(check):
            step = next(steps)
        yield step


def _with_result(run: Generator[Batch, None, Analysis]) -> Iterator[Step]:
    yield (yield from run)


def tried(steps: Iterator[Step], detector: Detector | None) -> Iterator[Step]:
    """The steps, the first one made, and networks tried meanwhile. Raises BundleError, or why there is no first one."""
    first = next(steps)
    if detector is not None:
        detector.wait_until_tried()
    return chain([first], steps)


def next_unless_stopped(steps: Iterator[Step], *, can_resume: bool) -> Step | None:
    """The next step; None if it was given up, which is raised where there is nothing to resume from."""
    try:
        return next(steps)
    except activity.StoppedError:
        if can_resume:
            return None
        raise
