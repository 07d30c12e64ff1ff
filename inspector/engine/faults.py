"""Errors of the program itself: they go to a log with their traceback, and to the user as ours, not as the file's.

Each thread and process runs within a `Boundary`. An error that a user can act on (InspectorError) passes through it
unchanged. Every other exception is logged and becomes a FaultError, whose sentence says what the program was doing and
where the log is. Nothing is sent anywhere.
"""

from __future__ import annotations

import contextlib
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import ContextDecorator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from inspector import __version__
from inspector.domain.errors import FaultError, InspectorError
from inspector.domain.printable import printable

T = TypeVar("T")

LOG_NAME = "faults.log"
LARGEST_LOG = 1 << 20  # bytes; a larger log is renamed to faults.old.log and a new one begun
_LARGEST_ENTRY = 64 << 10  # bytes
_MOST_REPORTS = 100  # reports kept for "Copy details"

_LAYOUT = "\n\t"  # of a traceback

_DETAILS, _NO_DETAILS = "Details:", "The details could not be written to"  # before the path of the log
_NO_MEMORY = "There is not enough memory for this; close other programs and try again."
_ALLOCATION_FAILED = ("allocate memory", "Insufficient memory", "out of memory")  # torch, OpenCV, CUDA

_lock = threading.Lock()
_logged: set[tuple[object, ...]] = set()  # each place in the code is logged once per process
_reports: dict[str, str] = {}  # the report of each sentence


@dataclass(slots=True)
class _Process:
    """What `install` set for this process."""

    role: str = "program"
    shows: Callable[[InspectorError], object] | None = None
    prints: bool = True
    former_hooks: tuple[Any, Any] | None = None


_process = _Process()


def log_path() -> Path:
    """The log of all processes, in the platform's folder for logs."""
    import platformdirs  # imported here because most runs never need it

    return platformdirs.user_log_path("Deepfake Inspector", appauthor=False) / LOG_NAME


def install(role: str, shows: Callable[[InspectorError], object] | None = None, *, prints: bool = True) -> None:
    """Handle what no boundary of this process catches; call it first in each process.

    `role` names the process in the log, `shows` gets the error to show to the user, from any thread, and `prints` says
    whether tracebacks also go to stderr.
    """
    _process.role, _process.shows, _process.prints = role, shows, prints
    if _process.former_hooks is None:
        _process.former_hooks = sys.excepthook, threading.excepthook
    sys.excepthook = _uncaught
    threading.excepthook = lambda info: _uncaught(info.exc_type, info.exc_value, info.exc_traceback)


def remove() -> None:
    """Undo `install`."""
    if _process.former_hooks is not None:
        sys.excepthook, threading.excepthook = _process.former_hooks
    _process.role, _process.shows, _process.prints, _process.former_hooks = "program", None, True, None


