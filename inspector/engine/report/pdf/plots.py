"""The report's plots as vector graphics: who is in the clip when, a track's probability, its signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from inspector.domain.analysis import Analysis, Signal, TrackSummary
from inspector.domain.clip import Clip, Gap
from inspector.domain.model_card import Threshold
from inspector.engine.analysis.deep_rule import threshold_of
from inspector.engine.analysis.segments import smooth
from inspector.engine.report import fonts, text
from inspector.engine.report.pdf import axes as ax
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.axes import Axes
from inspector.engine.report.series import Overview, Series

_LEFT, _RIGHT = 24.0, 30.0  # points beside a plot, for values at the left and notes at the right


def _extent(start: float, end: float) -> tuple[float, float]:
    """Room on both sides; a single frame gets a second to itself."""
    room = 0.02 * (end - start)
    return (start - room, end + room) if end - start > 1e-6 else (start, start + 1.0)


def _axes(
    bottom: float, height: float, start: float, end: float, low: float = 0.0, high: float = 1.0,
    width: float = style.WIDTH,
) -> Axes:  # fmt: skip
    first, last = _extent(start, end)
    return Axes(_LEFT, bottom, width - _LEFT - _RIGHT, height, first, last, low, high)


def _gaps(canvas: Any, axes: Axes, clip: Clip, gaps: Sequence[Gap]) -> None:
    stretches = ((clip.seconds(gap.start_pts), clip.seconds(gap.end_pts)) for gap in gaps)
    for start, end in ax.merged(stretches, (axes.end - axes.start) / axes.width):
        ax.hatch(canvas, axes, start, end, style.GAP, falling=True)


def presence(analysis: Analysis, overview: Overview, shown: Sequence[TrackSummary]) -> Any:
    """A lane per track over the whole clip: where it was scored, where not, its segments, and the gaps."""
    lane, clip = 11.0, analysis.clip
    height = lane * len(shown)
    axes = _axes(14, height, 0.0, overview.last_seconds)

    def paint(canvas: Any) -> None:
        for index, track in enumerate(shown):
            series = overview.series.get(track.track_id)
            y = axes.bottom + height - (index + 1) * lane
            row = Axes(axes.left, y + 2, axes.width, lane - 4, axes.start, axes.end)
            ax.label(canvas, axes.left - 3.5, y + 3, str(track.track_id), "right")
            if series is None:
                continue
            for start, end in ax.spans(series.seconds, series.scored, axes):
                ax.shade(canvas, row, start, end, style.RAW)
            for segment in (s for s in analysis.segments if s.track_id == track.track_id):
                ax.shade(
                    canvas,
                    row,
                    clip.seconds(segment.start_pts),
                    clip.seconds(segment.end_pts),
                    _segment(analysis, track, strong=True),
                )
            for start, end in ax.spans(series.seconds, ~series.scored, axes):
                ax.hatch(canvas, row, start, end, style.MUTED)
        _gaps(canvas, axes, clip, analysis.gaps)
        ax.frame(
            canvas, Axes(axes.left, axes.bottom, axes.width, height, axes.start, axes.end), time=True, most_values=0
        )

    return style.Drawn(style.WIDTH, height + 16, paint)


_STRONG, _STRONG_GREY = HexColor("#e0972f"), HexColor("#6f7780")


def _segment(analysis: Analysis, track: TrackSummary, *, strong: bool = False) -> Any:
    """The colour of a track's segments: orange only where manipulation of the track is indicated, else grey."""
    if track.track_id in analysis.indicated_tracks:
        return _STRONG if strong else style.SEGMENT
    return _STRONG_GREY if strong else style.GREY_SEGMENT


def _threshold(analysis: Analysis, *, is_deep: bool) -> Threshold | None:
    """The thresholds of the rule that judged a track; None without a model."""
    model = analysis.model
    if model is None or not is_deep or model.deep is None:
        return None if model is None else model.threshold
    return threshold_of(model.deep.limits(analysis.clip.is_still))


TIMELINE = 112.0
"""The height of a track's plot under *Face tracks*, in points."""


