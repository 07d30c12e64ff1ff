"""Two frames or two faces, side by side and by wipe: each side is the very frame it names."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage

from inspector.domain.faces import Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.align import aligned_face, alignment
from inspector.engine.filters.table import default_step
from inspector.ui.picture.compare import FACE_SIDE
from inspector.ui.state import Comparison, Layout, Pick
from tests.ui.fake_engine import STRONG, WEAK
from tests.ui.pictures import pixels


@pytest.fixture(scope="module")
def decoded(face_clip):
    with Decoder(open_clip(face_clip)) as decoder:
        return [frame.image for frame in decoder.frames()]


def wait_pair(qtbot, window, left, right):
    view = window.pictures.compare_view

    def is_there():
        return view.pair is not None and (view.pair.left.index, view.pair.right.index) == (left, right)

    qtbot.waitUntil(is_there)
    return view.pair


def test_side_a_keeps_its_frame_while_side_b_follows_the_player(opened, qtbot, decoded):
    opened.controller.step(5)
    qtbot.waitUntil(lambda: opened.session.shown.index == 5)
    opened.book["compare"].trigger()
    wait_pair(qtbot, opened, 5, 5)
    opened.controller.step(9)
    pair = wait_pair(qtbot, opened, 5, 14)
    assert np.array_equal(pixels(pair.left.image), decoded[5])
    assert np.array_equal(pixels(pair.right.image), decoded[14])
    assert opened.pictures.view is opened.pictures.compare_view
    assert opened.book["compare"].isChecked()
    opened.book["compare"].trigger()
    assert opened.pictures.view is opened.frame_view
    assert not opened.book["compare"].isChecked()


def test_the_bar_chooses_frames_follows_and_swaps(opened, qtbot):
    opened.book["compare"].trigger()
    bar = opened.pictures.compare_bar
    assert bar.isVisible()
    bar.left.frame_box.setValue(20)
    wait_pair(qtbot, opened, 20, 0)
    bar.right.follow.setChecked(False)
    bar.right.frame_box.setValue(33)
    wait_pair(qtbot, opened, 20, 33)
    opened.session.set_comparison(opened.session.comparison.swapped())
    wait_pair(qtbot, opened, 33, 20)
    assert bar.left.frame_box.value() == 33


def test_a_wipe_shows_one_side_left_and_the_other_right_of_its_edge(opened, qtbot):
    view = opened.pictures.compare_view
    opened.session.set_comparison(Comparison(Pick(0), Pick(40)))
    wait_pair(qtbot, opened, 0, 40)
    opened.book["wipe"].trigger()
    assert opened.session.comparison.layout == Layout.WIPE
    qtbot.waitUntil(lambda: view.pair.comparison.layout == Layout.WIPE)
    view.set_split(1.0)
    only_left = view.grab().toImage()
    view.set_split(0.0)
    only_right = view.grab().toImage()
    view.set_split(0.5)
    both = view.grab().toImage()
    middle, low = view.width() // 2, view.height() - 40
    left, right, now = pixels(only_left), pixels(only_right), pixels(both)
    assert np.array_equal(now[low, : middle - 10], left[low, : middle - 10])
    assert np.array_equal(now[low, middle + 10 :], right[low, middle + 10 :])


def test_the_edge_is_dragged_and_the_picture_is_not(opened, qtbot):
    view = opened.pictures.compare_view
    opened.session.set_comparison(Comparison(Pick(0), Pick(10), Layout.WIPE))
    wait_pair(qtbot, opened, 0, 10)
    before = view.view()
    at = QPoint(view.width() // 2, 100)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(view, QPoint(view.width() // 4, 100))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 4, 100))
    assert view.split == pytest.approx(0.25, abs=0.01)
    assert view.view() == before


def test_both_sides_zoom_and_report_pixels_together(opened, qtbot, decoded):
    view = opened.pictures.compare_view
    opened.session.set_comparison(Comparison(Pick(2), Pick(30)))
    wait_pair(qtbot, opened, 2, 30)
    left, right = view.panes()
    opened.book["one_to_one"].trigger()
    assert view.view(left).scale == view.view(right).scale == 1.0
    a, b = view.view(left), view.view(right)
    assert (a.x - left.x(), a.y) == pytest.approx((b.x - right.x(), b.y))
    view._hover(QPointF(b.x + 40.5, b.y + 60.5))
    values = [" ".join(str(v) for v in decoded[index][60, 40]) for index in (2, 30)]
    assert opened.pixel_label.text() == f"x 40  y 60  A {values[0]}  B {values[1]}"


def test_faces_of_a_track_are_compared_aligned(analysed, qtbot, decoded):
    analysed.session.set_comparison(Comparison(Pick(0, STRONG), Pick(24, STRONG)))
    pair = wait_pair(qtbot, analysed, 0, 24)
    face = dict(analysed.session.shown.faces)[STRONG]
    assert np.array_equal(pixels(pair.left.image), aligned_face(decoded[0], face, FACE_SIDE)[0])
    assert pair.right.image.width() == FACE_SIDE
    analysed.session.set_comparison(Comparison(Pick(0, STRONG), Pick(24, 5)))
    pair = wait_pair(qtbot, analysed, 0, 24)
    qtbot.waitUntil(lambda: analysed.pictures.compare_view.pair.right.image is None)
    assert "Face 5 is not in" in analysed.pictures.compare_view.pair.right.text


def test_compared_frames_have_filters_and_overlays(analysed, qtbot):
    view = analysed.pictures.compare_view
    analysed.session.set_comparison(Comparison(Pick(3), Pick(9)))
    plain = wait_pair(qtbot, analysed, 3, 9)
    assert [len(scene.marks) for scene in view._scenes] == [2, 2]
    chain = (default_step("gamma"),)
    analysed.session.set_filters(chain)
    qtbot.waitUntil(lambda: view.pair.left.chain == chain)
    assert (pixels(view.pair.left.image) != pixels(plain.left.image)).any()


def test_another_clip_ends_the_comparison(opened, qtbot, tmp_path):
    from tests.clips import code_picture, make_clip

    opened.book["compare"].trigger()
    wait_pair(qtbot, opened, 0, 0)
    other = make_clip(tmp_path / "other.mp4", frames=6, picture=code_picture)
    opened.controller.open_path(other)
    qtbot.waitUntil(lambda: opened.session.clip.path == str(other))
    assert opened.session.comparison is None
    assert opened.pictures.view is opened.frame_view


def test_both_faces_have_their_score_and_their_own_heat_map(analysed, qtbot):
    session, view = analysed.session, analysed.pictures.compare_view
    session.change_overlays(boxes=False)
    session.set_comparison(Comparison(Pick(10, STRONG), Pick(3, WEAK)))
    analysed.book["compare"].setChecked(True)
    wait_pair(qtbot, analysed, 10, 3)
    pts = session.opened.pts
    bare = pixels(view.grab().toImage()).astype(int)
    session.change_overlays(heat_map=True)
    wanted = [(STRONG, int(pts[10])), (WEAK, int(pts[3]))]
    qtbot.waitUntil(lambda: all(session.cam_at(*each) for each in wanted))
    qtbot.wait(50)
    left, right = view._scenes
    assert (left.cam.track_id, right.cam.track_id) == (STRONG, WEAK)
    assert [mark.track_id for mark in (*left.marks, *right.marks)] == [STRONG, WEAK]
    assert all(mark.probability is not None for mark in (*left.marks, *right.marks))
    heated = pixels(view.grab().toImage()).astype(int)
    changed = np.abs(heated - bare).max(axis=2) > 20
    middle = changed.shape[1] // 2
    assert changed[:, :middle].mean() > 0.02
    assert changed[:, middle:].mean() > 0.02


def test_the_placement_of_an_aligned_face_leads_to_its_pixels():
    points = np.zeros((478, 3), np.float32)
    points[[33, 133], :2], points[[263, 362], :2] = (40, 60), (80, 50)
    matrix, by = alignment(Face(0, Box(20, 20, 80, 80), LandmarkSet(points), 0.9), 200)
    assert by == "eyes"
    assert matrix @ (60, 55, 1) == pytest.approx((100, 84))
    assert (matrix @ (80, 50, 1) - matrix @ (40, 60, 1)) == pytest.approx((60, 0))


@pytest.mark.parametrize("size", [(400, 100), (100, 400), (256, 256)])
def test_a_picture_of_another_shape_fits_its_pane_in_the_middle(opened, qtbot, size):
    opened.book["compare"].trigger()
    wait_pair(qtbot, opened, 0, 0)
    view = opened.pictures.compare_view
    pane = view.panes()[1]
    fitted = view._fitted_to(view.view(pane), QImage(QSize(*size), QImage.Format.Format_RGB32))
    wide, high = size[0] * fitted.scale, size[1] * fitted.scale
    assert min(pane.width() - wide, pane.height() - high) == pytest.approx(0, abs=1e-6)
    middle = QPointF(fitted.x + wide / 2, fitted.y + high / 2)
    assert (middle - pane.center()).manhattanLength() < 1e-6


def test_in_a_narrow_bar_nothing_stands_between_a_and_b(opened):
    opened.book["compare"].trigger()
    bar = opened.pictures.compare_bar
    wide = bar.left.sizeHint().width() + 60
    bar.layout().setGeometry(QRect(0, 0, wide, bar.heightForWidth(wide)))
    left, right, layouts = bar.left, bar.right, next(iter(bar.layouts.values())).parentWidget()
    assert left.x() == right.x()
    assert left.y() < right.y() < layouts.y()
