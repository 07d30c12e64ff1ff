"""Measuring a file's compression, and its precedence after the dataset's own statement."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.engine.decode.decoder import open_clip
from training.prepare.clip import Job, prepare_one
from training.prepare.coding import compression_of, jpeg_quality, measure_coding
from training.prepare.index import load_index
from training.prepare.parts import write_index
from training.recipe import PrepareOptions
from training.sources import Sample

UNKNOWN = {"compression": "", "codec": None, "bits_per_pixel": None, "jpeg_quality": None, "path": "gone.mp4"}


@pytest.fixture
def photo(tmp_path) -> Path:
    path = tmp_path / "photo.jpg"
    noise = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
    Image.fromarray(noise).save(path, quality=83)
    return path


@pytest.mark.parametrize("quality", [1, 30, 74, 75, 90, 100])
def test_the_quality_of_a_jpeg_is_read_from_its_tables(quality, tmp_path):
    Image.new("RGB", (16, 16)).save(tmp_path / "a.jpg", quality=quality)
    assert jpeg_quality(tmp_path / "a.jpg") == quality


def test_tables_of_others_are_estimated_and_no_jpeg_has_none(tmp_path):
    Image.new("RGB", (16, 16)).save(tmp_path / "a.jpg", qtables=[[10] * 64, [10] * 64])
    assert jpeg_quality(tmp_path / "a.jpg") == 91  # libjpeg's steps at 90 sum to 736, at 91 to 662
    Image.new("RGB", (16, 16)).save(tmp_path / "a.png")
    assert jpeg_quality(tmp_path / "a.png") is None


def test_a_file_is_measured_by_all_its_bits(photo):
    coding = measure_coding(open_clip(photo), 1)
    assert (coding.codec, coding.jpeg_quality) == ("jpeg", 83)
    assert coding.bits_per_pixel == photo.stat().st_size * 8 / (60 * 80)


def test_the_datasets_own_name_comes_first_and_unknown_compression_is_empty(photo):
    measured = UNKNOWN | {"codec": "h264", "bits_per_pixel": 0.013}
    assert compression_of(measured | {"compression": "c40"}) == "c40"
    assert compression_of(measured) == "h264, 0 to 0.02 bits a pixel"
    assert compression_of(measured | {"bits_per_pixel": 7.0}) == "h264, 0.2 and more bits a pixel"
    assert compression_of(measured | {"codec": "jpeg", "jpeg_quality": 100}) == "jpeg, quality 90 to 100"
    assert compression_of(UNKNOWN) == ""
    # An older index lacks what was measured, and its file is still there.
    assert compression_of(UNKNOWN | {"path": str(photo)}) == "jpeg, quality 75 to 89"


def test_prepared_rows_carry_it(face_clip, tmp_path):
    (tmp_path / "parts").mkdir()
    options = PrepareOptions(frames=2, held_out_frames=2, largest=64, held_out=0.0, seed=1)
    one = Sample(face_clip, "clip", False, "", "p", "", "", "", "")
    job = Job(one, "p", False, Path.cwd(), tmp_path / "parts/one.safetensors", options)
    limits: list[float] = []
    assert prepare_one(job, limits.append).crops == 2
    write_index([(job.part, "p", False)], tmp_path)
    row = load_index(tmp_path)[1]
    size = face_clip.stat().st_size
    assert (row["codec"], row["jpeg_quality"]) == ("h264", None)
    assert row["bits_per_pixel"] == pytest.approx(size * 8 / (320 * 240 * 48))
    assert compression_of(row).startswith("h264, ")
    assert limits == [120 + size / 4e6, 120 + size / 4e6 + 48]
