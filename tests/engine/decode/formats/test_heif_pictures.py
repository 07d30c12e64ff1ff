"""HEIF and AVIF files by their items: which library reads them, what is cropped, and what none reads."""

import io
import struct
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from inspector.domain.clip import Clip, Frame
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, open_clip
from tests.boxes import box, coded_item, full_box, make_heif
from tests.clips import code_picture, make_clip, read_code

pillow_heif.register_heif_opener()
SIZE = full_box(b"ispe", struct.pack(">2I", 96, 64))
# 48 x 32 of 96 x 64 pixels, whose centre lies 12 to the left of the picture's and 8 below it.
APERTURE = box(b"clap", struct.pack(">4IiIiI", 48, 1, 32, 1, -12, 1, 8, 1))


def coded(kind: str) -> tuple[bytes, bytes, bytes]:
    buffer = io.BytesIO()
    Image.fromarray(code_picture(0x1234)).save(buffer, kind, quality=95)
    return coded_item(buffer.getvalue())


def opened(path: Path) -> tuple[Clip, np.ndarray]:
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        (frame,) = decoder.frames()
    assert isinstance(frame, Frame)
    return clip, frame.image


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirror", [None, 0, 1])
def test_a_clean_aperture_is_applied_to_avif_as_to_heic(tmp_path, turns, mirror) -> None:
    """libheif crops and turns by itself; libavif leaves both to its caller."""
    turned = [box(b"irot", bytes([turns]))] + ([] if mirror is None else [box(b"imir", bytes([mirror]))])
    shown = {}
    for name, brand in (("heif", b"heic"), ("avif", b"avif")):
        kind, content, configuration = coded(name)
        path = tmp_path / f"clip.{name}"
        path.write_bytes(make_heif({kind: content}, [SIZE, configuration, APERTURE, *turned], brand=brand))
        clip, shown[name] = opened(path)
        assert (clip.crop, clip.coded_width, clip.coded_height) == ((12, 24, 36, 8), 96, 64)
        assert (clip.height, clip.width) == shown[name].shape[:2] == ((48, 32) if turns % 2 else (32, 48))
    assert np.abs(shown["avif"].astype(int) - shown["heif"]).mean() < 4


def test_a_wide_gamut_avif_is_cropped_too(tmp_path) -> None:
    kind, content, configuration = coded("avif")
    hdr = box(b"colr", b"nclx" + struct.pack(">3HB", 9, 16, 9, 128))
    (tmp_path / "hdr.avif").write_bytes(make_heif({kind: content}, [SIZE, configuration, hdr, APERTURE], brand=b"avif"))
    assert opened(tmp_path / "hdr.avif")[1].shape == (32, 48, 3)


@pytest.mark.parametrize("brand", [b"mif1", b"heic", b"miaf", b"msf1", b"avis"])
@pytest.mark.parametrize("kind", ["heif", "avif"])
def test_the_items_and_not_the_brand_tell_which_library_reads_a_file(tmp_path, brand, kind) -> None:
    item, content, configuration = coded(kind)
    (tmp_path / "image").write_bytes(make_heif({item: content}, [SIZE, configuration], brand=brand))
    clip, image = opened(tmp_path / "image")
    assert (clip.container, clip.is_still, read_code(image)) == (kind, True, 0x1234)


@pytest.mark.parametrize("brand", [b"mif1", b"avci", b"jpeg", b"vvic"])
@pytest.mark.parametrize("codec", [b"avc1", b"jpeg", b"vvc1", b"j2k1"])
def test_a_picture_that_no_library_decodes_is_not_called_damaged(tmp_path, brand, codec) -> None:
    (tmp_path / "image.heif").write_bytes(make_heif({codec: bytes(64)}, [SIZE], brand=brand))
    with pytest.raises(
        ClipError, match=rf"image\.heif is a HEIF file whose picture is coded as {codec.decode()}, which"
    ):
        open_clip(tmp_path / "image.heif")


@pytest.mark.parametrize("derived", [b"iden", b"iovl"])
def test_derived_images_are_shown_or_named(tmp_path, derived) -> None:
    layout = b"" if derived == b"iden" else struct.pack(">2B4H2I2i", 0, 1, 0, 0, 0, 0xFFFF, 96, 64, 0, 0)
    for name, brand in (("heif", b"heic"), ("avif", b"avif")):
        kind, content, configuration = coded(name)
        made = make_heif({kind: content, derived: layout}, [SIZE, configuration], brand=brand, parts=(1,))
        (tmp_path / f"made.{name}").write_bytes(made)
    assert read_code(opened(tmp_path / "made.heif")[1]) == 0x1234
    with pytest.raises(ClipError, match=rf"coded as {derived.decode()} of av01, which none of the program's libraries"):
        open_clip(tmp_path / "made.avif")


def test_a_video_with_a_box_of_tags_at_its_top_is_a_video(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mp4", frames=3)
    tags = full_box(b"meta", full_box(b"hdlr", bytes(4) + b"mdir" + bytes(13)))
    path.write_bytes(path.read_bytes() + tags)
    assert not open_clip(path).is_still
