"""Whole files that were joined, begin late, or count in an unusual way: nothing of them is damaged, all is named."""

import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from inspector.domain.clip import StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import open_clip
from inspector.engine.decode.formats.file_bytes import file_bytes
from inspector.engine.decode.formats.mpegts import video_changes
from inspector.engine.decode.timing.file_end import NO_DECLARED_END
from inspector.engine.decode.video_properties import ALPHA_NOT_APPLIED
from tests.clips import make_clip
from tests.decoding import decode_all

FRAMES = 20


@pytest.mark.parametrize(("name", "codec"), [("clip.mkv", "libx264"), ("clip.webm", "libvpx"), ("clip.ogv", "libvpx")])
def test_the_header_of_a_joined_file_is_no_damage(tmp_path: Path, name: str, codec: str) -> None:
    path = make_clip(tmp_path / name, frames=FRAMES, codec=codec)
    path.write_bytes(path.read_bytes() * 2)
    clip, shown, gaps, account = decode_all(path)
    assert shown == [*range(FRAMES)] * 2
    assert not gaps
    assert "damaged 0, lost 0" in account
    assert [section.reason for section in clip.sections] == ["", "the time stamps go back by 0.80 s"]
    assert not [remark for remark in clip.remarks if "damaged" in remark]
    assert clip.duration_pts is not None
    assert clip.duration_pts * clip.time_base == pytest.approx(2 * FRAMES / 25, abs=0.05)


@pytest.mark.parametrize(
    ("first", "behind"), [("mp4", "mp4"), ("mkv", "mp4"), ("avi", "mkv"), ("wmv", "wmv"), ("flv", "flv")]
)
def test_a_second_file_behind_the_first_is_named_and_can_be_opened(tmp_path: Path, first: str, behind: str) -> None:
    codecs = {"wmv": "wmv2"}
    one = make_clip(tmp_path / f"first.{first}", frames=FRAMES, codec=codecs.get(first, "libx264"))
    size = (128, 96)
    two = make_clip(
        tmp_path / f"second.{behind}", frames=10, size=size, codec=codecs.get(behind, "libx264"), audio=True
    )
    joined = tmp_path / f"joined.{first}"
    joined.write_bytes(one.read_bytes() + two.read_bytes())
    clip, shown, gaps, _ = decode_all(joined)
    assert (shown, gaps) == ([*range(FRAMES)], [])
    (other,) = clip.other_streams
    assert (other.kind, other.width) == (StreamKind.FOLLOWING_VIDEO, 128)
    chosen, shown, _, _ = decode_all(joined, other.number)
    assert shown == [*range(10)]
    assert (chosen.stream, chosen.width, chosen.other_streams[0].kind) == (other.number, 128, StreamKind.VIDEO)
    assert not open_clip(one).other_streams
    with pytest.raises(ClipError, match="holds no stream 9 of pictures"):
        open_clip(joined, stream=9)


