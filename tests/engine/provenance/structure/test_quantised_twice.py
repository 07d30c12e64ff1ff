"""A picture that was saved as JPEG before with another quality, and pictures of which nothing may be said."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.engine.provenance.structure.quantised_twice import THRESHOLD, look_for_requantising
from inspector.engine.provenance.structure.read import read_structure
from tests.clips import portrait


@pytest.fixture(scope="module")
def scene() -> Image.Image:
    noise = np.random.default_rng(0).normal(0, 1.5, (512, 512, 3))
    return Image.fromarray(np.clip(portrait() + noise, 0, 255).astype(np.uint8))


def jpeg(picture: Image.Image, quality: int, **options: object) -> bytes:
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality, **options)
    return data.getvalue()


def again(picture: Image.Image, first: int, second: int) -> bytes:
    return jpeg(Image.open(io.BytesIO(jpeg(picture, first))), second)


def score(path: Path, data: bytes) -> float:
    path.write_bytes(data)
    found = look_for_requantising(path)
    assert found is not None
    return found.score


@pytest.mark.parametrize(("first", "second"), [(70, 90), (80, 92), (60, 75)])
def test_a_second_quality_is_found(scene: Image.Image, tmp_path: Path, first: int, second: int):
    assert score(tmp_path / "a.jpg", again(scene, first, second)) > THRESHOLD


@pytest.mark.parametrize("quality", [60, 75, 85, 92, 98])
def test_one_quality_is_not(scene: Image.Image, tmp_path: Path, quality: int):
    assert score(tmp_path / "a.jpg", jpeg(scene, quality)) < THRESHOLD
    assert score(tmp_path / "b.jpg", jpeg(scene.convert("L"), quality)) < THRESHOLD
    # The same quality again leaves no pattern.
    assert score(tmp_path / "c.jpg", again(scene, quality, quality)) < THRESHOLD


def test_the_first_steps_are_those_of_the_first_file(scene: Image.Image, tmp_path: Path):
    path = tmp_path / "a.jpg"
    path.write_bytes(again(scene, 70, 90))
    found = look_for_requantising(path)
    assert found is not None
    table = np.array(Image.open(io.BytesIO(jpeg(scene, 70))).quantization[0]).reshape(8, 8)  # type: ignore[attr-defined]
    expected = [int(table[at]) for at in ((0, 1), (1, 0), (1, 1))]
    assert list(found.former[:3]) == expected


def test_it_becomes_a_fact_with_its_causes(scene: Image.Image, tmp_path: Path):
    path = tmp_path / "a.jpg"
    path.write_bytes(again(scene, 70, 90))
    facts = {fact.rule: fact for fact in read_structure(path).facts}
    assert "saved as JPEG before" in facts["saved-as-jpeg-before"].sentence
    path.write_bytes(jpeg(scene, 90))
    assert "saved-as-jpeg-before" not in {fact.rule for fact in read_structure(path).facts}


def test_nothing_is_said_of_small_flat_or_damaged_pictures(scene: Image.Image, tmp_path: Path):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(scene.resize((96, 96)), 80))
    assert look_for_requantising(path) is None
    path.write_bytes(jpeg(scene, 80)[:4000])
    assert look_for_requantising(path) is None
    path.write_bytes(b"\xff\xd8\xff\xe0nothing")
    assert look_for_requantising(path) is None
    assert score(path, again(Image.new("RGB", (512, 512), "grey"), 60, 90)) == 0.0
