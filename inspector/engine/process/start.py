"""The engine process itself: it is confined to the files of its jobs, and serves requests.

It can be started before it is known which files these are. It then loads its libraries and waits, and has read nothing
but them: what it may use is written down, it is told so, and it confines itself before it reads a request. Landlock
holds for the calling thread and those that it starts: no library may have started one.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import BinaryIO, NoReturn

from inspector.engine import activity, faults
from inspector.engine.process.confine import apply
from inspector.engine.process.launch import AHEAD
from inspector.engine.process.libraries import load_libraries
from inspector.engine.process.stall import StallPolicy

_WAITS = "--waits"  # for the same byte, and load the libraries afterwards


def main(arguments: Sequence[str], confine: Callable[[], str] = apply.confine) -> NoReturn:
    """Run the engine on this process' stdin and stdout; anything else that prints goes to stderr.

    `confine` confines the process, and says by which means.
    """
    faults.install("analysis process")
    # A service manager sends it to all processes of a service at once: the parent lets what is under way end first, and
    # this process ends with it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    faulthandler.enable()  # a library that crashes leaves the Python traceback of its caller on stderr
    code = 1
    try:
        with faults.Boundary("serving requests"):
            answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            if not {AHEAD, _WAITS} & set(arguments) or _is_wanted(answers, is_ahead=AHEAD in arguments):
                confinement = confine()  # first: importing the server starts threads
                from inspector.engine.process.server import Server

                Server(sys.stdin.buffer, answers, confinement, StallPolicy().base_seconds).run()
            code = 0
    finally:
        # Torch, MediaPipe and FFmpeg have threads of their own, which abort the process when the interpreter is taken
        # down beneath them. By now all answers are flushed and all transactions are committed.
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)


def _is_wanted(answers: BinaryIO, *, is_ahead: bool) -> bool:
    """Wait, with the libraries loaded if they allow it, and return whether there is anything to serve."""
    if is_ahead:
        _load(answers)
        if not apply.has_one_thread():
            os.dup2(answers.fileno(), sys.stdout.fileno())
            command = [_WAITS if word == AHEAD else word for word in sys.orig_argv[1:]]
            os.execv(sys.executable, [sys.executable, *command])  # noqa: S606
    return bool(sys.stdin.buffer.read(1))


def _load(answers: BinaryIO) -> None:
    """Load the libraries, and say meanwhile that something is done: from a cold disk it takes minutes."""
    from inspector.engine.process import protocol

    def tell(stage: activity.Stage | None, percent: float) -> None:
        with suppress(OSError):  # nobody waits any more, which the end of stdin says
            answers.write(protocol.pack(protocol.Working(0, stage, percent)))
            answers.flush()

    # An error occurs again, and is reported, when a job is requested.
    with activity.Reporter(tell), faults.Boundary("loading the libraries", lambda error: None):
        load_libraries()
        import inspector.engine.process.jobs
        import inspector.engine.process.server  # noqa: F401
    gc.freeze()  # what the libraries made stays, and is not looked through again
