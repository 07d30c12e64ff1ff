"""Preparing one file: the work of a worker process, with the engine's decoder, face finder and crops.

A file is decoded once for all its labels, and only frames that a label needs become pictures. Faces are looked for
inside a label's region only: a frame of nine panels has nine labels, and is up to 9,600 pixels wide.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError, OutputError
from inspector.domain.faces import Face
from inspector.domain.geometry import Box
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.display_order import Picture
from inspector.engine.faces.crop import crop_box, cut, whole_face
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.faces.quality import QUALITY_MARGIN, QUALITY_PX, measure_quality
from inspector.engine.faces.tracker import ShotDetector, Tracker
from training.prepare.coding import Coding, measure_coding
from training.prepare.parts import POINTS, Found, PartWriter
from training.prepare.selection import spread
from training.recipe import PrepareOptions
from training.sources import Sample

CONTEXT = 0.45  # margin of the stored crop; forging and shifting need more than the network sees
CONFIDENCE = 0.5  # minimum detection confidence of a face; the app's default

ReportLimit = Callable[[float], None]  # receives the job's time limit in seconds, as soon as it is known
# Ten times slower than a busy core and a slow shared disk; a clip that takes longer counts as hanging.
_LEAST_SECONDS, _FRAMES_PER_SECOND, _BYTES_PER_SECOND = 120.0, 1.0, 4e6

_NO_FACE = "no face found"
_LEAST_REGION = 16  # pixels of a region's side, below which no face is looked for
_PART_OF_PICTURE = "its label applies to a part of the picture, but whole frames are prepared"


@dataclass(frozen=True, slots=True)
class Job:
    """One sample and the part to write; relative paths start at `root`, wherever the worker runs."""

    sample: Sample
    group: str
    is_held_out: bool
    root: Path
    part: Path
    options: PrepareOptions
    others: tuple[Job, ...] = ()  # of the same file, which are prepared together with this one


class Cause(StrEnum):
    """Why a sample gave no part. A file stays rejected; after MACHINE the sample is tried again in the next run."""

    NONE = ""
    FILE = "file"
    MACHINE = "machine"
    OUTPUT = "output"  # nothing can be written, so that the run ends


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a job: its number of crops, or the cause and reason for none."""

    crops: int = 0
    cause: Cause = Cause.NONE
    reason: str = ""
    others: tuple[Outcome, ...] = ()  # of the job's others; none when this one holds for all of them


def each_outcome(job: Job, outcome: Outcome) -> list[tuple[Job, Outcome]]:
    """A job and its others, each with its own outcome."""
    others = outcome.others or (outcome,) * len(job.others)
    return list(zip((job, *job.others), (outcome, *others), strict=True))


def by_file(jobs: Sequence[Job]) -> list[Job]:
    """One job for each file, with the jobs of its further labels as `others`."""
    files: dict[Path, list[Job]] = {}
    for job in jobs:
        files.setdefault(job.sample.path, []).append(job)
    return [replace(first, others=tuple(others)) for first, *others in files.values()]


def fair_seconds(size: int, frames: int) -> float:
    """The time limit of a clip of `size` bytes and `frames` frames, after which decoding counts as hanging."""
    return _LEAST_SECONDS + size / _BYTES_PER_SECOND + frames / _FRAMES_PER_SECOND


def prepare_one(job: Job, report_limit: ReportLimit) -> Outcome:
    """Write the parts of one file. Errors of the file or the disk are part of the outcome; other errors are raised."""
    path = job.root / job.sample.path
    if not path.is_file():
        # Perhaps only this machine does not see it, so the file is not rejected permanently.
        return Outcome(0, Cause.MACHINE, f"{job.sample.path} does not exist; copy it or mount its disk.")
    try:
        report_limit(fair_seconds(path.stat().st_size, 0))
        clip = open_clip(path)
        with Decoder(clip) as decoder, ExitStack() as parts:
            frames = len(decoder.index)  # counted from the packets; the header's number can be wrong
            cutters = [
                _CropCutter(clip, frames, one, parts.enter_context(PartWriter(one.root / one.part)))
                for one in (job, *job.others)
            ]
            report_limit(fair_seconds(clip.size_bytes, frames * len(cutters)))
            reason = _fill(cutters, decoder)
            first, *others = (cutter.finish(reason, measure_coding(clip, frames)) for cutter in cutters)
            return replace(first, others=tuple(others))
    except OutputError as error:
        return Outcome(0, Cause.OUTPUT, str(error))
    except InspectorError as error:
        return Outcome(0, Cause.FILE, str(error))


def _fill(cutters: Sequence[_CropCutter], decoder: Decoder) -> str:
    """Add the crops of all labels; returns why no picture could be decoded, if none could."""
    gaps: list[Gap] = []
    seen = False
    with closing(_without_end(decoder)) as pictures:
        for picture in pictures:
            if isinstance(picture, Gap):
                gaps.append(picture)
                continue
            seen = True
            wanting = [cutter for cutter in cutters if cutter.wants(picture.index)]
            frame = decoder.convert(picture) if wanting else None
            for cutter in wanting:
                assert frame is not None
                cutter.add(frame)
            if all(cutter.is_done for cutter in cutters):
                break
    if seen:
        return ""
    return f"no picture could be decoded: {gaps[0].reason}" if gaps else "no picture could be decoded"


def _without_end(decoder: Decoder) -> Generator[Picture | Frame | Gap, None, None]:
    """What the decoder yields from the start of its clip on."""
    for item in decoder.pictures(decoder.clip.start_pts):
        if item is not None:
            yield item


