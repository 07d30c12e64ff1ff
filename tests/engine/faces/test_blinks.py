"""Blinks are detected where the lids close and open again, with exact frames, and nowhere else."""

import time

import numpy as np
import pytest

from inspector.engine.faces.blinks import can_detect_blinks, find_blinks


def frames(seconds: float, rate: float) -> np.ndarray:
    return np.arange(round(seconds * rate)) / rate


def eye(
    at: np.ndarray, times: list[float], depth: float = 0.22, width: float = 0.2, open_eye: float = 0.3
) -> np.ndarray:
    """An open eye's ratio with a little noise, and dips at `times` of this width at half their depth."""
    ratio = open_eye + np.random.default_rng(0).normal(0, 0.006, len(at))
    for moment in times:
        ratio -= depth * np.exp(-np.log(2) * ((at - moment) / (width / 2)) ** 2)
    return ratio


def spans(at: np.ndarray, ratio: np.ndarray) -> list[tuple[float, float]]:
    found = find_blinks(at, ratio)
    return [(float(at[first]), float(at[last])) for first, last in zip(found.first, found.last, strict=True)]


@pytest.mark.parametrize("rate", [15, 25, 29.97, 60])
def test_every_blink_is_found_with_its_duration_at_half_depth(rate: float) -> None:
    times = [1.5, 4.0, 4.5, 9.0, 13.2, 18.0]
    at = frames(20, rate)
    found = spans(at, eye(at, times))
    assert len(found) == len(times)
    for (start, end), moment in zip(found, times, strict=True):
        assert start == pytest.approx(moment - 0.1, abs=1.5 / rate)
        assert end == pytest.approx(moment + 0.1, abs=1.5 / rate)


def test_ranges_are_half_open_and_contain_the_closed_frames_only() -> None:
    ratio = np.full(40, 0.3)
    ratio[20:24] = 0.1
    found = find_blinks(frames(40 / 25, 25), ratio)
    assert (found.first.tolist(), found.last.tolist()) == ([20], [24])


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("an open eye", lambda r: r),
        ("a squint", lambda r: r.__setitem__(slice(100, 104), 0.26)),
        ("one frame", lambda r: r.__setitem__(100, 0.05)),
        ("closed for a second", lambda r: r.__setitem__(slice(100, 125), 0.05)),
        ("asleep", lambda r: r.__setitem__(slice(100, 300), 0.05)),
        ("closed at the start", lambda r: r.__setitem__(slice(0, 4), 0.05)),
        ("closed at the end", lambda r: r.__setitem__(slice(-4, None), 0.05)),
        ("closed from now on", lambda r: r.__setitem__(slice(250, None), 0.05)),
    ],
)
def test_dips_that_are_not_blinks(what: str, change) -> None:
    at = frames(20, 25)
    ratio = eye(at, [])
    change(ratio)
    assert len(find_blinks(at, ratio)) == 0, what


def test_blinks_are_found_while_the_open_ratio_drifts() -> None:
    at = frames(20, 25)
    ratio = eye(at, [3.0, 10.0, 17.0]) * np.linspace(1.0, 0.6, len(at))
    assert len(find_blinks(at, ratio)) == 3


def test_two_minima_of_one_closure_are_one_blink_and_two_close_blinks_are_two() -> None:
    ratio = np.full(60, 0.3)
    ratio[20:32] = [0.08, 0.08, 0.12, 0.16, 0.16, 0.16, 0.16, 0.12, 0.09, 0.08, 0.09, 0.1]
    at = frames(60 / 30, 30)
    assert len(find_blinks(at, ratio)) == 1
    ratio[23:27] = 0.27
    assert len(find_blinks(at, ratio)) == 2


def test_nothing_is_joined_across_a_gap() -> None:
    at = frames(8, 25)
    ratio = eye(at, [4.0])
    kept = np.abs(at - 4.0) > 0.3
    kept[98:103] = True  # the eye is seen closed, but neither closing nor opening
    assert len(find_blinks(at[kept], ratio[kept])) == 0
    assert len(find_blinks(at, ratio)) == 1


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_very_short_series_have_no_blinks(count: int) -> None:
    assert len(find_blinks(np.arange(count) / 25, np.full(count, 0.3))) == 0


def test_eyes_that_are_never_open_have_no_blinks() -> None:
    assert len(find_blinks(frames(4, 25), np.zeros(100))) == 0


def test_low_frame_rates_cannot_show_blinks() -> None:
    assert can_detect_blinks(frames(10, 15))
    assert not can_detect_blinks(frames(10, 14))
    assert not can_detect_blinks(np.array([0.0]))


def test_two_hours_are_searched_quickly() -> None:
    at = frames(7200, 30)
    ratio = eye(at[:900], [2, 6, 9, 14, 18, 25], width=0.15)
    started = time.thread_time()
    found = find_blinks(at, np.tile(ratio, 240))
    assert len(found) == 6 * 240
    assert time.thread_time() - started < 2.0  # 0.1 s on an idle core
