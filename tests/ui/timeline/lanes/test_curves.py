"""What is drawn of a long curve: every extreme, every hole, and the same whether it was built at once or in slices."""

import numpy as np
import pyqtgraph as pg
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from inspector.domain.faces import Abstention
from inspector.domain.scores import FaceScore
from inspector.ui.series import TrackSeries
from inspector.ui.timeline.lanes import track_curves
from inspector.ui.timeline.lanes.curve_items import CurveItem
from inspector.ui.timeline.lanes.curves import Pyramid, covered_columns, runs, spread, with_breaks
from inspector.ui.timeline.lanes.track_curves import TrackCurves
from tests.benchmarks.timeline import make_clip


def score(track, pts, value=None, why=None):
    return FaceScore(track, pts, None, None if value is None else 0.0, value, why)


def test_curves_break_where_frames_lie_far_apart():
    x, y = with_breaks(np.array([0.0, 0.1, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert np.isnan(y[2])
    assert list(x) == [0.0, 0.1, 1.55, 3.0]


def pyramid(seconds, values):
    made = Pyramid()
    made.update(np.asarray(seconds, dtype=float), np.asarray(values, dtype=float))
    return made


def test_a_crowded_curve_keeps_its_peaks_and_its_holes():
    seconds = np.arange(200_000) / 30
    values = np.full(len(seconds), 0.1)
    values[123_456] = 0.99
    values[50_000:51_000] = np.nan
    curve = pyramid(seconds, values)
    assert curve.is_crowded(0.0, seconds[-1], 1000)
    low, high = curve.columns(0.0, seconds[-1], 1000)
    assert np.nanargmax(high) == 617
    assert np.nanmax(high) == 0.99
    assert np.nanmin(low) == 0.1
    assert 3 <= np.isnan(high).sum() <= 5


def test_a_close_view_keeps_every_point():
    seconds = np.arange(200_000) / 30
    curve = pyramid(seconds, seconds)
    assert not curve.is_crowded(100.0, 110.0, 1000)
    x, _ = curve.points(100.0, 110.0)
    assert len(x) == 303


values_or_none = st.one_of(st.just(float("nan")), st.floats(0, 1))


@given(st.lists(values_or_none, min_size=1, max_size=3000), st.integers(1, 40), st.floats(0, 0.7), st.floats(0.05, 1))
@settings(max_examples=60, deadline=None)
def test_columns_never_leave_out_an_extreme_nor_make_one_up(values, count, start, length):
    curve = pyramid(np.arange(len(values)) / len(values), values)
    low, high = curve.columns(start, start + length, count)
    at = curve.seconds
    inside = np.array(values)[(at >= start) & (at < start + length)]
    if not np.isfinite(inside).any():
        return
    # A block may reach a little beyond what is in sight, and never less far.
    assert np.nanmax(high) >= np.nanmax(inside)
    assert np.nanmin(low) <= np.nanmin(inside)
    assert set(high[np.isfinite(high)]) <= set(values)


@given(st.integers(0, 2999), st.integers(1, 600))
@settings(max_examples=40, deadline=None)
def test_a_grown_pyramid_is_the_same_as_one_made_at_once(first, step):
    values = np.random.default_rng(first).random(3000)
    seconds = np.arange(3000) / 30
    grown = pyramid(seconds[:first], values[:first])
    for end in range(first, 3000 + step, step):
        grown.update(seconds[:end], values[:end], min(len(grown), end))
    whole = pyramid(seconds, values)
    for a, b in zip(grown.columns(3.0, 97.0, 37), whole.columns(3.0, 97.0, 37), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_column_is_covered_by_any_range_that_touches_it_however_short():
    covered = covered_columns(np.array([0.21, 5.0, 9.95]), np.array([0.22, 7.1, 12.0]), 0.0, 1.0, 10)
    assert list(np.flatnonzero(covered)) == [0, 5, 6, 7, 9]
    assert runs(covered) == [(0, 1), (5, 8), (9, 10)]


def test_the_spread_is_the_standard_deviation_within_the_window():
    seconds = np.arange(100) / 10
    values = np.random.default_rng(1).random(100)
    for row in (0, 50, 99):
        near = np.abs(seconds - seconds[row]) <= 0.2 + 1e-9
        assert np.isclose(spread(seconds, values, 0.4)[row], values[near].std())
    assert not spread(seconds, np.full(100, 0.7), 0.4).max() > 1e-6


def test_curves_grown_in_slices_are_those_made_at_once(monkeypatch):
    clip = make_clip(5000)
    series = TrackSeries(1)
    values = np.random.default_rng(3).random(3100)
    for pts, value in enumerate(values[:3000]):
        series.append(score(1, pts, value) if value > 0.05 else score(1, pts, why=Abstention.PROFILE))
    whole = TrackCurves(series, 0.5)
    assert whole.grow(clip)
    monkeypatch.setattr(track_curves, "SLICE", 700)
    sliced = TrackCurves(series, 0.5)
    assert [sliced.grow(clip) for _ in range(5)] == [False] * 4 + [True]
    for pts, value in enumerate(values[3000:], 3000):
        series.append(score(1, pts, value))
    assert whole.grow(clip)
    assert sliced.grow(clip)
    for name in ("raw", "smoothed", "below", "above"):
        one, other = getattr(whole, name), getattr(sliced, name)
        assert np.array_equal(one.seconds, other.seconds)
        assert np.allclose(one.values, other.values, atol=1e-9, equal_nan=True)
    assert sliced.mean_and_spread(series, 3100) is None
    assert sliced.mean_and_spread(TrackSeries(1), 0) is None


def test_a_lone_point_at_the_edge_of_a_lane_is_seen(qapp):
    """As the only one of a clip of one picture: two pixels of it were painted, one of them outside."""
    plot = pg.PlotWidget()
    plot.hideAxis("left")
    plot.hideAxis("bottom")
    plot.setRange(xRange=(0, 1), yRange=(0, 1), padding=0)
    curve = CurveItem(QColor("red"), 2.0)
    curve.pyramid.update(np.zeros(1), np.array([0.5]))
    plot.addItem(curve, ignoreBounds=True)
    plot.resize(200, 100)
    image = plot.grab().toImage()
    seen = sum(image.pixelColor(x, y).red() > 100 for x in range(8) for y in range(image.height()))
    assert seen >= 6
