"""Nothing that a file stores is dropped in silence: counts, sections, and the files that report_json showed wrong."""

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import av
import pytest

from inspector.domain.account import PictureAccount
from inspector.domain.clip import Clip, Frame, Gap, StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode.container import Media, open_media
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.display_order import StrictOrder
from inspector.engine.decode.timing import stream_index
from inspector.engine.decode.timing.file_end import NO_DECLARED_END
from inspector.engine.decode.timing.stored import packets
from tests.clips import make_clip, read_code


def decode(path: Path) -> tuple[Clip, list[Frame], list[Gap], PictureAccount]:
    """All of a clip; the account adds up, the index lists the frames, and each frame is found by its pts."""
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
        frames = [e for e in events if isinstance(e, Frame)]
        gaps = [e for e in events if isinstance(e, Gap)]
        account = decoder.account(len(frames), sum(frame.is_corrupt for frame in frames), gaps)
        assert account is not None
        assert account.unexplained == 0
        assert [frame.pts for frame in frames] == sorted({frame.pts for frame in frames})
        if not account.lost:
            assert decoder.index.pts.tolist() == [frame.pts for frame in frames]
            for frame in frames[:: max(len(frames) // 5, 1)]:
                again = decoder.frame_at(frame.pts)
                assert (again.index, read_code(again.image)) == (frame.index, read_code(frame.image))
    return clip, frames, gaps, account


def codes(frames: list[Frame]) -> list[int]:
    return [read_code(frame.image) for frame in frames]


def seconds(clip: Clip, frames: list[Frame]) -> list[float]:
    return [clip.seconds(frame.pts) for frame in frames]


_FORMATS = {".ts": "mpegts"}
Change = Callable[[int, Any], Any]
"""Number and packet -> the packet to write, None to leave it out, or a list of packets."""


def rewrite(source: Path, target: Path, change: Change) -> Path:
    """Copy the video packets of a file into another container, changed one by one."""
    with av.open(str(source)) as reading, av.open(str(target), "w", format=_FORMATS.get(target.suffix)) as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        number = 0
        for packet in reading.demux(video=0):
            if packet.size:
                changed = change(number, packet)
                number += 1
                for each in changed if isinstance(changed, list) else [changed]:
                    if each is not None:
                        each.stream = stream
                        writing.mux(each)
    return target


def shift(_: int, packet: Any, by: float) -> Any:
    ticks = round(by / packet.time_base)
    packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
    return packet


@pytest.mark.parametrize("pieces", [(0.0, 0.0), (90.0, 3.0), (90.0, 3.0, 90.0), (0.0, 9500.0), (5.0, 4.7)])
@pytest.mark.parametrize("bframes", [0, 2])
def test_joined_transport_streams_keep_all_pictures_and_name_the_seams(tmp_path, pieces, bframes) -> None:
    whole = b""
    for number, offset in enumerate(pieces):
        path = tmp_path / f"{number}.ts"
        piece = make_clip(tmp_path / f"{number}.mp4", frames=25, gop=12, bframes=bframes)
        rewrite(piece, path, partial(shift, by=offset + 1))
        whole += path.read_bytes()
    (tmp_path / "joined.ts").write_bytes(whole)
    clip, frames, gaps, account = decode(tmp_path / "joined.ts")
    assert codes(frames) == list(range(25)) * len(pieces)
    assert (account.stored, account.shown, account.damaged, account.lost, gaps) == (len(frames), len(frames), 0, 0, [])
    assert seconds(clip, frames) == pytest.approx([at * 0.04 for at in range(len(frames))], abs=0.001)
    assert [round(clip.seconds(s.start_pts), 2) for s in clip.sections] == [float(at) for at in range(len(pieces))]
    assert all(section.reason for section in clip.sections[1:])
    with Decoder(clip) as decoder:
        assert decoder.index.stored_at(frames[0].pts) == frames[0].pts
        assert decoder.index.stored_at(frames[-1].pts) != frames[-1].pts


def test_the_33_bits_of_a_transport_stream_wrap(tmp_path) -> None:
    piece = make_clip(tmp_path / "piece.mp4", frames=75, fps=1, gop=12, bframes=2)
    before = 2**33 / 90000 - 65  # FFmpeg continues the count itself when a stream begins less than a minute before
    path = rewrite(piece, tmp_path / "wrap.ts", partial(shift, by=before))
    clip, frames, gaps, _ = decode(path)
    assert codes(frames) == list(range(75))
    assert not gaps
    assert seconds(clip, frames) == pytest.approx(list(range(75)), abs=0.001)
    assert [section.reason for section in clip.sections[1:]] == [
        "the clock of the time stamps wraps around after 33 bits"
    ]


def test_the_33_bits_wrap_soon_after_the_start(tmp_path) -> None:
    """FFmpeg counts up to 0 then."""
    path = make_clip(tmp_path / "wrap.ts", frames=50, bframes=2, start_offset=2**33 / 90000 - 1)
    clip, frames, gaps, _ = decode(path)
    assert codes(frames) == list(range(50))
    assert not gaps
    (section,) = clip.sections[1:]
    assert section.reason == "the clock of the time stamps wraps around after 33 bits"
    assert clip.seconds(section.start_pts) == pytest.approx(1, abs=0.03)
    assert 0 <= section.stored_pts < 3600


@pytest.mark.parametrize("bframes", [0, 2])
def test_the_24_bits_of_old_flv_files_wrap(tmp_path, bframes) -> None:
    path = make_clip(tmp_path / "clip.flv", frames=60, gop=20, bframes=bframes, start_offset=(1 << 24) / 1000 - 1)
    data, at = bytearray(path.read_bytes()), 13
    while at + 11 < len(data):
        data[at + 7] = 0  # the upper 8 bits of the time
        at += 15 + int.from_bytes(data[at + 1 : at + 4], "big")
    path.write_bytes(data)
    clip, frames, gaps, _ = decode(path)
    assert codes(frames) == list(range(60))
    assert not gaps
    assert seconds(clip, frames) == pytest.approx([at * 0.04 for at in range(60)], abs=0.001)
    assert [section.reason for section in clip.sections[1:]] == [
        "the clock of the time stamps wraps around after 24 bits"
    ]


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv", "out.flv", "out.ts"])
def test_one_stamp_hours_ahead_is_named_and_its_picture_keeps_its_place(tmp_path, name) -> None:
    whole = make_clip(tmp_path / "whole.mp4", frames=50, gop=25, bframes=2)

    def change(number: int, packet: Any) -> Any:
        if number == 31:
            packet.pts += round(9500 / packet.time_base)
        return packet

    clip, frames, gaps, account = decode(rewrite(whole, tmp_path / name, change))
    assert codes(frames) == list(range(50))
    assert seconds(clip, frames) == pytest.approx([at * 0.04 for at in range(50)], abs=0.0011)
    assert (account.stored, gaps, clip.sections, clip.is_variable_rate) == (50, [], (), False)
    (remark,) = set(clip.remarks) - {NO_DECLARED_END}
    assert "One time stamp" in remark


def test_an_edit_list_cuts_pictures_and_damages_nothing(tmp_path) -> None:
    whole = make_clip(tmp_path / "whole.mp4", frames=50, gop=25, bframes=2)
    data = bytearray(whole.read_bytes())
    at = data.index(b"elst")
    timescale = struct.unpack_from(">I", data, data.index(b"mvhd") + 16)[0]
    assert struct.unpack_from(">I", data, at + 8)[0] == 1
    struct.pack_into(">I", data, at + 12, timescale)  # of two seconds, one is shown
    path = tmp_path / "cut.mp4"
    path.write_bytes(data)
    clip, frames, gaps, account = decode(path)
    assert codes(frames) == list(range(25))
    assert (account.stored, account.shown, account.cut, account.lost, gaps) == (50, 25, 25, 0, [])
    assert account.text() == "stored 50, shown 25 (25 cut by the edit list), damaged 0, lost 0"
    assert clip.declared_frames == 50


def test_a_truncated_file_with_an_edit_list_still_breaks_off(tmp_path) -> None:
    options = {"movflags": "+faststart"}
    path = make_clip(tmp_path / "clip.mp4", frames=50, gop=10, bframes=2, container_options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    _, _, gaps, account = decode(path)
    assert "breaks off" in gaps[-1].reason
    assert account.cut == 0
    assert account.stored < 50
    assert account.stored + account.missing == pytest.approx(50, abs=1)


def test_h264_in_avi_has_even_times(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=50, gop=25, bframes=2)
    clip, frames, gaps, account = decode(path)
    assert codes(frames) == list(range(50))
    assert seconds(clip, frames) == pytest.approx([at * 0.04 for at in range(50)])
    assert (account.stored, account.lost, gaps) == (50, 0, [])
    assert "order of decoding" in clip.remarks[0]


def test_a_hole_in_a_damaged_matroska_file_is_a_gap(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mkv", frames=275, gop=25, bframes=2)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1000] = bytes(index * 37 % 256 for index in range(1000))
    path.write_bytes(data)
    clip, frames, gaps, account = decode(path)
    missing = set(range(275)) - {frame.pts // 40 for frame in frames}
    in_gaps = {n for n in range(275) if any(gap.start_pts <= n * 40 < gap.end_pts for gap in gaps)}
    assert missing
    assert missing <= in_gaps
    assert "could not be read" in gaps[0].reason
    assert not clip.is_variable_rate
    assert account.missing == pytest.approx(len(missing), abs=1)


def test_decoders_of_one_process_share_the_index(tmp_path, monkeypatch) -> None:

    made: list[Path] = []
    real = stream_index.read_packets
    monkeypatch.setattr(stream_index, "read_packets", lambda media, *rest: made.append(media) or real(media, *rest))
    path = make_clip(tmp_path / "clip.mkv", frames=12)
    for _ in range(3):
        with Decoder(open_clip(path)) as decoder:
            assert len(decoder.index) == 12
    assert len(made) == 1
    make_clip(path, frames=13)
    with Decoder(open_clip(path)) as decoder:
        assert len(decoder.index) == 13


def with_edits(path: Path, edits: list[tuple[float, float]]) -> Path:
    """Replace the edit list of an MP4 file whose index is at its end: (seconds shown, media time in seconds or -1)."""
    data = bytearray(path.read_bytes())
    scale, media_scale = (struct.unpack_from(">I", data, data.index(name) + 16)[0] for name in (b"mvhd", b"mdhd"))
    first = struct.unpack_from(">i", data, data.index(b"elst") + 16)[0]
    entries = [
        struct.pack(">IiI", round(shown * scale), -1 if at < 0 else first + round(at * media_scale), 1 << 16)
        for shown, at in edits
    ]
    table = struct.pack(">I4sII", 16 + 12 * len(edits), b"elst", 0, len(edits)) + b"".join(entries)
    box = struct.pack(">I4s", 8 + len(table), b"edts") + table
    start = data.index(b"edts") - 4
    size = struct.unpack_from(">I", data, start)[0]
    data[start : start + size] = box
    for name in (b"moov", b"trak"):
        at_name = data.index(name) - 4
        struct.pack_into(">I", data, at_name, struct.unpack_from(">I", data, at_name)[0] + len(box) - size)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("edits", [[(1.0, -1)], [(1.0, -1)] * 3, [(0.0, 0)]])
def test_an_edit_list_that_shows_nothing_is_the_cause_that_is_named(tmp_path, edits) -> None:
    path = with_edits(make_clip(tmp_path / "clip.mp4", frames=12), edits)
    with pytest.raises(ClipError, match="stores 12 pictures, and its edit list shows none of them"):
        open_clip(path)


@pytest.mark.parametrize(
    ("edits", "shown", "again", "cut"),
    [
        ([(1.4, 1.0)], range(25, 60), 0, 25),
        ([(0.5, -1.0), (2.4, 0.0)], range(60), 0, 0),
        ([(0.48, 0.0), (0.48, 1.6)], [*range(12), *range(40, 52)], 0, 36),
        ([(1.0, 0.0), (1.0, 0.0)], [*range(25), *range(25)], 25, 35),
    ],
)
def test_edit_lists_cut_delay_and_repeat(tmp_path, edits, shown, again, cut) -> None:
    path = with_edits(make_clip(tmp_path / "clip.mp4", frames=60, gop=20, bframes=2), edits)
    _, frames, gaps, account = decode(path)
    assert codes(frames) == list(shown)
    assert (account.stored, account.shown_again, account.cut, account.lost, gaps) == (60, again, cut, 0, [])


@pytest.mark.parametrize(("order", "seams"), [((0, 2, 1), 1), ((0, 1, 1, 2), 1)])
def test_fragments_out_of_order_or_twice_lose_no_picture(tmp_path, order, seams) -> None:
    """FFmpeg itself discards the pictures of a fragment that goes back in time."""
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    path = make_clip(tmp_path / "clip.mp4", frames=60, gop=20, bframes=2, container_options=options)
    data, boxes, at = path.read_bytes(), [], 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        boxes.append((name, data[at : at + size]))
        at += size
    first = next(number for number, (name, _) in enumerate(boxes) if name == b"moof")
    fragments = [boxes[at][1] + boxes[at + 1][1] for at in range(first, first + 6, 2)]
    path.write_bytes(b"".join(box for _, box in boxes[:first]) + b"".join(fragments[number] for number in order))
    clip, frames, _, account = decode(path)
    assert codes(frames) == [code for number in order for code in range(20 * number, 20 * number + 20)]
    assert (account.stored, account.shown, account.lost) == (len(frames), len(frames), 0)
    assert len(clip.sections) == 1 + seams


@pytest.mark.parametrize("name", ["clip.mkv", "clip.flv", "clip.asf", "clip.avi"])
def test_a_truncated_file_ends_with_a_gap(tmp_path, name) -> None:
    path = make_clip(tmp_path / name, frames=60, gop=20, codec="mpeg4" if name == "clip.asf" else "libx264")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    clip, frames, gaps, account = decode(path)
    assert 15 < len(frames) < 50
    assert "breaks off" in gaps[-1].reason
    assert clip.seconds(gaps[-1].end_pts) > 2
    assert account.missing > 5


def test_a_second_file_behind_an_flv_file_is_named(tmp_path) -> None:
    """FFmpeg reads the first one only; the others can be chosen."""
    path = make_clip(tmp_path / "clip.flv", frames=30)
    path.write_bytes(path.read_bytes() * 3)
    clip, frames, gaps, _ = decode(path)
    assert codes(frames) == list(range(30))
    assert not gaps
    assert [stream.kind for stream in clip.other_streams] == [StreamKind.FOLLOWING_VIDEO] * 2


def test_a_damaged_packet_is_not_taken_for_one_without_a_picture(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mkv", frames=30, gop=10)
    with av.open(str(path)) as container:
        stored = [bytes(p) for p in container.demux(video=0) if p.size][13]
    path.write_bytes(path.read_bytes().replace(stored, b"\x55" * len(stored)))
    _, frames, gaps, account = decode(path)
    assert account.without_picture == 0
    assert account.lost + account.damaged > 0
    assert len(frames) + account.lost == 30
    assert gaps or account.damaged


def test_a_picture_that_the_decoder_returns_too_late_is_a_gap(tmp_path, monkeypatch) -> None:
    """Spliced streams do that: a picture is returned behind one that is displayed after it."""
    path = make_clip(tmp_path / "clip.mkv", codec="mjpeg", pix_fmt="yuvj420p", frames=12)
    accept, held = StrictOrder.accept, []

    def late(order: StrictOrder, frame: Any) -> Any:
        if frame.pts == 240:
            held.append(frame)
            del order._sent[240]
            order._pending.remove(240)
            return iter(())
        return accept(order, frame)

    monkeypatch.setattr(StrictOrder, "accept", late)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
        gaps = [event for event in events if isinstance(event, Gap)]
        frames = [event for event in events if isinstance(event, Frame)]
        account = decoder.account(len(frames), 0, gaps)
    assert held
    assert [frame.index for frame in frames] == [at for at in range(12) if at != 6]
    assert [(gap.start_pts, gap.end_pts) for gap in gaps] == [(240, 280)]
    assert account is not None
    assert (account.lost, account.unexplained) == (1, 0)


class _WithAnotherStream:
    """A container that meets packets of a stream that PyAV does not know, as a damaged transport stream may hold."""

    def __init__(self, container: Any) -> None:
        self._container, self.left = container, 3

    def __getattr__(self, name: str) -> Any:
        return getattr(self._container, name)

    def demux(self, *streams: Any) -> Any:
        for number, packet in enumerate(self._container.demux(*streams)):
            if self.left and number == 2:
                self.left -= 1
                raise IndexError("list index out of range")
            yield packet
        raise IndexError("list index out of range")


def test_a_stream_that_begins_later_does_not_end_the_reading(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.ts", frames=12)
    with open_media(path) as media:
        changed = Media(_WithAnotherStream(media.container), media.stream)  # type: ignore[arg-type]
        found = [packet for packet in packets(changed) if not isinstance(packet, str) and packet.size]
    assert 12 - 3 <= len(found) <= 12, "the packets at which it was raised are those of the other stream"
