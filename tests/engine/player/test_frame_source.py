"""The frame source gives the decoder's own frames in any order, and keeps its cache within its limit."""

import random

import numpy as np
import pytest

from inspector.domain.clip import Frame
from inspector.engine.decode.decoder import open_clip
from inspector.engine.player.frame_source import FrameSource
from tests.clips import code_picture, make_clip, read_code


@pytest.fixture
def source(tmp_path):
    path = make_clip(tmp_path / "codes.mp4", frames=90, picture=code_picture, bframes=2, gop=30)
    source = FrameSource(open_clip(path), cache_bytes=20 * 96 * 64 * 3)
    yield source
    source.close()


def test_any_order_gives_the_right_frames(source):
    order = [*range(10), *range(60, 40, -1), 0, 89, *random.Random(3).choices(range(90), k=60)]
    for index in order:
        frame = source.frame(index)
        assert isinstance(frame, Frame)
        assert (frame.index, frame.pts, read_code(frame.image)) == (index, source.pts[index], index)


def test_the_cache_stays_within_its_bound(source):
    for index in range(90):
        source.frame(index)
    assert len(source._kept) <= 20


def test_stepping_back_finds_the_frames_decoded_for_the_first_step(source):
    source.frame(50)
    assert {48, 49, 50} <= set(source._kept)
    source.frame(47)
    assert set(range(38, 51)) <= set(source._kept)


def test_a_little_ahead_the_decoder_runs_on(source, monkeypatch):
    source.frame(30)
    monkeypatch.setattr(source, "_start", lambda index: pytest.fail("it started again"))
    assert read_code(source.frame(40).image) == 40


def test_variable_rate_is_exact(tmp_path):
    path = make_clip(tmp_path / "vfr.mkv", frames=40, picture=code_picture, rate="variable")
    source = FrameSource(open_clip(path))
    for index in (0, 39, 17, 16, 15, 30, 3):
        assert read_code(source.frame(index).image) == index
    assert (np.diff(source.pts) > 0).all()
    source.close()
