"""Losses in AVI files, which have no time stamps: the index tells where they are, else the damaged bytes."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from inspector.domain.clip import Clip, Frame, Gap
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from tests.clips import make_clip, moving_portrait, read_code
from tests.engine.decode.test_account import decode

FRAMES, LOST = 40, range(14, 23)
MOTION_JPEG: dict[str, Any] = {"codec": "mjpeg", "pix_fmt": "yuvj420p"}


def damaged(path: Path, first: int, last: int, kind: str = "zeros") -> None:
    """Overwrite or cut out the chunks of these pictures, with the header of the first one."""
    with av.open(str(path)) as container:
        stored = [(packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size]
    data, start, end = bytearray(path.read_bytes()), stored[first][0] - 8, sum(stored[last])
    noise = np.random.default_rng(3).bytes(end - start)
    data[start:end] = {"zeros": bytes(end - start), "noise": noise, "cut": b"", "longer": noise * 2}[kind]
    path.write_bytes(data)


def run(path: Path) -> tuple[Clip, list[Frame], list[Gap]]:
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
        frames = [event for event in events if isinstance(event, Frame)]
        gaps = [event for event in events if isinstance(event, Gap)]
        account = decoder.account(len(frames), sum(frame.is_corrupt for frame in frames), gaps)
        assert account is not None
        assert not account.unexplained
        for frame in frames[::7]:
            assert read_code(decoder.frame_at(frame.pts).image) == read_code(frame.image)
    return clip, frames, gaps


@pytest.mark.parametrize("kind", ["zeros", "noise", "cut", "longer"])
@pytest.mark.parametrize("arguments", [MOTION_JPEG, MOTION_JPEG | {"audio": True}, {"bframes": 2, "gop": 8}])
def test_a_loss_in_the_middle_has_its_place(tmp_path: Path, arguments: dict[str, Any], kind: str) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=FRAMES, **arguments)
    _, whole, _ = run(path)
    times = {read_code(frame.image): frame.pts for frame in whole}
    damaged(path, LOST[0], LOST[-1], kind)
    clip, frames, gaps = run(path)
    shown = {read_code(frame.image): frame.pts for frame in frames if not frame.is_corrupt}
    # Next to the loss the order of decoding does not tell which of the pictures in display order are lost.
    near = range(LOST[0] - 2, LOST[-1] + 3) if "bframes" in arguments else range(0)
    assert all(pts == times[at] or (at in near and abs(pts - times[at]) <= 2) for at, pts in shown.items())
    assert len(frames) in (FRAMES - len(LOST), FRAMES - len(LOST) + 1)
    assert any("of the file's index could not be read" in gap.reason for gap in gaps)
    assert sum(gap.end_pts - gap.start_pts for gap in gaps) == FRAMES - len(frames)
    assert not [remark for remark in clip.remarks if "too early" in remark or "no sign of lost data" in remark]


def test_pictures_behind_a_lost_keyframe_are_marked_up_to_the_next_one(tmp_path: Path) -> None:
    """FFmpeg gives the packets behind a lost one the marks of those before them, which makes false keyframes."""
    size, picture = (160, 112), moving_portrait((160, 112))
    path = make_clip(tmp_path / "clip.avi", codec="msmpeg4v2", frames=FRAMES, size=size, picture=picture)
    whole = {frame_sha256(frame.image) for frame in decode(path)[1]}
    damaged(path, 10, 13)
    frames = decode(path)[1]
    assert [frame.pts for frame in frames] == [*range(10), *range(14, FRAMES)]
    assert [frame.pts for frame in frames if frame.is_corrupt] == [9, *range(14, 24)]
    assert whole.issuperset(frame_sha256(frame.image) for frame in frames if not frame.is_corrupt)


def test_an_index_without_keyframes_of_motion_jpeg_tells_of_none(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=FRAMES, **MOTION_JPEG)
    damaged(path, 10, 13)
    data = bytearray(path.read_bytes())
    start = data.rindex(b"idx1") + 8
    for at in range(start, start + 16 * FRAMES, 16):
        data[at + 4] = 0
    path.write_bytes(data)
    assert [frame.pts for frame in decode(path)[1] if frame.is_corrupt] in ([], [9])


def test_a_loss_at_the_end_is_there(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=FRAMES, **MOTION_JPEG)
    damaged(path, 30, FRAMES - 1)
    _, frames, gaps = run(path)
    assert [read_code(frame.image) for frame in frames] == [*range(30)]
    assert (gaps[-1].start_pts, gaps[-1].end_pts) == (30, FRAMES)
    assert gaps[-1].reason == "the last 10 pictures of the file's index could not be read"


def test_a_loss_in_a_file_without_an_index_is_named_with_its_place(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=FRAMES, **MOTION_JPEG)
    damaged(path, LOST[0], LOST[-1])
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"idx1")])
    clip, _, _ = run(path)
    assert any("bytes of the file are damaged" in remark for remark in clip.remarks)
    assert any("picture at 0.5" in remark or "picture at 0.6" in remark for remark in clip.remarks), clip.remarks


def test_of_pictures_of_one_size_no_hole_is_without_a_gap(tmp_path: Path) -> None:
    """Each place of the hole explains the positions as well; only how many are lost can be told."""
    path = make_clip(tmp_path / "clip.avi", frames=FRAMES, codec="rawvideo", size=(64, 48))
    damaged(path, LOST[0], LOST[-1], "cut")
    _, frames, gaps = decode(path)[:3]
    assert len(frames) + sum(gap.end_pts - gap.start_pts for gap in gaps) == FRAMES


def test_a_stamp_that_ffmpeg_invents_before_the_first_keyframe_begins_no_section(tmp_path: Path) -> None:
    size, picture = (96, 64), moving_portrait((96, 64))
    path = make_clip(tmp_path / "clip.avi", codec="mpeg4", frames=FRAMES, gop=12, size=size, picture=picture)
    damaged(path, 0, 3, "cut")
    assert decode(path)[1][-1].pts in (FRAMES - 1, FRAMES)


@pytest.mark.parametrize(("riff", "movie"), [(0xFFFFFFFF, 4), (0x7FFFFFFF, 0), (0xFFFFFFFF, 0xFFFFFFFF), (0, 0)])
def test_sizes_that_a_recording_has_not_filled_in_are_passed_over(tmp_path: Path, riff: int, movie: int) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=8, **MOTION_JPEG)
    data = bytearray(path.read_bytes())
    at = data.index(b"movi")
    data[4:8], data[at - 4 : at] = riff.to_bytes(4, "little"), movie.to_bytes(4, "little")
    path.write_bytes(data)
    assert len(decode(path)[1]) == 8


def test_whole_files_have_no_remark(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=FRAMES, audio=True, **MOTION_JPEG)
    path.write_bytes(path.read_bytes() * 2)
    clip, frames, gaps = run(path)
    assert (len(frames), gaps, clip.remarks) == (2 * FRAMES, [], ())
