import numpy as np
import pytest

from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.scores import CamMap
from inspector.engine.report import figures as pictures


def grey_frame(height: int = 90, width: int = 161) -> np.ndarray:
    return np.full((height, width, 3), 128, dtype=np.uint8)


def cam(values: np.ndarray, reference: float, crop: Box | None = None) -> CamMap:
    return CamMap(1, 0, crop or Box(20, 20, 60, 60), values.astype(np.float32), reference, "layer", "GradCAM")


def test_a_faint_map_is_drawn_faint() -> None:
    hill = np.outer(np.hanning(7), np.hanning(7))
    strong = pictures.heat_map(grey_frame(), cam(hill, 1.0), 64).astype(int)
    faint = pictures.heat_map(grey_frame(), cam(hill / 100, 1.0), 64).astype(int)
    assert np.abs(strong - 128).max() > 80
    assert np.abs(faint - 128).max() < 5


def test_zero_and_useless_references_paint_nothing_wild() -> None:
    for reference in (0.0, -1.0):
        drawn = pictures.heat_map(grey_frame(), cam(np.zeros((7, 7)), reference), 32)
        assert np.array_equal(drawn, np.full((32, 32, 3), 128, dtype=np.uint8))
    assert pictures.heat_map(grey_frame(), cam(np.full((7, 7), np.nan), 1.0), 32).shape == (32, 32, 3)


def test_scale_bar_has_the_colours_of_the_map() -> None:
    bar = pictures.scale_bar(256, 8)
    full = pictures.heat_map(grey_frame(), cam(np.ones((7, 7)), 1.0), 16)
    none = pictures.heat_map(grey_frame(), cam(np.zeros((7, 7)), 1.0), 16)
    assert bar.shape == (8, 256, 3)
    assert np.array_equal(bar[0, -1], full[8, 8])
    assert np.array_equal(bar[0, 0], none[8, 8])


def test_scale_bar_rises_evenly_in_lightness() -> None:
    levels = pictures._colours(np.linspace(0, 1, 256, dtype=np.float32)).astype(float)
    lightness = levels @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(lightness) > -1.0).all()
    assert lightness[-1] - lightness[0] > 200


@pytest.mark.parametrize("size", [(1, 1), (7, 1001), (2160, 31), (360, 640)])
def test_marked_frame_keeps_odd_sizes_and_the_input(size: tuple[int, int]) -> None:
    image = grey_frame(*size)
    before = image.copy()
    points = np.random.default_rng(1).uniform(-50, 2000, (478, 3)).astype(np.float32)
    marked = pictures.marked_frame(image, Box(-10, -10, 500, 500), LandmarkSet(points), "track 1")
    assert marked.shape == image.shape
    assert marked.dtype == np.uint8
    assert np.array_equal(image, before)


def test_box_is_drawn_where_it_is() -> None:
    marked = pictures.marked_frame(grey_frame(300, 300), Box(100, 150, 80, 60), None, "track 1")
    assert np.abs(marked[180, 100].astype(int) - pictures.BOX_COLOUR).max() < 30
    assert np.array_equal(marked[180, 140], [128, 128, 128])


def test_landmarks_outside_the_picture_and_wild_values_do_no_harm() -> None:
    points = np.full((478, 3), 1e9, dtype=np.float32)
    drawn = pictures.crop_landmarks(grey_frame(), Box(-30, -30, 60, 60), LandmarkSet(points), 64)
    assert drawn.shape == (64, 64, 3)


def test_a_crop_that_lies_outside_the_picture_is_said() -> None:
    with pytest.raises(ValueError, match="outside"):
        pictures.heat_map(grey_frame(), cam(np.ones((7, 7)), 1.0, Box(5000, 5000, 60, 60)), 32)
