"""Runs an engine process from blocking code: one job at a time; ended when it stalls, restarted after it has ended."""

from __future__ import annotations

import contextlib
import itertools
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import IO, Self

import msgspec

from inspector.domain.errors import EngineError
from inspector.domain.settings import Settings
from inspector.engine import faults
from inspector.engine.process import protocol
from inspector.engine.process.confine.access import Access, EngineFolder
from inspector.engine.process.endings import STDERR_TAIL, ended_text, stalled_text
from inspector.engine.process.launch import NO_ACCESS, Launched, launch
from inspector.engine.process.stall import StallPolicy

_GRACE_SECONDS = 5.0
_FIRST_WINDOWS_EXCEPTION = 0x80000000  # Windows has no signals: such an exit code is that of an exception


class EngineProcess:
    """A child process that is replaced when a hostile clip ends it. A context manager; use it from one thread.

    `access` is what it may read and write, besides the program itself; see docs/decisions/0024-confinement.md.
    `launched` is a first process that waits for its access.
    """

    def __init__(
        self,
        access: Access = NO_ACCESS,
        *,
        threads: int | None = None,
        policy: StallPolicy | None = None,
        launched: Launched | None = None,
    ) -> None:
        self._access = access
        self._folder: EngineFolder | None = None
        self.confinement = ""  # by which means the process is confined, as it said when it started
        self._threads = threads  # of the network; None for one per core
        self._policy = policy or StallPolicy()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[protocol.Answer | None] = queue.Queue()
        self._jobs = itertools.count(1)
        self._is_ahead = False  # whether this process waits for its access
        self._is_ready = False
        self._is_loaded = False  # whether this process has the networks' libraries
        self._prepared: Settings | None = None  # whose networks this process was last told to load
        self._stderr = bytearray()  # the end of what the process wrote there
        self._stderr_reader: threading.Thread | None = None
        if launched is not None:
            self._take(launched)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _spawn(self) -> None:
        threads = None if self._threads is None else {"OMP_NUM_THREADS": str(self._threads)}
        self._take(launch(self._access, environment=threads))

    def _take(self, launched: Launched) -> None:
        self._process, self._folder, self._is_ahead = launched.process, launched.folder, launched.is_ahead
        self._answers = queue.Queue()
        self._is_ready, self._is_loaded, self._stderr = False, False, bytearray()
        self._prepared = None
        threading.Thread(target=_pump, args=(self._process, self._answers), name="answers", daemon=True).start()
        self._stderr_reader = threading.Thread(
            target=_keep_tail, args=(self._process.stderr, self._stderr), name="stderr", daemon=True
        )
        self._stderr_reader.start()

    def _begin(self) -> None:
        """Tell a process that waits that its access is written down."""
        assert self._folder is not None
        try:
            self._folder.grant(self._access)
        except OSError:  # a new process says what is wrong
            self.stop()
            self._spawn()
            return
        self._is_ahead = False
        self._write(b"\n")

    def _await_ready(self) -> None:
        answer = self._next(self._policy.limit(is_loaded=False))
        while isinstance(answer, protocol.Working):  # it still loads its libraries
            answer = self._next(self._policy.limit(is_loaded=False))
        self._is_ready = isinstance(answer, protocol.Ready)
        self.confinement = answer.confinement if isinstance(answer, protocol.Ready) else ""

    def _next(self, seconds: float) -> protocol.Answer:
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            raise EngineError(stalled_text(seconds)) from None
        if answer is None:
            code = self._process.wait() if self._process else 0
            if self._stderr_reader is not None:
                self._stderr_reader.join(_GRACE_SECONDS)
            self.stop()
            tail = bytes(self._stderr)
            by_signal = code < 0 or code >= _FIRST_WINDOWS_EXCEPTION
            raise EngineError(ended_text(abs(code), tail, by_signal=by_signal, was_ready=self._is_ready))
        return answer

    def allow(self, access: Access) -> None:
        """Give access to more; a running process that lacks it is replaced at the next request."""
        if not self._access >= access:
            if not self._is_ahead:
                self.stop()
            self._access |= access

    def start(self) -> None:
        """Start the process if it does not run. Raises EngineError if it cannot start."""
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._spawn()
        elif self._is_ahead:
            self._begin()
        if not self._is_ready:
            self._await_ready()

    def prepare(self, settings: Settings) -> None:
        """Have the process load the networks of the settings, unless it was told before, without waiting for it."""
        try:
            if self._process is None:
                self._spawn()
            elif self._is_ahead:
                self._begin()
        except EngineError:  # `start` says it
            return
        if self._prepared != settings:
            self._prepared = settings
            self._send(protocol.Prepare(0, settings))

    def ask(
        self,
        request: Callable[[int], protocol.Message],
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[protocol.Answer]:
        """Send `request(job)` and yield its answers up to the last one (Failed, or one that says done).

        Once `is_cancelled()` is true, the job is asked to stop. Raises EngineError when the process dies or makes no
        progress within the stall policy's limit.
        """
        self.start()
        job = next(self._jobs)
        self._send(request(job))
        asked_to_stop = False
        while True:
            answer = self._next(self._policy.limit(is_loaded=self._is_loaded))
            self._is_loaded = self._is_loaded or not isinstance(answer, protocol.EARLY_ANSWERS)
            if answer.job == job:
                yield answer
                if isinstance(answer, protocol.LAST_ANSWERS):
                    return
            if is_cancelled() and not asked_to_stop:
                asked_to_stop = True
                self._send(protocol.Cancel(job))

    def _send(self, message: protocol.Message) -> None:
        self._write(protocol.pack(message))

    def _write(self, data: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # `_next` reports how the process ended

    def stop(self) -> None:
        """End the process; what it has written to the case file is kept."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        if self._is_ahead:  # it has nothing to end, and may be loading
            process.kill()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._folder is not None:
            self._folder.remove()


@faults.Boundary("reading answers of the analysis process")
def _pump(process: subprocess.Popen[bytes], answers: queue.Queue[protocol.Answer | None]) -> None:
    """Move answers from the pipe to the queue; None marks the end."""
    assert process.stdout is not None
    try:
        with process.stdout as stream:
            while (body := protocol.read_body(stream)) is not None:
                answers.put(protocol.unpack_answer(body))
    except (ValueError, OSError, msgspec.DecodeError):
        process.kill()
        raise
    finally:
        answers.put(None)


@faults.Boundary("reading the output of the analysis process")
def _keep_tail(stream: IO[bytes], tail: bytearray) -> None:
    """Read a stream to its end and keep its last bytes."""
    with stream:
        while piece := stream.read1(STDERR_TAIL):  # type: ignore[attr-defined]
            tail += piece
            del tail[:-STDERR_TAIL]