class Boundary(ContextDecorator):
    """Lets no exception out of a block or, as a decorator, out of a function, such as the body of a thread.

    `doing` is what the block does, as in "decoding a.mp4". `answer` gets the InspectorError to show; without it, the
    error goes where uncaught ones go. What is no Exception, such as KeyboardInterrupt, passes.
    """

    def __init__(self, doing: str, answer: Callable[[InspectorError], object] | None = None) -> None:
        self._doing, self._answer = doing, answer

    def __enter__(self) -> None:
        """Enter; a boundary holds no state, so that any number of threads can be within the same one."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        (self._answer or show)(describe(error, self._doing))
        return True


def attempt(doing: str, work: Callable[[], T]) -> T | InspectorError:
    """The result of `work`, or the error to show for the exception that ended it."""
    failed: list[InspectorError] = []
    with Boundary(doing, failed.append):
        return work()
    return failed[0]


def describe(error: BaseException, doing: str) -> InspectorError:
    """The error to show for an exception that ended `doing`: itself if a user can act on it, else a logged FaultError.

    What the system refused (OSError) and a lack of memory are no faults of the program, and are named as they are.
    """
    if isinstance(error, InspectorError):
        return error
    if _is_lack_of_memory(error):
        record(error, doing)
        return InspectorError(_NO_MEMORY)
    where = record(error, doing)
    if type(error).__module__.partition(".")[0] == "av":
        return InspectorError(f"FFmpeg failed while {doing} ({_first_line(error)}); the file may be damaged. {where}")
    if isinstance(error, OSError) and error.strerror:
        begun = f"{doing[:1].upper()}{doing[1:]}"
        failed = f"{begun} failed ({error.strerror})"
        if error.filename:
            failed = f"{begun} failed ({error.strerror}: {error.filename})"
        found = InspectorError(f"{failed}; check the disk and the permissions, and try again. {where}")
        found.__cause__ = OSError(error.errno, error.strerror)  # without the frames of the other
        return found
    name = type(error).__name__
    sentence = (
        f"Deepfake Inspector made an error while {doing} ({': '.join(filter(None, (name, _first_line(error))))}); the "
        f"evidence and the stored results are not affected. {where}"
    )
    fault = FaultError(sentence)
    _keep_report(str(fault), report(error, doing))
    return fault


def is_raised_in(error: BaseException, *packages: str) -> bool:
    """Whether an exception comes out of the code of one of these packages, such as a library that rejects its data."""
    frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__)]
    if not frames:
        return False
    # The frames of compiled modules have no name, but a path relative to their package: "av/container/core.py".
    module = frames[-1].f_globals.get("__name__") or frames[-1].f_code.co_filename.replace("/", ".")
    return str(module).partition(".")[0] in packages


def record(error: BaseException, doing: str) -> str:
    """Write an exception to the log, once for each place in the code; returns the sentence that says where it is."""
    text = report(error, doing)
    frames = traceback.extract_tb(error.__traceback__)
    last = (frames[-1].filename, frames[-1].lineno) if frames else (str(error),)
    return _write_once((type(error), *last), text)


def record_text(text: str) -> str:
    """Write what is known about a fault without an exception, such as the last output of a process that died."""
    return _write_once((text,), f"{_head()}\n{printable(text, keep=_LAYOUT)}")


def report(error: BaseException, doing: str) -> str:
    """The time, the versions, what was being done, and the traceback, with nothing that controls a terminal."""
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return f"{_head()}\nwhile {printable(doing)}\n{printable(trace, keep=_LAYOUT)}"


def report_of(sentence: str) -> str:
    """The report behind a sentence of a FaultError of this process; "" if there is none."""
    with _lock:
        return _reports.get(sentence, "")


def without_log(sentence: str) -> str:
    """An error without where its details are, for files that are handed on: a path may name the examiner."""
    return sentence.partition(f" {_DETAILS} ")[0].partition(f" {_NO_DETAILS} ")[0]


def _head() -> str:
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    system = f"Python {platform.python_version()}, {platform.platform()}"
    return f"{moment} Deepfake Inspector {__version__}, {_process.role}, {system}"


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, Exception):  # such as KeyboardInterrupt
        sys.__excepthook__(kind, error or kind(), trace)
        return
    error = error or kind()
    show(describe(error if error.__traceback__ else error.with_traceback(trace), "running"))


def show(error: InspectorError) -> None:
    """Show an error to the user of this process: for threads whose requests nobody waits for."""
    if _process.shows is not None:
        _process.shows(error)
    elif sys.stderr is not None:  # a windowed program has none
        print(f"inspector: {error}", file=sys.stderr)


def _is_lack_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or any(text in str(error) for text in _ALLOCATION_FAILED)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0][:300].rstrip(".:; ")


def _keep_report(sentence: str, text: str) -> None:
    with _lock:
        _reports[sentence] = text
        while len(_reports) > _MOST_REPORTS:
            del _reports[next(iter(_reports))]


def _write_once(key: tuple[object, ...], text: str) -> str:
    path = log_path()
    with _lock:
        if key in _logged:
            return f"{_DETAILS} {path}."
        if _process.prints and sys.stderr is not None:
            print(text, file=sys.stderr)
        try:
            _append(path, text)
        except OSError as error:
            return f"{_NO_DETAILS} {path} ({error.strerror})."
        _logged.add(key)
    return f"{_DETAILS} {path}."


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # no log yet; or, on Windows, another process is writing to it
        if path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".old.log"))
    with path.open("ab") as stream:
        stream.write(_shortened(text.encode("utf-8", "backslashreplace")) + b"\n\n")


def _shortened(entry: bytes) -> bytes:
    """The beginning and the end of an entry that is too large."""
    half = _LARGEST_ENTRY // 2
    return entry if len(entry) <= _LARGEST_ENTRY else entry[:half] + b"\n...\n" + entry[-half:]
