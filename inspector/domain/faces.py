"""Detected faces, their tracks and their quality, and the reasons for not scoring one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.domain.geometry import Box, LandmarkSet


class Abstention(StrEnum):
    """Why a frame or face has no probability."""

    NO_FACE = "no face found"
    TOO_SMALL = "face too small"
    TOO_BLURRED = "face too blurred"
    PROFILE = "face turned away"
    OCCLUDED = "face covered or cut off"
    DECODE_ERROR = "picture damaged"


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in one frame. `landmarks` is None where the face mesh did not fit."""

    pts: int
    box: Box
    landmarks: LandmarkSet | None
    detection_confidence: float  # 0..1, the detector's confidence, uncalibrated


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """A face tracked through consecutive frames of one shot, [start_pts, end_pts]. A person may have several tracks."""

    track_id: int  # 1, 2, ... in order of first appearance, left to right
    start_pts: int
    end_pts: int  # pts of its last face
    median_box: Box
    faces_found: int


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """The measurements that decide whether a face is scored; all are reported."""

    face_px: float  # longer side of the face's box, displayed pixels
    sharpness: float  # variance of the Laplacian of the middle of the grey crop at 160 px, grey levels squared
    yaw: float  # degrees, positive to the viewer's right
    pitch: float  # degrees, positive up
    roll: float  # degrees, positive clockwise as seen
    inside: float  # 0..1, the share of the box that is inside the frame
