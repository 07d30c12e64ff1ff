"""Streams without a container of their own, which are recognised by their content: Motion JPEG, YUV4MPEG2, APNG."""

import io
import struct
import zlib

import av
import numpy as np
import pytest
from PIL import Image

from inspector.domain.clip import Frame, StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.formats import jpeg
from inspector.engine.decode.media_types import is_media_name
from inspector.engine.decode.timing.file_end import NO_DECLARED_END
from tests.clips import code_picture, make_clip, read_code


def frames_of(path) -> list[Frame]:
    with Decoder(open_clip(path)) as decoder:
        items = list(decoder.frames())
    assert all(isinstance(item, Frame) for item in items), items
    return [item for item in items if isinstance(item, Frame)]


def jpegs(count: int, comment: bytes = b"") -> list[bytes]:
    made = []
    for number in range(count):
        buffer = io.BytesIO()
        Image.fromarray(code_picture(number)).save(buffer, "JPEG", quality=95, comment=comment)
        made.append(buffer.getvalue())
    return made


HEADER = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize("form", ["in a row", "padded", "in HTTP parts", "HTTP answer"])
def test_motion_jpeg_is_a_clip(tmp_path, form) -> None:
    pictures = jpegs(12, comment=b"\xff\xd8\xff marker in a comment")
    path = tmp_path / "camera.jpg"
    if form == "in a row":
        path.write_bytes(b"".join(pictures))
    elif form == "padded":
        path.write_bytes(b"".join(picture + bytes(len(picture) % 7) for picture in pictures))
    else:
        start = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n"
        parts = b"".join(HEADER % len(picture) + picture + b"\r\n" for picture in pictures)
        path.write_bytes((start if form == "HTTP answer" else b"") + parts)
    clip = open_clip(path)
    assert (clip.is_still, clip.codec) == (False, "mjpeg")
    assert [read_code(frame.image) for frame in frames_of(path)] == list(range(12))
    assert "without time stamps" in clip.remarks[0]
    with Decoder(clip) as decoder:
        assert read_code(decoder.frame_at(int(decoder.index.pts[7])).image) == 7


@pytest.mark.parametrize("count", [8, 64, 500, 5000])
@pytest.mark.parametrize("place", ["before", "between", "once"])
def test_no_picture_among_other_bytes_is_lost(tmp_path, count, place) -> None:
    """FFmpeg's parser takes other bytes for markers with a length, and passes over up to 64 KiB of pictures."""
    rng, pictures = np.random.default_rng(2), jpegs(30)
    path = tmp_path / "camera.mjpeg"
    if place == "between":
        path.write_bytes(b"".join(picture + rng.bytes(count) for picture in pictures))
    else:
        at = 0 if place == "before" else 12
        path.write_bytes(b"".join(pictures[:at]) + rng.bytes(count) + b"".join(pictures[at:]))
    clip = open_clip(path)
    frames = frames_of(path)
    assert [read_code(frame.image) for frame in frames] == list(range(30))
    assert np.diff([frame.pts for frame in frames]).tolist() == [frames[1].pts - frames[0].pts] * 29
    named = [remark for remark in clip.remarks if "belong to no picture" in remark]
    assert bool(named) == (count >= 500)
    with Decoder(clip) as decoder:
        assert read_code(decoder.frame_at(frames[17].pts).image) == 17
        account = decoder.account(30, 0, [])
    assert account is not None
    assert account.text() == "stored 30, shown 30, damaged 0, lost 0"


@pytest.mark.parametrize("between", [0, 40, 700])
def test_pictures_behind_other_bytes_are_found_whatever_the_name_of_the_file(tmp_path, between) -> None:
    path = tmp_path / "recording"
    rng = np.random.default_rng(5)
    path.write_bytes(rng.bytes(5000) + b"".join(picture + rng.bytes(between) for picture in jpegs(12)))
    clip = open_clip(path)
    assert [read_code(frame.image) for frame in frames_of(path)] == list(range(12))
    assert any("bytes belong to no picture" in remark for remark in clip.remarks)


def test_a_single_picture_behind_other_bytes_is_named_with_its_place(tmp_path) -> None:
    path = tmp_path / "recording"
    path.write_bytes(np.random.default_rng(5).bytes(5000) + jpegs(1)[0])
    with pytest.raises(ClipError, match="holds a JPEG picture from byte 5,000 on"):
        open_clip(path)


