"""Consoles for tables and progress, whose strings cannot control the terminal either; simple lines: terminal.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from inspector.domain.printable import printable
from inspector.engine.activity import Reporter, Stage


class SafeConsole(Console):
    """A console for tables and progress whose strings are text: no markup, no emoji codes, no control characters."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """The text of a string that is printed or is the cell of a table."""
        return super().render_str(printable(text, keep="\n"), **options)


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
