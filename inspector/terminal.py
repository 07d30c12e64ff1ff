"""Writing to the terminal: file names and messages cannot control it or add lines, and nothing in them is markup.

Every line that the command line prints goes through here, or through the consoles of inspector/console.py;
`tests/test_untrusted_text.py` forbids `print` elsewhere. Only light modules are imported here: a scan starts its engine
process before it loads others.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.domain.printable import printable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

UNREAD = 141
"""The exit code of a command whose output nobody reads to its end, such as `head`: that of SIGPIPE in a shell."""


def given_path(text: str) -> Path:
    """A path argument: an empty one, as of a variable of a script that is not set, would mean the working directory."""
    if not text:
        raise argparse.ArgumentTypeError("a path cannot be empty; write . for the working directory.")
    return Path(text)


def write_line(*lines: str) -> None:
    """Write lines to standard output: a newline in one, which may be part of a file name, begins none."""
    with closing_seen():
        print("\n".join(map(printable, lines)))


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output, whatever the encoding of the terminal: programs read them."""
    with closing_seen():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def write_error(text: str) -> None:
    """Write a line to standard error, as `write_line` does; where nobody reads it any more, it is dropped."""
    with suppress(BrokenPipeError), closing_seen():
        print(printable(text), file=sys.stderr)


def open_missing() -> None:
    """Give a program that was started without standard output or error, as a service may be, ones that go nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end


def drop_unread() -> None:
    """Drop what standard output still holds if nobody reads it: Python would try again, and make its exit code 120."""
    try:
        with closing_seen():
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def closing_seen() -> Iterator[None]:
    """Take a terminal that was closed for a pipe that nobody reads any more: its errors say that the input failed."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        raise BrokenPipeError(errno.EPIPE, "the terminal was closed") from error


class SafeParser(argparse.ArgumentParser):
    """A parser whose messages repeat arguments, which a shell may have made of file names, without control codes."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        super()._print_message(printable(message, keep="\n"), file)
