"""The cover picture of a clip against its frames, and the thumbnail of a HEIC file against its picture."""

import re
from fractions import Fraction

import av
import numpy as np
import pillow_heif
import pytest
from av.stream import Disposition
from PIL import Image

from inspector.engine.provenance.structure import cover
from inspector.engine.provenance.structure.read import read_structure
from inspector.engine.provenance.structure.thumbnail import NAME as THUMBNAIL
from tests.engine.provenance.structure.test_thumbnail import jpeg, scene


def clip_with(path, covers: list[Image.Image | bytes], seeds=(1, 2)) -> None:
    """A clip of 15 frames of each scene, 96 x 64 px, a key frame at each scene, with covers in front of it."""
    with av.open(str(path), "w") as out:
        attached = []
        for _ in covers:
            stream = out.add_stream("mjpeg", rate=1)
            stream.width, stream.height, stream.pix_fmt = 64, 64, "yuvj420p"
            stream.disposition = Disposition.attached_pic
            attached.append(stream)
        video = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "g": "15"})
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        for stream, picture in zip(attached, covers, strict=True):
            packet = av.Packet(picture if isinstance(picture, bytes) else jpeg(picture))
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 25)
            out.mux(packet)
        for seed in seeds:
            image = np.asarray(scene(seed).resize((96, 64)))
            for _ in range(15):
                out.mux(video.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(video.encode(None))


def described(path):
    found = read_structure(path)
    return (
        [tag.value for tag in found.tags if tag.name in (cover.NAME, THUMBNAIL)],
        {fact.rule: fact for fact in found.facts},
        found.problems,
    )


def with_bars(picture: Image.Image) -> Image.Image:
    out = Image.new("RGB", (96, 96))
    out.paste(picture.resize((96, 64)), (0, 16))
    return out


def square(picture: Image.Image) -> Image.Image:
    return picture.crop((100, 0, 500, 400))


@pytest.mark.parametrize("change", [lambda p: p.resize((150, 100)), with_bars, square])
def test_a_cover_of_the_clip_is_described_and_no_observation(tmp_path, change) -> None:
    clip_with(tmp_path / "a.mp4", [change(scene(2))])
    values, facts, problems = described(tmp_path / "a.mp4")
    assert len(values) == 1
    assert int(values[0].split(" px, ")[1].split()[0]) <= 8
    assert "other-cover" not in facts
    assert not problems


def test_a_cover_of_something_else_is_an_observation_with_its_causes(tmp_path) -> None:
    clip_with(tmp_path / "a.mp4", [scene(3).resize((150, 100))])
    values, facts, _ = described(tmp_path / "a.mp4")
    assert values[0].startswith("150 x 100 px, ")
    assert "made for the purpose" in facts["other-cover"].causes


def test_each_of_several_covers_is_described(tmp_path) -> None:
    clip_with(tmp_path / "a.mp4", [scene(1).resize((150, 100)), scene(3).resize((120, 80))])
    values, facts, _ = described(tmp_path / "a.mp4")
    assert [value.split(" px")[0] for value in values] == ["150 x 100", "120 x 80"]
    assert "120 x 80" in facts["other-cover"].sentence


@pytest.mark.parametrize("data", [b"\xff\xd8\xff", b"no JPEG"])
def test_a_damaged_cover_costs_nothing_else(tmp_path, data) -> None:
    clip_with(tmp_path / "a.mp4", [data])
    values, facts, _ = described(tmp_path / "a.mp4")
    assert not values
    assert "other-cover" not in facts


def test_a_black_cover_and_a_clip_without_one_say_nothing(tmp_path) -> None:
    clip_with(tmp_path / "a.mp4", [Image.new("RGB", (64, 64))])
    clip_with(tmp_path / "b.mp4", [])
    for name in "ab":
        assert described(tmp_path / f"{name}.mp4")[0] == []


def heic_with_two(path, pictures: list[Image.Image]) -> None:
    """A HEIC file of two pictures with a thumbnail each; the first is the primary one."""
    file = pillow_heif.HeifFile()
    for picture in pictures:
        file.add_from_pillow(picture)
    for image in file:
        image.info["thumbnails"] = [128]
    file.save(str(path), quality=80, save_all=True, primary_index=0)


def test_the_thumbnail_of_a_heic_file_is_compared_with_its_picture(tmp_path) -> None:
    path = tmp_path / "a.heic"
    heic_with_two(path, [scene(1), scene(2)])
    values, facts, problems = described(path)
    assert int(values[0].split(" px, ")[1].split()[0]) <= 8
    assert "other-thumbnail" not in facts
    # The references exchange their targets: each picture has the thumbnail of the other.
    data = path.read_bytes()
    one, other = (found.span(1) for found in re.finditer(rb"thmb....(..)", data, re.DOTALL))
    assert data[slice(*one)] != data[slice(*other)]
    swapped = bytearray(data)
    swapped[slice(*one)], swapped[slice(*other)] = data[slice(*other)], data[slice(*one)]
    path.write_bytes(swapped)
    values, facts, problems = described(path)
    assert "other-thumbnail" in facts
    assert values[0].startswith("128 x ")
    assert not problems


def test_a_damaged_thumbnail_of_a_heic_file_is_named(tmp_path) -> None:
    path = tmp_path / "a.heic"
    heic_with_two(path, [scene(1), scene(2)])
    path.write_bytes(path.read_bytes()[:-2000])
    found = read_structure(path)
    assert found.elements
    assert "other-thumbnail" not in [fact.rule for fact in found.facts]
