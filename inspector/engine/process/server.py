"""The engine process: reads requests from stdin, writes answers to stdout, and ends when stdin ends.

A decoder that crashes on a hostile clip ends this process only. A heat map that is requested during an analysis is
computed between two batches; only the newest request is served, because older ones are out of date.
"""

from __future__ import annotations

import queue
import threading
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from inspector.domain.answer import face_name
from inspector.domain.errors import ClipError, FaultError, InspectorError
from inspector.domain.settings import Settings, check
from inspector.engine import activity, faults
from inspector.engine.activity import StoppedError
from inspector.engine.atomic import is_full_disk
from inspector.engine.decode.decoder import read_clip
from inspector.engine.decode.working_copy import working_copy
from inspector.engine.process import protocol
from inspector.engine.process.detectors import Detectors
from inspector.engine.process.libraries import load_libraries
from inspector.engine.process.memory import kept_low
from inspector.engine.provenance.describe import describe_file
from inspector.engine.timings import Timings
from inspector.engine.versions import software_versions

if TYPE_CHECKING:
    from inspector.engine.process.jobs import JobRunner


class _Ended(BaseException):
    """Stdin has ended, or nobody reads the answers any more."""


class Server:
    """Serves the requests of one stream and writes the answers to another; both are binary.

    A job that hangs does not notice the end of the requests, and the parent, which would end it, may have been killed:
    when nothing was done for `still_seconds` since, the whole process is ended; never for 0.
    """

    def __init__(
        self, requests: BinaryIO, answers: BinaryIO, confinement: str = "", still_seconds: float = 0.0
    ) -> None:
        self._requests, self._answers, self._confinement = requests, answers, confinement
        self._waiting: queue.Queue[protocol.Request | None] = queue.Queue()
        self._deferred: list[protocol.Request] = []
        self._runner: JobRunner | None = None
        self._detectors = Detectors()
        self._writing = threading.Lock()  # guards the answers, and the job
        self._job: int | None = None  # the one that is worked on
        self._still_seconds, self._is_over = still_seconds, threading.Event()

    def run(self) -> None:
        """Serve until stdin ends, or nobody reads the answers any more."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        try:
            self._send(protocol.Ready(0, software_versions(), self._confinement))
            # The libraries load while the first request is still on its way, or its file is being hashed.
            self._load_ahead()
            with activity.Reporter(self._report), kept_low():
                while True:
                    self._prepare_reports()
                    self._serve(self._deferred.pop(0) if self._deferred else self._take())
        except _Ended:
            if self._runner is not None:
                self._runner.close()
        finally:
            self._is_over.set()

    def _load_ahead(self, settings: Settings | None = None) -> None:
        """Load the libraries, and the networks of the settings, on a thread of its own."""
        threading.Thread(target=_load, args=(self._detectors, settings), name="load", daemon=True).start()

    def _prepare_reports(self) -> None:
        """Work ahead for a report until a request comes."""
        while self._runner is not None and not self._deferred and self._waiting.empty():
            if not self._runner.prepare():
                return

    @faults.Boundary("reading requests")
    def _read(self) -> None:
        try:
            self._read_requests()
        finally:
            self._waiting.put(None)  # it ends the process, so an error must be in the log by then
        activity.end_once_still(self._is_over, self._still_seconds)

    @faults.Boundary("reading requests")
    def _read_requests(self) -> None:
        while (body := protocol.read_body(self._requests)) is not None:
            self._waiting.put(protocol.unpack_request(body))

    def _take(self) -> protocol.Request:
        request = self._waiting.get()
        if request is None:
            raise _Ended
        return request

    def _send(self, answer: protocol.Message) -> None:
        with self._writing:
            if isinstance(answer, protocol.LAST_ANSWERS) and answer.job == self._job:
                self._job = None
            self._write(answer)

    def _write(self, answer: protocol.Message) -> None:
        try:
            self._answers.write(protocol.pack(answer))
            self._answers.flush()
        except BrokenPipeError:
            raise _Ended from None

    def _report(self, stage: activity.Stage | None, percent: float) -> None:
        """Tell the parent, if it waits, that the process works; on a thread of its own."""
        with self._writing, suppress(_Ended):  # the next answer ends the process
            # A request may also wait for a step of the work ahead for a report.
            if self._job is not None or not self._waiting.empty():
                self._write(protocol.Working(self._job or 0, stage, percent, activity.frames_ahead()))

    @property
    def _jobs(self) -> JobRunner:
        if self._runner is None:
            from inspector.engine.process.jobs import JobRunner

            self._runner = JobRunner(self._send, self._confinement, self._detectors)
        return self._runner

    def _serve(self, request: protocol.Request) -> None:
        with self._writing:
            former, self._job = self._job, request.job
        self._carry_out(request)
        with self._writing:
            self._job = former  # of the analysis between whose batches this was served

    def _carry_out(self, request: protocol.Request) -> None:
        with faults.Boundary(_doing(request), partial(self._fail, request)):
            match request:
                case protocol.Analyze():
                    self._analyze(request)
                case protocol.Explain():
                    self._jobs.explain(request, partial(self._check_wanted, request))
                case protocol.WriteReport():
                    self._jobs.write_report(request, partial(self._check_wanted, request))
                case protocol.DescribeFile():
                    self._send(protocol.FileDescribed(request.job, describe_file(Path(request.path))))
                case protocol.ExamineSound():
                    self._examine_sound(request)
                case protocol.Prepare():
                    self._load_ahead(request.settings)
                case protocol.Cancel():
                    pass  # that job ended before the request came

    def _fail(self, request: protocol.Request, error: InspectorError) -> None:
        if isinstance(error, FaultError) and self._runner is not None:
            # Nobody knows what state the error left behind; the next request starts afresh.
            with faults.Boundary("closing the files of a failed job"):
                self._runner.close()
            self._runner, self._detectors = None, Detectors()
        is_cancelled = isinstance(error, StoppedError)
        self._send(protocol.Failed(request.job, str(error), is_cancelled, is_full_disk(error)))

    def _analyze(self, request: protocol.Analyze) -> None:
        try:
            check(request.settings)
        except ValueError as error:
            raise InspectorError(str(error)) from None
        self._load_ahead(request.settings)  # while the file is copied
        timings = Timings()
        with ExitStack() as opening:
            with activity.checked(partial(self._check_wanted, request)):
                with timings.step("copy and hash the file"):
                    copy = opening.enter_context(working_copy(Path(request.clip_path)))
                if request.sha256 not in ("", copy.sha256):
                    raise ClipError(
                        f"{request.clip_path} was altered since it was opened (its SHA-256 differs); "
                        "put the original back, or open this file again."
                    )
                with timings.step("read the file's index"):
                    clip = read_clip(copy.path, copy.sha256, stream=request.settings.stream)
            is_wanted = partial(self._check_wanted, request)
            self._jobs.analyze(request, clip, partial(self._poll, request), timings, opening, is_wanted)

    def _check_wanted(self, request: protocol.Request) -> None:
        """Raise if the job is to stop: copying and reading a large file take minutes, and so may a batch."""
        self._defer()
        if not self._is_cancelled(request):
            return
        if isinstance(request, protocol.Analyze):
            raise StoppedError(f"The analysis of {Path(request.clip_path).name} was stopped before it began.")
        raise StoppedError("This heat map or report was stopped while the clip was copied for it.")

    def _examine_sound(self, request: protocol.ExamineSound) -> None:
        """Examine a clip's sound, or begin again after the requests that came meanwhile: nobody waits for it."""
        from inspector.engine.sound.examine import examine_sound

        if self._is_cancelled(request):
            raise InspectorError("The sound was not examined: another clip was opened.")
        clip = read_clip(Path(request.path), stream=request.stream)
        facts = examine_sound(clip, self._waiting.empty)
        if facts is not None:
            self._send(protocol.SoundExamined(request.job, facts))
            return
        self._defer()
        self._deferred.append(request)

    def _defer(self) -> None:
        """Keep for later what has arrived."""
        while not self._waiting.empty():
            self._deferred.append(self._take())

    def _is_cancelled(self, request: protocol.Request) -> bool:
        return any(isinstance(other, protocol.Cancel) and other.job == request.job for other in self._deferred)

    def _poll(self, running: protocol.Analyze, analysis_id: int) -> tuple[bool, protocol.Explain | None]:
        """Read what arrived during a batch: whether to stop, and the newest heat map request; other requests wait.

        A heat map of another analysis of the same clip waits too. A heat map request that a newer one replaces is
        answered: a client counts on an answer to each request.
        """
        own = running.case_path, analysis_id
        is_to_stop, explain = False, None
        deferred, self._deferred = self._deferred, []
        while deferred or not self._waiting.empty():
            request = deferred.pop(0) if deferred else self._take()
            if isinstance(request, protocol.Cancel) and request.job == running.job:
                is_to_stop = True
            elif isinstance(request, protocol.Explain) and (request.case_path, request.analysis_id) == own:
                if explain is not None:
                    self._send(protocol.Failed(explain.job, "A newer heat map was requested before this one was made."))
                explain = request
            elif isinstance(request, protocol.DescribeFile | protocol.Prepare):
                self._serve(request)
            else:
                self._deferred.append(request)
        return is_to_stop, explain


def _doing(request: protocol.Request) -> str:
    match request:
        case protocol.Analyze():
            return f"analysing {Path(request.clip_path).name}"
        case protocol.Explain():
            return f"making the heat map of {face_name(request.track_id)}"
        case protocol.WriteReport():
            return f"writing the report into {request.folder}"
        case protocol.DescribeFile():
            return f"reading what {Path(request.path).name} says about itself"
        case protocol.ExamineSound():
            return f"examining the sound of {Path(request.path).name}"
        case protocol.Prepare():
            return "loading the networks"
        case protocol.Cancel():
            return "cancelling a job"


@faults.Boundary("loading the networks", lambda error: None)
def _load(detectors: Detectors, settings: Settings | None) -> None:
    """Load what the jobs need; an error occurs again, and is reported, when a job is requested."""
    load_libraries()
    import inspector.engine.process.jobs  # noqa: F401

    if settings is not None:
        detectors.wanted(settings)
