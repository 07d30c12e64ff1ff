"""Consoles for tables and progress, whose strings cannot control the terminal either; simple lines: terminal.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from rich.console import Console, RenderableType
from rich.status import Status
from rich.text import Text

from inspector.domain.printable import printable
from inspector.engine.activity import Reporter, Stage
from inspector.terminal import closing_seen


class SafeConsole(Console):
    """A console for tables and progress whose strings are lines of text: no markup, emoji codes, control characters.

    A newline in one, which may be part of a file name or of a stranger's report, begins no line either.
    """

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """The text of a string that is printed or is the cell of a table."""
        return super().render_str(printable(text), **options)

    @property
    def file(self) -> IO[str]:
        """What is written to."""
        return cast(IO[str], _Stream(super().file))

    @file.setter
    def file(self, new_file: IO[str]) -> None:
        self._file = new_file

    def on_broken_pipe(self) -> None:
        """Be silent from now on where nobody reads what is said on the way; the work goes on, and its result is kept.

        Ctrl-C also ends the `tee` that a scan writes to, and the scan still has to write its summary. Of a command's
        output itself BrokenPipeError says so to the command line.
        """
        self.quiet = True
        if not self.stderr:
            raise

    def status(self, status: RenderableType, **options: Any) -> Status:
        """Show what is done while a block runs, as text too: rich takes a spinner's strings for markup."""
        return _SafeStatus(status, console=self, **options)


class _Stream:
    """A stream that says of a closed terminal what rich expects of a closed pipe."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with closing_seen():
            return self._stream.write(text)

    def flush(self) -> None:
        with closing_seen():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _SafeStatus(Status):
    def __init__(self, status: RenderableType, **options: Any) -> None:
        super().__init__(_as_text(status), **options)

    def update(self, status: RenderableType | None = None, **options: Any) -> None:
        super().update(None if status is None else _as_text(status), **options)


def _as_text(what: RenderableType) -> RenderableType:
    return Text(printable(what)) if isinstance(what, str) else what


@contextmanager
def stages_shown(what: str) -> Iterator[None]:
    """Say on a terminal what the block does, and how much of a large file it has read; nothing of it stays there."""
    console = SafeConsole(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what) as status:

        def show(stage: Stage | None, percent: float) -> None:
            status.update(what if stage is None else f"{what}: {stage}, {percent:.0f} %")

        with Reporter(show):
            yield
