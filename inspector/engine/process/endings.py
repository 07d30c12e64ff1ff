"""Sentences about an engine process that ended or stalled; the command line and the window share them."""

from __future__ import annotations

import signal

from inspector.engine import faults

STDERR_TAIL = 32_000  # bytes of a process's last output that are kept for the log: a crash dumps all its stacks
_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL")


def ended_text(code: int, stderr_tail: bytes, *, by_signal: bool, was_ready: bool) -> str:
    """The sentence about a process that ended by itself; its last output goes to the log.

    `code` is the exit code or, with `by_signal`, the signal's number (on Windows the exception's code).
    """
    how, where = _record("The analysis process", code, stderr_tail, by_signal=by_signal)
    if not was_ready:
        return (
            f"The analysis process cannot start ({how}); run inspector selftest, or install the program again. {where}"
        )
    return f"The analysis process ended unexpectedly ({how}); finished frames are kept. {where}"


def player_ended_text(name: str, code: int, stderr_tail: bytes, *, by_signal: bool) -> str:
    """The sentence about the process that decodes for the window, which had the file `name` open."""
    how, where = _record("The player's process", code, stderr_tail, by_signal=by_signal)
    return (
        f"The player's process ended unexpectedly ({how}) while {name} was open; it starts again when a frame is asked "
        f"for. {where}"
    )


def _record(process: str, code: int, stderr_tail: bytes, *, by_signal: bool) -> tuple[str, str]:
    """How a process ended, and where its last output is, which goes to the log."""
    how = signal_text(code) if by_signal else f"exit code {code}: an error of the program"
    output = stderr_tail.decode("utf-8", errors="replace").strip() or "(no output)"
    return how, faults.record_text(f"{process} ended ({how}). Its last output:\n{output}")


def stalled_text(seconds: float) -> str:
    """The sentence about a process that was ended because it made no progress."""
    return f"The analysis process sent no message for {seconds:.0f} s and was ended; finished frames are kept."


def signal_text(number: int) -> str:
    """The name of the signal that ended a process, with its most likely cause."""
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"error {number & 0xFFFFFFFF:#x}"  # a Windows exception code
    if name == "SIGKILL":
        return f"{name}: killed by another program, or by the system for lack of memory"
    if name in _CRASHES:
        return f"{name}: a library crashed, which a damaged or malicious file can cause"
    return f"{name}: ended by another program"
