"""Files with several streams of pictures: the one that holds the clip is opened, the others are named and can be."""

import io
import re
import struct
from fractions import Fraction

import av
import numpy as np
import PIL.Image
import pytest
from av.stream import Disposition

from inspector.domain.clip import Clip, Frame, StreamKind
from inspector.domain.errors import ClipError
from inspector.domain.settings import Settings
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.streams import _pictures
from tests.boxes import add_to_sample_entry, box
from tests.clips import Picture, code_picture, make_clip, put_together, read_code


def numbers(clip: Clip) -> list[int]:
    with Decoder(clip) as decoder:
        return [read_code(item.image) for item in decoder.frames() if isinstance(item, Frame)]


def shifted(first: int, size: tuple[int, int] = (96, 64)) -> Picture:
    return lambda number: code_picture(first + number, size)


@pytest.fixture
def parts(tmp_path):
    """A picture, a clip of 20 pictures, and another one of 20 pictures numbered from 100."""
    one = make_clip(tmp_path / "one.mp4", frames=1, picture=shifted(50))
    front = make_clip(tmp_path / "front.mp4", frames=20)
    back = make_clip(tmp_path / "back.mp4", frames=20, picture=shifted(100))
    return one, front, back


def test_a_large_poster_is_not_the_clip(tmp_path, parts) -> None:
    poster = make_clip(tmp_path / "poster.mp4", frames=1, size=(960, 640))
    for suffix in (".mp4", ".mkv"):
        clip = open_clip(put_together(tmp_path / f"film{suffix}", [poster, parts[1]], default=0))
        assert (clip.stream, clip.width) == (1, 96)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_the_stream_that_holds_the_clip_is_opened(tmp_path, parts, suffix) -> None:
    path = put_together(tmp_path / f"two{suffix}", [parts[0], parts[1]], default=0)
    clip = open_clip(path)
    assert clip.stream == 1
    assert numbers(clip) == list(range(20))
    assert [stream.number for stream in clip.other_streams] == [0]
    assert [stream.is_main for stream in clip.streams] == [False, True]


def test_of_two_cameras_the_default_one_is_opened_and_both_are_named(tmp_path, parts) -> None:
    for default in (0, 1):
        clip = open_clip(put_together(tmp_path / f"{default}.mp4", [*parts[1:]], default=default))
        assert clip.stream == default
        assert [stream.text for stream in clip.streams] == ["video, h264, 96 × 64 px, 20 pictures, 0.800 s"] * 2


def test_any_stream_can_be_chosen(tmp_path, parts) -> None:
    path = put_together(tmp_path / "all.mp4", [*parts])
    assert [numbers(open_clip(path, stream=number)) for number in range(3)] == [
        [50], list(range(20)), list(range(100, 120))
    ]  # fmt: skip
    clip = open_clip(path, stream=2)
    with Decoder(clip) as decoder:
        assert read_code(decoder.frame_at(int(decoder.index.pts[7])).image) == 107
    with pytest.raises(ClipError, match=r"all\.mp4 holds no stream 7 of pictures; choose one of 0, 1, 2\."):
        open_clip(path, stream=7)


def test_a_larger_stream_is_preferred_to_a_small_copy_that_is_flagged_as_default(tmp_path) -> None:
    small = make_clip(tmp_path / "small.mp4", frames=10, size=(48, 32))
    large = make_clip(tmp_path / "large.mp4", frames=10, size=(192, 128))
    assert open_clip(put_together(tmp_path / "proxy.mkv", [small, large], default=0)).width == 192


