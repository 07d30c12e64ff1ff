"""Signals on synthetic landmarks with known values."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.domain.faces import FaceQuality
from inspector.domain.geometry import LandmarkSet
from inspector.engine.faces.signals import (
    SERIES,
    SignalRecorder,
    eye_aspect_ratio,
    landmark_jitter,
    mouth_opening,
)

QUALITY = FaceQuality(face_px=120, sharpness=250.0, yaw=7.0, pitch=-3.0, roll=1.5, inside=1.0)
CLOUD = np.random.default_rng(1).uniform(0, 200, (478, 3))


def mesh(eye=0.3, mouth=0.2):
    """A mesh with this eye aspect ratio and mouth opening; the other points are fixed."""
    points = CLOUD.copy()
    for outer, up1, up2, inner, low1, low2, x in (
        (33, 160, 158, 133, 153, 144, 50),
        (263, 387, 385, 362, 380, 373, 130),
    ):
        points[outer], points[inner] = (x - 20, 80, 0), (x + 20, 80, 0)
        for top, bottom, dx in ((up1, low2, -7), (up2, low1, 7)):
            points[top], points[bottom] = (x + dx, 80 - 20 * eye, 0), (x + dx, 80 + 20 * eye, 0)
    points[78], points[308] = (70, 150, 0), (120, 150, 0)
    points[13], points[14] = (95, 150 - 25 * mouth, 0), (95, 150 + 25 * mouth, 0)
    return LandmarkSet(points.astype(np.float32))


def record(ratios, rate, track_id=1, into=None):
    recorder = into or SignalRecorder()
    for i, ratio in enumerate(ratios):
        recorder.add(track_id, i * 512, i / rate, mesh(eye=ratio), QUALITY)
    return recorder


def blinking(seconds, rate, times, depth=0.22, width=0.12):
    """An open eye's ratio of 0.3 with dips at `times`, and a little noise."""
    at = np.arange(round(seconds * rate)) / rate
    ratio = 0.3 + np.random.default_rng(0).normal(0, 0.006, len(at))
    for time in times:
        ratio -= depth * np.exp(-(((at - time) / (width / 2)) ** 2))
    return ratio


def by_name(blocks, track_id=1):
    """A track's values by the signal's name."""
    (block,) = [block for block in blocks if block.track_id == track_id]
    return {name: values for (name, _), values in zip(SERIES, block.values, strict=True)}


@pytest.mark.parametrize("ratio", [0.0, 0.1, 0.35])
def test_eye_aspect_ratio_is_height_over_width(ratio) -> None:
    assert eye_aspect_ratio(mesh(eye=ratio).points) == pytest.approx(ratio, abs=1e-6)


@pytest.mark.parametrize("opening", [0.0, 0.25, 0.9])
def test_mouth_opening_is_gap_over_width(opening) -> None:
    assert mouth_opening(mesh(mouth=opening).points) == pytest.approx(opening, abs=1e-6)


def test_ratios_do_not_depend_on_size_or_position() -> None:
    points = mesh().points * 3 + 50
    assert eye_aspect_ratio(points) == pytest.approx(0.3, abs=1e-5)
    assert mouth_opening(points) == pytest.approx(0.2, abs=1e-5)


def test_jitter_ignores_translation_rotation_and_scale() -> None:
    points = CLOUD[:, :2]
    turn = np.array([[np.cos(0.2), -np.sin(0.2)], [np.sin(0.2), np.cos(0.2)]])
    assert landmark_jitter(points, 1.1 * points @ turn + (30, -8)) == pytest.approx(0, abs=1e-9)


def test_jitter_measures_independent_movement() -> None:
    points = CLOUD[:, :2]
    after = points + np.random.default_rng(5).normal(0, 2.0, points.shape)
    # The median length of a plane normal vector with deviation 2 is 2 * sqrt(2 ln 2).
    expected = 100 * 2 * np.sqrt(2 * np.log(2)) / np.ptp(after, axis=0).max()
    assert landmark_jitter(points, after) == pytest.approx(expected, rel=0.1)


def test_jitter_ignores_the_movement_of_a_part() -> None:
    points = CLOUD[:, :2]
    talking = points.copy()
    talking[:60] += (0, 6)
    assert landmark_jitter(points, talking) < 1


def test_series_carry_values_and_units() -> None:
    recorder = record([0.3, 0.3, 0.25], 25)
    blocks = recorder.take()
    signals = by_name(blocks)
    assert list(SERIES) == [
        ("eye aspect ratio", "ratio"),
        ("mouth opening", "ratio"),
        ("yaw", "degrees"),
        ("pitch", "degrees"),
        ("roll", "degrees"),
        ("landmark jitter", "% of face size"),
        ("sharpness", "grey levels squared"),
    ]
    assert signals["eye aspect ratio"] == pytest.approx((0.3, 0.3, 0.25), abs=1e-6)
    assert signals["yaw"].tolist() == [7.0, 7.0, 7.0]
    assert signals["sharpness"].tolist() == [250.0, 250.0, 250.0]
    assert blocks[0].pts.tolist() == [0, 512, 1024]
    assert recorder.take() == (), "each value is taken once"


def test_jitter_has_no_value_at_the_start_and_after_a_gap() -> None:
    recorder = SignalRecorder()
    for i, seconds in enumerate((0.0, 0.04, 3.0, 3.04)):
        recorder.add(1, i, seconds, mesh(), QUALITY)
    jitter = by_name(recorder.take())["landmark jitter"]
    assert np.array_equal(jitter, [np.nan, 0.0, np.nan, 0.0], equal_nan=True)


def test_tracks_are_kept_apart() -> None:
    recorder = record([0.1] * 3, 25, track_id=2, into=record([0.3] * 2, 25))
    blocks = recorder.take()
    assert [block.track_id for block in blocks] == [1, 2]
    assert len(blocks[0].pts) == 2
    assert by_name(blocks, 2)["eye aspect ratio"] == pytest.approx((0.1,) * 3, abs=1e-6)


def test_a_restored_recorder_goes_on_as_if_it_had_never_stopped() -> None:
    ratios = blinking(20, 25, (3, 9, 15))
    whole = record(ratios, 25)
    blocks = whole.take()
    resumed = SignalRecorder()
    first = record(ratios[:200], 25).take()[0]
    resumed.restore(first, first.pts / 512 / 25)
    resumed.remember(1, mesh(eye=float(ratios[199])))
    for at in range(200, len(ratios)):
        resumed.add(1, at * 512, at / 25, mesh(eye=float(ratios[at])), QUALITY)
    (rest,) = resumed.take()
    assert np.array_equal(np.concatenate([first.values, rest.values], axis=1), blocks[0].values, equal_nan=True)
    assert resumed.blinks_per_minute(1) == whole.blinks_per_minute(1) is not None


@pytest.mark.parametrize("rate", [15, 25, 60])
def test_blinks_are_counted(rate) -> None:
    times = [1.5, 4.0, 4.5, 9.0, 13.2, 18.0]
    ratios = blinking(20, rate, times, width=0.2)
    assert record(ratios, rate).blinks_per_minute(1) == pytest.approx(6 * 60 / (20 - 1 / rate))


@pytest.mark.parametrize(("seconds", "rate"), [(9.0, 25), (20.0, 12)])
def test_too_short_or_too_slow_gives_no_rate(seconds, rate) -> None:
    assert record(blinking(seconds, rate, [3.0]), rate).blinks_per_minute(1) is None


def test_no_rate_without_a_track() -> None:
    assert SignalRecorder().blinks_per_minute(1) is None
    assert record([0.3], 25).blinks_per_minute(1) is None