def test_of_three_joined_matroska_files_ffmpeg_reads_two_and_the_third_is_named(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mkv", frames=FRAMES)
    path.write_bytes(path.read_bytes() * 3)
    clip, shown, gaps, _ = decode_all(path)
    assert (shown, gaps) == ([*range(FRAMES)] * 2, [])
    (third,) = clip.other_streams
    assert decode_all(path, third.number)[1] == [*range(FRAMES)]


def test_a_transport_stream_that_goes_on_with_other_packet_numbers_is_named(tmp_path: Path) -> None:
    one = make_clip(tmp_path / "one.ts", frames=FRAMES)
    two = make_clip(tmp_path / "two.ts", frames=10, container_options={"mpegts_start_pid": "512"})
    assert not open_clip(one).other_streams
    one.write_bytes(one.read_bytes() + two.read_bytes())
    clip, shown, gaps, _ = decode_all(one)
    assert (shown, gaps) == ([*range(FRAMES)], [])
    (other,) = clip.other_streams
    assert decode_all(one, other.number)[1] == [*range(10)]


@pytest.mark.parametrize("codecs", [("mpeg2video", "libx264"), ("libx264", "libx265"), ("libx264", "mpeg2video")])
@pytest.mark.parametrize("lead", [0, 77])
def test_a_transport_stream_that_goes_on_with_another_codec_keeps_all_pictures(
    tmp_path: Path, codecs: tuple[str, str], lead: int
) -> None:
    """FFmpeg keeps to the first codec of a PID; a capture may begin in mid-packet, and lose step at the seam."""
    one, two = (make_clip(tmp_path / f"{codec}.ts", frames=FRAMES, codec=codec) for codec in codecs)
    path = tmp_path / "joined.ts"
    path.write_bytes(bytes(lead) + one.read_bytes() + bytes(lead) + two.read_bytes())
    clip, shown, gaps, account = decode_all(path)
    assert (shown, gaps) == ([*range(FRAMES)], [])
    assert "damaged 0, lost 0" in account
    (other,) = clip.other_streams
    assert (other.kind, other.number) == (StreamKind.FOLLOWING_VIDEO, 1)
    chosen, shown, gaps, account = decode_all(path, other.number)
    assert (shown, gaps) == ([*range(FRAMES)], [])
    assert "damaged 0, lost 0" in account
    assert chosen.codec == other.codec != clip.codec
    assert [clip.remarks[-1], chosen.remarks[-1]] == [NO_DECLARED_END] * 2
    assert "this is number 2" in chosen.remarks[0]
    assert chosen.other_streams[0].kind is StreamKind.VIDEO


@pytest.mark.parametrize("at", [0, 1, 5, -1, -2])
def test_damaged_packets_of_a_transport_stream_are_passed_over(tmp_path: Path, at: int) -> None:
    path = make_clip(tmp_path / "clip.ts", frames=FRAMES)
    data = bytearray(path.read_bytes())
    start = (at % (len(data) // 188)) * 188
    data[start : start + 188] = bytes(188)
    path.write_bytes(data)
    with file_bytes(path) as found:
        assert video_changes(found) == []


def test_a_transport_stream_whose_sound_goes_on_while_its_video_takes_another_number_is_named(tmp_path: Path) -> None:
    """The position of the last packet tells nothing here: the sound keeps its packet number."""
    one = make_clip(tmp_path / "one.ts", frames=FRAMES, audio=True).read_bytes()
    data = bytearray(make_clip(tmp_path / "two.ts", frames=10, audio=True).read_bytes())
    swapped = {0x100: 0x102, 0x102: 0x100}
    for at in range(0, len(data), 188):
        pid = int.from_bytes(data[at + 1 : at + 3], "big")
        data[at + 1 : at + 3] = (pid & 0xE000 | swapped.get(pid & 0x1FFF, pid & 0x1FFF)).to_bytes(2, "big")
        if pid & 0x1FFF == 0x1000:  # the map of the program: its clock, its video, its checksum
            start = at + 5
            size = 3 + (int.from_bytes(data[start + 1 : start + 3], "big") & 0xFFF) - 4
            section = bytes(data[start : start + size]).replace(b"\xe1\x00", b"\xe1\x02")
            data[start : start + size + 4] = section + _checksum(section)
    path = tmp_path / "joined.ts"
    path.write_bytes(one + data)
    clip, shown, _, _ = decode_all(path)
    assert shown == [*range(FRAMES)]
    (other,) = clip.other_streams
    assert decode_all(path, other.number)[1] == [*range(10)]


def test_a_joined_recording_of_a_lower_rate_misses_no_picture(tmp_path: Path) -> None:
    """Its steps were measured by the longer recording's: each was a part that could not be decoded."""
    first = make_clip(tmp_path / "first.ts", frames=40, fps=25, bframes=2)
    second = make_clip(tmp_path / "second.ts", frames=24, fps=15, bframes=2)
    path = tmp_path / "joined.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    clip, shown, gaps, _ = decode_all(path)
    _, section = clip.sections
    back = float((section.start_pts - section.stored_pts) * clip.time_base)
    assert section.reason == f"the time stamps go back by {back:.2f} s"
    assert (len(shown), gaps) == (64, [])


def _section(kind: int, number: int, content: bytes) -> bytes:
    """A program association (0) or map (2) section, ISO/IEC 13818-1, 2.4.4."""
    length = (0xB000 | len(content) + 9).to_bytes(2, "big")
    section = bytes([kind]) + length + number.to_bytes(2, "big") + b"\xc1\0\0" + content
    return section + _checksum(section)


def _packets(pid: int, section: bytes, *, behind: bytes = b"") -> bytes:
    """The transport packets of a section, which begins behind these bytes of another one."""
    content, data, is_first = bytes([len(behind)]) + behind + section, b"", True
    while content:
        head = b"\x47" + (pid | 0x4000 * is_first).to_bytes(2, "big") + bytes([0x10])
        data += head + content[:184].ljust(184, b"\xff")
        content, is_first = content[184:], False
    return data


def _programs(*pids: int) -> bytes:
    content = b"".join(n.to_bytes(2, "big") + (0xE000 | pid).to_bytes(2, "big") for n, pid in enumerate(pids, 1))
    return _packets(0, _section(0, 1, content))


def _map(number: int, pid: int, videos: dict[int, int], *, descriptor: int = 0) -> bytes:
    listed = b"".join(bytes([kind]) + (0xE000 | of).to_bytes(2, "big") + b"\xf0\0" for of, kind in videos.items())
    first = next(iter(videos))
    padding = bytes([0x80, descriptor - 2]) + bytes(descriptor - 2) if descriptor else b""
    content = (0xE000 | first).to_bytes(2, "big") + (0xF000 | len(padding)).to_bytes(2, "big") + padding + listed
    return _packets(pid, _section(2, number, content))


@pytest.mark.parametrize("descriptor", [0, 200])
def test_a_map_of_several_packets_tells_the_change_of_codec(tmp_path: Path, descriptor: int) -> None:
    path = tmp_path / "maps.ts"
    before = _programs(0x1000) + _map(1, 0x1000, {0x100: 2}, descriptor=descriptor)
    after = _programs(0x1000) + _map(1, 0x1000, {0x100: 0x1B}, descriptor=descriptor)
    path.write_bytes(before * 20 + after * 20)
    with file_bytes(path) as data:
        (change,) = video_changes(data)
    assert change.tables == len(before) * 20
    assert change.position == change.tables + 188
    assert change.gone == change.listed == frozenset({0x100})


def test_two_programs_may_share_the_number_of_their_maps(tmp_path: Path) -> None:
    path = tmp_path / "maps.ts"
    maps = _programs(0x1000, 0x1000) + _map(1, 0x1000, {0x100: 2}) + _map(2, 0x1000, {0x200: 0x1B})
    path.write_bytes(maps * 20)
    with file_bytes(path) as data:
        assert video_changes(data) == []


def test_a_change_of_another_program_divides_nothing(tmp_path: Path) -> None:
    """The clip's own program goes on; what another one lists is another one's."""
    path = make_clip(tmp_path / "clip.ts", frames=FRAMES)
    data = path.read_bytes()
    other = {0x300: 2}, {0x300: 0x1B}
    packets = [data[at : at + 188] for at in range(0, len(data), 188)]
    is_table = [packet[1] & 0x1F == 0 and packet[2] == 0 for packet in packets]
    assert sum(is_table) > 1
    written = b""
    for number, (packet, table) in enumerate(zip(packets, is_table, strict=True)):
        later = number > len(packets) // 2
        written += _programs(0x1000, 0x1100) + _map(2, 0x1100, other[later]) if table else packet
    path.write_bytes(written)
    with file_bytes(path) as found:
        assert len(video_changes(found)) == 1
    clip, shown, gaps, _ = decode_all(path)
    assert (shown, gaps) == ([*range(FRAMES)], [])
    assert not any(stream.kind is StreamKind.FOLLOWING_VIDEO for stream in clip.streams)


def _checksum(section: bytes) -> bytes:
    register = 0xFFFFFFFF
    for byte in section:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ (0x04C11DB7 if register >> 31 else 0)) & 0xFFFFFFFF
    return register.to_bytes(4, "big")


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("clip.ivf", "libvpx", "yuv420p"), ("clip.mxf", "mpeg2video", "yuv422p"), ("clip.mxf", "libx264", "yuv420p"),
        ("clip.y4m", "wrapped_avframe", "yuv420p"), ("clip.y4m", "wrapped_avframe", "yuv444p"),
        ("clip.y4m", "wrapped_avframe", "gray"),
    ],
)  # fmt: skip
def test_joined_files_of_which_ffmpeg_reads_the_further_ones_wrongly_are_named(
    tmp_path: Path, name: str, codec: str, pix_fmt: str
) -> None:
    """It takes the header of the next one for a picture or for damage, or gives it the first one's time stamps."""
    parts = []
    for size, frames in (((96, 64), FRAMES), ((80, 48), 9), ((96, 64), 5)):
        parts.append(make_clip(tmp_path / name, frames=frames, size=size, codec=codec, pix_fmt=pix_fmt).read_bytes())
    path = tmp_path / name
    path.write_bytes(parts[0])
    assert not open_clip(path).other_streams
    path.write_bytes(b"".join(parts))
    clip, shown, gaps, account = decode_all(path)
    assert (shown, gaps) == ([*range(FRAMES)], [])
    assert not [remark for remark in clip.remarks if "damaged" in remark]
    assert account == f"stored {FRAMES}, shown {FRAMES}, damaged 0, lost 0"
    assert clip.remarks[0].startswith("The file is 3 recordings behind each other, and this is number 1 (bytes 0 to")
    second, third = clip.other_streams
    assert (second.width, second.kind, third.width) == (80, StreamKind.FOLLOWING_VIDEO, 96)
    assert decode_all(path, second.number)[1:3] == ([*range(9)], [])
    assert decode_all(path, third.number)[1:3] == ([*range(5)], [])


