"""The engine process: reads requests from stdin, writes answers to stdout, and ends when stdin ends.

A decoder that crashes on a hostile clip ends this process only. A heat map that is requested during an analysis is
computed between two batches; only the newest request is served, because older ones are out of date.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from inspector.domain.errors import ClipError, InspectorError
from inspector.domain.settings import check
from inspector.engine.decode.decoder import open_clip
from inspector.engine.process import protocol
from inspector.engine.versions import software_versions

if TYPE_CHECKING:
    from inspector.engine.process.jobs import JobRunner

_NO_MEMORY = "There is not enough memory for this; close other programs and try again."


class _Ended(Exception):  # noqa: N818 - not an error: it ends the main loop
    """Stdin has ended."""


class Server:
    """Serves the requests of one stream and writes the answers to another; both are binary."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests, self._answers = requests, answers
        self._waiting: queue.Queue[protocol.Request | None] = queue.Queue()
        self._deferred: list[protocol.Request] = []
        self._runner: JobRunner | None = None

    def run(self) -> None:
        """Serve until stdin ends."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        self._send(protocol.Ready(0, software_versions()))
        # The libraries load while the first request is still on its way, or its file is being hashed.
        threading.Thread(target=_load, name="load", daemon=True).start()
        try:
            while True:
                self._serve(self._deferred.pop(0) if self._deferred else self._take())
        except _Ended:
            if self._runner is not None:
                self._runner.close()

    def _read(self) -> None:
        try:
            while (body := protocol.read_body(self._requests)) is not None:
                self._waiting.put(protocol.unpack_request(body))
        except (ValueError, OSError, msgspec.DecodeError) as error:
            print(f"The engine was sent something that is not a request ({error}).", file=sys.stderr)
        self._waiting.put(None)

    def _take(self) -> protocol.Request:
        request = self._waiting.get()
        if request is None:
            raise _Ended
        return request

    def _send(self, answer: protocol.Message) -> None:
        self._answers.write(protocol.pack(answer))
        self._answers.flush()

    @property
    def _jobs(self) -> JobRunner:
        if self._runner is None:
            from inspector.engine.process.jobs import JobRunner

            self._runner = JobRunner(self._send)
        return self._runner

    def _serve(self, request: protocol.Request) -> None:
        try:
            match request:
                case protocol.Analyze():
                    check(request.settings)
                    clip = open_clip(Path(request.clip_path), stream=request.settings.stream)
                    if request.sha256 not in ("", clip.sha256):
                        raise ClipError(
                            f"{request.clip_path} was altered since it was opened (its SHA-256 differs); "
                            "put the original back, or open this file again."
                        )
                    self._jobs.analyze(request, clip, lambda analysis_id: self._poll(request, analysis_id))
                case protocol.Explain():
                    self._jobs.explain(request)
                case protocol.WriteReport():
                    self._jobs.write_report(request)
                case protocol.Cancel():
                    pass  # that job ended before the request came
        except (InspectorError, ValueError) as error:
            self._send(protocol.Failed(request.job, str(error)))
        except MemoryError:
            self._send(protocol.Failed(request.job, _NO_MEMORY))

    def _poll(self, running: protocol.Analyze, analysis_id: int) -> tuple[bool, protocol.Explain | None]:
        """Read what arrived during a batch: whether to stop, and the newest heat map request; other requests wait.

        A heat map of another analysis of the same clip waits too.
        """
        own = running.case_path, analysis_id
        explain: protocol.Explain | None = None
        while not self._waiting.empty():
            request = self._take()
            if isinstance(request, protocol.Cancel) and request.job == running.job:
                return True, None
            if isinstance(request, protocol.Explain) and (request.case_path, request.analysis_id) == own:
                explain = request
            else:
                self._deferred.append(request)
        return False, explain


def _load() -> None:
    """Import what the jobs need; an error occurs again, and is reported, when a job is requested."""
    import inspector.engine.process.jobs  # noqa: F401


def main() -> int:
    """Run the engine on this process' stdin and stdout; anything else that prints goes to stderr."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        Server(sys.stdin.buffer, answers).run()
    except BrokenPipeError:
        return 1  # the parent process has ended
    return 0
