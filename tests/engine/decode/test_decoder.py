"""Opening and decoding clips: their properties, their frames, and the order of frames."""

import hashlib
import subprocess
import sys
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from inspector.domain.clip import Frame
from inspector.engine.decode.decoder import Decoder, frame_sha256, hash_file, open_clip
from tests.clips import code_picture, frame_times, make_clip, read_code

# suffix, codec and pixel format of everything the inspector promises to open
KINDS: dict[str, dict[str, Any]] = {
    "h264.mp4": {"bframes": 3},
    "h264.mov": {"bframes": 2, "audio": True},
    "h264.mkv": {"bframes": 3},
    "h264.avi": {"bframes": 2},
    "h264.ts": {"bframes": 2, "audio": True},
    "open-gop.mp4": {"bframes": 3, "options": {"x264-params": "open-gop=1"}},
    "intra-refresh.ts": {"options": {"intra-refresh": "1"}},
    "hevc.mp4": {"codec": "libx265", "bframes": 3},
    "hevc10.mkv": {"codec": "libx265", "pix_fmt": "yuv420p10le"},
    "vp8.webm": {"codec": "libvpx"},
    "vp9.webm": {"codec": "libvpx-vp9"},
    "mpeg4.avi": {"codec": "mpeg4", "bframes": 2},
    "mpeg2.mpg": {"codec": "mpeg2video", "bframes": 2},
    "mpeg2.ts": {"codec": "mpeg2video", "bframes": 2},
    "mpeg1.mpg": {"codec": "mpeg1video"},
    "mjpeg.avi": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "prores.mov": {"codec": "prores_ks", "pix_fmt": "yuv422p10le"},
    "moving.gif": {"codec": "gif", "pix_fmt": "rgb8"},
    "moving.apng": {"codec": "apng", "pix_fmt": "rgb24"},
    "odd-size.webm": {"codec": "libvpx-vp9", "size": (97, 65)},
    "raw.h264": {"bframes": 2},
}


def all_frames(clip) -> list[Frame]:
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
    assert all(isinstance(event, Frame) for event in events), events
    return events  # type: ignore[return-value]


@pytest.mark.parametrize("name", KINDS)
def test_every_format_gives_all_frames_in_order_and_at_random(tmp_path, name) -> None:
    clip = open_clip(make_clip(tmp_path / name, frames=40, gop=10, **KINDS[name]))
    frames = all_frames(clip)
    assert [read_code(frame.image) for frame in frames] == list(range(40))
    assert [frame.index for frame in frames] == list(range(40))
    assert {frame.image.shape for frame in frames} == {(clip.height, clip.width, 3)}
    assert not any(frame.is_corrupt for frame in frames)
    with Decoder(clip) as decoder:
        assert decoder.index.pts.tolist() == [frame.pts for frame in frames]
        for at in (31, 7, 8, 39, 0, 22):
            again = decoder.frame_at(frames[at].pts)
            assert (again.pts, again.index) == (frames[at].pts, at)
            assert np.array_equal(again.image, frames[at].image)


def test_av1_is_decoded(tmp_path, capfd) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mp4", codec="libsvtav1"))
    capfd.readouterr()  # the encoder talks
    assert [read_code(frame.image) for frame in all_frames(clip)] == list(range(30))
    assert clip.codec == "av1"


