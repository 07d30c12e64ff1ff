"""What a file tells of lost data though no gap shows it, and where it ends before its declared end."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from inspector.domain.clip import Clip, Gap
from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.timing import stream_index
from inspector.engine.decode.timing.losses import Evidence, without_interval
from inspector.engine.decode.timing.remarks import damaged_parts, find_long_steps, long_steps
from inspector.engine.decode.timing.stored import StoredPackets, has_passed
from inspector.engine.decode.timing.timeline import make_timeline
from tests.clips import make_clip

BASE = Fraction(1, 1000)


def run(path: Path) -> tuple[Clip, int, list[Gap]]:
    """The clip, the number of its frames, and its gaps."""
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        gaps = [event for event in decoder.frames() if isinstance(event, Gap)]
        return clip, len(decoder.index), gaps


def steps(times: list[int], known: tuple[int, ...] = ()) -> list[str]:
    pts = np.array(times, np.int64)
    timeline = make_timeline(pts, np.zeros(len(pts), np.bool_), np.zeros(len(pts), np.int64), BASE)
    return long_steps(find_long_steps(pts, timeline, known, BASE))


def test_a_long_step_is_named_in_a_stream_of_constant_rate() -> None:
    regular = [40 * at for at in range(60)]
    assert not steps(regular)
    assert not steps(regular[:20] + regular[24:]), "200 ms: some frames were dropped"
    (remark,) = steps(regular[:20] + regular[35:])
    assert "after 0.040 s, except 0.64 s before the picture at 1.40 s;" in remark
    assert not steps(regular[:20] + regular[35:], known=(1400,)), "a gap or a section says so"


def test_with_a_variable_rate_only_far_steps_are_named() -> None:
    variable = [20, 47, 33, 120, 8, 33, 95, 16, 61] * 6
    assert not steps(np.cumsum(variable).tolist())
    assert not steps(np.cumsum([*variable, 1900, *variable]).tolist())
    (remark,) = steps(np.cumsum([*variable, 4400, *variable]).tolist())
    assert remark.startswith("The rate is variable, and nothing is stored for 4.40 s before the picture at 6.98 s;")


def test_damage_without_an_interval_is_named_and_many_are_counted() -> None:
    rows, times = np.arange(20), np.arange(20) * 40
    evidence = [Evidence(at, f"{at},000 bytes are damaged") for at in range(2, 9)] + [Evidence(9, "a break", True)]
    assert [item.number for item, _ in without_interval(evidence, (), rows, times)] == list(range(2, 9))
    said = list(damaged_parts(evidence, (), rows, times, BASE))
    assert said[0] == (
        "Before the picture at 0.08 s: 2,000 bytes are damaged; the time stamps show no picture missing."
    )
    assert said[5:] == ["The same is found in 2 more places."]


@pytest.mark.parametrize("name", ["clip.asf", "clip.flv"])
def test_pictures_that_end_before_the_declared_duration_are_followed_by_a_gap(tmp_path: Path, name: str) -> None:
    """FFmpeg reads over damaged bytes to the end of the file, and reports no error."""
    path = make_clip(tmp_path / name, frames=60, gop=20, codec="mpeg4" if name == "clip.asf" else "libx264")
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + np.random.default_rng(5).bytes(len(data) - middle))
    clip, frames, gaps = run(path)
    assert frames < 58
    assert gaps
    assert clip.seconds(gaps[-1].end_pts) == pytest.approx(2.4, abs=0.2)


def test_an_avi_with_fewer_pictures_than_its_header_declares_says_so(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=40, codec="mjpeg", pix_fmt="yuvj420p")
    assert not open_clip(path).remarks
    data = bytearray(path.read_bytes())
    start, end = len(data) // 3, len(data) // 2
    data[start:end] = np.random.default_rng(3).bytes(end - start)
    path.write_bytes(data.replace(b"idx1", b"JUNK"))  # the index would tell which are missing
    clip, frames, _ = run(path)
    assert frames < 40
    assert f"The header declares 40 pictures, and {frames} are stored." in " ".join(clip.remarks)


def test_with_damage_among_the_first_packets_the_stamps_are_believed(tmp_path: Path, monkeypatch) -> None:
    """A decoder may return the first picture after those of another group, whose key frame is lost."""
    path = make_clip(tmp_path / "clip.mkv", frames=75, gop=25, bframes=2)
    monkeypatch.setattr(stream_index, "has_regular_timestamps", lambda *_: False)
    assert not stream_index.StreamIndex(MediaSource(path)).frames.can_seek, "the order comes from the decoder"
    with av.open(str(path)) as container:
        stored = [(packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size]
    data, start, end = bytearray(path.read_bytes()), sum(stored[0]), stored[20][0]
    data[start:end] = bytes(end - start)
    path.write_bytes(data)
    index = stream_index.StreamIndex(MediaSource(path))
    assert index.frames.can_seek
    assert index.frames.pts.tolist() == sorted(index.packets.pts)
    assert index.losses


def test_a_stray_packet_of_another_stream_does_not_reach_the_declared_end(tmp_path: Path) -> None:
    """Damaged bytes of an FLV file may look like a tag of sound, of any time."""
    path = make_clip(tmp_path / "clip.flv", frames=30)
    sound = b"\x32" + bytes(99)
    tag = b"\x08" + len(sound).to_bytes(3, "big") + b"\xff\xff\xff\x00" + bytes(3) + sound
    path.write_bytes(path.read_bytes() + tag + (len(tag)).to_bytes(4, "big"))
    stored = stream_index.StreamIndex(MediaSource(path)).packets
    assert stored.all_packets > len(stored)
    assert stored.end_seconds == pytest.approx(1.2, abs=0.1)


def test_time_that_has_passed_by_the_durations_or_the_sound() -> None:
    count = 20
    pts = np.arange(count, dtype=np.int64) * 40 + np.where(np.arange(count) >= 10, 90_000, 0)
    duration = np.full(count, 40, np.int64)
    yes = np.ones(count, np.bool_)
    stored = StoredPackets(pts, pts, duration, pts, pts, np.zeros(count, np.uint8), yes, yes, yes, pts, pts)
    rows, tenth = np.arange(count), [at == 10 for at in range(count)]
    assert not has_passed(stored, rows, BASE).any()
    assert has_passed(replace(stored, with_sound=np.arange(95)), rows, BASE).tolist() == tenth
    assert not has_passed(replace(stored, with_sound=np.arange(40)), rows, BASE).any(), "the sound jumps too"
    assert has_passed(replace(stored, duration=np.diff(pts, append=pts[-1])), rows, BASE).tolist() == tenth
