"""Short looks at a disk for the UI thread, which waits for none of them for longer than a moment.

A look at a network share whose server is gone ends after minutes or never. Work on files belongs on a thread
(`inspector/ui/case/background.py`); this is for a question whose answer is needed now, such as whether a file is there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar

from inspector.engine.faults import Boundary

T = TypeVar("T")

SECONDS = 0.3  # as long as a click may take; a share that answers at all does so within it
CLOSING_SECONDS = 3.0  # while the window closes, as for the processes of the player

_waiting: set[Hashable] = set()  # the looks that have not ended


def glance(look: Callable[[Path], T], path: Path, otherwise: T, seconds: float | None = None) -> T:
    """What `look` finds at a path; `otherwise` if it has not ended within the time, or an earlier one there has not."""
    key = look, path
    if key in _waiting:
        return otherwise
    _waiting.add(key)
    found: list[T] = []
    thread = threading.Thread(target=_run, args=(look, path, found), name="glance", daemon=True)
    thread.start()
    thread.join(SECONDS if seconds is None else seconds)
    return found[0] if found else otherwise


@Boundary("looking at a disk")
def _run(look: Callable[[Path], T], path: Path, found: list[T]) -> None:
    try:
        found.append(look(path))
    finally:
        _waiting.discard((look, path))
