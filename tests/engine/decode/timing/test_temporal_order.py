"""Pictures of MPEG-2 that are missing, as their numbers in the order of display tell."""

import random
from itertools import pairwise
from pathlib import Path

import av
import pytest

from inspector.engine.decode.decoder import frame_sha256
from inspector.engine.decode.timing.coding.finders import _TemporalOrder
from tests.clips import make_clip, moving_portrait
from tests.engine.decode.test_account import decode

COUNT, SIZE = 36, (160, 112)


def portrait(path: Path, bframes: int = 2) -> tuple[set[str], list[tuple[int, int]]]:
    """The digests of a whole clip's frames, and where its packets lie with their sizes."""
    options = {"b": "1500k"}
    picture = moving_portrait(SIZE)
    make_clip(path, codec="mpeg2video", frames=COUNT, bframes=bframes, size=SIZE, picture=picture, options=options)
    clip, frames, gaps, _ = decode(path)
    assert (len(frames), gaps, any(frame.is_corrupt for frame in frames)) == (COUNT, [], False)
    assert not any("missing here" in remark for remark in clip.remarks)
    with av.open(str(path)) as container:
        places = [(packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size]
    return {frame_sha256(frame.image) for frame in frames}, places


@pytest.mark.parametrize("bframes", [0, 2])
def test_a_picture_whose_packet_is_not_read_is_named(tmp_path, bframes) -> None:
    """FFmpeg counts on behind it: neither the times nor the decoder tell."""
    path = tmp_path / "a.mxf"
    known, places = portrait(path, bframes)
    data = path.read_bytes()
    for number in range(3, 30, 4):
        start, end = places[number][0], places[number + 1][0]
        path.write_bytes(data[:start] + bytes(end - start) + data[end:])
        clip, frames, gaps, _ = decode(path)
        assert len(frames) < COUNT
        assert known.issuperset(frame_sha256(frame.image) for frame in frames if not frame.is_corrupt), number
        if number % 12 < 9:  # what is missing right before a keyframe is not counted
            assert gaps or clip.remarks, number


@pytest.mark.parametrize("name", ["a.mxf", "a.mpg"])
@pytest.mark.parametrize("kind", ["cut", "zeros"])
def test_no_picture_behind_a_hole_passes_for_whole(tmp_path, name, kind) -> None:
    path = tmp_path / name
    known, _ = portrait(path)
    data = path.read_bytes()
    for seed in range(12):
        start = random.Random(seed).randrange(len(data) // 8, len(data) * 7 // 8)
        path.write_bytes(data[:start] + bytes(4096 if kind == "zeros" else 0) + data[start + 4096 :])
        clip, frames, gaps, _ = decode(path)
        assert known.issuperset(frame_sha256(frame.image) for frame in frames if not frame.is_corrupt), seed
        assert len(frames) >= COUNT - 1 or gaps or clip.remarks, seed


def test_a_torn_picture_does_not_hide_what_is_missing_before_it(tmp_path) -> None:
    """It keeps its number, and has the time stamp of a later one, whose end it has."""
    path, picture = tmp_path / "a.mpg", moving_portrait(SIZE)
    make_clip(path, codec="mpeg2video", frames=48, gop=24, size=SIZE, picture=picture, options={"b": "200k"})
    data = path.read_bytes()
    for start, missing in ((26541, 4096), (30931, 1500), (34218, 4096), (40736, 4096)):
        path.write_bytes(data[:start] + data[start + missing :])
        _, frames, gaps, _ = decode(path)
        holes = [after.pts for before, after in pairwise(frames) if after.pts - before.pts > 1.5 * 3600]
        assert holes
        assert holes == [gap.end_pts for gap in gaps], start


def test_an_open_group_without_its_first_pictures_is_whole(tmp_path) -> None:
    """As a program leaves them that cuts without coding again."""
    path = tmp_path / "a.ts"
    known, _ = portrait(path)
    cut = tmp_path / "cut.ts"
    with av.open(str(path)) as reading, av.open(str(cut), "w") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        key: int | None = None
        for packet in reading.demux(reading.streams.video[0]):
            key = packet.pts if packet.is_keyframe else key
            if packet.size and packet.pts is not None and key is not None and packet.pts >= key:
                packet.stream = stream
                writing.mux(packet)
    frames = decode(cut)[1]
    assert len(frames) < COUNT
    assert not any(frame.is_corrupt for frame in frames)
    assert known.issuperset(frame_sha256(frame.image) for frame in frames)


def pictures(path: Path) -> list[int]:
    """Where the numbers of the pictures stand in a program stream."""
    data, found, at = path.read_bytes(), [], -1
    while (at := data.find(b"\0\0\1\0", at + 1)) >= 0:
        found.append(at + 4)
    return found


@pytest.mark.parametrize("kind", ["none", "going on"])
def test_an_encoder_that_numbers_its_pictures_otherwise_loses_none(tmp_path, kind) -> None:
    """Not at all, or those before the keyframe of an open group as if they were of the group before."""
    path = tmp_path / "a.m2v"
    picture = moving_portrait(SIZE)
    make_clip(path, codec="mpeg2video", frames=90, bframes=2, size=SIZE, picture=picture, options={"b": "1500k"})
    data = bytearray(path.read_bytes())
    is_behind_key = False
    for at in pictures(path):
        is_of_two = data[at + 1] >> 3 & 7 == 3
        if kind == "none":
            data[at], data[at + 1] = 0, data[at + 1] & 0x3F
        elif is_of_two and is_behind_key:
            data[at] += 3  # 12 pictures
        is_behind_key = data[at + 1] >> 3 & 7 == 1 or (is_of_two and is_behind_key)
    path.write_bytes(data)
    clip, frames, gaps, _ = decode(path)
    assert (len(frames), gaps) == (90, [])
    assert not any(frame.is_corrupt for frame in frames)
    assert not any("missing here" in remark for remark in clip.remarks)


def test_a_picture_behind_long_user_data_is_not_missed() -> None:
    """Its number is not looked for so far behind; what follows it is counted from anew."""
    order = _TemporalOrder()

    def start(number: int, kind: int, before: bytes = b"") -> bytes:
        return (before + b"\0\0\1\0" + (number << 6 | kind << 3).to_bytes(2, "big") + bytes(8))[:4096]

    group, long = b"\0\0\1\xb8" + bytes(4), b"\0\0\1\xb2" + b"\xff" * 5000
    starts = [start(0, 1, group), start(3, 2), start(1, 3), start(2, 3), start(6, 2, long), start(4, 3), start(5, 3)]
    starts += [start(9, 2), start(7, 3), start(8, 3), start(12, 2), start(10, 3)]
    assert not any(order.missing_at(one, at) for at, one in enumerate(starts))
    assert order.missing_at(start(15, 2), 12) == [10]
