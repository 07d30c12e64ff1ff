"""The prefetch thread gives the decoder's own pictures in any order and within its bounds, also on damaged clips."""

import random
import time
from threading import Condition

import av
import numpy as np
import pytest

from inspector.domain.clip import Frame, Gap
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from inspector.engine.player import prefetch_thread as prefetch_module
from inspector.engine.player.prefetch_thread import PrefetchThread
from tests.clips import code_picture, make_clip, moving_portrait, read_code

FRAMES = 150


@pytest.fixture
def make_prefetch():
    started = []

    def make(clip, cache_bytes=1 << 24, altered=None):
        prefetch = PrefetchThread(clip, Condition(), altered or (lambda index: None), cache_bytes)
        started.append(prefetch)
        prefetch.start()
        return prefetch

    yield make
    for prefetch in started:
        prefetch.close()
        assert not prefetch.is_alive()


@pytest.fixture(scope="module")
def codes(tmp_path_factory):
    path = tmp_path_factory.mktemp("prefetch") / "codes.mp4"
    return open_clip(make_clip(path, frames=FRAMES, picture=code_picture, bframes=3, gop=100))


def look(prefetch, index, direction=0):
    prefetch.aim(index, direction)
    return prefetch.convert(prefetch.fetch(index, lambda: False))


def settle(prefetch):
    """Wait until the thread has nothing left to do."""
    before = None
    while (
        now := (len(prefetch._cache), len(prefetch._unverified), [c.next_index for c in prefetch._cursors])
    ) != before:
        before = now
        time.sleep(0.15)


def test_any_order_gives_the_right_frames(codes, make_prefetch):
    prefetch = make_prefetch(codes)
    order = [*range(10), *range(140, 110, -1), 0, 149, 95, 94, *random.Random(3).choices(range(FRAMES), k=60)]
    for index in order:
        frame = look(prefetch, index, random.Random(index).choice((-1, 0, 1)))
        assert (frame.index, frame.pts, read_code(frame.image)) == (index, prefetch.pts[index], index)


def test_frames_before_the_current_one_are_decoded_in_the_background(codes, make_prefetch):
    prefetch = make_prefetch(codes)
    look(prefetch, 90)
    settle(prefetch)
    assert all(prefetch.get(index) is not None for index in range(95))
    assert not prefetch._unverified


def test_the_cache_stays_within_its_bound_and_can_be_made_smaller(codes, make_prefetch):
    picture = 96 * 64 * 3 // 2
    prefetch = make_prefetch(codes, cache_bytes=30 * picture)
    for index in (140, 60, 20, 120, 119, 118):
        look(prefetch, index)
        assert prefetch._cache.bytes <= 30 * picture
    prefetch.limit_to(12 * picture)
    look(prefetch, 60)
    settle(prefetch)
    assert 0 < prefetch._cache.bytes <= 12 * picture


def test_going_back_at_once_never_waits_long_for_the_whole_group(codes, make_prefetch):
    prefetch = make_prefetch(codes)
    look(prefetch, 95)
    for index in range(94, 83, -1):
        assert prefetch.get(index) is not None, "the frames before a frame are decoded with it"


