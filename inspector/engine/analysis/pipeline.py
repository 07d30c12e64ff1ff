"""The analysis of a clip: decode -> find -> track -> crop -> score -> deepen -> rule. `analyze` holds this order.

It is a generator: each yielded batch is progress, and closing it cancels the analysis. Decoding and the search for
faces run ahead in threads (face_search.py) and the networks run behind in others (scorer.py).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from inspector.domain.account import PictureAccount
from inspector.domain.analysis import Analysis, Batch, ChangedScore, DeepChecks, FrameRecord, SignalBlock
from inspector.domain.arrays import Image
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import ClipError
from inspector.domain.faces import Abstention, Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.scores import FaceScore
from inspector.domain.settings import Settings
from inspector.engine import activity
from inspector.engine.analysis.accumulator import RunAccumulator
from inspector.engine.analysis.deep_pass import DeepPass
from inspector.engine.analysis.deep_plan import deep_limits, plan_of
from inspector.engine.analysis.face_search import FaceSearch, SearchedFrame, SearchState
from inspector.engine.analysis.format_log import FormatLog
from inspector.engine.analysis.scorer import PendingBatch, Scorer
from inspector.engine.analysis.summary import RunSummary, conclude
from inspector.engine.clock import now
from inspector.engine.decode.decoder import Decoder
from inspector.engine.faces.crop import crop_box, cut
from inspector.engine.faces.quality import QUALITY_MARGIN, abstention, measure_quality
from inspector.engine.faces.signals import SignalRecorder
from inspector.engine.faces.tracker import ShotDetector, Tracker
from inspector.engine.model.detector import Detector
from inspector.engine.provenance.coding.blocks import CODING_TRACK
from inspector.engine.provenance.coding.recorder import CodingRecorder, FrameSequence, MeasuredFrame
from inspector.engine.timings import Timings

FRAMES_PER_BATCH = 16
_FRAMES_OF_FIRST_BATCH = 4  # so that it is soon there; PyTorch adds up in another order for fewer crops

Tracked = list[tuple[int, Face]]
"""The faces of one frame with their track ids, ascending."""


@dataclass(frozen=True, slots=True, eq=False)
class ResumeState:
    """What an interrupted analysis left: the state after its last batch, and all that it found, in pts order.

    `last_faces` are those of at least the last `JITTER_GAP_SECONDS` with their track ids; signals that follow from the
    landmarks of the frame before go on from them.
    """

    state: dict[str, Any]
    started_at: str
    last_faces: Iterable[tuple[int, Face]]
    scores: Iterable[FaceScore]
    gaps: tuple[Gap, ...]
    signals: Iterable[SignalBlock] = ()


def analyze(
    clip: Clip,
    detector: Detector | None,
    settings: Settings,
    resume: ResumeState | None = None,
    *,
    started_at: str = "",
    timings: Timings | None = None,
    workers: int | None = None,
) -> Generator[Batch, None, Analysis]:
    """Analyse a clip: yields a Batch per 16 analysed frames, the first one sooner, and returns the Analysis.

    Without a detector faces are found and tracked, and nothing is scored. With `resume`, the analysis continues where
    the interrupted one stopped and gives the same numbers as an unbroken run. `started_at` is the beginning as it is
    stored, by which a report is known as that of the analysis; without one it is taken from the clock. The seconds of
    each step are added to `timings`. `workers` threads search faces, by default one per core; their number changes no
    result. Raises ClipError when the evidence cannot be decoded.
    """
    started_at = resume.started_at if resume else started_at or now()
    timings = timings or Timings()
    if detector is not None and detector.deep is not None:
        detector.deep.forget()  # only its report takes logits of an analysis
    run = _Run(clip, detector, settings, timings)
    if resume:
        run.restore(resume)
    with (
        activity.frames_counted(),
        Decoder(clip, with_coding=not clip.is_still) as decoder,
        Scorer(detector, run.deep_limits, timings) as scorer,
    ):
        run.restore_windows(scorer, decoder)
        # The face finders take 40 MB each: they are closed before the deep network decodes the clip again.
        with FaceSearch(clip, settings, timings, workers) as search, closing(run.decode(decoder, search)) as searched:
            for item in searched:
                if isinstance(item, Gap):
                    run.batch.gaps.append(item)
                    continue
                run.count(item)
                if item.small is None:
                    continue
                faces = run.find(search, item)
                tracked = run.track(item.frame, faces, item.is_cut)
                run.crop(scorer, item, tracked)
                yield from map(run.record, scorer.ready())
                if run.is_batch_full:
                    yield from map(run.record, scorer.score(run.take_batch(scorer)))
        if run.has_more:
            yield from map(run.record, scorer.score(run.take_batch(scorer)))
        yield from map(run.record, scorer.finish())
        run.require_frames()
        run.close_account(decoder)
        yield from run.deepen(scorer, decoder)
    with timings.step("conclude"):
        analysis = conclude(run.summary(), clip, detector, settings, started_at)
    return replace(analysis, timings=timings.table())


def partial(clip: Clip, detector: Detector | None, settings: Settings, resume: ResumeState) -> Analysis:
    """What a stopped analysis found so far; `is_complete` is False."""
    run = _Run(clip, detector, settings)
    run.restore(resume)
    return conclude(run.summary(), clip, detector, settings, resume.started_at, is_complete=False)


class _Run:
    """The steps of one analysis with the state that they keep from frame to frame."""

    def __init__(
        self, clip: Clip, detector: Detector | None, settings: Settings, timings: Timings | None = None
    ) -> None:
        self._timings = timings or Timings()
        self._clip, self._settings = clip, settings
        self._is_scoring = detector is not None
        self._detector = detector
        self.deep_limits = deep_limits(clip, detector, settings)
        self._plan = plan_of(clip, detector, settings)
        self._checks: dict[int, DeepChecks] = {}
        self._margin = detector.card.crop_margin if detector else QUALITY_MARGIN
        self._shots = ShotDetector()
        self._tracker = Tracker()
        self._accumulator, self._signals, self._coding = RunAccumulator(), SignalRecorder(), CodingRecorder()
        self._formats = FormatLog()
        self._gaps: list[Gap] = []
        self._decoded = self._analysed = self._damaged = 0
        self._account: PictureAccount | None = None
        self._next_tiles = 0.0  # seconds from which on tiles are searched again
        self._last_pts = 0
        self._resume_pts: int | None = None
        self._resume_windows: list[Any] = []
        self.batch = PendingBatch()

    # --- decode ------------------------------------------------------------------------------------------------------

    def decode(self, decoder: Decoder, search: FaceSearch) -> Generator[SearchedFrame | Gap, None, None]:
        """The frames of the range in the settings, searched for faces, with what was measured of their coding."""
        start, end = self._settings.start_seconds, self._settings.end_seconds
        first = self._clip.pts(start) if start is not None else None
        if self._resume_pts is not None:
            first = self._resume_pts - 1
        last = self._clip.pts(end) if end is not None else None
        hashed = self._coding.hashed_pts
        coding = FrameSequence(None if hashed is None else self._clip.seconds(hashed), is_still=self._clip.is_still)

        def measure(frame: Frame) -> MeasuredFrame | None:
            if self._resume_pts is not None and frame.pts < self._resume_pts:
                coding.prime(frame)  # the last frame that the interrupted analysis counted
                return None
            with self._timings.step("measure the coding"):
                return coding.measure(frame, self._clip.seconds(frame.pts))

        # A copy, since the search is several frames ahead of what this run has seen.
        shots = ShotDetector.restored(self._shots.state())
        state = SearchState(measure, shots, self._formats.size, self._next_tiles)
        return search.frames(decoder, first, last, state)

    def count(self, item: SearchedFrame) -> None:
        """Count a decoded frame, whether it is analysed or not."""
        frame = item.frame
        if item.measured is not None:
            self._coding.add(item.measured)
        self._decoded += 1
        self._damaged += frame.is_corrupt
        self._last_pts = frame.pts
        self._formats.add(frame)

    # --- find and track ----------------------------------------------------------------------------------------------

    def find(self, search: FaceSearch, item: SearchedFrame) -> list[Face]:
        """The faces of the next frame."""
        self._shots, self._next_tiles = ShotDetector(item.small), item.next_tiles
        self._formats.set_size(item.frame)
        return [_quantised(face) for face in search.faces(item, self._tracker.boxes)]

    def track(self, frame: Frame, faces: list[Face], is_cut: bool) -> Tracked:
        """The faces with the ids of the tracks that they continue or begin."""
        if self._settings.whole_frame:
            ids = [1]
        else:
            with self._timings.step("track"):
                ids = self._tracker.update(frame.pts, faces, is_cut, self._clip.seconds(frame.pts))
        return sorted(zip(ids, faces, strict=True), key=lambda pair: pair[0])

    # --- crop --------------------------------------------------------------------------------------------------------

    def crop(self, scorer: Scorer, item: SearchedFrame, tracked: Tracked) -> None:
        """Add a frame to the batch: its faces, each with its crop to be scored or with the reason for none."""
        batch, frame, is_cut = self.batch, item.frame, item.is_cut
        self._analysed += 1
        batch.add_frame(FrameRecord(frame.index, frame.pts, frame.is_key, item.sha256, is_cut))
        if not tracked:
            reason = Abstention.DECODE_ERROR if frame.is_corrupt else Abstention.NO_FACE
            batch.scores.append(FaceScore(0, frame.pts, None, None, None, reason))
        crops: dict[int, tuple[Box, Image]] = {}
        for track_id, face in tracked:
            batch.faces.append((track_id, face))
            self._accumulator.add_face(track_id, face.pts, face.box)
            with self._timings.step("crop and quality"):
                score, image = self._cropped(frame, track_id, face, scorer.crop_size)
            if self._is_scoring and score.abstained is None and score.crop is not None:
                batch.waiting.append(len(batch.scores))
                batch.samples.append((scorer.frames_added, track_id))
                crops[track_id] = (score.crop, image)
                if self._is_due(score):
                    batch.deep.append((len(batch.scores), cut(frame.image, score.crop, scorer.deep_size)))
            batch.scores.append(score)
        scorer.add_frame(frame.pts, is_cut, crops)

    def _cropped(self, frame: Frame, track_id: int, face: Face, size: int) -> tuple[FaceScore, Image]:
        """A face's score without a logit, or with its abstention, and its crop uint8 (size, size, 3) RGB."""
        box = face.box if self._settings.whole_frame else crop_box(face, self._margin)
        image = cut(frame.image, box, size)
        height, width = frame.image.shape[:2]
        quality = measure_quality(face, image, width, height)
        reason = None if self._settings.whole_frame else abstention(face, quality, self._settings)
        if frame.is_corrupt:
            reason = Abstention.DECODE_ERROR
        score = FaceScore(track_id, frame.pts, box, None, None, reason, face.box, quality)
        self._observe(score, face.landmarks)
        return score, image

    def _observe(self, score: FaceScore, landmarks: LandmarkSet | None) -> None:
        """Record the signals of a face; none of them enters the score."""
        if landmarks is not None and score.quality is not None:
            seconds = self._clip.seconds(score.pts)
            self._signals.add(score.track_id, score.pts, seconds, landmarks, score.quality)

    def _is_due(self, score: FaceScore) -> bool:
        """Whether the deep network sees this scored frame at once."""
        return self.deep_limits is not None and self._plan.is_due(score.track_id, self._clip.seconds(score.pts))

    # --- score -------------------------------------------------------------------------------------------------------

    def take_batch(self, scorer: Scorer) -> PendingBatch:
        """The batch so far, with the state to resume after it; a new one begins."""
        batch, self.batch = self.batch, PendingBatch()
        batch.end, batch.state = scorer.frames_added, self._state(scorer)
        batch.signals = (*self._coding.take(), *self._signals.take())
        return batch

    @property
    def is_batch_full(self) -> bool:
        """Whether the batch is to be scored; its end does not depend on where an interrupted analysis went on."""
        return self._analysed % FRAMES_PER_BATCH == 0 or self._analysed == _FRAMES_OF_FIRST_BATCH

    @property
    def has_more(self) -> bool:
        """Whether anything was found that is in no batch yet."""
        return bool(self.batch.frames or self.batch.gaps or self._coding.has_new)

    def record(self, batch: PendingBatch) -> Batch:
        """Add a scored batch to what the rule is applied to at the end."""
        for score in batch.scores:
            self._accumulator.add_score(score, score.deep_logit is not None)
        self._gaps += batch.gaps
        return batch.finished()

    # --- deepen ------------------------------------------------------------------------------------------------------

    def deepen(self, scorer: Scorer, decoder: Decoder) -> Iterator[Batch]:
        """Let the deep network see the further frames of each track, and check its conclusions."""
        if self.deep_limits is None or self._detector is None:
            return
        work = DeepPass(self._clip, self._detector, self._settings, decoder, self._accumulator)
        unchecked = [track for each, track in sorted(self._accumulator.tracks.items()) if each not in self._checks]
        with work.told(unchecked):
            for scores in self._timings.each("deep look after the last frame", work.further_frames()):
                yield Batch((), (), (), (), self._state(scorer), scores)
            for track in unchecked:
                with self._timings.step("stability"):
                    self._checks[track.track_id] = work.checks(track)
                yield Batch((), (), (), (), self._state(scorer))

    # --- rule --------------------------------------------------------------------------------------------------------

    def require_frames(self) -> None:
        """Raise ClipError if nothing is in the range of the settings: it would read as a clip without a face."""
        start, end = self._settings.start_seconds, self._settings.end_seconds
        if self._decoded or self._gaps or (start is None and end is None):
            return
        name = Path(self._clip.path).name
        if end is None:
            raise ClipError(f"{name} has no picture from {start:g} s on; change the start or end of the analysis.")
        raise ClipError(
            f"{name} has no picture from {start or 0:g} s to {end:g} s; change the start or end of the analysis."
        )

    def close_account(self, decoder: Decoder) -> None:
        """Compare what was decoded with what the file stores, if all of it was to be decoded."""
        if self._settings.start_seconds is None and self._settings.end_seconds is None:
            self._account = decoder.account(self._decoded, self._damaged, self._gaps)

    def summary(self) -> RunSummary:
        """What the decision rule is applied to."""
        found = self._accumulator, self._signals, tuple(self._gaps), self._decoded, self._analysed
        return RunSummary(*found, self._formats.uses, self._account, self._checks)

    # --- resuming after an interruption ------------------------------------------------------------------------------

    def _state(self, scorer: Scorer) -> dict[str, Any]:
        """Plain JSON values, stored with each batch."""
        return {
            "last_pts": self._last_pts,
            "decoded": self._decoded,
            "damaged": self._damaged,
            "analysed": self._analysed,
            "next_tiles": self._next_tiles,
            "tracker": self._tracker.state(),
            "shots": self._shots.state(),
            "windows": scorer.state(),
            "formats": self._formats.state(),
            "hashed": self._coding.hashed_pts,
            "checks": {
                str(track): [[[c.name, c.shift] for c in found.changes], found.plain_share]
                for track, found in self._checks.items()
            },
        }

    def restore(self, resume: ResumeState) -> None:
        """Take over everything but the crops, which `restore_windows` cuts again."""
        state = resume.state
        self._last_pts = state["last_pts"]  # there may be no further frame
        self._resume_pts, self._resume_windows = self._last_pts + 1, state.get("windows", [])
        self._decoded, self._analysed, self._next_tiles = state["decoded"], state["analysed"], state["next_tiles"]
        self._damaged = state.get("damaged", 0)
        self._tracker, self._shots = Tracker.restored(state["tracker"]), ShotDetector.restored(state["shots"])
        self._formats = FormatLog.restored(state.get("formats"))
        self._coding.hashed_pts = state.get("hashed")
        self._gaps = list(resume.gaps)
        # Those of an analysis that another version began are made again.
        for track, (changes, share) in state.get("checks", {}).items():
            self._checks[int(track)] = DeepChecks(tuple(ChangedScore(name, shift) for name, shift in changes), share)
        for block in resume.signals:
            if block.track_id <= CODING_TRACK:
                continue
            seconds = np.array([self._clip.seconds(int(pts)) for pts in block.pts], np.float64)
            self._signals.restore(block, seconds)
        for track_id, face in resume.last_faces:
            if face.landmarks is not None:
                self._signals.remember(track_id, face.landmarks)
        for score in resume.scores:
            if score.track_id and score.box is not None:
                self._accumulator.add_face(score.track_id, score.pts, score.box)
            self._accumulator.add_score(score, score.logit is not None and self._is_due(score))

    def restore_windows(self, scorer: Scorer, decoder: Decoder) -> None:
        """Cut the crops again that windows of the next frames reach into."""
        if self._resume_windows:
            first = self._resume_windows[0][0]
            scorer.restore(self._resume_windows, decoder.frames(first, self._resume_pts))


def _quantised(face: Face) -> Face:
    """The face with landmarks in the steps they are stored in, so that a resumed analysis sees the same numbers."""
    if face.landmarks is None:
        return face
    return replace(face, landmarks=LandmarkSet(np.round(face.landmarks.points * 16) / np.float32(16)))
