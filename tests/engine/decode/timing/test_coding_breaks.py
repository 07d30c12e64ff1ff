"""Pictures cut out, or recordings joined, without being coded again and behind time stamps that go on."""

import re
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from inspector.domain.clip import Frame, Gap
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from inspector.engine.decode.display_order import NO_REFERENCE_AT_SEAM
from inspector.engine.decode.timing.coding import coding_breaks
from inspector.engine.decode.timing.coding.bits import Bits, Counter, counter_of_h264, counter_of_hevc
from inspector.engine.decode.timing.coding.coding_breaks import Breaks, CodedOrder, NumberedFrames
from tests.clips import code_picture, make_clip, read_code

GROUPS, GOP = 6, 12
KEYS = f"open-gop=1:keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=2:b-adapt=0"
CODECS = {
    "libx264": {"x264-params": KEYS},
    "libx265": {"x265-params": f"{KEYS}:log-level=none"},
    "mpeg2video": {"b": "2M", "sc_threshold": "1000000000"},
}
ANEW = "the coding begins anew while the time stamps go on"


def made(path: Path, codec: str, groups: int = GROUPS, more: str = "", **how) -> Path:
    options = {key: value + more for key, value in CODECS[codec].items()} if more else CODECS[codec]
    return make_clip(path, frames=groups * GOP, gop=GOP, codec=codec, bframes=2, options=options, **how)


def copied(target: Path, parts: list[tuple[Path, set[int]]], step: float = 0.04) -> Path:
    """The packets of groups of pictures of clips, with time stamps as if nothing lay between them."""
    with av.open(str(target), "w") as writing:
        stream, start = None, 0.0
        for path, groups in parts:
            with av.open(str(path)) as reading:
                video = reading.streams.video[0]
                stream = stream or writing.add_stream_from_template(video)
                packets = [packet for packet in reading.demux(video) if packet.size]
                numbers = np.cumsum([packet.is_keyframe for packet in packets]) - 1
                kept = [packet for packet, number in zip(packets, numbers, strict=True) if number in groups]
                base = video.time_base or Fraction(1, 1000)
                first, last = (bound(packet.pts or 0 for packet in kept) for bound in (min, max))
                for packet in kept:
                    shift = round(start / base) - first
                    packet.pts, packet.dts = (packet.pts or 0) + shift, (packet.dts or 0) + shift
                    packet.stream = stream
                    writing.mux(packet)
                start += float((last - first) * base) + step
    return target


def groups_of(path: Path) -> list[tuple[set[int], set[int]]]:
    """Of each group the numbers of its pictures, and of those among them that are displayed before its keyframe."""
    with av.open(str(path)) as reading:
        packets = [packet for packet in reading.demux(video=0) if packet.size]
    place = {pts: number for number, pts in enumerate(sorted(packet.pts or 0 for packet in packets))}
    found: list[tuple[set[int], set[int]]] = []
    key = 0
    for packet in packets:
        number = place[packet.pts or 0]
        if packet.is_keyframe:
            key = number
            found.append((set(), set()))
        found[-1][0].add(number)
        if number < key:
            found[-1][1].add(number)
    return found


ALL = set(range(20))


def events_of(path: Path) -> list[Frame | Gap]:
    with Decoder(open_clip(path)) as decoder:
        return list(decoder.frames())


def has_remark(path: Path) -> bool:
    return any(ANEW in remark for remark in open_clip(path).remarks)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("suffix", ["mkv", "mp4", "ts"])
def test_behind_pictures_that_were_cut_out_only_what_refers_to_them_is_lost(tmp_path, codec, suffix) -> None:
    whole = made(tmp_path / f"whole.{suffix}", codec)
    expected = {read_code(event.image): event for event in events_of(whole) if isinstance(event, Frame)}
    assert not has_remark(whole)
    groups = groups_of(whole)
    before, lost = set().union(*(own for own, _ in groups[:4])), groups[5][1]
    behind = set().union(*(own for own, _ in groups[5:])) - lost
    assert lost
    path = copied(tmp_path / f"cut.{suffix}", [(whole, {0, 1, 2, 3}), (whole, ALL - {4, 3, 2, 1, 0})])
    events = events_of(path)
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert (gap.reason, events.index(gap)) == (NO_REFERENCE_AT_SEAM, len(before))
    shown = {read_code(event.image): event for event in events if isinstance(event, Frame)}
    assert list(shown) == sorted(before | behind)
    for number, frame in shown.items():
        assert not frame.is_corrupt
        assert frame_sha256(frame.image) == frame_sha256(expected[number].image)
    assert has_remark(path)
    with Decoder(open_clip(path)) as decoder:
        for frame in (shown[max(behind)], shown[min(behind)], shown[max(before)], shown[3]):
            assert frame_sha256(decoder.frame_at(frame.pts).image) == frame_sha256(frame.image)


