"""Pictures of H.264 that were left out, or lost, between two keyframes: nothing but the coding's numbers tells it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from inspector.domain.clip import Clip, Frame, Gap
from inspector.engine.decode.decoder import Decoder, open_clip
from tests.clips import make_clip, read_code

FRAMES, GOP = 48, 16
REASON = "pictures that later ones may refer to are missing here, by the numbers of the coding"
OPTIONS = {"x264-params": f"keyint={GOP}:min-keyint={GOP}:scenecut=0:ref=1:bframes=0"}
Change = Callable[[Path, Path], None]


def without(numbers: set[int], *, closed: bool = False) -> Change:
    """Leave out these packets, and let the stamps run on over them where it is to be `closed`."""

    def change(source: Path, target: Path) -> None:
        with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
            stream = writing.add_stream_from_template(reading.streams.video[0])
            packets = [packet for packet in reading.demux(video=0) if packet.size]
            stamps = [(packet.pts, packet.dts) for packet in packets]
            kept = [packet for number, packet in enumerate(packets) if number not in numbers]
            for packet, (pts, dts) in zip(kept, stamps, strict=False):
                if closed:
                    packet.pts, packet.dts = pts, dts
                packet.stream = stream
                writing.mux(packet)

    return change


def doubled(source: Path, target: Path) -> None:
    """Store each tenth picture twice."""
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        for number, packet in enumerate(packet for packet in reading.demux(video=0) if packet.size):
            step = int(packet.duration or 1)
            for again in (0, 1) if number % 10 == 5 else (0,):
                copy: Any = av.Packet(bytes(packet))
                copy.pts = copy.dts = (packet.pts or 0) + again * step // 2
                copy.time_base, copy.is_keyframe, copy.stream = packet.time_base, packet.is_keyframe, stream
                writing.mux(copy)


def without_leading(group: int, *, is_first: bool) -> Change:
    """Leave out what is displayed before the keyframe of a group, also all before that, as programs that cut do."""

    def change(source: Path, target: Path) -> None:
        with av.open(str(source)) as reading:
            packets = [packet for packet in reading.demux(video=0) if packet.size]
        key = [number for number, packet in enumerate(packets) if packet.is_keyframe][group]
        early = {at for at in range(key + 1, len(packets)) if (packets[at].pts or 0) < (packets[key].pts or 0)}
        assert len(early) > 2
        without(early | (set(range(key)) if is_first else set()))(source, target)

    return change


def with_sets_in_packets_of_their_own(source: Path, target: Path) -> None:
    """Behind it a clip whose numbers have another length, with its parameter sets in packets before keyframes."""
    other = make_clip(source.with_stem("other"), frames=FRAMES, gop=GOP, options=OPTIONS)
    with av.open(str(source)) as first, av.open(str(other)) as second, av.open(str(target), "w") as writing:
        stream = writing.add_stream_from_template(first.streams.video[0])
        header = bytes(second.streams.video[0].codec_context.extradata or b"")
        size = int.from_bytes(header[6:8], "big")  # of the sequence parameter set, behind which a count of others is
        sets = b"".join(b"\0\0" + part for part in (header[6 : 8 + size], header[9 + size :]))
        stamp = 0
        for number, container in enumerate((first, second)):
            for packet in container.demux(video=0):
                parts = ([(sets, False)] if number and packet.is_keyframe else []) + [(bytes(packet), True)]
                for data, is_picture in parts if packet.size else []:
                    copy: Any = av.Packet(data)
                    copy.pts = copy.dts = stamp - 2 * (not is_picture)
                    copy.is_keyframe = is_picture and packet.is_keyframe
                    copy.time_base, copy.stream = packet.time_base, stream
                    writing.mux(copy)
                    stamp += is_picture * int(packet.duration or 1)


def changed(tmp_path: Path, change: Change, suffix: str = "mkv", **how: Any) -> tuple[Clip, list[Frame], list[Gap]]:
    whole, path = tmp_path / f"whole.{suffix}", tmp_path / f"changed.{suffix}"
    arguments: dict[str, Any] = {"frames": FRAMES, "gop": GOP, "options": OPTIONS} | how
    change(make_clip(whole, **arguments), path)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
        frames = [event for event in events if isinstance(event, Frame)]
        for frame in frames[::5]:
            assert decoder.frame_at(frame.pts).is_corrupt == frame.is_corrupt
    return clip, frames, [event for event in events if isinstance(event, Gap)]


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "ts"])
def test_behind_a_picture_that_is_missing_those_up_to_the_next_keyframe_are_damaged(tmp_path, suffix) -> None:
    _, frames, gaps = changed(tmp_path, without({20}), suffix)
    assert [frame.index for frame in frames if frame.is_corrupt] == list(range(20, 2 * GOP - 1))
    assert [gap.reason for gap in gaps] == [REASON]
    # They are indeed other pictures than those that were coded.
    assert [read_code(frame.image) for frame in frames[20:25]] != [*range(21, 26)]


def test_where_the_times_were_closed_a_remark_names_the_place(tmp_path) -> None:
    clip, frames, gaps = changed(tmp_path, without({20, 21}, closed=True))
    assert [frame.index for frame in frames if frame.is_corrupt] == list(range(20, 2 * GOP - 2))
    assert not gaps
    assert f"Before the picture at 0.80 s: {REASON}; the time stamps show no picture missing." in clip.remarks


def test_pictures_that_nothing_refers_to_may_be_left_out(tmp_path) -> None:
    options = {"x264-params": OPTIONS["x264-params"].replace("bframes=0", "bframes=1:b-adapt=0:weightp=0")}
    _, frames, gaps = changed(tmp_path, without(set(range(2, FRAMES, 2))), options=options, bframes=1)
    assert len(frames) > FRAMES // 2
    assert not [frame for frame in frames if frame.is_corrupt]
    assert not gaps


def test_a_picture_that_is_stored_twice_lacks_nothing(tmp_path) -> None:
    clip, frames, gaps = changed(tmp_path, doubled)
    assert not [frame for frame in frames if frame.is_corrupt]
    assert not gaps
    assert not [remark for remark in clip.remarks if REASON in remark]


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "flv"])
def test_parameter_sets_in_packets_of_their_own_tell_how_numbers_are_read(tmp_path, suffix) -> None:
    options = {"x264-params": OPTIONS["x264-params"].replace("ref=1", "ref=16:b-pyramid=normal")}
    clip, frames, gaps = changed(tmp_path, with_sets_in_packets_of_their_own, suffix, options=options)
    assert [read_code(frame.image) for frame in frames] == 2 * [*range(FRAMES)]
    assert not [frame for frame in frames if frame.is_corrupt]
    assert not gaps
    assert not [remark for remark in clip.remarks if REASON in remark]


@pytest.mark.parametrize("is_first", [False, True])
@pytest.mark.parametrize("suffix", ["mkv", "ts"])
def test_what_is_displayed_before_a_keyframe_of_an_open_group_may_be_left_out(tmp_path, suffix, is_first) -> None:
    """Programs that cut leave it out; what is displayed behind the keyframe does not refer to it."""
    groups = "open-gop=1:bframes=5:b-adapt=0:b-pyramid=normal:ref=6"
    options = {"x264-params": OPTIONS["x264-params"].replace("ref=1:bframes=0", groups)}
    _, frames, gaps = changed(tmp_path, without_leading(1, is_first=is_first), suffix, options=options, bframes=5)
    codes = [read_code(frame.image) for frame in frames]
    assert codes[-25:] == [*range(FRAMES - 25, FRAMES)]
    assert not [frame for frame in frames if frame.is_corrupt]
    assert not gaps


def test_a_picture_that_is_displayed_behind_a_keyframe_of_an_open_group_is_missed(tmp_path) -> None:
    options = {"x264-params": OPTIONS["x264-params"] + ":open-gop=1:intra-refresh=1"}
    _, frames, gaps = changed(tmp_path, without({GOP + 1}), "ts", options=options)
    assert [frame.index for frame in frames if frame.is_corrupt] == list(range(GOP + 1, 2 * GOP - 1))
    assert [gap.reason for gap in gaps] == [REASON]


@pytest.mark.parametrize(("first", "believed"), [(1, False), (30, True)])
def test_an_encoder_that_counts_as_it_likes_is_not_believed(tmp_path, first, believed) -> None:
    """It does so from the start, where lost pictures are lost at some time."""
    _, frames, _ = changed(tmp_path, without(set(range(first, FRAMES, 2))), "mp4")
    assert any(frame.is_corrupt for frame in frames) == believed
