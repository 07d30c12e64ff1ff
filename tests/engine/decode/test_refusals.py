"""Files that are not clips are rejected with one sentence: the file, the cause, what to do; nothing hangs."""

import os
import re
import socket
import struct
import zipfile
import zlib
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from inspector.domain.errors import ClipError
from inspector.engine.decode import container as media
from inspector.engine.decode import evidence
from inspector.engine.decode.decoder import Decoder, hash_file, open_clip
from inspector.engine.decode.formats import matroska
from inspector.engine.decode.stills import register_formats
from tests.clips import make_clip, portrait, read_code


def refusal(path) -> str:
    with pytest.raises(ClipError) as caught:
        open_clip(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    return sentence


def test_missing(tmp_path) -> None:
    assert "does not exist" in refusal(tmp_path / "gone.mp4")
    with pytest.raises(ClipError, match="does not exist"):
        hash_file(tmp_path / "gone.mp4")


def test_empty(tmp_path) -> None:
    (tmp_path / "empty.mp4").write_bytes(b"")
    assert "is empty" in refusal(tmp_path / "empty.mp4")


def test_a_folder(tmp_path) -> None:
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.timeout(10)
def test_pipes_sockets_and_devices_are_not_opened(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "is a pipe" in refusal(tmp_path / "pipe.mp4")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.mp4"))
        assert "is a pipe, socket or device" in refusal(tmp_path / "socket.mp4")
    (tmp_path / "zero.mp4").symlink_to("/dev/zero")
    assert "is a pipe, socket or device" in refusal(tmp_path / "zero.mp4")


def test_a_file_without_read_permission(tmp_path, monkeypatch) -> None:
    path = make_clip(tmp_path / "secret.mp4", frames=2)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read everything
    assert "cannot be read" in refusal(path)


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.webp", {}), ("a.heic", {}), ("a.avif", {}), ("a.tif", {"compression": "tiff_lzw"})],
)
def test_a_still_that_breaks_off_says_so(tmp_path, name, options) -> None:
    register_formats()
    path = tmp_path / name
    Image.fromarray(portrait()).save(path, **options)
    whole = path.stat().st_size
    os.truncate(path, whole * 2 // 3)
    found = re.search(r"breaks off: it has ([\d,]+) bytes and declares at least ([\d,]+)", refusal(path))
    assert found is not None
    assert found[1] == f"{whole * 2 // 3:,}"
    assert whole - 300 < int(found[2].replace(",", "")) <= whole, "a TIFF file ends with its directory"


@pytest.mark.parametrize(
    ("name", "content", "messages"),
    [
        ("words.mp4", b"This is no clip.\n" * 400, "holds text"),
        ("playlist.mp4", b"#EXTM3U\n#EXTINF:10,\nhttp://example.org/a.ts\n", "playlist"),
        ("report.mp4", b"%PDF-1.7\n/Encrypt " + bytes(range(256)) * 9, "PDF"),
        ("archive.mp4", b"7z\xbc\xaf\x27\x1c" + bytes(range(256)) * 9, "7-Zip"),
        ("song.mp4", b"ID3\x04" + bytes(range(256)) * 9, "sound file"),
        ("noise.mp4", np.random.default_rng(0).bytes(50_000), "not a readable video"),
        ("noise.jpg", b"\xff\xd8\xff" + np.random.default_rng(0).bytes(5_000), "not a readable picture|damaged"),
    ],
)
def test_other_files_with_the_name_of_a_clip(tmp_path, name, content, messages) -> None:
    (tmp_path / name).write_bytes(content)
    assert any(message in refusal(tmp_path / name) for message in messages.split("|"))


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\xff\x0a\x08\x10", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", "JPEG 2000"),
        (b"\xff\x4f\xff\x51\0\x2f", "JPEG 2000"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\x76\x2f\x31\x01\x02", "OpenEXR"),
        (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 48 +X 64\n", "Radiance HDR"),
        (b"qoif\0\0\0\x40", "QOI"),
    ],
)
def test_a_whole_picture_in_a_format_that_is_not_read_is_not_called_damaged(tmp_path, start, what) -> None:
    (tmp_path / "photo.jpg").write_bytes(start + np.random.default_rng(0).bytes(5_000))
    sentence = refusal(tmp_path / "photo.jpg")
    assert f"is a{'n' if what[0] in 'OS' else ''} {what}" in sentence
    assert "a format that this program does not read; save it as PNG or TIFF" in sentence
    assert "copy it again" not in sentence


def test_a_jpeg_of_12_bits_is_not_called_damaged(tmp_path) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(portrait()[:64, :64]).save(path)
    path.write_bytes(path.read_bytes().replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c"))
    assert "is a JPEG picture with more than 8 bits a sample, a format that this program does not" in refusal(path)


def test_a_picture_of_an_iphone_app_is_not_called_damaged(tmp_path) -> None:
    path = tmp_path / "icon.png"
    Image.fromarray(portrait()[:64, :64]).save(path)
    data = path.read_bytes()
    path.write_bytes(data[:8] + b"\0\0\0\x04CgBI\x50\x00\x20\x06\x2c\xb8\x77\x66" + data[8:])
    assert "a picture from an iPhone app (PNG changed by Xcode, CgBI), a format" in refusal(path)


@pytest.mark.parametrize("suffix", ["jp2", "ppm", "pgm", "pcx", "sgi", "dds"])
def test_pictures_as_another_program_writes_them(tmp_path, suffix) -> None:
    picture = Image.fromarray(portrait()[:64, :64])  # bright ones look like text
    (picture.convert("L") if suffix == "pgm" else picture).save(tmp_path / f"photo.{suffix}")
    assert "a format that this program does not read" in refusal(tmp_path / f"photo.{suffix}")


def test_a_zip_archive_with_or_without_a_password(tmp_path) -> None:
    path = tmp_path / "clip.mp4"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("clip.mp4", b"x" * 1000)
    assert "zip archive" in refusal(path)
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag of an encrypted member
    path.write_bytes(data)
    assert "zip archive" in refusal(path)


def add_silence(container: Any, stream: Any, samples: int) -> None:
    """A second of silence for a stream of sound, in frames of so many samples."""
    rate, form = stream.codec_context.sample_rate, stream.codec_context.format.name
    for start in range(0, rate, samples):
        silence = np.zeros((1, samples), np.float32 if form == "fltp" else np.int16)
        frame = av.AudioFrame.from_ndarray(silence, format=form, layout="mono")
        frame.sample_rate, frame.pts = rate, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def test_sound_without_pictures(tmp_path) -> None:
    path = tmp_path / "talk.mp4"
    with av.open(str(path), "w") as container:
        add_silence(container, container.add_stream("aac", rate=16000, layout="mono"), 1024)
    assert "sound but no pictures" in refusal(path)


def test_sound_with_titles_in_a_transport_stream(tmp_path) -> None:
    """As radio over HTTP (HLS) has them, beside its sound."""
    path = tmp_path / "radio.ts"
    with av.open(str(path), "w") as container:
        stream, titles = container.add_stream("mp2", rate=48000, layout="mono"), container.add_data_stream("timed_id3")
        packet: Any = av.Packet(b"ID3\4\0\0\0\0\0\0")
        packet.stream, packet.pts, packet.dts = titles, 0, 0
        container.mux(packet)
        add_silence(container, stream, 1152)
    assert "sound but no pictures" in refusal(path)


def test_video_that_a_transport_stream_does_not_name(tmp_path) -> None:
    """FFmpeg writes it as private data, and does not find it again."""
    path = make_clip(tmp_path / "new.ts", codec="libvpx-vp9", frames=12)
    assert "private data" in refusal(path)


def test_a_clip_without_frames(tmp_path) -> None:
    path = make_clip(tmp_path / "none.mp4", frames=3, container_options={"movflags": "+faststart"})
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 4])
    assert "no picture that can be decoded" in refusal(path)