def test_behind_a_hole_what_refers_to_it_is_lost_though_no_number_tells(tmp_path) -> None:
    """Of MPEG-2 two groups do not suffice to believe the time codes."""
    whole = made(tmp_path / "whole.ts", "mpeg2video")
    groups = groups_of(whole)
    before, behind = groups[0][0] | groups[1][0], set().union(*(own for own, _ in groups[4:])) - groups[4][1]
    events = events_of(copied(tmp_path / "cut.ts", [(whole, {0, 1}), (whole, ALL - {0, 1, 2, 3})], step=1.0))
    shown = [read_code(event.image) for event in events if isinstance(event, Frame)]
    assert shown == sorted(before | behind)
    assert [event.reason for event in events if isinstance(event, Gap)] == [NO_REFERENCE_AT_SEAM]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("size", [(96, 64), (160, 96)])
def test_a_recording_that_was_joined_without_a_jump_of_the_time_loses_no_whole_picture(tmp_path, codec, size) -> None:
    """The decoders of H.264 and H.265 mixed their pictures, that of MPEG-2 lost the last one before another size."""
    other = {"picture": lambda number: code_picture(number + 1000, size), "size": size}
    first, second = made(tmp_path / "1.ts", codec, 3), made(tmp_path / "2.ts", codec, 4, **other)
    behind = set(range(4 * GOP)) - groups_of(second)[0][0] - groups_of(second)[1][1]
    path = copied(tmp_path / "joined.mkv", [(first, ALL), (second, ALL - {0})])
    events = events_of(path)
    shown = [read_code(event.image) for event in events if isinstance(event, Frame)]
    assert shown == [*range(3 * GOP), *(1000 + number for number in sorted(behind))]
    assert not any(event.is_corrupt for event in events if isinstance(event, Frame))
    assert [event.reason for event in events if isinstance(event, Gap)] == [NO_REFERENCE_AT_SEAM]
    assert has_remark(path)


def test_another_shape_of_pixels_loses_no_picture(tmp_path) -> None:
    """As where a broadcast changes between 4:3 and 16:9: FFmpeg's decoder drops the picture that it holds back."""
    parts = [
        (made(tmp_path / f"{number}.ts", "mpeg2video", 2, sample_aspect=aspect), ALL)
        for number, aspect in enumerate((Fraction(12, 11), Fraction(16, 11)))
    ]
    events = events_of(copied(tmp_path / "joined.ts", parts))
    assert [read_code(event.image) for event in events if isinstance(event, Frame)] == [*range(2 * GOP)] * 2
    assert not any(isinstance(event, Gap) or event.is_corrupt for event in events)


def test_a_broken_link_is_believed(tmp_path) -> None:
    """An editor sets it in the open group behind its cut (ITU-T H.262, 6.3.8)."""
    path = made(tmp_path / "whole.ts", "mpeg2video", 3)
    with av.open(str(path)) as container:
        keys = [bytes(packet) for packet in container.demux(video=0) if packet.is_keyframe]
    data, head = bytearray(path.read_bytes()), keys[2][keys[2].index(b"\0\0\1\xb8") :][:8]
    assert head[7] & 0x60 == 0
    at = data.index(head)
    data[at + 7] |= 0x20
    path.write_bytes(data)
    (gap,) = [event for event in events_of(path) if isinstance(event, Gap)]
    assert gap.reason == NO_REFERENCE_AT_SEAM


