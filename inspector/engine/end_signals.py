"""Signals that end a command: Ctrl-C, and what a service manager, `kill` or a closed terminal send."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP, and delivers no SIGTERM


class Ended(KeyboardInterrupt):
    """The system or a terminal ends the program, which `number` says; as Ctrl-C does."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def exit_code(number: int) -> int:
    """The exit code of a program that a signal ended, as shells have it: 130 after Ctrl-C, 143 after SIGTERM."""
    return 128 + number


def number_of(interrupt: KeyboardInterrupt) -> int:
    """The signal behind an interrupt."""
    return interrupt.number if isinstance(interrupt, Ended) else signal.SIGINT


@contextmanager
def raised() -> Iterator[None]:
    """Within the block all of these signals raise, as Ctrl-C does by itself: what is open is closed in good order."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        raise Ended(number)

    with handled(end, *_NAMES[1:]):
        yield


@contextmanager
def handled(handler: Callable[[int, FrameType | None], object], *names: str) -> Iterator[None]:
    """Have the signals `names`, by default all of these, call `handler` within the block.

    Those that are ignored, as under nohup, stay so. Only the main thread of a program can do this; in others the block
    runs without it.
    """
    former = {}
    if threading.current_thread() is threading.main_thread():
        numbers = [number for name in names or _NAMES if (number := getattr(signal, name, None)) is not None]
        former = {number: signal.getsignal(number) for number in numbers}
    taken = {number: known for number, known in former.items() if known not in (signal.SIG_IGN, None)}
    try:
        for number in taken:
            signal.signal(number, handler)
        yield
    finally:
        for number, known in taken.items():
            signal.signal(number, known)