def timeline(
    analysis: Analysis,
    series: Series,
    track: TrackSummary,
    height: float = TIMELINE,
    width: float = style.WIDTH,
) -> style.Drawn:
    """A track's frame probabilities, raw and smoothed, over its seconds, with all that bears on reading them.

    With a deep look, its frames are points joined by a line, and the fast network's frames a thin curve.
    """
    clip, smoothing = analysis.clip, analysis.settings.smoothing_seconds
    is_deep = track.deep is not None
    threshold = _threshold(analysis, is_deep=is_deep)
    axes = _axes(16, height - 20, clip.seconds(track.start_pts), clip.seconds(track.end_pts), width=width)
    scored = series.scored
    seconds, values = series.seconds[scored], series.probability[scored]
    abstained = ax.spans(series.seconds, ~scored, axes)

    def paint(canvas: Any) -> None:
        if threshold is not None:
            canvas.setFillColor(style.BAND)
            low, high = axes.y(threshold.low), axes.y(threshold.high)
            canvas.rect(axes.left, low, axes.width, high - low, stroke=0, fill=1)
        for segment in (s for s in analysis.segments if s.track_id == track.track_id):
            ax.shade(
                canvas, axes, clip.seconds(segment.start_pts), clip.seconds(segment.end_pts), _segment(analysis, track)
            )
        for start, end in abstained:
            ax.hatch(canvas, axes, start, end, style.HATCH)
        _gaps(canvas, axes, clip, analysis.gaps)
        if threshold is not None:
            _limits(canvas, axes, threshold)
        ax.curve(canvas, axes, seconds, values, style.RAW, 0.6)
        if is_deep:
            _deep_points(canvas, axes, series)
        else:
            ax.curve(canvas, axes, seconds, smooth(seconds, values, smoothing), style.SMOOTH, 1.1)
        ax.frame(canvas, axes, time=True, taken=_levels(threshold))
        _track_mark(canvas, axes, track.fake_probability)

    return style.Drawn(width, height, paint)


_MOST_POINTS = 200  # more would run into each other, so that only their line is drawn


def _deep_points(canvas: Any, axes: Axes, series: Series) -> None:
    seen = np.isfinite(series.deep)
    seconds, values = series.seconds[seen], series.deep[seen]
    ax.curve(canvas, axes, seconds, values, style.SMOOTH, 0.8)
    canvas.setFillColor(style.SMOOTH)
    if len(seconds) <= _MOST_POINTS:
        for x, y in zip(seconds, values, strict=True):
            canvas.circle(axes.x(float(x)), axes.y(float(y)), 1.6, stroke=0, fill=1)


def _levels(threshold: Threshold | None) -> list[float]:
    """The limits that exist, as probabilities."""
    return [] if threshold is None else [level for level in (threshold.low, threshold.high) if 0.0 < level < 1.0]


def _limits(canvas: Any, axes: Axes, threshold: Threshold) -> None:
    """The two limits of the rule with their numbers; a limit at an end of the scale does not exist."""
    canvas.saveState()
    canvas.setLineWidth(0.6)
    canvas.setStrokeColor(style.MUTED)
    canvas.setDash(3, 2)
    for level in _levels(threshold):
        canvas.line(axes.left, axes.y(level), axes.left + axes.width, axes.y(level))
    canvas.restoreState()
    for level in _levels(threshold):
        ax.label(canvas, axes.left - 3.5, axes.y(level) - 2, text.number(level), "right")


def _track_mark(canvas: Any, axes: Axes, probability: float | None) -> None:
    if probability is None:
        return
    x, y = axes.left + axes.width, axes.y(probability)
    _pointer(canvas, x + 1, y)
    low = min(max(y - 2.2, axes.bottom), axes.bottom + axes.height - 5)
    ax.label(canvas, x + 8, low, text.probability(probability).replace("over ", ">").replace("under ", "<"))


