"""Preparing one sample: the work of a worker process, with the engine's decoder, face finder and crops."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError, OutputError
from inspector.domain.faces import Face
from inspector.domain.geometry import Box
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.crop import crop_box, cut, whole_face
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.faces.quality import QUALITY_MARGIN, QUALITY_PX, measure_quality
from inspector.engine.faces.tracker import ShotDetector, Tracker
from training.prepare.coding import measure_coding
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


def fair_seconds(size: int, frames: int) -> float:
    """The time limit of a clip of `size` bytes and `frames` frames, after which decoding counts as hanging."""
    return _LEAST_SECONDS + size / _BYTES_PER_SECOND + frames / _FRAMES_PER_SECOND


def prepare_one(job: Job, report_limit: ReportLimit) -> Outcome:
    """Write one part. Errors of the file or the disk are part of the outcome; other errors are raised."""
    path = job.root / job.sample.path
    if not path.is_file():
        # Perhaps only this machine does not see it, so the file is not rejected permanently.
        return Outcome(0, Cause.MACHINE, f"{job.sample.path} does not exist; copy it or mount its disk.")
    if job.options.whole_frame and job.sample.region is not None:
        return Outcome(0, Cause.FILE, _PART_OF_PICTURE)
    try:
        report_limit(fair_seconds(path.stat().st_size, 0))
        clip = open_clip(path)
        with Decoder(clip) as decoder, PartWriter(job.root / job.part) as part:
            frames = len(decoder.index)  # counted from the packets; the header's number can be wrong
            report_limit(fair_seconds(clip.size_bytes, frames))
            reason = _fill(part, decoder, job)
            if len(part):
                part.finish(job.sample, clip.sha256, measure_coding(clip, frames))
            return Outcome(len(part)) if len(part) else Outcome(0, Cause.FILE, reason)
    except OutputError as error:
        return Outcome(0, Cause.OUTPUT, str(error))
    except InspectorError as error:
        return Outcome(0, Cause.FILE, str(error))


def _fill(part: PartWriter, decoder: Decoder, job: Job) -> str:
    """Add the sample's crops; returns the reason for the case that there are none."""
    cutter = _CropCutter(decoder.clip, job)
    for frame in _frames(decoder, job, cutter.gaps):
        found = cutter.from_frame(frame)
        if found is not None:
            part.add(*found)
    if cutter.frames:
        return _NO_FACE
    return f"no picture could be decoded: {cutter.gaps[0].reason}" if cutter.gaps else "no picture could be decoded"


class _CropCutter:
    """Tracks the faces of one clip and cuts the crop of the labelled one."""

    def __init__(self, clip: Clip, job: Job) -> None:
        self.frames = 0
        self.gaps: list[Gap] = []
        self._clip, self._sample, self._options = clip, job.sample, job.options
        self._shots, self._tracker = ShotDetector(), Tracker()
        self._near: list[Box] = []

    def from_frame(self, frame: Frame) -> Found | None:
        """Crop, landmarks and row of the largest face in the label's region; None without one."""
        self.frames += 1
        if self._options.whole_frame:
            face = whole_face(frame)
            return self._cut(frame, face, face.box, 1)
        is_cut = self._shots.is_cut(frame.image)
        faces = [f for f in _finder().find(frame.image, frame.pts, self._near) if _is_labelled(self._sample, f)]
        ids = self._tracker.update(frame.pts, faces, is_cut, self._clip.seconds(frame.pts))
        if not faces:
            return None
        track_id, face = max(zip(ids, faces, strict=True), key=lambda pair: pair[1].box.area)
        self._near = [face.box] if self._sample.kind == "clip" else []
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


def _is_labelled(sample: Sample, face: Face) -> bool:
    if face.landmarks is None:
        return False
    x, y = face.box.centre
    region = sample.region
    return region is None or (region.x <= x < region.right and region.y <= y < region.bottom)


_thread = threading.local()


def _finder() -> FaceFinder:
    """The FaceFinder of this worker thread, reused for all jobs: loading it takes longer than most samples."""
    if not hasattr(_thread, "finder"):
        _thread.finder = FaceFinder(CONFIDENCE).__enter__()
    finder: FaceFinder = _thread.finder
    return finder


def _frames(decoder: Decoder, job: Job, gaps: list[Gap]) -> Iterator[Frame]:
    """The frames to use, in display order, without decoding beyond the last one; undecodable parts go to `gaps`."""
    options = job.options
    with closing(_without_gaps(decoder, gaps)) as frames:
        if decoder.clip.is_still:
            yield from frames
        elif job.is_held_out:
            yield from islice(frames, options.held_out_frames or None)
        elif not options.frames:
            yield from frames
        else:
            yield from _spread_out(frames, spread(len(decoder.index), options.frames))


def _without_gaps(decoder: Decoder, gaps: list[Gap]) -> Generator[Frame, None, None]:
    for item in decoder.frames():
        if isinstance(item, Gap):
            gaps.append(item)
        else:
            yield item


def _spread_out(frames: Iterator[Frame], indices: list[int]) -> Iterator[Frame]:
    """The frames at those indices; a broken frame is replaced by the next good one, and each frame comes once."""
    waiting = 0
    for frame in frames:
        if waiting == len(indices):
            return
        if frame.index >= indices[waiting]:
            yield frame
            while waiting < len(indices) and indices[waiting] <= frame.index:
                waiting += 1