@pytest.mark.parametrize("start", [2**62 + 1, 2**62 - 100])
def test_time_stamps_that_a_case_file_would_not_give_back(tmp_path, start) -> None:
    path = make_clip(tmp_path / "late.mkv", frames=5, start_offset=start / 1000)
    assert "time stamps beyond 2^62; copy" in refusal(path)


def test_an_unfinished_recording(tmp_path) -> None:
    path = make_clip(tmp_path / "unfinished.mp4")
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"moov") - 4])
    assert "no complete index" in refusal(path)


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [16000, 60000])
def test_a_picture_that_declares_too_many_pixels(tmp_path, side) -> None:
    (tmp_path / "bomb.png").write_bytes(_png(side, side))
    assert "above the limit of 64 Mpx" in refusal(tmp_path / "bomb.png")


def test_a_video_that_declares_too_many_pixels(tmp_path) -> None:
    path = make_clip(tmp_path / "huge.avi", codec="mjpeg", pix_fmt="yuvj420p", frames=3)
    size = struct.pack("<II", 96, 64)
    data = path.read_bytes().replace(size, struct.pack("<II", 16000, 16000))
    # The start of frame of each JPEG: length, precision, height, width.
    data = data.replace(b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 64, 96), b"\xff\xc0\x00\x11\x08\x3e\x80\x3e\x80")
    path.write_bytes(data)
    assert "limit" in refusal(path)


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_an_animation_on_a_huge_canvas_is_refused_before_it_is_decoded(tmp_path, kind) -> None:
    path = tmp_path / f"bomb.{kind}"
    pictures = [Image.new("L" if kind == "gif" else "RGB", (4100, 4100), level) for level in (7, "white")]
    options: dict[str, Any] = {"lossless": True, "method": 0} if kind == "webp" else {}
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=40, **options)
    assert "animation of 4100 x 4100 pixels, above the limit of 16 Mpx" in refusal(path)


