"""The timeline's lanes: one per track with its probabilities, one for the sound, one per signal of the chosen track.

What the band about a track's curve says: one standard deviation of the frame probabilities within the smoothing
window, each side of their mean. It says how steady the score is there, not how sure: a bundle's card holds no interval
for a single frame, and neighbouring frames are not independent, so none is drawn. What is calibrated is the dotted
stretch between the card's `low` and `high`, in which a whole track is called inconclusive, and the measured error rates
of that rule with their 95 % intervals, which the pointer is told over a track.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from inspector.domain.arrays import Floats, PtsArray
from inspector.domain.clip import Clip
from inspector.domain.model_card import Threshold
from inspector.domain.scores import Segment
from inspector.ui.series import TrackSeries
from inspector.ui.timeline.lanes.curve_items import AreaItem, CurveItem
from inspector.ui.timeline.lanes.lane_items import (
    AXIS_WIDTH,
    AbstentionItem,
    Band,
    BandItem,
    LaneLabel,
    LaneView,
    LevelBand,
    SpanItem,
    playhead_line,
    threshold_line,
)
from inspector.ui.timeline.lanes.plots import make_plot
from inspector.ui.timeline.lanes.track_curves import TrackCurves
from inspector.ui.timeline.lanes.waveform import Peaks
from inspector.ui.widgets.theme import Theme, track_colour

_ROOM_FOR_TICKS = 50


def _short(value: float) -> str:
    """A tick's number in what room there is."""
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2f}"