@pytest.mark.parametrize("room", [20, 60, 400])
def test_playing_backwards_decodes_a_group_few_times(codes, make_prefetch, monkeypatch, room):
    begun = []

    class Counted(prefetch_module.Cursor):
        def __init__(self, decoder, start, *, is_fast=False):
            begun.append(start)
            super().__init__(decoder, start, is_fast=is_fast)

    monkeypatch.setattr(prefetch_module, "Cursor", Counted)
    prefetch = make_prefetch(codes, cache_bytes=room * 96 * 64 * 3 // 2)
    for index in range(FRAMES - 1, -1, -1):
        assert read_code(look(prefetch, index, -1).image) == index
        time.sleep(0.004)  # a thread that drops what it has decoded starts again whenever it has time
    chunk = min(prefetch_module._CHUNK, prefetch._cache.room() * 0.7 // 2)
    assert len(begun) <= 2 * FRAMES / chunk + 4
    assert prefetch._cache.bytes <= prefetch._cache.limit


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_on_a_damaged_clip_every_frame_ends_as_in_decoding_from_the_start(tmp_path, make_prefetch, name, seed):
    path = make_clip(tmp_path / name, frames=120, gop=60, bframes=3, size=(160, 96), picture=moving_portrait((160, 96)))
    damage(path, seed)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        linear = {event.pts: signature(event) for event in decoder.frames() if isinstance(event, Frame)}
        pts = [int(p) for p in decoder.index.pts]
    prefetch = make_prefetch(clip)
    for index in random.Random(seed).choices(range(120), k=10):
        look(prefetch, index)
        settle(prefetch)
        for near in range(max(index - 10, 0), index + 1):
            item = prefetch.get(near)
            if isinstance(item, Gap):
                assert pts[near] not in linear
            else:
                assert signature(prefetch.convert(item)) == linear[pts[near]]


def damage(path, seed):
    with av.open(str(path)) as container:
        stored = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    for number in rng.choice(np.arange(5, 110), 3, replace=False):
        pos, size = stored[number]
        data[pos + size // 2 : pos + size // 2 + size // 3] = rng.bytes(size // 3)
    path.write_bytes(data)


def signature(frame):
    return frame_sha256(frame.image), frame.is_corrupt, frame.index


def test_damage_found_later_is_reported(tmp_path, make_prefetch):
    """A fast seek does not see damage in a picture that no other picture refers to."""
    path = tmp_path / "clip.mkv"
    make_clip(path, frames=90, gop=90, bframes=3, size=(160, 96), picture=moving_portrait((160, 96)))
    with av.open(str(path)) as container:
        stored = [(p.size, p.pos, bytes(p)) for p in container.demux(video=0) if p.size]
    # NAL units of type 1 with nal_ref_idc 0: pictures that are no reference (ITU-T H.264, 7.4.1).
    size, pos, _ = max(item for item in stored[20:70] if not item[2][4] & 0x60)
    data = bytearray(path.read_bytes())
    data[pos + size // 4 : pos + size] = bytes(size - size // 4)
    path.write_bytes(data)
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        linear = [event for event in decoder.frames() if isinstance(event, Frame)]
    assert linear[-1].is_corrupt, "frames after damage count as damaged, up to the next key frame"
    altered = []
    prefetch = make_prefetch(clip, altered=altered.append)
    look(prefetch, 89)
    settle(prefetch)
    assert prefetch.convert(prefetch.get(89)).is_corrupt
    assert frame_sha256(prefetch.convert(prefetch.get(89)).image) == frame_sha256(linear[-1].image)
    assert 89 in altered


def test_variable_rate_is_exact(tmp_path, make_prefetch):
    prefetch = make_prefetch(open_clip(make_clip(tmp_path / "v.mkv", frames=40, picture=code_picture, rate="variable")))
    for index in (0, 39, 17, 16, 15, 30, 3):
        assert read_code(look(prefetch, index).image) == index


def test_a_still_is_one_frame(tmp_path, make_prefetch):
    from PIL import Image

    Image.fromarray(code_picture(5)).save(tmp_path / "still.png")
    prefetch = make_prefetch(open_clip(tmp_path / "still.png"))
    assert len(prefetch) == 1
    assert read_code(look(prefetch, 0).image) == 5


def test_a_file_that_goes_away_is_one_sentence(tmp_path, make_prefetch):
    path = make_clip(tmp_path / "gone.mp4", frames=60)
    prefetch = make_prefetch(open_clip(path), cache_bytes=100_000)
    look(prefetch, 0)
    path.unlink()
    with pytest.raises(ClipError, match=r"gone\.mp4"):
        look(prefetch, 50)


def test_a_request_is_given_up_as_soon_as_it_is_overtaken(codes, make_prefetch):
    prefetch = make_prefetch(codes)
    prefetch.aim(99)
    assert prefetch.fetch(99, lambda: True) is None or prefetch.get(99) is not None
