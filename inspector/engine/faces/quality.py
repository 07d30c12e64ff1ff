"""The quality of a face in a frame: size, sharpness, pose, visible share; and whether it is sufficient for scoring."""

from __future__ import annotations

import math

import cv2
import numpy as np

from inspector.domain.arrays import Image, Points
from inspector.domain.faces import Abstention, Face, FaceQuality
from inspector.domain.geometry import Box
from inspector.domain.settings import Settings

# The crop that quality is measured on without a model bundle.
QUALITY_PX, QUALITY_MARGIN = 160, 0.3
# Symmetric pairs of mesh points (viewer's left, viewer's right): eye corners, mouth corners, sides of the nose and
# temples. Their mean direction is more stable than each of them and hardly changes with speech.
_PAIRS = np.array([(33, 263), (133, 362), (61, 291), (129, 358), (127, 356)])
_TOP, _CHIN = 10, 152
# The mesh's pitch of a level face: the median of 730 faces that mostly look ahead (film, portraits, talks).
_LEVEL_PITCH = -5.0
_SHARPNESS_PX = 160
_MIDDLE = 0.2  # margin of the crop, on each side, that sharpness is not measured on because it is background


def measure_quality(face: Face, crop: Image, width: int, height: int) -> FaceQuality:
    """Measure a face in a frame of width x height; `crop` is its crop at network size, uint8 (size, size, 3) RGB.

    Without landmarks the angles are 0; such a face is never scored.
    """
    yaw, pitch, roll = pose(face.landmarks.points) if face.landmarks is not None else (0.0, 0.0, 0.0)
    picture = Box(0, 0, width, height)
    inside = face.box.intersection(picture) / face.box.area if face.box.area > 0 else 0.0
    return FaceQuality(max(face.box.width, face.box.height), sharpness(crop), yaw, pitch, roll, min(inside, 1.0))


def sharpness(crop: Image) -> float:
    """Variance of the Laplacian (Pech-Pacheco et al. 2000) of the grey crop's middle three fifths, grey levels squared.

    `crop` is uint8 (size, size, 3) RGB. It is scaled to 160 px first, so that one threshold suits all networks.
    """
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    if grey.shape[0] != _SHARPNESS_PX:
        how = cv2.INTER_AREA if grey.shape[0] > _SHARPNESS_PX else cv2.INTER_CUBIC
        grey = cv2.resize(grey, (_SHARPNESS_PX, _SHARPNESS_PX), interpolation=how)
    edge = round(_SHARPNESS_PX * _MIDDLE)
    grey = grey[edge:-edge, edge:-edge]
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def pose(points: Points) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees of a mesh, float32 (478, 3): positive to the viewer's right, up, and clockwise.

    The axes of the face come from the mesh's 3-D points: across is the mean direction from the viewer's left to right
    over symmetric pairs, down is the direction from forehead to chin, orthogonalised to it, and the face looks along
    their normal. The mesh's depth is learned and too small for large angles: full profiles measure about 55 degrees.
    """
    solid = points.astype(np.float64)
    steps = solid[_PAIRS[:, 1]] - solid[_PAIRS[:, 0]]
    across = steps.sum(axis=0)
    across /= max(float(np.linalg.norm(across)), 1e-9)
    down = solid[_CHIN] - solid[_TOP]
    down -= across * (down @ across)
    down /= max(float(np.linalg.norm(down)), 1e-9)
    gaze = -np.cross(across, down)  # depth grows away from the viewer
    yaw = math.degrees(math.atan2(gaze[0], -gaze[2]))
    pitch = math.degrees(math.asin(max(-1.0, min(1.0, -gaze[1])))) - _LEVEL_PITCH
    return yaw, pitch, math.degrees(math.atan2(across[1], across[0]))


def abstention(face: Face, quality: FaceQuality, settings: Settings) -> Abstention | None:
    """Why this face is not scored, or None. Checked in order: covered or cut off, small, blurred, turned."""
    return Abstention.OCCLUDED if face.landmarks is None else insufficiency(quality, settings)


def insufficiency(quality: FaceQuality, settings: Settings) -> Abstention | None:
    """Why a face of this quality is not scored, or None."""
    if quality.inside < settings.minimum_inside:
        return Abstention.OCCLUDED
    if quality.face_px < settings.minimum_face_px:
        return Abstention.TOO_SMALL
    if quality.sharpness < settings.minimum_sharpness:
        return Abstention.TOO_BLURRED
    if abs(quality.yaw) > settings.maximum_yaw:
        return Abstention.PROFILE
    return None
