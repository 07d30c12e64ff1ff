"""A frame does not depend on how it is reached: random access compared with decoding from the start."""

from itertools import pairwise
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.domain.clip import Frame
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from inspector.engine.decode.frame_index import IrregularTimestampsError, make_index
from tests.clips import code_picture, make_clip, read_code

FRAMES = 45
CLIPS: dict[str, dict[str, Any]] = {
    "short-gop.mp4": {"gop": 5, "bframes": 2},
    "long-gop.mp4": {"gop": 100, "bframes": 3},
    "variable.mkv": {"gop": 12, "bframes": 3, "rate": "variable"},
    "open-gop.ts": {"gop": 15, "bframes": 3, "options": {"x264-params": "open-gop=1"}},
    "hevc-open-gop.ts": {
        "codec": "libx265",
        "gop": 15,
        "bframes": 3,
        "options": {"x265-params": "open-gop=1:log-level=none"},
    },
    "no-stamps.avi": {"gop": 12, "bframes": 2},
    "program-stream.mpg": {"codec": "mpeg2video", "gop": 9, "bframes": 2},
    "interlaced.mp4": {"gop": 10, "bframes": 2, "interlaced": True, "size": (96, 96)},
    "all-intra.avi": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
}


@pytest.fixture(scope="module")
def linear(tmp_path_factory):
    """For each clip: the clip and the (pts, SHA-256) of its frames, decoded from the start."""
    folder = tmp_path_factory.mktemp("seek")
    made = {}
    for name, arguments in CLIPS.items():
        clip = open_clip(make_clip(folder / name, frames=FRAMES, **arguments))
        with Decoder(clip) as decoder:
            frames = [(f.pts, frame_sha256(f.image)) for f in decoder.frames() if isinstance(f, Frame)]
        assert len(frames) == FRAMES
        assert all(a < b for (a, _), (b, _) in pairwise(frames))
        made[name] = (clip, frames)
    return made


@pytest.mark.parametrize("name", CLIPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    accesses=st.lists(st.tuples(st.integers(0, FRAMES - 1), st.floats(0, 0.99), st.booleans()), min_size=1, max_size=8)
)
def test_random_access_gives_the_frames_of_decoding_from_the_start(linear, name, accesses) -> None:
    clip, frames = linear[name]
    with Decoder(clip) as decoder:
        for position, part, as_range in accesses:
            pts, sha256 = frames[position]
            next_pts = frames[position + 1][0] if position + 1 < FRAMES else pts + 1
            between = pts + int(part * (next_pts - pts))  # any time at which the frame is displayed
            if as_range:
                (frame,) = decoder.frames(pts, next_pts)
                assert (frame.pts, frame_sha256(frame.image), frame.index) == (pts, sha256, position)
            else:
                frame = decoder.frame_at(between)
                assert (frame.pts, frame_sha256(frame.image), frame.index) == (pts, sha256, position)


@pytest.mark.parametrize("name", ["a.avi", "a.mov"])
def test_pictures_with_a_palette_have_their_colours_wherever_decoding_begins(tmp_path, name) -> None:
    """FFmpeg gives the palette with the first packet alone, which a seek passes over."""

    greys = np.repeat(np.arange(255, -1, -1, dtype=np.uint8)[:, None], 4, axis=1)

    def picture(number: int) -> av.VideoFrame:
        entries = np.ascontiguousarray(255 - code_picture(number)[..., 0])
        return av.VideoFrame.from_ndarray((entries, greys), format="pal8")  # type: ignore[arg-type]

    path = make_clip(tmp_path / name, codec="rawvideo", pix_fmt="pal8", frames=8, raw=picture)
    with Decoder(open_clip(path)) as decoder:
        assert [read_code(decoder.frame_at(int(pts)).image) for pts in decoder.index.pts[::-1]] == [*range(8)][::-1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.booleans()), max_size=60, unique_by=lambda item: item[0]))
def test_the_index_finds_positions_and_keyframes(entries) -> None:
    index = make_index(((pts, is_key, -1) for pts, is_key in entries), can_seek=True)
    ordered = sorted(entries)
    assert index.pts.tolist() == [pts for pts, _ in ordered]
    for position, (pts, _) in enumerate(ordered):
        keys = [at for at, (_, is_key) in enumerate(ordered) if is_key]
        assert index.position(pts) == position
        assert index.keyframe_before(position) == max((at for at in keys if at <= position), default=None)


def test_an_index_rejects_repeated_timestamps() -> None:
    with pytest.raises(IrregularTimestampsError):
        make_index([(5, True, 0), (5, False, 100)], can_seek=True)


def test_a_distant_keyframe_is_found() -> None:
    index = make_index(((pts, pts == 0, pts) for pts in range(5000)), can_seek=True)
    assert index.keyframe_before(4999) == 0
    assert index.contains(4000, 4000)
    assert not index.contains(4000, 3999)
