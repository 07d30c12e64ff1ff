"""Make resources/demo: a short clip with a forged middle part, and its ground truth.

`python -m training.demo_clip OUT_FOLDER`. The picture is scikit-image's public-domain NASA portrait of Eileen Collins,
animated (camera motion, speech and blinks) by warping it along its landmarks, and forged by this project's own forger.
Needs the development extras (scikit-image). The same seed gives the same frames.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from skimage import data

from inspector.domain.arrays import Image, Points
from inspector.domain.errors import TrainingError
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.finder import FaceFinder
from training.fit.batch.batches import limit_threads
from training.forge import masks
from training.forge.forge import Forger, Picture
from training.forge.retouch import resize

SEED = 75
RATE, SECONDS = 25, 11
FORGED = (4.0, 7.6)  # seconds, [start, end)
WIDTH, HEIGHT = 640, 480
ENLARGED = 2.1  # the portrait's face is 100 px wide; enlarged about 200
KIND = "self_blend"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The enlarged portrait, its forged version, and their landmarks."""

    plain: Image
    forged: Image
    points: Points


def make(folder: Path) -> Path:
    """Write demo.mp4 and demo.json into `folder` and return the clip's path."""
    limit_threads()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "demo.mp4"
    _encode(_frames(_scene()), path)
    (folder / "demo.json").write_text(json.dumps(_truth(path), indent=1) + "\n", encoding="utf-8")
    return path


def _scene() -> Scene:
    portrait: Image = data.astronaut()[0:330, 60:440]
    picture = resize(portrait, round(portrait.shape[1] * ENLARGED), round(portrait.shape[0] * ENLARGED))
    with FaceFinder(0.5) as finder:
        found = [face for face in finder.find(picture, 0) if face.landmarks is not None]
    if not found or found[0].landmarks is None:
        raise TrainingError("No face was found in scikit-image's portrait; use the pinned scikit-image and MediaPipe.")
    points = found[0].landmarks.points[:, :2].astype(np.float32)
    original = Picture(picture, points)
    forged, _ = Forger({KIND: 1.0}, lambda *_: original, ()).forge(original, np.random.default_rng(SEED))
    return Scene(picture, forged, points)


def _frames(scene: Scene) -> Iterator[Image]:
    """RGB frames uint8 (480, 640, 3): slow pan, zoom and roll, speech, blinks and sensor noise."""
    random = np.random.default_rng(SEED + 1)
    syllables = random.uniform(0.2, 1.0, SECONDS * 6)
    for number in range(RATE * SECONDS):
        seconds = number / RATE
        is_forged = FORGED[0] <= seconds < FORGED[1]
        points = _speaking(scene.points, seconds, syllables)
        image = scene.forged if is_forged else scene.plain
        image = masks.warp_to(image, scene.points, points, image.shape[:2])
        shot = cv2.warpAffine(
            image,
            _camera(seconds, scene.points),
            (WIDTH, HEIGHT),
            flags=cv2.INTER_AREA,
            borderMode=cv2.BORDER_REPLICATE,
        )
        noise = random.standard_normal((HEIGHT, WIDTH, 1), np.float32) * 2.0
        yield np.clip(np.rint(shot + noise), 0, 255).astype(np.uint8)


def _speaking(points: Points, seconds: float, syllables: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Points:
    """Landmarks with the mouth opening at about six syllables a second, and a blink every three seconds."""
    moved = points.copy()
    span = float(np.ptp(points[:, 1]))
    position = seconds * 6
    opening = 0.035 * span * float(syllables[int(position)]) * abs(np.sin(np.pi * position))
    lips = points[list(masks.LIPS)].mean(axis=0)
    below = np.clip((points[:, 1] - lips[1]) / (0.25 * span), 0, 1)
    beside = np.exp(-(((points[:, 0] - lips[0]) / (0.3 * span)) ** 2))
    moved[:, 1] += (opening * below * beside).astype(np.float32)
    shut = max(0.0, 1 - abs((seconds % 3.0) - 1.5) / 0.12)
    for eye in (masks.EYES[:6], masks.EYES[6:]):
        middle = points[list(eye), 1].mean()
        moved[list(eye), 1] += (0.85 * shut * (middle - points[list(eye), 1])).astype(np.float32)
    return moved


def _camera(seconds: float, points: Points) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Picture to frame: the face near the middle, drifting as a hand-held camera does."""
    x, y = points.mean(axis=0)
    zoom = 1.0 + 0.04 * np.sin(2 * np.pi * seconds / 9.0)
    matrix: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = np.asarray(
        cv2.getRotationMatrix2D((float(x), float(y)), 2.0 * np.sin(2 * np.pi * seconds / 7.0), zoom), np.float64
    )
    matrix[:, 2] += (WIDTH / 2 - x + 14 * np.sin(2 * np.pi * seconds / 5.0), HEIGHT / 2 - y + 5 * np.sin(seconds))
    return matrix


def _encode(frames: Iterator[Image], path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.thread_count = 1  # with more the bit stream depends on timing
        stream.options = {"crf": "24", "preset": "medium"}
        for number, image in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _truth(path: Path) -> dict[str, object]:
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        pts = [int(p) for p in decoder.index.pts]
    inside = [p for p in pts if FORGED[0] <= clip.seconds(p) < FORGED[1]]
    return {
        "clip": path.name,
        "sha256": clip.sha256,
        "picture": "NASA portrait of Eileen Collins, public domain, from scikit-image (skimage.data.astronaut)",
        "made_by": "python -m training.demo_clip",
        "seed": SEED,
        "manipulated": {
            "kind": KIND,
            "how": "the face blended onto itself: colours, sharpness and position slightly off, along a soft mask",
            "chosen": "of many seeds one whose traces the bundled detector notices: a demonstration, no measurement",
            "start_seconds": FORGED[0],
            "end_seconds": FORGED[1],
            "start_pts": inside[0],
            "end_pts": pts[pts.index(inside[-1]) + 1],
            "frames": len(inside),
        },
        "time_base": str(clip.time_base),
        "frames": len(pts),
        "motion": "panned, zoomed and rolled; speech and blinks by bending landmarks, over the whole clip alike",
    }


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "resources/demo"))
