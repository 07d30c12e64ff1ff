"""The client of the engine process: starts it, exchanges messages with it, and reports crashes and stalls."""

from __future__ import annotations

import os
from functools import partial

import msgspec
from PySide6.QtCore import QMetaObject, QObject, QProcess, QProcessEnvironment, QTimer, Signal

from inspector.domain.errors import EngineError
from inspector.domain.settings import Settings
from inspector.engine.process.confine.access import Access, EngineFolder
from inspector.engine.process.endings import STDERR_TAIL, ended_text, stalled_text
from inspector.engine.process.launch import AHEAD, NO_ACCESS, engine_command, engine_environment
from inspector.engine.process.memory import has_room
from inspector.engine.process.protocol import (
    EARLY_ANSWERS,
    LAST_ANSWERS,
    Cancel,
    Message,
    Prepare,
    Ready,
    pack,
    take_body,
    unpack_answer,
)
from inspector.engine.process.stall import StallPolicy


class EngineClient(QObject):
    """One engine process at a time. Requests sent before it is up are written to its pipe and wait there."""

    answered = Signal(object)  # Answer
    ready_changed = Signal(object)  # bool
    crashed = Signal(object)  # str: one sentence

    def __init__(self, command: list[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command or engine_command()
        self._process: QProcess | None = None
        self._folder: EngineFolder | None = None
        self._access = Access()  # that of all clips and cases since the start
        self._granted = Access()  # that of the process
        self._waiting: list[tuple[Message, Access]] = []  # for a process with more access
        self._buffer = bytearray()
        self._stderr = b""
        self.confinement = ""  # by which means the newest process is confined, as it says
        self._is_ahead = False  # whether the process waits for its access
        self._is_ready = False  # whether this process has started
        self._has_worked = False  # whether it has loaded its libraries
        self._is_closed = False
        self._jobs: set[int] = set()
        self._links: list[QMetaObject.Connection] = []
        self._last_job = 0
        self.stall_policy = StallPolicy()
        self._watchdog = QTimer(self)
        self._watchdog.setSingleShot(True)
        self._watchdog.timeout.connect(self._on_stalled)

    @property
    def is_running(self) -> bool:
        """Whether the process exists."""
        return self._process is not None

    @property
    def process_id(self) -> int:
        """The id of the process; 0 if there is none."""
        return 0 if self._process is None else self._process.processId()

    def start(self) -> None:
        """Start the process if it is not running, or give the one that waits its access."""
        if self._process is None:
            self._spawn(is_ahead=False)
        elif self._is_ahead:
            self._begin(self._process)

    def start_ahead(self) -> None:
        """Have a process load its libraries before any clip is open, where there is memory for it."""
        if self._process is None and has_room():
            self._spawn(is_ahead=True)

    def _begin(self, process: QProcess) -> None:
        """Tell a process that waits that its access is written down."""
        assert self._folder is not None
        self._is_ahead = False
        try:
            self._folder.grant(self._access)
        except OSError:  # a new process says what is wrong
            self._end()
            self._spawn(is_ahead=False)
            return
        self._granted = self._access
        process.write(b"\n")

    def _spawn(self, *, is_ahead: bool) -> None:
        if self._is_closed:
            return
        self._is_ahead = is_ahead
        self._buffer.clear()
        self._stderr, self._is_ready, self._has_worked = b"", False, False
        try:
            self._folder, self._granted = EngineFolder(self._access), NO_ACCESS if is_ahead else self._access
        except EngineError as error:
            QTimer.singleShot(0, self, partial(self._refuse, str(error)))  # after `send`, as for any other failure
            return
        process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in engine_environment(self._folder).items():
            environment.insert(name, value)
        environment.insert("PYTHONUNBUFFERED", "1")
        process.setProcessEnvironment(environment)
        if os.name == "posix":  # a terminal's Ctrl-C is for the window, which ends this process in order
            process.setUnixProcessParameters(QProcess.UnixProcessFlag.CreateNewSession)
        self._links = [
            process.readyReadStandardOutput.connect(self._on_output),
            process.readyReadStandardError.connect(self._on_stderr),
            process.finished.connect(self._on_finished),
            process.errorOccurred.connect(self._on_error),
        ]
        self._process = process
        process.start(self._command[0], [*self._command[1:], *([AHEAD] if is_ahead else [])])

    def _refuse(self, message: str) -> None:
        if self._process is None:
            self._waiting.clear()
            self.crashed.emit(message)

    def next_job(self) -> int:
        """A new job number."""
        self._last_job += 1
        return self._last_job

    def allow(self, access: Access) -> None:
        """Let the next process have this access too; a process that runs cannot get more."""
        self._access |= access

    def prepare(self, access: Access, settings: Settings) -> None:
        """Have a process ready for an analysis that needs `access`, unless the running one is at work."""
        self.allow(access)
        self._end_lacking([access])
        self.start()
        if self._process is not None and self._granted >= access and has_room():
            self._write(self._process, Prepare(0, settings))

    def _end_lacking(self, accesses: list[Access]) -> None:
        """End a process without jobs that cannot be given all of these."""
        if not self._jobs and not self._is_ahead and not all(self._granted >= access for access in accesses):
            self._end()

    def send(self, request: Message, access: Access = NO_ACCESS) -> None:
        """Send a request that needs `access`, and start the process if it is not running.

        If the running process has less access, the request waits until its jobs have ended and it is replaced.
        """
        self.allow(access)
        self._waiting.append((request, access))
        self._send_waiting()

    def _send_waiting(self) -> None:
        self._end_lacking([access for _request, access in self._waiting])
        self.start()
        for entry in tuple(self._waiting):
            request, access = entry
            if self._process is not None and self._granted >= access and not self._is_of_waiting(request):
                self._waiting.remove(entry)
                self._write(self._process, request)

    def _is_of_waiting(self, request: Message) -> bool:
        """Whether a request is to cancel one that is still waiting, and so must not overtake it."""
        jobs = [other.job for other, _access in self._waiting if other is not request]
        return isinstance(request, Cancel) and request.job in jobs

    def _write(self, process: QProcess, request: Message) -> None:
        process.write(pack(request))
        if not isinstance(request, Cancel | Prepare):
            self._jobs.add(request.job)
        self._watch()

    def stop(self) -> None:
        """Kill the process without reporting a crash, and wait until it has ended (milliseconds)."""
        self._waiting.clear()
        self._end()

    def _end(self) -> None:
        process = self._release_process()
        if process is not None:
            # Each batch is committed to the case file before it is reported, so nothing reported is lost.
            process.kill()
            process.waitForFinished(2000)
            process.deleteLater()
            self._remove_folder()

    def _remove_folder(self) -> None:
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.remove()

    def close(self) -> None:
        """Kill the process and start no other, even if a timer fires while the window closes."""
        self._is_closed = True
        self.stop()

    def _release_process(self) -> QProcess | None:
        process, self._process = self._process, None
        self._is_ahead = False
        self._jobs.clear()
        self._watchdog.stop()
        for link in self._links:
            QObject.disconnect(link)
        self._links = []
        return process

    @property
    def _limit_seconds(self) -> float:
        return self.stall_policy.limit(is_loaded=self._has_worked)

    def _watch(self) -> None:
        if self._jobs:
            self._watchdog.start(round(self._limit_seconds * 1000))
        else:
            self._watchdog.stop()

    def _on_output(self) -> None:
        if self._process is None:
            return
        self._buffer += self._process.readAllStandardOutput().data()
        try:
            while (body := take_body(self._buffer)) is not None:
                self._take(body)
        except (ValueError, msgspec.MsgspecError) as error:
            self._fail(f"The analysis process sent an invalid message ({error}) and was ended.")

    def _take(self, body: bytes) -> None:
        answer = unpack_answer(body)
        self._has_worked = self._has_worked or not isinstance(answer, EARLY_ANSWERS)
        if isinstance(answer, LAST_ANSWERS):
            self._jobs.discard(answer.job)
        self._watch()
        if isinstance(answer, Ready):
            self._is_ready, self.confinement = True, answer.confinement
            self.ready_changed.emit(True)
        self.answered.emit(answer)
        if self._waiting and not self._jobs:
            self._send_waiting()

    def _on_stderr(self) -> None:
        if self._process is not None:
            output = self._process.readAllStandardError().data()
            self._stderr = (self._stderr + output)[-STDERR_TAIL:]

    def stderr_tail(self) -> str:
        """The end of what the process wrote to stderr, for an error report."""
        return self._stderr.decode("utf-8", errors="replace")

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_stderr()
        if self._is_ahead:  # nobody has asked for it yet; the next one says what is wrong
            self._end()
            return
        by_signal = status == QProcess.ExitStatus.CrashExit
        self._fail(ended_text(code, self._stderr, by_signal=by_signal, was_ready=self._is_ready))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._is_ahead:
            self._end()
        elif error == QProcess.ProcessError.FailedToStart:
            self._fail(f"The analysis process cannot be started ({self._command[0]}); install the program again.")

    def _on_stalled(self) -> None:
        self._fail(stalled_text(self._limit_seconds))

    def _fail(self, message: str) -> None:
        process = self._release_process()
        self._waiting.clear()
        if process is None:
            return
        process.finished.connect(process.deleteLater)
        process.kill()
        if process.state() == QProcess.ProcessState.NotRunning:
            process.deleteLater()
        self._remove_folder()
        self.ready_changed.emit(False)
        self.crashed.emit(message)
