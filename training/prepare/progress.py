"""Progress of preparing: a bar on a terminal, otherwise lines in the log."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from training.log import Log

_LOG_SECONDS = 30.0


class PrepareProgress:
    """Owns the progress bar of one run; without a terminal it logs a line every half minute."""

    def __init__(self, total: int, log: Log, console: Console | None = None) -> None:
        self._total, self._log = total, log
        self._done = self._crops = self._rejected = 0
        self._begun = self._logged = monotonic()
        console = console or Console(stderr=True)
        self._bar = Progress(
            TextColumn("preparing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[crops]} crops, {task.fields[rejected]} rejected"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            speed_estimate_period=600,  # samples may take half a minute each
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total, crops=0, rejected=0)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
        self._log(self._line())

    def advance(self, crops: int) -> None:
        """Count a finished sample; one without crops was rejected."""
        self._done += 1
        self._crops += crops
        self._rejected += not crops
        self._bar.update(self._task, advance=1, crops=self._crops, rejected=self._rejected)
        now = monotonic()
        if self._bar.disable and now - self._logged >= _LOG_SECONDS:
            self._logged = now
            self._log(self._line())

    def _line(self) -> str:
        seconds = max(monotonic() - self._begun, 1e-3)
        text = f"prepared {self._done} of {self._total}: {self._crops} crops, {self._rejected} rejected"
        if not 0 < self._done < self._total:
            return f"{text}, {self._crops / seconds:.1f} crops/s"
        left = timedelta(seconds=round(seconds / self._done * (self._total - self._done)))
        return f"{text}, {self._crops / seconds:.1f} crops/s, about {left} left"
