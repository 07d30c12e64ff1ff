"""The decision rule: from a track's frame scores to its segments and its conclusion.

The rule (docs/method.md): a track is judged by the calibrated probability of its mean logit. Between the card's two
thresholds it is inconclusive. A long, strong segment indicates manipulation by itself, so that a short manipulated
stretch is not averaged away; its own mean logit then stands for the track. A track with too few scored frames is
inconclusive.

This is the only place that holds the rule. The analysis calls it through `summarise_track`; training calls
`conclude_track`, so that thresholds and error rates are measured with the rule that is shipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from inspector.domain.analysis import Conclusion, Summary, TrackSummary
from inspector.domain.arrays import Floats, PtsArray
from inspector.domain.faces import Abstention, FaceTrack
from inspector.domain.model_card import Calibration, ModelCard, Platt, Threshold
from inspector.domain.scores import Segment
from inspector.domain.settings import Settings
from inspector.engine.model.calibration import probability

_LONGEST_HOLE_SECONDS = 0.5  # scored frames further apart than this do not belong to one segment


def smooth(seconds: Floats, values: Floats, width: float) -> Floats:
    """Centred mean of `values` float64 (n,) over all samples within width / 2 seconds; `seconds` ascend."""
    if len(values) == 0 or width <= 0:
        return np.array(values, dtype=np.float64)
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    # The margin keeps samples on the edge inside in spite of rounding.
    first = np.searchsorted(seconds, seconds - width / 2 - 1e-9, side="left")
    last = np.searchsorted(seconds, seconds + width / 2 + 1e-9, side="right")
    return np.asarray((sums[last] - sums[first]) / (last - first))


@dataclass(frozen=True, slots=True, eq=False)
class TrackSeries:
    """The scored frames of a track in pts order; frames with an abstention are not in it.

    pts int64 (n,) in `time_base` ticks; seconds, logits and frame probabilities float64 (n,).
    """

    track_id: int
    pts: PtsArray
    seconds: Floats
    logits: Floats
    probabilities: Floats
    time_base: Fraction  # seconds per tick
    frame_ticks: int  # duration of the last frame

    @classmethod
    def from_logits(
        cls, track_id: int, pts: PtsArray, logits: Floats, frame_map: Platt, time_base: Fraction, frame_ticks: int
    ) -> TrackSeries:
        """A series whose seconds count from pts 0 and whose frame probabilities follow from the card's frame map."""
        seconds = np.asarray(pts * float(time_base), dtype=np.float64)
        return cls(track_id, pts, seconds, logits, probability(logits, frame_map), time_base, frame_ticks)

    def length(self, segment: Segment) -> float:
        """A segment's duration in seconds."""
        return float((segment.end_pts - segment.start_pts) * self.time_base)


def _runs(series: TrackSeries, smoothed: Floats, threshold: float) -> list[tuple[int, int]]:
    """Index ranges [first, last] of neighbouring frames whose smoothed probability reaches the threshold."""
    over = np.flatnonzero(smoothed >= threshold)
    if len(over) == 0:
        return []
    hole = np.maximum(
        _LONGEST_HOLE_SECONDS, 2.5 * np.median(np.diff(series.seconds)) if len(series.seconds) > 1 else 0.0
    )
    breaks = (np.diff(over) > 1) | (np.diff(series.seconds[over]) > hole)
    starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    ends = np.concatenate((np.flatnonzero(breaks), [len(over) - 1]))
    return [(int(over[a]), int(over[b])) for a, b in zip(starts, ends, strict=True)]


