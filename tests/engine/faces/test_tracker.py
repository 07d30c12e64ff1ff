"""Tracking of synthetic faces with known trajectories, and shot cuts between synthetic images."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from skimage import data

from inspector.domain.faces import Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.engine.faces.tracker import ShotDetector, Tracker

FPS = 25
SHAPES = np.random.default_rng(3).uniform(0.05, 0.95, (4, 478, 2))


def face(x, y=100.0, size=80.0, who=None, pts=0):
    """A face with its centre at (x, y); `who` selects one of four landmark shapes, None has no landmarks."""
    box = Box(x - size / 2, y - size / 2, size, size)
    if who is None:
        return Face(pts, box, None, 0.9)
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = SHAPES[who] * size + (box.x, box.y)
    return Face(pts, box, LandmarkSet(points), 0.9)


def follow(tracker, frames, start=0, cuts=()):
    """Feed frames (lists of faces) at 25 fps and return the ids of each."""
    return [tracker.update(start + i, faces, start + i in cuts, (start + i) / FPS) for i, faces in enumerate(frames)]


def test_ids_are_assigned_left_to_right_and_kept() -> None:
    frames = [[face(100 + 3 * i), face(400 - 2 * i), face(700 + i)] for i in range(20)]
    assert follow(Tracker(), frames) == [[1, 2, 3]] * 20


def test_a_new_face_gets_the_next_id_wherever_it_is() -> None:
    frames = [[face(400)], [face(401)], [face(100), face(402)]]
    assert follow(Tracker(), frames) == [[1], [1], [2, 1]]


@pytest.mark.parametrize("who", [(0, 1), (None, None)])
def test_two_crossing_faces_keep_their_ids(who) -> None:
    frames = []
    for i in range(41):
        pair = [face(100 + 10 * i, 100, who=who[0]), face(500 - 10 * i, 130, who=who[1])]
        frames.append(sorted(pair, key=lambda f: f.box.centre))
    ids = follow(Tracker(), frames)
    assert ids[0] == [1, 2]
    assert ids[-1] == [2, 1]
    assert all(sorted(pair) == [1, 2] for pair in ids)


def test_shapes_distinguish_faces_that_positions_cannot() -> None:
    tracker = Tracker()
    assert follow(tracker, [[face(200, who=0), face(240, who=1)]]) == [[1, 2]]
    # Both are now between the two previous positions; only their landmarks distinguish them.
    assert follow(tracker, [[face(219, who=1), face(221, who=0)]], start=1) == [[2, 1]]


def test_a_track_survives_a_short_absence_but_not_a_long_one() -> None:
    for missing, after in ((10, [1]), (16, [2])):
        frames = [[face(300)]] * 5 + [[]] * missing + [[face(310)]]
        assert follow(Tracker(), frames)[-1] == after


def test_a_moving_face_is_predicted_to_move_on() -> None:
    frames = [[face(100 + 8 * i)] for i in range(10)] + [[]] * 10 + [[face(100 + 8 * 20)]]
    assert follow(Tracker(), frames)[-1] == [1]


def test_a_cut_ends_all_tracks() -> None:
    tracker = Tracker()
    ids = follow(tracker, [[face(100), face(300)]] * 4, cuts=(2,))
    assert ids == [[1, 2], [1, 2], [3, 4], [3, 4]]
    assert len(tracker.boxes) == 2


def test_a_low_frame_rate_does_not_end_a_track() -> None:
    tracker = Tracker()
    ids = [tracker.update(i, [face(200 + 5 * i)], False, 2.0 * i) for i in range(4)]
    assert ids == [[1]] * 4


@pytest.mark.parametrize("other", [face(480), face(300, size=160), face(300, size=40)])
def test_a_distant_face_or_one_of_another_size_is_another_face(other) -> None:
    assert follow(Tracker(), [[face(300)], [other]]) == [[1], [2]]


def test_boxes_are_those_of_live_tracks() -> None:
    tracker = Tracker()
    follow(tracker, [[face(100), face(300)], [face(104)]])
    assert [box.centre[0] for box in tracker.boxes] == [104, 300]
    follow(tracker, [[face(104)]] * 30, start=2)
    assert [box.centre[0] for box in tracker.boxes] == [104]


def test_frames_out_of_order_are_rejected() -> None:
    tracker = Tracker()
    tracker.update(5, [], False, 0.2)
    with pytest.raises(ValueError, match="display order"):
        tracker.update(5, [], False, 0.2)


def test_a_restored_tracker_continues_identically() -> None:
    rng = np.random.default_rng(8)
    frames = []
    for i in range(60):
        faces = [face(120 + 4 * i + rng.normal(), who=0), face(500 - 3 * i + rng.normal(), 120, who=1)]
        frames.append(sorted((f for f in faces if rng.random() > 0.2), key=lambda f: f.box.centre))
    for stop in (0, 1, 17, 40):
        whole, first = Tracker(), Tracker()
        expected = follow(whole, frames)
        follow(first, frames[:stop])
        second = Tracker.restored(json.loads(json.dumps(first.state())))
        assert follow(second, frames[stop:], start=stop) == expected[stop:]
        assert second.state() == whole.state()


def scenes():
    """Two pictures that share nothing but their size."""
    return cv2.resize(data.astronaut(), (640, 360)), cv2.resize(data.chelsea(), (640, 360))


def verdicts(images):
    detector = ShotDetector()
    return [detector.is_cut(image) for image in images]


def test_another_image_is_a_cut_and_the_first_is_not() -> None:
    one, other = scenes()
    assert verdicts([one, one, other, other, one]) == [False, False, True, False, True]


def test_flash_motion_noise_and_fading_are_not_cuts() -> None:
    one, _ = scenes()
    flash = np.clip(one.astype(int) * 1.4 + 50, 0, 255).astype(np.uint8)
    moved = cv2.warpAffine(
        one, np.array([[1, 0, 40], [0, 1, 12]], np.float32), (640, 360), borderMode=cv2.BORDER_REFLECT
    )
    noisy = np.clip(one + np.random.default_rng(0).normal(0, 20, one.shape), 0, 255).astype(np.uint8)
    assert not any(verdicts([one, flash, one, moved, one, noisy, one]))
    assert not any(verdicts([(one * (k / 20)).astype(np.uint8) for k in range(20, 4, -1)]))


def test_a_cut_in_grey_and_from_black_is_detected() -> None:
    grey = [np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2) for image in scenes()]
    assert verdicts(grey) == [False, True]
    black = np.zeros_like(grey[0])
    assert verdicts([black, black, grey[0]]) == [False, False, True]


@pytest.mark.parametrize("shape", [(1, 1, 3), (9, 700, 3), (2160, 3840, 3)])
def test_any_image_size_works(shape) -> None:
    assert verdicts([np.zeros(shape, np.uint8)] * 2) == [False, False]


def test_a_restored_detector_continues_identically() -> None:
    one, other = scenes()
    for before in (None, one):
        detector = ShotDetector()
        if before is not None:
            detector.is_cut(before)
        state = json.loads(json.dumps(detector.state()))
        assert ShotDetector.restored(state).state() == state
        assert ShotDetector.restored(state).is_cut(other) is detector.is_cut(other)
