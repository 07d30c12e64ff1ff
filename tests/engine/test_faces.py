"""The finder on the astronaut portrait (NASA, public domain, in scikit-image's wheel)."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from inspector.domain.geometry import Box
from inspector.engine.faces import FaceFinder

FACE = Box(178, 68, 93, 110)  # chin to brow in the 512 px portrait, by eye


@pytest.fixture(scope="module")
def finder():
    with FaceFinder() as made:
        yield made


@pytest.fixture(scope="module")
def portrait():
    return data.astronaut()


def test_finds_the_face_with_landmarks(finder, portrait) -> None:
    (face,) = finder.find(portrait, 7)
    assert face.pts == 7
    assert face.box.iou(FACE) > 0.8
    assert face.landmarks.points.shape == (478, 3)
    assert face.landmarks.points.dtype == np.float32
    assert face.box == face.landmarks.bounds
    assert 0.5 <= face.detection_confidence <= 1


def test_one_picture_has_one_answer_whatever_came_before(finder, portrait) -> None:
    (first,) = finder.find(portrait, 0)
    for other in (portrait[:, ::-1], cv2.resize(portrait, (200, 300)), np.zeros((90, 70, 3), np.uint8)):
        finder.find(np.ascontiguousarray(other), 1, tiles=True)
    (again,) = finder.find(portrait, 0)
    with FaceFinder() as fresh:
        (elsewhere,) = fresh.find(portrait, 0)
    for face in (again, elsewhere):
        assert np.array_equal(face.landmarks.points, first.landmarks.points)
        assert (face.box, face.detection_confidence) == (first.box, first.detection_confidence)
