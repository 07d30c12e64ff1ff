"""The timeline's lanes: one per track with its probabilities, one per signal of the chosen track."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from inspector.domain.analysis import Signal as Series
from inspector.domain.clip import Clip
from inspector.domain.model_card import Threshold
from inspector.domain.scores import Segment
from inspector.engine.segments import smooth
from inspector.ui.curves import visible_part, with_breaks
from inspector.ui.lane_items import (
    AXIS_WIDTH,
    PATTERNS,
    Band,
    BandItem,
    LaneLabel,
    LaneView,
    LevelBand,
    curve_pen,
    playhead_line,
    threshold_line,
)
from inspector.ui.series import TrackSeries
from inspector.ui.theme import Theme, track_colour

Floats = npt.NDArray[np.float64]

_ROOM_FOR_TICKS = 50


def _short(value: float) -> str:
    """A tick's number in what room there is."""
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2f}"


class Lane:
    """One row of the timeline: a label at the left, a plot at the right, the playhead across it."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int) -> None:
        self.theme = theme
        self.view = LaneView()
        self.label = LaneLabel(theme)
        layout.addItem(self.label, row, 0)
        self.plot = pg.PlotItem(viewBox=self.view)
        layout.addItem(self.plot, row, 1)
        self.plot.hideButtons()
        self.plot.hideAxis("bottom")
        axis = self.plot.getAxis("left")
        axis.setWidth(AXIS_WIDTH)
        axis.setStyle(tickLength=-3, maxTickLevel=0)
        axis.setPen(pg.mkPen(theme.grid))
        axis.setTextPen(pg.mkPen(theme.muted))
        self.bands = BandItem()
        self.plot.addItem(self.bands)
        self.playhead = playhead_line(theme.playhead)
        self.plot.addItem(self.playhead, ignoreBounds=True)
        self._curves: list[tuple[Any, Floats, Floats]] = []
        self.view.sigXRangeChanged.connect(lambda *_: self._thin())
        self.set_height(height)

    def set_height(self, height: int) -> None:
        """How high the row is."""
        self.height = height
        self.plot.setFixedHeight(height)

    def show_value(self, pts: int | None) -> None:
        """Say at the label what was measured in the frame on the screen."""
        raise NotImplementedError

    def set_limits(self, end: float, shortest: float) -> None:
        """Where the clip ends, and how far one may zoom in."""
        self.view.setLimits(xMin=0.0, xMax=end, minXRange=min(shortest, end))

    def _set_curve(self, curve: Any, seconds: Floats, values: Floats) -> None:
        self._curves = [(item, x, y) for item, x, y in self._curves if item is not curve]
        self._curves.append((curve, seconds, values))
        self._thin()

    def _thin(self) -> None:
        """Draw as many points as there are pixel columns for."""
        start, end = self.view.viewRange()[0]
        columns = max(int(self.view.width()), 200)
        for curve, seconds, values in self._curves:
            x, y = visible_part(seconds, values, start, end, columns)
            curve.setData(x, y, connect="finite")


class TrackLane(Lane):
    """A track's frame probabilities, thin, and their smoothed curve, thick; abstentions and segments as bands."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, track_id: int) -> None:
        super().__init__(layout, row, theme, height)
        self.track_id = track_id
        colour = track_colour(theme, track_id)
        self.colour = colour.name()
        thin = QColor(colour)
        thin.setAlpha(130)
        self.raw = pg.PlotCurveItem(pen=curve_pen(thin, 1), antialias=True)
        self.smoothed = pg.PlotCurveItem(pen=curve_pen(colour, 2), antialias=True)
        self.plot.addItem(self.raw)
        self.plot.addItem(self.smoothed)
        self.view.setYRange(-0.08, 1.08, padding=0)
        self._threshold: Threshold | None = None
        self._threshold_items: list[Any] = []
        self._series: TrackSeries | None = None
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
        muted = self.theme.muted
        self._threshold_items = [
            LevelBand(threshold.low, threshold.high, muted),
            threshold_line(threshold.segment, self.theme.notable),
        ]
        self._threshold_items[0].setZValue(-5)
        for item in self._threshold_items:
            self.plot.addItem(item, ignoreBounds=True)

    def set_series(self, series: TrackSeries, clip: Clip, smoothing: float, segments: list[Segment]) -> None:
        """Draw the scores as far as they are known."""
        self._series = series
        seconds = (series.pts - clip.start_pts).astype(np.float64) * float(clip.time_base)
        known = np.isfinite(series.probability)
        smoothed = np.full(len(series), np.nan)
        smoothed[known] = smooth(seconds[known], series.probability[known], smoothing)
        self._set_curve(self.raw, *with_breaks(seconds, series.probability))
        self._set_curve(self.smoothed, *with_breaks(seconds, smoothed))
        self.bands.set_bands(self._segment_bands(clip, segments) + self._abstention_bands(series, seconds))

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

    def _abstention_bands(self, series: TrackSeries, seconds: Floats) -> list[Band]:
        step = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.04
        bands = []
        for first, last, reason in series.abstention_runs():
            following = seconds[last + 1] if last + 1 < len(seconds) else np.inf
            end = float(min(following, seconds[last] + step))
            words = f"not scored: {reason.value}"
            bands.append(Band(float(seconds[first]), end, PATTERNS[reason], self.theme.muted, 150, words))
        return bands

    def show_value(self, pts: int | None) -> None:
        """Say at the label what was measured in the frame on the screen."""
        below = ""
        if self._series is not None and pts is not None:
            value, abstention = self._series.probability_at(pts), self._series.abstention_at(pts)
            below = (
                f"frame {value:.2f}" if value is not None else abstention.value if abstention else "not in this frame"
            )
        self.label.set_words(f"Track {self.track_id}", below, self.colour)


class SignalLane(Lane):
    """One signal of the chosen track: an observation, in a neutral colour since it never enters the score."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, series: Series, clip: Clip) -> None:
        super().__init__(layout, row, theme, height)
        self.name, self._unit = series.name, series.unit
        self.curve = pg.PlotCurveItem(pen=curve_pen(QColor(theme.text), 1), antialias=True)
        self.plot.addItem(self.curve)
        pts = np.array(series.pts, dtype=np.int64)
        self._pts = pts
        self._values = np.array([np.nan if value is None else value for value in series.values], dtype=np.float64)
        seconds = (pts - clip.start_pts).astype(np.float64) * float(clip.time_base)
        known = self._values[np.isfinite(self._values)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        room = (high - low) * 0.15 or abs(high) * 0.05 or 0.5
        self.view.setYRange(low - room, high + room, padding=0)
        self.plot.getAxis("left").setTicks([[(low, _short(low)), (high, _short(high))]])
        self._set_curve(self.curve, *with_breaks(seconds, self._values))
        self.show_value(None)

    def show_value(self, pts: int | None) -> None:
        """Say at the label what was measured in the frame on the screen."""
        below = ""
        row = -1 if pts is None else int(np.searchsorted(self._pts, pts))
        if 0 <= row < len(self._pts) and self._pts[row] == pts and np.isfinite(self._values[row]):
            below = f"{_short(self._values[row])} {self._unit}"
        self.label.set_words(self.name.capitalize(), below, self.theme.muted)
