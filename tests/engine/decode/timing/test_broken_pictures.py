"""Damage in pictures of which every byte is taken by their decoders, as in DV and uncompressed video."""

import struct
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from inspector.engine.decode.decoder import frame_sha256
from tests.clips import make_clip, moving_portrait
from tests.engine.decode.test_account import decode

DV = {"codec": "dvvideo", "size": (720, 576), "picture": moving_portrait((720, 576))}
V210 = {"codec": "v210", "size": (100, 64), "pix_fmt": "yuv422p10le", "picture": moving_portrait((100, 64))}
VP9 = {"codec": "libvpx-vp9", "size": (192, 128), "picture": moving_portrait((192, 128))}
H264 = {"size": (192, 128), "picture": moving_portrait((192, 128)), "gop": 2}
PLAIN = {"codec": "rawvideo", "size": (96, 64), "picture": moving_portrait((96, 64))}


def made(path: Path, how: dict[str, Any]) -> tuple[Path, list[str], list[int]]:
    """A whole clip, the digests of its frames, and where its packets are."""
    make_clip(path, frames=8, **how)
    _, frames, gaps, _ = decode(path)
    assert (len(frames), gaps) == (8, [])
    assert not any(frame.is_corrupt for frame in frames)
    with av.open(str(path)) as container:
        positions = [packet.pos or 0 for packet in container.demux(video=0) if packet.size]
    return path, [frame_sha256(frame.image) for frame in frames], positions


@pytest.mark.parametrize(("name", "how"), [("a.avi", DV), ("a.mov", DV), ("a.mxf", DV), ("a.dv", DV), ("b.mov", V210)])
def test_zeros_within_a_picture_mark_it(tmp_path, name, how) -> None:
    path, known, positions = made(tmp_path / name, how)
    data = bytearray(path.read_bytes())
    start = positions[4] + (positions[5] - positions[4]) // 2
    data[start : start + 2000] = bytes(2000)
    path.write_bytes(data)
    _, frames, gaps, _ = decode(path)
    changed = {frame.index for frame, digest in zip(frames, known, strict=True) if frame_sha256(frame.image) != digest}
    assert 4 in changed
    assert changed <= {frame.index for frame in frames if frame.is_corrupt} <= {3, 4, 5}
    assert gaps == []


@pytest.mark.parametrize(
    ("name", "how"),
    [("a.avi", DV), ("a.avi", PLAIN), ("a.flv", H264), ("a.mkv", H264)],
)
def test_a_picture_of_which_bytes_were_cut_out_is_marked(tmp_path, name, how) -> None:
    path, known, positions = made(tmp_path / name, how)
    data = path.read_bytes()
    start = positions[4] + (positions[5] - positions[4]) // 2
    path.write_bytes(data[:start] + data[start + 700 :])
    _, frames, gaps, _ = decode(path)
    assert set(known).issuperset(frame_sha256(frame.image) for frame in frames if not frame.is_corrupt)
    assert any(frame.is_corrupt for frame in frames)
    assert gaps


