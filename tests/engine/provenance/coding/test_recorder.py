"""What is measured of each frame: from the file, from the decoder, and from the picture, and how it is stored."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from inspector.domain.clip import Frame
from inspector.domain.observations.coding import (
    CHANGE,
    FUTURE,
    INTRA,
    MEDIAN,
    PAST,
    QUANTISER,
    QUIET,
    SIZE,
    TYPE,
    UNCHANGED,
    CodingSeries,
)
from inspector.engine.case.signal_blocks import read_block, signal_row
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.provenance.coding.blocks import HASH_TRACK, hashes_of, series_of
from inspector.engine.provenance.coding.measure import FrameMeasurer, combing
from inspector.engine.provenance.coding.perceptual import distance, perceptual_hash
from inspector.engine.provenance.coding.recorder import CodingRecorder, FrameSequence
from tests.clips import make_clip, moving_portrait

_SIZE = 320, 240


def record(path: Path) -> tuple[CodingSeries, CodingRecorder]:
    clip = open_clip(path)
    recorder, frames = CodingRecorder(), FrameSequence(None, is_still=False)
    with Decoder(clip, with_coding=True) as decoder:
        for frame in decoder.frames():
            assert isinstance(frame, Frame)
            recorder.add(frames.measure(frame, clip.seconds(frame.pts)))
    blocks = recorder.take()
    return series_of(block for block in blocks if block.track_id == 0), recorder


@pytest.mark.parametrize(
    ("codec", "suffix", "quantiser"),
    [("libx264", ".mp4", 30.0), ("mpeg4", ".mp4", 14.0), ("libx265", ".mkv", None)],
)
def test_sizes_types_and_quantisers_are_those_of_the_file(tmp_path: Path, codec: str, suffix: str, quantiser):
    options = {
        "libx264": {"qp": "30", "crf": "-1", "preset": "veryfast"},
        "mpeg4": {"qmin": "7", "qmax": "7"},
        "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:bframes=0"},
    }
    path = make_clip(
        tmp_path / f"a{suffix}", frames=20, gop=8, size=_SIZE, codec=codec, bframes=2 if codec == "libx264" else 0,
        picture=moving_portrait(_SIZE), options=options[codec],
    )  # fmt: skip
    with av.open(str(path)) as container:
        sizes = {packet.pts or 0: packet.size for packet in container.demux(video=0) if packet.size}
    with av.open(str(path)) as container:
        kinds = [int(frame.pict_type) for frame in container.decode(video=0)]
    series, _ = record(path)
    assert series.values[SIZE].tolist() == [float(sizes[pts]) for pts in sorted(sizes)]
    assert series.values[TYPE].tolist() == [float(kind) for kind in kinds]
    if codec == "libx264":
        assert {1.0, 2.0, 3.0} == set(series.values[TYPE])
        past, future = series.values[[PAST, FUTURE]]
        assert (past[series.values[TYPE] == 1] == 0).all()
        assert past[series.values[TYPE] == 2].min() > 50
        assert (future[series.values[TYPE] != 3] == 0).all()
        assert future[series.values[TYPE] == 3].max() > 20
    if quantiser is None:
        assert np.isnan(series.values[QUANTISER]).all()
    else:  # MPEG-4 has the scale of MPEG-2 here, twice its own; I and B pictures are finer and coarser
        of_p = series.values[QUANTISER][series.values[TYPE] == 2]
        assert of_p == pytest.approx(np.full(len(of_p), quantiser), abs=0.01)


def test_a_frame_that_stands_still_is_unchanged(tmp_path: Path):
    moving = moving_portrait(_SIZE)
    path = make_clip(tmp_path / "a.mp4", frames=24, size=_SIZE, gop=50, picture=lambda n: moving(min(n, 8)))
    series, _ = record(path)
    assert np.isnan(series.values[CHANGE][0])
    assert series.values[CHANGE][1:8].min() > 0.5
    assert series.values[CHANGE][16:].max() < 0.2
    assert np.median(series.values[UNCHANGED][16:]) > 50 > 10 > np.median(series.values[UNCHANGED][1:8])
    assert (series.values[QUIET][1:] <= series.values[MEDIAN][1:]).all()
    assert np.median(series.values[MEDIAN][16:]) == 0 < series.values[MEDIAN][1:8].min()


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_a_new_scene_within_a_group_refers_to_no_other_picture(tmp_path: Path, codec: str):
    moving, noise = moving_portrait(_SIZE), np.random.default_rng(0).integers(0, 255, (240, 320, 3)).astype(np.uint8)
    never = {"sc_threshold": "0" if codec == "libx264" else "1000000000"}  # code a new scene as an I picture
    path = make_clip(
        tmp_path / "a.mp4", frames=20, size=_SIZE, gop=50, codec=codec, bframes=2 if codec == "libx264" else 0,
        picture=lambda n: moving(n) if n < 12 else noise, options=never,
    )  # fmt: skip
    intra, types = record(path)[0].values[[INTRA, TYPE]]
    assert intra[0] == 100.0
    assert types[12] != 1
    assert intra[12] > 60
    assert np.median(intra[1:12]) < 20


@pytest.mark.parametrize("size", [(16, 17), (250, 96), (256, 64), (700, 320)])  # one strip, a part of one, three
def test_changes_in_strips_are_those_of_the_whole_picture(size: tuple[int, int]):
    noise = np.random.default_rng(3)
    first = noise.integers(0, 256, (*size, 1), np.uint8).repeat(3, 2)
    second = first.copy()
    second[size[0] // 3 :] ^= noise.integers(0, 32, (*size, 1), np.uint8).repeat(3, 2)[size[0] // 3 :]
    measurer = FrameMeasurer()
    measurer.prime(first)
    values = measurer.measure(Frame(1, 1, second, is_key=False))

    rows, columns = size[0] // 16, size[1] // 16
    change = np.abs(first[..., 0].astype(int) - second[..., 0])[: rows * 16, : columns * 16]
    blocks = change.reshape(rows, 16, columns, 16).swapaxes(1, 2).reshape(rows * columns, -1)
    means = np.sort(blocks.mean(1))
    assert values[UNCHANGED] == 100 * np.mean(~blocks.any(1))
    assert (values[QUIET], values[MEDIAN]) == (means[len(means) // 10], means[len(means) // 2])


def test_combing_tells_woven_fields_from_a_picture():
    picture = moving_portrait(_SIZE)
    one, other = picture(0)[..., 1], picture(30)[..., 1]
    woven = one.copy()
    woven[1::2] = other[1::2]
    assert combing(one) < 0.8 < 1.2 < combing(woven)


def test_hashes_survive_storing_and_recompression(tmp_path: Path):
    picture = moving_portrait(_SIZE)
    good = make_clip(tmp_path / "a.mp4", frames=30, size=_SIZE, picture=picture)
    poor = make_clip(tmp_path / "b.mp4", frames=30, size=(160, 120), picture=moving_portrait((160, 120)),
                     options={"preset": "veryfast", "crf": "34"})  # fmt: skip
    found = []
    for path in (good, poor):
        clip = open_clip(path)
        recorder, frames = CodingRecorder(), FrameSequence(None, is_still=False)
        with Decoder(clip) as decoder:
            for frame in decoder.frames():
                assert isinstance(frame, Frame)
                recorder.add(frames.measure(frame, clip.seconds(frame.pts)))
        blocks = [block for block in recorder.take() if block.track_id == HASH_TRACK]
        rows = [signal_row(1, block) for block in blocks]
        stored = [read_block(HASH_TRACK, row["pts"], row["measured"], 7) for row in rows]  # type: ignore[arg-type]
        assert hashes_of(stored) == hashes_of(blocks)
        found.append(hashes_of(stored))
    assert len(found[0]) == len(found[1]) == 6, "five in a second"
    assert max(distance(a.value, b.value) for a, b in zip(*found, strict=True)) <= 8
    noise = np.random.default_rng(0).integers(0, 255, (90, 160)).astype(np.uint8)
    assert distance(found[0][0].value, perceptual_hash(noise)) > 16


def test_damaged_hashes_are_refused():
    block = read_block(HASH_TRACK, np.arange(2, dtype="<i8").tobytes(), np.full(8, 0.5, "<f4").tobytes(), 0)
    with pytest.raises(ValueError, match="damaged"):
        hashes_of([block])
