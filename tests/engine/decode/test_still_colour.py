"""The colours of stills in every mode that carries them, compared with lcms (Pillow's ImageCms) and the standards."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from inspector.domain.clip import Clip, Frame
from inspector.engine.decode.decoder import Decoder, open_clip
from tests.clips import make_clip, ordinary_priority

Pixels = np.ndarray


def quarters() -> Pixels:
    """Four colours, of which three are changed by a wide profile; uint8 (64, 96, 3)."""
    image = np.zeros((64, 96, 3), np.uint8)
    image[:32, :48], image[:32, 48:] = (60, 220, 60), (200, 90, 40)
    image[32:, :48], image[32:, 48:] = (20, 30, 200), (128, 128, 128)
    return image


def wide_profile() -> bytes:
    """An ICC matrix profile (ICC.1:2010) with the primaries of Display P3 and a gamma of 2.2."""
    xyz = {b"rXYZ": (0.5151, 0.2412, -0.0011), b"gXYZ": (0.2920, 0.6922, 0.0419), b"bXYZ": (0.1571, 0.0666, 0.7841),
           b"wtpt": (0.9642, 1.0, 0.8249)}  # fmt: skip
    tags = [(name, b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values)))
            for name, values in xyz.items()]  # fmt: skip
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    return _profile(b"RGB ", tags)


def grey_profile() -> bytes:
    """An ICC profile of grey with a gamma of 1.0."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    return _profile(b"GRAY", [(b"wtpt", white), (b"kTRC", b"curv\0\0\0\0" + struct.pack(">I", 0))])


def _profile(space: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    table, data, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags:
        table += name + struct.pack(">II", at + len(data), len(content))
        data += content + b"\0" * (-len(content) % 4)
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"\0\0\0\0", 0x02400000, b"mntr", space, b"XYZ ")
    head = head.ljust(36, b"\0") + b"acsp"
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def by_lcms(image: Pixels | Image.Image, profile: bytes) -> Pixels:
    picture = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    shown = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert shown is not None
    return np.asarray(shown)


def opened(path: Path, stream: int | None = None) -> tuple[Clip, Pixels]:
    clip = open_clip(path, stream=stream)
    with Decoder(clip) as decoder:
        frame = next(iter(decoder.frames()))
    assert isinstance(frame, Frame)
    return clip, frame.image.astype(int)


def assert_near(shown: Pixels, expected: Pixels, tolerance: int = 2) -> None:
    """Equal in the middle of each quarter, away from what a lossy codec does at edges."""
    assert shown.shape == expected.shape
    for y in (8, 56):
        for x in (12, 84):
            assert np.abs(shown[y, x] - expected[y, x].astype(int)).max() <= tolerance, (y, x)


def with_alpha() -> Image.Image:
    """The quarters, the right half of them transparent."""
    alpha = np.full((64, 96), 255, np.uint8)
    alpha[:, 48:] = 0
    image = Image.fromarray(quarters()).convert("RGBA")
    image.putalpha(Image.fromarray(alpha))
    return image


@pytest.mark.parametrize("kind", ["png", "webp", "tif"])
def test_a_profile_is_applied_with_alpha_as_without(tmp_path, kind) -> None:
    profile = wide_profile()
    expected = by_lcms(quarters(), profile)
    assert np.abs(expected.astype(int) - quarters())[0, 0].max() > 40, "the profile changes the colours"
    options: dict[str, Any] = {"lossless": True} if kind == "webp" else {}
    Image.fromarray(quarters()).save(tmp_path / f"plain.{kind}", icc_profile=profile, **options)
    with_alpha().save(tmp_path / f"cut.{kind}", icc_profile=profile, **options)
    assert_near(opened(tmp_path / f"plain.{kind}")[1], expected)
    white = expected.copy()
    white[:, 48:] = 255
    clip, shown = opened(tmp_path / f"cut.{kind}")
    assert_near(shown, white)
    assert clip.colour.primaries == "icc profile"


def test_a_palette_with_a_profile(tmp_path) -> None:
    indexed = Image.fromarray(quarters()).convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    expected = by_lcms(quarters(), wide_profile())
    indexed.save(tmp_path / "palette.png", icc_profile=wide_profile())
    assert_near(opened(tmp_path / "palette.png")[1], expected)
    indexed.save(tmp_path / "cut.png", icc_profile=wide_profile(), transparency=indexed.getpixel((0, 0)))
    white = expected.copy()
    white[:32, :48] = 255
    assert_near(opened(tmp_path / "cut.png")[1], white)


