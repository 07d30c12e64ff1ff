"""Pose angles, sharpness, and the order of the reasons for not scoring."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data

from inspector.domain.faces import Abstention, Face, FaceQuality
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.settings import Settings
from inspector.engine.faces.crop import crop_box, cut
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.faces.quality import abstention, measure_quality, pose, sharpness

GOOD = FaceQuality(face_px=120, sharpness=200, yaw=5, pitch=0, roll=0, inside=1.0)
POINTS = np.random.default_rng(0).normal(100, 20, (478, 3)).astype(np.float32)
FACE = Face(0, Box(60, 60, 80, 90), LandmarkSet(POINTS), 0.9)


@pytest.fixture(scope="module")
def portrait_face():
    image = data.astronaut()
    with FaceFinder() as finder:
        faces = {
            "as it is": finder.find(image, 0)[0],
            "mirrored": finder.find(np.ascontiguousarray(image[:, ::-1]), 0)[0],
        }
        turn = cv2.getRotationMatrix2D((225, 123), -20, 1.0)  # negative is clockwise in OpenCV
        faces["clockwise"] = finder.find(cv2.warpAffine(image, turn, (512, 512)), 0)[0]  # type: ignore[arg-type]
    return faces


def turned(points, yaw=0.0, pitch=0.0, roll=0.0):
    """A mesh turned by our sign convention: to the viewer's right, up, clockwise; x right, y down, z away."""
    a, b, c = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), np.sin(b)], [0, -np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return (points @ (about_z @ about_y @ about_x).T).astype(np.float32)


def head():
    """A synthetic frontal mesh: the points that `pose` uses, as in a face that looks straight ahead."""
    points = np.zeros((478, 3))
    for right, left, x, y in ((33, 263, 30, -20), (133, 362, 12, -20), (61, 291, 18, 35), (129, 358, 10, 12)):
        points[right], points[left] = (-x, y, 0), (x, y, 0)
    points[127], points[356] = (-45, -15, 30), (45, -15, 30)
    lean = np.tan(np.radians(5.0))  # the forehead is in front of the chin in a level face
    points[10], points[152] = (0, -60, -60 * lean), (0, 60, 60 * lean)
    return points


def test_a_synthetic_frontal_head_is_level() -> None:
    assert pose(head().astype(np.float32)) == pytest.approx((0, 0, 0), abs=1e-3)


@pytest.mark.parametrize("angle", [-40, -10, 25, 45])
def test_each_angle_is_measured_as_constructed(angle) -> None:
    assert pose(turned(head(), yaw=angle))[0] == pytest.approx(angle, abs=1)
    assert pose(turned(head(), pitch=angle / 2))[1] == pytest.approx(angle / 2, abs=0.1)
    yaw, pitch, roll = pose(turned(head(), roll=angle))
    assert roll == pytest.approx(angle, abs=0.1)
    # Roll tilts the small lean of the level face too; that is all it may do.
    assert max(abs(yaw), abs(pitch)) < 5


def test_signs_on_the_portrait(portrait_face) -> None:
    yaw, pitch, roll = pose(portrait_face["as it is"].landmarks.points)
    mirrored = pose(portrait_face["mirrored"].landmarks.points)
    assert (mirrored[0], mirrored[1], mirrored[2]) == pytest.approx((-yaw, pitch, -roll), abs=4)
    assert pose(portrait_face["clockwise"].landmarks.points)[2] == pytest.approx(roll + 20, abs=4)


def test_yaw_is_positive_where_the_nose_points_right(portrait_face) -> None:
    face = portrait_face["as it is"]
    nose = face.landmarks.points[1, 0] - face.box.centre[0]
    assert abs(nose) > 1
    assert np.sign(pose(face.landmarks.points)[0]) == np.sign(nose)


def test_quality_of_the_portrait(portrait_face) -> None:
    face, image = portrait_face["as it is"], data.astronaut()
    quality = measure_quality(face, cut(image, crop_box(face, 0.3), 160), 512, 512)
    assert quality.face_px == max(face.box.width, face.box.height)
    assert quality.inside == 1.0
    assert abs(quality.yaw) < 30
    assert abstention(face, quality, Settings()) is None


def test_inside_is_the_share_of_the_box_in_the_frame() -> None:
    crop = np.zeros((160, 160, 3), np.uint8)
    half = replace(FACE, box=Box(-40, 10, 80, 80))
    assert measure_quality(half, crop, 300, 300).inside == pytest.approx(0.5)
    assert measure_quality(replace(FACE, box=Box(5, 5, 0, 0)), crop, 300, 300).inside == 0.0


def test_without_landmarks_there_are_no_angles() -> None:
    quality = measure_quality(replace(FACE, landmarks=None), np.zeros((160, 160, 3), np.uint8), 300, 300)
    assert (quality.yaw, quality.pitch, quality.roll) == (0.0, 0.0, 0.0)


def test_blur_lowers_sharpness_and_a_uniform_image_has_none() -> None:
    crop = cut(data.astronaut(), Box(150, 40, 150, 150), 160)
    values = [sharpness(cv2.GaussianBlur(crop, (0, 0), sigma)) for sigma in (0.5, 1.5, 4.0)]  # type: ignore[arg-type]
    assert values == sorted(values, reverse=True)
    assert values[2] < Settings().minimum_sharpness < values[0]
    assert sharpness(np.full((160, 160, 3), 77, np.uint8)) == 0.0


def test_sharpness_hardly_depends_on_the_network_size() -> None:
    image = cv2.GaussianBlur(data.astronaut(), (0, 0), 1.0)
    small, large = (sharpness(cut(image, Box(150, 40, 150, 150), size)) for size in (160, 224))
    assert large == pytest.approx(small, rel=0.35)


def test_sharpness_is_measured_in_the_middle_only() -> None:
    crop = np.full((160, 160, 3), 90, np.uint8)
    crop[:20], crop[:, -20:] = 255, 0
    assert sharpness(crop) == 0.0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"inside": 0.5}, Abstention.OCCLUDED),
        ({"face_px": 20}, Abstention.TOO_SMALL),
        ({"sharpness": 1.0}, Abstention.TOO_BLURRED),
        ({"yaw": -75}, Abstention.PROFILE),
        ({"yaw": 75}, Abstention.PROFILE),
        ({"yaw": 75, "sharpness": 1.0}, Abstention.TOO_BLURRED),
        ({"yaw": 75, "sharpness": 1.0, "face_px": 20}, Abstention.TOO_SMALL),
        ({"yaw": 75, "sharpness": 1.0, "face_px": 20, "inside": 0.1}, Abstention.OCCLUDED),
    ],
)
def test_reasons_and_their_order(change, reason) -> None:
    assert abstention(FACE, replace(GOOD, **change), Settings()) is reason


def test_settings_determine_the_thresholds() -> None:
    lenient = Settings(minimum_face_px=16, minimum_sharpness=0, maximum_yaw=90, minimum_inside=0.1)
    poor = replace(GOOD, face_px=17, sharpness=0.1, yaw=80, inside=0.2)
    assert abstention(FACE, poor, lenient) is None
    assert abstention(replace(FACE, landmarks=None), poor, lenient) is Abstention.OCCLUDED
