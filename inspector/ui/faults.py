"""Unexpected errors: each is shown once with details to copy and written to a local log. Nothing is sent."""

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

_LARGEST_LOG = 1 << 20  # bytes; a larger log is renamed and a new one begun


def report_if_failed(future: Future[Any]) -> None:
    """A done-callback for a future: its unexpected error would otherwise go unnoticed."""
    error = None if future.cancelled() else future.exception()
    if error is not None:
        sys.excepthook(type(error), error, error.__traceback__)


class FaultReporter(QObject):
    """Handles uncaught exceptions of all threads; a repeated one is shown and logged once.

    `stderr_tail` returns the end of what the engine process wrote to stderr, for the report.
    """

    happened = Signal(object)  # str: the traceback

    def __init__(self, session: Session, log: Path, stderr_tail: Callable[[], str] = str) -> None:
        super().__init__()
        self._session, self._log, self._stderr_tail = session, log, stderr_tail
        self._reported: set[str] = set()
        self.happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)
        self._former = sys.excepthook

    def install(self) -> None:
        """Install the exception hooks."""
        sys.excepthook = self._caught
        threading.excepthook = lambda info: self._caught(info.exc_type, info.exc_value, info.exc_traceback)

    def remove(self) -> None:
        """Restore the former exception hooks."""
        sys.excepthook = self._former
        threading.excepthook = threading.__excepthook__

    def _caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        text = "".join(traceback.format_exception(kind, error, trace))
        if sys.stderr is not None:  # a windowed program has none
            sys.stderr.write(text)
        self.happened.emit(text)

    def _on_happened(self, text: str) -> None:
        if text in self._reported:
            return
        self._reported.add(text)
        report = self._report(text)
        message = f"An unexpected error occurred ({text.strip().splitlines()[-1]}); the details are in {self._log}."
        try:
            self._write(report)
        except OSError as error:
            message = f"An unexpected error occurred, and it could not be written to the log ({error})."
        self._session.post(Notice(message, is_problem=True, action_id="copy_fault", detail=report))

    def _report(self, text: str) -> str:
        """The time, the versions, the traceback, and the last output of the engine process."""
        head = (
            f"{datetime.now(UTC).isoformat(timespec='seconds')} Deepfake Inspector {__version__}, "
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
        )
        output = self._stderr_tail().strip()
        return f"{head}\n{text}" + (f"Last output of the analysis process:\n{output}\n" if output else "")

    def _write(self, report: str) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG:
            self._log.replace(self._log.with_suffix(".old.log"))
        with self._log.open("a", encoding="utf-8") as stream:
            stream.write(f"{report}\n")
