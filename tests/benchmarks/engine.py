"""Speed of the engine's parts and of the whole, each beside plain PyAV decoding of the same clip."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path

import av
import numpy as np

from inspector.domain.clip import Frame
from inspector.domain.settings import Settings
from inspector.engine.analysis.face_search import default_workers
from inspector.engine.analysis.pipeline import analyze
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.crop import crop_box, cut
from inspector.engine.faces.finder import FaceFinder, _Region
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.model.cam import blurred_tenths, cam_values
from inspector.engine.model.detector import Detector
from tests.benchmarks.clips import one_face

Result = dict[str, object]


def per_second(work: Callable[[], object], units: int, seconds: float = 3.0) -> float:
    """Units a second over at least `seconds`, after one run to warm up."""
    work()
    runs, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        work()
        runs += 1
    return round(runs * units / (time.perf_counter() - start), 1)


def milliseconds(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {
        "p50_ms": round(float(np.percentile(times, 50)) * 1e3, 1),
        "p95_ms": round(float(np.percentile(times, 95)) * 1e3, 1),
    }


def plain_decode(path: Path) -> tuple[int, float]:
    """Frames and seconds of PyAV decoding to RGB with its own threading and nothing else: the floor."""
    start = time.perf_counter()
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        frames = sum(1 for f in container.decode(video=0) if f.to_ndarray(format="rgb24") is not None)
    return frames, time.perf_counter() - start


def parts() -> Result:
    """Decode, find faces, landmarks, and scoring at several batch sizes, in units a second."""
    path = one_face(1280, 720, 30, 300)
    clip = open_clip(path)
    start = time.perf_counter()
    with Decoder(clip) as decoder:
        frames = sum(isinstance(f, Frame) for f in decoder.frames())
    ours = frames / (time.perf_counter() - start)
    floor_frames, floor_seconds = plain_decode(path)
    detector = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu")
    with Decoder(clip) as decoder, FaceFinder() as finder:
        images = [f.image for f in islice((f for f in decoder.frames() if isinstance(f, Frame)), 24)]
        (face,) = finder.find(images[0], 0)
        boxes = [crop_box(f, detector.card.crop_margin) for f in (finder.find(i, 0)[0] for i in images)]
        faces_per_second = per_second(lambda: [finder.find(i, 0) for i in images], len(images))
        region = _Region(*face.box.centre, 1.5 * max(face.box.width, face.box.height), 0.0)
        landmarks = per_second(lambda: finder._points(images[0], region), 1)
        tiled = per_second(lambda: finder.find(images[0], 0, tiles=True), 1)
    crops = np.stack([cut(i, b, detector.card.input_size) for i, b in zip(images, boxes, strict=True)] * 2)
    cam = [_timed(partial(cam_values, detector, c, "GradCAM")) for c in crops[:24]]
    heat = cam_values(detector, crops[0], "GradCAM")
    return {
        "decode_720p": {"ours_per_s": round(ours, 1), "plain_pyav_per_s": round(floor_frames / floor_seconds, 1)},
        "find_faces_and_landmarks_720p_per_s": faces_per_second,
        "landmarks_per_s": landmarks,
        "find_faces_720p_with_tiles_per_s": tiled,
        "score_crops_per_s": {str(n): per_second(partial(detector.logits, crops[:n]), n) for n in (1, 4, 16, 48)},
        "cam": milliseconds(cam),
        "deletion_check_ms": round(_timed(lambda: detector.logits(blurred_tenths(crops[0], heat))) * 1e3, 1),
        "face_px": round(max(face.box.width, face.box.height)),
    }


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def whole(width: int, height: int, frames: int = 300) -> Result:
    """The analysis of every frame of a 30 fps clip, as a multiple of real time (over 1 is faster than it plays)."""
    path = one_face(width, height, 30, frames)
    clip = open_clip(path)
    detector = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu")
    start = time.perf_counter()
    scored = sum(sum(s.logit is not None for s in batch.scores) for batch in analyze(clip, detector, Settings()))
    seconds = time.perf_counter() - start
    _, floor = plain_decode(path)
    return {
        "frames": frames,
        "scored": scored,
        "frames_per_s": round(frames / seconds, 1),
        "real_time_factor": round(frames / 30 / seconds, 2),
        "plain_decode_real_time_factor": round(frames / 30 / floor, 2),
        "times_plain_decode": round(seconds / floor, 1),
    }


def stepping() -> Result:
    """Random seeks and steps back on a 1080p clip with 250-frame GOPs, without a cache."""
    path = one_face(1920, 1080, 30, 500)
    clip = open_clip(path)
    draw = random.Random(0)
    with Decoder(clip) as decoder:
        pts = decoder.index.pts
        seeks = [_timed(partial(decoder.frame_at, p)) for p in draw.choices([int(p) for p in pts], k=40)]
        back = [_timed(partial(decoder.frame_at, p)) for p in (int(pts[k]) for k in range(249, 209, -1))]
    return {
        "random_seek": milliseconds(seeks),
        "step_back_without_cache": milliseconds(back),
    }


def on_all_cores(width: int = 1920, height: int = 1080, frames: int = 90) -> Result:
    """Decoding and the search for faces with one worker and with one per core, in turn: which gains what."""
    path = one_face(width, height, 30, frames)
    clip = open_clip(path)
    seconds: dict[int, list[float]] = {1: [], default_workers(): []}
    for _ in range(3):
        for workers, times in seconds.items():
            run = partial(analyze, clip, None, Settings(), workers=workers)
            times.append(_timed(lambda run=run: deque(run(), maxlen=0)))  # type: ignore[misc]
    best = {workers: min(times) for workers, times in seconds.items()}
    return {
        "workers": default_workers(),
        "one_worker_frames_per_s": round(frames / best[1], 1),
        "all_workers_frames_per_s": round(frames / best[default_workers()], 1),
        "gain": round(best[1] / best[default_workers()], 2),
    }
