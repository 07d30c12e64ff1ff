"""What happens with an error that nobody expected: shown once with a report to copy, logged here, never sent."""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, qVersion

from inspector import __version__
from inspector.ui.session import Session
from inspector.ui.state import Notice

_LARGEST_LOG = 1 << 20  # then it is begun anew, and the one before it kept


def report_if_failed(future: Future[Any]) -> None:
    """A done-callback for work on a pool, whose unexpected errors would otherwise be seen by nobody."""
    error = None if future.cancelled() else future.exception()
    if error is not None:
        sys.excepthook(type(error), error, error.__traceback__)


class FaultReporter(QObject):
    """Takes unhandled errors from whatever thread; one that comes again and again is told and logged once.

    `stderr_tail` gives the end of what the engine process printed, for the report.
    """

    happened = Signal(object)  # str: the traceback

    def __init__(self, session: Session, log: Path, stderr_tail: Callable[[], str] = str) -> None:
        super().__init__()
        self._session, self._log, self._stderr_tail = session, log, stderr_tail
        self._told: set[str] = set()
        self.happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)
        self._former = sys.excepthook

    def install(self) -> None:
        """Catch what would otherwise be lost on stderr."""
        sys.excepthook = self._caught
        threading.excepthook = lambda info: self._caught(info.exc_type, info.exc_value, info.exc_traceback)

    def remove(self) -> None:
        """Leave Python as it was."""
        sys.excepthook = self._former
        threading.excepthook = threading.__excepthook__

    def _caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        text = "".join(traceback.format_exception(kind, error, trace))
        if sys.stderr is not None:  # a windowed program has none
            sys.stderr.write(text)
        self.happened.emit(text)

    def _on_happened(self, text: str) -> None:
        if text in self._told:
            return
        self._told.add(text)
        report = self._report(text)
        words = f"Something unexpected went wrong ({text.strip().splitlines()[-1]}); it was written to {self._log}."
        try:
            self._write(report)
        except OSError as error:
            words = f"Something unexpected went wrong and could not be logged either ({error})."
        self._session.post(Notice(words, is_problem=True, action_id="copy_fault", detail=report))

    def _report(self, text: str) -> str:
        """What helps to find the cause: when, which versions, where, and what the engine process said last."""
        head = (
            f"{datetime.now(UTC).isoformat(timespec='seconds')} Deepfake Inspector {__version__}, "
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
        )
        said = self._stderr_tail().strip()
        return f"{head}\n{text}" + (f"The analysis process said last:\n{said}\n" if said else "")

    def _write(self, report: str) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG:
            self._log.replace(self._log.with_suffix(".old.log"))
        with self._log.open("a", encoding="utf-8") as stream:
            stream.write(f"{report}\n")
