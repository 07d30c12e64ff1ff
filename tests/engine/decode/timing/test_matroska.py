"""Time stamps before 0 in Matroska files, bytes that are missing inside them, and pictures behind a hole."""

from __future__ import annotations

import re
from pathlib import Path

import av
import pytest

from inspector.engine.decode.decoder import Decoder, open_clip
from tests.clips import make_clip, read_code
from tests.decoding import decode_all

CLUSTER = b"\x1f\x43\xb6\x75"
SHORT_CLUSTERS = {"cluster_time_limit": "400"}


def shifted_blocks(path: Path, ticks: int) -> None:
    """Make the blocks of a file's only cluster earlier, by their signed times."""
    data = bytearray(path.read_bytes())
    for match in re.finditer(rb"\xa3(?:[\x81-\xfe]|[\x40-\x7f].)\x81(..)[\x00\x80]", bytes(data), re.DOTALL):
        time = int.from_bytes(match[1], "big", signed=True) - ticks
        data[match.start(1) : match.end(1)] = time.to_bytes(2, "big", signed=True)
    path.write_bytes(data)


@pytest.mark.parametrize("bframes", [0, 2])
def test_time_stamps_before_zero_are_those_of_the_file(tmp_path: Path, bframes: int) -> None:
    path = make_clip(tmp_path / "early.mkv", frames=30, bframes=bframes)
    shifted_blocks(path, 400)
    clip, numbers, gaps, _ = decode_all(path)
    assert (numbers, gaps) == (list(range(30)), [])
    assert (clip.start_pts, clip.duration_pts) == (-400, 1200)
    (remark,) = clip.remarks
    assert remark.startswith("10 pictures have time stamps before 0, from -0.40 s on")
    with Decoder(clip) as decoder:
        assert [read_code(decoder.frame_at(pts).image) for pts in (-400, -40, 0, 400, -200)] == [0, 9, 10, 20, 5]
        assert decoder.index.stored_at(-360) == -360


def without_cluster(path: Path, first: int, count: int = 1) -> int:
    """Remove whole clusters; how many bytes these are."""
    data = path.read_bytes()
    starts = [match.start() for match in re.finditer(re.escape(CLUSTER), data)]
    path.write_bytes(data[: starts[first]] + data[starts[first + count] :])
    return starts[first + count] - starts[first]


@pytest.mark.parametrize(("first", "reason"), [(5, "shorter than it declares"), (3, "missing in the file here")])
def test_a_missing_cluster_is_a_gap_where_it_is_missing(tmp_path: Path, first: int, reason: str) -> None:
    path = make_clip(tmp_path / "a.webm", frames=100, gop=25, codec="libvpx", container_options=SHORT_CLUSTERS)
    missing = without_cluster(path, first, 2 if first == 5 else 1)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
    (at,) = (number for number, event in enumerate(events) if hasattr(event, "reason"))
    assert f"{missing:,} bytes" in events[at].reason
    assert reason in events[at].reason
    assert not any("no sign of lost data" in remark for remark in clip.remarks)
    behind = events[at + 1 :]
    keys = [number for number, frame in enumerate(behind) if frame.is_key] or [len(behind)]
    assert [frame.is_corrupt for frame in behind] == [number < keys[0] for number in range(len(behind))]
    assert keys[0] > 0


def live(path: Path) -> None:
    """Make the segment one of unknown size, as in a live recording, and its index unreadable."""
    data = path.read_bytes()
    at = data.index(b"\x18\x53\x80\x67") + 4
    cues = data.rindex(b"\x1c\x53\xbb\x6b")
    path.write_bytes(data[:at] + b"\x01" + b"\xff" * 7 + data[at + 8 : cues])


def test_pictures_behind_a_hole_that_nothing_explains_are_marked_up_to_the_next_keyframe(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.webm", frames=100, gop=25, codec="libvpx", container_options=SHORT_CLUSTERS)
    without_cluster(path, 3)
    live(path)
    clip = open_clip(path)
    assert any("no sign of lost data there. Where no keyframe follows" in remark for remark in clip.remarks)
    with Decoder(clip) as decoder:
        frames = list(decoder.frames())
    assert [frame.pts for frame in frames if frame.is_corrupt] == list(range(1760, 2000, 40))


def test_the_decoder_of_h264_tells_itself_whether_a_reference_is_missing(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mkv", frames=100, gop=100, container_options=SHORT_CLUSTERS)
    without_cluster(path, 3)
    live(path)
    assert not any("Where no keyframe follows" in remark for remark in open_clip(path).remarks)


def stored_at(path: Path, number: int) -> tuple[int, int]:
    """Where the block of a stored picture begins behind its size, and where it would end without its own header."""
    with av.open(str(path)) as container:
        packet = [packet for packet in container.demux(video=0) if packet.size][number]
        assert packet.pos is not None
        return packet.pos, packet.pos + packet.size


def test_what_runs_into_a_hole_of_the_last_cluster_is_damaged_and_the_rest_unread(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mkv", frames=50, gop=50, codec="libvpx")
    data = path.read_bytes()
    start, end = stored_at(path, 30)
    path.write_bytes(data[: start + 40] + data[end + 40 :])
    with Decoder(open_clip(path)) as decoder:
        *frames, gap = decoder.frames()
    assert [(frame.index, frame.is_corrupt) for frame in frames] == [(at, at == 30) for at in range(31)]
    assert (gap.start_pts, gap.end_pts) == (1240, 2000)
    assert re.fullmatch(r"the last [\d,]+ bytes of the file could not be read", gap.reason)


@pytest.mark.parametrize("rest", [b"", bytes(5000), b"\xec\x40\x05hello", b"\xa3\x44\x00\x81\x00"])
def test_nothing_is_damaged_where_the_last_cluster_of_a_recording_ends(tmp_path: Path, rest: bytes) -> None:
    path = make_clip(tmp_path / "a.mkv", frames=50, gop=50, codec="libvpx")
    live(path)
    path.write_bytes(path.read_bytes() + rest)
    _, numbers, gaps, account = decode_all(path)
    assert (numbers, gaps, account) == (list(range(50)), [], "stored 50, shown 50, damaged 0, lost 0")


def test_a_missing_picture_is_placed_in_the_order_of_display(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mkv", frames=50, gop=50, bframes=2)
    data = path.read_bytes()
    start, end = stored_at(path, 30)
    path.write_bytes(data[: start - 3] + data[end + 4 :])  # with the header of its block
    _, numbers, gaps, _ = decode_all(path)
    (number,) = set(range(50)) - set(numbers)
    assert [(gap.start_pts, gap.end_pts) for gap in gaps] == [(40 * number, 40 * number + 40)]
    assert "shorter than it declares" in gaps[0].reason