def test_a_clip_is_recognised_by_content_not_by_name(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mkv")
    other = path.rename(tmp_path / "holiday.txt")
    assert open_clip(other).container == "matroska,webm"


def test_properties_of_a_clip(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mp4", frames=30, bframes=2, audio=True, size=(96, 64))
    clip = open_clip(path)
    assert (clip.codec, clip.pix_fmt, clip.bit_depth) == ("h264", "yuv420p", 8)
    assert (clip.width, clip.height, clip.rotation) == (96, 64, 0)
    assert clip.sample_aspect == 1
    assert clip.declared_frames == 30
    assert clip.average_rate == 25
    assert clip.duration_pts is not None
    assert clip.duration_pts * clip.time_base == Fraction(30, 25)
    assert clip.has_audio
    assert not clip.is_variable_rate
    assert not clip.is_still
    assert not clip.is_interlaced
    assert clip.size_bytes == path.stat().st_size
    assert clip.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == hash_file(path)
    assert ("major_brand", "isom") in clip.metadata


def test_variable_rate_keeps_every_timestamp(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mp4", frames=25, rate="variable", bframes=2))
    times = [clip.seconds(frame.pts) for frame in all_frames(clip)]
    assert times == pytest.approx(frame_times(25, rate="variable"), abs=0.0006)
    assert clip.is_variable_rate


def test_a_wmv_that_begins_late_lasts_from_its_first_picture(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.wmv", frames=25, codec="wmv2", start_offset=3.0))
    assert (clip.start_pts, clip.duration_pts, clip.time_base) == (3000, 1000, Fraction(1, 1000))


def test_a_start_offset_is_kept_and_seconds_count_from_the_first_frame(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mkv", start_offset=2.4))
    frames = all_frames(clip)
    assert frames[0].pts * clip.time_base == Fraction(12, 5)
    assert clip.seconds(frames[5].pts) == pytest.approx(0.2)
    assert clip.duration_pts is not None
    assert clip.duration_pts * clip.time_base == pytest.approx(1.2)


def test_frames_outside_the_edit_list_are_hidden(tmp_path) -> None:
    # Negative times before the first picture shown: the MP4 writer turns them into an edit list.
    path = tmp_path / "cut.mp4"
    whole = make_clip(tmp_path / "whole.mp4", frames=30, gop=30)
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        shift = 10 * source.streams.video[0].duration // 30
        for packet in source.demux(video=0):
            if packet.pts is not None:
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = stream
                target.mux(packet)
    clip = open_clip(path)
    frames = all_frames(clip)
    assert [read_code(frame.image) for frame in frames] == list(range(10, 30))
    with Decoder(clip) as decoder:
        assert read_code(decoder.frame_at(frames[3].pts).image) == 13


def test_frames_of_a_range_keep_their_index_in_the_clip(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mp4", frames=40, gop=10, bframes=2))
    pts = [frame.pts for frame in all_frames(clip)]
    with Decoder(clip) as decoder:
        part = list(decoder.frames(pts[17], pts[23]))
        assert [frame.index for frame in part] == [17, 18, 19, 20, 21, 22]
        assert [read_code(frame.image) for frame in part] == [17, 18, 19, 20, 21, 22]
        assert [frame.index for frame in decoder.frames(pts[38] + 1)] == [39]
        assert list(decoder.frames(pts[39] + 1)) == []
        assert [frame.index for frame in decoder.frames(end_pts=pts[2])] == [0, 1]


def test_frame_at_between_two_frames_is_the_earlier_one(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mp4", rate="variable"))
    with Decoder(clip) as decoder:
        pts = decoder.index.pts
        assert decoder.frame_at(int(pts[9]) - 1).index == 8
        assert decoder.frame_at(int(pts[0]) - 1000).index == 0
        assert decoder.frame_at(int(pts[-1]) + 10**6).index == 29


def test_frames_do_not_depend_on_the_number_of_threads(tmp_path, monkeypatch) -> None:
    path = make_clip(tmp_path / "clip.mp4", codec="libx265", bframes=3, sample_aspect=Fraction(4, 3))
    hashes = []
    for threads in (1, 2, 3, 8):
        monkeypatch.setattr("inspector.engine.decode.colour._THREADS", threads)
        hashes.append([frame_sha256(frame.image) for frame in all_frames(open_clip(path))])
    assert hashes.count(hashes[0]) == 4


def test_cover_art_is_not_video(tmp_path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        video = container.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        container.mux(cover.encode(av.VideoFrame.from_ndarray(code_picture(999, (64, 64)), "rgb24")))
        for number in range(5):
            container.mux(video.encode(av.VideoFrame.from_ndarray(code_picture(number), "rgb24")))
        container.mux(video.encode(None))
    clip = open_clip(path)
    assert clip.codec == "h264"
    assert [read_code(frame.image) for frame in all_frames(clip)] == list(range(5))


def test_picture_types_and_keyframes_are_reported(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mp4", frames=24, gop=12, bframes=2))
    frames = all_frames(clip)
    assert [frame.index for frame in frames if frame.is_key] == [0, 12]
    assert {frame.picture_type for frame in frames} == {"I", "P", "B"}


def test_a_hidden_reference_picture_is_not_a_frame(tmp_path) -> None:
    whole = make_clip(tmp_path / "whole.webm", codec="libvpx", frames=12, gop=6)
    path = tmp_path / "hidden.webm"
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(p for p in source.demux(video=0) if p.pts is not None):
            data = bytearray(bytes(packet))
            if number == 8:
                data[0] &= 0xEF  # VP8's show_frame bit
            changed = av.Packet(bytes(data))
            changed.pts, changed.dts, changed.time_base = packet.pts, packet.dts, packet.time_base
            changed.is_keyframe, changed.stream = packet.is_keyframe, stream
            target.mux(changed)
    clip = open_clip(path)
    frames = all_frames(clip)
    assert [read_code(frame.image) for frame in frames] == [*range(8), *range(9, 12)]
    with Decoder(clip) as decoder:
        assert len(decoder.index) == 11


def test_frame_sha256_is_that_of_the_rows(tmp_path) -> None:
    image = code_picture(5)
    assert frame_sha256(image) == hashlib.sha256(image.tobytes()).hexdigest()
    assert frame_sha256(image[:, ::-1]) == hashlib.sha256(image[:, ::-1].tobytes()).hexdigest()


def test_decoding_imports_no_heavy_library() -> None:
    code = (
        "import sys, inspector.engine.decode.decoder\n"
        "print([m for m in ('torch', 'mediapipe', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.shared
def test_shared_clips_decode_as_declared(shared_data) -> None:
    for path in sorted((shared_data / "clips" / "train").glob("*.mp4"))[:3]:
        clip = open_clip(path)
        assert len(all_frames(clip)) == clip.declared_frames
