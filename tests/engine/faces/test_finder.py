"""Face detection on the astronaut portrait (NASA, public domain, in scikit-image's wheel)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from inspector.domain.geometry import Box
from inspector.engine.faces.finder import FaceFinder, tile_boxes

FACE = Box(178, 68, 93, 110)  # brow to chin in the 512 px portrait, by eye
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
def finder():
    with FaceFinder() as made:
        yield made


@pytest.fixture(scope="module")
def portrait():
    return data.astronaut()


def wall(width, height):
    """A picture without a face: soft grey noise."""
    noise = np.random.default_rng(0).integers(60, 190, (height // 8, width // 8, 3)).astype(np.uint8)
    return cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)


def paste(picture, portrait, size, x, y):
    """Put the portrait into `picture` so that its face is `size` px high, and return where the face is."""
    scale = size / FACE.height
    side = round(512 * scale)
    picture[y : y + side, x : x + side] = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)
    return Box(x + FACE.x * scale, y + FACE.y * scale, FACE.width * scale, FACE.height * scale)


def test_finds_the_face_with_landmarks(finder, portrait) -> None:
    (face,) = finder.find(portrait, 7)
    assert face.pts == 7
    assert face.box.iou(FACE) > 0.8
    assert face.landmarks.points.shape == (478, 3)
    assert face.landmarks.points.dtype == np.float32
    assert face.box == face.landmarks.bounds
    assert 0.5 <= face.detection_confidence <= 1


def test_the_result_does_not_depend_on_previous_frames(finder, portrait) -> None:
    (first,) = finder.find(portrait, 0)
    for other in (portrait[:, ::-1], cv2.resize(portrait, (200, 300)), np.zeros((90, 70, 3), np.uint8)):
        finder.find(np.ascontiguousarray(other), 1, tiles=True)
    (again,) = finder.find(portrait, 0)
    with FaceFinder() as fresh:
        (elsewhere,) = fresh.find(portrait, 0)
    for face in (again, elsewhere):
        assert np.array_equal(face.landmarks.points, first.landmarks.points)
        assert (face.box, face.detection_confidence) == (first.box, first.detection_confidence)


def test_another_thread_gets_the_same_result(finder, portrait) -> None:
    (here,) = finder.find(portrait, 0)
    with ThreadPoolExecutor(1) as pool:
        (there,) = pool.submit(finder.find, portrait, 0).result()
    assert np.array_equal(there.landmarks.points, here.landmarks.points)


def test_landmarks_follow_the_position_of_the_face(finder, portrait) -> None:
    (face,) = finder.find(portrait, 0)
    (moved,) = finder.find(np.pad(portrait, ((60, 0), (30, 0), (0, 0))), 0)
    steps = moved.landmarks.points[:, :2] - face.landmarks.points[:, :2]
    assert np.abs(steps - (30, 60)).mean() < 0.01 * FACE.height


def test_a_tilted_head_keeps_its_landmarks(finder, portrait) -> None:
    turn = cv2.getRotationMatrix2D(FACE.centre, 35, 1.0)
    (upright,) = finder.find(portrait, 0)
    (tilted,) = finder.find(cv2.warpAffine(portrait, turn, (512, 512)), 0)
    expected = upright.landmarks.points[:, :2] @ turn[:, :2].T + turn[:, 2]
    assert np.abs(tilted.landmarks.points[:, :2] - expected).mean() < 0.02 * FACE.height


@pytest.mark.parametrize("border", [0.05, 0.2, 0.4])
def test_a_face_that_fills_the_picture_is_found(finder, portrait, border) -> None:
    room = round(border * FACE.height)
    x, y, right, bottom = (round(v) for v in (FACE.x - room, FACE.y - room, FACE.right + room, FACE.bottom + room))
    close = cv2.resize(portrait[y:bottom, x:right], None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    (face,) = finder.find(close, 0)
    assert face.landmarks is not None


def test_two_faces_are_sorted_left_to_right(finder, portrait) -> None:
    left, right = finder.find(np.hstack([portrait, portrait[:, ::-1]]), 0)
    assert left.box.iou(FACE) > 0.8
    assert right.box.iou(Box(1024 - FACE.right, FACE.y, FACE.width, FACE.height)) > 0.8


def test_no_face_in_noise_or_tiny_images(finder) -> None:
    assert finder.find(wall(640, 360), 0, tiles=True) == []
    for shape in ((1, 1, 3), (2, 300, 3), (300, 2, 3)):
        assert finder.find(np.zeros(shape, np.uint8), 0, near=[Box(0, 0, 1, 1)], tiles=True) == []


@pytest.mark.parametrize("position", [(40, 30), (1100, 500), (1700, 850), (700, 890)])
def test_tiles_find_a_40_px_face_in_full_hd(finder, portrait, position) -> None:
    picture = wall(1920, 1080)
    truth = paste(picture, portrait, 40, *position)
    (face,) = finder.find(picture, 0, tiles=True)
    assert face.box.iou(truth) > 0.6
    assert face.landmarks is not None


def test_a_face_of_the_previous_frame_is_found_near_its_box(finder, portrait) -> None:
    picture = wall(1920, 1080)
    truth = paste(picture, portrait, 26, 900, 400)
    before = Box(truth.x - 8, truth.y + 5, truth.width * 1.1, truth.height * 1.1)
    (face,) = finder.find(picture, 0, near=[before])
    assert face.box.iou(truth) > 0.6
    assert finder.find(picture, 0, near=[Box(100, 100, 40, 40)]) == []


def test_near_boxes_outside_the_image_are_ignored(finder, portrait) -> None:
    (face,) = finder.find(portrait, 0)
    strange = [Box(-500, -500, 40, 40), Box(600, 600, 90, 90), Box(-20, 500, 60, 60), Box(5, 5, 0, 0)]
    (again,) = finder.find(portrait, 0, near=strange)
    assert np.array_equal(again.landmarks.points, face.landmarks.points)


def test_the_confidence_setting_is_applied(portrait) -> None:
    # MediaPipe's own Python class takes one and ignores it.
    with FaceFinder(0.9) as finder:
        (face,) = finder.find(portrait, 0)
    with FaceFinder(0.99) as strict:
        assert strict.find(portrait, 0) == []
    assert 0.9 <= face.detection_confidence < 0.99


def test_starting_prints_nothing(capfd) -> None:
    with FaceFinder():
        pass
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (720, 1280), (7680, 4320), (1921, 801)])
def test_tiles_cover_the_image_and_overlap(width, height) -> None:
    tiles = tile_boxes(width, height)
    assert 0 < len(tiles) < 45  # the cost is bounded whatever the size
    side = tiles[0].width
    covered = np.zeros((height, width), bool)
    for tile in tiles:
        assert (tile.x, tile.y) >= (0, 0)
        assert tile.right <= width
        covered[int(tile.y) : int(tile.bottom), int(tile.x) : int(tile.right)] = True
    assert covered.all()
    face = side / 6
    for x, y in np.random.default_rng(1).uniform(0, 1, (50, 2)):
        spot = Box(x * (width - face), y * (height - face), face, face)
        assert any(tile.intersection(spot) >= spot.area * 0.999 for tile in tiles)


def test_images_hardly_larger_than_a_tile_have_no_tiles() -> None:
    assert tile_boxes(512, 512) == []


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
def test_close_ups_of_the_shared_data_are_found(finder) -> None:
    pictures = sorted((SHARED / "faces").glob("*.jpg"))[::140] + sorted((SHARED / "stills/train").iterdir())[::18]
    missed = []
    for path in pictures:
        image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)  # type: ignore[arg-type]
        if not any(face.landmarks is not None for face in finder.find(image, 0)):
            missed.append(path.name)
    assert len(pictures) > 30
    assert missed == []