class _Chooser:
    """Which frames of a clip a label uses; a broken frame is replaced by the next good one, and each comes once."""

    def __init__(self, clip: Clip, frames: int, job: Job) -> None:
        options = job.options
        self._indices: list[int] | None = None  # in ascending order; None for consecutive frames
        self._left = float("inf")
        if job.is_held_out and not clip.is_still:
            self._left = options.held_out_frames or float("inf")
        elif options.frames and not clip.is_still:
            self._indices = spread(frames, options.frames)

    @property
    def is_done(self) -> bool:
        """Whether no further frame is needed."""
        return self._left <= 0 or self._indices == []

    def take(self, index: int) -> None:
        """Count the frame `index` as used."""
        self._left -= 1
        if self._indices is not None:
            self._indices = [wanted for wanted in self._indices if wanted > index]

    def wants(self, index: int) -> bool:
        """Whether the frame `index` is the next to use."""
        return not self.is_done and (self._indices is None or index >= self._indices[0])


class _CropCutter:
    """Tracks the faces of one label's region, cuts the crop of the largest one, and writes the label's part."""

    def __init__(self, clip: Clip, frames: int, job: Job, part: PartWriter) -> None:
        self._clip, self._sample, self._options, self._part = clip, job.sample, job.options, part
        self._chooser = _Chooser(clip, frames, job)
        self._shots, self._tracker = ShotDetector(), Tracker()
        self._near: list[Box] = []
        self._is_refused = job.options.whole_frame and job.sample.region is not None

    @property
    def is_done(self) -> bool:
        """Whether this label needs no further frame."""
        return self._is_refused or self._chooser.is_done

    def wants(self, index: int) -> bool:
        """Whether the frame `index` is the next one of this label."""
        return not self._is_refused and self._chooser.wants(index)

    def add(self, frame: Frame) -> None:
        """Write the crop of the largest face in the label's region, if there is one."""
        self._chooser.take(frame.index)
        found = self._from_frame(frame)
        if found is not None:
            self._part.add(*found)

    def finish(self, reason: str, coding: Coding) -> Outcome:
        """Move the part to its path; `reason` says why no picture could be decoded, if none could."""
        if self._is_refused:
            return Outcome(0, Cause.FILE, _PART_OF_PICTURE)
        if not len(self._part):
            return Outcome(0, Cause.FILE, reason or _NO_FACE)
        self._part.finish(self._sample, self._clip.sha256, coding)
        return Outcome(len(self._part))

    def _from_frame(self, frame: Frame) -> Found | None:
        """Crop, landmarks and row of the largest face in the label's region; None without one."""
        if self._options.whole_frame:
            face = whole_face(frame)
            return self._cut(frame, face, face.box, 1)
        left, top, right, bottom = _region_of(self._sample, frame)
        if min(right - left, bottom - top) < _LEAST_REGION:
            return None
        view = np.ascontiguousarray(frame.image[top:bottom, left:right])
        is_cut = self._shots.is_cut(view)
        found = [face for face in _finder().find(view, frame.pts, self._near) if face.landmarks is not None]
        ids = self._tracker.update(frame.pts, found, is_cut, self._clip.seconds(frame.pts))
        if not found:
            return None
        track_id, face = max(zip(ids, found, strict=True), key=lambda pair: pair[1].box.area)
        self._near = [face.box] if self._sample.kind == "clip" else []
        face = _moved(face, left, top)
        return self._cut(frame, face, crop_box(face, CONTEXT), track_id)

    def _cut(self, frame: Frame, face: Face, box: Box, track_id: int) -> Found:
        side = min(round(box.width), self._options.largest)
        points = np.full((POINTS, 2), np.nan, np.float32)
        inner = box
        if face.landmarks is not None:
            points = ((face.landmarks.points[:, :2] - [box.x, box.y]) * (side / box.width)).astype(np.float32)
            inner = crop_box(face, QUALITY_MARGIN)
        height, width = frame.image.shape[:2]
        quality = measure_quality(face, cut(frame.image, inner, QUALITY_PX), width, height)
        row: dict[str, Any] = {
            "pts": frame.pts, "seconds": self._clip.seconds(frame.pts), "side": side,
            "crop_x": round(box.x), "crop_y": round(box.y), "crop_px": round(box.width),
            "track": track_id, "is_corrupt": frame.is_corrupt, "confidence": face.detection_confidence,
        }  # fmt: skip
        row |= {name: float(getattr(quality, name)) for name in quality.__slots__}
        return cut(frame.image, box, side), points, row


def _region_of(sample: Sample, frame: Frame) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the part of the picture that the label applies to, in whole pixels."""
    height, width = frame.image.shape[:2]
    region = sample.region or Box(0, 0, width, height)
    return (
        max(0, round(region.x)),
        max(0, round(region.y)),
        min(width, round(region.right)),
        min(height, round(region.bottom)),
    )


def _moved(face: Face, x: int, y: int) -> Face:
    """A face found in a part of the picture whose upper left corner is (x, y), in pixels of the whole picture."""
    if face.landmarks is None or not (x or y):
        return face
    points = (face.landmarks.points + np.array([x, y, 0], np.float32)).astype(np.float32)
    box = Box(face.box.x + x, face.box.y + y, face.box.width, face.box.height)
    return replace(face, box=box, landmarks=replace(face.landmarks, points=points))


_thread = threading.local()


def _finder() -> FaceFinder:
    """The FaceFinder of this worker thread, reused for all jobs: loading it takes longer than most samples."""
    if not hasattr(_thread, "finder"):
        _thread.finder = FaceFinder(CONFIDENCE).__enter__()
    finder: FaceFinder = _thread.finder
    return finder