def test_grey_with_alpha_or_16_bits_and_a_profile(tmp_path) -> None:
    grey = quarters()[..., 1]
    expected = by_lcms(grey, grey_profile())
    assert abs(int(expected[0, 80, 0]) - 90) > 40
    Image.merge("LA", (Image.fromarray(grey), Image.new("L", (96, 64), 255))).save(
        tmp_path / "la.png", icc_profile=grey_profile()
    )
    assert_near(opened(tmp_path / "la.png")[1], expected)
    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "deep.png", icc_profile=grey_profile())
    clip, shown = opened(tmp_path / "deep.png")
    assert_near(shown, expected)
    assert clip.bit_depth == 16


def test_a_grey_picture_with_a_profile_for_rgb(tmp_path) -> None:
    grey = Image.fromarray(quarters()[..., 1])
    grey.save(tmp_path / "grey.png", icc_profile=wide_profile())
    assert_near(opened(tmp_path / "grey.png")[1], by_lcms(grey.convert("RGB"), wide_profile()))


def test_a_profile_that_does_not_fit_is_named(tmp_path) -> None:
    Image.fromarray(quarters()).save(tmp_path / "odd.png", icc_profile=grey_profile())
    clip, shown = opened(tmp_path / "odd.png")
    assert_near(shown, quarters(), 0)
    (remark,) = clip.remarks
    assert (
        "colour profile (ICC) cannot be applied to this picture (it describes GRAY values, and these are RGB)" in remark
    )
    assert clip.colour.assumed == ("primaries", "transfer")


@pytest.mark.parametrize("kind", ["png", "tif"])
def test_16_bits_of_rgb_and_alpha(tmp_path, kind) -> None:
    deep = quarters().astype(np.uint16) * 257
    cv2.imwrite(str(tmp_path / f"deep.{kind}"), deep[..., ::-1])
    clip, shown = opened(tmp_path / f"deep.{kind}")
    assert_near(shown, quarters(), 0)
    assert clip.bit_depth == 16
    alpha = np.asarray(with_alpha().getchannel("A")).astype(np.uint16) * 257
    cv2.imwrite(str(tmp_path / f"cut.{kind}"), np.dstack([deep[..., ::-1], alpha]))
    assert (opened(tmp_path / f"cut.{kind}")[1][:, 48:] == 255).all()


def test_16_bit_grey_with_a_transparent_value(tmp_path) -> None:
    grey = quarters()[..., 1].astype(np.uint16) * 257
    Image.fromarray(grey).save(tmp_path / "key.png", transparency=int(grey[0, 0]))
    shown = opened(tmp_path / "key.png")[1]
    assert (shown[:32, :48] == 255).all()
    assert (shown[:32, 48:] == 90).all()


def test_deep_grey_tiff_that_is_inverted(tmp_path) -> None:
    grey = quarters()[..., 1].astype(np.uint16) * 257
    Image.fromarray(65535 - grey).save(tmp_path / "negative.tif")
    data = (tmp_path / "negative.tif").read_bytes()
    is_black_zero, is_white_zero = (struct.pack("<HHII", 262, 3, 1, value) for value in (1, 0))
    assert is_black_zero in data
    (tmp_path / "negative.tif").write_bytes(data.replace(is_black_zero, is_white_zero))
    assert_near(opened(tmp_path / "negative.tif")[1], np.repeat(quarters()[..., 1:2], 3, axis=2), 1)


def test_lab_is_converted(tmp_path) -> None:
    forward = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    image = ImageCms.applyTransform(Image.fromarray(np.full((64, 96, 3), (150, 120, 100), np.uint8)), forward)
    assert image is not None
    image.save(tmp_path / "lab.tif")
    assert np.abs(opened(tmp_path / "lab.tif")[1][8, 8] - (150, 120, 100)).max() <= 3


def test_cmyk_jpeg_with_an_adobe_marker(tmp_path) -> None:
    image = Image.fromarray(quarters()).convert("CMYK")
    image.save(tmp_path / "print.jpg", quality=98, subsampling=0)
    assert b"Adobe" in (tmp_path / "print.jpg").read_bytes()
    assert_near(opened(tmp_path / "print.jpg")[1], np.asarray(image.convert("RGB")), 3)


