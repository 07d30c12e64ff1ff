"""Fragmented MP4 files with a hole, and zeros within pictures of H.265, AV1 and others."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from inspector.engine.decode.container import MediaSource, open_media
from inspector.engine.decode.decoder import frame_sha256
from inspector.engine.decode.formats.fragments import read_fragments
from inspector.engine.decode.timing import torn
from inspector.engine.decode.timing.bitstream import is_broken
from inspector.engine.decode.timing.stored import read_packets
from tests.clips import make_clip, moving_portrait
from tests.engine.decode.test_account import decode

COUNT, SIZE = 36, (160, 112)
FRAGMENTS = {"movflags": "+empty_moov+default_base_moof", "frag_duration": "200000"}
HEVC = {"preset": "ultrafast", "crf": "16", "x265-params": "log-level=none"}


def made(path: Path, codec: str = "libx264", **more: Any) -> tuple[set[str], list[tuple[int, int]]]:
    """The digests of the frames of a whole clip, and where its packets lie with their sizes."""
    make_clip(path, codec=codec, frames=COUNT, size=SIZE, picture=moving_portrait(SIZE), **more)
    _, frames, gaps, _ = decode(path)
    assert (len(frames), gaps, any(frame.is_corrupt for frame in frames)) == (COUNT, [], False)
    with av.open(str(path)) as container:
        places = [(packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size]
    return {frame_sha256(frame.image) for frame in frames}, places


def check(path: Path, data: bytes, known: set[str]) -> list[bool]:
    path.write_bytes(data)
    frames = decode(path)[1]
    assert known.issuperset(frame_sha256(frame.image) for frame in frames if not frame.is_corrupt)
    return [frame.is_corrupt for frame in frames]


@pytest.mark.parametrize("bframes", [0, 2])
def test_the_picture_that_has_run_into_a_hole_of_a_fragment_is_marked(tmp_path, bframes) -> None:
    """Its decoder takes the bytes of the next one for its end."""
    path = tmp_path / "a.mp4"
    known, places = made(path, bframes=bframes, container_options=FRAGMENTS)
    data = path.read_bytes()
    for number in range(10, 26, 3):
        start = places[number][0] + places[number][1] - 100
        marks = check(path, data[:start] + data[start + 300 :], known)
        assert len(marks) < COUNT
        assert not any(marks[: number - 3])


@pytest.mark.parametrize("number", [12, 20, 21])
def test_a_picture_that_ends_where_zeros_begin_is_marked(tmp_path, number) -> None:
    path = tmp_path / "a.mp4"
    known, places = made(path, "libvpx-vp9", options={"b": "1M"}, container_options=FRAGMENTS)
    data = path.read_bytes()
    start = sum(places[number]) - 60
    check(path, data[:start] + bytes(400) + data[start + 400 :], known)


def test_zeros_in_the_place_of_a_fragment_are_unread_bytes(tmp_path) -> None:
    path = tmp_path / "a.mp4"
    known, _ = made(path, container_options=FRAGMENTS)
    data = path.read_bytes()
    at = data.index(b"moof", len(data) // 2) - 4
    marks = check(path, data[:at] + bytes(64) + data[at + 64 :], known)
    assert len(marks) < COUNT
    assert read_fragments(path).unread == len(data) - at
    assert "bytes of the file could not be read" in decode(path)[2][-1].reason


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "libx265", HEVC),
        ("a.mov", "libx265", HEVC),
        ("a.mkv", "libx265", HEVC),
        ("a.mp4", "libsvtav1", {"preset": "12", "crf": "20", "svtav1-params": "lookahead=0"}),
    ],
)
def test_zeros_within_a_picture_mark_it(tmp_path, name, codec, options) -> None:
    path = tmp_path / name
    known, places = made(path, codec, options=options)
    data = path.read_bytes()
    tried = 0
    for start, size in places[4:28:3]:
        if size > 400:
            tried += 1
            at = start + size // 3
            marks = check(path, data[:at] + bytes(200) + data[at + 200 :], known)
            assert any(marks) or len(marks) < COUNT
    assert tried


def test_zeros_that_pad_units_are_no_hole(tmp_path) -> None:
    """ITU-T H.265, B.2: trailing_zero_8bits."""
    path = tmp_path / "a.hevc"
    made(path, "libx265", options=HEVC)
    padded = path.read_bytes().replace(b"\0\0\0\1", bytes(300) + b"\0\0\0\1")
    path.write_bytes(padded)
    frames = decode(path)[1]
    assert [frame.is_corrupt for frame in frames] == [False] * COUNT


def test_an_obu_of_padding_is_no_hole(tmp_path) -> None:
    path = tmp_path / "a.mkv"
    made(path, "libsvtav1", options={"preset": "12", "crf": "20", "svtav1-params": "lookahead=0"})
    padding = b"\x7a\xc9\x01" + bytes(200) + b"\x80"
    with av.open(str(path)) as reading:
        for packet in reading.demux(reading.streams.video[0]):
            padded: av.Packet[Any] = av.Packet(bytes(packet) + padding)
            holed: av.Packet[Any] = av.Packet(bytes(packet) + bytes(200) + b"\x80")
            padded.stream = holed.stream = packet.stream
            assert not is_broken(padded)
            assert is_broken(holed)


@pytest.mark.parametrize("codec", ["libx264", "libvpx-vp9"])
@pytest.mark.parametrize("more", [b"\n", bytes(300), b"</html>\n" * 40])
def test_bytes_behind_all_fragments_damage_no_picture(tmp_path, codec, more) -> None:
    path = tmp_path / "a.mp4"
    made(path, codec, container_options=FRAGMENTS | {"movflags": FRAGMENTS["movflags"] + "+skip_trailer"})
    path.write_bytes(path.read_bytes() + more)
    assert read_fragments(path).torn != (0, 0)
    assert [frame.is_corrupt for frame in decode(path)[1]] == [False] * COUNT


def test_zeros_that_fill_up_pictures_are_no_hole(tmp_path) -> None:
    path = tmp_path / "a.mp4"
    made(path)
    with av.open(str(path)) as reading:
        for packet in reading.demux(reading.streams.video[0]):
            if not packet.size:
                continue
            padded: av.Packet[Any] = av.Packet(bytes(packet) + bytes(300))
            holed: av.Packet[Any] = av.Packet(bytes(packet)[:-20] + bytes(320))
            padded.stream = holed.stream = packet.stream
            assert not is_broken(padded)
            assert is_broken(holed)


def test_a_writer_that_fills_up_its_pictures_leaves_no_holes(tmp_path) -> None:
    path = tmp_path / "a.mp4"
    made(path)
    source = MediaSource(path)
    with open_media(source) as media:
        stored = read_packets(media)
    rows = np.arange(COUNT)
    data = bytearray(int((stored.pos + stored.size).max()) + 1000)
    hole = replace(stored, has_zero_end=rows >= 10)
    data[stored.pos[10]] = 1
    path.write_bytes(data)
    assert torn._before_zeros(source, hole, rows).tolist() == rows[10:].tolist()
    usual = replace(stored, has_zero_end=rows % 2 == 0)
    for at in stored.pos.tolist():
        data[at] = 1
    path.write_bytes(data)
    assert torn._before_zeros(source, usual, rows).tolist() == []