def find_segments(series: TrackSeries, threshold: float, smoothing_seconds: float) -> list[Segment]:
    """The stretches at or over `threshold` after smoothing, in time order; each ends where its last frame ends."""
    smoothed = smooth(series.seconds, series.probabilities, smoothing_seconds)
    found = []
    for first, last in _runs(series, smoothed, threshold):
        peak = first + int(np.argmax(smoothed[first : last + 1]))
        following = int(series.pts[last + 1]) if last + 1 < len(series.pts) else None
        end = int(series.pts[last]) + series.frame_ticks
        found.append(
            Segment(
                track_id=series.track_id,
                start_pts=int(series.pts[first]),
                end_pts=end if following is None else min(end, following),
                mean_probability=float(series.probabilities[first : last + 1].mean()),
                peak_probability=float(smoothed[peak]),
                peak_pts=int(series.pts[peak]),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class TrackConclusion:
    """What the rule makes of one track: conclusion, one sentence of reason, calibrated probability, segments."""

    conclusion: Conclusion
    reason: str
    fake_probability: float | None  # None when no frame was scored
    segments: tuple[Segment, ...]


def conclude_track(
    series: TrackSeries,
    calibration: Calibration,
    threshold: Threshold,
    settings: Settings,
    *,
    is_still: bool = False,
) -> TrackConclusion:
    """Apply the decision rule to one track.

    Of `settings` it reads `smoothing_seconds` and `minimum_scored_frames`; a still needs one scored frame only.
    """
    segments = tuple(find_segments(series, threshold.segment, settings.smoothing_seconds))
    n, fewest = len(series.logits), settings.minimum_scored_frames
    if n == 0:
        return TrackConclusion(Conclusion.NO_FACE, "No frame of this track could be scored.", None, segments)
    whole = float(probability(float(series.logits.mean()), calibration.track))
    if n < (1 if is_still else fewest):
        reason = f"Only {n} frames could be scored; at least {fewest} are needed."
        return TrackConclusion(Conclusion.INCONCLUSIVE, reason, whole, segments)
    kind = "picture" if is_still else "track"
    if whole >= threshold.high:
        reason = f"The {kind}'s probability {whole:.2f} reaches {threshold.high:.2f}."
        return TrackConclusion(Conclusion.INDICATED, reason, whole, segments)
    best = _strongest(series, segments, threshold)
    if best is not None:
        inside = (series.pts >= best.start_pts) & (series.pts < best.end_pts)
        part = float(probability(float(series.logits[inside].mean()), calibration.track))
        start = float(series.seconds[inside][0])
        reason = (
            f"From {start:.2f} s to {start + series.length(best):.2f} s the mean frame probability is "
            f"{best.mean_probability:.2f}; the probability of the whole track is {whole:.2f}."
        )
        return TrackConclusion(Conclusion.INDICATED, reason, max(whole, part), segments)
    if whole <= threshold.low:
        reason = f"The {kind}'s probability {whole:.2f} is at most {threshold.low:.2f}."
        return TrackConclusion(Conclusion.NOT_INDICATED, reason, whole, segments)
    reason = (
        f"The {kind}'s probability {whole:.2f} lies between {threshold.low:.2f} and {threshold.high:.2f}, "
        "where errors are too frequent for a conclusion."
    )
    return TrackConclusion(Conclusion.INCONCLUSIVE, reason, whole, segments)


def _strongest(series: TrackSeries, segments: Sequence[Segment], threshold: Threshold) -> Segment | None:
    """The segment with the highest mean that is long and strong enough to indicate manipulation by itself, if any."""
    strong = [
        s
        for s in segments
        if series.length(s) >= threshold.segment_seconds and s.mean_probability >= threshold.segment_mean
    ]
    return max(strong, key=lambda s: (s.mean_probability, -s.start_pts), default=None)


def summarise_track(
    track: FaceTrack,
    series: TrackSeries,
    abstentions: Mapping[Abstention, int],
    card: ModelCard,
    settings: Settings,
    *,
    is_still: bool = False,
    blinks_per_minute: float | None = None,
) -> tuple[TrackSummary, list[Segment]]:
    """A track's statistics, segments, calibrated probability and conclusion."""
    ruled = conclude_track(series, card.calibration, card.threshold, settings, is_still=is_still)
    smoothed = smooth(series.seconds, series.probabilities, settings.smoothing_seconds)
    scored = len(series.logits)
    peak = int(np.argmax(smoothed)) if scored else None
    summary = TrackSummary(
        track_id=track.track_id,
        median_box=track.median_box,
        start_pts=track.start_pts,
        end_pts=track.end_pts,
        frames_found=track.faces_found,
        frames_scored=scored,
        abstentions={str(k): v for k, v in abstentions.items() if v},
        fake_probability=ruled.fake_probability,
        mean_probability=float(series.probabilities.mean()) if scored else None,
        median_probability=float(np.median(series.probabilities)) if scored else None,
        share_over_threshold=float((series.probabilities >= card.threshold.segment).mean()) if scored else None,
        longest_run_seconds=max((series.length(s) for s in ruled.segments), default=0.0),
        peak_pts=None if peak is None else int(series.pts[peak]),
        peak_probability=None if peak is None else float(smoothed[peak]),
        blinks_per_minute=blinks_per_minute,
        conclusion=ruled.conclusion,
        reason=ruled.reason,
    )
    return summary, list(ruled.segments)


def _conclude(tracks: Sequence[TrackSummary]) -> tuple[Conclusion, str, float | None]:
    scored = [t for t in tracks if t.frames_scored > 0]
    if not scored:
        return Conclusion.NO_FACE, "No face could be scored.", None
    # Short fragments count for the clip only when there is nothing longer: a flicker must not hide a clear result.
    longest = max(t.frames_scored for t in scored)
    judged = [t for t in scored if t.conclusion is Conclusion.INDICATED or t.frames_scored >= 0.1 * longest]
    values = [t.fake_probability for t in judged if t.fake_probability is not None]
    highest = max(judged, key=lambda t: (t.fake_probability or 0.0, -t.track_id))
    for conclusion in (Conclusion.INDICATED, Conclusion.INCONCLUSIVE, Conclusion.NOT_INDICATED):
        matching = [t for t in judged if t.conclusion is conclusion]
        if matching:
            deciding = highest if highest in matching else matching[0]
            note = "" if len(judged) == len(scored) else f" {len(scored) - len(judged)} short track(s) were left out."
            return conclusion, f"Track {deciding.track_id}: {deciding.reason}{note}", max(values)
    raise AssertionError("a scored track has one of three conclusions")


def summarise_clip(
    tracks: Sequence[TrackSummary],
    card: ModelCard | None,
    *,
    frames_decoded: int,
    frames_analysed: int,
    abstentions: Mapping[Abstention, int],
) -> Summary:
    """The clip's conclusion: indicated if any track indicates manipulation, else the least certain track decides."""
    conclusion, reason, value = _conclude(tracks)
    if card is None:
        conclusion = Conclusion.INCONCLUSIVE if tracks else Conclusion.NO_FACE
        reason = "No model bundle was loaded, so nothing was scored."
    rates = next((r for r in card.error_rates if r.level == "track"), None) if card else None
    return Summary(
        conclusion=conclusion,
        reason=reason,
        fake_probability=value,
        false_positive_rate=None if rates is None else rates.false_positive_rate,
        false_positive_interval=None if rates is None else rates.false_positive_interval,
        n_real=None if rates is None else rates.n_real,
        frames_decoded=frames_decoded,
        frames_analysed=frames_analysed,
        frames_scored=sum(t.frames_scored for t in tracks),
        abstentions={str(k): v for k, v in abstentions.items() if v},
    )
