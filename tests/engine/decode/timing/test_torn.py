"""Transport streams of which packets are missing, as the counters of the packets tell."""

import random
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from inspector.domain.clip import Clip, Frame
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from inspector.engine.decode.timing.counters import ts_counters
from inspector.engine.decode.timing.counters.ts_counters import torn_places
from inspector.engine.decode.timing.losses import COUNTERS_BREAK
from tests.clips import make_clip, moving_portrait
from tests.engine.decode.test_account import decode
from tests.engine.decode.timing.field_coded import field_coded

PACKET = 188


def portrait(path: Path, codec: str = "libx264", *, interlaced: bool = False) -> Path:
    return make_clip(
        path,
        codec=codec,
        frames=36,
        bframes=2,
        size=(160, 112),
        picture=moving_portrait((160, 112)),
        interlaced=interlaced,
    )


def digests(frames: list[Frame]) -> list[str]:
    return [frame_sha256(frame.image) for frame in frames]


def lost_packets(path: Path, seed: int) -> bytes:
    """The file without one to eight packets in a row, somewhere."""
    data = path.read_bytes()
    source, count = random.Random(seed), len(data) // PACKET
    first, number = source.randrange(count // 20, count - count // 10), source.choice([1, 2, 8])
    return data[: first * PACKET] + data[(first + number) * PACKET :]


@pytest.mark.parametrize("codec", ["libx264", "mpeg2video", "libx265"])
def test_no_picture_counts_as_whole_of_which_packets_are_missing(tmp_path, codec) -> None:
    """FFmpeg's decoders say nothing of many of these: the rest of a picture may end as a whole one does."""
    whole = portrait(tmp_path / "whole.ts", codec)
    known = set(digests(decode(whole)[1]))
    for seed in range(12):
        path = tmp_path / f"{seed}.ts"
        path.write_bytes(lost_packets(whole, seed))
        frames = decode(path)[1]
        assert known.issuperset(digests([frame for frame in frames if not frame.is_corrupt])), seed


def test_a_lost_packet_of_a_field_marks_its_picture(tmp_path) -> None:
    whole = field_coded(tmp_path / "whole.ts", is_apart=True)
    known = set(digests(decode(whole)[1]))
    data = whole.read_bytes()
    for first in (60, 90, 100):  # within second fields as well as first ones
        path = tmp_path / f"{first}.ts"
        path.write_bytes(data[: first * PACKET] + data[(first + 1) * PACKET :])
        frames = decode(path)[1]
        assert known.issuperset(digests([frame for frame in frames if not frame.is_corrupt]))
        assert any(frame.is_corrupt for frame in frames)


def test_a_deinterlaced_picture_beside_a_damaged_one_counts_as_damaged(tmp_path) -> None:
    whole = portrait(tmp_path / "whole.ts", interlaced=True)
    known = digests(decode(whole)[1])
    data = whole.read_bytes()
    path = tmp_path / "torn.ts"
    at = len(data) // PACKET // 2
    path.write_bytes(data[: at * PACKET] + data[(at + 1) * PACKET :])
    _, frames, _, _ = decode(path)
    changed = [frame for frame, digest in zip(frames, known, strict=True) if frame_sha256(frame.image) != digest]
    assert changed
    assert all(frame.is_corrupt for frame in changed)
    with Decoder(open_clip(path)) as decoder:
        again = decoder.frame_at(changed[0].pts)
    assert isinstance(again, Frame)
    assert (again.is_corrupt, frame_sha256(again.image)) == (True, frame_sha256(changed[0].image))


def rewritten(path: Path, change: Callable[[int, bytearray], bytes], lead: int = 0) -> Path:
    """The file with each packet of its video, counted from 0, changed; with `lead` zero bytes before each."""
    with av.open(str(path)) as container:
        pid = container.streams.video[0].id
    out, count, data = bytearray(), 0, path.read_bytes()
    for at in range(0, len(data), PACKET):
        packet = bytearray(data[at : at + PACKET])
        out += bytes(lead)
        if int.from_bytes(packet[1:3], "big") & 0x1FFF == pid:
            out += change(count, packet)
            count += 1
        else:
            out += packet
    changed = path.with_name(f"changed{path.suffix}")
    changed.write_bytes(out)
    return changed


def with_counter(packet: bytearray, counter: int) -> bytes:
    packet[3] = packet[3] & 0xF0 | counter % 16
    return bytes(packet)


def test_a_writer_that_does_not_count_tells_of_no_loss(tmp_path) -> None:
    whole = portrait(tmp_path / "whole.ts")
    known = digests(decode(whole)[1])
    _, frames, gaps, _ = decode(rewritten(whole, lambda _, packet: with_counter(packet, 0)))
    assert (digests(frames), gaps) == (known, [])
    assert not any(frame.is_corrupt for frame in frames)


def test_places_that_would_fill_the_memory_are_not_listed(tmp_path, monkeypatch) -> None:
    whole = portrait(tmp_path / "whole.ts")
    path = rewritten(whole, lambda at, packet: b"" if at % 40 == 30 else bytes(packet))
    places = torn_places(path, 256, path.stat().st_size)
    assert len(places) > 3
    monkeypatch.setattr(ts_counters, "_MOST_PLACES", len(places) - 1)
    assert torn_places(path, 256, path.stat().st_size) == []


def test_a_packet_that_is_there_twice_marks_its_picture(tmp_path) -> None:
    """FFmpeg takes its bytes twice."""
    whole = portrait(tmp_path / "whole.ts")
    known = set(digests(decode(whole)[1]))
    frames = decode(rewritten(whole, lambda at, packet: bytes(packet) * (2 if at == 40 else 1)))[1]
    assert known.issuperset(digests([frame for frame in frames if not frame.is_corrupt]))


def test_segments_that_are_joined_are_no_loss(tmp_path) -> None:
    """Each segment of a stream counts anew, from its keyframe on."""
    whole = portrait(tmp_path / "whole.ts")
    known = digests(decode(whole)[1])
    with av.open(str(whole)) as container:
        keys = [packet.pos for packet in container.demux(video=0) if packet.is_keyframe]
    data = whole.read_bytes()
    assert len(keys) == 3
    _, frames, gaps, _ = decode(
        rewritten(whole, lambda at, packet: with_counter(packet, at + 5 * (data.find(packet) >= keys[1])))
    )
    assert (digests(frames), gaps) == (known, [])
    assert not any(frame.is_corrupt for frame in frames)


def test_packets_with_a_time_stamp_of_their_own_before_them(tmp_path) -> None:
    """As in the .m2ts files of camcorders."""
    whole = portrait(tmp_path / "whole.ts")
    known = set(digests(decode(whole)[1]))
    path = rewritten(whole, lambda at, packet: b"" if at == 200 else bytes(packet), lead=4)
    data = path.read_bytes()
    assert not len(data) % 4
    frames = decode(path)[1]
    assert known.issuperset(digests([frame for frame in frames if not frame.is_corrupt]))
    assert any(frame.is_corrupt for frame in frames)


def test_what_is_lost_behind_the_first_keyframe_is_a_gap(tmp_path) -> None:
    """FFmpeg tells nothing of the first packet, whose picture the decoder then returned late."""
    whole = portrait(tmp_path / "whole.ts", "mpeg2video")
    with av.open(str(whole)) as container:
        positions = [packet.pos for packet in container.demux(video=0) if packet.size]
    start = (positions[0] // PACKET + 3) * PACKET
    data = whole.read_bytes()
    path = tmp_path / "torn.ts"
    path.write_bytes(data[:start] + data[positions[3] + PACKET :])
    clip, frames, gaps, account = decode(path)
    assert COUNTERS_BREAK in {gap.reason for gap in gaps}
    assert account.shown + account.lost + account.missing == 36
    assert frames[0].is_corrupt
    assert isinstance(clip, Clip)
    assert np.all(np.diff([frame.pts for frame in frames]) > 0)


def test_a_counter_that_is_said_to_begin_anew_is_no_loss(tmp_path) -> None:
    """The packet that says so may have no payload; behind it another place breaks, so that the counters are read."""
    whole = portrait(tmp_path / "whole.ts")
    known = digests(decode(whole)[1])
    with av.open(str(whole)) as container:
        pid = container.streams.video[0].id
        key = [packet.pos for packet in container.demux(video=0) if packet.is_keyframe][-1]
    data = whole.read_bytes()

    def change(at: int, packet: bytearray) -> bytes:
        is_late = data.find(packet) >= key
        changed = with_counter(packet, (packet[3] & 15) + (5 if at >= 100 else 0) + (3 if is_late else 0))
        marks = bytes([0x47, pid >> 8, pid & 255, 0x20 | (packet[3] + 4) & 15, 183, 0x80]) + b"\xff" * 182
        return marks + changed if at == 100 else changed

    path = rewritten(whole, change)
    _, frames, gaps, _ = decode(path)
    assert (digests(frames), gaps) == (known, [])
    assert not any(frame.is_corrupt for frame in frames)
    assert len(torn_places(path, pid, path.stat().st_size)) == 1


@pytest.mark.parametrize(("size", "lead"), [(188, 0), (192, 4), (204, 0)])
def test_places_are_counted_as_those_of_packets(tmp_path, size, lead) -> None:
    """FFmpeg counts the bytes beside 188 to the front, on whichever side they are."""
    whole = portrait(tmp_path / "whole.ts").read_bytes()
    path = tmp_path / "long.ts"
    parts = (whole[at : at + PACKET] for at in range(0, len(whole), PACKET))
    path.write_bytes(b"".join(bytes(lead) + part + bytes(size - PACKET - lead) for part in parts))
    with av.open(str(path)) as container:
        pid = container.streams.video[0].id
        key = [packet.pos or 0 for packet in container.demux(video=0) if packet.is_keyframe][1]
    data = bytearray(path.read_bytes())
    for at in range(-(-key // size) * size, len(data), size):
        if int.from_bytes(data[at + lead + 1 : at + lead + 3], "big") & 0x1FFF == pid:
            data[at + lead + 3] = data[at + lead + 3] & 0xF0 | (data[at + lead + 3] + 5) & 15
    path.write_bytes(data)
    assert [place.behind for place in torn_places(path, pid, len(data))] == [key]


@pytest.mark.parametrize("before", [6, 9])
def test_a_hole_up_to_a_keyframe_is_a_gap_with_its_reason(tmp_path, before) -> None:
    whole = portrait(tmp_path / "whole.ts", "mpeg2video")
    with av.open(str(whole)) as container:
        packets = [(packet.pos or 0, packet.is_keyframe) for packet in container.demux(video=0) if packet.size]
    key = [number for number, (_, is_key) in enumerate(packets) if is_key][2]
    data, start = whole.read_bytes(), packets[key - before][0] + PACKET
    path = tmp_path / "torn.ts"
    path.write_bytes(data[:start] + data[packets[key][0] :])
    clip, _, gaps, _ = decode(path)
    assert any(COUNTERS_BREAK in gap.reason for gap in gaps), gaps
    assert not any("no sign of lost data" in remark for remark in clip.remarks)