@pytest.mark.parametrize("frames", [2, 9])
def test_short_recordings_in_a_row_are_sections_and_no_more_is_said(tmp_path: Path, frames: int) -> None:
    path = make_clip(tmp_path / "clip.ts", frames=frames)
    path.write_bytes(path.read_bytes() * 3)
    clip, shown, gaps, _ = decode_all(path)
    assert (shown, gaps, len(clip.sections)) == ([*range(frames)] * 3, [], 3)
    assert clip.remarks == (NO_DECLARED_END,)


def test_a_fragment_alone_says_what_it_lacks(tmp_path: Path) -> None:
    flags = {"movflags": "+frag_keyframe+empty_moov+default_base_moof"}
    data = make_clip(tmp_path / "clip.mp4", frames=FRAMES, container_options=flags).read_bytes()
    (tmp_path / "part.m4s").write_bytes(data[data.index(b"moof") - 4 :])
    with pytest.raises(ClipError, match="one segment of a stream and lacks the stream's header"):
        open_clip(tmp_path / "part.m4s")


@pytest.mark.parametrize("declared", [FRAMES, FRAMES * 40])
def test_an_ivf_that_declares_pictures_or_ticks_is_whole(tmp_path: Path, declared: int) -> None:
    """The field behind the time base is the number of pictures, or in FFmpeg's older files the duration in ticks."""
    with av.open(str(make_clip(tmp_path / "clip.webm", frames=FRAMES, codec="libvpx"))) as source:
        packets = [bytes(packet) for packet in source.demux(video=0) if packet.size]
    head = struct.pack("<4sHH4sHHIIII", b"DKIF", 0, 32, b"VP80", 96, 64, 1000, 1, declared, 0)
    content = [struct.pack("<IQ", len(data), 40 * number) + data for number, data in enumerate(packets)]
    (tmp_path / "clip.ivf").write_bytes(head + b"".join(content))
    clip, shown, gaps, _ = decode_all(tmp_path / "clip.ivf")
    assert (shown, gaps, clip.declared_frames) == ([*range(FRAMES)], [], FRAMES)
    (tmp_path / "clip.ivf").write_bytes(head + b"".join(content[:15]))
    _, shown, (gap,), _ = decode_all(tmp_path / "clip.ivf")
    assert len(shown) == 15
    assert gap.reason == f"the file breaks off after 15 of {FRAMES} declared pictures"


