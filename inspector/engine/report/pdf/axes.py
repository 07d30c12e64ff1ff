"""Axes of a plot in vector graphics: where a second and a value lie, ticks, and curves that keep every extreme."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inspector.domain.arrays import Flags, Floats
from inspector.engine.report import fonts
from inspector.engine.report.pdf import style

LABEL_SIZE = 6.8
BINS = 480  # across a plot; at 150 mm this is 0.3 mm, finer than anyone prints


@dataclass(frozen=True, slots=True)
class Axes:
    """A plot's rectangle on the page in points, and the seconds and values it spans."""

    left: float
    bottom: float
    width: float
    height: float
    start: float
    end: float
    low: float = 0.0
    high: float = 1.0

    def x(self, seconds: float) -> float:
        """Page position of a time, held inside the plot."""
        share = (seconds - self.start) / (self.end - self.start)
        return self.left + self.width * min(max(share, 0.0), 1.0)

    def y(self, value: float) -> float:
        """Page position of a value, held inside the plot."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + self.height * min(max(share, 0.0), 1.0)


def ticks(low: float, high: float, most: int) -> tuple[list[float], int]:
    """Round values (steps of 1, 2 or 5) from low to high, at most `most` steps, and the decimals that they need."""
    rough = max((high - low) / most, 1e-9)
    power = math.floor(math.log10(rough))
    step = next(factor * 10.0**power for factor in (1, 2, 5, 10) if factor * 10.0**power >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [step * n for n in range(first, last + 1)], decimals


def envelope(seconds: Floats, values: Floats, bins: int = BINS) -> tuple[Floats, Floats]:
    """The series, thinned to each bin's least and greatest value in their order; short ones stay as they are."""
    if len(seconds) <= 2 * bins:
        return seconds, values
    edges = np.linspace(seconds[0], seconds[-1], bins + 1)
    starts = np.unique(np.searchsorted(seconds, edges[:-1]))
    keep: list[int] = []
    for first, last in zip(starts, np.append(starts[1:], len(seconds)), strict=True):
        part = values[first:last]
        keep.extend(sorted({int(first + np.argmin(part)), int(first + np.argmax(part))}))
    return seconds[keep], values[keep]


def _runs(seconds: Floats, hole: float) -> list[slice]:
    """The stretches in which samples follow each other at most `hole` seconds apart."""
    breaks = np.flatnonzero(np.diff(seconds) > hole) + 1
    bounds = [0, *(int(b) for b in breaks), len(seconds)]
    return [slice(a, b) for a, b in itertools.pairwise(bounds) if b > a]


def curve(canvas: Any, axes: Axes, seconds: Floats, values: Floats, colour: Any, width: float) -> None:
    """Draw a series, interrupted where samples are missing; a single sample becomes a dot."""
    usual = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.0
    shown, heights = envelope(seconds, values)
    # Thinned samples may lie two bins apart without anything missing. The hair's breadth is for rounded time stamps.
    bin_width = (axes.end - axes.start) / BINS if len(shown) < len(seconds) else 0.0
    canvas.saveState()
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour)
    canvas.setLineWidth(width)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    for run in _runs(shown, max(2.5 * usual, 2 * bin_width + usual) + 1e-6):
        points = list(zip(shown[run], heights[run], strict=True))
        if len(points) == 1:
            canvas.circle(axes.x(points[0][0]), axes.y(points[0][1]), max(1.0, width), stroke=0, fill=1)
            continue
        path.moveTo(axes.x(points[0][0]), axes.y(points[0][1]))
        for second, value in points[1:]:
            path.lineTo(axes.x(second), axes.y(value))
    canvas.drawPath(path)
    canvas.restoreState()


