"""The analysis beside what others do with a clip, in one run: plain decoding, a naive loop, and a frame a second."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import cv2
import numpy as np
from mediapipe.python.solutions.face_mesh import FaceMesh
from PIL import Image, ImageDraw

from inspector.domain.faces import Face
from inspector.domain.geometry import Box
from inspector.domain.settings import Settings
from inspector.engine.analysis.pipeline import analyze
from inspector.engine.decode.decoder import open_clip
from inspector.engine.faces.crop import crop_box, cut
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.model.detector import Detector
from tests.benchmarks.clips import FOLDER, one_face
from tests.benchmarks.engine import Result, plain_decode

_RATE = 30


def _processor() -> float:
    """Processor seconds of this process and of those that it waited for."""
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _naive(path: Path, detector: Detector, every: int = 1) -> None:
    """What a tutorial does: OpenCV reads, MediaPipe follows one face, the fast network scores a crop at a time."""
    reader = cv2.VideoCapture(str(path))
    with FaceMesh(static_image_mode=every > 1, max_num_faces=1, refine_landmarks=True) as mesh:
        number, scored = 0, 0
        while reader.grab():
            if number % every == 0:
                image = np.asarray(cv2.cvtColor(reader.retrieve()[1], cv2.COLOR_BGR2RGB), np.uint8)
                found = mesh.process(image).multi_face_landmarks
                if found:
                    points = np.array([(p.x, p.y) for p in found[0].landmark]) * (image.shape[1], image.shape[0])
                    (x, y), (right, bottom) = points.min(axis=0), points.max(axis=0)
                    face = Face(number, Box(x, y, right - x, bottom - y), None, 1.0)
                    crop = cut(image, crop_box(face, detector.card.crop_margin), detector.card.input_size)
                    scored += len(detector.logits(crop[None]))
            number += 1
    assert scored, "a loop that finds no face is no comparison"


def against(frames: int = 150) -> Result:
    """Clock and processor seconds of each way with a 720p30 clip with one face, and a picture in out/bench/others.png.

    `times_fast_look` is the share of the processor time of our analysis of every frame without the deep look. Loading
    is not counted. ffmpeg is run if it is installed.
    """
    path = one_face(1280, 720, _RATE, frames)
    clip, detector = open_clip(path), Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu")
    fast = partial(analyze, clip, detector, replace(Settings(), deep="off"))
    ways: dict[str, Callable[[], object]] = {
        "analysis, fast look": lambda: deque(fast(), maxlen=0),
        "analysis, deep look": lambda: deque(analyze(clip, detector, Settings()), maxlen=0),
        "naive loop": lambda: _naive(path, detector),
        "a frame a second": lambda: _naive(path, detector, _RATE),
        "plain PyAV decoding": lambda: plain_decode(path),
    }
    if ffmpeg := shutil.which("ffmpeg"):
        command = [ffmpeg, "-v", "error", "-i", str(path), "-pix_fmt", "rgb24", "-f", "null", "-"]
        ways["ffmpeg decoding"] = lambda: subprocess.run(command, check=True)
    deque(analyze(clip, detector, replace(Settings(), deep="off", end_seconds=0.2)), maxlen=0)  # loads what is lazy
    found: dict[str, dict[str, float]] = {}
    for name, work in ways.items():
        clock, processor = time.perf_counter(), _processor()
        work()
        clock, processor = time.perf_counter() - clock, _processor() - processor
        found[name] = {"clock_s": round(clock, 2), "processor_s": round(processor, 2)}
    ours = found["analysis, fast look"]["processor_s"]
    for each in found.values():
        each["times_fast_look"] = round(each["processor_s"] / ours, 3)
    _draw({name: each["processor_s"] * _RATE / frames for name, each in found.items()}, FOLDER / "others.png")
    return {"clip_s": frames / _RATE, **found}


def _draw(seconds: dict[str, float], path: Path) -> None:
    """Processor seconds for each second of the clip, as bars."""
    width, row, left = 760, 34, 170
    picture = Image.new("RGB", (width, row * len(seconds) + 50), "white")
    draw, longest = ImageDraw.Draw(picture), max(seconds.values())
    for place, (name, value) in enumerate(seconds.items()):
        top, end = 10 + row * place, left + (width - left - 70) * value / longest
        draw.text((10, top + 6), name, fill="#222222")
        draw.rectangle((left, top, end, top + row - 12), fill="#143a5c" if name.startswith("analysis") else "#8a97a5")
        draw.text((end + 6, top + 6), f"{value:.2f}", fill="#222222")
    draw.text((left, picture.height - 28), "processor seconds for a second of 720p30 with one face", fill="#444444")
    picture.save(path)
