"""Whether a file's time stamps tell the order of its pictures, which the first few alone may not show."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest
from av.packet import Packet
from av.video.frame import PictureType

from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.timing.remarks import IN_DECODING_ORDER
from tests.clips import code_picture, make_clip
from tests.decoding import decode_all

FRAMES, LATE = 60, 30


def reordered_late(number: int) -> av.VideoFrame:
    """A picture, which the encoder is not to store behind later ones among the first."""
    frame = av.VideoFrame.from_ndarray(code_picture(number), format="rgb24").reformat(format="yuv420p")
    frame.pict_type = PictureType.P if number < LATE else PictureType.NONE
    return frame


def copied(source: Path, target: Path, change: Callable[[int, Packet], bool]) -> Path:
    """The packets for which `change` returns True, as it left them."""
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        for number, packet in enumerate(packet for packet in reading.demux(video=0) if packet.size):
            if change(number, packet):
                packet.stream = stream
                writing.mux(packet)
    return target


def in_decoding_order(number: int, packet: Packet) -> bool:
    packet.pts = packet.dts = number * 40
    return True


@pytest.mark.parametrize("gop", [25, 250])
def test_stamps_that_rise_are_those_of_decoding_also_where_pictures_are_reordered_late(tmp_path, gop) -> None:
    options = {"x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=2:b-adapt=0"}
    whole = make_clip(tmp_path / "a.mkv", frames=FRAMES, raw=reordered_late, bframes=2, options=options)
    with av.open(str(whole)) as container:
        stamps = [packet.pts or 0 for packet in container.demux(video=0) if packet.size]
    assert min(at for at in range(1, FRAMES) if stamps[at] < stamps[at - 1]) > LATE - 2
    assert decode_all(whole)[1:3] == ([*range(FRAMES)], [])
    clip, shown, gaps, _ = decode_all(copied(whole, tmp_path / "b.mkv", in_decoding_order))
    assert (shown, gaps) == ([*range(FRAMES)], [])
    assert IN_DECODING_ORDER in clip.remarks


def test_pictures_that_lack_their_references_at_the_start_do_not_upset_the_order(tmp_path) -> None:
    """A recording that was cut long before its first keyframe."""
    whole = make_clip(tmp_path / "a.ts", frames=120, gop=60, options={"x264-params": "scenecut=0"})
    path = copied(whole, tmp_path / "b.ts", lambda number, _: number > 3)
    clip = open_clip(path)
    assert IN_DECODING_ORDER not in clip.remarks
    with Decoder(clip) as decoder:
        assert decoder.index.can_seek
    assert decode_all(path)[1] == [*range(60, 120)]


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_pictures_that_are_not_reordered_have_no_stamps_in_decoding_order(tmp_path, codec) -> None:
    """Several small pictures in a piece of a program stream have one time stamp between them."""
    clip, shown, gaps, _ = decode_all(make_clip(tmp_path / "a.mpg", codec=codec, frames=50, gop=12))
    assert (shown, gaps) == ([*range(50)], [])
    assert IN_DECODING_ORDER not in clip.remarks