def test_a_damaged_picture_among_whole_ones_is_a_gap_or_marked(tmp_path) -> None:
    pictures = jpegs(12)
    cut = pictures[5][: len(pictures[5]) // 2]
    path = tmp_path / "camera.mjpeg"
    path.write_bytes(np.random.default_rng(2).bytes(5000) + b"".join([*pictures[:5], cut, *pictures[6:]]))
    with Decoder(open_clip(path)) as decoder:
        events = list(decoder.frames())
    whole = [event for event in events if isinstance(event, Frame) and not event.is_corrupt]
    assert [read_code(frame.image) for frame in whole] == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    assert len(events) == 12


def test_a_photo_with_other_bytes_and_pictures_behind_it_stays_a_photo(tmp_path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"x".join(jpegs(3)))
    assert open_clip(path).is_still
    exif = Image.Exif()
    exif[0x0112] = 1
    buffer = io.BytesIO()
    Image.fromarray(code_picture(5)).save(buffer, "JPEG", exif=exif)
    path.write_bytes(b"x".join([buffer.getvalue()] * 6))
    assert open_clip(path).is_still


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_of_motion_jpeg_with_exif_are_upright(tmp_path, orientation) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = Image.fromarray(code_picture(5))
    turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)  # the one that undoes it
    buffer = io.BytesIO()
    (upright if turn is None else upright.transpose(Image.Transpose(turn))).save(buffer, "JPEG", quality=95, exif=exif)
    path = tmp_path / "clip.mjpeg"
    path.write_bytes(buffer.getvalue() * 4)
    clip = open_clip(path)
    assert (clip.width, clip.height, clip.is_mirrored) == (96, 64, orientation in (2, 4, 5, 7))
    with Decoder(clip) as decoder:
        assert [read_code(frame.image) for frame in decoder.frames() if isinstance(frame, Frame)] == [5] * 4


def test_one_jpeg_is_a_still(tmp_path) -> None:
    (tmp_path / "one.jpg").write_bytes(jpegs(1)[0] + b"\x00" * 40)
    assert open_clip(tmp_path / "one.jpg").is_still


def y4m(header: bytes, planes: list[np.ndarray], frame: bytes = b"FRAME\n", count: int = 3) -> bytes:
    picture = b"".join(plane.tobytes() for plane in planes)
    return b"YUV4MPEG2 " + header + b"\n" + (frame + picture) * count


def grey(number: int) -> np.ndarray:
    return code_picture(number)[..., 1]


def flat(level: int, size: int, dtype: type = np.uint8) -> np.ndarray:
    return np.full(size, level, dtype)


LUMA = 96 * 64


