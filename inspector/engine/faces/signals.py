"""Signals measured on a track's landmarks over time; they are displayed and reported, and never affect a score."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from inspector.domain.analysis import SignalBlock
from inspector.domain.arrays import Floats
from inspector.domain.faces import FaceQuality
from inspector.domain.geometry import LandmarkSet
from inspector.engine.faces.blinks import SLOWEST_RATE, find_blinks

# The six points of each eye in the order of Soukupova and Cech: outer corner, upper lid, inner corner, lower lid.
_EYES = np.array([(33, 160, 158, 133, 153, 144), (263, 387, 385, 362, 380, 373)])
_UPPER_LIP, _LOWER_LIP, _MOUTH_RIGHT, _MOUTH_LEFT = 13, 14, 78, 308  # of the inner lips
_STEADY = slice(0, 468, 4)  # jitter is measured on every fourth point, without the irises
JITTER_GAP_SECONDS = 0.2  # between frames further apart, movement is not jitter

BLINK_SECONDS = 10.0  # a shorter track gives no rate: people blink about 4 to 30 times per minute

EYES, MOUTH = "eye aspect ratio", "mouth opening"
SERIES = (
    (EYES, "ratio"),
    (MOUTH, "ratio"),
    ("yaw", "degrees"),
    ("pitch", "degrees"),
    ("roll", "degrees"),
    ("landmark jitter", "% of face size"),
    ("sharpness", "grey levels squared"),
)
"""Name and unit of each signal, in the order of the report."""


@dataclass(slots=True, eq=False)
class _Series:
    """What is kept of one track: 12 bytes per frame for the rate of blinks, and what was not taken yet."""

    seconds: array[float] = field(default_factory=lambda: array("d"))
    eyes: array[float] = field(default_factory=lambda: array("f"))
    last: Floats | None = None  # the landmarks that the jitter of the next frame is measured against
    new_pts: list[int] = field(default_factory=list)
    new_values: list[tuple[float, ...]] = field(default_factory=list)


class SignalRecorder:
    """Measures the signals of all tracks; the caller takes and stores them. Keeps 12 bytes per face and frame."""

    def __init__(self) -> None:
        self._tracks: dict[int, _Series] = {}

    def add(self, track_id: int, pts: int, seconds: float, landmarks: LandmarkSet, quality: FaceQuality) -> None:
        """Record one face. The frames of a track must come in pts order."""
        series = self._tracks.setdefault(track_id, _Series())
        points = landmarks.points.astype(np.float64)
        steady = points[_STEADY, :2]
        follows = series.last is not None and seconds - series.seconds[-1] <= JITTER_GAP_SECONDS
        jitter = landmark_jitter(series.last, steady) if follows and series.last is not None else float("nan")
        measured = (
            eye_aspect_ratio(points),
            mouth_opening(points),
            quality.yaw,
            quality.pitch,
            quality.roll,
            jitter,
            quality.sharpness,
        )
        series.new_pts.append(pts)
        series.new_values.append(measured)
        series.seconds.append(seconds)
        series.eyes.append(measured[0])
        series.last = steady

    def take(self) -> tuple[SignalBlock, ...]:
        """What was recorded since the last call, by track."""
        blocks = []
        for track_id, series in sorted(self._tracks.items()):
            if series.new_pts:
                values = np.array(series.new_values, np.float32).T.copy()
                blocks.append(SignalBlock(track_id, np.array(series.new_pts, np.int64), values))
                series.new_pts, series.new_values = [], []
        return tuple(blocks)

    def restore(self, block: SignalBlock, seconds: Floats) -> None:
        """Take over a stored block; `seconds` float64 (n,) belong to its pts. It is not taken again."""
        series = self._tracks.setdefault(block.track_id, _Series())
        series.seconds.extend(seconds.tolist())
        series.eyes.extend(block.values[0].tolist())

    def remember(self, track_id: int, landmarks: LandmarkSet) -> None:
        """Take over the landmarks of a restored track's last frame, which the next jitter is measured against."""
        if track_id in self._tracks:
            self._tracks[track_id].last = landmarks.points.astype(np.float64)[_STEADY, :2]

    def blinks_per_minute(self, track_id: int) -> float | None:
        """Blinks per minute, or None where the track is too short or its frame rate too low."""
        series = self._tracks.get(track_id)
        if series is None or len(series.seconds) < 2:
            return None
        seconds, ratios = np.array(series.seconds), np.array(series.eyes, np.float64)
        length = float(seconds[-1] - seconds[0])
        if length < BLINK_SECONDS or (len(seconds) - 1) / length < SLOWEST_RATE:
            return None
        return len(find_blinks(seconds, ratios)) * 60.0 / length


def eye_aspect_ratio(points: npt.NDArray[np.floating]) -> float:
    """Height over width of the eyes, mean of both (Soukupova and Cech 2016); `points` (478, 3) px. Closed is near 0.

    Distances are three-dimensional, so that turning the head does not reduce the width of the eyes.
    """
    eyes = points[_EYES].astype(np.float64)
    heights = np.linalg.norm(eyes[:, 1] - eyes[:, 5], axis=1) + np.linalg.norm(eyes[:, 2] - eyes[:, 4], axis=1)
    widths = np.linalg.norm(eyes[:, 0] - eyes[:, 3], axis=1)
    return float(np.mean(heights / (2 * np.maximum(widths, 1e-9))))


def mouth_opening(points: npt.NDArray[np.floating]) -> float:
    """The gap between the inner lips over the mouth's inner width; `points` (478, 3) px. Closed is near 0."""
    gap = float(np.linalg.norm(points[_UPPER_LIP] - points[_LOWER_LIP]))
    return gap / max(float(np.linalg.norm(points[_MOUTH_RIGHT] - points[_MOUTH_LEFT])), 1e-9)


def landmark_jitter(before: Floats, after: Floats) -> float:
    """The jitter of points (n, 2) between two frames: their median distance in % of the face's larger extent.

    The best similarity transform (translation, rotation, scale) is removed first (Umeyama 1991, in the plane). The
    median ignores lips and lids, which move in speech.
    """
    first, second = (points - points.mean(axis=0) for points in (before, after))
    # In the plane, rotation and scale are one complex factor, which least squares gives directly.
    a, b = first @ (1, 1j), second @ (1, 1j)
    power = float(np.vdot(a, a).real)
    factor = np.vdot(a, b) / power if power > 0 else 1.0
    rest = float(np.median(np.abs(b - factor * a)))
    return 100.0 * rest / max(float(np.ptp(second, axis=0).max()), 1e-9)