def test_a_huge_picture_in_a_tiny_file_is_refused(tmp_path) -> None:
    Image.new("RGB", (4100, 4100)).save(tmp_path / "bomb.webp", lossless=True, method=0)
    assert "bytes, which no camera writes" in refusal(tmp_path / "bomb.webp")
    noise = np.random.default_rng(0).integers(0, 256, (410, 410, 3), np.uint8)
    Image.fromarray(noise).resize((4100, 4100)).save(tmp_path / "photo.jpg", quality=20)
    assert open_clip(tmp_path / "photo.jpg").width == 4100


def test_a_pipe_that_takes_the_place_of_the_clip_is_not_waited_for(tmp_path, monkeypatch) -> None:
    path = make_clip(tmp_path / "clip.mp4", frames=2)
    status = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(evidence, "check_file", lambda _: status)
    for read in (evidence.read_header, evidence.hash_file):
        with pytest.raises(ClipError, match="is a pipe, socket or device"):
            read(path)


def test_the_pixel_limit_is_the_documented_one() -> None:
    assert media.MAX_PIXELS == 8192 * 8192


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", 8 + len(data)) + kind + data


def _encrypt(data: bytes, *, named: bool) -> bytes:
    """An MP4 whose video track says that it is encrypted (ISO/IEC 23001-7), with or without its original format."""
    original = _box(b"frma", b"avc1") if named else b""
    scheme = _box(b"schm", b"\0\0\0\0cenc\0\1\0\0")
    key = _box(b"schi", _box(b"tenc", b"\0\0\0\0\0\0\1\x08" + b"k" * 16))
    added = _box(b"sinf", original + scheme + key)
    out = bytearray(data)
    entry = data.index(b"avc1", data.index(b"stsd")) - 4
    size = struct.unpack_from(">I", data, entry)[0]
    out[entry + 4 : entry + 8] = b"encv"
    out[entry + size : entry + size] = added
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"encv"):
        at = out.rindex(kind, 0, entry + 8) - 4
        struct.pack_into(">I", out, at, struct.unpack_from(">I", out, at)[0] + len(added))
    return bytes(out)


