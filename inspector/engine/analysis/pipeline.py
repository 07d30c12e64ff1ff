"""The analysis itself: decode, find faces, track, crop, score in batches; a generator whose yields are the progress."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from inspector.domain.analysis import Analysis, Batch, FrameRecord
from inspector.domain.arrays import Floats, Image
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.faces import Abstention, Face, FaceQuality
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.scores import FaceScore
from inspector.domain.settings import Settings
from inspector.engine.analysis.accumulator import Tally
from inspector.engine.analysis.prefetch import prefetched
from inspector.engine.analysis.summary import Ending, conclude
from inspector.engine.case.annotations import now
from inspector.engine.decode.decoder import Decoder, frame_sha256
from inspector.engine.faces.crop import crop_box, cut, whole_face
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.faces.quality import QUALITY_MARGIN, QUALITY_PX, abstention, measure_quality
from inspector.engine.faces.signals import SignalRecorder
from inspector.engine.faces.tracker import ShotDetector, Tracker
from inspector.engine.model.detector import Detector
from inspector.engine.model.windows import Samples, Windows

FRAMES_PER_BATCH = 16
_FRAMES_AHEAD = 8


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """What an interrupted analysis left: the state of its last batch, and all it had found, in pts order."""

    state: dict[str, Any]
    started_at: str
    faces: Iterable[tuple[int, Face]]
    scores: Iterable[FaceScore]
    gaps: tuple[Gap, ...]


@dataclass(slots=True, eq=False)
class _Seen:
    """A batch whose network run is under way: everything but the logits, which belong to `waiting`, in order."""

    frames: list[FrameRecord] = field(default_factory=list)
    faces: list[tuple[int, Face]] = field(default_factory=list)
    scores: list[FaceScore] = field(default_factory=list)  # final ones and, at `waiting`, ones without a logit yet
    waiting: list[int] = field(default_factory=list)
    samples: list[tuple[int, int]] = field(default_factory=list)  # their windows: number of the frame, track
    end: int = 0  # the number of the first frame behind this batch
    gaps: list[Gap] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)


def analyze(
    clip: Clip, detector: Detector | None, settings: Settings, earlier: Earlier | None = None
) -> Generator[Batch, None, Analysis]:
    """Analyse a clip: yields a Batch per 16 analysed frames, returns the Analysis. Closing the generator cancels it.

    Without a detector faces are found and tracked, and nothing is scored. With `earlier`, it goes on where that one
    stopped and comes to the same numbers as an unbroken run. Raises ClipError when the evidence cannot be decoded.
    """
    started_at = earlier.started_at if earlier else now()
    run = _Run(clip, detector, settings)
    if earlier:
        run.restore(earlier)
    with FaceFinder(settings.detection_confidence) as finder:
        run.finder = finder
        yield from run.batches()
    return conclude(run.ending(), clip, detector, settings, started_at)


def partial(clip: Clip, detector: Detector | None, settings: Settings, earlier: Earlier) -> Analysis:
    """What a stopped analysis comes to so far; `is_complete` is False."""
    run = _Run(clip, detector, settings)
    run.restore(earlier)
    return replace(conclude(run.ending(), clip, detector, settings, earlier.started_at), is_complete=False)


class _Run:
    """The moving parts of one analysis."""

    def __init__(self, clip: Clip, detector: Detector | None, settings: Settings) -> None:
        self.clip, self.detector, self.settings = clip, detector, settings
        self.finder: FaceFinder | None = None
        self.tracker, self.shots = Tracker(), ShotDetector()
        self.tally, self.signals = Tally(), SignalRecorder()
        self.gaps: list[Gap] = []
        self.decoded = self.analysed = 0
        self.next_tiles: float = 0.0
        self.resume_pts: int | None = None
        self.resume_windows: list[Any] = []
        self.size = detector.card.input_size if detector else QUALITY_PX
        self.margin = detector.card.crop_margin if detector else QUALITY_MARGIN
        self.windows = Windows(detector.card.frames_per_sample if detector else 1, self.size)

    # --- going on after an interruption ------------------------------------------------------------------------------

    def state(self, last_pts: int) -> dict[str, Any]:
        return {
            "last_pts": last_pts,
            "decoded": self.decoded,
            "analysed": self.analysed,
            "next_tiles": self.next_tiles,
            "tracker": self.tracker.state(),
            "shots": self.shots.state(),
            "windows": self.windows.state(),
        }

    def restore(self, earlier: Earlier) -> None:
        state = earlier.state
        self.resume_pts, self.resume_windows = state["last_pts"] + 1, state.get("windows", [])
        self.decoded, self.analysed, self.next_tiles = state["decoded"], state["analysed"], state["next_tiles"]
        self.tracker, self.shots = Tracker.restored(state["tracker"]), ShotDetector.restored(state["shots"])
        self.gaps = list(earlier.gaps)
        # Faces and the scores of faces are stored one to one, both by pts and track.
        faces = iter(earlier.faces)
        for score in earlier.scores:
            if score.track_id:
                track_id, face = next(faces)
                self.tally.add_face(track_id, face)
                self._observe(score, face.landmarks)
            self.tally.add_score(score)
        next(faces, None)  # to its end, which lets go of the case file

    # --- batches -----------------------------------------------------------------------------------------------------

    def batches(self) -> Iterator[Batch]:
        """Score one batch in a thread while the next one's faces are found."""
        under_way: deque[tuple[_Seen, Future[Floats]]] = deque()
        with ThreadPoolExecutor(1, thread_name_prefix="score") as pool:
            for seen in self._whole():
                samples = self.windows.take(seen.samples)
                self.windows.forget(seen.end)
                under_way.append((seen, pool.submit(self._logits, samples)))
                if len(under_way) > 1:
                    yield self._scored(*under_way.popleft())
            while under_way:
                yield self._scored(*under_way.popleft())

    def _whole(self) -> Iterator[_Seen]:
        """Batches, each held back until the frames that its windows reach into have been seen too."""
        held: deque[_Seen] = deque()
        for seen in self._seen():
            held.append(seen)
            while held and self.windows.are_whole(held[0].end):
                yield held.popleft()
        yield from held

    def _logits(self, samples: Samples) -> Floats:
        return self.detector.window_logits(samples) if self.detector and samples.crops else np.zeros(0)

    def _scored(self, seen: _Seen, future: Future[Floats]) -> Batch:
        logits = future.result()
        if self.detector is not None:
            probabilities = self.detector.frame_probability(logits)
            for place, logit, value in zip(seen.waiting, logits, probabilities, strict=True):
                seen.scores[place] = replace(seen.scores[place], logit=float(logit), fake_probability=float(value))
        for score in seen.scores:
            self.tally.add_score(score)
        self.gaps += seen.gaps
        return Batch(tuple(seen.frames), tuple(seen.faces), tuple(seen.scores), tuple(seen.gaps), seen.state)

    def _seen(self) -> Iterator[_Seen]:
        with Decoder(self.clip) as decoder:
            if self.resume_windows:
                self.windows.restore(self.resume_windows, decoder.frames(self.resume_windows[0][0], self.resume_pts))
            seen, last = _Seen(), 0
            with closing(prefetched(self._hashed(decoder), _FRAMES_AHEAD)) as items:
                for item in items:
                    if isinstance(item, Gap):
                        seen.gaps.append(item)
                        continue
                    frame, sha256 = item
                    self.decoded += 1
                    last = frame.pts
                    if frame.index % self.settings.every:
                        continue
                    self._look(frame, sha256, seen)
                    if len(seen.frames) == FRAMES_PER_BATCH:
                        seen.state, seen.end = self.state(last), self.windows.added
                        yield seen
                        seen = _Seen()
            if seen.frames or seen.gaps:
                seen.state, seen.end = self.state(last), self.windows.added
                yield seen

    def _hashed(self, decoder: Decoder) -> Iterator[tuple[Frame, str] | Gap]:
        """Frames of the wanted range with their hash, computed in the decoding thread."""
        start, end = self.settings.start_seconds, self.settings.end_seconds
        first = self.clip.pts(start) if start is not None else None
        if self.resume_pts is not None:
            first = self.resume_pts
        last = self.clip.pts(end) if end is not None else None
        for item in decoder.frames(first, last):
            yield item if isinstance(item, Gap) else (item, frame_sha256(item.image))

    # --- one frame ---------------------------------------------------------------------------------------------------

    def _look(self, frame: Frame, sha256: str, seen: _Seen) -> None:
        """Find, track and crop the faces of one frame; what is to be scored waits in `seen`."""
        self.analysed += 1
        is_cut = self.shots.is_cut(frame.image)
        seen.frames.append(FrameRecord(frame.index, frame.pts, frame.is_key, sha256, is_cut))
        if self.settings.whole_frame:
            faces, ids = [whole_face(frame)], [1]
        else:
            faces = [_quantised(f) for f in self._find(frame, is_cut)]
            ids = self.tracker.update(frame.pts, faces, is_cut, self.clip.seconds(frame.pts))
        if not faces:
            reason = Abstention.DECODE_ERROR if frame.is_corrupt else Abstention.NO_FACE
            seen.scores.append(FaceScore(0, frame.pts, None, None, None, reason))
        crops: dict[int, tuple[Box, Image]] = {}
        for track_id, face in sorted(zip(ids, faces, strict=True), key=lambda pair: pair[0]):
            seen.faces.append((track_id, face))
            self.tally.add_face(track_id, face)
            score, crop = self._crop(frame, track_id, face)
            if score.abstained is None and score.crop is not None and self.detector is not None:
                seen.waiting.append(len(seen.scores))
                seen.samples.append((self.windows.added, track_id))
                crops[track_id] = (score.crop, crop)
            seen.scores.append(score)
        self.windows.add(frame.pts, is_cut, crops)

    def _find(self, frame: Frame, is_cut: bool) -> list[Face]:
        seconds, wait = self.clip.seconds(frame.pts), self.settings.tile_seconds
        tiles = wait > 0 and (is_cut or seconds >= self.next_tiles)
        if tiles:
            self.next_tiles = seconds + wait
        near = () if is_cut else self.tracker.boxes
        assert self.finder is not None
        return self.finder.find(frame.image, frame.pts, near, tiles)

    def _crop(self, frame: Frame, track_id: int, face: Face) -> tuple[FaceScore, Image]:
        """A face's score without a logit yet, and the crop that is to be scored unless it says why not."""
        box = face.box if self.settings.whole_frame else crop_box(face, self.margin)
        crop = cut(frame.image, box, self.size)
        height, width = frame.image.shape[:2]
        quality = measure_quality(face, crop, width, height)
        reason = None if self.settings.whole_frame else abstention(face, quality, self.settings)
        if frame.is_corrupt:
            reason = Abstention.DECODE_ERROR
        score = FaceScore(track_id, frame.pts, box, None, None, reason, face.box, quality)
        self._observe(score, face.landmarks)
        return score, crop

    def _observe(self, score: FaceScore, landmarks: LandmarkSet | None) -> None:
        if landmarks is not None and score.quality is not None:
            quality: FaceQuality = score.quality
            self.signals.add(score.track_id, score.pts, self.clip.seconds(score.pts), landmarks, quality)

    def ending(self) -> Ending:
        return Ending(self.tally, self.signals, tuple(self.gaps), self.decoded, self.analysed)


def _quantised(face: Face) -> Face:
    """The face with landmarks in the steps they are stored in, so that a resumed analysis sees the same numbers."""
    if face.landmarks is None:
        return face
    return replace(face, landmarks=LandmarkSet(np.round(face.landmarks.points * 16) / np.float32(16)))