class Lane:
    """One row of the timeline: a label at the left, a plot at the right, the playhead across it."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, name: str) -> None:
        self.theme, self.name = theme, name
        self.view = LaneView()
        self.label = LaneLabel(theme)
        layout.addItem(self.label, row, 0)
        self.plot = make_plot(layout, viewBox=self.view)
        layout.addItem(self.plot, row, 1)
        self.plot.hideButtons()
        self.plot.hideAxis("bottom")
        axis = self.plot.getAxis("left")
        axis.setWidth(AXIS_WIDTH)
        axis.setStyle(tickLength=-3, maxTickLevel=0)
        axis.setPen(pg.mkPen(theme.grid))
        axis.setTextPen(pg.mkPen(theme.muted))
        self.spans = SpanItem(theme)
        self.playhead = playhead_line(theme.playhead)
        for item in (self.spans, self.playhead):
            self.plot.addItem(item, ignoreBounds=True)
        self.set_height(height)

    def set_height(self, height: int) -> None:
        """How high the row is."""
        self.height = height
        self.plot.setFixedHeight(height)

    def show_value(self, pts: int | None) -> None:
        """Say at the label what was measured in the frame on the screen."""
        raise NotImplementedError

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """What the pointer is told at a time, and in the frame that stands there."""
        raise NotImplementedError

    def set_limits(self, end: float, shortest: float) -> None:
        """Where the clip ends, and how far one may zoom in."""
        self.view.setLimits(xMin=0.0, xMax=end, minXRange=min(shortest, end))


class TrackLane(Lane):
    """A track's frame probabilities, thin, their smoothed curve, thick, with their spread; abstentions, segments."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, track_id: int) -> None:
        super().__init__(layout, row, theme, height, f"Track {track_id}")
        self.track_id = track_id
        colour = track_colour(theme, track_id)
        self.colour = colour.name()
        thin, faint = QColor(colour), QColor(colour)
        thin.setAlpha(120)
        faint.setAlpha(70)
        self.spread = AreaItem(faint)
        self.raw = CurveItem(thin, 1.0)
        self.smoothed = CurveItem(colour, 2.0)
        self.bands = BandItem()
        self.abstentions = AbstentionItem(theme)
        for item in (self.bands, self.abstentions, self.spread, self.raw, self.smoothed):
            self.plot.addItem(item, ignoreBounds=True)
        self.view.setYRange(-0.08, 1.08, padding=0)
        self._threshold: Threshold | None = None
        self._threshold_items: list[Any] = []
        self._series: TrackSeries | None = None
        self._curves = self._coming = TrackCurves()
        self.show_value(None)

    @property
    def is_scored(self) -> bool:
        """Whether any frame that was drawn has a probability."""
        return self._series is not None and self._series.is_scored

    def set_height(self, height: int) -> None:
        """How high the row is; a low one goes without its scale."""
        super().set_height(height)
        ticks = [(0.0, "0"), (0.5, "0.5"), (1.0, "1")] if height >= _ROOM_FOR_TICKS else []
        self.plot.getAxis("left").setTicks([ticks])

    def set_threshold(self, threshold: Threshold | None) -> None:
        """Draw where the tool calls a stretch, and between which levels it stays inconclusive."""
        if threshold == self._threshold:
            return
        self._threshold = threshold
        for item in self._threshold_items:
            self.plot.removeItem(item)
        self._threshold_items = []
        if threshold is None:
            return
        self._threshold_items = [
            LevelBand(threshold.low, threshold.high, self.theme.muted),
            threshold_line(threshold.segment, self.theme.notable),
        ]
        self._threshold_items[0].setZValue(-5)
        for item in self._threshold_items:
            self.plot.addItem(item, ignoreBounds=True)

    def set_series(self, series: TrackSeries, clip: Clip, smoothing: float, segments: list[Segment]) -> bool:
        """Draw the scores as far as they are known; False while there are more to take in: call again, soon.

        What was drawn before is not computed again. Another series takes the place of the one in sight as a whole.
        """
        self._series = series
        if not self._curves.are_of(series, smoothing):
            if not self._coming.are_of(series, smoothing):
                self._coming = TrackCurves(series, smoothing)
            if not self._coming.grow(clip):
                return False
            self._take(self._coming)
        elif not self._curves.grow(clip):
            return False
        self.bands.set_bands(self._segment_bands(clip, segments))
        self._set_abstentions(series, self.raw.pyramid.seconds)
        for item in (self.spread, self.raw, self.smoothed):
            item.update()
        return True

    def _take(self, curves: TrackCurves) -> None:
        """Draw these from now on."""
        self._curves = curves
        self.raw.pyramid, self.smoothed.pyramid = curves.raw, curves.smoothed
        self.spread.lower, self.spread.upper = curves.below, curves.above

    def _segment_bands(self, clip: Clip, segments: list[Segment]) -> list[Band]:
        return [
            Band(
                clip.seconds(segment.start_pts),
                clip.seconds(segment.end_pts),
                Qt.BrushStyle.SolidPattern,
                self.theme.notable,
                56,
                f"segment, mean probability {segment.mean_probability:.2f}, peak {segment.peak_probability:.2f}",
            )
            for segment in segments
            if segment.track_id == self.track_id
        ]

    def _set_abstentions(self, series: TrackSeries, seconds: Floats) -> None:
        # Not numpy's median: at its first call that imports a module for a twentieth of a second.
        steps = np.sort(np.diff(seconds[-1000:]))
        step = float(steps[len(steps) // 2]) if len(steps) else 0.04
        found = series.abstention_runs()
        ends = np.minimum(np.append(seconds, np.inf)[found.last + 1], seconds[found.last] + step)
        self.abstentions.set_runs(seconds[found.first], ends, found.code)

    def show_value(self, pts: int | None) -> None:
        """Say at the label what was measured in the frame on the screen."""
        below = ""
        if self._series is not None and pts is not None:
            value, abstention = self._series.probability_at(pts), self._series.abstention_at(pts)
            below = (
                f"frame {value:.2f}" if value is not None else abstention.value if abstention else "not in this frame"
            )
        self.label.set_text(self.name, below, self.colour)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The frame's score with the smoothed one and the spread, or why there is none; segments."""
        row = None if self._series is None else self._series.at(pts)
        lines = []
        if self._series is None or row is None:
            reason = self.abstentions.at(seconds)
            lines.append(f"{self.name}: " + (f"not scored: {reason.value}" if reason else "not in this frame"))
        elif (value := self._series.probability_at(pts)) is None:
            reason = self._series.abstention_at(pts)
            lines.append(f"{self.name}: not scored" + (f": {reason.value}" if reason else ""))
        else:
            drawn = self._curves.mean_and_spread(self._series, row)
            more = "" if drawn is None else f" (smoothed {drawn[0]:.2f}, spread ± {drawn[1]:.2f})"
            lines.append(f"{self.name}: {value:.2f}{more}")
        return lines + [band.text for band in self.bands.at(seconds)]


class SoundLane(Lane):
    """The clip's sound: lowest and highest sample of each hundredth of a second. It is not examined."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int) -> None:
        super().__init__(layout, row, theme, height, "Sound")
        self.area = AreaItem(QColor(theme.muted), 1.0)
        self.plot.addItem(self.area, ignoreBounds=True)
        self.view.setYRange(-1.05, 1.05, padding=0)
        self.plot.getAxis("left").setTicks([[]])
        self.show_value(None)

    def set_peaks(self, peaks: Peaks) -> None:
        """Draw the sound as far as it is read."""
        drawn = len(self.area.lower)
        self.area.lower.update(peaks.seconds, peaks.lowest, drawn)
        self.area.upper.update(peaks.seconds, peaks.highest, drawn)
        self.area.update()

    def show_value(self, pts: int | None) -> None:
        """Sound has no value for a frame."""
        self.label.set_text(self.name, "not examined", self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """Nothing that one does not see."""
        return []


class SignalLane(Lane):
    """One signal of the chosen track: an observation, in a neutral colour since it never enters the score."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, name: str, unit: str) -> None:
        super().__init__(layout, row, theme, height, name)
        self._unit = unit
        self.curve = CurveItem(QColor(theme.text), 1.0)
        self.plot.addItem(self.curve, ignoreBounds=True)
        self._pts: PtsArray = np.empty(0, np.int64)
        self.show_value(None)

    def set_values(self, pts: PtsArray, values: Floats, clip: Clip) -> None:
        """Draw pts int64 (n,) and values float64 (n,), NaN where there is none."""
        self._pts = pts
        seconds = (pts - clip.start_pts).astype(np.float64) * float(clip.time_base)
        known = values[np.isfinite(values)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        room = (high - low) * 0.15 or abs(high) * 0.05 or 0.5
        self.view.setYRange(low - room, high + room, padding=0)
        self.plot.getAxis("left").setTicks([[(low, _short(low)), (high, _short(high))]])
        self.curve.pyramid.update(seconds, values)
        self.curve.update()

    def _value_text(self, pts: int | None) -> str:
        row = -1 if pts is None else int(np.searchsorted(self._pts, pts))
        if 0 <= row < len(self._pts) and self._pts[row] == pts:
            value = float(self.curve.pyramid.values[row])
            return f"{_short(value)} {self._unit}" if np.isfinite(value) else ""
        return ""

    def show_value(self, pts: int | None) -> None:
        """Say at the label what was measured in the frame on the screen."""
        self.label.set_text(self.name.capitalize(), self._value_text(pts), self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The value of the frame under the pointer."""
        text = self._value_text(pts)
        return [f"{self.name.capitalize()}: {text}"] if text else []