@pytest.mark.parametrize("named", [True, False])
def test_an_encrypted_clip(tmp_path, named) -> None:
    path = make_clip(tmp_path / "bought.mp4")  # its tables stand behind the pictures, so no offset moves
    path.write_bytes(_encrypt(path.read_bytes(), named=named))
    assert "is encrypted" in refusal(path)


def test_scrambled_television(tmp_path) -> None:
    path = make_clip(tmp_path / "paid.ts")
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), 188):
        if (data[at + 1] & 0x1F, data[at + 2]) == (1, 0):  # the video
            data[at + 3] |= 0x80
            data[at + 30 : at + 188] = bytes(byte ^ 0x5A for byte in data[at + 30 : at + 188])
    path.write_bytes(data)
    assert "is encrypted" in refusal(path)


def test_protected_webm(tmp_path) -> None:
    """A track with ContentEncryption, of which FFmpeg says nothing (RFC 9559, 5.1.4.1.31)."""
    encryption = _element(0x6D80, _element(0x6240, _element(0x5033, b"\1") + _element(0x5035, _element(0x47E1, b"\5"))))
    head = _element(0x1A45DFA3, b"") + _element(0x18538067, _element(0x1654AE6B, _element(0xAE, encryption)))
    assert matroska.is_encrypted(head)
    assert not matroska.is_encrypted(head.replace(b"\x50\x35", b"\x50\x34"))
    assert not matroska.is_encrypted(make_clip(tmp_path / "a.webm", codec="libvpx", frames=2).read_bytes())


def _element(kind: int, content: bytes) -> bytes:
    return kind.to_bytes((kind.bit_length() + 7) // 8, "big") + bytes([0x80 | len(content)]) + content


def test_an_unknown_codec(tmp_path) -> None:
    path = make_clip(tmp_path / "strange.mp4")
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz"))
    assert "cannot decode" in refusal(path)


@pytest.mark.parametrize(
    "name", ["http:clip.mp4", "-clip.mp4", "concat:a|b.mp4", "%03d.mp4", "a?b#c.mp4", "pipe:0", "ü ß.mp4"]
)
def test_a_file_name_is_never_treated_as_an_address(tmp_path, monkeypatch, name) -> None:
    make_clip(tmp_path / "clip.mp4", frames=3).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    clip = open_clip(name)
    with Decoder(clip) as decoder:
        assert [read_code(frame.image) for frame in decoder.frames()] == [0, 1, 2]


def test_a_playlist_is_not_followed(tmp_path) -> None:
    make_clip(tmp_path / "inner.mp4", frames=3)
    # Past what text alone would give away: a leading blob makes the sniffing fall to FFmpeg.
    (tmp_path / "list.ffconcat").write_bytes(b"ffconcat version 1.0\nfile inner.mp4\n#\x00\x01\x02\n")
    refusal(tmp_path / "list.ffconcat")
    (tmp_path / "stream.sdp").write_bytes(b"v=0\nm=video 5004 RTP/AVP 96\nc=IN IP4 127.0.0.1\n\x00\x01")
    refusal(tmp_path / "stream.sdp")


def test_a_clip_that_disappears_is_a_clip_error(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mp4")
    clip = open_clip(path)
    path.unlink()
    with Decoder(clip) as decoder, pytest.raises(ClipError, match=r"clip\.mp4"):
        next(iter(decoder.frames()))


def test_refusing_prints_nothing(tmp_path, capfd) -> None:
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(1).bytes(20_000))
    refusal(tmp_path / "noise.mp4")
    path = make_clip(tmp_path / "torn.ts", frames=30)
    data = bytearray(path.read_bytes())
    data[4000:9000] = bytes(5000)
    path.write_bytes(data)
    with Decoder(open_clip(path)) as decoder:
        assert list(decoder.frames())
    assert capfd.readouterr() == ("", "")