def cmyk_profile() -> bytes:
    """An ICC profile of a press (ICC.1:2010, 10.9: lut8Type): inks that absorb less than ideal ones."""
    corners = np.array(list(np.ndindex(2, 2, 2, 2)), float)
    cyan, magenta, yellow, black = corners.T
    light = 100 * (1 - 0.45 * cyan) * (1 - 0.5 * magenta) * (1 - 0.1 * yellow) * (1 - 0.85 * black)
    red_green, yellow_blue = 70 * magenta - 35 * cyan, 85 * yellow - 45 * cyan
    table = np.stack([light * 2.55, (red_green * (1 - black) + 128), (yellow_blue * (1 - black) + 128)], axis=1)
    same = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 if at % 4 == 0 else 0 for at in range(9)))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + same * 4
    lut += np.clip(table.round(), 0, 255).astype(np.uint8).tobytes() + same * 3
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    profile = bytearray(_profile(b"CMYK", [(b"A2B0", lut), (b"wtpt", white)]))
    profile[12:16], profile[20:24] = b"prtr", b"Lab "
    return bytes(profile)


@pytest.mark.parametrize("kind", ["jpg", "tif"])
def test_cmyk_with_a_profile_is_converted_by_it(tmp_path, kind) -> None:
    image, profile = Image.fromarray(quarters()).convert("CMYK"), cmyk_profile()
    options: dict[str, Any] = {"quality": 98, "subsampling": 0} if kind == "jpg" else {}
    image.save(tmp_path / f"print.{kind}", icc_profile=profile, **options)
    expected = by_lcms(image, profile)
    assert np.abs(expected.astype(int) - np.asarray(image.convert("RGB"))).max() > 30, "the profile changes the colours"
    clip, shown = opened(tmp_path / f"print.{kind}")
    assert_near(shown, expected, 6)
    assert clip.colour.primaries == "icc profile"


# --- CICP -----------------------------------------------------------------------------------------------------------


