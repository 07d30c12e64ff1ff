"""Files with several pictures that are no tracks: motion photos, stereo pairs, pages, HEIF items, raw photographs."""

import io
import struct

import numpy as np
import pillow_heif
import pytest
from PIL import Image, TiffImagePlugin

from inspector.domain.clip import Frame, StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.formats.heif import as_primary
from inspector.engine.decode.video_properties import ALPHA_NOT_APPLIED
from tests.boxes import box, make_grid
from tests.clips import code_picture, make_clip, read_code

pillow_heif.register_heif_opener()


def encoded(number: int, kind: str, size=(96, 64), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(code_picture(number, size)).save(buffer, kind, quality=95, **options)
    return buffer.getvalue()


def numbers(path, stream: int | None = None) -> list[int]:
    with Decoder(open_clip(path, stream=stream)) as decoder:
        return [read_code(item.image) for item in decoder.frames() if isinstance(item, Frame)]


@pytest.mark.parametrize(
    ("name", "before", "behind"),
    [
        ("google.jpg", b"", b""),
        (
            "samsung.jpg",
            b"\x00\x00\x30\x0a\x10\x00\x00\x00MotionPhoto_Data",
            b"SEFH" + bytes(20) + b"\x14\x00\x00\x00SEFT",
        ),
        ("noise.jpg", b"ftyp" * 3 + b"\x00\x00\x00\x18ftypmp42" + bytes(30), b"tail"),
    ],
)
def test_a_video_behind_a_jpeg_is_named_and_can_be_opened(tmp_path, name, before, behind) -> None:
    video = make_clip(tmp_path / "v.mp4", frames=8, audio=True).read_bytes()
    path = tmp_path / name
    path.write_bytes(encoded(77, "JPEG") + before + video + behind)
    clip = open_clip(path)
    assert (clip.is_still, clip.stream, numbers(path)) == (True, 0, [77])
    (other,) = clip.other_streams
    assert (other.kind, other.pictures, other.number) == (StreamKind.EMBEDDED_VIDEO, 8, 1)
    assert numbers(path, 1) == list(range(8))
    hidden = open_clip(path, stream=1)
    assert (hidden.sha256, hidden.stream, hidden.has_audio) == (clip.sha256, 1, True)
    with Decoder(hidden) as decoder:
        assert read_code(decoder.frame_at(int(decoder.index.pts[5])).image) == 5


def test_a_video_in_a_heic_is_named_and_can_be_opened(tmp_path) -> None:
    video = make_clip(tmp_path / "v.mp4", frames=8).read_bytes()
    path = tmp_path / "motion.heic"
    path.write_bytes(encoded(77, "HEIF") + box(b"mpvd", video))
    assert numbers(path) == [77]
    assert [stream.kind for stream in open_clip(path).other_streams] == [StreamKind.EMBEDDED_VIDEO]
    assert numbers(path, 1) == list(range(8))


def test_a_stereo_pair(tmp_path) -> None:
    path = tmp_path / "pair.mpo"
    left, right = (Image.fromarray(code_picture(number)) for number in (1, 2))
    left.save(path, save_all=True, append_images=[right], quality=95)
    assert len(open_clip(path).streams) == 2
    assert (numbers(path), numbers(path, 1)) == ([1], [2])


def test_a_jpeg_behind_a_larger_one_is_no_video(tmp_path) -> None:
    path = tmp_path / "depth.jpg"
    path.write_bytes(encoded(5, "JPEG") + encoded(6, "JPEG", (48, 32)))
    clip = open_clip(path)
    assert clip.is_still
    assert [(stream.width, stream.height) for stream in clip.streams] == [(96, 64), (48, 32)]
    assert (numbers(path), numbers(path, 1)) == ([5], [6])


def test_a_second_version_of_a_photo_is_no_video(tmp_path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    path = tmp_path / "portrait.jpg"
    path.write_bytes(encoded(5, "JPEG", exif=exif) + encoded(6, "JPEG"))
    assert open_clip(path).is_still
    assert (numbers(path), numbers(path, 1)) == ([5], [6])


def test_a_gain_map_is_named_and_the_photo_is_shown_without_it(tmp_path) -> None:
    """As phones write HDR photos: a second JPEG whose XMP data says what it is."""
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description hdrgm:Version='1.0'/></x:xmpmeta>"
    segment = b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp
    gains = encoded(9, "JPEG", size=(48, 32))
    (tmp_path / "hdr.jpg").write_bytes(encoded(5, "JPEG") + gains[:2] + segment + gains[2:])
    clip = open_clip(tmp_path / "hdr.jpg")
    assert [(info.kind, info.width) for info in clip.other_streams] == [(StreamKind.AUXILIARY, 48)]
    assert (clip.width, numbers(tmp_path / "hdr.jpg")) == (96, [5])


def test_each_page_of_a_tiff_is_named_and_can_be_opened(tmp_path) -> None:
    pages = [Image.fromarray(code_picture(number, (96 + 16 * number, 64))) for number in range(3)]
    path = tmp_path / "scan.tiff"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    clip = open_clip(path)
    assert [stream.kind for stream in clip.streams] == [StreamKind.PAGE] * 3
    assert [stream.width for stream in clip.streams] == [96, 112, 128]
    assert [numbers(path, page) for page in range(3)] == [[0], [1], [2]]


def test_a_reduced_page_of_a_tiff_is_not_the_picture(tmp_path) -> None:
    small, large = Image.fromarray(code_picture(1, (48, 32))), Image.fromarray(code_picture(2))
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[254] = 1
    path = tmp_path / "preview.tif"
    small.save(path, save_all=True, append_images=[large], tiffinfo=info)
    data = bytearray(path.read_bytes())
    # Pillow writes the tag into both pages: that of the second one is set to "full resolution".
    at = data.rindex(struct.pack("<HHI", 254, 4, 1))
    data[at + 8] = 0
    path.write_bytes(data)
    clip = open_clip(path)
    assert (clip.stream, clip.width) == (1, 96)
    assert clip.other_streams[0].kind is StreamKind.THUMBNAILS
    assert numbers(path) == [2]


def dng(tags: dict[int, tuple[int, int]], sub_ifd: dict[int, tuple[int, int]] | None = None) -> bytes:
    """A little-endian TIFF of a 48 x 32 picture with more tags (type, value), and a directory below it."""

    def directory(entries: dict[int, tuple[int, int]]) -> bytes:
        body = b"".join(
            struct.pack("<HHII", tag, *((kind, 1, value))) for tag, (kind, value) in sorted(entries.items())
        )
        return struct.pack("<H", len(entries)) + body + struct.pack("<I", 0)

    main = {256: (4, 48), 257: (4, 32), 258: (3, 8), 259: (3, 1), 262: (3, 1), 273: (4, 4096), 277: (3, 1),
            278: (4, 32), 279: (4, 48 * 32)} | tags  # fmt: skip
    if sub_ifd:
        main[330] = (4, 2048)
    data = (b"II*\x00" + struct.pack("<I", 8) + directory(main)).ljust(2048, b"\0")
    return (data + (directory(sub_ifd) if sub_ifd else b"")).ljust(4096, b"\0") + bytes(range(256)) * 6


@pytest.mark.parametrize(
    "content",
    [
        dng({50706: (1, 0x00000401)}),
        dng({254: (4, 1)}, {254: (4, 0), 256: (4, 240), 257: (4, 160), 262: (3, 32803)}),
        dng({}, {256: (4, 240), 257: (4, 160), 262: (3, 34892)}),
        b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(500),
        b"FUJIFILMCCD-RAW 0201" + bytes(500),
        b"IIU\x00\x18\x00\x00\x00" + bytes(500),
        b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom" + bytes(500),
    ],
)
def test_a_raw_photograph_is_refused_in_one_sentence(tmp_path, content) -> None:
    path = tmp_path / "raw.dng"
    path.write_bytes(content)
    with pytest.raises(ClipError, match=r"raw\.dng is a raw photograph, which this program does not develop"):
        open_clip(path)


def test_a_plain_tiff_with_the_same_tables_is_no_raw_photograph(tmp_path) -> None:
    path = tmp_path / "plain.tif"
    path.write_bytes(dng({}, {254: (4, 1), 256: (4, 24), 257: (4, 16), 262: (3, 1)}))
    assert open_clip(path).width == 48


def test_the_primary_image_of_a_heic_and_the_others(tmp_path) -> None:
    file = pillow_heif.HeifFile()
    for number in range(3):
        file.add_from_pillow(Image.fromarray(code_picture(number, (96 + 16 * number, 64))))
    path = tmp_path / "burst.heic"
    file.save(str(path), quality=95, save_all=True, primary_index=1)
    clip = open_clip(path)
    assert (clip.width, numbers(path)) == (112, [1])
    assert sorted(stream.width for stream in clip.other_streams) == [96, 128]
    for stream in clip.other_streams:
        assert numbers(path, stream.number) == [{96: 0, 128: 2}[stream.width]]


def test_thumbnails_and_auxiliary_images_of_heic_and_avif_are_named_and_can_be_opened(tmp_path) -> None:
    image = Image.fromarray(code_picture(3, (256, 192)))
    file = pillow_heif.from_pillow(image)
    file[0].info["thumbnails"] = [96]
    file.save(str(tmp_path / "thumb.heic"), quality=90)
    (thumbnail,) = open_clip(tmp_path / "thumb.heic").other_streams
    assert (thumbnail.kind, thumbnail.width, thumbnail.can_open) == (StreamKind.THUMBNAILS, 96, True)
    assert numbers(tmp_path / "thumb.heic", 1) == [3]
    assert open_clip(tmp_path / "thumb.heic", stream=1).width == 96
    image.putalpha(Image.fromarray(code_picture(77, (256, 192))).convert("L"))
    for kind in ("heic", "avif"):
        path = tmp_path / f"alpha.{kind}"
        image.save(path, quality=90)
        (alpha,) = open_clip(path).other_streams
        assert (alpha.kind, alpha.title) == (StreamKind.AUXILIARY, "alpha channel")
        assert numbers(path, alpha.number) == [77]


@pytest.mark.parametrize("kind", ["heif", "avif"])
def test_of_two_images_of_the_same_size_each_number_gives_its_own(tmp_path, kind) -> None:
    parts = []
    for number in (5, 9):
        buffer = io.BytesIO()
        Image.fromarray(code_picture(number, (64, 64))).save(buffer, kind, quality=95)
        parts.append(buffer.getvalue())
    path = tmp_path / "pair.img"
    path.write_bytes(make_grid(parts, 2, (64, 64), (128, 64)).replace(b"dimg", b"cdsc"))
    path.write_bytes(as_primary(path, 1))  # the grid, which has no tiles now, is the third
    second = next(stream for stream in open_clip(path).other_streams if stream.codec != "grid")
    assert second.can_open
    assert (numbers(path), numbers(path, second.number)) == ([5], [9])


def test_an_image_of_a_codec_that_no_library_decodes_is_named(tmp_path) -> None:
    image = Image.fromarray(code_picture(3, (256, 192)))
    file = pillow_heif.from_pillow(image)
    file[0].info["thumbnails"] = [96]
    path = tmp_path / "other.heic"
    file.save(str(path), quality=90)
    data = path.read_bytes()
    at = data.rindex(b"hvc1", 0, data.index(b"iprp"))  # of the thumbnail, the second item
    path.write_bytes(data[:at] + b"j2k1" + data[at + 4 :])
    (thumbnail,) = open_clip(path).other_streams
    assert not thumbnail.can_open
    with pytest.raises(ClipError, match=r"Stream 1 of other.heic \(thumbnails, j2k1\) cannot be decoded"):
        open_clip(path, stream=1)


@pytest.mark.parametrize("kind", ["heif", "avif"])
def test_a_grid_is_one_picture_and_its_tiles_are_none(tmp_path, kind) -> None:
    colours = [(200, 40, 40), (60, 220, 60), (40, 40, 200), (220, 220, 60), (20, 20, 20), (240, 240, 240)]
    tiles = []
    for colour in colours:
        buffer = io.BytesIO()
        Image.new("RGB", (64, 64), colour).save(buffer, kind, quality=95)
        tiles.append(buffer.getvalue())
    path = tmp_path / "grid.img"
    path.write_bytes(make_grid(tiles, 3, (64, 64), (180, 120)))
    clip = open_clip(path)
    assert (clip.width, clip.height, clip.coded_width, clip.other_streams) == (180, 120, 180, ())
    with Decoder(clip) as decoder:
        (frame,) = decoder.frames()
    assert isinstance(frame, Frame)
    centres = [frame.image[32 + 64 * (at // 3), 32 + 64 * (at % 3)].tolist() for at in range(6)]
    assert np.abs(np.array(centres) - colours).max() < 6


@pytest.mark.parametrize("kind", ["avif"])
def test_an_avif_sequence_is_a_clip_and_its_cover_is_named(tmp_path, kind) -> None:
    pictures = [Image.fromarray(code_picture(number)) for number in range(5)]
    path = tmp_path / f"moving.{kind}"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100, quality=90)
    clip = open_clip(path)
    assert not clip.is_still
    assert numbers(path) == list(range(5))
    assert [stream.kind for stream in clip.other_streams] == [StreamKind.STILL]
    assert numbers(path, clip.other_streams[0].number) == [0]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_an_avif_sequence_with_transparency_says_that_it_is_not_applied(tmp_path, mode) -> None:
    pictures = [Image.fromarray(code_picture(number)).convert(mode) for number in range(3)]
    for picture in pictures[: 3 * (mode == "RGBA")]:
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    pictures[0].save(tmp_path / "moving.avif", save_all=True, append_images=pictures[1:], duration=100)
    assert (ALPHA_NOT_APPLIED in open_clip(tmp_path / "moving.avif").remarks) == (mode == "RGBA")


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_mirrored_orientation_is_named(tmp_path, orientation) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = code_picture(0x1234)
    for kind in ("jpg", "png", "webp", "tif", "avif"):
        path = tmp_path / f"phone.{kind}"
        Image.fromarray(stored).save(path, exif=exif, quality=95)
        clip = open_clip(path)
        assert clip.is_mirrored == (orientation in {2, 4, 5, 7})
        with Decoder(clip) as decoder:
            image = decoder.frame_at(0).image
        undone = np.rot90(image, clip.rotation // 90)
        assert read_code(undone[:, ::-1] if clip.is_mirrored else undone) == 0x1234


@pytest.mark.parametrize("orientation", range(1, 9))
def test_rotation_and_mirroring_of_heic_are_named(tmp_path, orientation) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "phone.heic"
    Image.fromarray(code_picture(0x1234)).save(path, exif=exif.tobytes(), quality=95)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        image = decoder.frame_at(0).image
    undone = np.rot90(image, clip.rotation // 90)
    assert read_code(undone[:, ::-1] if clip.is_mirrored else undone) == 0x1234
    assert (clip.coded_width, clip.coded_height) == (96, 64)