def merged(stretches: Iterable[tuple[float, float]], resolution: float) -> list[tuple[float, float]]:
    """Stretches in order of their start, those closer than `resolution` as one: a plot cannot show them apart."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if found and start - found[-1][1] <= resolution:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def spans(seconds: Floats, chosen: Flags, axes: Axes) -> list[tuple[float, float]]:
    """The stretches of the `chosen` samples; of a long series, those points of the plot most of whose samples are."""
    if len(seconds) > 2 * BINS:
        return _majority(seconds, chosen, (axes.end - axes.start) / BINS)
    lasts = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.0
    picked = seconds[chosen]
    return [(float(picked[run][0]), float(picked[run][-1]) + lasts) for run in _runs(picked, 1.5 * lasts + 1e-6)]


def _majority(seconds: Floats, chosen: Flags, width: float) -> list[tuple[float, float]]:
    start = float(seconds[0])
    bins = ((seconds - start) / width).astype(np.intp)
    on = 2 * np.bincount(bins, weights=chosen) > np.bincount(bins)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], on.astype(np.int8), [0]))))
    return [(start + a * width, start + b * width) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def hatch(canvas: Any, axes: Axes, start: float, end: float, colour: Any, *, falling: bool = False) -> None:
    """Hatch the plot's full height from `start` to `end` seconds, at least a hair wide so that it can be seen."""
    left, right = axes.x(start), axes.x(end)
    if end < axes.start or start > axes.end:
        return
    right = max(right, left + 0.7)
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(left, axes.bottom, right - left, axes.height)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.5)
    path, slant = canvas.beginPath(), axes.height
    x = left - slant - (left - slant) % 3.2  # on a common raster, so that neighbours join
    while x < right:
        bottom, top = (x + slant, x) if falling else (x, x + slant)
        path.moveTo(bottom, axes.bottom)
        path.lineTo(top, axes.bottom + axes.height)
        x += 3.2
    canvas.drawPath(path)
    canvas.restoreState()


def shade(canvas: Any, axes: Axes, start: float, end: float, colour: Any) -> None:
    """Shade the plot's full height from `start` to `end` seconds."""
    if end < axes.start or start > axes.end:
        return
    left, right = axes.x(start), axes.x(end)
    canvas.setFillColor(colour)
    canvas.rect(left, axes.bottom, max(right - left, 0.5), axes.height, stroke=0, fill=1)


def _label(canvas: Any, x: float, y: float, text: str, align: str) -> None:
    canvas.setFont(fonts.SANS, LABEL_SIZE)
    canvas.setFillColor(style.MUTED)
    {"left": canvas.drawString, "right": canvas.drawRightString, "centre": canvas.drawCentredString}[align](x, y, text)


def _values(axes: Axes, most: int) -> tuple[list[float], int]:
    """The values to name, at least two where finer steps give them: one number by itself is no scale."""
    found = ticks(axes.low, axes.high, most)
    while len(found[0]) < 2 and most < 16:
        most += 1
        found = ticks(axes.low, axes.high, most)
    return found


def frame(canvas: Any, axes: Axes, *, time: bool, most_values: int = 4, taken: Sequence[float] = ()) -> None:
    """Draw the plot's border, at most so many steps of values at the left and, if `time`, its seconds beneath.

    A value is not named where the label of a `taken` one stands.
    """
    canvas.setStrokeColor(style.MUTED)
    canvas.setLineWidth(0.5)
    canvas.rect(axes.left, axes.bottom, axes.width, axes.height, stroke=1, fill=0)
    places, decimals = _values(axes, most_values) if most_values else ([], 0)
    for value in places:
        y = axes.y(value)
        canvas.line(axes.left - 2, y, axes.left, y)
        if any(abs(y - axes.y(other)) < LABEL_SIZE for other in taken):
            continue
        _label(canvas, axes.left - 3.5, y - 2.2, f"{value:.{decimals}f}", "right")
    if time:
        places, decimals = ticks(axes.start, axes.end, 10)
        for second in places:
            x = axes.x(second)
            canvas.line(x, axes.bottom - 2, x, axes.bottom)
            _label(canvas, x, axes.bottom - 8.5, f"{second:.{decimals}f}", "centre")
        _label(canvas, axes.left + axes.width + 8, axes.bottom - 8.5, "s", "left")


def label(canvas: Any, x: float, y: float, text: str, align: str = "left") -> None:
    """A small caption inside a plot."""
    _label(canvas, x, y, text, align)
