"""Fast seeking gives exactly the pictures of normal decoding, or raises DamageError."""

from typing import Any

import numpy as np
import pytest

from inspector.domain.clip import Frame, Gap
from inspector.engine.decode.decoder import DamageError, Decoder, Picture, frame_sha256, open_clip
from tests.clips import make_clip, moving_portrait

FRAMES = 60
CLIPS: dict[str, dict[str, Any]] = {
    "long-gop.mp4": {"gop": 100, "bframes": 3, "options": {"x264-params": "b-pyramid=normal"}},
    "two-groups.mkv": {"gop": 30, "bframes": 2, "rate": "variable"},
    "no-b.mp4": {"gop": 60},
    "stream.ts": {"gop": 30, "bframes": 2, "start_offset": 1.5},
    "mpeg2.mpg": {"codec": "mpeg2video", "gop": 15, "bframes": 2},
}


def all_frames(decoder):
    return [event for event in decoder.frames() if isinstance(event, Frame)]


@pytest.mark.parametrize("name", CLIPS)
def test_fast_seek_gives_the_frames_of_decoding_from_the_start(tmp_path, name) -> None:
    clip = open_clip(make_clip(tmp_path / name, frames=FRAMES, picture=moving_portrait((96, 64)), **CLIPS[name]))
    with Decoder(clip) as decoder:
        frames = all_frames(decoder)
        for at in (0, 7, 28, 33, 58, 59):
            pictures = decoder.fast_seek(frames[at].pts)
            assert pictures is not None
            found = [decoder.convert(picture) for picture in pictures if picture is not None]
            assert [_values(frame) for frame in found] == [_values(frame) for frame in frames[at:]]


def _values(frame):
    return frame.index, frame.pts, frame.is_key, frame.is_corrupt, frame.picture_type, frame_sha256(frame.image)


@pytest.mark.parametrize("arguments", [{"codec": "mjpeg", "pix_fmt": "yuvj420p"}, {"codec": "libx265"}])
def test_codecs_without_disposable_pictures_have_no_fast_seek(tmp_path, arguments) -> None:
    suffix = ".avi" if arguments["codec"] == "mjpeg" else ".mp4"
    with Decoder(open_clip(make_clip(tmp_path / f"clip{suffix}", **arguments))) as decoder:
        assert decoder.fast_seek(decoder.clip.start_pts) is None


def test_pictures_are_those_of_frames_with_none_for_earlier_ones(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mp4", frames=30, gop=30, bframes=2))
    with Decoder(clip) as decoder:
        frames = all_frames(decoder)
        events = list(decoder.pictures(frames[20].pts))
        assert events[:20] == [None] * 20
        assert all(isinstance(event, Picture) for event in events[20:])
        rest: list[Any] = events[20:]
        assert [_values(decoder.convert(p)) for p in rest] == [_values(frame) for frame in frames[20:]]


def test_damage_stops_fast_seek_while_pictures_equal_frames(tmp_path) -> None:
    path = make_clip(tmp_path / "clip.mkv", frames=60, gop=60, picture=moving_portrait((160, 96)), size=(160, 96))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 300] = np.random.default_rng(2).bytes(300)
    path.write_bytes(data)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        linear = list(decoder.frames())
        assert any(isinstance(event, Gap) or event.is_corrupt for event in linear)
        last = max(event.pts for event in linear if isinstance(event, Frame))
        with pytest.raises(DamageError):
            list(decoder.fast_seek(last))  # type: ignore[arg-type]
        again = [event for event in decoder.pictures(clip.start_pts) if event is not None]
        kept = [event if isinstance(event, Gap) else _values(decoder.convert(event)) for event in again]
        assert kept == [event if isinstance(event, Gap) else _values(event) for event in linear]


def test_deinterlaced_frames_are_flagged_as_interlaced(tmp_path) -> None:
    clip = open_clip(make_clip(tmp_path / "clip.mp4", frames=12, interlaced=True, size=(96, 96)))
    with Decoder(clip) as decoder:
        assert all(frame.is_interlaced for frame in all_frames(decoder))