def test_zeros_within_a_picture_of_vp9_mark_it(tmp_path) -> None:
    path, known, positions = made(tmp_path / "clip.mkv", VP9)
    data = bytearray(path.read_bytes())
    start = positions[4] + (positions[5] - positions[4]) // 2
    data[start : start + 150] = bytes(150)
    path.write_bytes(data)
    frames = decode(path)[1]
    assert [frame.is_corrupt for frame in frames] == [False] * 4 + [True] * 4
    assert [frame_sha256(frame.image) for frame in frames[:4]] == known[:4]


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.wmv", "wmv1", "yuv420p"),
        ("a.wmv", "wmv2", "yuv420p"),
        ("a.asf", "msmpeg4", "yuv420p"),
        ("a.avi", "msmpeg4v2", "yuv420p"),
        ("a.avi", "huffyuv", "yuv422p"),
        ("a.avi", "ffvhuff", "yuv420p"),
        ("a.avi", "utvideo", "yuv420p"),
        ("a.mkv", "ffv1", "yuv420p"),
        ("a.mov", "qtrle", "rgb24"),
    ],
)
def test_zeros_that_a_codec_does_not_write_mark_the_picture(tmp_path, name, codec, pix_fmt) -> None:
    """Their decoders say nothing of them."""
    size, options = (192, 128), {} if pix_fmt != "yuv420p" else {"b": "2M"}
    how = {"codec": codec, "size": size, "pix_fmt": pix_fmt, "picture": moving_portrait(size), "options": options}
    path, known, _ = made(tmp_path / name, how)
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        middle = [bytes(packet)[packet.size // 2 :] for packet in container.demux(video=0) if packet.size][4]
    start = data.index(middle[:32])
    data[start : start + 600] = bytes(600)
    path.write_bytes(data)
    frames = decode(path)[1]
    assert [frame_sha256(frame.image) for frame in frames[:4]] == known[:4]
    assert [frame.is_corrupt for frame in frames[:5]] == [False] * 4 + [True]
    assert set(known).issuperset(frame_sha256(frame.image) for frame in frames if not frame.is_corrupt)


@pytest.mark.parametrize("slices", ["8", "64"])
def test_planes_of_one_colour_of_ut_video_are_whole(tmp_path, slices) -> None:
    """Where each of their slices ends is four zero bytes."""
    size = (128, 256)
    how = {"codec": "utvideo", "size": size, "picture": lambda _: np.zeros((256, 128, 3), np.uint8)}
    frames = made(tmp_path / "a.avi", how | {"options": {"slices": slices}})[1]
    path = tmp_path / "a.avi"
    with av.open(str(path)) as container:
        assert all(bytes(4 * int(slices)) in bytes(packet) for packet in container.demux(video=0) if packet.size)
    assert frames
    assert not any(frame.is_corrupt for frame in decode(path)[1])


def test_a_black_picture_of_uncompressed_video_is_whole(tmp_path) -> None:
    """Lines of v210 end in zeros unless the width is a multiple of 48."""
    black = {**V210, "size": (82, 64), "picture": lambda _: np.zeros((64, 82, 3), np.uint8)}
    made(tmp_path / "black.mov", black)


def test_large_pictures_in_ogg_are_whole(tmp_path) -> None:
    """The headers of its pages stand between the parts of a packet: one of a megabyte has 17 of them."""
    noise = np.random.default_rng(0).integers(0, 255, (720, 1280, 3)).astype(np.uint8)
    path = tmp_path / "noise.ogv"
    options = {"b": "200M", "qmin": "0", "qmax": "8", "deadline": "realtime", "cpu-used": "8"}
    make_clip(path, codec="libvpx", frames=3, size=(1280, 720), picture=lambda _: noise, gop=1, options=options)
    clip, frames, gaps, _ = decode(path)
    with av.open(str(path)) as container:
        assert min(packet.size for packet in container.demux(video=0) if packet.size) > 600_000
    assert [frame.is_corrupt for frame in frames] == [False] * 3
    assert gaps == []
    assert not any("could not be read" in remark for remark in clip.remarks)


def test_a_picture_of_flv_with_a_small_hole_overlaps_the_next_one(tmp_path) -> None:
    """FFmpeg finds the next tag within its data, and nothing is left unread."""
    path, known, positions = made(tmp_path / "a.flv", {**H264, "gop": 8})
    data = path.read_bytes()
    for at in range(2, 5):
        start = positions[at + 1] - 200
        path.write_bytes(data[:start] + data[start + 16 :])
        frames = decode(path)[1]
        assert [frame.index for frame in frames if frame.is_corrupt] == list(range(at, 8))
        assert [frame_sha256(frame.image) for frame in frames[:at]] == known[:at]


def test_texts_between_pictures_of_flv_are_no_hole(tmp_path) -> None:
    path, known, positions = made(tmp_path / "a.flv", H264)
    body = b"\2\0\12onTextData" + b"\2" + struct.pack(">H", 400) + b"x" * 400
    tag = bytes([18]) + struct.pack(">I", len(body))[1:] + bytes(7) + body + struct.pack(">I", len(body) + 11)
    data = path.read_bytes()
    path.write_bytes(data[: positions[4]] + tag * 2 + data[positions[4] :])
    clip, frames, gaps, _ = decode(path)
    assert ([frame_sha256(frame.image) for frame in frames], gaps) == (known, [])
    assert not any(frame.is_corrupt for frame in frames)
    assert not any("could not be read" in remark for remark in clip.remarks)


def test_a_hole_in_the_sound_leaves_the_picture_before_whole(tmp_path) -> None:
    source, known, _ = made(tmp_path / "source.mkv", H264)
    path = tmp_path / "clip.mkv"
    with av.open(str(source)) as reading, av.open(str(path), "w") as writing:
        video = writing.add_stream_from_template(reading.streams.video[0])
        sound = writing.add_stream("pcm_s16le", rate=48000)
        for at, packet in enumerate(packet for packet in reading.demux(video=0) if packet.size):
            packet.stream = video
            writing.mux(packet)
            frame = av.AudioFrame.from_ndarray(np.full((1, 1920), 3000, np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48000, 1920 * at
            writing.mux(sound.encode(frame))
    with av.open(str(path)) as container:
        found = [(packet.stream.type, packet.pos or 0) for packet in container.demux() if packet.size]
    at = next(at for at in range(6, len(found)) if found[at][0] == "audio" and found[at - 1][0] == "video")
    data, start = path.read_bytes(), found[at][1] + 500
    path.write_bytes(data[:start] + data[start + 700 :])
    _, frames, gaps, _ = decode(path)
    before = [kind for kind, _ in found[:at]].count("video")
    assert gaps
    assert [frame_sha256(frame.image) for frame in frames[:before]] == known[:before]
    assert not any(frame.is_corrupt for frame in frames[:before])


@pytest.mark.parametrize("missing", [5, 900])
def test_the_picture_of_mp4_that_runs_into_a_hole_is_marked(tmp_path, missing) -> None:
    """Behind the hole no picture is where the index says; the decoder of H.265 takes the one before it for whole."""
    options = {"x265-params": "log-level=none:pools=1:frame-threads=1"}
    how = {**H264, "codec": "libx265", "gop": 8, "options": options, "container_options": {"movflags": "faststart"}}
    path, known, positions = made(tmp_path / "a.mp4", how)
    data = path.read_bytes()
    start = positions[3] + 60
    path.write_bytes(data[:start] + data[start + missing :])
    frames = decode(path)[1]
    assert frames
    assert set(known).issuperset(frame_sha256(frame.image) for frame in frames if not frame.is_corrupt)


def test_the_last_whole_picture_of_an_mp4_file_that_breaks_off_is_whole(tmp_path) -> None:
    path, _, positions = made(tmp_path / "a.mp4", {**H264, "container_options": {"movflags": "faststart"}})
    data = path.read_bytes()
    for end in (positions[5], positions[5] + 3, positions[5] + 200):
        path.write_bytes(data[:end])
        assert not any(frame.is_corrupt for frame in decode(path)[1][:5]), end
