import numpy as np
import pytest

from inspector.engine.report.pdf import axes as ax


def test_thinning_keeps_every_extreme_and_the_order() -> None:
    seconds = np.arange(216_000) / 30
    values = np.full(216_000, 0.2)
    values[[5, 100_003, 215_999]] = [0.9, 0.99, 0.01]
    shown, heights = ax.envelope(seconds, values)
    assert len(shown) <= 2 * ax.BINS
    assert (np.diff(shown) > 0).all()
    assert {0.9, 0.99, 0.01} <= set(heights)
    assert seconds[100_003] in shown


def test_short_series_are_drawn_as_they_are() -> None:
    seconds = np.arange(300.0)
    shown, heights = ax.envelope(seconds, seconds * 2)
    assert np.array_equal(shown, seconds)
    assert np.array_equal(heights, seconds * 2)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [(0, 1, 4, [0, 0.5, 1]), (0, 10, 10, list(range(11))), (0, 7200, 10, list(range(0, 7201, 1000))),
     (-0.3, 0.3, 3, [-0.2, 0, 0.2]), (2.001, 2.004, 3, [2.001, 2.002, 2.003, 2.004])],
)  # fmt: skip
def test_ticks_are_round_and_inside(low: float, high: float, most: int, expected: list[float]) -> None:
    places, decimals = ax.ticks(low, high, most)
    assert [round(p, 6) for p in places] == pytest.approx(expected)
    assert [float(f"{p:.{decimals}f}") for p in places] == pytest.approx(expected)


def plot(start: float, end: float) -> ax.Axes:
    return ax.Axes(0, 0, 400, 50, start, end)


def test_spans_are_exact_where_a_plot_can_show_every_sample() -> None:
    seconds = np.arange(200) / 25
    chosen = np.zeros(200, dtype=bool)
    chosen[[0, 1, 2, 50, 199]] = True
    found = np.array(ax.spans(seconds, chosen, plot(0, 8)))
    assert found == pytest.approx(np.array([(0, 0.12), (2, 2.04), (7.96, 8)]))
    assert ax.spans(seconds, ~chosen, plot(0, 8))[0] == pytest.approx((0.12, 2))
    assert ax.spans(seconds, np.zeros(200, dtype=bool), plot(0, 8)) == []
    assert ax.spans(np.array([3.0]), np.array([True]), plot(0, 8)) == [(3.0, 3.0)]


def test_spans_of_a_long_series_show_what_most_samples_are() -> None:
    seconds = np.arange(100_000) / 25
    flicker = np.arange(100_000) % 50 < 5
    assert ax.spans(seconds, flicker, plot(0, 4000)) == []
    stretch = flicker | ((seconds >= 1000) & (seconds < 1500))
    ((start, end),) = ax.spans(seconds, stretch, plot(0, 4000))
    assert (start, end) == pytest.approx((1000, 1500), abs=4000 / ax.BINS)


def test_merged_stretches_hide_none() -> None:
    assert ax.merged([(5, 6), (0, 1), (1.2, 2), (0.5, 0.6)], 0.3) == [(0, 2), (5, 6)]
    assert ax.merged([], 1.0) == []


def test_positions_stay_inside_the_plot() -> None:
    axes = ax.Axes(10, 20, 100, 50, 0, 10)
    assert (axes.x(5), axes.y(0.5)) == (60, 45)
    assert (axes.x(-99), axes.x(99), axes.y(7)) == (10, 110, 70)


class Pen:
    """Records the strokes of a path instead of a canvas."""

    def __init__(self) -> None:
        self.moves: list[tuple[float, float]] = []
        self.dots = 0

    def beginPath(self) -> "Pen":
        return self

    def moveTo(self, x: float, y: float) -> None:
        self.moves.append((x, y))

    def circle(self, *_where: float, stroke: int, fill: int) -> None:
        self.dots += 1

    def __getattr__(self, _name: str) -> object:
        return lambda *_values: None


def strokes(seconds: np.ndarray) -> tuple[int, int]:
    pen = Pen()
    axes = ax.Axes(0, 0, 400, 50, float(seconds[0]), float(seconds[-1]) + 1)
    ax.curve(pen, axes, seconds, np.zeros(len(seconds)), None, 1.0)
    return len(pen.moves), pen.dots


def test_a_curve_is_interrupted_where_samples_are_missing() -> None:
    seconds = np.concatenate([np.arange(50) / 25, 10 + np.arange(50) / 25, [20.0]])
    assert strokes(seconds) == (2, 1)
    assert strokes(np.arange(200_000) / 25) == (1, 0)
    long_hole = np.concatenate([np.arange(100_000) / 25, 6000 + np.arange(100_000) / 25])
    assert strokes(long_hole) == (2, 0)


def test_a_long_flickering_series_does_not_fill_the_file() -> None:
    seconds = (np.arange(216_000) / 30)[np.arange(216_000) % 50 > 3]
    moves, dots = strokes(seconds)
    assert moves + dots < 10