def pq_frame(codes: tuple[int, int, int], size=(96, 64)) -> av.VideoFrame:
    frame = av.VideoFrame(*size, "yuv420p10le")
    for plane, level in zip(frame.planes, codes, strict=True):
        plane.update(np.full(plane.buffer_size // 2, level, np.uint16))  # type: ignore[arg-type]
    return frame


@pytest.fixture
def pq_clip(tmp_path):
    """A clip of one PQ colour, BT.2020, 10 bit; the picture that it is shown as."""
    path = make_clip(
        tmp_path / "pq.mkv", codec="libsvtav1", pix_fmt="yuv420p10le", frames=3, matrix=9, primaries=9, transfer=16,
        color_range=1, raw=lambda _: pq_frame((520, 480, 560)),
    )  # fmt: skip
    return opened(path)[1]


@ordinary_priority()
def test_an_hdr_avif_is_tone_mapped_as_a_clip_is(tmp_path, pq_clip) -> None:
    path = tmp_path / "pq.avif"
    with av.open(str(path), "w", format="avif") as container:
        stream = container.add_stream("libsvtav1", rate=1, options={"preset": "12", "crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace, context.color_range = 9, 16, 9, 1
        frame = pq_frame((520, 480, 560))
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    clip, shown = opened(path)
    assert clip.is_still
    assert clip.colour.tone_mapped
    assert (clip.colour.primaries, clip.colour.transfer, clip.colour.assumed) == ("bt2020", "smpte2084", ())
    assert np.abs(shown[30, 40] - pq_clip[30, 40]).max() <= 2
    assert clip.bit_depth == 10


def test_an_hdr_heic_is_tone_mapped_as_a_clip_is(tmp_path, pq_clip) -> None:
    codes = np.full((64, 96, 3), (40000, 36000, 30000), np.uint16)
    image = pillow_heif.from_bytes("RGB;16", (96, 64), codes.tobytes())
    image.save(
        str(tmp_path / "pq.heic"), quality=100, chroma=444, color_primaries=9, transfer_characteristics=16,
        matrix_coefficients=9, full_range_flag=1,
    )  # fmt: skip
    clip, shown = opened(tmp_path / "pq.heic")
    assert clip.colour.tone_mapped
    assert clip.colour.transfer == "smpte2084"
    png = pq_png(tmp_path / "same.png", codes)
    assert np.abs(shown[30, 40] - opened(png)[1][30, 40]).max() <= 2


def pq_png(path: Path, codes: Pixels) -> Path:
    """A 16-bit PNG with a cICP chunk: BT.2020, PQ, full range."""
    data = cv2.imencode(".png", codes[..., ::-1])[1].tobytes()
    chunk = b"cICP" + bytes((9, 16, 0, 1))
    at = 8 + 25  # behind the signature and IHDR
    path.write_bytes(data[:at] + struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[at:])
    return path


def test_an_hdr_png_is_tone_mapped_by_the_formula(tmp_path) -> None:
    clip, shown = opened(pq_png(tmp_path / "pq.png", np.full((64, 96, 3), 25000, np.uint16)))
    assert clip.colour.tone_mapped
    signal = 25000 / 65535  # ST 2084, then 203 cd/m2 as white and a gamma of 2.4
    root = signal ** (1 / 78.84375)
    nits = 10000 * (max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
    assert abs(shown[30, 40, 0] - 255 * (nits / 203) ** (1 / 2.4)) <= 2


SRGB_POINTS = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
P3_POINTS = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def chunk(kind: bytes, *values: int) -> bytes:
    content = struct.pack(f">{len(values)}I", *values) if len(values) != 1 or values[0] else b"\0"
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize(
    ("mode", "stored", "chunks", "right"),
    [
        ("RGB", (128, 128, 128), [chunk(b"gAMA", 100_000)], (188, 188, 188)),
        ("L", 128, [chunk(b"gAMA", 100_000)], (188, 188, 188)),
        ("RGBA", (128, 128, 128, 0), [chunk(b"gAMA", 100_000)], (255, 255, 255)),
        ("RGB", (60, 220, 60), [chunk(b"gAMA", 45_455), chunk(b"cHRM", *P3_POINTS)], (0, 225, 0)),
        ("RGB", (60, 220, 60), [chunk(b"gAMA", 45_455), chunk(b"cHRM", *SRGB_POINTS)], (60, 220, 60)),
        ("RGB", (60, 220, 60), [chunk(b"cHRM", *P3_POINTS)], (60, 220, 60)),
        ("RGB", (60, 220, 60), [chunk(b"gAMA", 100_000), chunk(b"sRGB", 0)], (60, 220, 60)),
        ("RGB", (60, 220, 60), [chunk(b"gAMA", 50_994), chunk(b"cHRM", *SRGB_POINTS)], (60, 220, 60)),
        ("RGB", (60, 220, 60), [chunk(b"cICP", 0x01010001), chunk(b"gAMA", 51_000)], (60, 220, 60)),
        ("RGB", (60, 220, 60), [chunk(b"gAMA", 100_000), chunk(b"cHRM", *[0] * 8)], (60, 220, 60)),
        ("RGB", (60, 220, 60), [chunk(b"gAMA", 100_000), chunk(b"cHRM", *[1 << 31] * 8)], (60, 220, 60)),
    ],
)  # fmt: skip
def test_gamma_and_chromaticities_of_png_are_applied(tmp_path, mode, stored, chunks, right) -> None:
    """As browsers do, also without an ICC profile (W3C PNG 3rd edition, 11.3.2); sRGB and cICP override them.

    FFmpeg 5 wrote a gamma of 50,994 for a frame of BT.709 video, whose colours are those of the video.
    """
    path = tmp_path / "a.png"
    Image.new(mode, (8, 8), stored).save(path)
    data = path.read_bytes()
    path.write_bytes(data[:33] + b"".join(chunks) + data[33:])
    clip, shown = opened(path)
    assert np.abs(shown[4, 4] - np.array(right)).max() <= 2
    assert (clip.colour.transfer == "png gAMA") == (right != (60, 220, 60))


def test_wide_gamut_heic_without_a_profile_is_converted(tmp_path) -> None:
    image = pillow_heif.from_pillow(Image.fromarray(quarters()))
    image.save(
        str(tmp_path / "p3.heic"), quality=100, chroma=444, color_primaries=12, transfer_characteristics=13,
        matrix_coefficients=6, full_range_flag=1,
    )  # fmt: skip
    clip, shown = opened(tmp_path / "p3.heic")
    linear = np.where((v := quarters() / 255) <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[1.22494, -0.22494, 0], [-0.042057, 1.042057, 0], [-0.019638, -0.078636, 1.098274]])
    level = np.clip(linear @ matrix.T, 0, 1)
    expected = 255 * np.where(level <= 0.0031308, level * 12.92, 1.055 * level ** (1 / 2.4) - 0.055)
    assert_near(shown, expected)
    assert (clip.colour.primaries, clip.colour.tone_mapped) == ("smpte432", False)
