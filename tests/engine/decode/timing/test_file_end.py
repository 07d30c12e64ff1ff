"""Fragments that are missing inside a file, and files that break off though their container states no length."""

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from inspector.domain.clip import Clip, Gap
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.formats.endings import Ending, ending
from inspector.engine.decode.formats.fragments import read_fragments
from inspector.engine.decode.formats.isobmff import Box, file_boxes
from inspector.engine.decode.timing.file_end import NO_DECLARED_END
from tests.clips import make_clip

FRAMES, GOP = 50, 10  # five fragments of 0.4 s
PLAIN = "+frag_keyframe+empty_moov+default_base_moof"
INDEXED = "+dash+frag_keyframe+global_sidx"
IN_FIRST_BOX = "+frag_keyframe+default_base_moof"  # the first pictures are not in a fragment


def make_fragments(path: Path, flags: str = PLAIN) -> tuple[bytes, list[Box]]:
    """A fragmented file: its bytes, and its fragments' headers."""
    make_clip(path, frames=FRAMES, gop=GOP, bframes=2, container_options={"movflags": flags})
    data = path.read_bytes()
    with path.open("rb") as file:
        return data, [box for box in file_boxes(file, 0, len(data)) if box.kind in (b"moof", b"mfra")]


def run(path: Path) -> tuple[Clip, int, list[Gap], float]:
    """The clip, the number of its frames, its gaps, and the seconds that both account for."""
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
        gaps = [event for event in events if isinstance(event, Gap)]
        frames = len(events) - len(gaps)
        account = decoder.account(frames, 0, gaps)
    assert account is not None
    assert not account.unexplained
    missing = sum(float((gap.end_pts - gap.start_pts) * clip.time_base) for gap in gaps)
    return clip, frames, gaps, frames / 25 + missing


@pytest.mark.parametrize("flags", [PLAIN, INDEXED, IN_FIRST_BOX])
def test_a_missing_fragment_is_a_gap_that_names_it(tmp_path: Path, flags: str) -> None:
    data, heads = make_fragments(tmp_path / "clip.mp4", flags)
    (tmp_path / "clip.mp4").write_bytes(data[: heads[1].start - 8] + data[heads[2].start - 8 :])
    _, frames, (gap,), seconds = run(tmp_path / "clip.mp4")
    assert frames == FRAMES - GOP
    assert gap.reason == "1 fragment is missing in the file, by the fragments' numbers"
    assert seconds == pytest.approx(2.0, abs=0.2)


def test_whole_fragmented_files_have_no_gap_and_no_remark(tmp_path: Path) -> None:
    for flags in (PLAIN, INDEXED, IN_FIRST_BOX):
        make_fragments(tmp_path / "clip.mp4", flags)
        clip, frames, gaps, _ = run(tmp_path / "clip.mp4")
        assert (frames, gaps, clip.remarks, clip.declared_frames) == (FRAMES, [], (), None)


def test_segments_with_an_index_for_each_track_are_not_twice_as_long(tmp_path: Path) -> None:
    """As those of streaming services (HLS) with sound, joined behind their header."""
    flags = {"movflags": "+dash+frag_keyframe"}
    path = make_clip(tmp_path / "clip.mp4", frames=FRAMES, gop=GOP, audio=True, container_options=flags)
    assert path.read_bytes().count(b"sidx") > 5
    _, frames, gaps, _ = run(path)
    assert (frames, gaps) == (FRAMES, [])


def test_fragments_after_the_last_whole_one_are_named_where_the_file_declares_them(tmp_path: Path) -> None:
    for flags, in_fragment, reason in (
        (INDEXED, 0, "declared end"),  # whose index declares the duration
        (PLAIN, 500, "declared end"),  # of the box that breaks off
    ):
        data, heads = make_fragments(tmp_path / "clip.mp4", flags)
        (tmp_path / "clip.mp4").write_bytes(data[: heads[3].start - 8 + in_fragment])
        _, _, gaps, seconds = run(tmp_path / "clip.mp4")
        assert reason in gaps[-1].reason
        if flags == INDEXED:
            assert seconds == pytest.approx(2.0, abs=0.2)


def test_fragments_without_a_declared_end_are_said_to_have_none(tmp_path: Path) -> None:
    data, heads = make_fragments(tmp_path / "clip.mp4")
    (tmp_path / "clip.mp4").write_bytes(data[: heads[3].start - 8])
    clip, frames, gaps, _ = run(tmp_path / "clip.mp4")
    assert (frames, gaps, clip.remarks) == (3 * GOP, [], (NO_DECLARED_END,))


def test_fragment_numbers_that_always_rise_by_two_miss_nothing(tmp_path: Path) -> None:
    data, heads = make_fragments(tmp_path / "clip.mp4")
    changed = bytearray(data)
    for number, head in enumerate(heads[:-1]):
        struct.pack_into(">I", changed, head.start + 12, 7 + 2 * number)
    (tmp_path / "clip.mp4").write_bytes(changed)
    assert not read_fragments(tmp_path / "clip.mp4").missing
    struct.pack_into(">I", changed, heads[-2].start + 12, 99)
    (tmp_path / "clip.mp4").write_bytes(changed)
    assert [count for _, count in read_fragments(tmp_path / "clip.mp4").missing] == [42]