def test_a_cover_in_mp4_is_named_and_can_be_opened(tmp_path, parts) -> None:
    path = tmp_path / "film.mp4"
    cover = make_clip(tmp_path / "cover.mov", frames=1, codec="mjpeg", pix_fmt="yuvj420p", size=(192, 192),
                      picture=shifted(7, (192, 192)))  # fmt: skip
    with av.open(str(path), "w") as container, av.open(str(cover)) as art, av.open(str(parts[1])) as film:
        streams = [container.add_stream_from_template(source.streams.video[0]) for source in (art, film)]
        streams[0].disposition = Disposition.attached_pic
        for source, stream in zip((art, film), streams, strict=True):
            for packet in source.demux(source.streams.video[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    container.mux(packet)
    clip = open_clip(path)
    assert numbers(clip) == list(range(20))
    (other,) = clip.other_streams
    assert (other.kind, other.pictures, other.width) == (StreamKind.COVER, 1, 192)
    assert numbers(open_clip(path, stream=other.number)) == [7]


def test_a_cover_attached_to_matroska_is_named_and_can_be_opened(tmp_path, parts) -> None:
    cover = io.BytesIO()
    PIL.Image.fromarray(code_picture(7, (192, 192))).save(cover, "JPEG", quality=95)
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as container, av.open(str(parts[1])) as film:
        stream = container.add_stream_from_template(film.streams.video[0])
        container.add_attachment("cover.jpg", "image/jpeg", cover.getvalue())
        for packet in film.demux(film.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
    clip = open_clip(path)
    assert numbers(clip) == list(range(20))
    (other,) = clip.other_streams
    assert (other.kind, other.pictures, other.width, other.title) == (StreamKind.COVER, 1, 192, "cover.jpg")
    assert numbers(open_clip(path, stream=other.number)) == [7]


def test_sound_with_a_cover_is_no_clip(tmp_path) -> None:
    cover = io.BytesIO()
    PIL.Image.fromarray(code_picture(7)).save(cover, "JPEG")
    path = tmp_path / "song.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        container.add_attachment("cover.jpg", "image/jpeg", cover.getvalue())
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 16000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(ClipError, match="holds sound but no pictures"):
        open_clip(path)


def test_the_stream_is_part_of_the_settings() -> None:
    assert Settings(stream=1) != Settings() != Settings(stream=0)


def test_cropping_of_matroska_is_applied(tmp_path) -> None:
    path = make_clip(tmp_path / "cut.mkv", size=(96, 64), frames=4, matrix=6, primaries=6, transfer=6, color_range=1)
    data = path.read_bytes()
    at = data.index(b"\x55\xb0")  # the Colour element of the track, which the cropping is written over
    size = 3 + (data[at + 2] & 0x7F)
    crop = b"\x54\xcc\x81\x0a" + b"\x54\xbb\x81\x06"  # PixelCropLeft 10, PixelCropTop 6
    void = size - len(crop) - 2
    path.write_bytes(data[:at] + crop + bytes([0xEC, 0x80 | void]) + bytes(void) + data[at + size :])
    clip = open_clip(path)
    assert clip.crop == (10, 6, 0, 0)
    assert clip.sample_aspect == 1
    assert (clip.width, clip.height, clip.coded_width, clip.coded_height) == (86, 58, 96, 64)
    whole = open_clip(
        make_clip(tmp_path / "whole.mkv", size=(96, 64), frames=4, matrix=6, primaries=6, transfer=6, color_range=1)
    )
    with Decoder(clip) as cut, Decoder(whole) as plain:
        for frame, other in zip(cut.frames(), plain.frames(), strict=True):
            assert isinstance(frame, Frame)
            assert isinstance(other, Frame)
            assert np.array_equal(frame.image, other.image[6:, 10:])


def test_the_display_size_of_matroska_makes_pixels_square(tmp_path) -> None:
    path = make_clip(tmp_path / "wide.mkv", size=(96, 64), frames=2, matrix=6, primaries=6, transfer=6, color_range=1)
    data = path.read_bytes()
    at = data.index(b"\x55\xb0")
    size = 3 + (data[at + 2] & 0x7F)
    assert data[at - 4 : at] == b"\x54\xb2\x81\x04", "DisplayUnit unknown, which FFmpeg writes without an aspect ratio"
    display = b"\x54\xb0\x82" + (192).to_bytes(2, "big") + b"\x54\xba\x81" + bytes([64])
    void = size - len(display) - 2
    pixels = b"\x54\xb2\x81\x00"
    path.write_bytes(data[: at - 4] + pixels + display + bytes([0xEC, 0x80 | void]) + bytes(void) + data[at + size :])
    clip = open_clip(path)
    assert (clip.width, clip.height) == (192, 64)
    assert clip.sample_aspect == 2
    with Decoder(clip) as decoder:
        assert decoder.frame_at(0).image.shape == (64, 192, 3)


def test_a_clean_aperture_of_mp4_is_applied_before_the_rotation(tmp_path) -> None:
    path = make_clip(tmp_path / "cut.mp4", size=(96, 64), frames=2, rotation=90)
    whole = open_clip(path)
    clap = box(b"clap", struct.pack(">4I", 80, 1, 50, 1) + struct.pack(">iIiI", -3, 1, 2, 1))
    path.write_bytes(add_to_sample_entry(path.read_bytes(), b"avc1", clap))
    clip = open_clip(path)
    assert clip.crop == (5, 9, 11, 5)
    assert (clip.width, clip.height, clip.rotation) == (50, 80, 90)
    with Decoder(clip) as decoder:
        image = decoder.frame_at(0).image
    with Decoder(open_clip(make_clip(tmp_path / "whole.mp4", size=(96, 64), frames=2, rotation=90))) as decoder:
        assert np.array_equal(image, decoder.frame_at(0).image[5:85, 5:55])
    assert (whole.width, whole.height) == (64, 96)


def test_an_implausible_aspect_is_named(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mkv", frames=2, sample_aspect=Fraction(40, 1)))
    assert (clip.width, clip.height) == (96, 64)
    assert clip.remarks == ("The file declares a pixel aspect ratio of 40:1, which is implausible and not applied.",)


def test_a_crop_that_leaves_nothing_is_ignored(tmp_path) -> None:
    path = make_clip(tmp_path / "odd.mp4", frames=2)
    clap = box(b"clap", struct.pack(">4I", 900, 1, 0, 1) + struct.pack(">iIiI", 0, 1, 0, 0))
    path.write_bytes(add_to_sample_entry(path.read_bytes(), b"avc1", clap))
    assert (open_clip(path).crop, open_clip(path).width) == ((0, 0, 0, 0), 96)


@pytest.mark.parametrize(
    "tag", [b"1e99999999:0:0", b"0:0:1e-9999999", b"1/0:0:0", b"nan:0:0", b"-1:00:00", b"1_0:00:00"]
)
def test_a_duration_that_is_a_sum_is_no_duration(tmp_path, tag: bytes) -> None:
    path = make_clip(tmp_path / "a.mkv", frames=10)
    data = path.read_bytes()
    (stored,) = re.findall(rb"\d\d:\d\d:\d\d\.\d{9}", data)
    whole = open_clip(path)
    path.write_bytes(data.replace(stored, tag.ljust(len(stored), b"\0")))
    clip = open_clip(path)
    assert dict(clip.metadata)["DURATION"] == tag.decode()
    assert clip.duration_pts == whole.duration_pts, "by the container; the tag did not let the opening end"
    assert numbers(clip) == list(range(10))


@pytest.mark.parametrize("tag", ["9" * 5000, "9" * 13])
def test_a_number_of_pictures_without_measure_is_none(tag: str) -> None:
    class Stream:
        frames, disposition = 0, Disposition(0)

    assert _pictures(Stream(), {"NUMBER_OF_FRAMES": tag}) is None  # type: ignore[arg-type]
    assert _pictures(Stream(), {"NUMBER_OF_FRAMES-eng": "250"}) == 250  # type: ignore[arg-type]