@pytest.mark.parametrize(
    "content",
    [
        y4m(b"W96 H64 F25:1 Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=FULL", [grey(9), flat(128, LUMA // 2)]),
        y4m(b"H64 W96 C422 F25:1", [grey(9), flat(128, LUMA)], b"FRAME Ip\n"),
        y4m(b"W96 H64 F30000:1001 It A0:0 C444", [grey(9), flat(128, LUMA * 2)]),
        y4m(b"W96 H64 F0:0 Cmono", [grey(9)]),
        y4m(b"W96 H64 F25:1", [grey(9), flat(128, LUMA // 2)]),
        y4m(b"W96 H64 F25:1 C420p10 XYSCSS=420P10",
            [grey(9).astype("<u2") * 4, flat(512, LUMA // 2, np.uint16)]),
    ],
)  # fmt: skip
def test_yuv4mpeg_in_its_forms(tmp_path, content) -> None:
    (tmp_path / "raw.bin").write_bytes(content)
    frames = frames_of(tmp_path / "raw.bin")
    assert [read_code(frame.image) for frame in frames] == [9] * 3


def test_a_bright_picture_is_no_text(tmp_path) -> None:
    (tmp_path / "bright.y4m").write_bytes(y4m(b"W96 H64 F25:1 C444", [flat(235, LUMA), flat(128, LUMA * 2)], count=1))
    (frame,) = frames_of(tmp_path / "bright.y4m")
    assert frame.image.min() >= 253


def animated_png(path, *, metadata: bytes = b"") -> None:
    """Three pictures with a transparent corner; `metadata` is put before the chunk that says it is animated."""
    pictures = []
    for number in range(3):
        alpha = np.full((64, 96, 1), 255, np.uint8)
        alpha[:10, :10] = 0
        alpha[:10, 86:] = 128
        pictures.append(Image.fromarray(np.concatenate([code_picture(number), alpha], axis=2)))
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=40, format="PNG")
    if metadata:
        data = path.read_bytes()
        chunk = b"tEXt" + b"Comment\x00" + metadata
        path.write_bytes(
            data[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
        )


@pytest.mark.parametrize("metadata", [b"", b"x" * 6000])
def test_a_transparent_animated_png_is_shown_on_white(tmp_path, metadata) -> None:
    animated_png(tmp_path / "moving.png", metadata=metadata)
    frames = frames_of(tmp_path / "moving.png")
    assert [read_code(frame.image) for frame in frames] == [0, 1, 2]
    for number, frame in enumerate(frames):
        assert (frame.image[:9, :9] == 255).all()
        stored = code_picture(number)[4, 90].astype(int)
        assert np.abs(frame.image[4, 90] - (stored * 128 + 255 * 127) / 255).max() <= 2


def test_a_picture_that_is_not_part_of_the_animation_is_named_and_can_be_opened(tmp_path) -> None:
    path = tmp_path / "moving.png"
    pictures = [Image.fromarray(code_picture(number)) for number in (9, 1, 2)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=40)
    assert not open_clip(path).other_streams
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=40, default_image=True)
    clip = open_clip(path)
    assert [read_code(frame.image) for frame in frames_of(path)] == [1, 2]
    (other,) = clip.other_streams
    assert (other.kind, other.number, other.width, other.height) == (StreamKind.STILL, 1, 96, 64)
    still = open_clip(path, stream=1)
    assert still.is_still
    assert [info.kind for info in still.other_streams] == [StreamKind.VIDEO]
    with Decoder(still) as decoder:
        (frame,) = decoder.frames()
    assert isinstance(frame, Frame)
    assert read_code(frame.image) == 9
    with pytest.raises(ClipError, match="holds no stream 2"):
        open_clip(path, stream=2)


@pytest.mark.parametrize("kind", ["webp", "gif"])
def test_transparent_animations_are_shown_on_white(tmp_path, kind) -> None:
    animated_png(tmp_path / "source.png")
    with Image.open(tmp_path / "source.png") as source:
        pictures = []
        for number in range(3):
            source.seek(number)
            pictures.append(source.convert("RGBA"))
    options = {"lossless": True} if kind == "webp" else {"disposal": 2}
    path = tmp_path / f"moving.{kind}"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=40, **options)
    for frame in frames_of(path):
        assert (frame.image[:9, :9] == 255).all()


def test_another_picture_is_searched_for_behind_a_block_of_padding_only() -> None:
    """A carved or sparse file may have any number of zero bytes behind its picture."""
    assert jpeg.next_picture(bytes(100_000) + jpeg.SOI, 0) == 100_000
    assert jpeg.next_picture(b"\xff" * 9 + jpeg.SOI, 0) == 9
    assert jpeg.next_picture(bytes(2 << 20) + jpeg.SOI, 0) is None
    assert jpeg.next_picture(bytes(9) + b"x" + jpeg.SOI, 0) is None


@pytest.mark.parametrize(
    ("declared", "seconds"),
    [
        ([(65535, 1)] * 3, [0, 65535, 131070]),
        ([(30000, 1), (1, 10), (65535, 1)], [0, 30000, 30000.1]),
        ([(1, 10), (1, 0), (2, 10)], [0, 0.1, 0.11]),
    ],
)
def test_pictures_of_an_animated_png_may_be_shown_for_hours(tmp_path, declared, seconds) -> None:
    """FFmpeg counts up to 21,474 s, and goes on at a time before 0 or at none."""
    pictures = [Image.fromarray(code_picture(number)) for number in range(3)]
    path = tmp_path / "slow.png"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=40)
    data, delays = path.read_bytes(), iter(declared)
    parts = [data[:8]]
    at = 8
    while at < len(data):
        end = at + 8 + struct.unpack_from(">I", data, at)[0]
        chunk = data[at + 4 : end]
        if chunk.startswith(b"fcTL"):
            chunk = chunk[:24] + struct.pack(">HH", *next(delays)) + chunk[28:]
        parts.append(data[at : at + 4] + chunk + struct.pack(">I", zlib.crc32(chunk)))
        at = end + 4
    path.write_bytes(b"".join(parts))
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        frames = [item for item in decoder.frames() if isinstance(item, Frame)]
        assert read_code(decoder.frame_at(frames[2].pts).image) == 2
    assert [read_code(frame.image) for frame in frames] == [0, 1, 2]
    assert [clip.seconds(frame.pts) for frame in frames] == pytest.approx(seconds)
    assert not any("time stamp" in remark for remark in clip.remarks)


def test_the_recording_of_a_dahua_camera_is_a_clip(tmp_path) -> None:
    """Frames with a header and a mark behind them, a date in seconds and a counter of milliseconds."""
    source = make_clip(tmp_path / "source.ts", frames=60, gop=10)
    out = bytearray()
    with av.open(str(source)) as container:
        for number, packet in enumerate(packet for packet in container.demux(video=0) if packet.size):
            shape = bytes([0x81, 0, 8, 25, 0x82, 0, 0, 0]) + struct.pack("<HH", 96, 64)  # H.264 and 25 a second, size
            length = 24 + len(shape) + packet.size + 8
            date = 24 << 26 | 5 << 22 | 6 << 17 | 12 << 12 | 30 << 6 | number // 25
            kind = bytes([0xFD if packet.is_keyframe else 0xFC, 0, 0, 0])
            header = struct.pack("<IIIHBB", number, length, date, number * 40, len(shape), 0)
            out += b"DHAV" + kind + header + shape + bytes(packet) + b"dhav" + struct.pack("<I", length)
    path = tmp_path / "camera.dav"
    path.write_bytes(out)
    assert is_media_name(path.name)
    clip = open_clip(path)
    frames = frames_of(path)
    assert [read_code(frame.image) for frame in frames] == list(range(60))
    assert [round(clip.seconds(frame.pts), 2) for frame in frames] == [round(0.04 * at, 2) for at in range(60)]
    assert (clip.container, clip.remarks) == ("dhav", (NO_DECLARED_END,))
