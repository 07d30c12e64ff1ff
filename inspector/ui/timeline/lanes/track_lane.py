"""The lane of a track: its probabilities over time.

Where the deep network looked, its frames are points joined by a line, and the fast network's curve is thin, without a
mean: it is for screening. Else the moving mean of the fast network is the thick curve.

The shaded area around that curve is one standard deviation of the frame probabilities within the smoothing window, on
each side of their mean. It shows how steady the score is, not how certain: a model card holds no interval for a single
frame, and neighbouring frames are not independent, so no confidence interval is drawn. Two things are calibrated: the
dotted range between the card's two limits, in which a whole track is inconclusive, and the measured error rates of that
rule with their 95 % intervals, which the hover card shows over a track.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inspector.domain.arrays import Floats
from inspector.domain.clip import Clip
from inspector.domain.model_card import Threshold
from inspector.domain.scores import Segment, rounded
from inspector.ui.series import TrackSeries
from inspector.ui.timeline.lanes.curve_items import AreaItem, CurveItem, PointsItem
from inspector.ui.timeline.lanes.curves import clip_seconds
from inspector.ui.timeline.lanes.lane import Lane, Table
from inspector.ui.timeline.lanes.lane_items import AbstentionItem, Band, BandItem, LevelBand
from inspector.ui.timeline.lanes.plots import threshold_line
from inspector.ui.timeline.lanes.track_curves import TrackCurves
from inspector.ui.widgets.language import tr, tr_marked
from inspector.ui.widgets.theme import Theme, faded, track_colour

_TICK_APART = 12  # pixels between two numbers of the scale
_BOTTOM, _TOP = -0.08, 1.08  # the probabilities at the lane's edges


class TrackLane(Lane):
    """A track's frame probabilities (thin), their moving mean (thick) with its spread, abstentions and segments."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, track_id: int, name: str) -> None:
        self._threshold: Threshold | None = None
        self._threshold_items: list[Any] = []
        super().__init__(layout, row, theme, height, name)
        self.track_id = track_id
        colour = track_colour(theme, track_id)
        self.colour = colour.name()
        self.spread = AreaItem(faded(colour, 70))
        self.raw = CurveItem(faded(colour, 120), 1.0)
        self.smoothed = CurveItem(colour, 2.0)
        self.deep = PointsItem(colour)
        self.bands = BandItem()
        self.abstentions = AbstentionItem(theme)
        for item in (self.bands, self.abstentions, self.spread, self.raw, self.smoothed, self.deep):
            self.plot.addItem(item, ignoreBounds=True)
        self.view.setYRange(_BOTTOM, _TOP, padding=0)
        self._series: TrackSeries | None = None
        self.is_screened = False  # whether a deep look decides, though it may have come to no frame yet
        self._shown_pts: int | None = None
        self._curves = self._coming = TrackCurves()
        self.show_value(None)

    @property
    def is_scored(self) -> bool:
        """Whether any frame of the drawn series has a probability."""
        return self._series is not None and self._series.is_scored

    def set_height(self, height: int) -> None:
        """Set the row's height; a low row has fewer numbers on its scale."""
        super().set_height(height)
        self._show_scale()

    def _show_scale(self) -> None:
        """Number the two limits of the rule, and the ends of the scale where they have room."""
        limits = [] if self._threshold is None else [self._threshold.high, self._threshold.low]
        apart = _TICK_APART * (_TOP - _BOTTOM) / self.height
        shown: list[tuple[float, str]] = []
        for level in (*limits, 0.0, 1.0):
            if all(abs(level - other) >= apart for other, _ in shown):
                shown.append((level, f"{level:.2f}" if 0.0 < level < 1.0 else f"{level:.0f}"))
        self.plot.getAxis("left").setTicks([shown])

    def set_threshold(self, threshold: Threshold | None) -> None:
        """Draw the two limits of the rule and, between them, the probabilities at which a track is inconclusive."""
        if threshold == self._threshold:
            return
        self._threshold = threshold
        for item in self._threshold_items:
            self.plot.removeItem(item)
        self._threshold_items = []
        self._show_scale()
        if threshold is None:
            return
        band = LevelBand(threshold.low, threshold.high, self.theme.muted)
        band.setZValue(-5)
        limits = [level for level in (threshold.low, threshold.high) if 0.0 < level < 1.0]  # at an end there is none
        self._threshold_items = [band, *(threshold_line(level, self.theme.muted) for level in limits)]
        for item in self._threshold_items:
            self.plot.addItem(item, ignoreBounds=True)

    def set_screened(self, is_screened: bool) -> None:
        """Say whether a deep look decides: the fast one's curve is then drawn as it is, without mean and spread."""
        if is_screened != self.is_screened:
            self.is_screened = is_screened
            for item in (self.spread, self.smoothed):
                item.setVisible(not is_screened)
            self.show_value(self._shown_pts)

    def set_series(
        self, series: TrackSeries, clip: Clip, smoothing: float, segments: list[Segment], is_indicated: bool = False
    ) -> bool:
        """Draw the scores known so far. Returns False while rows are left to take in: call it again soon.

        Segments have the warning colour only if `is_indicated`: manipulation of this track is indicated.

        Rows that were drawn before are not computed again. Another series replaces the visible one when it is complete.
        """
        self._series = series
        if not self._curves.are_of(series, smoothing):
            if not self._coming.are_of(series, smoothing):
                self._coming = TrackCurves(series, smoothing)
            if not self._coming.grow(clip):
                return False
            self._draw(self._coming)
        elif not self._curves.grow(clip):
            return False
        self.bands.set_bands(self._segment_bands(clip, segments, is_indicated))
        self._set_abstentions(series, self.raw.pyramid.seconds)
        self._show_deep(series, clip)
        for item in (self.spread, self.raw, self.smoothed):
            item.update()
        return True

    def _show_deep(self, series: TrackSeries, clip: Clip) -> None:
        seen = np.isfinite(series.deep)
        self.deep.set_points(clip_seconds(clip, series.pts[seen]), series.deep[seen])

    def _draw(self, curves: TrackCurves) -> None:
        """Paint these curves from now on."""
        self._curves = curves
        self.raw.pyramid, self.smoothed.pyramid = curves.raw, curves.smoothed
        self.spread.lower, self.spread.upper = curves.below, curves.above

    def _segment_bands(self, clip: Clip, segments: list[Segment], is_indicated: bool) -> list[Band]:
        colour = self.theme.notable if is_indicated else self.theme.muted
        return [
            Band(
                clip.seconds(segment.start_pts),
                clip.seconds(segment.end_pts),
                colour,
                tr(
                    "segment, mean probability {mean}, peak {peak}",
                    mean=rounded(segment.mean_probability),
                    peak=rounded(segment.peak_probability),
                ),
            )
            for segment in segments
            if segment.track_id == self.track_id
        ]

    def _set_abstentions(self, series: TrackSeries, seconds: Floats) -> None:
        # Not numpy's median: its first call imports a module, which takes 50 ms.
        steps = np.sort(np.diff(seconds[-1000:]))
        step = float(steps[len(steps) // 2]) if len(steps) else 0.04
        found = series.abstention_runs()
        ends = np.minimum(np.append(seconds, np.inf)[found.last + 1], seconds[found.last] + step)
        self.abstentions.set_runs(seconds[found.first], ends, found.code)

    def rename(self, name: str) -> None:
        """Show another name, as the examiner calls the face."""
        self.name = name
        self.show_value(self._shown_pts)

    def show_value(self, pts: int | None) -> None:
        """Show in the label the frame's probability, or why there is none."""
        value, self._shown_pts = "", pts
        if self._series is not None and pts is not None:
            probability, abstention = self._series.probability_at(pts), self._series.abstention_at(pts)
            if (deep := self._series.deep_at(pts)) is not None:
                value = tr("deep {deep}", deep=rounded(deep))
            elif probability is not None:
                value = (
                    tr("fast {probability}", probability=rounded(probability))
                    if self.is_screened
                    else tr("frame {probability}", probability=rounded(probability))
                )
            else:
                value = tr_marked(abstention.value) if abstention else tr("not in this frame")
        self.label.set_text(self.name, value, self.colour)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The frame's score, the moving mean and the spread, or why there is no score; and the segments."""
        row = None if self._series is None else self._series.at(pts)
        lines = []
        if self._series is None or row is None:
            reason = self.abstentions.at(seconds)
            lines.append(
                f"{self.name}: "
                + (tr("not scored: {reason}", reason=tr_marked(reason.value)) if reason else tr("not in this frame"))
            )
        elif (value := self._series.probability_at(pts)) is None:
            reason = self._series.abstention_at(pts)
            lines.append(tr("{name}: not scored", name=self.name) + (f": {tr_marked(reason.value)}" if reason else ""))
        elif self.is_screened:
            deep = self._series.deep_at(pts)
            look = (
                tr("not seen by the deep look") if deep is None else tr("{deep} by the deep look", deep=rounded(deep))
            )
            lines.append(
                tr(
                    "{name}: {look} (fast look, for screening: {value})",
                    name=self.name,
                    look=look,
                    value=rounded(value),
                )
            )
        else:
            drawn = self._curves.mean_and_spread(self._series, row)
            more = (
                ""
                if drawn is None
                else tr(" (smoothed {mean}, spread ± {spread:.2f})", mean=rounded(drawn[0]), spread=drawn[1])
            )
            lines.append(f"{self.name}: {rounded(value)}{more}")
        return lines + [band.text for band in self.bands.at(seconds)]

    def table(self) -> Table:
        """The frame probabilities that are drawn: of the fast look, smoothed, and of the deep look."""
        series, raw, smoothed = self._series, self._curves.raw, self._curves.smoothed
        if series is None:
            return {}
        rows = self._curves.rows
        return {
            "pts": series.pts[:rows], "seconds": raw.seconds, "frame probability": raw.values,
            "smoothed": smoothed.values, "deep probability": series.deep[:rows],
        }  # fmt: skip
