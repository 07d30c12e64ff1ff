"""Colour and geometry, compared with the formulas of the standards."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import Interpolation

from inspector.domain.clip import Frame
from inspector.engine.decode.colour import assume, declared_colour
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from inspector.engine.decode.picture_format import AspectReader
from inspector.engine.decode.video_properties import ASKEW, DOLBY_VISION
from tests.clips import make_clip, moving_portrait, read_code

# Kr and Kb of each matrix: ITU-R BT.601-7, BT.709-6, BT.2020-2.
MATRICES = {6: (0.299, 0.114), 1: (0.2126, 0.0722), 9: (0.2627, 0.0593)}


def flat_frame(levels, pix_fmt="yuv420p", size=(64, 48)) -> av.VideoFrame:
    """A frame of one colour, given as Y, Cb, Cr codes."""
    frame = av.VideoFrame(*size, pix_fmt)
    for plane, level in zip(frame.planes, levels, strict=True):
        dtype = np.uint16 if "10" in pix_fmt else np.uint8
        plane.update(np.full(plane.buffer_size // np.dtype(dtype).itemsize, level, dtype))  # type: ignore[arg-type]
    return frame


def to_rgb(levels, matrix, is_full, bits=8):
    """R'G'B' on 0..255 by the standard's formula."""
    y, u, v = (level / 2 ** (bits - 8) for level in levels)
    if is_full:
        y, u, v = y / 255, (u - 128) / 255, (v - 128) / 255
    else:
        y, u, v = (y - 16) / 219, (u - 128) / 224, (v - 128) / 224
    kr, kb = MATRICES[matrix]
    red, blue = y + 2 * (1 - kr) * v, y + 2 * (1 - kb) * u
    green = (y - kr * red - kb * blue) / (1 - kr - kb)
    return np.clip(np.array([red, green, blue]) * 255, 0, 255)


def first_frame(path) -> Frame:
    with Decoder(open_clip(path)) as decoder:
        return next(decoder.frames())  # type: ignore[return-value]


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv444p", "yuv420p10le"])
def test_matrix_range_and_depth_follow_the_standard(tmp_path, matrix, is_full, pix_fmt) -> None:
    bits = 10 if "10" in pix_fmt else 8
    levels = tuple(level << (bits - 8) for level in (120, 100, 165))
    path = make_clip(
        tmp_path / "flat.mkv",
        codec="ffv1",  # lossless, so that only our own rounding is left
        pix_fmt=pix_fmt,
        frames=1,
        matrix=matrix,
        color_range=2 if is_full else 1,
        primaries=1,
        transfer=1,
        raw=lambda _: flat_frame(levels, pix_fmt),
    )
    frame = first_frame(path)
    assert np.abs(frame.image[20, 30] - to_rgb(levels, matrix, is_full, bits)).max() <= 1
    assert (frame.image == frame.image[0, 0]).all()
    clip = open_clip(path)
    assert clip.colour.range == ("pc" if is_full else "tv")
    assert clip.colour.assumed == ()
    assert clip.bit_depth == bits


@pytest.mark.parametrize(("size", "matrix"), [((640, 480), 6), ((720, 576), 6), ((1280, 720), 1)])
def test_undeclared_colour_is_assumed_by_size_and_listed(tmp_path, size, matrix) -> None:
    levels = (120, 100, 165)
    path = make_clip(tmp_path / "plain.mp4", size=size, frames=1, raw=lambda _: flat_frame(levels, size=size))
    clip = open_clip(path)
    assert clip.colour.assumed == ("primaries", "transfer", "matrix", "range")
    assert clip.colour.matrix == {480: "smpte170m", 576: "bt470bg", 720: "bt709"}[size[1]]
    assert np.abs(first_frame(path).image[20, 30] - to_rgb(levels, matrix, is_full=False)).max() <= 2


def test_an_unsupported_matrix_is_listed_as_assumed() -> None:
    colour = assume(declared_colour(1, 1, 14, 1, "yuv420p"), 1920, 1080)
    assert colour.matrix == "bt709"
    assert colour.assumed == ("matrix",)


def _pq(nits: float) -> float:
    """SMPTE ST 2084: the signal, 0..1, of light in cd/m2."""
    light = (nits / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * light) / (1 + 18.6875 * light)) ** 78.84375


def _hlg(scene: float) -> float:
    """ITU-R BT.2100: the HLG signal of scene light, 0..1."""
    return float(np.sqrt(3 * scene) if scene <= 1 / 12 else 0.17883277 * np.log(12 * scene - 0.28466892) + 0.55991073)


def grey_levels(tmp_path, signals, transfer, primaries=9) -> list[int]:
    """The displayed grey of each non-linear signal, sent as 10-bit limited BT.2020."""
    codes = [round(64 + 876 * signal) for signal in signals]
    path = make_clip(
        tmp_path / f"hdr{transfer}.mkv",
        codec="ffv1",
        pix_fmt="yuv420p10le",
        frames=len(codes),
        matrix=9,
        color_range=1,
        primaries=primaries,
        transfer=transfer,
        raw=lambda number: flat_frame((codes[number], 512, 512), "yuv420p10le"),
    )
    clip = open_clip(path)
    assert clip.colour.tone_mapped is (transfer in {16, 18})
    with Decoder(clip) as decoder:
        pixels = [frame.image[10, 10].astype(int) for frame in decoder.frames()]
    assert all(pixel.max() - pixel.min() <= 1 for pixel in pixels), "grey stays grey"
    return [int(pixel[1]) for pixel in pixels]


def test_pq_is_tone_mapped_without_changing_the_levels_of_faces(tmp_path) -> None:
    nits = [0.5, 5, 20, 60, 85, 203, 500, 1000, 4000]
    levels = grey_levels(tmp_path, [_pq(value) for value in nits], transfer=16)
    for value, level in zip(nits[:5], levels, strict=False):
        assert level == pytest.approx(255 * (value / 203) ** (1 / 2.4), abs=2)
    assert levels == sorted(levels)
    assert levels[5] < levels[6] < levels[7] == 255, "highlights keep their gradation up to 1000 cd/m2"
    assert levels[8] == 255


def test_hlg_is_tone_mapped_with_its_system_gamma(tmp_path) -> None:
    scenes = [0.005, 0.02, 0.05, 0.1, 0.265, 0.6, 1.0]
    levels = grey_levels(tmp_path, [_hlg(value) for value in scenes], transfer=18)
    for value, level in zip(scenes[:3], levels, strict=False):
        assert level == pytest.approx(255 * (1000 * value**1.2 / 203) ** (1 / 2.4), abs=2)
    assert levels == sorted(set(levels))
    assert levels[-1] == 255


def test_wide_gamut_without_hdr_is_converted_to_bt709(tmp_path) -> None:
    assert grey_levels(tmp_path, [0.1, 0.5, 0.9], transfer=14) == pytest.approx([26, 128, 230], abs=1)
    # BT.709 red at 75 % in BT.2020 (ITU-R BT.2087) must come out as that red again.
    linear = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]) @ [0.75, 0, 0]
    red, green, blue = linear ** (1 / 2.4)
    luma = 0.2627 * red + 0.678 * green + 0.0593 * blue
    levels = (
        round(64 + 876 * luma),
        round(512 + 896 * (blue - luma) / 1.8814),
        round(512 + 896 * (red - luma) / 1.4746),
    )
    path = make_clip(
        tmp_path / "wide.mkv",
        codec="ffv1",
        pix_fmt="yuv444p10le",
        frames=1,
        matrix=9,
        primaries=9,
        transfer=14,
        color_range=1,
        raw=lambda _: flat_frame(levels, "yuv444p10le"),
    )
    shown = first_frame(path).image[10, 10].astype(float)
    assert shown == pytest.approx([255 * 0.75 ** (1 / 2.4), 0, 0], abs=12)
    assert not open_clip(path).colour.tone_mapped


def corners(_: int) -> np.ndarray:
    """Red, green, blue and white quarters, 96 x 64."""
    image = np.zeros((64, 96, 3), np.uint8)
    image[:32, :48], image[:32, 48:] = (200, 0, 0), (0, 200, 0)
    image[32:, :48], image[32:, 48:] = (0, 0, 200), (200, 200, 200)
    return image


@pytest.mark.parametrize(("profile", "compatible", "is_named"), [(5, 0, True), (8, 4, False)])
def test_colours_of_dolby_vision_alone_are_named(tmp_path, profile, compatible, is_named) -> None:
    """Its configuration (Dolby Vision Streams Within the ISO Base Media File Format, 2.2), in place of another box."""
    path = make_clip(tmp_path / "clip.mp4", codec="libx265", frames=3)
    data = path.read_bytes()
    at = data.index(b"btrt")  # 20 bytes
    size, box = data[at - 4 : at], b"dvcC" + bytes([1, 0, profile << 1, 5, compatible << 4])
    path.write_bytes(data[: at - 4] + size + box.ljust(16, b"\0") + data[at + 16 :])
    assert (DOLBY_VISION in open_clip(path).remarks) == is_named


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_rotation_and_mirroring_are_applied_once(tmp_path, rotation, mirrored) -> None:
    path = make_clip(tmp_path / "turned.mp4", frames=2, rotation=rotation, mirrored=mirrored, picture=corners)
    clip, image = open_clip(path), first_frame(path).image
    expected = np.rot90(corners(0), -rotation // 90)
    # FFmpeg mirrors the turned picture for hflip; the same look is a mirrored one that is turned.
    expected = expected[:, ::-1] if mirrored else expected
    assert (clip.width, clip.height) == (expected.shape[1], expected.shape[0])
    assert image.shape == expected.shape
    middle = np.abs(image.astype(int) - expected)[8:-8:8, 8:-8:8]
    assert np.median(middle) < 12
    if not mirrored:
        assert clip.rotation == rotation


@pytest.mark.parametrize(("aspect", "size"), [("4/3", (128, 64)), ("8/9", (96, 72)), ("1000", (96, 64))])
def test_pixels_become_square_by_stretching(tmp_path, aspect, size) -> None:
    clip = open_clip(make_clip(tmp_path / "tv.mp4", sample_aspect=Fraction(aspect), frames=5))
    assert (clip.width, clip.height) == size
    assert (clip.coded_width, clip.coded_height) == (96, 64)
    with Decoder(clip) as decoder:
        frames = list(decoder.frames())
    assert [read_code(frame.image) for frame in frames] == list(range(5))
    assert {frame.image.shape for frame in frames} == {(size[1], size[0], 3)}


@pytest.mark.parametrize(("asked", "shown"), [(20, 0), (80, 90), (-100, 270)])
def test_an_angle_that_is_no_quarter_turn_is_named(tmp_path, asked, shown) -> None:
    clip = open_clip(make_clip(tmp_path / "askew.mp4", frames=2, rotation=asked))
    assert (clip.rotation, clip.remarks) == (shown, (ASKEW,))
    straight = open_clip(make_clip(tmp_path / "straight.mp4", frames=2, rotation=90, mirrored=True))
    assert not straight.remarks


def test_a_rotated_clip_with_wide_pixels(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "both.mp4", sample_aspect=Fraction(4, 3), rotation=90, frames=2))
    assert (clip.width, clip.height, clip.rotation, clip.sample_aspect) == (64, 128, 90, Fraction(4, 3))
    with Decoder(clip) as decoder:
        assert next(decoder.frames()).image.shape == (128, 64, 3)


def combed(number: int) -> np.ndarray:
    """Two fields of a bar that moves to the right, interlaced in one picture."""
    image = np.full((96, 96, 3), 40, np.uint8)
    for field in (0, 1):
        left = 10 + 8 * number + 4 * field
        image[field::2, left : left + 12] = 220
    return image


def combing(image: np.ndarray) -> float:
    """Mean step between neighbouring rows, grey levels; high where fields of different times are interlaced."""
    return float(np.abs(np.diff(image[..., 1].astype(int), axis=0)).mean())


@pytest.mark.parametrize("kind", ["clip.mp4", "clip.ts"])
def test_interlaced_frames_are_deinterlaced_one_for_one(tmp_path, kind) -> None:
    codec = "libx264" if kind == "clip.mp4" else "mpeg2video"
    path = make_clip(tmp_path / kind, codec=codec, interlaced=True, size=(96, 96), frames=8, picture=combed)
    clip = open_clip(path)
    assert clip.is_interlaced
    with Decoder(clip) as decoder:
        frames = list(decoder.frames())
        assert [frame.pts for frame in frames] == decoder.index.pts.tolist()
    assert len(frames) == 8
    assert combing(combed(3)) > 14
    assert combing(frames[3].image) < 0.5 * combing(combed(3))
    bar = [int(np.flatnonzero(frame.image[48, :, 1] > 130)[0]) for frame in frames]
    assert np.diff(bar).tolist() == pytest.approx([8] * 7, abs=2)


@pytest.mark.parametrize("aspect", [Fraction(1), Fraction(16, 11), Fraction(1, 8), Fraction(8)])
@pytest.mark.parametrize("size", [(160, 120), (32, 16)])
def test_the_ratio_that_a_picture_declares_is_read(tmp_path: Path, aspect: Fraction, size: tuple[int, int]):
    path = make_clip(tmp_path / "a.mp4", codec="libx264", size=size, frames=1, sample_aspect=aspect)
    with av.open(str(path)) as media:
        assert AspectReader().read(next(media.decode(video=0))) == aspect


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv411p", "nv12", "gbrp12le", "pal8", "monow", "yuyv422"])
@pytest.mark.parametrize("size", [(3, 5), (17, 200), (640, 1)])
def test_a_picture_of_any_format_and_size_can_be_asked(pix_fmt: str, size: tuple[int, int]):
    frame = av.VideoFrame(*size, pix_fmt)
    frame.time_base, frame.pts = Fraction(1, 25), 0
    graph = AspectReader._make(frame)  # `read` takes a graph that fails for a picture that declares nothing
    graph.vpush(frame)
    assert graph.vpull().width == 1 << 14


def test_the_documented_conversion_gives_the_frame_sha256_without_this_program(tmp_path: Path) -> None:
    """docs/method.md names it, so that another examiner can compare a frame with a report."""
    path = make_clip(tmp_path / "a.mp4", picture=moving_portrait((320, 240)), frames=2, size=(320, 240))
    flags = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.BITEXACT | Interpolation.FULL_CHR_H_INT
    with av.open(path) as container:
        frame = next(container.decode(video=0))
    converted = frame.reformat(
        format="rgb24", src_colorspace="ITU601", dst_colorspace="ITU601", src_color_range="MPEG",
        dst_color_range="JPEG", interpolation=int(flags),
    )  # fmt: skip
    expected = frame_sha256(first_frame(path).image)
    assert frame_sha256(np.asarray(converted.to_ndarray(), np.uint8)) == expected
    assert frame_sha256(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)) != expected, "PyAV's own choice"
