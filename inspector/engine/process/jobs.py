"""The jobs of the engine process: analyses, heat maps and reports, with the detectors and evidence it keeps open.

Importing this module imports torch, which takes seconds; the server does so in a separate thread and meanwhile reports
files that cannot be opened.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inspector.domain.analysis import Analysis
from inspector.domain.clip import Clip
from inspector.domain.errors import BundleError, CaseError, ClipError
from inspector.engine import activity, faults
from inspector.engine.analysis.cam_maker import CamMaker, Explanations
from inspector.engine.analysis.pipeline import ResumeState, analyze, partial
from inspector.engine.analysis.scored_frame import ScoredFrames
from inspector.engine.analysis.steps import Step, next_unless_stopped, steps_of, tried
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.stored_analysis import StoredAnalysis
from inspector.engine.clock import now
from inspector.engine.decode.decoder import Decoder, hash_file
from inspector.engine.decode.working_copy import working_copy
from inspector.engine.faces.signals import JITTER_GAP_SECONDS
from inspector.engine.model.bundle import installed_bundle
from inspector.engine.model.detector import Detector
from inspector.engine.process import protocol
from inspector.engine.process.detectors import Detectors
from inspector.engine.process.memory import give_back
from inspector.engine.timings import Timings

_NO_MODEL = ""
Check = Callable[[], None]

Poll = Callable[[int], tuple[bool, protocol.Explain | None]]
"""Called after each batch with the analysis's id; returns whether to stop, and the heat map to compute
before that."""


@dataclass(frozen=True, slots=True, eq=False)
class _KeptCopy:
    """The working copy of the analysis that ended last; copy and evidence had the same SHA-256 after it too."""

    evidence: Clip
    path: str  # of the copy
    stamp: tuple[int, int]  # size and time of the evidence, before and after the analysis
    opened: ExitStack  # removes the copy

    def is_of(self, clip: Clip) -> bool:
        """Whether this is a copy of `clip`, and the evidence was not written to since."""
        of = self.evidence
        return (clip.sha256, clip.path, _stamp_or_none(clip)) == (of.sha256, of.path, self.stamp)


class JobRunner:
    """Runs the requests and sends the answers. Use it from one thread."""

    def __init__(
        self,
        send: Callable[[protocol.Message], None],
        confinement: str = "",
        detectors: Detectors | None = None,
    ) -> None:
        self._send, self._confinement = send, confinement
        self._detectors = detectors or Detectors()
        # The evidence behind the heat maps of one finished analysis stays open, since hashing it takes time.
        self._open = ExitStack()
        self._open_key: tuple[object, ...] = ()
        self._open_cams: CamMaker | None = None
        self._kept: _KeptCopy | None = None
        self._explanations, self._explanations_key = Explanations(), ("", 0, "")
        self._ahead: Generator[None, None, None] | None = None  # prepares a report

    def close(self) -> None:
        """Close what is kept open."""
        self._stop_preparing()
        self._close_cams()
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.opened.close()

    def _close_cams(self) -> None:
        self._open.close()
        self._open_key, self._open_cams = (), None

    def _detector_of(self, analysis: Analysis, *, is_own: bool) -> Detector | None:
        """The detector of an analysis, None if it had none. Raises BundleError if it is not available.

        It is found by its SHA-256. The folder that the settings name is looked at only if they are the examiner's own:
        those of an imported analysis could name any place.
        """
        made_with, settings = analysis.model, analysis.settings
        if made_with is None:
            return None
        known = self._detectors.known(made_with, settings)
        if known is not None:
            return known
        installed = installed_bundle(made_with.identity)
        if installed is not None:
            return self._detectors.of(installed, settings)
        found = self._detectors.wanted(settings) if is_own else None
        if found is None or found.card.identity != made_with.identity:
            raise BundleError(
                f"The model bundle {made_with.name} {made_with.version} that this analysis was made with is "
                f"{'missing' if found is None else 'replaced by another one'}; restore it, or analyse the clip again."
            )
        return found

    def _send_warnings(self, job: int, detector: Detector | None) -> None:
        while detector is not None and detector.warnings:
            self._send(protocol.JobWarning(job, detector.warnings.pop(0)))

    # --- analysis ----------------------------------------------------------------------------------------------------

    def analyze(
        self,
        request: protocol.Analyze,
        clip: Clip,
        poll: Poll,
        timings: Timings | None = None,
        copy: ExitStack | None = None,
        check: Check = lambda: None,
    ) -> None:
        """Analyse into the case file, resume an interrupted analysis, or answer with the finished one in it.

        `clip` is the working copy of the file that the request names. `timings` has what was measured before. `copy`
        removes the working copy; it is taken over if heat maps and reports of the analysis can be made from it. `check`
        may raise StoppedError during a batch, which is then given up.
        """
        self.close()
        timings = timings or Timings()
        named = replace(clip, path=request.clip_path)
        stamp = _stamp_or_none(named)
        with timings.step("load the networks"):
            detector = self._detectors.wanted(request.settings)
        model = detector.card.identity if detector else _NO_MODEL
        with CaseFile.open(Path(request.case_path)) as case:
            known = case.matching(clip.sha256, request.settings, model)
            stored = None if known is None else case.read(known.analysis_id)
            done = None if stored is None else stored.result()
            if stored is None or done is None:
                resume = _resume_state(stored, known.state) if stored and known and known.state else None
                started_at = stored.started_at() if stored else now()
                run = analyze(clip, detector, request.settings, resume, started_at=started_at, timings=timings)
                with closing(run):
                    steps = steps_of(run, check)
                    if stored is None:
                        steps = tried(steps, detector)  # an analysis that fails at once is not begun
                        stored = case.read(case.begin(named, request.settings, model, started_at))
                    self._send(_started(request, stored.analysis_id, clip, detector, resume))
                    if clip.alternatives:
                        self._send(protocol.JobWarning(request.job, _alternatives(named)))
                    done = self._batches(request, clip, detector, case, stored, resume, steps, poll, timings)
            number = stored.analysis_id
        is_same = done.is_complete and not done.is_evidence_changed and stamp == _stamp_or_none(named)
        if copy is not None and stamp is not None and is_same:
            self._kept = _KeptCopy(named, clip.path, stamp, copy.pop_all())
        give_back()
        self._send(protocol.AnalysisDone(request.job, number, done))
        if request.prepares_report and done.is_complete:
            self._ahead = self._explained_ahead(Path(request.case_path), number)

    def _batches(
        self,
        request: protocol.Analyze,
        clip: Clip,
        detector: Detector | None,
        case: CaseFile,
        stored: StoredAnalysis,
        resume: ResumeState | None,
        steps: Iterator[Step],
        poll: Poll,
        timings: Timings,
    ) -> Analysis:
        """Take the steps to the last one, or until `poll` says stop."""
        state = resume.state if resume else {}
        done = int(state["analysed"]) if state else 0
        while not isinstance(step := next_unless_stopped(steps, can_resume=bool(state)), Analysis):
            if step is not None:
                state = dict(step.state)
                with timings.step("write the case file"):
                    case.append(stored.analysis_id, step, state)
                done += len(step.frames)
                self._send_warnings(request.job, detector)
                self._send(protocol.BatchDone(request.job, step.frames, step.scores, step.gaps, done))
            is_to_stop, explain = poll(stored.analysis_id)
            if explain is not None:  # it waited for the end of the batch, or until that was given up
                self._explain_in_between(explain, clip, detector, stored)
            if is_to_stop or step is None:
                step = None
                break
        analysis = step or partial(clip, detector, request.settings, _resume_state(stored, state))
        if analysis.is_complete and analysis.sha256_after != clip.sha256:
            raise ClipError(f"The working copy {clip.path} changed while it was analysed; check the disk and memory.")
        with timings.step("hash the original"):
            after = self._sha256_after(request) if analysis.is_complete else ""
        named = replace(clip, path=request.clip_path)
        analysis = replace(analysis, clip=named, sha256_after=after, confinement=self._confinement)
        analysis = replace(analysis, timings=timings.table())
        case.finish(stored.analysis_id, analysis)
        return analysis

    def _sha256_after(self, request: protocol.Analyze) -> str:
        """The SHA-256 of the evidence at the end, or why it cannot be read any more: its copy was analysed.

        A file that took its name by now is another one, which this process was not given.
        """
        try:
            return hash_file(request.clip_path)
        except ClipError as error:
            return f"not read: {error}"

    def _explain_in_between(
        self, request: protocol.Explain, clip: Clip, detector: Detector | None, stored: StoredAnalysis
    ) -> None:
        """A heat map of the running analysis; its track's scale is that of the frames scored so far."""
        with faults.Boundary("making a heat map", lambda error: self._send(protocol.Failed(request.job, str(error)))):
            if detector is None:
                raise CaseError("Without a model bundle nothing is scored, so there is no heat map.")
            with Decoder(clip) as decoder:
                self._send_cam(request, CamMaker(ScoredFrames(stored, decoder, 0), detector))

    # --- heat maps and reports ---------------------------------------------------------------------------------------

    def _send_cam(self, request: protocol.Explain, cams: CamMaker) -> None:
        cam = cams.cam(request.track_id, request.pts, request.method, with_deletion_check=request.with_deletion_check)
        self._send_warnings(request.job, cams.detector)
        self._send(protocol.Explained(request.job, cam))

    @contextmanager
    def _reopened(
        self, stored: StoredAnalysis, check: Check = lambda: None
    ) -> Iterator[tuple[Analysis, Detector | None, Decoder]]:
        """A finished analysis with its detector, and a decoder of a copy of its evidence.

        Raises CaseError if the evidence has changed since.
        """
        analysis = stored.result()
        if analysis is None:
            raise CaseError(f"Analysis {stored.analysis_id} in {stored.path} is not finished; let it end first.")
        with self._copied(analysis.clip, check) as path:
            detector = self._detector_of(analysis, is_own=not stored.imported())
            with Decoder(replace(analysis.clip, path=path)) as decoder:
                yield analysis, detector, decoder

    @contextmanager
    def _copied(self, clip: Clip, check: Check) -> Iterator[str]:
        """The path of a copy of the evidence, which was hashed. Raises CaseError if it is another file by now.

        Copying a large file takes minutes: `check` may raise meanwhile, to give it up.
        """
        if self._kept is not None and self._kept.is_of(clip):
            yield self._kept.path
            return
        with ExitStack() as opening:
            with activity.checked(check):
                copy = opening.enter_context(working_copy(Path(clip.path)))
            copy.check_unchanged(clip)
            yield str(copy.path)

    def explain(self, request: protocol.Explain, check: Check = lambda: None) -> None:
        """The heat map of a stored score of a finished analysis; `check` may raise while the clip is copied for it."""
        self._send_cam(request, self._cams(Path(request.case_path), request.analysis_id, check))

    def _cams(self, case_path: Path, analysis_id: int, check: Check) -> CamMaker:
        with CaseFile.open(case_path, create=False) as case:
            clip = case.read(analysis_id).clip()
        key = (case_path, analysis_id, _stamp(clip))
        if self._open_cams is None or key != self._open_key:
            self._close_cams()
            with ExitStack() as opening:
                stored = opening.enter_context(CaseFile.open(case_path, create=False)).read(analysis_id)
                analysis, detector, decoder = opening.enter_context(self._reopened(stored, check))
                if detector is None:
                    raise CaseError("This analysis was made without a model bundle, so there is no heat map.")
                known = self._explained(stored, analysis)
                self._open_cams, self._open_key = CamMaker(ScoredFrames(stored, decoder, 0), detector, known), key
                self._open = opening.pop_all()
        return self._open_cams

    def prepare(self) -> bool:
        """A step of the work ahead for a report of the newest analysis; False if none is left."""
        # An error occurs again, and is shown, when the report is written.
        with faults.Boundary("preparing a report", lambda error: None):
            for _ in self._ahead or ():
                return True
        return False

    def _stop_preparing(self) -> None:
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None

    def _explained_ahead(self, case_path: Path, analysis_id: int) -> Generator[None, None, None]:
        with CaseFile.open(case_path, create=False) as case:
            stored = case.read(analysis_id)
            with self._reopened(stored) as (analysis, detector, decoder):
                if detector is not None:
                    from inspector.engine.report.gather import explain_ahead  # as in write_report

                    known = self._explained(stored, analysis)
                    yield from explain_ahead(stored, analysis, CamMaker(ScoredFrames(stored, decoder), detector, known))

    def _explained(self, stored: StoredAnalysis, analysis: Analysis) -> Explanations:
        """What is known of an analysis; that of another one is forgotten."""
        key = str(stored.path), stored.analysis_id, analysis.started_at
        if key != self._explanations_key:
            self._explanations, self._explanations_key = Explanations(), key
        return self._explanations

    def write_report(self, request: protocol.WriteReport, check: Check = lambda: None) -> None:
        """Write the report of a finished analysis; `check` may raise while the clip is copied for it."""
        # Imported when first needed: an analysis begins half a second earlier without ReportLab and SciPy.
        from inspector.engine.report.gather import gather
        from inspector.engine.report.writer import write_report

        with CaseFile.open(Path(request.case_path), create=False) as case:
            stored = case.read(request.analysis_id)
            with self._reopened(stored, check) as (analysis, detector, decoder):
                material = gather(
                    case,
                    request.analysis_id,
                    analysis,
                    detector,
                    decoder,
                    request.public_key,
                    has_figures=request.has_pdf,
                    left_out=request.left_out,
                    known=self._explained(stored, analysis),
                )
                material = replace(material, player_confinement=request.player_confinement)
                files = write_report(material, Path(request.folder), has_pdf=request.has_pdf)
            case.log("report written", Path(request.folder).name)
        give_back()
        self._send_warnings(request.job, detector)
        self._send(protocol.ReportDone(request.job, tuple(str(f) for f in files)))


