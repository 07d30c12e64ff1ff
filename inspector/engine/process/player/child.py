"""Starts the process that decodes for the window."""

from __future__ import annotations

import contextlib
import os
import subprocess
from dataclasses import dataclass
from typing import IO, Protocol

from inspector.domain.errors import EngineError
from inspector.engine.process.confine.access import Access, EngineFolder
from inspector.engine.process.endings import STDERR_TAIL
from inspector.engine.process.player.memory import PictureMemory
from inspector.engine.process.player.messages import player_command

# Keep the libraries of numpy from starting threads when they are loaded; see `process`.
_LIBRARY_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_FIRST_WINDOWS_EXCEPTION = 0x80000000  # Windows has no signals: such an exit code is that of an exception


@dataclass(frozen=True, slots=True)
class End:
    """How a process ended: its exit code or, with `by_signal`, the signal's number; and its last output."""

    code: int
    by_signal: bool
    output: bytes


class Child(Protocol):
    """Something that serves requests; in tests a thread."""

    requests: IO[bytes]
    answers: IO[bytes]
    memory: PictureMemory

    def begin(self, access: Access) -> None:
        """Let it serve, with access to these files."""

    def kill(self) -> None:
        """End it now. It can be called more than once."""

    def finish(self) -> End:
        """Wait for its end, and free what it used."""


class ChildProcess:
    """A process that waits, without access to any file, until it is allowed to serve. Raises EngineError."""

    def __init__(self) -> None:
        self._folder = EngineFolder(Access())
        command: list[str] = []
        try:
            self.memory = PictureMemory()
            command = player_command(self.memory.handle)
            inherited = () if self.memory.descriptor is None else (self.memory.descriptor,)
            # Into a file, so that no thread has to read it.
            with (self._folder.path / "stderr").open("wb") as stderr:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    env={**self._folder.environment(), **dict.fromkeys(_LIBRARY_THREADS, "1")},
                    pass_fds=inherited,
                    start_new_session=True,
                )
        except OSError as error:
            self._folder.remove()
            cause = error.strerror or str(error)
            what = command[0] if command else "its memory"
            raise EngineError(
                f"The player's process cannot be started ({what}: {cause}); restart the program."
            ) from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.requests, self.answers = self._process.stdin, self._process.stdout

    @property
    def process_id(self) -> int:
        """The id of the process."""
        return self._process.pid

    def begin(self, access: Access) -> None:
        """Write the access down, and let the process confine itself to it and serve."""
        with contextlib.suppress(OSError):  # it has ended, which is reported by its answers' end
            self._folder.grant(access)
            self.requests.write(b"\n")
            self.requests.flush()

    def kill(self) -> None:
        """Kill the process."""
        self._process.kill()

    def finish(self) -> End:
        """Wait for the end of the process, and remove its folder."""
        code = self._process.wait()
        tail = b""
        with contextlib.suppress(OSError), (self._folder.path / "stderr").open("rb") as stderr:
            stderr.seek(max(os.fstat(stderr.fileno()).st_size - STDERR_TAIL, 0))
            tail = stderr.read(STDERR_TAIL)
        for stream in (self.requests, self.answers):
            with contextlib.suppress(OSError):
                stream.close()
        self.memory.close()
        self._folder.remove()
        return End(abs(code), code < 0 or code >= _FIRST_WINDOWS_EXCEPTION, tail)
