"""The close-up panel shows the selected track's face, its heat map and the aligned faces of the neighbouring frames."""

import cv2
import numpy as np
import pytest

from inspector.domain.faces import Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.engine.faces.align import aligned_face
from inspector.engine.faces.crop import cut
from tests.ui.fake_engine import STRONG
from tests.ui.pictures import pixels


def face_with_eyes(left, right):
    points = np.zeros((478, 3), np.float32)
    points[[33, 133], :2] = left
    points[[263, 362], :2] = right
    return Face(0, Box(20, 20, 60, 60), LandmarkSet(points), 0.9)


@pytest.mark.parametrize("angle", [0, 25, -40])
@pytest.mark.parametrize("size", [30.0, 90.0])
def test_eyes_are_aligned_to_the_same_position_for_every_angle(angle, size):
    middle = np.array([150.0, 120.0])
    half = size / 2 * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    left, right = middle - half, middle + half
    image = np.zeros((240, 300, 3), np.uint8)
    for centre, colour in ((left, (255, 0, 0)), (right, (0, 255, 0))):
        cv2.circle(image, tuple(int(v) for v in centre.round()), 5, colour, -1)
    out, by = aligned_face(image, face_with_eyes(left, right), 200)
    assert by == "eyes"
    for channel, wanted in ((0, (70, 84)), (1, (130, 84))):
        rows, columns = np.nonzero(out[..., channel] > 128)
        assert (columns.mean(), rows.mean()) == pytest.approx(wanted, abs=3)


def test_a_face_without_landmarks_is_cut_by_its_box():
    image = np.zeros((100, 100, 3), np.uint8)
    image[20:80, 20:80] = 255
    out, by = aligned_face(image, Face(0, Box(20, 20, 60, 60), None, 0.9), 75)
    assert by == "box"
    assert (out > 128).all(axis=2).mean() == pytest.approx((60 / 75) ** 2, abs=0.03)


def close_up(window, qtbot, index):
    panel = window.close_up
    qtbot.waitUntil(lambda: panel.close_up is not None and panel.close_up.index == index, timeout=10000)
    return panel.close_up


def test_the_panel_shows_the_scored_crop_and_the_neighbours(analysed, qtbot):
    analysed.book["close_up"].trigger()
    assert analysed.side.currentWidget() is analysed.close_up
    analysed.controller.seek_index(10)
    shown = close_up(analysed, qtbot, 10)
    assert [tile.index for tile in shown.neighbours] == [9, 10, 11]
    assert all(tile.image is not None and tile.by == "eyes" for tile in shown.neighbours)
    wanted = cut(analysed.session.shown.frame.image, shown.crop, shown.face.width())
    assert np.array_equal(pixels(shown.face), wanted)
    assert f"Face {STRONG} · frame 10 · frame probability" in analysed.close_up.accessibleDescription()


def test_its_heat_map_is_computed_without_one_over_the_picture(analysed, qtbot):
    assert not analysed.session.overlays.heat_map
    analysed.book["close_up"].trigger()
    close_up(analysed, qtbot, 0)
    pts = analysed.session.shown.pts
    qtbot.waitUntil(lambda: analysed.session.cam_at(STRONG, pts) is not None, timeout=10000)
    panel = analysed.close_up
    big = round(panel._sides()[0])
    grabbed = pixels(panel.grab().toImage())
    face, heat = grabbed[40 : 20 + big, 12 : big - 4], grabbed[40 : 20 + big, big + 20 : 2 * big + 4]
    assert np.abs(heat.astype(int) - face).mean() > 5
    analysed.side.setCurrentWidget(analysed.findings)
    assert not analysed.session.overlays.close_up


def test_a_missing_neighbour_is_explained(analysed, qtbot):
    analysed.book["close_up"].trigger()
    first = close_up(analysed, qtbot, 0)
    assert (first.neighbours[0].image, first.neighbours[0].text) == (None, "no frame")
    analysed.session.set_selected_track(5)
    qtbot.waitUntil(lambda: analysed.close_up.close_up.track_id == 5, timeout=5000)
    assert {tile.text for tile in analysed.close_up.close_up.neighbours[1:]} == {"no face"}
    assert analysed.close_up.close_up.face is None


def test_a_hidden_panel_requests_nothing(analysed, qtbot):
    asked = []
    analysed.close_up._worker = type("Worker", (), {"ask": lambda self, job: asked.append(job)})()
    analysed.controller.step(3)
    qtbot.waitUntil(lambda: analysed.session.shown.index == 3, timeout=5000)
    assert not asked


def test_before_an_analysis_the_panel_explains_why_it_is_empty(opened):
    opened.book["close_up"].trigger()
    assert opened.close_up.close_up is None
    assert "when the analysis" in opened.close_up._text