@pytest.mark.parametrize("order", [("mvhd", "mvex"), ("mvex", "mvhd")])
def test_an_empty_header_declares_nothing(tmp_path: Path, order: tuple[str, str]) -> None:
    parts = {"mvhd": struct.pack(">I4s", 8, b"mvhd"), "mvex": struct.pack(">I4sI4s", 16, b"mvex", 8, b"mehd")}
    moov = b"".join(parts[name] for name in order)
    (tmp_path / "clip.mp4").write_bytes(struct.pack(">I4s", 8 + len(moov), b"moov") + moov)
    assert read_fragments(tmp_path / "clip.mp4").seconds is None


def test_pictures_before_the_first_fragment_are_not_all_that_a_stream_has(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", frames=60, container_options={"movflags": "frag_keyframe"})
    clip, shown, _, _ = run(path)
    assert (shown, clip.declared_frames, [info.pictures for info in clip.streams]) == (60, None, [None])


def test_a_part_of_a_live_stream_is_as_long_as_its_pictures(tmp_path: Path) -> None:
    """Its times count from the start of the stream, or from 1970."""
    data, _ = make_fragments(tmp_path / "clip.mp4")
    changed, at = bytearray(data), 0
    while (at := data.find(b"tfdt", at + 1)) > 0:
        ticks = int.from_bytes(data[at + 8 : at + 16], "big")
        changed[at + 8 : at + 16] = (ticks + 12_800 * 1_700_000_000).to_bytes(8, "big")
    (tmp_path / "clip.mp4").write_bytes(changed)
    clip, frames, gaps, _ = run(tmp_path / "clip.mp4")
    assert (frames, gaps) == (FRAMES, [])
    assert clip.duration_pts is not None
    assert clip.duration_pts * clip.time_base == 2
    assert clip.streams[0].seconds == pytest.approx(2.0, abs=0.01)


def test_a_movie_extends_header_declares_the_duration(tmp_path: Path) -> None:
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    header = box(b"mvhd", bytes(12) + struct.pack(">2I", 1000, 0) + bytes(80))
    extends = box(b"mvex", box(b"mehd", bytes(4) + struct.pack(">I", 2500)))
    (tmp_path / "clip.mp4").write_bytes(box(b"moov", header + extends))
    assert read_fragments(tmp_path / "clip.mp4").seconds == Fraction(5, 2)


CUT: dict[str, dict[str, Any]] = {
    "clip.ts": {"bframes": 2},
    "clip.mpg": {"codec": "mpeg2video"},
    "clip.ogv": {"codec": "libvpx"},
}


@pytest.mark.parametrize("name", CUT)
def test_a_file_that_breaks_off_within_a_packet_says_so(tmp_path: Path, name: str) -> None:
    path = make_clip(tmp_path / name, frames=30, gop=GOP, **CUT[name])
    whole, container = path.read_bytes(), open_clip(path).container
    clip, _, gaps, _ = run(path)
    assert not gaps
    assert clip.remarks == (() if name == "clip.ogv" else (NO_DECLARED_END,)), "Ogg marks its end"
    for kept in (0.5, 0.6, 0.7):
        path.write_bytes(whole[: round(len(whole) * kept) // 188 * 188 + 50])
        assert ending(path, container) is Ending.CUT
    assert "breaks off within a packet" in run(path)[2][-1].reason


def test_endings_of_flv_and_other_transport_streams(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.flv", frames=5)
    assert ending(path, "flv") is Ending.UNKNOWN, "nothing shows whether tags are missing"
    path.write_bytes(path.read_bytes()[:-10])
    assert ending(path, "flv") is Ending.CUT
    packet = b"\x47" + bytes(187)
    for before, behind in ((b"", b""), (bytes(4), b""), (b"", bytes(16))):
        path.write_bytes((before + packet + behind) * 9)
        assert ending(path, "mpegts") is Ending.UNKNOWN
        path.write_bytes((before + packet + behind) * 9 + before + packet[:100])
        assert ending(path, "mpegts") is Ending.CUT


def test_the_end_code_of_a_program_stream_marks_its_end(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mpg", frames=5, codec="mpeg1video")
    path.write_bytes(path.read_bytes() + b"\0\0\1\xb9")
    assert ending(path, "mpeg") is Ending.MARKED
    assert not open_clip(path).remarks


def test_fragments_that_are_missing_at_the_beginning_are_not_missing_at_the_end(tmp_path: Path) -> None:
    data, heads = make_fragments(tmp_path / "clip.mp4", INDEXED)
    (tmp_path / "clip.mp4").write_bytes(data[: heads[0].start - 8] + data[heads[2].start - 8 :])
    clip, frames, gaps, _ = run(tmp_path / "clip.mp4")
    assert (frames, gaps) == (FRAMES - 2 * GOP, [])
    assert "The first picture has the time stamp 0.8" in clip.remarks[0]


@pytest.mark.parametrize("frames", [1, 6, 30])
def test_what_fills_up_the_last_packet_of_a_short_asf_file_is_no_damage(tmp_path: Path, frames: int) -> None:
    path = make_clip(tmp_path / "clip.wmv", frames=frames, codec="wmv2", options={"b": "2M"})
    _, shown, gaps, _ = run(path)
    assert (shown, gaps) == (frames, [])


NULL_PACKET = b"\x47\x1f\xff\x10" + b"\xff" * 184


@pytest.mark.parametrize(
    ("name", "appended"),
    [("clip.mp4", b"appended" * 9000), ("clip.flv", b"appended" * 9000), ("clip.ts", NULL_PACKET * 300)],
)
def test_what_was_appended_to_a_whole_file_is_no_missing_picture(tmp_path: Path, name: str, appended: bytes) -> None:
    path = make_clip(tmp_path / name, frames=FRAMES)
    path.write_bytes(path.read_bytes() + appended)
    _, shown, gaps, _ = run(path)
    assert (shown, gaps) == (FRAMES, [])


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mxf", "mpeg2video", {"pix_fmt": "yuv422p"}),
        ("a.mkv", "libx264", {}),
        ("a.webm", "libvpx", {}),
        ("a.gif", "gif", {"pix_fmt": "rgb8"}),
    ],
)
@pytest.mark.parametrize("share", [0.5, 0.96])
def test_a_file_that_is_cut_off_ends_in_a_gap(
    tmp_path: Path, name: str, codec: str, options: dict[str, Any], share: float
) -> None:
    """Also where little is missing: a Matroska file without its index has not lost its bytes elsewhere."""
    path = make_clip(tmp_path / name, frames=100, codec=codec, **options)
    data = path.read_bytes()
    assert run(path)[1:3] == (100, [])
    path.write_bytes(data[: int(len(data) * share)])
    clip, shown, gaps, _ = run(path)
    assert 0 < shown <= 100
    (gap,) = gaps
    assert "though its end is there" not in " ".join([gap.reason, *clip.remarks])
    assert gap.end_pts > gap.start_pts
    assert "zeros" not in gap.reason


def test_a_gif_without_its_last_byte_may_be_whole(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.gif", frames=5, codec="gif", pix_fmt="rgb8")
    path.write_bytes(path.read_bytes().removesuffix(b";"))
    clip, shown, gaps, _ = run(path)
    assert (shown, gaps) == (5, [])
    assert NO_DECLARED_END in clip.remarks


def test_pictures_that_share_a_time_stamp_take_no_more_time_than_others(tmp_path: Path) -> None:
    """A packet of a program stream holds many small pictures and one stamp; those behind the last one follow."""
    clip, shown, gaps, _ = run(make_clip(tmp_path / "a.mpg", frames=60, gop=12))
    assert (shown, gaps) == (60, [])
    with Decoder(clip) as decoder:
        times = [clip.seconds(int(pts)) for pts in decoder.index.pts]
    assert times == pytest.approx([at / 25 for at in range(60)], abs=0.002)
    assert clip.duration_pts is not None
    assert clip.seconds(clip.start_pts + clip.duration_pts) == pytest.approx(2.4, abs=0.05)


def test_an_flv_whose_stamps_do_not_begin_at_zero_is_as_long_as_its_pictures(tmp_path: Path) -> None:
    clip = open_clip(make_clip(tmp_path / "a.flv", frames=50, start_offset=1.0))
    assert (clip.start_pts, clip.duration_pts) == (1000, 2000)


def test_a_raw_stream_says_that_it_stores_no_times(tmp_path: Path) -> None:
    remarks = open_clip(make_clip(tmp_path / "a.h264", frames=20)).remarks
    assert remarks[0].startswith("The file stores no time stamps: 25.000 pictures a second")


@pytest.mark.parametrize(
    ("name", "codec", "fps", "options"),
    [
        ("a.h264", "libx264", 30, {}),
        ("a.m2v", "mpeg2video", 30, {}),
        ("a.dv", "dvvideo", 25, {"size": (720, 576), "frames": 2}),
    ],
)
def test_the_rate_of_a_raw_stream_is_its_own(
    tmp_path: Path, name: str, codec: str, fps: int, options: dict[str, Any]
) -> None:
    """FFmpeg calls 25 the average rate of H.264 and MPEG-2 at 30, and 60,000 that of DV."""
    clip = open_clip(make_clip(tmp_path / name, **{"frames": 20, "codec": codec, "fps": fps, **options}))
    assert clip.average_rate == fps


def test_a_whole_gxf_is_whole_and_half_of_it_is_not(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.gxf", frames=16, size=(720, 576), codec="mpeg2video", interlaced=True)
    assert run(path)[1:3] == (16, [])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    assert len(run(path)[2]) == 1
