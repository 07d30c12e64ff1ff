"""Arrays and Qt images hold the same pixels, and own or share their memory as documented."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from inspector.ui.widgets.qimage import to_qimage, wrap_bgra, wrap_indexed
from tests.ui.pictures import pixels

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("width", [1, 5, 64])
def test_an_rgb_picture_comes_back_as_it_was(width):
    picture = RNG.integers(0, 256, (7, width, 3), dtype=np.uint8)
    assert np.array_equal(pixels(to_qimage(picture)), picture)


def test_a_part_of_a_picture_is_converted_like_a_whole_one():
    picture = RNG.integers(0, 256, (20, 30, 3), dtype=np.uint8)[3:17, 5:22]
    assert np.array_equal(pixels(to_qimage(picture)), picture)


def test_a_converted_picture_owns_its_pixels():
    picture = np.full((4, 4, 3), 9, np.uint8)
    image = to_qimage(picture)
    picture[:] = 200
    assert (pixels(image) == 9).all()


def test_wrapped_pixels_are_shared_until_they_are_copied():
    layer = np.zeros((3, 5, 4), np.uint8)
    image = wrap_bgra(layer)
    copied = image.copy()
    layer[1, 2] = (10, 20, 30, 255)
    assert image.pixelColor(2, 1) == QColor(30, 20, 10)
    assert copied.pixelColor(2, 1).alpha() == 0


def test_one_number_a_pixel_is_the_same_as_four():
    layer = RNG.integers(0, 256, (6, 4, 4), dtype=np.uint8)
    layer[..., 3] = 255
    assert wrap_bgra(layer) == wrap_bgra(layer.view(np.uint32)[..., 0])


def test_indices_are_looked_up_also_where_rows_are_not_of_four_bytes():
    levels = np.array([[0, 1, 2], [2, 1, 0]], np.uint8)
    image = wrap_indexed(levels, [0xFF000000, 0xFF112233, 0xFFFFFFFF])
    assert [image.pixelColor(x, 1).name() for x in range(3)] == ["#ffffff", "#112233", "#000000"]
