"""Faces as they are found, and their tracks through time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.domain.geometry import Box, LandmarkSet


class Abstention(StrEnum):
    """Why a frame or face got no probability."""

    NO_FACE = "no face found"
    TOO_SMALL = "face too small"
    TOO_BLURRED = "face too blurred"
    PROFILE = "face turned away"
    OCCLUDED = "face covered or cut off"
    DECODE_ERROR = "picture damaged"


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in one frame. `landmarks` is None where the mesh found no fit."""

    pts: int
    box: Box
    landmarks: LandmarkSet | None
    detection_confidence: float  # 0..1, the finder's own, uncalibrated


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """The same face followed through neighbouring frames of one shot: [start_pts, end_pts]; a track is no person."""

    track_id: int  # 1, 2, ... in order of first appearance, left to right
    start_pts: int
    end_pts: int  # pts of its last face
    median_box: Box
    faces_found: int


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """What decides whether a face is scored; every value is reported."""

    face_px: float  # longer side of the face's box, displayed pixels
    sharpness: float  # variance of the Laplacian of the middle of the grey crop at 160 px, grey levels squared
    yaw: float  # degrees, positive to the viewer's right
    pitch: float  # degrees, positive up
    roll: float  # degrees, positive clockwise as seen
    inside: float  # 0..1, the share of the box that lies in the picture
