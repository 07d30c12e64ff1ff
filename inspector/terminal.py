"""Writing to the terminal: file names and messages cannot control it or add lines, and nothing in them is markup.

Every line that the command line prints goes through here, or through the consoles of inspector/console.py;
`tests/test_untrusted_text.py` forbids `print` elsewhere. Only light modules are imported here: a scan starts its engine
process before it loads others.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from inspector.domain.printable import printable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


def write_line(*lines: str) -> None:
    """Write lines to standard output: a newline in one, which may be part of a file name, begins none."""
    print("\n".join(map(printable, lines)))


def write_error(text: str) -> None:
    """Write a line to standard error, as `write_line` does."""
    print(printable(text), file=sys.stderr)


class SafeParser(argparse.ArgumentParser):
    """A parser whose messages repeat arguments, which a shell may have made of file names, without control codes."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        super()._print_message(printable(message, keep="\n"), file)