def _stamp(clip: Clip) -> tuple[int, int]:
    """Size and modification time of the evidence; if they change, it must be hashed again."""
    try:
        found = Path(clip.path).stat()
    except OSError as error:
        raise ClipError(f"{clip.path} cannot be read any more ({error.strerror}); put the file back.") from error
    return found.st_size, found.st_mtime_ns


def _stamp_or_none(clip: Clip) -> tuple[int, int] | None:
    try:
        return _stamp(clip)
    except ClipError:
        return None


def _resume_state(stored: StoredAnalysis, state: dict[str, Any]) -> ResumeState:
    """What an interrupted analysis left, with the state after its last batch."""
    recent = state["last_pts"] - round(JITTER_GAP_SECONDS / stored.clip().time_base) - 1
    last_faces = stored.faces(start_pts=recent)
    return ResumeState(state, stored.started_at(), last_faces, stored.scores(), stored.gaps(), stored.signal_blocks())


def _alternatives(clip: Clip) -> str:
    """One sentence on the streams of pictures that are not analysed."""
    others = "; ".join(f"stream {stream.number}: {stream.text}" for stream in clip.alternatives[:3])
    more = len(clip.alternatives) - 3
    rest = f"; and {more} more" if more > 0 else ""
    return (
        f"{Path(clip.path).name} holds other pictures too, which are not analysed ({others}{rest}); choose them with "
        "--stream or in the Clip tab."
    )


def _started(
    request: protocol.Analyze, number: int, clip: Clip, detector: Detector | None, resume: ResumeState | None
) -> protocol.Started:
    settings = request.settings
    is_whole = settings.start_seconds is None and settings.end_seconds is None
    total = -(-clip.declared_frames // settings.every) if clip.declared_frames and is_whole else None
    device, name = (detector.device_name, detector.card.name) if detector else ("none", None)
    return protocol.Started(request.job, number, total, int(resume.state["analysed"]) if resume else 0, device, name)