def _pointer(canvas: Any, x: float, y: float) -> None:
    canvas.setFillColor(style.ACCENT)
    path = canvas.beginPath()
    path.moveTo(x, y)
    path.lineTo(x + 5, y + 3)
    path.lineTo(x + 5, y - 3)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def legend(entries: Sequence[tuple[str, str]]) -> style.Drawn:
    """A line that names the marks of the plots: pairs of a kind (a key of `_SWATCHES`) and its text."""

    places, x, line = [], _LEFT, 0
    for kind, label in entries:
        wide = 17 + stringWidth(label, fonts.SANS, ax.LABEL_SIZE) + 11
        if x + wide > style.WIDTH:
            x, line = _LEFT, line + 1
        places.append((kind, label, x, line))
        x += wide

    def paint(canvas: Any) -> None:
        for kind, label, left, row in places:
            base = 2 + 10.0 * (line - row)
            _SWATCHES[kind](canvas, Axes(left, base, 14, 7, 0, 1))
            ax.label(canvas, left + 17, base + 1, label)

    return style.Drawn(style.WIDTH, 12 + 10 * line, paint)


def _line(canvas: Any, box: Axes, colour: Any, width: float, dash: tuple[int, ...] = ()) -> None:
    canvas.saveState()
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(width)
    canvas.setDash(*dash) if dash else None
    canvas.line(box.left, box.y(0.5), box.left + box.width, box.y(0.5))
    canvas.restoreState()


def _line_with_point(canvas: Any, box: Axes) -> None:
    _line(canvas, box, style.SMOOTH, 0.8)
    canvas.setFillColor(style.SMOOTH)
    canvas.circle(box.left + box.width / 2, box.y(0.5), 1.6, stroke=0, fill=1)


_SWATCHES: dict[str, Any] = {
    "deep": lambda canvas, box: _line_with_point(canvas, box),
    "raw": lambda canvas, box: _line(canvas, box, style.RAW, 0.8),
    "smooth": lambda canvas, box: _line(canvas, box, style.SMOOTH, 1.2),
    "limits": lambda canvas, box: _line(canvas, box, style.MUTED, 0.8, (3, 2)),
    "band": lambda canvas, box: ax.shade(canvas, box, 0, 1, style.BAND),
    "segment": lambda canvas, box: ax.shade(canvas, box, 0, 1, style.SEGMENT),
    "grey segment": lambda canvas, box: ax.shade(canvas, box, 0, 1, style.GREY_SEGMENT),
    "lane": lambda canvas, box: ax.shade(canvas, box, 0, 1, style.RAW),
    "lane segment": lambda canvas, box: ax.shade(canvas, box, 0, 1, _STRONG),
    "grey lane segment": lambda canvas, box: ax.shade(canvas, box, 0, 1, _STRONG_GREY),
    "abstained": lambda canvas, box: ax.hatch(canvas, box, 0, 1, style.HATCH),
    "gap": lambda canvas, box: ax.hatch(canvas, box, 0, 1, style.GAP, falling=True),
    "track": lambda canvas, box: _pointer(canvas, box.left + 6, box.y(0.5)),
}


def signals(clip: Clip, track: TrackSummary, series: Sequence[Signal]) -> Any:
    """A track's signals beneath each other on one time axis, each with its unit and its own range."""
    lane, start, end = 40.0, clip.seconds(track.start_pts), clip.seconds(track.end_pts)

    def paint(canvas: Any) -> None:
        for index, signal in enumerate(series):
            bottom = 16 + (len(series) - 1 - index) * lane
            known = np.isfinite(signal.values)
            values = signal.values[known]
            seconds = (signal.pts[known] - clip.start_pts).astype(np.float64) * float(clip.time_base)
            low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
            room = 0.08 * (high - low) or 0.5
            axes = _axes(bottom, lane - 13, start, end, low - room, high + room)
            ax.curve(canvas, axes, seconds, values, style.SMOOTH, 0.7)
            ax.frame(canvas, axes, time=index == len(series) - 1, most_values=4)
            unit = f" ({signal.unit})" if signal.unit else ""
            ax.label(canvas, axes.left, bottom + lane - 11, text.visible(signal.name + unit))

    return style.Drawn(style.WIDTH, lane * len(series) + 12, paint)
