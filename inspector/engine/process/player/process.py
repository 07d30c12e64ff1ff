"""The process itself: loads its libraries ahead of its use, is confined to one file, and serves the window.

What it may read is known only when the window opens a file. Until then it waits with its libraries loaded, and has read
nothing but them. Landlock holds for the calling thread and those that it starts: no library may have started one.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from inspector.engine import faults
from inspector.engine.process.confine.apply import confine, has_one_thread
from inspector.engine.process.stall import StallPolicy

if TYPE_CHECKING:
    from inspector.engine.process.player.memory import PictureMemory

_NOT_AHEAD = "--not-ahead"
_SWITCH_SECONDS = 0.001  # a thread that answers the window waits no longer for one that decodes


def main(arguments: Sequence[str]) -> NoReturn:
    """Run the process on its stdin and stdout, with the picture memory of that handle; other output goes to stderr."""
    faults.install("player process")
    faulthandler.enable()  # a library that crashes leaves the Python traceback of its caller on stderr
    code = 1
    try:
        with faults.Boundary("serving the window"):
            _serve(arguments[0], is_ahead=_NOT_AHEAD not in arguments)
            code = 0
    finally:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)  # threads of FFmpeg abort a process whose interpreter is taken down beneath them


def _serve(handle: str, *, is_ahead: bool) -> None:
    if is_ahead:
        import inspector.engine.process.player.server  # noqa: F401

        if not has_one_thread():
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:], _NOT_AHEAD])  # noqa: S606
    # One byte, once the access is written down.
    if not sys.stdin.buffer.read(1):
        return
    memory = _memory(handle) if is_ahead else None  # before: Windows lets a confined process open none
    confinement = confine(only_reads=True)
    from inspector.engine.process.player.server import Server

    sys.setswitchinterval(_SWITCH_SECONDS)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    memory = memory or _memory(handle)
    Server(sys.stdin.buffer, answers, memory, confinement, StallPolicy().base_seconds).run()


def _memory(handle: str) -> PictureMemory:
    from inspector.engine.process.player.memory import PictureMemory

    return PictureMemory(handle)