@pytest.mark.parametrize(
    ("codec", "more", "how"),
    [
        ("libx264", ":b-pyramid=none:ref=1", {}),
        ("libx264", ":b-pyramid=strict:ref=8", {"rate": "variable"}),
        ("libx264", ":interlaced=1:tff=1", {}),
        ("libx264", ":intra-refresh=1", {}),
        ("libx265", ":temporal-layers=1", {}),
        ("libx265", ":b-pyramid=0:ref=1", {"rate": "variable"}),
    ],
)
def test_a_whole_recording_has_no_break(tmp_path, codec, more, how) -> None:
    path = made(tmp_path / "whole.mkv", codec, 4, more, **how)
    assert [read_code(event.image) for event in events_of(path) if isinstance(event, Frame)] == [*range(4 * GOP)]
    assert not has_remark(path)


def rewritten(source: Path, target: Path, change: Callable[[bytes, int, int], bytes]) -> Path:
    """The packets of a clip; `change` gets the bytes of each, its number and how many keyframes came so far."""
    keys = 0
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        for number, packet in enumerate(packet for packet in reading.demux(video=0) if packet.size):
            keys += packet.is_keyframe
            new = av.Packet(change(bytes(packet), number, keys))
            new.pts, new.dts, new.time_base = packet.pts, packet.dts, packet.time_base
            new.is_keyframe, new.stream = packet.is_keyframe, stream
            writing.mux(new)
    return target


def codes_of(path: Path) -> list[int]:
    return [read_code(event.image) for event in events_of(path) if isinstance(event, Frame)]


