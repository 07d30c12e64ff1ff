"""The engine process: takes requests on stdin, analyses into a case file, answers on stdout; ends when stdin does.

A decoder that crashes on a hostile clip takes this process down and nothing else. Heat maps that are asked for in
mid-analysis are served between two batches, the newest request first; older ones for the window are out of date.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from typing import BinaryIO

import msgspec

from inspector.domain.analysis import Analysis
from inspector.domain.clip import Clip
from inspector.domain.errors import CaseError, InspectorError
from inspector.domain.settings import Settings, check
from inspector.engine import protocol
from inspector.engine.analysis import Earlier, analyze, partial
from inspector.engine.assets import find_bundle, has_default
from inspector.engine.cams import CamMaker
from inspector.engine.case_file import CaseFile
from inspector.engine.decode import Decoder, open_clip
from inspector.engine.detector import Detector, share_cores
from inspector.engine.exhibits import gather
from inspector.engine.report import write_report
from inspector.engine.versions import software_versions

_NO_MODEL = ""


class Server:
    """One engine process' life. `requests` and `answers` are binary streams."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests, self._answers = requests, answers
        self._waiting: queue.Queue[protocol.Request | None] = queue.Queue()
        self._later: list[protocol.Request] = []
        self._detectors: dict[tuple[str, str], Detector] = {}
        self._ended = False

    def run(self) -> None:
        """Serve until stdin ends."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        self._send(protocol.Ready(0, software_versions()))
        while not self._ended:
            request = self._later.pop(0) if self._later else self._waiting.get()
            if request is None:
                return
            self._serve(request)

    def _read(self) -> None:
        while (body := protocol.read_body(self._requests)) is not None:
            self._waiting.put(protocol.unpack_request(body))
        self._waiting.put(None)

    def _send(self, answer: protocol.Message) -> None:
        self._answers.write(protocol.pack(answer))
        self._answers.flush()

    def _serve(self, request: protocol.Request) -> None:
        try:
            match request:
                case protocol.Analyze():
                    self._analyze(request)
                case protocol.Explain():
                    self._explain(request)
                case protocol.WriteReport():
                    self._write_report(request)
                case protocol.Cancel():
                    pass  # that job ended before the request came
        except (InspectorError, ValueError) as error:
            self._send(protocol.Failed(request.job, str(error)))
        except MemoryError:
            self._send(
                protocol.Failed(request.job, "There is not enough memory for this; close other programs and retry.")
            )

    def _detector(self, settings: Settings) -> Detector | None:
        """The detector that the settings name; None when the program came without a bundle and none was asked for."""
        if settings.model == Settings().model and not has_default():
            return None
        key = (settings.model, settings.device)
        if key not in self._detectors:
            self._detectors[key] = Detector.load(find_bundle(settings.model), settings.device)
        return self._detectors[key]

    # --- analysis ----------------------------------------------------------------------------------------------------

    def _analyze(self, request: protocol.Analyze) -> None:
        check(request.settings)
        clip = open_clip(Path(request.clip_path))
        detector = self._detector(request.settings)
        model = detector.card.sha256 if detector else _NO_MODEL
        with CaseFile.open(Path(request.case_path)) as case:
            done = case.analysis()
            if done and _is_same(done, clip, request.settings, model):
                self._send(protocol.AnalysisDone(request.job, done))
                return
            number, earlier = _earlier(case, clip, request.settings, model)
            self._start(request, clip, detector, earlier)
            is_whole = self._batches(request, clip, detector, case, number, earlier)
            if is_whole is None:
                return
            self._send(protocol.AnalysisDone(request.job, is_whole))

    def _start(self, request: protocol.Analyze, clip: Clip, detector: Detector | None, earlier: Earlier | None) -> None:
        settings = request.settings
        whole = settings.start_seconds is None and settings.end_seconds is None
        total = -(-clip.declared_frames // settings.every) if clip.declared_frames and whole else None
        device = detector.device_name if detector else "none"
        name = detector.card.name if detector else None
        done = int(earlier.state["analysed"]) if earlier else 0
        self._send(protocol.Started(request.job, total, done, device, name))

    def _batches(
        self,
        request: protocol.Analyze,
        clip: Clip,
        detector: Detector | None,
        case: CaseFile,
        number: int,
        earlier: Earlier | None,
    ) -> Analysis | None:
        """Run the generator to its end or to Cancel; None when there is nobody left to answer to."""
        done = int(earlier.state["analysed"]) if earlier else 0
        with closing(analyze(clip, detector, request.settings, earlier)) as batches, ExitStack() as open_for_cams:
            while True:
                try:
                    batch = next(batches)
                except StopIteration as end:
                    analysis: Analysis = end.value
                    break
                case.append(number, batch, dict(batch.state))
                done += len(batch.frames)
                self._send(protocol.BatchDone(request.job, batch.frames, batch.scores, batch.gaps, done))
                if self._between(request, clip, detector, case, number, open_for_cams):
                    if self._ended:
                        return None
                    analysis = partial(clip, detector, request.settings, _stored(case, clip, request, detector))
                    break
        case.finish(number, analysis)
        return analysis

    def _between(
        self,
        request: protocol.Analyze,
        clip: Clip,
        detector: Detector | None,
        case: CaseFile,
        number: int,
        open_for_cams: ExitStack,
    ) -> bool:
        """Serve what came in meanwhile; True if the analysis is to stop."""
        explain: protocol.Explain | None = None
        while not self._waiting.empty():
            waiting = self._waiting.get()
            if waiting is None:
                self._ended = True
                return True
            if isinstance(waiting, protocol.Cancel) and waiting.job == request.job:
                return True
            if isinstance(waiting, protocol.Explain) and waiting.case_path == request.case_path:
                explain = waiting
            else:
                self._later.append(waiting)
        if explain is not None and detector is not None:
            try:
                decoder = open_for_cams.enter_context(Decoder(clip))
                self._send_cam(explain, CamMaker(case, number, decoder, detector))
            except InspectorError as error:
                self._send(protocol.Failed(explain.job, str(error)))
        return False

    # --- heat maps and reports ---------------------------------------------------------------------------------------

    def _send_cam(self, request: protocol.Explain, cams: CamMaker) -> None:
        cam = cams.cam(request.track_id, request.pts, request.method, with_deletion_check=request.with_deletion_check)
        self._send(protocol.Explained(request.job, cam))

    def _finished(self, case: CaseFile) -> tuple[Analysis, Detector | None]:
        analysis = case.analysis()
        if analysis is None:
            raise CaseError(f"{case.path} holds no finished analysis; let the analysis end first.")
        if open_clip(Path(analysis.clip.path)).sha256 != analysis.clip.sha256:
            raise CaseError(
                f"{analysis.clip.path} is another file than the one analysed (its SHA-256 differs); "
                "put the original back or analyse this one."
            )
        return analysis, self._detector(analysis.settings) if analysis.model else None

    def _explain(self, request: protocol.Explain) -> None:
        with CaseFile.open(Path(request.case_path), create=False) as case:
            analysis, detector = self._finished(case)
            if detector is None:
                raise CaseError("This analysis was made without a model bundle, so there is no heat map to show.")
            with Decoder(analysis.clip) as decoder:
                self._send_cam(request, CamMaker(case, case.newest_id(), decoder, detector))

    def _write_report(self, request: protocol.WriteReport) -> None:
        with CaseFile.open(Path(request.case_path), create=False) as case:
            analysis, detector = self._finished(case)
            files = write_report(gather(case, analysis, detector), Path(request.folder))
            case.log("report written", request.folder)
        self._send(protocol.ReportDone(request.job, request.folder, tuple(str(f) for f in files)))


def _is_same(done: Analysis, clip: Clip, settings: Settings, model: str) -> bool:
    made_with = done.model.sha256 if done.model else _NO_MODEL
    return done.clip.sha256 == clip.sha256 and done.settings == settings and made_with == model


def _earlier(case: CaseFile, clip: Clip, settings: Settings, model: str) -> tuple[int, Earlier | None]:
    """The analysis to go on with, or a new one."""
    left = case.unfinished(clip, settings, model)
    if left is None:
        return case.begin(clip, settings, model), None
    number = left.analysis_id
    faces, scores = case.faces(number), case.scores(number)
    return number, Earlier(left.state, left.started_at, faces, scores, case.gaps(number))


def _stored(case: CaseFile, clip: Clip, request: protocol.Analyze, detector: Detector | None) -> Earlier:
    model = detector.card.sha256 if detector else _NO_MODEL
    _, earlier = _earlier(case, clip, request.settings, model)
    assert earlier is not None, "a batch was written just before"
    return earlier


def main() -> int:
    """Run the engine on this process' stdin and stdout; anything else that prints goes to stderr."""
    share_cores(int(os.environ.get("INSPECTOR_CORES_SHARED_BY", "1")))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        Server(sys.stdin.buffer, answers).run()
    except (BrokenPipeError, msgspec.DecodeError) as error:
        print(f"The engine stopped: {error}", file=sys.stderr)
        return 1
    return 0
