"""The picture view shows single pixels and reports the one under the pointer."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QWheelEvent

from inspector.ui.picture.frame_view import FrameView
from inspector.ui.picture.pixels import CELL_FROM, paint_image
from inspector.ui.picture.view import View
from inspector.ui.widgets.qimage import to_qimage
from tests.ui.pictures import pixels


def noise(width=64, height=36):
    return np.random.default_rng(4).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture
def view(qtbot):
    view = FrameView()
    qtbot.addWidget(view)
    view.resize(640, 360)
    view.show()
    qtbot.waitExposed(view)
    view.set_picture(to_qimage(noise()), None)
    return view


def test_from_one_to_one_each_screen_pixel_is_a_pixel_of_the_picture(view):
    for zoom in (1.0, 3.0, 7.0):
        view._zoom_to(zoom, QPointF(320, 180))
        placed, shown, wanted = view.view(), pixels(view.grab().toImage()), noise()
        for x, y in ((320, 180), (331, 171), (310, 190)):
            column, row = int((x + 0.5 - placed.x) // placed.scale), int((y + 0.5 - placed.y) // placed.scale)
            assert shown[y, x].tolist() == wanted[row, column].tolist()


@pytest.mark.parametrize("scale", [1.0, 2.0, 9.0])
@pytest.mark.parametrize("offset", [0.0, -13.0])
def test_enlarging_repeats_pixels_and_invents_none(qapp, scale, offset):
    canvas = QImage(120, 80, QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    view = View(scale, offset, offset, QRectF(0, 0, 120, 80), QFont())
    picture = to_qimage(noise(200, 150))
    paint_image(painter, picture, view, 1.0)
    painter.end()
    y, x = np.mgrid[0:80, 0:120]
    rows, columns = ((y + 0.5 - offset) // scale).astype(int), ((x + 0.5 - offset) // scale).astype(int)
    assert np.array_equal(pixels(canvas), noise(200, 150)[rows, columns])


def test_shrinking_averages(qapp):
    stripes = np.zeros((100, 100, 3), np.uint8)
    stripes[:, ::2] = 255
    canvas = QImage(50, 50, QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    paint_image(painter, to_qimage(stripes), View(0.5, 0, 0, QRectF(0, 0, 50, 50), QFont()), 1.0)
    painter.end()
    assert 100 < pixels(canvas)[10:40, 10:40].mean() < 155


def test_the_pixel_under_the_pointer_is_reported_until_it_leaves(view, qtbot):
    reported = []
    view.pixel_hovered.connect(reported.append)
    view._zoom_to(8.0, QPointF(320, 180))
    placed = view.view()
    at = QPoint(round(placed.x + 20.5 * 8), round(placed.y + 10.5 * 8))
    qtbot.mouseMove(view, at)
    qtbot.waitUntil(lambda: bool(reported))
    assert reported[-1] == (20, 10) == view.hovered
    view.leaveEvent(QEvent(QEvent.Type.Leave))
    assert reported[-1] is None


def test_pixel_values_are_shown_at_a_high_zoom(view):
    flat = np.full((36, 64, 3), 200, np.uint8)
    view.set_picture(to_qimage(flat), None)
    view._zoom_to(CELL_FROM - 1, QPointF(320, 180))
    assert len(np.unique(pixels(view.grab().toImage())[100:260, 200:440].reshape(-1, 3), axis=0)) == 1
    view._zoom_to(CELL_FROM, QPointF(320, 180))
    assert len(np.unique(pixels(view.grab().toImage())[100:260, 200:440].reshape(-1, 3), axis=0)) > 3


def test_the_wheel_zooms_about_the_pointer(view):
    at = QPointF(200, 150)
    before = view.view()
    point = ((at.x() - before.x) / before.scale, (at.y() - before.y) / before.scale)
    event = QWheelEvent(at, view.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    view.wheelEvent(event)
    after = view.view()
    assert after.scale == pytest.approx(before.scale * 1.25**2)
    assert ((at.x() - after.x) / after.scale, (at.y() - after.y) / after.scale) == pytest.approx(point)


def test_a_picture_cannot_be_dragged_out_of_sight(view, qtbot):
    view._zoom_to(20.0, QPointF(320, 180))
    for _ in range(12):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        qtbot.mouseMove(view, QPoint(630, 350))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(630, 350))
    placed = view.view()
    assert placed.x <= 320.5
    assert placed.x + 64 * placed.scale >= 320


def test_another_size_is_fitted_and_the_same_size_keeps_its_zoom(view):
    view._zoom_to(9.0, QPointF(300, 180))
    kept = view.view()
    view.set_picture(to_qimage(noise()[::-1].copy()), None)
    assert view.view() == kept
    view.set_picture(to_qimage(noise(100, 100)), None)
    assert view.view().scale == pytest.approx(3.6)