def test_parameter_sets_side_by_side_are_no_change(tmp_path) -> None:
    """A second sequence, which no picture uses, stands before each keyframe."""

    def change(data: bytes, number: int, keys: int) -> bytes:
        found = re.search(rb"\0\0\x01(\x67.{3})(.*?)(?=\0\0\0?\x01)", data, re.DOTALL)
        if not found:
            return data
        body = found[2].replace(b"\0\0\3", b"\0\0")
        bits = f"{int.from_bytes(body, 'big'):0{8 * len(body)}b}".rstrip("0")
        assert bits[0] == "1", "its number is 0"
        bits = "010" + bits[1:]
        second = int(bits.ljust(-len(bits) // 8 * -8, "0"), 2).to_bytes(-len(bits) // 8 * -1, "big")
        second = found[1] + re.sub(rb"\0\0(?=[\0-\x03])", b"\0\0\3", second)
        return data[: found.end()] + b"\0\0\0\1" + second + data[found.end() :]

    path = rewritten(made(tmp_path / "1.ts", "libx264", 4), tmp_path / "2.ts", change)
    assert path.read_bytes() != (tmp_path / "1.ts").read_bytes()
    assert codes_of(path) == [*range(4 * GOP)]
    assert not has_remark(path)


def unit(header: int, bits: str) -> bytes:
    """A unit of H.264 behind its start code."""
    bits += "1"
    return (
        b"\0\0\1"
        + bytes([header])
        + int(bits.ljust(-len(bits) // 8 * -8, "0"), 2).to_bytes(-len(bits) // 8 * -1, "big")
    )


@pytest.mark.parametrize(("numbers", "broken"), [((3, 3, 4, 4), []), ((3, 3, 6, 6), [2])])
def test_a_second_field_has_the_number_of_the_first(tmp_path, numbers, broken) -> None:
    """Each is a packet of its own, and of an I-frame each may be marked as a keyframe."""
    # Main profile, 4 bits for the number, order count of type 2, a reference picture, one macroblock, fields
    sequence = unit(0x67, f"{77:08b}{0:08b}{30:08b}" + "1" + "1" + "011" + "010" + "0" + "1" + "1" + "0")
    finder, breaks = NumberedFrames(), Breaks()
    with av.open(str(made(tmp_path / "1.ts", "libx264", 1))) as container:
        for at, number in enumerate(numbers):
            # Macroblock 0, an I-slice, parameter set 0, the number, a field, the bottom one
            slice_ = unit(0x61, "1" + "0001000" + "1" + f"{number:04b}" + "1" + str(at % 2))
            packet: Any = av.Packet(sequence + slice_)
            packet.stream, packet.is_keyframe = container.streams.video[0], True
            finder.add(packet, at, breaks)
    assert breaks.numbers[1:] == broken, "the first one is that of the clip"


@pytest.mark.parametrize(("fields", "seconds"), [((0, 1, 0, 1), [1, 3]), ((2, 3, 2, 3), [])])
def test_a_packet_with_both_fields_has_no_second_one(tmp_path, fields, seconds) -> None:
    """As pictures of one number, which begin by turns with the one field and the other; 2 and 3 have both."""
    sequence = unit(0x67, f"{77:08b}{0:08b}{30:08b}" + "1" + "1" + "011" + "010" + "0" + "1" + "1" + "0")
    finder, breaks = NumberedFrames(), Breaks()
    with av.open(str(made(tmp_path / "1.ts", "libx264", 1))) as container:
        for at, kind in enumerate(fields):
            own = (kind % 2, 1 - kind % 2) if kind > 1 else (kind,)
            slices = (unit(0x61, "1" + "0001000" + "1" + f"{3:04b}" + "1" + str(one)) for one in own)
            packet: Any = av.Packet(sequence + b"".join(slices))
            packet.stream, packet.is_keyframe = container.streams.video[0], True
            finder.add(packet, at, breaks)
    assert breaks.second_fields == seconds


@pytest.mark.parametrize("more", [":b-pyramid=0", ":b-pyramid=0:bframes=3"])
def test_stamps_in_decoding_order_tell_no_break(tmp_path, more) -> None:
    """As in AVI, or from programs that know nothing of B-frames."""
    whole, path = made(tmp_path / "whole.mkv", "libx265", 4, more), tmp_path / "rising.mkv"
    with av.open(str(whole)) as reading, av.open(str(path), "w") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        for number, packet in enumerate(packet for packet in reading.demux(video=0) if packet.size):
            packet.pts = packet.dts = number * 40
            packet.stream = stream
            writing.mux(packet)
    assert codes_of(path) == [*range(4 * GOP)]


@pytest.mark.parametrize(
    ("fps", "code"),
    [
        (25, lambda time: divmod((time - 30) % (86400 * 25), 25)),  # begins shortly before midnight
        (60, lambda time: divmod(3570 + time + 4 * (time >= 30), 60)),  # of 59.94 pictures, at the end of a minute
    ],
)
def test_time_codes_go_on_at_midnight_and_at_a_full_minute(tmp_path, fps, code) -> None:
    def change(data: bytes, number: int, keys: int) -> bytes:
        return with_time_code(data, code(starts[keys - 1]), is_drop=fps == 60)

    whole = made(tmp_path / "1.ts", "mpeg2video", fps=fps)
    starts = np.cumsum([0, *(len(own) for own, _ in groups_of(whole))]).tolist()
    path = rewritten(whole, tmp_path / "2.ts", change)
    assert codes_of(path) == [*range(GROUPS * GOP)]
    assert not has_remark(path)


def test_pictures_that_are_shown_for_longer_are_no_jump_of_the_time_codes(tmp_path) -> None:
    """Films among other pictures at 30 pictures in a second: two fields more from the third group on."""

    def change(data: bytes, number: int, keys: int) -> bytes:
        if keys > 3 and number in (starts[keys - 1] + 1, starts[keys - 1] + 2):
            at = re.search(rb"\0\0\x01\xb5[\x80-\x8f]..", data, re.DOTALL)
            assert at
            data = data[: at.end()] + bytes([data[at.end()] | 2]) + data[at.end() + 1 :]
        return with_time_code(data, divmod(starts[keys - 1] + max(keys - 4, 0), 25))

    whole = made(tmp_path / "1.ts", "mpeg2video")
    starts = np.cumsum([0, *(len(own) for own, _ in groups_of(whole))]).tolist()
    path = rewritten(whole, tmp_path / "2.ts", change)
    assert codes_of(path) == [*range(GROUPS * GOP)]
    assert not has_remark(path)


def with_time_code(data: bytes, code: tuple[int, int], *, is_drop: bool = False) -> bytes:
    """The bytes of a packet with that time code of its group: seconds and pictures."""
    at = data.find(b"\0\0\1\xb8") + 4
    if at < 4:
        return data
    hours, minutes, seconds = code[0] // 3600, code[0] // 60 % 60, code[0] % 60
    value = is_drop << 24 | hours << 19 | minutes << 13 | 1 << 12 | seconds << 6 | code[1]
    return data[:at] + (value << 7 | data[at + 3] & 127).to_bytes(4, "big") + data[at + 4 :]


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_damaged_configuration_tells_nothing(tmp_path, codec) -> None:
    """Cut off, or of units without a byte."""
    path = made(tmp_path / "whole.mp4", codec, 2)
    name, at = (b"avcC", 6) if codec == "libx264" else (b"hvcC", 26)
    data = path.read_bytes()
    start = data.index(name) + 4 + at - (codec == "libx264")
    for damaged in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xe1\0\0\0", b"\x01\0\1\0\0"):
        path.write_bytes(data[:start] + damaged + data[start + len(damaged) :])
        with suppress(ClipError):  # without its parameter sets no picture may be decodable
            assert not has_remark(path)


def test_numbers_of_variable_length_are_read() -> None:
    bits = Bits(bytes([0b1_010_011_0, 0b0100_0010, 0b1_0000000]) + b"\0\0\3\1")
    assert [bits.number() for _ in range(4)] == [0, 1, 2, 3]
    assert bits.signed() == -2
    assert bits.read(7 + 24) == 1, "the byte against false start codes is none"
    with pytest.raises(IndexError):
        bits.read(1)


def test_parameter_sets_that_no_encoder_writes_tell_nothing() -> None:
    """That a picture's number has a thousand million bits, which no memory holds."""
    long = "0" * 30 + "1" + "0" * 30
    h264 = f"{77:08b}{0:08b}{30:08b}" + "1"
    hevc = "0" * 7 + "1" + "0" * 96 + "1" + "010" + "1" + "1" + "0" + "1" + "1"
    for read, start, bits in (
        (counter_of_h264, b"", h264 + "{}" + "011" + "010" + "0" + "1" + "1" + "0"),
        (counter_of_hevc, b"\x42", hevc + "{}" + "1"),
    ):
        assert read(start + unit(1, bits.format("1"))[3:]).bits == 4
        with pytest.raises(IndexError):
            read(start + unit(1, bits.format(long))[3:])


def test_parameter_sets_are_read_once(tmp_path, monkeypatch) -> None:
    """A file may repeat hundreds of them, which need not be read again for each of its pictures."""
    calls: list[bytes] = []

    def counted(own: bytes) -> Counter:
        calls.append(own)
        return counter_of_h264(own)

    monkeypatch.setattr(coding_breaks, "counter_of_h264", counted)
    finder, breaks = NumberedFrames(), Breaks()
    body = f"{77:08b}{0:08b}{30:08b}" + "1" + "1" + "011" + "010" + "0" + "1" + "1" + "1"
    sets = b"".join(unit(0x67, body + f"{number:016b}") for number in range(1, 300))
    with av.open(str(made(tmp_path / "1.ts", "libx264", 1))) as container:
        for number in range(20):
            slice_ = unit(0x61, "1" + "00110" + "1" + f"{number % 16:04b}")
            packet: Any = av.Packet((b"" if number % 10 else sets) + slice_)
            packet.stream, packet.is_keyframe = container.streams.video[0], not number
            finder.add(packet, number, breaks)
    assert not breaks.lacking
    assert len(calls) <= 128


def test_a_count_is_held_against_the_place_of_the_picture() -> None:
    """Stored as 0 3 1 2, 6 (a keyframe) 4 5: the count is that of the place, with the lower 4 bits of it."""
    shown = [0, 2, 3, 1, 5, 6, 4]
    assert not CodedOrder((2, 3, 4), (1, 2, 6), 16).is_broken(shown)
    assert not CodedOrder((2, 3, 4), (14, 15, 3), 16).is_broken(shown)
    assert not CodedOrder((2, 3, 4), (2, 4, 12), 16).is_broken(shown), "each second layer was left out"
    assert CodedOrder((2, 3, 4), (1, 2, 9), 16).is_broken(shown)
    assert not CodedOrder((2, 3, 9), (1, 2, 9), 16).is_broken(shown), "no picture"
    assert not CodedOrder((2, 3, 4), (2, 1, 9), 16).is_broken(shown), "another order than that of the stamps"
