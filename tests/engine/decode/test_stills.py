"""Stills are clips of one frame: upright, opaque, sRGB, 8 bits, in whatever format they are stored."""

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from inspector.domain.clip import Frame
from inspector.engine.decode.decoder import Decoder, open_clip
from tests.clips import code_picture, make_clip, portrait, read_code


def corners() -> np.ndarray:
    """Red, green, blue and white quarters, uint8 (64, 96, 3)."""
    image = np.zeros((64, 96, 3), np.uint8)
    image[:32, :48], image[:32, 48:] = (200, 0, 0), (0, 200, 0)
    image[32:, :48], image[32:, 48:] = (0, 0, 200), (200, 200, 200)
    return image


def only_frame(path) -> Frame:
    clip = open_clip(path)
    assert clip.is_still
    assert (clip.declared_frames, clip.start_pts) == (1, 0)
    with Decoder(clip) as decoder:
        (frame,) = decoder.frames()
        assert decoder.index.pts.tolist() == [0]
        assert decoder.frame_at(10_000) is decoder.frame_at(0)
        assert list(decoder.frames(1)) == []
    assert (frame.index, frame.pts, frame.is_key, frame.is_corrupt) == (0, 0, True, False)
    assert frame.image.dtype == np.uint8
    assert frame.image.shape == (clip.height, clip.width, 3)
    return frame  # type: ignore[return-value]


@pytest.mark.parametrize("kind", ["png", "tiff", "bmp"])
def test_lossless_formats_are_decoded_exactly(tmp_path, kind) -> None:
    Image.fromarray(corners()).save(tmp_path / f"still.{kind}")
    assert np.array_equal(only_frame(tmp_path / f"still.{kind}").image, corners())


@pytest.mark.parametrize("kind", ["jpg", "webp", "heic", "avif"])
def test_lossy_formats_are_decoded_approximately(tmp_path, kind) -> None:
    pillow_heif.register_heif_opener()
    Image.fromarray(portrait()).save(tmp_path / f"still.{kind}", quality=92)
    difference = np.abs(only_frame(tmp_path / f"still.{kind}").image.astype(int) - portrait())
    assert difference.mean() < 4


def test_a_still_is_recognised_by_content_not_by_name(tmp_path) -> None:
    Image.fromarray(corners()).save(tmp_path / "still.png")
    (tmp_path / "still.png").rename(tmp_path / "still.mp4")
    assert np.array_equal(only_frame(tmp_path / "still.mp4").image, corners())
    says = "The name ends with .mp4, as that of a video, but the file holds a still picture (png)."
    assert open_clip(tmp_path / "still.mp4").remarks == (says,)


def test_a_video_with_the_name_of_a_still_says_so(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mp4", frames=3)
    before = open_clip(path).remarks
    path.rename(tmp_path / "clip.JPG")
    says = "The name ends with .jpg, as that of a still picture, but the file holds a video (h264)."
    assert open_clip(tmp_path / "clip.JPG").remarks == (*before, says)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_once(tmp_path, orientation) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(corners()).save(tmp_path / "phone.jpg", exif=exif, quality=95)
    upright = corners()
    if orientation in {2, 4, 5, 7}:
        upright = upright[:, ::-1]
    turns = {3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}.get(orientation, 0)  # counter-clockwise, as numpy turns
    upright = np.rot90(upright, turns)
    image = only_frame(tmp_path / "phone.jpg").image
    assert image.shape == upright.shape
    assert np.median(np.abs(image.astype(int) - upright)) < 8
    clip = open_clip(tmp_path / "phone.jpg")
    assert clip.rotation == -turns * 90 % 360
    assert ("Orientation", str(orientation)) in clip.metadata


def test_transparency_is_shown_on_white(tmp_path) -> None:
    alpha = np.full((64, 96, 1), 255, np.uint8)
    alpha[:, 48:] = 0
    Image.fromarray(np.concatenate([corners(), alpha], axis=2)).save(tmp_path / "cut.png")
    image = only_frame(tmp_path / "cut.png").image
    assert np.array_equal(image[:, :48], corners()[:, :48])
    assert (image[:, 48:] == 255).all()


def test_a_palette_with_a_transparent_entry(tmp_path) -> None:
    indexed = Image.fromarray(corners()).convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    indexed.save(tmp_path / "palette.png")
    assert np.abs(only_frame(tmp_path / "palette.png").image.astype(int) - corners()).max() <= 4
    indexed.save(tmp_path / "palette.png", transparency=indexed.getpixel((0, 0)))
    assert (only_frame(tmp_path / "palette.png").image[:32, :48] == 255).all()


def test_16_bit_grey_is_reduced_to_the_high_byte(tmp_path) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).repeat(4).reshape(8, 128)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    image = only_frame(tmp_path / "deep.png").image
    assert np.array_equal(image[..., 0], ramp >> 8)
    assert open_clip(tmp_path / "deep.png").bit_depth == 16


def test_cmyk_and_grey(tmp_path) -> None:
    Image.fromarray(corners()).convert("CMYK").save(tmp_path / "print.jpg", quality=95)
    assert np.median(np.abs(only_frame(tmp_path / "print.jpg").image.astype(int) - corners())) < 8
    grey = Image.fromarray(corners()).convert("L")
    grey.save(tmp_path / "grey.png")
    assert np.array_equal(only_frame(tmp_path / "grey.png").image[..., 1], np.asarray(grey))


def test_an_embedded_icc_profile_is_converted_to_srgb(tmp_path) -> None:
    linear = ImageCms.createProfile("XYZ")
    swapped = Image.fromarray(np.full((16, 16, 3), 128, np.uint8))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped.save(tmp_path / "same.png", icc_profile=profile)
    assert (only_frame(tmp_path / "same.png").image == 128).all()
    assert open_clip(tmp_path / "same.png").colour.primaries == "icc profile"
    swapped.save(tmp_path / "odd.png", icc_profile=ImageCms.ImageCmsProfile(linear).tobytes())
    assert only_frame(tmp_path / "odd.png").image.shape == (16, 16, 3), "a profile that does not fit is left aside"
    swapped.save(tmp_path / "broken.png", icc_profile=b"no profile at all")
    assert (only_frame(tmp_path / "broken.png").image == 128).all()


def test_an_animated_webp_is_a_clip(tmp_path) -> None:
    pictures = [Image.fromarray(code_picture(number)) for number in range(6)]
    durations = [40, 80, 40, 40, 100, 40]
    path = tmp_path / "moving.webp"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=durations, lossless=True)
    clip = open_clip(path)
    assert not clip.is_still
    assert clip.is_variable_rate
    assert (clip.declared_frames, clip.duration_pts) == (6, sum(durations))
    with Decoder(clip) as decoder:
        frames = list(decoder.frames())
        assert [read_code(frame.image) for frame in frames] == list(range(6))
        assert [frame.pts for frame in frames] == [0, 40, 120, 160, 200, 300]
        assert decoder.frame_at(199).index == 3
        assert [frame.index for frame in decoder.frames(120, 300)] == [2, 3, 4]


def test_pages_of_a_tiff_are_not_frames(tmp_path) -> None:
    pages = [Image.fromarray(code_picture(number)) for number in range(3)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    (tmp_path / "scan.tiff").write_bytes(buffer.getvalue())
    assert read_code(only_frame(tmp_path / "scan.tiff").image) == 0


@pytest.mark.shared
def test_shared_stills_open(shared_data) -> None:
    for path in sorted((shared_data / "stills" / "public").glob("*"))[:5]:
        assert only_frame(path).image.size
