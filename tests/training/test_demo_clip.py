import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tests.training.conftest import painted
from training import demo_clip
from training.forge import masks

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"


def test_the_truth_speaks_of_the_clip_that_lies_beside_it() -> None:
    truth = json.loads((DEMO / "demo.json").read_text())
    made = demo_clip._truth(DEMO / "demo.mp4")
    assert truth == made
    assert hashlib.sha256((DEMO / "demo.mp4").read_bytes()).hexdigest() == truth["sha256"]
    assert truth["manipulated"]["frames"] == round((demo_clip.FORGED[1] - demo_clip.FORGED[0]) * demo_clip.RATE)


def test_speech_opens_the_mouth_and_a_blink_shuts_the_eyes() -> None:
    points, syllables = painted(1, 200)[1], np.ones(100)
    resting = demo_clip._speaking(points, 0.0, syllables)
    open_mouth = demo_clip._speaking(points, 1 / 12, syllables)
    np.testing.assert_array_equal(resting, points)
    lips = list(masks.LIPS)
    assert np.ptp(open_mouth[lips, 1]) > np.ptp(points[lips, 1])
    eye = list(masks.EYES[:6])
    shut = demo_clip._speaking(points, 1.5, syllables)
    assert np.ptp(shut[eye, 1]) < 0.3 * np.ptp(points[eye, 1])


def test_the_camera_keeps_the_face_near_the_middle() -> None:
    points = painted(2, 400)[1]
    for seconds in np.linspace(0, demo_clip.SECONDS, 40):
        position = demo_clip._camera(float(seconds), points) @ [*points.mean(axis=0), 1.0]
        assert position == pytest.approx([demo_clip.WIDTH / 2, demo_clip.HEIGHT / 2], abs=20)