def test_a_raw_mpeg_stream_has_even_times_and_a_duration(tmp_path: Path) -> None:
    make_clip(tmp_path / "clip.mpg", frames=FRAMES, codec="mpeg1video", options={"b": "1M"})
    with av.open(str(tmp_path / "clip.mpg")) as source:
        (tmp_path / "clip.m1v").write_bytes(b"".join(bytes(packet) for packet in source.demux(video=0) if packet.size))
    clip, shown, gaps, _ = decode_all(tmp_path / "clip.m1v")
    assert (shown, gaps, clip.is_variable_rate) == ([*range(FRAMES)], [], False)
    assert clip.duration_pts is not None
    assert clip.duration_pts * clip.time_base == pytest.approx(FRAMES / 25)


def test_transparency_that_is_not_applied_is_named(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "plain.webm", frames=3, codec="libvpx")
    assert ALPHA_NOT_APPLIED not in open_clip(path).remarks
    no_hidden = {"auto-alt-ref": "0"}
    make_clip(tmp_path / "alpha.webm", frames=3, codec="libvpx", pix_fmt="yuva420p", options=no_hidden)
    assert ALPHA_NOT_APPLIED in open_clip(tmp_path / "alpha.webm").remarks


@pytest.mark.parametrize(("codec", "pix_fmt", "end"), [("ffv1", "yuva444p10le", "mkv"), ("utvideo", "gbrap", "avi")])
def test_a_fourth_channel_that_is_in_use_is_named(tmp_path: Path, codec: str, pix_fmt: str, end: str) -> None:
    """Capture programs fill it with one value, which is no transparency."""

    def frame(opacity: int) -> Callable[[int], av.VideoFrame]:
        image = np.full((64, 96, 4), 255, np.uint8)
        image[:32, :, 3] = opacity
        return lambda number: av.VideoFrame.from_ndarray(image, format="rgba").reformat(format=pix_fmt)

    for opacity, is_named in ((255, False), (0, True)):
        path = make_clip(tmp_path / f"{opacity}.{end}", frames=3, codec=codec, pix_fmt=pix_fmt, raw=frame(opacity))
        assert (ALPHA_NOT_APPLIED in open_clip(path).remarks) == is_named


