"""Signals measured on a track's landmarks over time; they are displayed and reported, and never affect a score."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from inspector.domain.analysis import Signal
from inspector.domain.arrays import Floats
from inspector.domain.faces import FaceQuality
from inspector.domain.geometry import LandmarkSet
from inspector.engine.faces.blinks import SLOWEST_RATE, find_blinks

# The six points of each eye in the order of Soukupova and Cech: outer corner, upper lid, inner corner, lower lid.
_EYES = np.array([(33, 160, 158, 133, 153, 144), (263, 387, 385, 362, 380, 373)])
_UPPER_LIP, _LOWER_LIP, _MOUTH_RIGHT, _MOUTH_LEFT = 13, 14, 78, 308  # of the inner lips
_STEADY = slice(0, 468, 4)  # jitter is measured on every fourth point, without the irises
_JITTER_GAP_SECONDS = 0.2  # between frames further apart, movement is not jitter

_BLINK_SECONDS = 10.0  # a shorter track gives no rate: people blink about 4 to 30 times per minute

EYES = "eye aspect ratio"
_SERIES = (
    (EYES, "ratio"),
    ("mouth opening", "ratio"),
    ("yaw", "degrees"),
    ("pitch", "degrees"),
    ("roll", "degrees"),
    ("landmark jitter", "% of face size"),
    ("sharpness", "grey levels squared"),
)


@dataclass(slots=True, eq=False)
class _Series:
    """The values of one track: 8 bytes of pts, 8 of seconds and 4 for each of seven values, 44 bytes per frame."""

    pts: array[int] = field(default_factory=lambda: array("q"))
    seconds: array[float] = field(default_factory=lambda: array("d"))
    values: tuple[array[float], ...] = field(default_factory=lambda: tuple(array("f") for _ in _SERIES))
    last: Floats | None = None  # the landmarks that the jitter of the next frame is measured against


class SignalRecorder:
    """Records the signals of all tracks: 44 bytes per face and frame (two hours, one face, 30 fps: 9.5 MB)."""

    def __init__(self) -> None:
        self._tracks: dict[int, _Series] = {}

    def add(self, track_id: int, pts: int, seconds: float, landmarks: LandmarkSet, quality: FaceQuality) -> None:
        """Record one face. The frames of a track must come in pts order. Stored faces give the same series again."""
        series = self._tracks.setdefault(track_id, _Series())
        points = landmarks.points.astype(np.float64)
        steady = points[_STEADY, :2]
        follows = series.last is not None and seconds - series.seconds[-1] <= _JITTER_GAP_SECONDS
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
        series.pts.append(pts)
        series.seconds.append(seconds)
        for column, value in zip(series.values, measured, strict=True):
            column.append(value)
        series.last = steady

    def signals(self) -> tuple[Signal, ...]:
        """All signals, by track and in a fixed order; None where there is no value."""
        signals = []
        for track_id, series in sorted(self._tracks.items()):
            pts = tuple(series.pts)  # shared by the seven signals: copies would take more memory than the values
            for (name, unit), column in zip(_SERIES, series.values, strict=True):
                values = tuple(None if math.isnan(value) else value for value in column)
                signals.append(Signal(track_id, name, unit, pts, values))
        return tuple(signals)

    def blinks_per_minute(self, track_id: int) -> float | None:
        """Blinks per minute, or None where the track is too short or its frame rate too low."""
        series = self._tracks.get(track_id)
        if series is None or len(series.seconds) < 2:
            return None
        seconds, ratios = np.array(series.seconds), np.array(series.values[0], np.float64)
        length = float(seconds[-1] - seconds[0])
        if length < _BLINK_SECONDS or (len(seconds) - 1) / length < SLOWEST_RATE:
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
