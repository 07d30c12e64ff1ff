"""The thumbnail in a JPEG's EXIF data: alike, turned, with bars, of another picture, and damaged."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from inspector.engine.provenance.structure.read import read_structure
from inspector.engine.provenance.structure.thumbnail import NAME


def scene(seed: int) -> Image.Image:
    """A picture of smooth shapes, 600 x 400 px."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 9), dtype=np.uint8)
    return Image.fromarray(small).resize((600, 400), Image.Resampling.BICUBIC).convert("RGB")


def exif_with(thumbnail: bytes, length: int | None = None) -> bytes:
    """EXIF data that hold nothing but a thumbnail, in IFD1."""
    first = struct.pack("<HI", 0, 14)  # IFD0 without entries; the next one is at 14
    entry = struct.Struct("<HHII")
    at = 14 + 2 + 2 * 12 + 4
    second = struct.pack("<H", 2) + entry.pack(0x0201, 4, 1, at)
    second += entry.pack(0x0202, 4, 1, len(thumbnail) if length is None else length) + bytes(4)
    return b"Exif\0\0" + b"II*\0" + struct.pack("<I", 8) + first + second + thumbnail


def jpeg(picture: Image.Image, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, **options)
    return out.getvalue()


def described(path, picture: Image.Image, thumbnail: Image.Image | bytes, length: int | None = None):
    stored = thumbnail if isinstance(thumbnail, bytes) else jpeg(thumbnail)
    path.write_bytes(jpeg(picture, exif=exif_with(stored, length)))
    found = read_structure(path)
    return found, [tag.value for tag in found.tags if tag.name == NAME], [fact.rule for fact in found.facts]


def with_bars(picture: Image.Image) -> Image.Image:
    out = Image.new("RGB", (160, 120))
    out.paste(picture.resize((160, 107)), (0, 6))
    return out


@pytest.mark.parametrize("change", [lambda p: p.resize((160, 107)), with_bars, lambda p: p.resize((160, 107)).rotate(
    90, expand=True)])  # fmt: skip
def test_a_thumbnail_of_the_picture_is_described_and_no_observation(tmp_path, change) -> None:
    for seed in range(3):
        _, values, rules = described(tmp_path / "a.jpg", scene(seed), change(scene(seed)))
        assert len(values) == 1
        assert int(values[0].split(" px, ")[1].split()[0]) <= 8
        assert "other-thumbnail" not in rules


def test_a_thumbnail_of_another_picture_is_an_observation_with_its_causes(tmp_path) -> None:
    found, values, rules = described(tmp_path / "a.jpg", scene(1), scene(2).resize((160, 107)))
    assert values[0].startswith("160 x 107 px, ")
    assert "other-thumbnail" in rules
    (fact,) = [fact for fact in found.facts if fact.rule == "other-thumbnail"]
    assert "Programs that crop" in fact.causes


@pytest.mark.parametrize(("data", "length"), [(b"no JPEG", None), (b"", 10**9), (b"\xff\xd8\xff", None)])
def test_a_damaged_thumbnail_costs_nothing_else(tmp_path, data, length) -> None:
    found, values, rules = described(tmp_path / "a.jpg", scene(1), data, length)
    assert found.elements
    assert not values
    assert "other-thumbnail" not in rules


def test_a_picture_without_content_is_not_compared(tmp_path) -> None:
    black = Image.new("RGB", (64, 48))
    assert described(tmp_path / "a.jpg", black, scene(1).resize((160, 107)))[1] == []