@pytest.mark.parametrize("name", ["clip.mkv", "clip.mp4", "clip.flv"])
def test_a_first_picture_that_comes_late_is_named(tmp_path: Path, name: str) -> None:
    assert not open_clip(make_clip(tmp_path / name, frames=FRAMES)).remarks
    clip, shown, gaps, _ = decode_all(make_clip(tmp_path / name, frames=FRAMES, start_offset=5.0))
    assert (shown, gaps) == ([*range(FRAMES)], [])
    (remark,) = clip.remarks
    assert "The first picture has the time stamp 5.0" in remark


def test_sound_long_before_the_first_picture_is_named(tmp_path: Path) -> None:
    """A transport stream's clock begins anywhere, so that only the sound tells."""
    path = make_clip(tmp_path / "clip.ts", frames=FRAMES, start_offset=3.0, audio=True)
    assert "The first picture comes 3.0" in open_clip(path).remarks[0]


@pytest.mark.parametrize(("name", "codec"), [("clip.mkv", "libx264"), ("clip.ogv", "libvpx"), ("clip.wmv", "wmv2")])
def test_a_missing_beginning_is_named(tmp_path: Path, name: str, codec: str) -> None:
    options = {"cluster_time_limit": "400"} if name == "clip.mkv" else None
    path = make_clip(tmp_path / name, frames=60, gop=10, codec=codec, container_options=options)
    with av.open(str(path)) as container:
        places = [packet.pos or 0 for packet in container.demux(video=0) if packet.size]
    data = bytearray(path.read_bytes())
    start, end = places[0], places[40]
    data[start:end] = bytes(end - start)
    path.write_bytes(data)
    clip, shown, gaps, _ = decode_all(path)
    assert len(shown) < 40
    late = [remark for remark in clip.remarks if "The first picture has the time stamp" in remark]
    assert gaps or late
