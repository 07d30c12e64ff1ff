"""TIFF files of sample formats that Pillow does not read, or reads wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, open_clip
from tests.clips import code_picture, read_code

PICTURE = code_picture(77)
LIGHT = PICTURE.astype(np.float32) / 255
DEEP = PICTURE.astype(np.uint16) * 257


def shown(path: Path, stream: int | None = None) -> np.ndarray:
    with Decoder(open_clip(path, stream=stream)) as decoder:
        return decoder.frame_at(0).image


@pytest.mark.parametrize(
    ("samples", "more", "said"),
    [
        (LIGHT, {}, "3 x 32 bits, floating-point numbers, of which 0 is shown as black and 1 as white"),
        (LIGHT.astype(np.float64), {}, "3 x 64 bits"),
        (LIGHT * 255, {}, "255 as white"),
        (LIGHT[..., 0].astype(np.float64), {"photometric": "minisblack"}, "1 x 64 bits"),
        (PICTURE.astype(np.uint32) * 0x01010101, {}, "3 x 32 bits, unsigned integers"),
        (np.moveaxis(DEEP, -1, 0), {"planarconfig": "separate"}, "each in a plane of its own"),
    ],
)
def test_unusual_samples_are_shown_and_named(
    tmp_path: Path, samples: np.ndarray, more: dict[str, Any], said: str
) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, samples, **{"photometric": "rgb", **more})
    assert read_code(shown(path)) == 77
    if samples.ndim == 3:
        assert np.abs(shown(path).astype(int) - PICTURE).max() <= 1
    (remark,) = open_clip(path).remarks
    assert said in remark


@pytest.mark.parametrize("orientation", [2, 3, 5, 6, 8])
@pytest.mark.parametrize("planar", [False, True])
def test_unusual_samples_are_turned_once(tmp_path: Path, orientation: int, planar: bool) -> None:
    path = tmp_path / "a.tif"
    samples = np.moveaxis(DEEP, -1, 0) if planar else LIGHT
    more: dict[str, Any] = {"planarconfig": "separate"} if planar else {}
    tifffile.imwrite(path, samples, photometric="rgb", extratags=[(274, 3, 1, orientation, True)], **more)
    upright = Image.fromarray(PICTURE)
    upright.getexif()[274] = orientation
    expected = np.asarray(ImageOps.exif_transpose(upright))
    assert np.abs(shown(path).astype(int) - expected).max() <= 1
    clip = open_clip(path)
    assert clip.rotation == {2: 0, 3: 180, 5: 270, 6: 90, 8: 270}[orientation]
    assert (clip.coded_width, clip.coded_height) == (96, 64), "as stored, whatever library turns it"


def test_the_stored_size_of_a_turned_page_is_not_that_of_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, PICTURE, photometric="rgb", extratags=[(274, 3, 1, 6, True)])
    clip = open_clip(path)
    assert (clip.width, clip.height, clip.coded_width, clip.coded_height) == (64, 96, 96, 64)


def test_opacity_and_page_of_unusual_samples(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    clear = np.dstack([LIGHT, np.zeros(LIGHT.shape[:2], np.float32)])
    with tifffile.TiffWriter(path) as writer:
        writer.write(clear, photometric="rgb", extrasamples=["unassalpha"])
        writer.write(LIGHT, photometric="rgb", extratags=[(274, 3, 1, 6, True)])
    assert (shown(path) == 255).all(), "transparent is white"
    second = open_clip(path, stream=1)
    assert (second.rotation, second.width, second.height, second.bit_depth) == (90, 64, 96, 32)
    assert np.abs(np.rot90(shown(path, 1)).astype(int) - PICTURE).max() <= 1


@pytest.mark.parametrize(
    ("samples", "more", "said"),
    [
        (LIGHT.astype(np.float16), {}, "3 x 16 bits, floating-point numbers"),
        (LIGHT[..., 0].astype(np.complex64), {"photometric": "minisblack"}, "1 x 64 bits, complex floating-point"),
        (np.moveaxis(LIGHT, -1, 0), {"planarconfig": "separate"}, "numbers, each in a plane of its own"),
    ],
)
def test_samples_that_no_library_reads_are_named(
    tmp_path: Path, samples: np.ndarray, more: dict[str, Any], said: str
) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, samples, **{"photometric": "rgb", **more})
    with pytest.raises(ClipError, match=said):
        open_clip(path)


@pytest.mark.parametrize("planar", [False, True])
def test_samples_that_are_cut_off_are_damage(tmp_path: Path, planar: bool) -> None:
    path = tmp_path / "a.tif"
    more: dict[str, Any] = {"planarconfig": "separate"} if planar else {}
    tifffile.imwrite(path, np.moveaxis(DEEP, -1, 0) if planar else LIGHT, photometric="rgb", **more)
    path.write_bytes(path.read_bytes()[:-9000])
    with pytest.raises(ClipError, match="is damaged"):
        open_clip(path)
