"""The close-up panel shows the selected track's face, its heat map and the aligned faces of the neighbouring frames."""

import itertools

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt

from inspector.domain.faces import Abstention, Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.scores import FaceScore
from inspector.engine.faces.align import aligned_face
from inspector.engine.faces.crop import cut
from inspector.ui.panels.close_up_layout import arrange
from tests.engine.report.conftest import build
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
    qtbot.waitUntil(lambda: panel.close_up is not None and panel.close_up.index == index)
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
    qtbot.waitUntil(lambda: analysed.session.cam_at(STRONG, pts) is not None)
    panel = analysed.close_up
    places, grabbed = panel.places(), pixels(panel.grab().toImage())
    side = int(places.face.width()) - 8
    corners = [(round(at.top()) + 4, round(at.left()) + 4) for at in (places.face, places.heat)]
    face, heat = (grabbed[top : top + side, left : left + side] for top, left in corners)
    assert np.abs(heat.astype(int) - face).mean() > 5
    analysed.side.setCurrentWidget(analysed.findings)
    assert not analysed.session.overlays.close_up


def test_a_missing_neighbour_is_explained(analysed, qtbot):
    analysed.book["close_up"].trigger()
    first = close_up(analysed, qtbot, 0)
    assert (first.neighbours[0].image, first.neighbours[0].text) == (None, "no frame")
    analysed.session.set_selected_track(5)
    qtbot.waitUntil(lambda: analysed.close_up.close_up.track_id == 5)
    assert {tile.text for tile in analysed.close_up.close_up.neighbours[1:]} == {"no face"}
    assert analysed.close_up.close_up.face is None


def test_a_hidden_panel_requests_nothing(analysed, qtbot):
    asked = []
    analysed.close_up._worker = type("Worker", (), {"ask": lambda self, job: asked.append(job)})()
    analysed.controller.step(3)
    qtbot.waitUntil(lambda: analysed.session.shown.index == 3)
    assert not asked


def test_of_a_frame_without_a_face_the_panel_says_whether_one_was_looked_for(opened):
    panel, session = opened.close_up, opened.session
    opened.side.setCurrentWidget(panel)
    session.set_analysis(build(10, 1).analysis)
    assert panel._text == "This frame was not analysed.", "by the settings, for example"
    session.set_analysis(None)
    session.add_scores((FaceScore(0, session.shown.pts, None, None, None, Abstention.NO_FACE),), ())
    assert panel._text == "No face was found in this frame."


def test_before_an_analysis_the_panel_explains_why_it_is_empty(opened):
    opened.book["close_up"].trigger()
    assert opened.close_up.close_up is None
    assert "when the analysis" in opened.close_up._text


@pytest.mark.parametrize(("width", "height"), [(345, 380), (520, 900), (1021, 408), (1600, 900), (300, 220)])
def test_the_pictures_fill_the_panel_without_covering_each_other(width, height):
    line = 17.0
    places = arrange(width, height, line)
    rects = [places.face, places.heat, *places.tiles]
    captions = [QRectF(rect.left(), rect.bottom(), rect.width(), line) for rect in rects]
    within = QRectF(0, 0, width, height)
    assert all(within.contains(each) for each in (*rects, *captions))
    assert not any(one.intersects(other) for one, other in itertools.combinations([*rects, *captions], 2))
    assert places.face.width() >= 0.4 * min(width, height), "as large as the smaller side allows for two"
    assert places.notes.height() >= line


def test_a_double_click_shows_the_full_size_and_the_tab_goes_on_afterwards(analysed, qtbot):
    analysed.book["close_up"].trigger()
    small, full = analysed.close_up, analysed.full_close_up.page
    close_up(analysed, qtbot, 0)
    qtbot.mouseDClick(small, Qt.MouseButton.LeftButton)
    assert full.isVisible()
    assert not analysed.pictures.isVisible()
    analysed.book["frame_on"].trigger()
    qtbot.waitUntil(lambda: full.close_up is not None and full.close_up.index == 1)
    assert full.close_up.face.width() == round(full.places().face.width())
    qtbot.mouseDClick(full, Qt.MouseButton.LeftButton)
    assert analysed.pictures.isVisible()
    assert analysed.session.overlays.close_up, "the tab is visible and wants its heat map"
    side = round(small.places().face.width())
    qtbot.waitUntil(lambda: small.close_up.face.width() == side)
    assert small.close_up.index == 1
