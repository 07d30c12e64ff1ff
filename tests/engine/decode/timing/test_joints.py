"""Recordings that begin between two keyframes behind another one, and clocks that jump inside one recording."""

import struct
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from inspector.domain.clip import Frame, Gap
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.display_order import NO_REFERENCE_AT_SEAM
from inspector.engine.decode.timing.remarks import KEYLESS_START
from tests.clips import code_picture, make_clip, moving_portrait, read_code
from tests.decoding import decode_all

FRAMES, GOP, CUT = 40, 12, 16
CLOSED = {"preset": "medium", "crf": "16", "x264-params": "scenecut=0:bframes=2:b-adapt=0:keyint=12:min-keyint=12"}
FIRST = moving_portrait((96, 64))


def second(number: int) -> np.ndarray:
    return np.ascontiguousarray(FIRST(number)[:, ::-1] // 2)


def made(path: Path, codec: str, picture) -> Path:
    options = CLOSED if codec == "libx264" else {"b": "4M"}
    bframes = 2 if codec == "libx264" else 0
    how = {"codec": codec, "gop": GOP, "bframes": bframes, "options": options, "picture": picture}
    return make_clip(path, frames=FRAMES, size=(96, 64), **how)


def copied(source: Path, target: Path, first: int, jump: float | None = None) -> Path:
    """The packets from one between two keyframes on; or all of them, with a jump of the time stamps there."""
    with av.open(str(source)) as reading, av.open(str(target), "w", format="mpegts") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        for number, packet in enumerate(packet for packet in reading.demux(video=0) if packet.size):
            if number >= first or jump is not None:
                ticks = round((jump or 0) / (packet.time_base or 1)) if number >= first else 0
                packet.pts, packet.dts = (packet.pts or 0) + ticks, (packet.dts or 0) + ticks
                packet.stream = stream
                writing.mux(packet)
    return target


def error(image: np.ndarray, wanted: list[np.ndarray]) -> float:
    """The mean square error from the nearest of these pictures."""
    return min(float(np.mean((image.astype(float) - other) ** 2)) for other in wanted)


@pytest.mark.parametrize(
    ("codec", "cut", "is_shown"),
    [("libx264", 16, True), ("libx264", 20, False), ("mpeg2video", 16, True), ("mpeg4", 16, True)],
)
def test_no_picture_made_of_another_recording_passes_for_a_whole_one(tmp_path, codec, cut, is_shown) -> None:
    """Of H.264 the number of the reference picture tells, unless both recordings are as far in their groups."""
    parts = [made(tmp_path / "1.ts", codec, FIRST), made(tmp_path / "2.ts", codec, second)]
    path = tmp_path / "joined.ts"
    path.write_bytes(parts[0].read_bytes() + copied(parts[1], tmp_path / "3.ts", cut).read_bytes())
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
    wanted = [picture(number) for picture in (FIRST, second) for number in range(FRAMES)]
    frames = [event for event in events if isinstance(event, Frame)]
    whole = [frame for frame in frames if not frame.is_corrupt]
    assert max(error(frame.image, wanted) for frame in whole) < 100
    assert len(whole) == FRAMES + FRAMES - 2 * GOP
    assert len(frames) == (FRAMES + FRAMES - cut if is_shown else len(whole))
    assert [event.reason for event in events if isinstance(event, Gap)] == [NO_REFERENCE_AT_SEAM] * (not is_shown)
    assert any("the time stamps jump between two keyframes" in remark for remark in clip.remarks) == is_shown


@pytest.mark.parametrize(
    ("codec", "suffix", "is_shown"),
    [("flv", "flv", True), ("mpeg4", "mp4", True), ("msmpeg4", "avi", True), ("wmv2", "wmv", True),
     ("mpeg2video", "ts", False), ("libvpx", "webm", False)],
)  # fmt: skip
def test_what_a_file_stores_before_its_first_keyframe_passes_for_no_whole_picture(
    tmp_path, codec, suffix, is_shown
) -> None:
    """Most older codecs show it, made of grey or black."""
    whole = make_clip(tmp_path / f"whole.{suffix}", frames=FRAMES, codec=codec, gop=GOP, size=(96, 64), picture=FIRST)
    path = tmp_path / f"cut.{suffix}"
    with av.open(str(whole)) as reading, av.open(str(path), "w") as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        for packet in [packet for packet in reading.demux(video=0) if packet.size][5:]:
            packet.stream = stream
            writing.mux(packet)
    for clip, start in ((open_clip(whole), 0), (open_clip(path), GOP - 5)):
        with Decoder(clip) as decoder:
            events = list(decoder.frames())
        frames = [event for event in events if isinstance(event, Frame)]
        assert len(frames) == (FRAMES if not start else FRAMES - 5 if is_shown else FRAMES - GOP)
        assert [frame.index for frame in frames if frame.is_corrupt] == list(range(start)) * is_shown
        assert (KEYLESS_START in clip.remarks) == (start > 0 and is_shown)
        assert is_shown or not start or any(isinstance(event, Gap) for event in events)


def test_an_animation_begins_on_an_empty_canvas_whatever_its_first_picture_is(tmp_path) -> None:
    path = tmp_path / "clip.apng"
    first, *others = [Image.fromarray(code_picture(number)) for number in range(6)]
    how: dict[str, Any] = {"save_all": True, "append_images": others, "duration": 40, "blend": [1, 1, 0, 1, 1, 0]}
    first.save(path, "PNG", **how)
    with av.open(str(path)) as container:
        assert [packet.is_keyframe for packet in container.demux(video=0) if packet.size][:3] == [False, False, True]
    clip, shown, gaps, account = decode_all(path)
    assert (shown, gaps, clip.remarks) == ([*range(6)], [], ())
    assert "damaged 0" in account


H265 = "open-gop=1:keyint=12:min-keyint=12:scenecut=0:bframes=2:b-adapt=0:log-level=none"


@pytest.mark.parametrize("cut", [14, 16, 19, 20])
def test_of_h265_no_picture_of_the_recording_before_is_lost(tmp_path, cut) -> None:
    """Its decoder would sort the last ones behind the next keyframe, by the counts of both recordings."""

    def numbered(first: int) -> Path:
        def picture(number: int) -> np.ndarray:
            return code_picture(first + number)

        options = {"x265-params": H265}
        return make_clip(tmp_path / f"{first}.ts", frames=4 * GOP, codec="libx265", options=options, picture=picture)

    parts = [numbered(0), numbered(200)]
    path = tmp_path / "joined.ts"
    path.write_bytes(parts[0].read_bytes() + copied(parts[1], tmp_path / "3.ts", cut).read_bytes())
    with Decoder(open_clip(path)) as decoder:
        events = list(decoder.frames())
    shown = [read_code(event.image) for event in events if isinstance(event, Frame)]
    assert shown == [*range(4 * GOP), *range(200 + 2 * GOP, 200 + 4 * GOP)]
    assert [event.reason for event in events if isinstance(event, Gap)] == [NO_REFERENCE_AT_SEAM]


@pytest.mark.parametrize("first", [3, 15, 16, 17, 20])
def test_a_clock_that_jumps_inside_h265_costs_no_picture(tmp_path, first) -> None:
    whole = make_clip(tmp_path / "whole.ts", frames=FRAMES, codec="libx265", options={"x265-params": H265})
    with Decoder(open_clip(copied(whole, tmp_path / "jump.ts", first, 100.0))) as decoder:
        events = list(decoder.frames())
    assert [read_code(event.image) for event in events if isinstance(event, Frame)] == [*range(FRAMES)]
    assert not any(isinstance(event, Gap) or event.is_corrupt for event in events)


def test_a_clock_that_jumps_inside_a_recording_costs_no_picture(tmp_path) -> None:
    """The pictures count as damaged up to the next keyframe, since another recording may begin there."""
    clip = open_clip(copied(made(tmp_path / "whole.ts", "libx264", FIRST), tmp_path / "jump.ts", CUT, 100.0))
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
    assert len(clip.sections) == 2
    assert [event.index for event in events if isinstance(event, Frame)] == list(range(FRAMES))
    assert [event.index for event in events if isinstance(event, Frame) and event.is_corrupt] == list(range(CUT, 24))


def test_pictures_that_an_edit_list_leaves_out_begin_no_recording(tmp_path) -> None:
    """One has the time at which the second stretch begins, and stands in the middle of a group of the first one."""
    options = {"x265-params": "open-gop=1:keyint=12:min-keyint=12:scenecut=0:bframes=2:b-adapt=0:log-level=none"}
    path = make_clip(tmp_path / "clip.mp4", frames=96, gop=GOP, codec="libx265", bframes=2, options=options)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"elst")
    rows = [struct.pack(">III", 800, first * 256, 1 << 16) for first in (15, 99)]  # from the middle of a picture on
    edits = b"elst" + struct.pack(">II", 0, len(rows)) + b"".join(rows)
    grown = len(edits) + 4 - int.from_bytes(data[at - 4 : at], "big")
    for kind in (b"moov", b"trak", b"edts", b"elst"):
        place = data.rindex(kind, 0, at + 4) - 4
        data[place : place + 4] = (int.from_bytes(data[place : place + 4], "big") + grown).to_bytes(4, "big")
    data[at : at + len(edits) - grown] = edits
    path.write_bytes(data)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        events = list(decoder.frames())
    assert len(clip.sections) == 2
    assert [read_code(event.image) for event in events if isinstance(event, Frame)] == [*range(6, 26), *range(48, 68)]
    assert not any(isinstance(event, Gap) or event.is_corrupt for event in events)
