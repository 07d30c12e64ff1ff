"""What large stills leave in memory, and how their pixels come into one array."""

import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inspector.engine.decode import stills
from inspector.engine.decode.still_colour import rgb_pixels


@pytest.fixture
def noise() -> Image.Image:
    """RGB (600, 40): its rows are copied in three parts."""
    return Image.fromarray(np.random.default_rng(5).integers(0, 256, (600, 40, 3), dtype=np.uint8))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "RGBA", "YCbCr"])
def test_the_pixels_are_those_of_pillows_own_conversion(noise, mode) -> None:
    image = noise.convert(mode)
    assert np.array_equal(rgb_pixels(image), np.asarray(image.convert("RGB")))


def test_the_picture_of_pillow_is_gone_when_the_last_frame_is_looked_at(noise, tmp_path, monkeypatch) -> None:
    seen: list[weakref.ref[Image.Image]] = []
    opened = stills._open_quietly

    def watched(*args: Any) -> Image.Image:
        image = opened(*args)
        seen.append(weakref.ref(image))
        return image

    monkeypatch.setattr(stills, "_open_quietly", watched)
    path = Path(tmp_path) / "noise.png"
    noise.save(path)
    for still in stills.read_stills(path):
        assert np.array_equal(still.image, np.asarray(noise))
        assert [image() for image in seen] == [None]
    assert len(seen) == 1
