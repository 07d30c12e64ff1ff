"""Overlays are pure: what is painted follows from what is given."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from inspector.domain.faces import Abstention, Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.mesh import MESH
from inspector.domain.scores import CamMap
from inspector.ui.picture import heat_map, landmarks, overlays
from inspector.ui.picture.scene import FaceMark, Scene
from inspector.ui.picture.view import View, free_label_rect
from inspector.ui.state import OverlayOptions
from tests.ui.pictures import pixels

CROP = Box(40, 40, 80, 80)


def face(at=(80.0, 80.0)):
    points = np.random.default_rng(1).uniform(-30, 30, (478, 3)).astype(np.float32) + np.array([*at, 0], np.float32)
    return Face(0, Box(50, 50, 60, 60), LandmarkSet(points), 0.9)


def render(scene, scale=1.0):
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#404040"))
    painter = QPainter(image)
    view = View(scale, 0.0, 0.0, QRectF(0, 0, 200, 200), QFont())
    overlays.paint_overlays(painter, scene, view)
    painter.end()
    return pixels(image).astype(int)


def scene(marks=(), cam=None, **options):
    return Scene(tuple(marks), cam, "", None, OverlayOptions(**options))


def cam(peak, reference=1.0):
    values = np.zeros((7, 7), np.float32)
    values[1, 5] = peak
    return CamMap(1, 0, CROP, values, reference, "layer", "GradCAM")


@pytest.fixture(autouse=True)
def _qt(qapp):
    return qapp


def test_without_options_nothing_is_painted():
    blank = render(scene(boxes=False))
    assert (blank == 0x40).all()


def test_a_faint_map_is_painted_faint_on_its_tracks_scale():
    blank = render(scene(boxes=False))
    strong = np.abs(render(scene(cam=cam(1.0), heat_map=True, boxes=False)) - blank)[45:75, 85:118].sum()
    faint = np.abs(render(scene(cam=cam(0.01), heat_map=True, boxes=False)) - blank)[45:75, 85:118].sum()
    assert strong > 50 * max(faint, 1)


def test_a_map_is_painted_where_it_is_hot():
    change = np.abs(render(scene(cam=cam(1.0), heat_map=True, boxes=False)) - 0x40).sum(axis=2)[42:118, 42:118]
    y, x = np.unravel_index(change.argmax(), change.shape)
    assert (x + 42 - 40) / 80 == pytest.approx(5.5 / 7, abs=0.08)
    assert (y + 42 - 40) / 80 == pytest.approx(1.5 / 7, abs=0.08)


def test_opacity_covers_more():
    low = np.abs(render(scene(cam=cam(1.0), heat_map=True, boxes=False, opacity=0.2)) - 0x40)[45:75, 85:118].sum()
    high = np.abs(render(scene(cam=cam(1.0), heat_map=True, boxes=False, opacity=0.9)) - 0x40)[45:75, 85:118].sum()
    assert high > 2 * low


def test_colours_increase_evenly_in_lightness():
    ramp = heat_map.heat_colours(np.linspace(0.25, 1, 16), 1.0).astype(float)
    grey = ramp[:, 0] * 0.11 + ramp[:, 1] * 0.59 + ramp[:, 2] * 0.3
    assert (np.diff(grey) > 0).all()


@pytest.mark.parametrize("style", ["points", "contours", "mesh"])
def test_landmarks_stay_on_the_face(style):
    changed = (render(scene([FaceMark(1, face(), 0.5, None)], boxes=False, landmarks=style)) != 0x40).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert 45 < columns.min() < columns.max() < 115
    assert 45 < rows.min() < rows.max() < 115


def test_a_box_is_labelled_with_its_probability_or_why_there_is_none():
    assert overlays.mark_text(FaceMark(2, face(), 0.934, None)) == "Face 2 · frame probability 0.93"
    assert overlays.mark_text(FaceMark(2, face(), 0.934, None, "deep look")) == "Face 2 · deep look 0.93"
    assert overlays.mark_text(FaceMark(2, face(), None, Abstention.PROFILE)) == "Face 2 · not scored: face turned away"
    solid = render(scene([FaceMark(1, face(), 0.5, None)]))[110, 52:108]
    dashed = render(scene([FaceMark(1, face(), None, Abstention.PROFILE)]))[110, 52:108]
    assert np.ptp(dashed.sum(axis=1)) > 2 * np.ptp(solid.sum(axis=1))


def test_the_mesh_is_drawn_in_lines_that_hold_each_edge_once():
    order, parts = landmarks._mesh_strips()
    drawn = [tuple(sorted(edge)) for part in parts for edge in pairwise(order[part].tolist())]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {tuple(sorted(edge)) for edge in MESH.tolist()}
    assert len(parts) < len(MESH) / 5


@pytest.mark.parametrize("opacity", [0.3, 1.0])
def test_a_map_is_drawn_in_the_colours_of_its_strengths(opacity):
    side = heat_map._SIDE
    ramp = np.tile(np.linspace(-0.2, 1.3, side, dtype=np.float32), (side, 1))  # as large as it is drawn: not resampled
    image = heat_map.heat_image(CamMap(1, 0, CROP, ramp, 1.0, "layer", "GradCAM"), opacity)
    drawn = np.frombuffer(image.constBits(), np.uint8).reshape(side, side, 4).astype(int)
    assert np.abs(drawn - heat_map.heat_colours(ramp.astype(float), opacity)).max() <= 1


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_points_are_dots_of_the_screens_own_pixels(ratio):
    points = np.array([[40.3, 30.8, 0], [100.0, 60.5, 0], [-50, 20, 0]], np.float32)
    mark = FaceMark(1, Face(0, Box(0, 0, 9, 9), LandmarkSet(points), 0.9), None, None)
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    size = 300 / ratio
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, size, size), QFont())
    landmarks.render_landmarks(painter, scene([mark], landmarks="points"), view)
    painter.end()
    drawn = np.frombuffer(image.constBits(), np.uint8).reshape(300, 300, 4)[..., 0] > 0
    y, x = np.mgrid[0:300, 0:300] + 0.5
    wanted = np.any([np.hypot(x - px * ratio, y - py * ratio) <= 0.8 * ratio for px, py, _ in points], axis=0)
    assert np.array_equal(drawn, wanted)


def legend_boxes(area, cam):
    """The texts of the legend, and whether texts and background are within `area` of a 900 x 700 picture."""
    written, areas = [], []

    class Noting(QPainter):
        def drawText(self, rect, flags, text):
            written.append(text)
            areas.append(QFontMetricsF(self.font()).boundingRect(rect, int(flags), text))
            super().drawText(rect, int(flags), text)

        def fillRect(self, rect, brush):
            areas.append(QRectF(rect))
            super().fillRect(rect, brush)

    image = QImage(900, 700, QImage.Format.Format_RGB32)
    painter = Noting(image)
    heat_map.render_heat_map(painter, scene(cam=cam, heat_map=True), View(1.0, 0.0, 0.0, area, QFont()))
    painter.end()
    return [text for text in written if text], all(area.contains(part) for part in areas)


@pytest.mark.parametrize("area", [QRectF(0, 0, 900, 700), QRectF(300, 0, 250, 500), QRectF(700, 100, 120, 500)])
def test_the_heat_maps_legend_stays_within_its_picture(area):
    written, is_inside = legend_boxes(area, replace(cam(0.02, 0.025), deletion_drop=-2.836, random_drop=0.1))
    assert is_inside
    assert len(written) == 4


def test_the_legend_is_left_out_where_a_wipe_leaves_no_room():
    written, is_inside = legend_boxes(QRectF(0, 0, 30, 500), cam(0.02, 0.025))
    assert (written, is_inside) == ([], True)


def test_the_legend_is_a_short_form_of_the_report_without_the_layer():
    title, check = heat_map.legend_text(replace(cam(0.02, 0.025), deletion_drop=-2.836, random_drop=0.1))
    assert title == "Heat map of Face 1 (GradCAM), up to 0.02 here"
    assert check == "This map does not explain the score; do not use it."
    passed = replace(cam(0.02, 0.025), deletion_drop=2.836, random_drop=0.1)
    assert heat_map.legend_text(passed)[1] == "Deletion check: this area matters more than others"
    title, check = heat_map.legend_text(replace(cam(0.0, 1e-12), deletion_drop=1.0, random_drop=0.1))
    assert title == "Heat map of Face 1 (GradCAM), empty here"
    assert check == "Deletion check: nothing is marked here"
    assert heat_map.legend_text(cam(0.02, 0.025))[1] == "", "not run"
    title, _ = heat_map.legend_text(replace(cam(0.02, 0.025), layer="body.members.1.conv_head"))
    assert title == "Heat map of Face 1, network 2 (GradCAM), up to 0.02 here"


def test_a_track_without_a_scale_is_not_painted_as_all_hot():
    assert (heat_map.heat_colours(np.zeros(1), 1.0) == 0).all()
    image = heat_map.heat_image(cam(0.3, 1e-12), 1.0)
    assert not np.frombuffer(image.constBits(), np.uint8).any()


def test_a_map_that_failed_its_check_has_no_colours():
    passed = replace(cam(0.02, 0.025), deletion_drop=2.8, random_drop=0.1)
    failed = replace(passed, deletion_drop=0.1)
    for shown, has_colours in ((passed, True), (failed, False)):
        drawn = pixels(heat_map.heat_image(shown, 1.0)).astype(int)
        assert drawn.any()
        assert bool(np.ptp(drawn, axis=-1).max() > 3) is has_colours


def test_labels_of_neighbouring_faces_do_not_cover_each_other():
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, 400, 300), QFont())
    placed = []
    for left in (100, 110, 120, 130):
        placed.append(free_label_rect(view, QRectF(left, 100, 60, 60), "Face 3 · frame probability 0.09", placed))
    assert not any(one.intersects(other) for one, other in combinations(placed, 2))
    assert placed[0].bottom() <= 100, "above its box"
    assert placed[1].top() >= 160, "below its box"
    assert all(view.area.contains(rect) for rect in placed)


def test_labels_are_short_where_a_long_one_would_lie_at_another_face():
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, 640, 200), QFont())

    def labels(apart):
        at = enumerate(range(10, 610, apart), start=1)
        boxes = [(number, Face(0, Box(left, 80, 70, 60), None, 0.9)) for number, left in at]
        marks = [FaceMark(number, each, 0.9, None, "deep look") for number, each in boxes]
        marks[0] = replace(marks[0], name="minister")
        marks[1] = replace(marks[1], probability=None, abstention=Abstention.PROFILE)
        return overlays.placed_labels(scene(marks, boxes=True), view)

    assert next(text for _mark, text, _place in labels(300)) == "minister · deep look 0.90"
    crowd = labels(100)
    assert [text for _mark, text, _place in crowd][:3] == ["minister · deep 0.90", "2 · not scored", "3 · deep 0.90"]
    for mark, _text, place in crowd:
        box = mark.face.box
        assert place.left() == box.x
        assert place.bottom() <= box.y or place.top() >= box.y + box.height
        assert abs(place.center().y() - box.y - box.height / 2) < 60, "beside its own box"


def test_no_label_covers_a_face_of_a_crowd():
    """Of twelve small faces in half a window, ten had the label of another one over them."""
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, 500, 310), QFont())
    boxes = [Box(10 + 40 * column, 80 + 55 * row, 36, 46) for row in range(2) for column in range(6)]
    marks = [FaceMark(n, Face(0, box, None, 0.9), 0.9, None, "deep look") for n, box in enumerate(boxes, start=1)]
    labels = overlays.placed_labels(scene(marks, boxes=True), view)
    assert [text for _mark, text, _place in labels] == [str(mark.track_id) for mark in marks]
    assert not [text for _mark, text, place in labels for box in boxes if view.rect(box).intersects(place)]
    chosen = overlays.placed_labels(replace(scene(marks, boxes=True), selected_track=3), view)
    assert [text for _mark, text, _place in chosen][:3] == ["3 · deep 0.90", "1", "2"]


def test_a_face_over_another_keeps_its_number_and_words():
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, 500, 310), QFont())
    boxes = enumerate((Box(100, 20, 200, 250), Box(150, 90, 60, 60)), start=1)
    marks = [FaceMark(n, Face(0, box, None, 0.9), 0.9, None, "deep look") for n, box in boxes]
    labels = overlays.placed_labels(scene(marks, boxes=True), view)
    assert [text for _mark, text, _place in labels] == ["Face 1 · deep look 0.90", "Face 2 · deep look 0.90"]


def test_a_crowd_has_its_labels_where_they_belong():
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, 80, 60), QFont())
    box, everywhere = QRectF(10, 30, 20, 20), [QRectF(0, 0, 80, 60)]
    assert free_label_rect(view, box, "Face 1", everywhere) == free_label_rect(view, box, "Face 1", [])


def test_a_label_without_room_outside_its_box_lies_inside_it():
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, 300, 120), QFont())
    box = QRectF(20, 20, 200, 80)
    taken = [QRectF(0, 0, 300, 19), QRectF(0, 101, 300, 19)]
    label = free_label_rect(view, box, "Face 1", taken)
    assert box.contains(label)
    assert not any(label.intersects(other) for other in taken)


def test_labels_do_not_cover_the_colour_scale():
    view = View(1.0, 0.0, 0.0, QRectF(0, 0, 500, 400), QFont())
    over = scene(cam=cam(1.0), heat_map=True)
    scale = heat_map.scale_area(over, view)
    assert view.area.contains(scale)
    box = QRectF(scale.left() + 5, 10, 100, scale.top() - 20)
    assert not free_label_rect(view, box, "Face 1", [QRectF(0, 0, 500, 9), scale]).intersects(scale)
    assert heat_map.scale_area(scene(cam=cam(1.0)), view).isEmpty()
