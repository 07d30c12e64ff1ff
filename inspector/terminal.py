"""Writing to the terminal: file names and messages cannot control it, and nothing in them is markup.

Every line that the command line prints goes through here; `tests/test_untrusted_text.py` forbids `print` elsewhere.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from inspector.domain.printable import printable
from inspector.engine.activity import Reporter, Stage

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


def write_line(text: str) -> None:
    """Write a line to standard output."""
    print(printable(text, keep="\n"))


def write_error(text: str) -> None:
    """Write a line to standard error."""
    print(printable(text, keep="\n"), file=sys.stderr)


class SafeConsole(Console):
    """A console for tables and progress whose strings are text: no markup, no emoji codes, no control characters."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """The text of a string that is printed or is the cell of a table."""
        return super().render_str(printable(text, keep="\n"), **options)


class SafeParser(argparse.ArgumentParser):
    """A parser whose messages repeat arguments, which a shell may have made of file names, without control codes."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        super()._print_message(printable(message, keep="\n"), file)


@contextmanager
def stages_shown(what: str) -> Iterator[None]:
    """Say on a terminal what the block does, and how much of a large file it has read; nothing of it stays there."""
    console = SafeConsole(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what) as status:

        def show(stage: Stage | None, percent: int) -> None:
            status.update(what if stage is None else f"{what}: {stage}, {percent} %")

        with Reporter(show):
            yield
