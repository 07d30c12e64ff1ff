"""Pictures in WMV files (ASF) of which bytes are missing, as the places and numbers of their parts tell."""

import random
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from inspector.engine.decode.decoder import frame_sha256
from inspector.engine.decode.timing.counters import asf_packets
from inspector.engine.decode.timing.counters.asf_packets import asf_losses
from tests.clips import make_clip, moving_portrait
from tests.engine.decode.test_account import decode

PACKET = 3200  # of FFmpeg's writer
COUNT = 36


def portrait(path: Path, codec: str = "wmv2", *, audio: bool = True) -> Path:
    options = {"b": "1500k"}
    picture = moving_portrait((160, 112))
    return make_clip(path, codec=codec, frames=COUNT, size=(160, 112), picture=picture, audio=audio, options=options)


def first_packet(data: bytes | bytearray) -> int:
    return data.index(asf_packets._DATA) + 50


def video_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return container.streams.video[0].id


def damaged(whole: Path, seed: int, kind: str) -> bytes:
    """The file without some bytes, or with a sector of zeros, somewhere behind its first pictures."""
    data, source = whole.read_bytes(), random.Random(seed)
    at = source.randrange(len(data) // 8, len(data) * 7 // 8)
    if kind == "cut":
        return data[:at] + data[at + 300 :]
    at = at // 512 * 512
    return data[:at] + bytes(4096) + data[at + 4096 :]


@pytest.mark.parametrize("codec", ["wmv2", "msmpeg4"])
@pytest.mark.parametrize("kind", ["cut", "zeros"])
def test_no_picture_counts_as_whole_of_which_bytes_are_missing(tmp_path, codec, kind) -> None:
    whole = portrait(tmp_path / "whole.wmv", codec)
    _, frames, gaps, _ = decode(whole)
    assert (len(frames), gaps, any(frame.is_corrupt for frame in frames)) == (COUNT, [], False)
    known = {frame_sha256(frame.image) for frame in frames}
    lost = 0
    for seed in range(10):
        path = tmp_path / f"{seed}.wmv"
        path.write_bytes(damaged(whole, seed, kind))
        clip, frames, gaps, _ = decode(path)
        assert known.issuperset(frame_sha256(frame.image) for frame in frames if not frame.is_corrupt), seed
        assert len(frames) == COUNT or gaps or clip.remarks, seed
        lost += COUNT - len(frames)
    assert lost


def test_a_lost_picture_is_a_gap_with_its_reason(tmp_path) -> None:
    whole = portrait(tmp_path / "whole.wmv", audio=False)
    data = whole.read_bytes()
    at = first_packet(data) + 20 * PACKET
    path = tmp_path / "torn.wmv"
    path.write_bytes(data[:at] + bytes(PACKET) + data[at + PACKET :])
    losses = asf_losses(path, video_of(path))
    assert len(losses.behind) == 1
    assert not len(losses.torn)
    _, _, gaps, _ = decode(path)
    assert [gap.reason for gap in gaps] == [
        "pictures, or parts of them, are missing here, by the numbers of the file's packets"
    ]


def numbers_of(data: bytes | bytearray) -> Iterator[int]:
    """Where the numbers of objects stand in packets as FFmpeg writes them."""
    for start in range(first_packet(data), len(data) - PACKET, PACKET):
        if data[start : start + 3] != b"\x82\0\0":
            return
        flags = data[start + 3]
        at = start + 5 + (0, 1, 2)[flags >> 3 & 3] + 6
        count, at = (data[at] & 63, at + 1) if flags & 1 else (1, at)
        for _ in range(count):
            yield at + 1
            at += 15
            at += 2 + int.from_bytes(data[at : at + 2], "little") if flags & 1 else 0


def test_a_writer_that_does_not_number_its_pictures_tells_of_no_loss(tmp_path) -> None:
    path = portrait(tmp_path / "whole.wmv")
    data = bytearray(path.read_bytes())
    places = list(numbers_of(data))
    assert len(places) > COUNT
    for at in places:
        data[at] = 7
    path.write_bytes(data)
    clip, frames, gaps, _ = decode(path)
    assert (len(frames), gaps, clip.remarks) == (COUNT, [], ())
    assert not any(frame.is_corrupt for frame in frames)


def test_a_still_may_be_coded_as_zeros(tmp_path) -> None:
    """WMV 2 codes a macroblock that stays as it is as four zero bits."""
    still = moving_portrait((320, 240))(0)
    options = {"qmin": "20", "qmax": "20"}
    path = make_clip(
        tmp_path / "a.wmv", codec="wmv2", frames=6, size=(320, 240), picture=lambda _: still, options=options
    )
    with av.open(str(path)) as container:
        assert any(bytes(140) in bytes(packet) for packet in container.demux(video=0))
    frames = decode(path)[1]
    assert [frame.is_corrupt for frame in frames] == [False] * 6


def test_bytes_full_of_marks_are_not_tried_for_ever(tmp_path, monkeypatch) -> None:
    whole = portrait(tmp_path / "whole.wmv")
    data = whole.read_bytes()
    at = first_packet(data) + 3 * PACKET
    path = tmp_path / "marks.wmv"
    path.write_bytes(data[:at] + b"\x82\0\0" * 5000 + data[at:])
    assert len(asf_losses(path, video_of(path)).whole) > COUNT // 2
    tried = []
    monkeypatch.setattr(asf_packets, "_MOST_TRIED", 1000)
    monkeypatch.setattr(
        asf_packets, "_packet", lambda block, _, one=asf_packets._packet: tried.append(0) or one(block, 1)
    )
    assert len(asf_losses(path, video_of(path)).whole) < COUNT // 2
    assert len(tried) < 1200


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_are_read_to_their_end(tmp_path, seed) -> None:
    data = bytearray(portrait(tmp_path / "whole.wmv").read_bytes())
    at = first_packet(data)
    noise = np.random.default_rng(seed)
    for start in range(at, len(data), PACKET):
        place = start + int(noise.integers(3, 40))
        data[place : place + 8] = noise.bytes(8)
    path = tmp_path / "noise.wmv"
    path.write_bytes(data)
    losses = asf_losses(path, 1)
    assert len(losses.whole) <= COUNT


@pytest.mark.parametrize("preroll", [1 << 63, (1 << 64) - 1, 3100 + (1 << 32)])
def test_a_preroll_of_64_bits_is_read_as_ffmpeg_does(tmp_path, preroll) -> None:
    path = portrait(tmp_path / "whole.wmv")
    data = bytearray(path.read_bytes())
    at = data.index(asf_packets._PROPERTIES) + 80
    data[at : at + 8] = preroll.to_bytes(8, "little")
    path.write_bytes(data)
    _, frames, gaps, _ = decode(path)
    assert (len(frames), gaps, any(frame.is_corrupt for frame in frames)) == (COUNT, [], False)


def block(*parts: tuple[int, int, int]) -> bytes:
    """A packet with whole objects of a stream each: its number, that of the object, and the bytes of its times."""
    data = asf_packets._SYNC + b"\1\x5d" + bytes(6) + bytes([0x80 | len(parts)])
    for stream, number, times in parts:
        data += bytes([stream, number, 0, 0, 0, 0, times]) + b"\4\0\0\0".ljust(8, b"\0")[:times] + b"\4\0abcd"
    return data


def test_what_other_streams_leave_out_is_no_damage() -> None:
    """Parts may do without their times; FFmpeg reads on behind them."""
    packet = asf_packets._packet(block((1, 7, 8), (2, 3, 0), (1, 8, 8)), 1)
    assert packet is not None
    assert [(part.number, part.count) for part in packet.payloads] == [(7, 4), (8, 4)]
    assert not packet.is_broken
    for foreign in [(2, 3, 5), (0, 0, 0)]:
        packet = asf_packets._packet(block((1, 7, 8), foreign, (1, 8, 8)), 1)
        assert packet is not None
        assert packet.is_broken


def test_the_numbers_of_another_recording_may_begin_at_a_keyframe(tmp_path) -> None:
    """Joined files: the times go on, and nothing else tells of a loss."""
    path = portrait(tmp_path / "whole.wmv", audio=False)
    with av.open(str(path)) as container:
        keys = [at for at, packet in enumerate(container.demux(video=0)) if packet.size and packet.is_keyframe]
    data = bytearray(path.read_bytes())
    objects: list[int] = []
    for at in numbers_of(bytes(data)):
        objects += [data[at]] if not objects or data[at] != objects[-1] else []
        data[at] += 50 if len(objects) > keys[1] else 0
    assert len(objects) == COUNT
    path.write_bytes(data)
    assert len(asf_losses(path, video_of(path)).behind) == 1
    clip, frames, gaps, _ = decode(path)
    assert (len(frames), gaps, clip.remarks) == (COUNT, [], ())
    assert not any(frame.is_corrupt for frame in frames)


def test_an_object_without_bytes_is_no_picture() -> None:
    objects = asf_packets._Objects()
    for number, size in enumerate([4, 0, 4, 4]):
        objects.add(asf_packets._Payload(number, 256, 0, size, 40 * number, size), is_torn=False)
    assert objects.whole.tolist() == [0, 80, 120]
    assert objects.behind == []
