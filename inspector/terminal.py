"""Writing to the terminal: file names and messages cannot control it or add lines, and nothing in them is markup.

Every line that the command line prints goes through here, or through the consoles of inspector/console.py;
`tests/test_untrusted_text.py` forbids `print` elsewhere. Only light modules are imported here: a scan starts its engine
process before it loads others.
"""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inspector.domain.printable import printable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


def write_line(*lines: str) -> None:
    """Write lines to standard output: a newline in one, which may be part of a file name, begins none."""
    with closing_seen():
        print("\n".join(map(printable, lines)))


def write_error(text: str) -> None:
    """Write a line to standard error, as `write_line` does."""
    with closing_seen():
        print(printable(text), file=sys.stderr)


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
