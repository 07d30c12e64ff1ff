"""How plain the surroundings of a face are, on pictures whose answer is known."""

import cv2
import numpy as np
import pytest

from inspector.domain.analysis import PLAIN_SHARE
from inspector.engine.analysis.changes import jpeg
from inspector.engine.faces.surroundings import plain_share


def noise(side: int = 224) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)


def cut_out(side: int, colour: tuple[int, int, int]) -> np.ndarray:
    """Noise in the place of a face, before one colour."""
    mask = np.zeros((side, side), np.uint8)
    cv2.ellipse(mask, (side // 2, round(0.47 * side)), (round(0.36 * side), round(0.43 * side)), 0, 0, 360, 255, -1)
    return np.where(mask[..., None] > 0, noise(side), np.array(colour, np.uint8))


@pytest.mark.parametrize("side", [96, 160, 224])
@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (20, 180, 40)])
def test_a_cut_out_stands_before_a_plain_surface(side: int, colour: tuple[int, int, int]):
    assert plain_share(cut_out(side, colour)) > 0.9


def test_it_still_does_after_a_jpeg():
    coded = jpeg(cut_out(224, (128, 128, 128)), 50)
    assert plain_share(coded) > 2 * PLAIN_SHARE


def test_what_has_detail_or_changes_slowly_is_not_plain():
    assert plain_share(noise()) < 0.01
    ramp = np.broadcast_to(np.linspace(0, 255, 224).astype(np.uint8)[None, :, None], (224, 224, 3))
    assert plain_share(np.ascontiguousarray(ramp)) < PLAIN_SHARE


def test_the_face_itself_and_what_is_below_it_do_not_count():
    crop = noise()
    crop[60:150, 60:165] = 200
    crop[195:] = 200
    assert plain_share(crop) < 0.01
