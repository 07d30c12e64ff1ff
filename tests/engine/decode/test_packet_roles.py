"""What packets are for that hold no picture of their own: repeats, second fields, headers."""

import struct
from typing import Any

import av
import pytest

from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.decoder import Decoder, frame_sha256
from inspector.engine.decode.timing import stream_index
from inspector.engine.decode.timing.file_end import NO_DECLARED_END
from inspector.engine.decode.timing.output_order import OutputOrder
from tests.clips import make_clip
from tests.engine.decode.test_account import codes, decode, rewrite, shift
from tests.engine.decode.timing.field_coded import field_coded


def test_empty_chunks_at_the_end_of_an_avi_repeat_the_last_picture(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.avi", codec="mjpeg", pix_fmt="yuvj420p", frames=12)
    data = bytearray(path.read_bytes())
    index = data.index(b"idx1")
    data[index:index] = b"00dc\0\0\0\0" * 8
    at = data.index(b"strh") + 8 + 32
    assert struct.unpack_from("<I", data, at)[0] == 12
    struct.pack_into("<I", data, at, 20)
    path.write_bytes(data)
    _, frames, gaps, account = decode(path)
    assert codes(frames) == list(range(12))
    assert (account.stored, account.repeats, gaps) == (12, 8, [])


def test_a_frame_that_is_not_coded_repeats_the_picture_before(tmp_path) -> None:
    """ISO/IEC 14496-2, 6.2.5: a video object plane (VOP) with vop_coded 0, as encoders write for equal pictures."""
    whole = make_clip(tmp_path / "whole.avi", codec="mpeg4", frames=24, gop=12)

    def change(number: int, packet: Any) -> Any:
        if number not in (5, 6):
            return packet
        # P-VOP, no whole second passed, marker, time in 1/25 s (5 bits), marker, not coded, stuffing
        bits = "01" + "0" + "1" + f"{number:05b}" + "1" + "0" + "01111"
        bare = av.Packet(b"\0\0\1\xb6" + int(bits, 2).to_bytes(2, "big"))
        bare.pts, bare.dts, bare.time_base = packet.pts, packet.dts, packet.time_base
        return bare

    _, frames, gaps, account = decode(rewrite(whole, tmp_path / "clip.avi", change))
    assert [code for code in codes(frames) if code < 5 or code > 11] == [0, 1, 2, 3, 4, *range(12, 24)]
    assert (account.repeats, account.stored, account.lost, gaps) == (2, 22, 0, [])


def test_fields_that_are_stored_apart_are_one_picture(tmp_path, monkeypatch) -> None:
    """No encoder at hand writes them: the decoder's answer is replaced by that for such a stream."""
    path = make_clip(tmp_path / "clip.mkv", frames=20, gop=20)
    monkeypatch.setattr(stream_index, "has_regular_timestamps", lambda *_: False)
    first = list(range(0, 20, 2))
    answer = OutputOrder(first, interlaced=set(first))
    monkeypatch.setattr(stream_index, "decode_order", lambda _source, _wanted, _seams: answer)
    index = stream_index.StreamIndex(MediaSource(path))
    account = index.account(10, 0, 0, 0)
    assert (account.packets, account.stored, account.second_fields, account.unexplained) == (20, 10, 10, 0)
    assert index.frames.pts.tolist() == [80 * at for at in range(10)]


@pytest.mark.parametrize("suffix", ["ts", "mpg", "h264"])
@pytest.mark.parametrize("is_apart", [False, True])
@pytest.mark.parametrize("is_reordered", [False, True])
def test_a_second_field_of_h264_is_no_picture_without_a_time_stamp(tmp_path, suffix, is_apart, is_reordered) -> None:
    """As AVCHD camcorders write them."""
    path = field_coded(tmp_path / f"clip.{suffix}", is_apart=is_apart, is_reordered=is_reordered)
    clip, frames, gaps, account = decode(path)
    assert (codes(frames), gaps, account.second_fields) == (list(range(36)), [], 36)
    assert [round(clip.seconds(frame.pts) * 25) for frame in frames] == list(range(36))
    said = [remark for remark in clip.remarks if remark != NO_DECLARED_END]
    assert said == ["The file stores no time stamps: 25.000 pictures a second are declared in the stream or, without "
                    "that, assumed."] * (suffix == "h264")  # fmt: skip
    with Decoder(clip) as decoder:
        for frame in (frames[30], frames[5], frames[17]):
            assert frame_sha256(decoder.frame_at(frame.pts).image) == frame_sha256(frame.image)


def test_dropped_frames_of_an_avi_are_repeats_at_a_constant_rate(tmp_path) -> None:
    whole = make_clip(tmp_path / "whole.avi", codec="mjpeg", pix_fmt="yuvj420p", frames=12)
    path = rewrite(whole, tmp_path / "clip.avi", lambda n, packet: shift(n, packet, 0.12 if n > 5 else 0))
    clip, frames, gaps, account = decode(path)
    assert (codes(frames), gaps) == (list(range(12)), [])
    assert (account.stored, account.repeats, clip.is_variable_rate, clip.remarks) == (12, 3, False, ())
    assert clip.seconds(frames[6].pts) == pytest.approx(0.36)


@pytest.mark.parametrize("name", ["out.flv", "out.mkv"])
def test_packets_without_a_picture_are_no_damage(tmp_path, name) -> None:
    whole = make_clip(tmp_path / "whole.mp4", frames=50, gop=25, bframes=2)

    def change(_: int, packet: Any) -> list[Any]:
        sei = b"\x00\x00\x00\x0a\x06\x05\x06" + b"deepfake"[:6] + b"\x80"
        return [*(with_data(packet, data) for data in (b"\x00\x00\x00\x02\x09\xf0", sei)), packet]

    def with_data(packet: Any, data: bytes) -> Any:
        extra = av.Packet(data)
        extra.pts, extra.dts, extra.time_base = packet.pts, packet.dts, packet.time_base
        return extra

    _, frames, gaps, account = decode(rewrite(whole, tmp_path / name, change))
    assert codes(frames) == list(range(50))
    assert not any(frame.is_corrupt for frame in frames)
    assert (account.stored, account.shown, account.lost, gaps) == (50, 50, 0, [])
